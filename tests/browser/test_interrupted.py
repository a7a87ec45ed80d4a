"""A session that ends while somebody writes, in a browser: what was typed is there again after signing in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from camphor.matters import actions as matters
from camphor.matters.models import Matter
from camphor.people.models import Person

from ..conftest import Cast
from ..house import House

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a tree that gives shade"


def with_password(person: Person) -> Person:
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in_again(page: Page, person: Person) -> None:
    page.fill("[name=login]", person.username)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button[type=submit], main form button").first.click()


def filled_in(page: Page, draft: Matter) -> None:
    """The form of a draft with a new text, items, category and how it was researched; nothing is sent."""
    page.goto(reverse("desk_move", args=["proposals", draft.pk, "edit"]))
    page.fill("[name=text]", "写了半个小时的新分析。")
    page.fill("[name=items]", "一条新建议")
    page.fill("[name=fact_raised_before]", "去年提过，未采纳")
    page.check("[name=category][value=society]", force=True)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)


def is_back(page: Page) -> None:
    expect(page.locator("[name=text]")).to_have_value("写了半个小时的新分析。")
    expect(page.locator("[name=items]")).to_have_value("一条新建议")
    expect(page.locator("[name=fact_raised_before]")).to_have_value("去年提过，未采纳")
    expect(page.locator("[name=category][value=society]")).to_be_checked()


def test_what_was_sent_after_the_session_had_ended_comes_back(
    page: Page, cast: Cast, sign_in: Callable[[Page, Person], None]
) -> None:
    house = House(cast)
    draft, yun = house.draft(), cast.yun.person
    assert yun
    sign_in(page, with_password(yun))
    page.goto(reverse("desk_move", args=["proposals", draft.pk, "edit"]))
    page.fill("[name=title]", "关于夜间停车的提案")
    page.fill("[name=text]", "写了半个小时的新分析。")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.locator("main form.form .form__actions button").click()
    sign_in_again(page, yun)
    expect(page.locator("[name=text]")).to_have_value("写了半个小时的新分析。")
    expect(page.locator("[name=title]")).to_have_value("关于夜间停车的提案")
    page.locator("main form.form .form__actions button").click()
    expect(page.locator(".notice--success")).to_be_visible()
    draft.refresh_from_db()
    assert draft.text == "写了半个小时的新分析。"


@pytest.mark.parametrize("way", ["sent", "looked again", "gone to the desk"])
def test_all_that_was_filled_in_comes_back_however_the_end_was_met(
    page: Page, cast: Cast, sign_in: Callable[[Page, Person], None], way: str
) -> None:
    draft, yun = House(cast).draft(), cast.yun.person
    assert yun
    sign_in(page, with_password(yun))
    filled_in(page, draft)
    if way == "sent":
        page.locator("main form.form .form__actions button").click()
    elif way == "looked again":
        page.goto(page.url)
    else:
        page.goto(reverse("desk"))
    sign_in_again(page, yun)
    expect(page).not_to_have_url("**/accounts/login/**")
    if way == "gone to the desk":
        page.goto(reverse("desk_move", args=["proposals", draft.pk, "edit"]))
        expect(page.locator("[name=text]")).to_have_value("写了半个小时的新分析。")
        expect(page.locator("[name=items]")).to_have_value("一条新建议")
    else:
        is_back(page)
    expect(page.locator("[data-told]")).to_be_visible()
    page.locator("main form.form .form__actions button").click()
    expect(page.locator(".notice--success")).to_be_visible()
    draft.refresh_from_db()
    assert (draft.text, [item.text for item in draft.items.all()]) == (
        "写了半个小时的新分析。",
        ["一条新建议"],
    )


def test_what_came_back_can_give_way_to_what_is_saved(
    page: Page, cast: Cast, sign_in: Callable[[Page, Person], None]
) -> None:
    draft, yun = House(cast).draft(), cast.yun.person
    assert yun
    sign_in(page, with_password(yun))
    filled_in(page, draft)
    page.goto(page.url)
    sign_in_again(page, yun)
    is_back(page)
    page.locator("[data-told] button").click()
    expect(page.locator("[name=text]")).to_have_value(draft.text)
    page.goto(page.url)
    expect(page.locator("[name=text]")).to_have_value(draft.text)


def test_what_comes_back_over_a_newer_text_is_shown_beside_it(
    page: Page, cast: Cast, sign_in: Callable[[Page, Person], None], faults: list[str]
) -> None:
    house = House(cast)
    draft, yun = house.draft(), cast.yun.person
    assert yun
    sign_in(page, with_password(yun))
    filled_in(page, draft)
    given: dict[str, Any] = {
        "form": "member",
        "sponsor": None,
        "title": draft.title,
        "category": "city",
        "facts": {},
    }
    matters.make(draft, "edit", by=house.yun, at=house.at, text="另一处改的", items=["另一条"], **given)
    page.goto(page.url)
    sign_in_again(page, yun)
    is_back(page)
    page.locator("main form.form .form__actions button").click()
    expect(page.locator("main")).to_contain_text("另一处改的")
    draft.refresh_from_db()
    assert draft.text == "另一处改的"
    faults.clear()  # the browser notes the 409 of the page that shows both
