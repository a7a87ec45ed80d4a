"""Votes and cards by the short way: answers that need neither session nor account, and mostly no database.

`site.gate` calls these in front of Django's stack, and Django's own addresses lead to them as well.
"""

from __future__ import annotations

import json
from collections.abc import Hashable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from camphor.conversations import cards, decks, hands, voting
from camphor.conversations.cookies import digest_in, give_token, token_of
from camphor.conversations.told import Told, in_full, spelled_out
from camphor.conversations.voting import COME_AGAIN, JSON, Cast, Word
from camphor.kit.chance import digits
from camphor.rules.conversations import CHOICES

KEPT_BY_NOBODY = ("Cache-Control", "no-store")
PIECE = ("Content-Type", "text/html; charset=utf-8"), KEPT_BY_NOBODY, ("Vary", "HX-Request, Cookie")
IN_JSON = ("Content-Type", JSON), KEPT_BY_NOBODY, ("Vary", "Cookie")
"""The headers of a card, as a piece of the page and for a program."""
_CAST = "camphor.cast"
"""Where a request keeps what came of its vote, so that nobody casts it again; no client can set this."""


def is_htmx(request: HttpRequest) -> bool:
    return request.META.get("HTTP_HX_REQUEST") == "true"  # `headers` reads all that the web server knows


def cast_of(request: HttpRequest, pk: int) -> Cast:
    """What came of the vote that the request brings; it is cast once, however often this is asked."""
    kept = vars(request)
    if _CAST not in kept:
        kept[_CAST] = request.META.get(_CAST) or voting.cast(request, pk)
    done: Cast = kept[_CAST]
    return done


def handed_on(request: HttpRequest) -> dict[str, Any]:
    """What came of its vote, for whoever answers the same request in another way."""
    return {_CAST: cast} if (cast := vars(request).get(_CAST)) else {}


async def awaited(request: HttpRequest, pk: int) -> None:
    """Have the vote that the request may bring written; `cast_of` has it then without waiting."""
    if request.method == "POST" and (not _by_program(request) or request.content_type == JSON):
        vars(request)[_CAST] = await voting.awaited(request, pk)


def _by_program(request: HttpRequest) -> bool:
    return request.path.endswith("/votes/")


def same_for_all(request: HttpRequest, pk: int) -> Hashable | None:
    """What alone the answer to a recorded vote depends on; none where it is another answer."""
    if request.method != "POST":
        return None
    if by_program := _by_program(request):
        if request.content_type != JSON:
            return None
    elif is_htmx(request):
        return None
    if cast_of(request, pk).word is not Word.RECORDED:
        return None
    return by_program, pk, not by_program and request.POST.get("next") == "list"


def answer(request: HttpRequest, pk: int) -> HttpResponse | Told | None:
    """The answer to a form that votes; none where a page must tell why the vote was not counted."""
    done = cast_of(request, pk)
    if done.word is Word.BUSY:
        return _busy(request, pk, done)
    if done.word is not Word.RECORDED or done.ballot is None:
        return None
    if not is_htmx(request):
        return back(request, pk)
    deck = decks.public(pk)
    if deck is None:
        return None
    votes = hands.votes(pk, done.ballot.digest)
    return Told(PIECE, cards.piece(request, deck, votes, at=timezone.now()).encode())


def back(request: HttpRequest, pk: int) -> HttpResponse:
    """To the page where the vote was cast, by GET."""
    response = HttpResponseRedirect(
        _address("talk_statements" if request.POST.get("next") == "list" else "talk", pk)
    )
    response.status_code = 303
    return response


@lru_cache(maxsize=1024)
def _address(name: str, pk: int) -> str:
    return reverse(name, args=[pk])


def _busy(request: HttpRequest, pk: int, done: Cast) -> HttpResponse:
    """The ballot as it was sent, to be sent again: nothing was acknowledged, and nothing is lost."""
    ballot, card = done.ballot, None
    if ballot and (deck := decks.kept(pk)):
        card = deck.cards.get(ballot.statement)
    page = "conversations/parts/busy.html" if is_htmx(request) else "conversations/busy.html"
    told = {
        "pk": pk,
        "ballot": ballot,
        "card": card,
        "choice": CHOICES[done.choice],
        "back": "list" if request.POST.get("next") == "list" else "",
        "says": _(done.word.text),
        "again": COME_AGAIN,
        "csrf_token": get_token(request),
    }
    response = HttpResponse(render_to_string(page, told), status=done.word.status)
    response["Retry-After"] = str(COME_AGAIN)
    response["Cache-Control"] = "no-store"
    return response


@login_not_required
@require_POST
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """A vote in JSON: {"statement": 12, "choice": "agree", "key": "…"}; recorded means on disk."""
    if request.content_type != JSON:
        return _json({"result": "unreadable", "text": _("The vote must be sent as application/json.")}, 415)
    done = cast_of(request, pk)
    if done.word is Word.CLOSED and decks.public(pk) is None:
        return _json({"result": "not_found"}, 404)
    told = {"result": done.word.value}
    if done.word is not Word.RECORDED:
        told["text"] = _(done.word.text)
    response = _json(told, done.word.status)
    if done.word is Word.BUSY:
        response["Retry-After"] = str(COME_AGAIN)
    return response


def next_card(request: HttpRequest, pk: int) -> HttpResponse | Told:
    """The next statement in JSON, with a key for the vote on it; the cookies that a vote needs come along."""
    deck, token = decks.public(pk), token_of(request)
    if deck is None:
        return _json({"result": "not_found"}, 404)
    votes = hands.votes(pk, digest_in(token, pk)) if token else {}
    is_open = deck.is_open(timezone.now())
    card = deck.deal(votes) if is_open else None
    statement, key = (card.in_json, f'"{digits(16)}"') if card else ("null", "null")
    told = Told(
        IN_JSON,
        f'{{"open": {"true" if is_open else "false"}, "statement": {statement}, "key": {key}, '
        f'"voted": {deck.answered(votes)}, "total": {len(deck.cards)}}}'.encode(),
    )
    if settings.CSRF_COOKIE_NAME not in request.COOKIES:
        get_token(request)
    if token:
        return told
    response = spelled_out(told)
    give_token(request, response)
    return response


next_in_full = login_not_required(require_safe(in_full(next_card)))


def _json(told: dict[str, Any], status: int = 200) -> HttpResponse:
    return HttpResponse(json.dumps(told, ensure_ascii=False), status=status, headers=dict(IN_JSON))
