"""The pages of a conversation: the ballot, statements, and the map."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from camphor.conversations import actions, ballot, cards, decks, hands, maps, voting
from camphor.conversations.ballot import is_htmx
from camphor.conversations.cookies import give_token, participant_actor, participant_digest, token_of
from camphor.conversations.first_page import first_page
from camphor.conversations.forms import StatementForm
from camphor.conversations.models import Conversation, Participant
from camphor.conversations.picture import picture
from camphor.conversations.told import spelled_out
from camphor.conversations.voting import Word
from camphor.engine.opinion import locate
from camphor.kit.kept import kept, key_begin
from camphor.rules.conversations import CHOICES

MOST_STATEMENTS = 20
"""Statements of one participant in an hour; more is no conversation."""


def _conversation(request: HttpRequest, pk: int) -> Conversation:
    seen = Conversation.objects.visible_to(request.actor, on=timezone.localdate())  # type: ignore[attr-defined]
    return get_object_or_404(seen.select_related("body"), pk=pk)


def _participant(request: HttpRequest, conversation: Conversation) -> Participant | None:
    token = token_of(request)
    if token is None:
        return None
    return conversation.participants.filter(digest=participant_digest(token, conversation)).first()


@login_not_required
def talk(request: HttpRequest, pk: int) -> HttpResponse:
    """The ballot: one statement at a time."""
    if request.method == "POST":
        return spelled_out(ballot.answer(request, pk)) or _refuse(request, pk, ballot.cast_of(request, pk))
    made = (
        None
        if is_htmx(request)
        else first_page(request, pk, lambda: _page(request, _conversation(request, pk)))
    )
    if made is not None:
        response = HttpResponse(made)
    else:
        page = "conversations/parts/card.html" if is_htmx(request) else "conversations/talk.html"
        response = render(request, page, _page(request, _conversation(request, pk)))
    response["Cache-Control"] = "no-store"
    response["Vary"] = "HX-Request, Cookie"
    give_token(request, response)
    return response


def _page(
    request: HttpRequest, conversation: Conversation, form: StatementForm | None = None
) -> dict[str, Any]:
    participant = _participant(request, conversation)
    deck = (decks.public(conversation.pk) if conversation.is_public else None) or decks.read(conversation)
    votes = hands.votes(conversation.pk, participant.digest) if participant else {}
    return {
        **cards.context(deck, votes, at=timezone.now()),
        "consultation": _consultation_of(conversation),
        "form": form or StatementForm(),
        "mine": list(participant.statements.all()) if participant else [],
        "people": deck.people,
        "conversation": conversation,
    }


def _consultation_of(conversation: Conversation) -> Any:
    opening = conversation.openings.select_related("stage__consultation").first()
    return opening.stage.consultation if opening else None


def _refuse(request: HttpRequest, pk: int, cast: voting.Cast) -> HttpResponse:
    """Say on the next page why the vote was not counted."""
    conversation = _conversation(request, pk)
    level = messages.ERROR if cast.word in (Word.NO_COOKIE, Word.UNREADABLE) else messages.WARNING
    messages.add_message(request, level, _(cast.word.text))
    if is_htmx(request):
        return render(request, "conversations/parts/card.html", _page(request, conversation))
    return ballot.back(request, pk)


@login_not_required
def say(request: HttpRequest, pk: int) -> HttpResponse:
    """A statement of one's own; what cannot be taken stays in the form, and who only reads is led to it."""
    conversation = _conversation(request, pk)
    if request.method != "POST":
        return redirect(f"{reverse('talk', args=[conversation.pk])}#say")
    form, token, at = StatementForm(request.POST), token_of(request), timezone.now()
    if token is None:
        form.add_error(None, _("Your browser sent no cookie. Please allow cookies and send it again."))
    elif form.is_valid() and _too_many(token, conversation):
        form.add_error(None, _("You have sent many statements within an hour. Please come back later."))
    if not form.is_valid() or token is None:
        return render(request, "conversations/talk.html", _page(request, conversation, form), status=422)
    participant = actions.join(conversation, participant_digest(token, conversation), at=at)
    by = participant_actor(request, conversation)
    try:
        actions.say(conversation, form.cleaned_data["text"], participant=participant, by=by, at=at)
    except actions.VotingClosed:
        messages.warning(request, _("This conversation is closed, so the statement was not sent."))
    else:
        messages.success(request, _("Sent. Somebody reads it first; you will see here what became of it."))
    response = redirect("talk", conversation.pk)
    response.status_code = 303
    return response


