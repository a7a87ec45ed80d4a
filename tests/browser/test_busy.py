"""A vote that was not acknowledged, in a browser: it is kept, sent again by itself, and counted once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from camphor.conversations import actions, lines, writer
from camphor.conversations.ballots import Ballot, Outcome
from camphor.conversations.models import Conversation, Vote

from ..conftest import AT, Cast

pytestmark = pytest.mark.django_db(transaction=True)

SEEDS = ("费用按楼层分摊，一楼不出钱。", "一楼应当得到补偿。", "收支应当公示。")
AGREE = "[data-ballot] .ballot__buttons button >> nth=0"
AGAIN = "[data-retry]"
PATIENCE = 15_000
"""Milliseconds: the page waits up to six seconds before it sends again."""


@pytest.fixture
def talk(cast: Cast) -> Conversation:
    made = actions.prepare(
        title="电梯怎么装？", text="", body=cast.hall, seeds=list(SEEDS), by=cast.mei, at=AT
    )
    actions.make(made, "open", by=cast.mei, at=AT)
    return made


class FullWriter:
    """A writer that has no place for the next so many ballots, and remembers what it was handed."""

    def __init__(self, refuses: int) -> None:
        self.refuses, self.handed, self._cast = refuses, list[Ballot](), writer.cast

    def cast(self, ballot: Ballot) -> Outcome:
        self.handed.append(ballot)
        if len(self.handed) <= self.refuses:
            raise lines.NotWritten("too many votes are waiting")
        return self._cast(ballot)


def one_vote_of(handed: list[Ballot]) -> None:
    """All that was handed in is one ballot, and it was counted once."""
    assert len(set(handed)) == 1
    (vote,) = Vote.objects.all()
    assert (vote.key, vote.value) == (handed[0].key, 1)


def test_a_ballot_that_found_no_place_is_kept_in_the_page_and_sent_again_until_it_counts(
    talk: Conversation,
    page: Page,
    faults: list[str],
    shoot: Callable[[Page, str], Path],
    accessible: Callable[[Page], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    full = FullWriter(refuses=2)
    monkeypatch.setattr(writer, "cast", full.cast)
    page.goto(reverse("talk", args=[talk.pk]))
    page.locator(AGREE).click()
    expect(page.locator(AGAIN)).to_be_visible()
    expect(page.locator("#card .notice--warning")).to_contain_text("还没有记录")
    assert Vote.objects.count() == 0
    accessible(page)
    shoot(page, "busy")
    expect(page.locator(AGREE)).to_be_visible(timeout=PATIENCE)
    assert len(full.handed) == 3
    one_vote_of(full.handed)
    assert faults and all("503" in fault for fault in faults)  # the browser notes the refusals, nothing else
    faults.clear()


def test_a_vote_whose_answer_was_lost_on_the_way_is_sent_again_and_counts_once(
    talk: Conversation,
    page: Page,
    faults: list[str],
    shoot: Callable[[Page, str], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    full = FullWriter(refuses=0)
    monkeypatch.setattr(writer, "cast", full.cast)
    lost: list[int] = []

    def lose_the_first_answer(route: Route) -> None:
        if route.request.method != "POST" or lost:
            return route.fallback()
        lost.append(route.fetch().status)
        route.abort("connectionreset")

    page.route("**/talk/*/", lose_the_first_answer)
    page.goto(reverse("talk", args=[talk.pk]))
    page.locator(AGREE).click()
    expect(page.locator("#lost")).to_be_visible()
    shoot(page, "lost")
    expect(page.locator("#lost")).to_be_hidden(timeout=PATIENCE)
    expect(page.locator(AGREE)).to_be_visible()
    assert lost == [200] and len(full.handed) == 2
    one_vote_of(full.handed)
    noted = ("net::ERR_CONNECTION_RESET", "htmx:sendError", "htmx:afterRequest")  # of the lost answer alone
    assert faults and all(any(word in fault for word in noted) for fault in faults)
    faults.clear()


def test_without_javascript_one_button_sends_the_same_ballot_again(
    talk: Conversation, browser: Browser, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = FullWriter(refuses=1)
    monkeypatch.setattr(writer, "cast", full.cast)
    plain = browser.new_context(java_script_enabled=False, base_url=live_server.url, locale="zh-CN")
    try:
        page = plain.new_page()
        page.goto(reverse("talk", args=[talk.pk]))
        page.locator(AGREE).click()
        expect(page.locator("main")).to_contain_text("还没有记录")
        page.locator(AGAIN).click()
        expect(page.locator(AGREE)).to_be_visible()
    finally:
        plain.close()
    one_vote_of(full.handed)
