"""Check 15 of the domain's expert: in large type and by the keyboard alone somebody files a concern."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from camphor.matters.models import Matter

from ..conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)

MOST_STEPS = 60
"""Presses of the Tab key from the top of a page to anything that is needed on the way."""
LARGE = 20
"""Pixels of the running text in large type, at the least."""
FOCUSED = """wanted => {
  const one = document.activeElement;
  if (!one || !one.matches(wanted)) return null;
  const style = getComputedStyle(one);
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== 'none';
}"""
TITLE = "楼道的灯坏了一个月"


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until this has the focus, and see that the focus can be seen."""
    for _press in range(MOST_STEPS):
        page.keyboard.press("Tab")
        seen = page.evaluate(FOCUSED, wanted)
        if seen is not None:
            assert seen, f"{wanted} has the focus, and nothing shows it"
            return
    raise AssertionError(f"the Tab key does not lead to {wanted} on {page.url}")


def sent_by_enter(page: Page, wanted: str) -> None:
    tab_to(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_15_a_concern_is_filed_in_large_type_and_by_the_keyboard_alone(
    page: Page, cast: Cast, language: str, shoot: Callable[[Page, str], Path],
    accessible: Callable[[Page], None], live_server: object,
) -> None:  # fmt: skip
    url = live_server.url  # type: ignore[attr-defined]
    page.context.add_cookies([{"name": "django_language", "value": language, "url": url}])
    page.goto(reverse("front"))
    sent_by_enter(page, f"form[action='{reverse('elder')}'] button")
    expect(page.locator("html.elder, body.elder")).to_have_count(1)
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)") >= LARGE
    accessible(page)
    sent_by_enter(page, f"a[href='{reverse('raise')}']")
    accessible(page)
    sent_by_enter(page, f"a[href='{reverse('raise_at', args=[cast.venue.slug])}']")
    accessible(page)
    tab_to(page, "#id_title")
    page.keyboard.insert_text(TITLE)
    tab_to(page, "#id_text")
    page.keyboard.insert_text("三单元二楼到四楼，晚上看不见台阶。")
    shoot(page, f"check-15-{language}")
    sent_by_enter(page, "main form.form .form__actions button")
    expect(page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
    expect(page.get_by_role("status").first).to_be_visible()
    accessible(page)
    assert Matter.objects.get().title == TITLE


def test_15b_every_field_and_button_of_the_way_has_a_name_for_a_screen_reader(page: Page, cast: Cast) -> None:
    nameless = """() => [...document.querySelectorAll('a, button, input, select, textarea')]
      .filter(one => one.type !== 'hidden' && one.tabIndex >= 0)
      .filter(one => !(one.labels && [...one.labels].some(label => label.innerText.trim()))
        && !one.getAttribute('aria-label') && !one.innerText.trim()).map(one => one.outerHTML)"""
    for address in (
        reverse("front"),
        reverse("raise"),
        reverse("raise_at", args=[cast.venue.slug]),
        reverse("code"),
    ):
        page.goto(address)
        assert page.evaluate(nameless) == [], address
        assert page.locator("h1").count() == 1 and page.locator("main").count() == 1
        assert page.locator("html").get_attribute("lang")
