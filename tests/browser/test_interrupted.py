"""A session that ends while somebody writes, in a browser: what was typed is there again after signing in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from camphor.people.models import Person

from ..conftest import Cast
from ..house import House

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a tree that gives shade"


def test_what_was_sent_after_the_session_had_ended_comes_back(
    page: Page, cast: Cast, sign_in: Callable[[Page, Person], None]
) -> None:
    house = House(cast)
    draft, yun = house.draft(), cast.yun.person
    assert yun
    yun.set_password(PASSWORD)
    yun.save()
    sign_in(page, yun)
    page.goto(reverse("desk_move", args=["proposals", draft.pk, "edit"]))
    page.fill("[name=title]", "关于夜间停车的提案")
    page.fill("[name=text]", "写了半个小时的新分析。")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.locator("main form.form .form__actions button").click()
    page.fill("[name=login]", yun.username)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button[type=submit], main form button").first.click()
    expect(page.locator("[name=text]")).to_have_value("写了半个小时的新分析。")
    expect(page.locator("[name=title]")).to_have_value("关于夜间停车的提案")
    page.locator("main form.form .form__actions button").click()
    expect(page.locator(".notice--success")).to_be_visible()
    draft.refresh_from_db()
    assert draft.text == "写了半个小时的新分析。"
