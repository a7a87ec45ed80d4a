"""What a recommendation rests on: the statements that all groups of a conversation share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from camphor.consultations.models import Consultation
from camphor.conversations import maps
from camphor.conversations.models import Conversation, Statement
from camphor.engine.opinion import Counted, OpinionMap, Tally
from camphor.matters.models import Matter
from camphor.trail.links import led_to


@dataclass(frozen=True)
class Support:
    """A statement with the share of all, and of each group, who are of this one mind about it."""

    statement: Statement
    agrees: bool  # or else they share that they disagree
    percent: int
    groups: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        shares = [_("all %(percent)s%%") % {"percent": self.percent}]
        shares += [f"{letter} {percent}%" for letter, percent in self.groups]
        told = _("agree: %(shares)s") if self.agrees else _("disagree: %(shares)s")
        return told % {"shares": _(", ").join(shares)}


def shared_statements(consultation: Consultation, *, at: datetime) -> list[Support]:
    """The statements that all groups share, of all conversations of a consultation."""
    talks = Conversation.objects.filter(openings__stage__consultation=consultation).distinct()
    return [one for talk in talks for one in _shared_in(talk, at=at)]


def _shared_in(talk: Conversation, *, at: datetime) -> list[Support]:
    drawn = maps.current(talk, at=at)
    minds = {said.statement: said.agrees for said in drawn.shared}
    texts = talk.statements.shown().in_bulk(list(minds))
    return [_support(texts[pk], drawn, agrees=agrees) for pk, agrees in minds.items() if pk in texts]


def support_of(recommendation: Matter, *, at: datetime) -> list[Support]:
    """The statements that a recommendation was written from, with the votes as they stand now."""
    statements = list(led_to(recommendation, "supports", Statement).select_related("conversation"))
    talks = {statement.conversation for statement in statements}
    drawn = {talk.pk: maps.current(talk, at=at) for talk in talks}
    found = []
    for statement in statements:
        known = drawn[statement.conversation_id]
        row = _row(known, statement)
        found.append(_support(statement, known, agrees=not row or row.all.agreed >= row.all.disagreed))
    return found


def _support(statement: Statement, drawn: OpinionMap, *, agrees: bool) -> Support:
    row = _row(drawn, statement)
    if row is None:  # nobody has voted on it
        return Support(statement, agrees, 0, ())
    letters = [group.letter for group in drawn.groups]
    groups = tuple(zip(letters, (_percent(tally, agrees) for tally in row.groups), strict=True))
    return Support(statement, agrees, _percent(row.all, agrees), groups)


def _row(drawn: OpinionMap, statement: Statement) -> Counted | None:
    return next((row for row in drawn.counted if row.statement == statement.pk), None)


def _percent(tally: Tally, agrees: bool) -> int:
    """Of the votes that were cast, as they can be counted; not of what the model expects."""
    return round(100 * (tally.agreed if agrees else tally.disagreed) / tally.seen) if tally.seen else 0
