"""Pages in a real browser: Debian's Chromium, driven by Playwright against a server of our own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, expect, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from camphor.people.models import Person

# Playwright keeps an event loop in this thread, and Django would take our queries for part of it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

ROOT = Path(__file__).resolve().parents[2]
SHOTS = Path(os.environ.get("CAMPHOR_SHOTS") or ROOT / "var" / "shots")
SCREENS = {"phone": (360, 780), "desk": (1280, 800)}
"""The narrowest screen that is promised to work, and an office's."""
FLAGS = [
    *(["--no-sandbox"] if os.geteuid() == 0 else []),  # Chromium has no sandbox for root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

PATIENCE = 120_000
"""Milliseconds until a page or a word on it is given up: a machine that does much else besides is slow, and
these tests judge what comes, not how soon."""
expect.set_options(timeout=PATIENCE)

Shoot = Callable[[Page, str], Path]
SignIn = Callable[[Page, Person], None]
Accessible = Callable[[Page], None]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of the session."""
    program = os.environ.get("CAMPHOR_CHROMIUM") or shutil.which("chromium")
    if not program:
        reason = "no Chromium here: install it, or name it in CAMPHOR_CHROMIUM"
        pytest.fail(reason) if os.environ.get("CI", "").lower() in ("1", "true", "yes") else pytest.skip(
            reason
        )
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(autouse=True)
def plain_static(settings: Settings) -> None:
    """Static files by their own names: the server of the tests finds no hashed ones."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(params=list(SCREENS))
def screen(request: pytest.FixtureRequest) -> str:
    """The name of the screen: every test of a page is made on each."""
    return str(request.param)


@pytest.fixture
def faults() -> list[str]:
    """What the browser complained of; a test that means to provoke a complaint clears it."""
    return []


@pytest.fixture
def context(
    browser: Browser, live_server: LiveServer, screen: str, faults: list[str]
) -> Iterator[BrowserContext]:
    """A visitor with an empty browser, who reaches our server and nothing else."""
    width, height = SCREENS[screen]
    own = urlsplit(live_server.url).netloc

    def stay_here(route: Route) -> None:
        if urlsplit(route.request.url).netloc == own:
            return route.continue_()
        faults.append(f"asked for {route.request.url}, which is not ours")
        route.abort()

    visitor = browser.new_context(
        viewport={"width": width, "height": height},
        has_touch=screen == "phone",
        base_url=live_server.url,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    visitor.set_default_timeout(PATIENCE)
    visitor.route("**/*", stay_here)
    yield visitor
    visitor.close()


@pytest.fixture
def page(context: BrowserContext, faults: list[str]) -> Iterator[Page]:
    """A tab; its test fails on any error in the console, of a script or of the content policy."""

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            faults.append(f"{message.text} ({message.location.get('url', '')})")

    tab = context.new_page()
    tab.on("console", note)
    tab.on("pageerror", lambda error: faults.append(str(error)))
    yield tab
    assert not faults, "the browser complains:\n" + "\n".join(faults)


@pytest.fixture
def shoot(screen: str) -> Shoot:
    """Take a picture of the whole page: shoot(page, "front") writes front-phone.png."""

    def take(page: Page, name: str) -> Path:
        path = SHOTS / f"{name}-{screen}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return take


@pytest.fixture
def sign_in(live_server: LiveServer) -> SignIn:
    """Sign a person in without the form: sign_in(page, person)."""

    def enter(page: Page, person: Person) -> None:
        client = Client()
        client.force_login(person)
        name = django_settings.SESSION_COOKIE_NAME
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
        )

    return enter


@pytest.fixture
def accessible() -> Accessible:
    """See that the page breaks no rule of accessibility that a machine can judge, and fits the screen."""

    def judge(page: Page) -> None:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"the page is {wider} pixels wider than the screen"

    return judge
