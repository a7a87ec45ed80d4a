"""The search page, the search boxes of the desk, and what is similar to what is being written."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from camphor.dashboard.narrowing import people
from camphor.matters import actions as matters
from camphor.matters.models import Matter
from camphor.people.actor import NOBODY
from camphor.people.models import Membership, Person
from camphor.search.models import Document
from camphor.search.query import LONGEST_QUERY

from ..conftest import ON, SINCE, Cast
from ..house import House
from ..story import Story


@pytest.fixture
def story(cast: Cast) -> Story:
    """The whole story, told today, in which 林晓荷 is a member who proposed nothing yet."""
    told = Story(cast, at=timezone.now())
    told.whole()
    return told


def page(client: Client, **asked: str | int) -> str:
    answer = client.get(reverse("search"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def hidden(cast: Cast, title: str = "楼上半夜有噪声", code: str = "NNNNNNNNNNNN") -> Matter:
    return matters.raise_concern(
        title=title, text="", body=cast.hall, venue=None, code=code, by=NOBODY, at=timezone.now()
    )


def in_english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


def test_a_resident_finds_what_is_public_with_its_words_marked_and_a_way_to_it(story: Story) -> None:
    found = page(Client(), q="加装电梯")
    recommendation = Matter.objects.get(kind="recommendation")
    assert f'href="{reverse("recommendation", args=[recommendation.pk])}"' in found
    assert "关于<mark>加装电梯</mark>的建议" in found
    statement = page(Client(), q="楼层 分摊")
    assert "电梯费用应按<mark>楼层分摊</mark>" in statement and "/talk/" in statement


def test_a_concern_leads_to_the_consultation_that_it_led_to(story: Story) -> None:
    assert "/consultations/" in page(Client(), q="老楼 采光", kind="concern").partition('<ol class="hits"')[2]


def test_a_clerk_finds_what_is_not_public_and_is_led_to_her_desk(story: Story, client: Client) -> None:
    concern = hidden(story.cast)
    assert story.cast.mei.person
    client.force_login(story.cast.mei.person)
    assert reverse("desk_thing", args=["concerns", concern.pk]) in page(client, q="噪声")


def test_a_hidden_matter_is_neither_counted_nor_hinted_at(story: Story) -> None:
    before = page(Client(), q="电梯 噪声"), page(Client(), q="噪声"), page(Client(), kind="concern")
    hidden(story.cast)
    after = page(Client(), q="电梯 噪声"), page(Client(), q="噪声"), page(Client(), kind="concern")
    assert [one.partition("<main")[2] for one in before] == [one.partition("<main")[2] for one in after]


def test_residents_are_offered_only_states_in_which_something_is_public(cast: Cast, client: Client) -> None:
    assert 'value="concern.declined"' not in page(Client())
    assert cast.mei.person
    client.force_login(cast.mei.person)
    assert 'value="concern.declined"' in page(client)


def test_filters_and_the_order_stay_chosen(story: Story) -> None:
    year = timezone.localdate().year
    found = page(Client(), q="电梯", kind="concern", year=year, order="newest", state="concern.answered")
    for value in ("concern", str(year), "newest", "concern.answered"):
        assert f'value="{value}" selected' in found, value
    assert "老楼没有<mark>电梯</mark>" in found and "关于加装" not in found.partition("hits")[2]


def test_a_filter_that_is_none_is_as_if_it_were_not_there(story: Story) -> None:
    assert "老楼没有" in page(Client(), q="电梯", kind="x' OR 1=1", year="1e9", area="../", owed="-1")


def test_all_that_a_department_must_answer_is_listed_without_any_word(story: Story) -> None:
    found = page(Client(), owed=story.cast.housing.pk)
    assert "关于加装电梯的建议" in found and "老楼没有电梯" not in found


def test_nothing_asked_shows_what_can_be_found_and_nothing_found_says_so(story: Story) -> None:
    assert "hits" not in page(Client())
    found = page(in_english(Client()), q="量子纠缠")
    assert "Nothing found" in found and reverse("raise") in found


@pytest.mark.parametrize("typed", ["长" * (LONGEST_QUERY + 1), "%%%", "“”", "🚗", '"*"', "_"])
def test_what_can_not_be_looked_for_is_answered_plainly_and_stays_in_the_box(cast: Cast, typed: str) -> None:
    answer = in_english(Client()).get(reverse("search"), {"q": typed})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "field__error" in text and "Nothing found" not in text
    assert "At most 100 characters" in text or "no word in this" in text


def test_what_was_typed_is_shown_and_never_run(story: Story) -> None:
    found = page(Client(), q="<script>alert(1)</script> 电梯")
    assert "<script>alert" not in found and "&lt;script&gt;alert" in found


def test_markup_in_a_text_is_shown_as_it_is_also_where_a_word_is_marked(cast: Cast) -> None:
    concern = hidden(cast, "<b>噪声</b>")
    matters.make(concern, "accept", by=cast.mei, at=timezone.now())
    assert "&lt;b&gt;<mark>噪声</mark>&lt;/b&gt;" in page(Client(), q="噪声")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=150), number=st.text(max_size=8))
def test_no_text_in_the_box_breaks_the_page(cast: Cast, typed: str, number: str) -> None:
    asked = {
        "q": typed.encode("utf-8", "replace").decode(),
        "page": number.encode("utf-8", "replace").decode(),
    }
    assert Client().get(reverse("search"), asked).status_code in (200, 422)


def test_many_results_come_in_pages(cast: Cast) -> None:
    for n in range(25):
        concern = hidden(cast, f"第{n}个车位", code=f"CODE{n:08}")
        matters.make(concern, "accept", by=cast.mei, at=timezone.now())
    first, second = page(Client(), q="车位"), page(Client(), q="车位", page=2)
    assert first.count('class="hit"') == 20 and second.count('class="hit"') == 5
    assert "q=%E8%BD%A6%E4%BD%8D&amp;page=2" in first


def test_a_page_of_many_results_takes_no_more_queries_than_one_of_few(cast: Cast) -> None:
    def asked_with(results: int) -> int:
        for n in range(results):
            concern = hidden(cast, f"第{n}个车位", code=f"CODE{results}{n:06}")
            matters.make(concern, "accept", by=cast.mei, at=timezone.now())
        page(Client(), q="车位")
        with CaptureQueriesContext(connection) as asked:
            page(Client(), q="车位")
        return len(asked)

    assert asked_with(1) == asked_with(19)


def member(name: str, cast: Cast) -> Person:
    person = Person.objects.create(username=f"m{Person.objects.count()}", name=name)
    Membership.objects.create(person=person, body=cast.district, role="member", since=SINCE)
    return person


@pytest.mark.parametrize("typed", ["lxh", "晓荷", "林晓荷", "linxiaohe"])
def test_a_person_is_found_by_name_or_initials_by_those_who_may_see_her_and_never_in_public(
    cast: Cast, client: Client, typed: str
) -> None:
    member("林晓荷", cast)
    assert "林晓荷" not in page(Client(), q=typed).replace(f'value="{typed}"', "").partition("<h1")[2]
    assert cast.yun.person and cast.mei.person
    client.force_login(cast.yun.person)  # a member of the same committee
    assert "<b>林晓荷</b>" in page(client, q=typed)
    client.force_login(cast.mei.person)  # the clerk of a hall below it
    assert "<b>林晓荷</b>" not in page(client, q=typed)


@pytest.mark.parametrize(("name", "typed"), [("杨𬭎", "𬭎"), ("吕䶮", "ly"), ("陈喆", "喆"), ("曾巩", "zg")])
def test_people_with_rare_characters_are_found(cast: Cast, client: Client, name: str, typed: str) -> None:
    member(name, cast)
    assert cast.yun.person
    client.force_login(cast.yun.person)
    assert f"<b>{name}</b>" in page(client, q=typed)


def test_a_name_that_was_found_leads_to_what_its_owner_proposed_and_signed(cast: Cast) -> None:
    house = House(cast)
    own, signed = house.draft("关于助餐的提案", by=house.an), house.draft("关于停车的提案", form="joint")
    house.do(own, "submit", house.an)
    house.do(signed, "invite", house.yun, invited=[house.an.person], confirm_by=ON)
    house.do(house.backing(signed, house.an), "confirm", house.an)
    house.do(signed, "submit", house.yun)
    assert house.qing.person
    client = Client()
    client.force_login(house.qing.person)
    assert f"{reverse('desk_list', args=['proposals'])}?q=An" in page(client, q="an")
    found = client.get(reverse("desk_list", args=["proposals"]), {"q": "an"}).content.decode()
    assert "关于助餐的提案" in found and "关于停车的提案" in found


def test_what_a_body_proposed_is_found_by_its_name(cast: Cast) -> None:
    house = House(cast)
    party = house.sponsor("party")
    house.draft("关于助餐的提案")
    house.draft("关于停车的提案", form="party", sponsor=party)
    assert house.yun.person
    client = Client()
    client.force_login(house.yun.person)
    found = client.get(reverse("desk_list", args=["proposals"]), {"q": party.name}).content.decode()
    assert "关于停车的提案" in found and "关于助餐的提案" not in found


def test_what_was_raised_with_one_committee_is_found_by_itself(cast: Cast, client: Client) -> None:
    house = House(cast)
    house.do(house.draft("关于停车的提案"), "submit", house.yun)
    assert house.qing.person
    client.force_login(house.qing.person)
    assert "关于停车的提案" in page(client, body=str(cast.district.pk))
    assert "关于停车的提案" not in page(client, body=str(cast.city.pk), kind="proposal")
    assert "关于停车的提案" in page(client, category="city")
    assert "关于停车的提案" not in page(client, category="economy")


def test_whose_membership_has_ended_looks_for_nobody_and_is_not_found(cast: Cast) -> None:
    person = member("林晓荷", cast)
    assert (person.pk, "林晓荷") in people(cast.yun, on=ON)
    Membership.objects.filter(person=person).update(until=ON)
    assert (person.pk, "林晓荷") not in people(cast.yun, on=ON)
    assert people(NOBODY, on=ON) == people(cast.lin, on=ON) == []


def test_lists_of_the_desk_are_searched_by_words_of_the_text_and_by_the_author(
    story: Story, client: Client
) -> None:
    cast = story.cast
    assert cast.mei.person
    client.force_login(cast.mei.person)
    Person.objects.filter(pk=cast.mei.person.pk).update(name="梅青")

    def listed(noun: str, typed: str) -> str:
        answer = client.get(reverse("desk_list", args=[noun]), {"q": typed})
        assert answer.status_code == 200
        return answer.content.decode()

    assert "老楼没有电梯" in listed("concerns", "采光")  # a word of the text
    assert "老楼没有电梯" not in listed("concerns", "噪声")
    assert "关于加装电梯的建议" in listed("recommendations", "mq")  # her initials: she drafted it
    assert "关于加装电梯的建议" in listed("assignments", "样板楼")
    assert "公布分摊办法" in listed("promises", "分摊")
    assert "电梯费用应按楼层分摊" in listed("statements", "费用 楼层")
    for noun in ("concerns", "statements", "sessions", "conversations"):
        assert listed(noun, "'; -- %")


def test_a_list_of_the_desk_finds_nothing_that_is_not_on_it(cast: Cast, client: Client) -> None:
    hidden(cast)
    assert cast.stranger.person
    client.force_login(cast.stranger.person)
    answer = client.get(reverse("desk_list", args=["concerns"]), {"q": "噪声"})
    assert "楼上半夜" not in answer.content.decode()


def similar(client: Client, **sent: str) -> str:
    answer = client.post(reverse("similar"), sent)
    assert answer.status_code == 200
    return answer.content.decode()


def test_while_a_concern_is_written_similar_ones_that_are_public_are_shown(story: Story) -> None:
    shown = similar(Client(), title="老楼没有电梯", text="一楼邻居担心采光")
    assert "老楼没有电梯" in shown and "100%" in shown
    assert similar(Client(), title="公交站台没有雨棚").strip() == ""
    hidden(story.cast)
    assert similar(Client(), title="楼上半夜有噪声").strip() == ""
    assert 'hx-post="/similar/"' in Client().get(reverse("raise_at", args=["zhangshuxia"])).content.decode()


def test_at_the_desk_similar_ones_that_are_not_public_are_shown_too(story: Story, client: Client) -> None:
    hidden(story.cast)
    assert story.cast.mei.person
    client.force_login(story.cast.mei.person)
    assert "楼上半夜有噪声" in similar(client, title="楼上半夜有噪声", kind="concern")
    assert similar(client, title="楼上半夜有噪声", kind="promise").strip() == ""
    assert similar(client, title="楼上半夜有噪声", kind="nonsense").strip() == ""


@pytest.mark.parametrize("sent", ["", "，。！", "\x00", "a" * 50_000, "'; --", "<b>电梯</b>"])
def test_whatever_is_written_can_be_compared(story: Story, sent: str) -> None:
    assert "<b>电梯" not in similar(Client(), title=sent, text=sent)


def test_the_index_is_made_anew_by_a_command(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    page(Client(), q="电梯")
    before = Document.objects.count()
    Document.objects.all().delete()
    call_command("reindex")
    assert Document.objects.count() == before > 0
    assert f"{before} documents indexed" in capsys.readouterr().out


def test_while_a_proposal_is_written_similar_ones_are_shown_and_not_itself(
    cast: Cast, client: Client
) -> None:
    house = House(cast)
    filed, mine = house.filed(), house.draft("关于老旧小区停车难的提案")
    client.force_login(house.yun.person)  # type: ignore[arg-type]
    form = client.get(reverse("desk_move", args=["proposals", mine.pk, "edit"])).content.decode()
    assert 'hx-post="/similar/"' in form
    assert f'"own": "{mine.pk}"' in form
    assert 'hx-post="/similar/"' in client.get(reverse("desk_begin", args=["proposals"])).content.decode()
    shown = similar(
        client, title=mine.title, items="公布夜间停车的共享车位", kind="proposal", own=str(mine.pk)
    )
    assert filed.title in shown
    assert filed.number in shown
    assert reverse("desk_thing", args=["proposals", filed.pk]) in shown
    assert f"/proposals/{mine.pk}/" not in shown
    assert similar(client, title=mine.title, kind="proposal", own="9" * 400)


def test_a_clerk_who_reviews_a_proposal_sees_the_similar_ones_and_nobody_else_does(
    cast: Cast, client: Client
) -> None:
    house = House(cast)
    first = house.filed()
    second = house.do(house.draft("关于老旧小区停车难的提案"), "submit", house.yun)
    for actor, sees in ((house.qing, True), (house.yun, False)):
        client.force_login(actor.person)  # type: ignore[arg-type]
        page = client.get(reverse("desk_thing", args=["proposals", second.pk])).content.decode()
        assert (reverse("desk_thing", args=["proposals", first.pk]) in page) is sees
    client.force_login(house.qing.person)  # type: ignore[arg-type]
    merging = client.get(reverse("desk_move", args=["proposals", second.pk, "merge"])).content.decode()
    assert first.title in merging
    assert first.number in merging
