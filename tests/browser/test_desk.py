"""The desk in a browser: a full one, its filters, a move taken back, work lent, and how one is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from camphor.dashboard.reminding import remind_all
from camphor.dashboard.shared import ELDER
from camphor.matters.models import Matter
from camphor.people.models import Delegation, Person

from ..conftest import Cast, person
from ..story import Story

pytestmark = pytest.mark.django_db(transaction=True)

TITLES = ("老楼七层没有电梯，一楼邻居不同意", "公园夜里太暗", "菜场门口乱停车", "社区食堂几点开门")


@pytest.fixture(params=["zh-hans", "en"])
def language(request: pytest.FixtureRequest, page: Page, live_server: object) -> str:
    """Every page is looked at in both languages."""
    url = live_server.url  # type: ignore[attr-defined]
    page.context.add_cookies([{"name": "django_language", "value": str(request.param), "url": url}])
    return str(request.param)


def full(cast: Cast) -> None:
    """A desk with all lamps on: forty concerns, a recommendation, reminders of what is due."""
    now, today = timezone.now(), timezone.localdate()
    for number in range(40):
        Matter.objects.create(
            kind="concern",
            title=TITLES[number % 4],
            body=cast.hall,
            raised_at=now,
            state="submitted",
            due_on=today + timedelta(days=number - 3),
        )
    story = Story(cast, at=now)
    plan, _concern, _twin = story.consultation()
    story.recommendation(plan)
    remind_all(at=now)


def test_the_desk_shows_what_is_owed_and_takes_a_move_back(
    page: Page,
    cast: Cast,
    language: str,
    sign_in: Callable[[Page, Person], None],
    shoot: Callable[[Page, str], Path],
    accessible: Callable[[Page], None],
) -> None:
    full(cast)
    assert cast.mei.person
    sign_in(page, cast.mei.person)
    page.goto(reverse("desk"))
    expect(page.locator(".status--overdue").first).to_be_visible()
    accessible(page)
    shoot(page, f"desk-{language}")
    page.locator("nav.tabs a", has=page.locator(".status--overdue")).click()
    expect(page.locator("table .status--overdue")).to_have_count(4)
    page.select_option("#order", "last")
    page.locator("form.filters button").click()
    expect(page.locator("table .status--overdue")).to_have_count(4)
    page.locator("table .button").first.click()
    page.locator("main form.form .form__actions button").first.click()
    undo = page.locator("form[action*='/undo/']")
    expect(undo).to_be_visible()
    accessible(page)
    shoot(page, f"desk-undo-{language}")
    undo.locator("button").click()
    expect(page.locator(".notice--success")).to_be_visible()
    expect(page.locator("form[action*='/undo/']")).to_have_count(0)
    assert not Matter.objects.filter(state="accepted").exists()


def test_a_phone_leads_from_the_top_of_a_matter_to_what_can_be_done(
    page: Page, cast: Cast, screen: str, sign_in: Callable[[Page, Person], None]
) -> None:
    story = Story(cast, at=timezone.now())
    plan, _concern, _twin = story.consultation()
    story.conversation(plan)
    assert cast.mei.person
    sign_in(page, cast.mei.person)
    page.goto(reverse("desk_thing", args=["consultations", plan.pk]))
    jump, moves = page.locator(".jump a"), page.locator("#moves")
    if screen == "desk":
        expect(jump).to_be_hidden()  # there it stands beside
        expect(moves).to_be_in_viewport()
        return
    expect(moves).not_to_be_in_viewport()
    jump.click()
    expect(moves).to_be_in_viewport()
    expect(page.locator("section[aria-labelledby=moves] a").first).to_be_in_viewport()


def test_work_is_lent_and_wishes_are_kept(
    page: Page,
    cast: Cast,
    language: str,
    settings: Settings,
    sign_in: Callable[[Page, Person], None],
    shoot: Callable[[Page, str], Path],
    accessible: Callable[[Page], None],
) -> None:
    settings.GATEWAYS = {"email": "camphor.trail.gateways.Email", "sms": "camphor.trail.gateways.Console"}
    full(cast)
    jun = person("jun", cast.hall, "clerk")
    assert cast.mei.person and jun.person
    sign_in(page, cast.mei.person)
    page.goto(reverse("hand_over"))
    accessible(page)
    shoot(page, f"hand-over-{language}")
    page.select_option("[name=receiver]", str(jun.person.pk))
    page.fill("[name=last_on]", (timezone.localdate() + timedelta(days=5)).isoformat())
    page.locator("main form.form .form__actions button").click()
    expect(page.locator(".notice--success")).to_be_visible()
    accessible(page)
    shoot(page, f"handed-over-{language}")
    assert Delegation.objects.count() == 1
    page.goto(reverse("preferences"))
    accessible(page)
    shoot(page, f"preferences-{language}")
    page.fill("[name=email]", "mei@example.org")
    page.locator("main form.form .form__actions button").click()
    expect(page.locator(".notice--success")).to_be_visible()


def test_the_table_of_the_desk_reaches_over_nothing_that_stands_beside_it(
    page: Page, cast: Cast, language: str, screen: str, sign_in: Callable[[Page, Person], None]
) -> None:
    if screen == "phone":
        pytest.skip("on a phone nothing stands beside it")
    full(cast)
    assert cast.mei.person
    sign_in(page, cast.mei.person)
    page.goto(reverse("desk"))
    for large in ("0", "1"):
        page.context.add_cookies([{"name": ELDER, "value": large, "url": page.url}])
        for width in (920, 1024, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(reverse("desk"))
            table = page.locator("main table").first
            over = table.evaluate(
                "e => e.getBoundingClientRect().right - e.parentElement.getBoundingClientRect().right"
            )
            assert over < 1, (language, large, width)
