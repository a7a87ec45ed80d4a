"""The ballot as somebody sees it who brings no cookie: made once a second, and filled in for each visitor."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from camphor.conversations import cards, decks, readers
from camphor.conversations.decks import Deck
from camphor.kit.kept import NONCE, TOKEN, filled

_CARD = secrets.token_hex(16)
"""What stands in the kept page in the place of the card; the other blanks are those of all kept pages."""

Key = tuple[int, str, str]
_kept: dict[Key, tuple[Deck, str]] = {}
_guard = threading.Lock()


def first_page(request: HttpRequest, pk: int, told: Callable[[], dict[str, Any]]) -> str | None:
    """The page with a card of its own; none where it would not be the same for all. `told`: its context."""
    if request.COOKIES or request.GET or readers.is_private():
        return None
    deck = decks.public(pk)
    if deck is None:
        return None
    page = _page(request, deck, told)
    page = page.replace(_CARD, cards.piece(request, deck, {}, at=timezone.now()))
    return filled(request, page)


def _page(request: HttpRequest, deck: Deck, told: Callable[[], dict[str, Any]]) -> str:
    """The page with blanks, as long as the deck is the same, by conversation, language and host."""
    key = deck.conversation.pk, get_language() or "", request.get_host()
    known = _kept.get(key)
    if known and known[0] is deck:
        return known[1]
    blanks = {"card": _CARD, "csrf_token": TOKEN, "csp_nonce": NONCE}
    page = render_to_string("conversations/talk.html", {**told(), **blanks}, request)
    with _guard:
        if len(_kept) >= decks.MOST_DECKS:
            _kept.clear()
        _kept[key] = deck, page
    return page


def forget() -> None:
    """Keep no page any more."""
    with _guard:
        _kept.clear()
