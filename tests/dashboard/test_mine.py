"""A resident's own page: opened by the code alone, and only its holder rates."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from camphor.matters import actions as matters
from camphor.matters.actions import new_code
from camphor.matters.models import Matter, Reply
from camphor.people.actor import Actor, digest
from camphor.people.middleware import secrets_of

from ..conftest import AT, ON, Cast
from ..story import Story, again

LATER = ON + timedelta(days=240)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


@pytest.fixture
def story(cast: Cast) -> Story:
    """Lin and Wen with codes as they are really given out."""
    cast.lin_code, cast.wen_code = new_code(), new_code()
    cast.lin = Actor(digests=frozenset({digest(cast.lin_code)}))
    cast.wen = Actor(digests=frozenset({digest(cast.wen_code)}))
    return Story(cast)


@pytest.fixture
def answered(story: Story) -> Matter:
    """Lin's concern, answered, with Wen's merged into it."""
    plan, concern, _twin = story.consultation()
    story.answer(story.recommendation(plan), promised_on=LATER)
    return again(concern)


def mine(code: str) -> str:
    return reverse("mine", args=[code])


def test_a_code_is_found_however_it_is_typed(client: Client, story: Story, cast: Cast) -> None:
    story.concern()
    code = cast.lin_code.lower()
    answer = client.post(reverse("code"), {"code": f" {code[:4]} {code[4:8]}-{code[8:]} "})
    assert answer.headers["Location"] == mine(cast.lin_code)
    client.get(reverse("front"))
    request = client.get(reverse("code")).wsgi_request
    assert secrets_of(request) == [cast.lin_code]


@pytest.mark.parametrize("typed", ["", "K7M4", "K7M4-92QD-3TXB", "'; DROP TABLE", "\x00" * 12])
def test_a_wrong_code_gets_a_reason(client: Client, story: Story, typed: str) -> None:
    story.concern()
    answer = client.post(reverse("code"), {"code": typed})
    assert answer.status_code == 422
    assert "id_code_error" in answer.content.decode()


def test_codes_cannot_be_tried_without_end(client: Client, story: Story, cast: Cast) -> None:
    story.concern()
    for _ in range(30):
        assert client.get(mine(new_code())).status_code == 404
    held_up = client.get(mine(cast.lin_code))  # a right code is held up as well, and says why
    assert held_up.status_code == 429 and "十分钟" in held_up.content.decode()
    assert client.post(reverse("code"), {"code": cast.lin_code}).status_code == 422


def test_a_device_can_forget_its_codes(client: Client, story: Story, cast: Cast) -> None:
    story.concern()
    client.post(reverse("code"), {"code": cast.lin_code})
    client.post(reverse("code"), {"forget": "1"})
    assert "老楼没有电梯" not in client.get(reverse("code")).content.decode()


def test_a_code_that_nobody_has_is_a_page_that_helps(client: Client, story: Story) -> None:
    answer = client.get(mine("XXXX"))
    assert answer.status_code == 404
    assert reverse("code") in answer.content.decode()


@pytest.mark.parametrize("known", [True, False])
def test_the_page_stays_in_no_cache_and_its_address_leaves_to_nobody(
    client: Client, story: Story, cast: Cast, known: bool
) -> None:
    story.concern()
    answer = client.get(mine(cast.lin_code if known else new_code()))
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "strict-origin"


def test_the_answers_are_there_item_by_item_without_the_contact(
    client: Client, answered: Matter, cast: Cast
) -> None:
    Reply.objects.update(contact="13800000000")
    shown = client.get(mine(cast.lin_code)).content.decode()
    for text in ("先建样板楼", "样板楼已建成", "公布分摊办法", "可以迁移管线", LATER.isoformat()):
        assert text in shown
    assert "13800000000" not in shown


def test_a_merged_concern_shows_where_it_went_and_never_the_other_code(
    client: Client, answered: Matter, cast: Cast
) -> None:
    shown = client.get(mine(cast.wen_code)).content.decode()
    assert "样板楼已建成" in shown
    assert cast.lin_code not in shown
    assert answered.code_digest not in shown


def test_the_holder_of_the_code_rates_once(client: Client, answered: Matter, cast: Cast) -> None:
    for score in ("mostly", "satisfied"):
        client.post(mine(cast.lin_code), {"score": score, "remark": "谢谢"})
    assert list(answered.ratings.values_list("score", "remark")) == [("mostly", "谢谢")]
    assert again(answered).state == "rated"


def test_who_is_not_satisfied_says_why_and_opens_a_second_round(
    client: Client, answered: Matter, cast: Cast
) -> None:
    without = client.post(mine(cast.lin_code), {"score": "dissatisfied", "remark": "  "})
    assert (without.status_code, again(answered).state) == (422, "answered")
    client.post(mine(cast.lin_code), {"score": "dissatisfied", "remark": "没有说几时动工"})
    assert (again(answered).state, again(answered).round) == ("taken_up", 2)
    assert Matter.objects.get(kind="recommendation").state == "assigned"


@pytest.mark.parametrize("score", ["", "excellent"])
def test_a_rating_is_one_of_three(client: Client, answered: Matter, cast: Cast, score: str) -> None:
    assert client.post(mine(cast.lin_code), {"score": score}).status_code == 422
    assert not answered.ratings.exists()


@pytest.mark.parametrize("who", ["bo", "rui", "mei"])
def test_an_account_gives_no_way_to_rate_for_the_one_who_asked(
    client: Client, answered: Matter, cast: Cast, who: str
) -> None:
    person = getattr(cast, who).person
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.post(mine(new_code()), {"score": "satisfied", "remark": ""})
    client.post(mine(answered.code_digest), {"score": "satisfied", "remark": ""})
    client.post(mine(str(answered.pk)), {"score": "satisfied", "remark": ""})
    assert again(answered).state == "answered"


def test_before_an_answer_there_is_nothing_to_rate(client: Client, story: Story, cast: Cast) -> None:
    concern = story.concern()
    client.post(mine(cast.lin_code), {"score": "satisfied", "remark": ""})
    assert again(concern).state == "submitted"


def test_who_is_refused_reads_the_reason(client: Client, story: Story, cast: Cast) -> None:
    concern = story.concern()
    matters.make(
        concern, "decline", by=cast.mei, at=AT, reason="not_public", reason_text="社区网格员可以调解"
    )
    assert "社区网格员可以调解" in client.get(mine(cast.lin_code)).content.decode()


@pytest.mark.parametrize("who", ["bo", "rui"])
def test_an_officer_who_holds_the_code_can_not_rate(
    client: Client, answered: Matter, cast: Cast, who: str
) -> None:
    person = getattr(cast, who).person
    client.force_login(person)
    page = client.get(mine(cast.lin_code))
    assert page.status_code == 200 and page.context["form"] is None
    assert "部门不能代评" in page.content.decode()
    assert client.post(mine(cast.lin_code), {"score": "satisfied"}).status_code == 403
    assert not answered.ratings.exists()


def test_a_day_for_the_rating_that_has_passed_is_not_held_out_any_more(
    client: Client, answered: Matter, cast: Cast
) -> None:
    Matter.objects.filter(pk=answered.pk).update(due_on=timezone.localdate() - timedelta(days=5))
    page = client.get(mine(cast.lin_code))
    assert page.context["next"].by is None
    assert page.context["form"] is not None  # she may still say what she thinks of it
