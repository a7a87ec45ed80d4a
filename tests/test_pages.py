"""Every address, asked for as every member of the cast: what is not allowed is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from camphor.consultations import actions as consultations
from camphor.matters import actions as matters
from camphor.people.actor import Actor

from .conftest import Cast
from .papers.test_ledgers import brought
from .story import Story

ROLES = ("nobody", "lin", "mei", "bo", "rui", "yun", "stranger")
OPEN = dict.fromkeys(ROLES, 200)
STAFF = {**OPEN, "nobody": 302, "lin": 302}
POST_ONLY = dict.fromkeys(ROLES, 405)
LEADS_ON = dict.fromkeys(ROLES, 302)
SIGNED_IN_POST_ONLY = {**POST_ONLY, "nobody": 302, "lin": 302}


def only(*roles: str, otherwise: int = 404) -> dict[str, int]:
    """These may, residents are asked to sign in, all others are told that there is no such page."""
    return {role: 200 if role in roles else 302 if role in ("nobody", "lin") else otherwise for role in ROLES}


FILES = (
    "letter",
    "reply_letter",
    "list_excel",
    "refused_rows",
    "yearly_word",
    "yearly_sheet",
    "figures_excel",
)
"""The addresses of what is no page."""
EXPECTED: dict[str, tuple[str, dict[str, int]]] = {
    # name of the address: what stands in it, and the answer to each of the cast
    "healthz": ("", OPEN),
    "readyz": ("", OPEN),
    "metrics": ("", OPEN),  # to this machine itself; see tests/site/test_metrics.py for all others
    "front": ("", OPEN),
    "raise": ("", OPEN),
    "raise_at": ("venue", OPEN),
    "poster": ("venue", OPEN),
    "code": ("", OPEN),
    "mine": ("code", OPEN),  # whoever has the code has the page: the code is the key
    "promises": ("", OPEN),
    "proposals": ("", OPEN),
    "proposal": ("no photo", dict.fromkeys(ROLES, 404)),
    "promise": ("promise", OPEN),
    "public_figures": ("", OPEN),
    "photo": ("no photo", dict.fromkeys(ROLES, 404)),
    "consultations": ("", OPEN),
    "consultation": ("plan", OPEN),
    "recommendation": ("recommendation", OPEN),
    "activity": ("session", OPEN),
    "door": ("door", OPEN),
    "door_poster": ("session", only("mei")),
    "talk": ("talk", OPEN),
    "say": ("talk", LEADS_ON),
    "talk_map": ("talk", OPEN),
    "talk_next": ("talk", OPEN),
    "talk_votes": ("talk", POST_ONLY),
    "talk_statements": ("talk", OPEN),
    "search": ("", OPEN),
    "similar": ("", POST_ONLY),
    "feedback": ("", OPEN),
    "elder": ("", POST_ONLY),
    "set_language": ("", dict.fromkeys(ROLES, 302)),
    "account_login": ("", {**dict.fromkeys(ROLES, 302), "nobody": 200, "lin": 200}),
    "account_logout": ("", STAFF),
    "letter": ("recommendation", STAFF),
    "reply_letter": ("answered", only("mei", "bo", "rui", "stranger", "yun")),
    "sent_letter": ("10**6", only()),
    "proposal_form": ("10**6", only()),
    "review_letter": ("10**6", only()),
    "bulletin": ("10**6", only()),
    "volume": ("10**6", only()),
    "bring_ledger": ("", only("mei", "stranger", otherwise=403)),
    "ledger": ("ledger", only("mei") | {"bo": 403, "rui": 403, "yun": 403}),
    "ledger_again": ("ledger", SIGNED_IN_POST_ONLY),
    "refused_rows": ("ledger", only("mei") | {"bo": 403, "rui": 403, "yun": 403}),
    "papers": ("", only("mei", "stranger", otherwise=403)),
    "desk": ("", STAFF),
    "list_excel": ("noun", STAFF),
    "desk_new": ("", only("mei", "stranger", otherwise=403)),
    "read_notices": ("", SIGNED_IN_POST_ONLY),
    "preferences": ("", STAFF),
    "hand_over": ("", STAFF),
    "take_back_work": ("10**6", SIGNED_IN_POST_ONLY),
    "end_delegation": ("10**6", SIGNED_IN_POST_ONLY),
    "desk_undo": ("undo", SIGNED_IN_POST_ONLY),
    "working_days": ("", STAFF),
    "audit": ("", only(otherwise=403)),  # none of them audits
    "sessions_of_term": ("", only("stranger", otherwise=403)),  # a committee's clerk; Mei works for a hall
    "withdraw_day": ("10**6", SIGNED_IN_POST_ONLY),
    "withdraw_rule": ("10**6", SIGNED_IN_POST_ONLY),
    "read_instruction": ("10**6", only()),
    "yearly_notice": ("year", only("mei", "stranger", otherwise=403)),
    "yearly_word": ("year of hall", only("mei")),  # of her own body
    "yearly_sheet": ("year of hall", only("mei")),
    "figures": ("", only("mei", "stranger", otherwise=403)),
    "figures_sheet": ("", only("mei", "stranger", otherwise=403)),
    "figures_excel": ("", only("mei", "stranger", otherwise=403)),
    "figure": ("figure", only("mei", "stranger", otherwise=403)),
    "guided_figures": ("", only(otherwise=403)),  # none of them works for a body that guides others
    "guided_figure": ("figure", only(otherwise=403)),
    "guided_sheet": ("", only(otherwise=403)),
    "guided_excel": ("", only(otherwise=403)),
    "desk_begin": ("proposals", only("mei", "stranger", "yun")),  # clerks enter one from paper
    "local_rules": ("times", only("mei", "stranger", otherwise=403)),
    "paper": ("10**6", only()),
    "desk_list": ("noun", STAFF),
    "desk_thing": ("concern", only("mei")),
    "desk_move": ("move", only("mei")),
    "links": ("concern", only("mei")),
    "unlink": ("concern", {**dict.fromkeys(ROLES, 405), "nobody": 302, "lin": 302}),
}


def names(patterns: list[Any]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield str(pattern.name)


def test_every_address_is_classified() -> None:
    assert set(names(get_resolver().url_patterns)) == set(EXPECTED)


@pytest.fixture
def sample(cast: Cast) -> dict[str, list[Any]]:
    """What stands in an address, from the whole story and a concern that nobody has accepted yet."""
    story = Story(cast, at=timezone.now())
    plan, concern, _twin = story.consultation()
    talk, session = story.conversation(plan), story.session(plan)
    matter = story.recommendation(plan)
    promise = story.answer(matter, promised_on=timezone.localdate() + timedelta(days=9))
    unread = _unread(story)
    return {
        "": [],
        "venue": [cast.venue.slug],
        "code": [cast.lin_code],
        "promise": [promise.pk],
        "no photo": [10**6],
        "10**6": [10**6],
        "year": [2026],
        "year of hall": [2026, cast.hall.pk],
        "figure": ["on_time"],
        "times": ["times"],
        "proposals": ["proposals"],
        "plan": [plan.pk],
        "recommendation": [matter.pk],
        "session": [session.pk],
        "ledger": [brought(cast).pk],
        "answered": [matter.assignments.get(part="lead").pk],
        "door": [session.door_code],
        "talk": [talk.pk],
        "noun": ["concerns"],
        "concern": ["concerns", unread],
        "move": ["concerns", unread, "accept"],
        "undo": ["concerns", unread, 10**6],
        "accepted": [concern.pk],
    }


def _unread(story: Story) -> int:
    return matters.raise_concern(
        title="没有人读过的诉求",
        text="私事",
        body=story.cast.hall,
        venue=None,
        code="ZZZZZZZZZZZZ",
        by=Actor(),
        at=story.at,
    ).pk


def client_of(cast: Cast, role: str) -> Client:
    client = Client()
    actor = getattr(cast, role, None)
    if isinstance(actor, Actor) and actor.person:
        client.force_login(actor.person)
    elif role == "lin":
        client.get(reverse("mine", args=[cast.lin_code]))  # her device knows her code
    return client


@pytest.mark.parametrize("role", ROLES)
def test_everybody_gets_what_the_table_says(cast: Cast, sample: dict[str, list[Any]], role: str) -> None:
    client = client_of(cast, role)
    got = {
        name: client.get(reverse(name, args=sample[what])).status_code
        for name, (what, _wanted) in EXPECTED.items()
        if name != "account_logout"
    }
    wanted = {name: status[role] for name, (_what, status) in EXPECTED.items() if name != "account_logout"}
    assert got == wanted


@pytest.mark.parametrize("role", ROLES)
def test_what_is_hidden_can_not_be_moved(cast: Cast, sample: dict[str, list[Any]], role: str) -> None:
    client = client_of(cast, role)
    seen = client.get(reverse("desk_thing", args=sample["concern"])).status_code == 200
    moved = client.post(reverse("desk_move", args=sample["move"])).status_code
    assert (moved == 302 and role == "mei") == seen


def test_a_forbidden_thing_and_a_missing_one_look_the_same(cast: Cast, sample: dict[str, list[Any]]) -> None:
    client = client_of(cast, "stranger")
    forbidden = client.get(reverse("desk_thing", args=sample["concern"]))
    missing = client.get(reverse("desk_thing", args=["concerns", 10**6]))
    assert forbidden.status_code == missing.status_code == 404
    # the way back after a change of language names the address that was asked for
    same = forbidden.content.replace(str(sample["concern"][1]).encode(), b"").replace(b"1000000", b"")
    assert len(same) - len(missing.content.replace(b"1000000", b"")) in range(-40, 40)


@pytest.mark.parametrize("role", ROLES)
def test_every_answer_carries_the_policies(cast: Cast, sample: dict[str, list[Any]], role: str) -> None:
    client = client_of(cast, role)
    for name, (what, _status) in EXPECTED.items():
        answer = client.get(reverse(name, args=sample[what]))
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy and "default-src 'none'" in policy, name
        assert answer.headers["X-Content-Type-Options"] == "nosniff", name


def test_no_page_breaks_the_policy_with_inline_code(cast: Cast, sample: dict[str, list[Any]]) -> None:
    client = client_of(cast, "mei")
    for name, (what, status) in EXPECTED.items():
        if status["mei"] != 200 or name in FILES:
            continue
        page = client.get(reverse(name, args=sample[what])).content.decode()
        assert " style=" not in page and " onclick=" not in page and "<style" not in page, name


def test_no_page_of_the_public_names_people_or_codes(cast: Cast, sample: dict[str, list[Any]]) -> None:
    client = Client()
    for name, (what, status) in EXPECTED.items():
        if status["nobody"] != 200 or name == "mine":
            continue
        page = client.get(reverse(name, args=sample[what])).content.decode()
        for hidden in (cast.lin_code, cast.wen_code, "云岫", "柏然", "私事"):
            assert hidden not in page, name


def test_a_stopped_draft_stays_hidden(cast: Cast) -> None:
    story = Story(cast, at=timezone.now())
    plan = consultations.draft(
        title="草稿",
        text="",
        body=cast.hall,
        method="five_step",
        begins_on=timezone.localdate(),
        concerns=[],
        by=cast.mei,
        at=story.at,
    )
    assert "草稿" not in Client().get(reverse("consultations")).content.decode()
    assert Client().get(reverse("consultation", args=[plan.pk])).status_code == 404


def test_a_form_refused_for_its_cookie_leads_back_to_its_page(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    address = reverse("raise_at", args=["zhangshuxia"])
    answer = strict.post(address, {"title": "路灯"})
    assert answer.status_code == 403
    assert f'href="{address}"' in answer.content.decode()
    assert f'href="{reverse("elder")}"' not in strict.post(reverse("elder")).content.decode()
