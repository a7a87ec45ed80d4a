"""Pages that are the same for all who come without a session: made once a second, filled in for each.

What differs between two such visitors (the token against forged requests, the nonce of the scripts, the keys
of ballots) stands in a kept page as a blank. Deny by default: a view says that its page may be kept, and
whoever brings any cookie besides the language and that token gets a page of his own and leaves none behind.
(`dashboard.shared` has pages that are the same for those as well.)
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from camphor.kit.chance import digits

SECONDS = 1.0
"""For which a page is shown again, counted from before it was made: a change shows within them."""
MOST_BYTES = 8 * 1024 * 1024
"""Of kept pages in a process: some 200 of them."""
LONGEST_KEY = 500
"""Characters of an address that is worth keeping."""
TOKEN, NONCE, KEYS = (secrets.token_hex(16) for _blank in range(3))
"""What stands in a kept page in the place of what differs between visitors; unknown outside."""

View = Callable[..., HttpResponse]
KeyOf = Callable[[HttpRequest], Hashable | None]


@dataclass(frozen=True)
class Page:
    """A page with its blanks, and until when it is shown."""

    text: str
    headers: tuple[tuple[str, str], ...]
    until: float


_pages: OrderedDict[Hashable, Page] = OrderedDict()
_bytes = 0
_making: dict[Hashable, threading.Lock] = {}
_guard = threading.Lock()


def kept_by(key_of: KeyOf, seen: Callable[[HttpRequest], HttpRequest]) -> Callable[[View], View]:
    """Keeps the page of a view by this key. `seen`: the request as the view sees it while it is made."""

    def deco(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            key = key_of(request)
            if key is None:
                return view(request, *args, **named)
            page = _known(key)
            if page is None:
                with _turn(key):  # one makes it, and the others take it
                    page = _known(key)
                    if page is None:
                        made = _made(seen(request), key, lambda asked: view(asked, *args, **named))
                        if isinstance(made, HttpResponse):
                            return _filled_in(request, made)
                        page = made
            return _response(request, page)

        return answered

    return deco


def kept(view: View) -> View:
    """The view, whose page is the same for all who bring no session."""
    return kept_by(_key, lambda request: request)(view)


def place(request: HttpRequest) -> tuple[str, ...] | None:
    """What any two visitors must have in common to get the same page; none for who gets one of his own."""
    if request.method != "GET" or connection.in_atomic_block:
        return None
    if "Authorization" in request.headers or "HX-Request" in request.headers:
        return None
    address = request.get_full_path()
    if len(address) > LONGEST_KEY:
        return None
    return address, get_language() or "", request.scheme or "", request.get_host()


def filled(request: HttpRequest, page: str) -> str:
    """The page with what belongs to this visitor in the place of its blanks."""
    if TOKEN in page:
        page = page.replace(TOKEN, get_token(request))
    if KEYS in page:
        page = page.replace(KEYS, _fresh())
    return page.replace(NONCE, str(getattr(request, "csp_nonce", ""))) if NONCE in page else page


def blanks(request: HttpRequest) -> dict[str, str]:
    """The context of a page that is being made to be kept."""
    return {"csrf_token": TOKEN, "csp_nonce": NONCE} if getattr(request, "is_kept", False) else {}


def key_begin(request: HttpRequest) -> str:
    """How all keys of ballots on this page begin: 24 digits of chance, to which each adds its own."""
    return KEYS if getattr(request, "is_kept", False) else _fresh()


def _fresh() -> str:
    return digits(12)


def forget() -> None:
    """Keep no page any more."""
    global _bytes
    with _guard:
        _pages.clear()
        _bytes = 0


def _key(request: HttpRequest) -> Hashable | None:
    allowed = {settings.LANGUAGE_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    return place(request) if allowed.issuperset(request.COOKIES) else None


def _known(key: Hashable) -> Page | None:
    page = _pages.get(key)
    return page if page and page.until > time.monotonic() else None


def _turn(key: Hashable) -> threading.Lock:
    with _guard:
        if len(_making) > 1000:
            _making.clear()
        return _making.setdefault(key, threading.Lock())


def _made(
    request: HttpRequest, key: Hashable, make: Callable[[HttpRequest], HttpResponse]
) -> Page | HttpResponse:
    """A new page; the response itself where it is none that may be kept: an error, a redirect, a cookie."""
    until = time.monotonic() + SECONDS
    request.is_kept = True  # type: ignore[attr-defined]
    try:
        response = make(request)
    finally:
        request.is_kept = False  # type: ignore[attr-defined]
    if response.status_code != 200 or response.cookies or response.streaming:
        return response
    page = Page(response.content.decode(response.charset), tuple(response.items()), until)
    _keep(key, page)
    return page


def _filled_in(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The response that is not kept, with what belongs to its visitor."""
    if not response.streaming:
        response.content = filled(request, response.content.decode(response.charset))
    return response


def _keep(key: Hashable, page: Page) -> None:
    global _bytes
    size = _size(page)
    if size > MOST_BYTES:
        return
    with _guard:
        if old := _pages.pop(key, None):
            _bytes -= _size(old)
        _pages[key] = page
        _bytes += size
        now = time.monotonic()
        while _pages and (_bytes > MOST_BYTES or next(iter(_pages.values())).until <= now):
            _bytes -= _size(_pages.popitem(last=False)[1])


def _size(page: Page) -> int:
    return 4 * len(page.text)  # as Python holds Chinese, at the most


def _response(request: HttpRequest, page: Page) -> HttpResponse:
    response = HttpResponse(filled(request, page.text))
    for name, value in page.headers:
        response.headers[name] = value
    patch_vary_headers(response, ("Cookie", "Accept-Language"))
    return response
