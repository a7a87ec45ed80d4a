"""A vote as a request brings it, from the page or from a program: read, handed to the writer, and answered.

The short way in `site.gate` and Django's whole stack call the same functions of this module.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum
from typing import Any, NamedTuple

from django.http import HttpRequest, RawPostDataException
from django.http.multipartparser import MultiPartParserError

from camphor.conversations import hands, writer
from camphor.conversations.ballots import KEY, Ballot, Outcome
from camphor.conversations.cookies import digest_in, token_of
from camphor.conversations.lines import NotWritten
from camphor.engine.table import mark as _
from camphor.rules.conversations import CHOICES

DIGITS = 14
"""Of the number of a row at the most."""
LARGEST = 4096
"""Bytes of a request that votes: a ballot has some 200, and forms carry a token and a cookie's worth more."""
COME_AGAIN = 2
"""Seconds after which a vote that was not acknowledged should be sent again."""
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
JSON = "application/json"
_DECODER = json.JSONDecoder()


class Word(Enum):
    """What came of a request to vote: the status of its answer, and what is told to who sent it."""

    status: int
    text: str

    def __new__(cls, name: str, status: int, text: str) -> Word:
        word = object.__new__(cls)
        word._value_, word.status, word.text = name, status, text
        return word

    RECORDED = "recorded", 200, _("Your vote was recorded.")
    CLOSED = "closed", 409, _("Voting is closed, so this vote was not counted.")
    NOT_SHOWN = "not_shown", 409, _("This statement is no longer shown, so the vote was not counted.")
    USED = (
        "used",
        409,
        _("This card was answered before. To change the vote, find it in the list of statements."),
    )
    NO_COOKIE = "no_cookie", 403, _("Your browser sent no cookie, so the vote was not counted.")
    UNREADABLE = "unreadable", 400, _("That vote could not be read. Please vote again.")
    BUSY = "busy", 503, _("Many people are voting just now. Your vote is not recorded yet; it is kept here.")


BY_OUTCOME = {
    Outcome.RECORDED: Word.RECORDED,
    Outcome.JOINED: Word.RECORDED,
    Outcome.CLOSED: Word.CLOSED,
    Outcome.NOT_SHOWN: Word.NOT_SHOWN,
    Outcome.USED: Word.USED,
}


class Cast(NamedTuple):
    """What came of a request to vote, and the ballot where it could be read."""

    word: Word
    ballot: Ballot | None = None
    choice: str = ""


class Sent(NamedTuple):
    """A vote that could be read, and is still to be written."""

    ballot: Ballot
    choice: str
    at: hands.Moment

    def told(self, outcome: Outcome) -> Cast:
        if outcome.counts:
            hands.play(self.ballot, joined_after=self.at if outcome is Outcome.JOINED else None)
        return Cast(BY_OUTCOME[outcome], self.ballot, self.choice)

    def busy(self) -> Cast:
        return Cast(Word.BUSY, self.ballot, self.choice)


def cast(request: HttpRequest, conversation: int) -> Cast:
    """Hand the vote of the request to the writer; when it says recorded, the vote is on disk."""
    sent = _read(request, conversation) if _is_short(request) else Cast(Word.UNREADABLE)
    if isinstance(sent, Cast):
        return sent
    try:
        return sent.told(writer.cast(sent.ballot))
    except NotWritten:
        return sent.busy()


async def awaited(request: HttpRequest, conversation: int) -> Cast:
    """The same for a request of the event loop, which is known to be short."""
    sent = _read(request, conversation)
    if isinstance(sent, Cast):
        return sent
    try:
        return sent.told(await writer.awaited(sent.ballot))
    except NotWritten:
        return sent.busy()


def _read(request: HttpRequest, conversation: int) -> Sent | Cast:
    """The vote of the request, or why it is none."""
    token = token_of(request)
    if token is None:
        return Cast(Word.NO_COOKIE)
    sent = _fields(request)
    choice = CHOICES.get(_text(sent.get("choice")))
    statement, key = _whole(sent.get("statement")), _text(sent.get("key"))
    if not (choice and statement and KEY.fullmatch(key)):
        return Cast(Word.UNREADABLE)
    ballot = Ballot(conversation, digest_in(token, conversation), statement, choice.value, key)
    return Sent(ballot, choice.name, hands.moment(conversation))


def _is_short(request: HttpRequest) -> bool:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0) <= LARGEST
    except ValueError:
        return False


def _fields(request: HttpRequest) -> Mapping[str, Any]:
    """What was sent, of a form or of a JSON object; nothing where it is neither."""
    try:
        if request.content_type == JSON:
            text = request.body.decode().strip()
            sent, end = _DECODER.raw_decode(text)
            return sent if isinstance(sent, dict) and end == len(text) else {}
        return request.POST.dict() if request.content_type in FORMS else {}
    except (ValueError, RecursionError, RawPostDataException, MultiPartParserError):
        return {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _whole(value: Any) -> int:
    """A number that can be the key of a row, as a number or in digits; 0 for all else."""
    if type(value) is int:
        return value if 0 < value < 10**DIGITS else 0
    text = _text(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else 0