def _too_many(token: str, conversation: Conversation) -> bool:
    key = f"say:{participant_digest(token, conversation)}"
    cache.add(key, 0, timeout=3600)
    return cache.incr(key) > MOST_STATEMENTS


@login_not_required
@require_safe
def statements(request: HttpRequest, pk: int) -> HttpResponse:
    """All statements in a list, with one's own vote on each, which can be changed."""
    response = _list(request, pk)
    response["Cache-Control"] = "no-store"
    give_token(request, response)
    return response


@kept
def _list(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = _conversation(request, pk)
    participant = _participant(request, conversation)
    mine: dict[int, int] = {}
    if participant:
        log = participant.votes.order_by("pk").values_list("statement", "value")
        mine = dict(log)
    is_open, begin = conversation.is_open(timezone.now()), key_begin(request)
    votes = _votes(is_open=is_open)
    rows = [
        {"number": number, "text": text, "pk": key, "key": f"{begin}{key % 2**32:08x}",
         "vote": votes[mine.get(key)]}
        for key, number, text in conversation.statements.shown().values_list("pk", "number", "text")
    ]  # fmt: skip
    page = {"conversation": conversation, "rows": rows, "is_open": is_open}
    return render(request, "conversations/statements.html", page)


def _votes(*, is_open: bool) -> dict[int | None, SafeString]:
    """The buttons of a row for each vote that it can bear, or its word; made once for all rows."""
    known = [None, *CHOICES.values()]
    part = "conversations/parts/vote.html"
    return {
        vote.value if vote else None: render_to_string(
            part, {"vote": vote, "choices": CHOICES.values(), "is_open": is_open}
        )
        for vote in known
    }


@login_not_required
@require_safe
def opinion_map(request: HttpRequest, pk: int) -> HttpResponse:
    """The opinion map, each picture with its sentence and its table; htmx asks for a newer one."""
    conversation, at = _conversation(request, pk), timezone.now()
    newest = maps.newest(conversation, at=at)
    mine = hands.votes_of(_participant(request, conversation))
    is_open = conversation.is_open(at)
    etag = _etag(newest, mine, is_open)
    if is_htmx(request) and request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        page = _map_page(conversation, newest, mine, is_open=is_open) | {"etag": etag}
        part = "conversations/parts/map_live.html" if is_htmx(request) else "conversations/map.html"
        response = render(request, part, page)
    response["ETag"] = f'"{etag}"'
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "HX-Request, Cookie"
    return response


def _etag(newest: maps.Current, mine: dict[int, int], is_open: bool) -> str:
    """Differs wherever the live part of the page would."""
    shown = (newest.key, newest.behind, sorted(mine.items()), is_open, get_language())
    return sha256(repr(shown).encode()).hexdigest()[:24]


def _map_page(
    conversation: Conversation, newest: maps.Current, mine: dict[int, int], *, is_open: bool
) -> dict[str, Any]:
    texts = {statement.pk: statement for statement in conversation.statements.shown()}
    here = locate(newest.map, mine) if mine else None
    return picture(newest.map, texts, is_open=is_open, here=here) | {
        "conversation": conversation,
        "consultation": _consultation_of(conversation),
        "drawn_at": newest.drawn_at,
        "behind": newest.behind,
        "is_open": is_open,
    }
