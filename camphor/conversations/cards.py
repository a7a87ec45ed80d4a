"""The card of the ballot as a piece of a page: rendered once for a statement, filled in for a visitor."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import get_language

from camphor.conversations.decks import Card, Deck
from camphor.kit.chance import digits
from camphor.rules.conversations import CHOICES

CARDS_KEPT = 2_000
"""Rendered cards in a process, of some 3 kB each."""
MASKED = 64
"""Characters of a token as Django puts it into a page; half as many would be the secret itself."""
_MARK = secrets.token_hex(8)  # unknown outside, so that no statement can bear it
BLANKS = {name: f"{_MARK}{name}" for name in ("key", "number", "total", "voted", "csrf_token")}
"""What stands in a rendered card in the place of what differs between visitors."""
_BLANK = re.compile(f"{_MARK}({'|'.join(BLANKS)})")


def context(deck: Deck, votes: Mapping[int, int], *, at: datetime) -> dict[str, Any]:
    """What the template of the card is told."""
    is_open, answered, total = deck.is_open(at), deck.answered(votes), len(deck.cards)
    return {
        "conversation": deck.conversation,
        "statement": deck.deal(votes) if is_open else None,
        "choices": CHOICES.values(),
        "is_open": is_open,
        "voted": answered,
        "total": total,
        "number": min(answered + 1, total),
        "key": digits(16),
    }


def piece(request: HttpRequest, deck: Deck, votes: Mapping[int, int], *, at: datetime) -> str:
    """The next card in the language of the moment, as htmx puts it into the page."""
    told = context(deck, votes, at=at)
    language, pk = get_language() or "", deck.conversation.pk
    told["csrf_token"] = _token(request)
    pieces = list(_rendered(pk, told["statement"], told["is_open"], told["total"] > 0, language))
    pieces[1::2] = [str(told[name]) for name in pieces[1::2]]
    return "".join(pieces)


def _token(request: HttpRequest) -> str:
    """The token that came with the vote and was found good, else a new one, which takes long to make."""
    sent = request.POST.get("csrfmiddlewaretoken", "") if request.method == "POST" else ""
    return sent if len(sent) == MASKED and sent.isascii() and sent.isalnum() else get_token(request)


@lru_cache(maxsize=CARDS_KEPT)
def _rendered(
    pk: int, statement: Card | None, is_open: bool, any_statement: bool, language: str
) -> list[str]:
    """The card in pieces, between them the names of its blanks. What differs between its shapes is what it
    is kept by.
    """
    whole = render_to_string(
        "conversations/parts/card.html",
        {
            **BLANKS,
            "total": BLANKS["total"] if any_statement else 0,
            "conversation": {"pk": pk},
            "statement": statement,
            "choices": CHOICES.values(),
            "is_open": is_open,
        },
    )
    return _BLANK.split(whole)
