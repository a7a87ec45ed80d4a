"""What a recommendation rests on: the statements that all groups of a conversation share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from camphor.consultations.models import Consultation
from camphor.conversations import maps
from camphor.conversations.models import Conversation, Statement
from camphor.engine.opinion import OpinionMap
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
        agreed, disagreed, _seen = _counts(known, statement)
        found.append(_support(statement, known, agrees=agreed >= disagreed))
    return found


def _support(statement: Statement, drawn: OpinionMap, *, agrees: bool) -> Support:
    row = next((row for row in drawn.counted if row.statement == statement.pk), None)
    letters = [group.letter for group in drawn.groups]
    of_groups = zip(letters, row.groups if row else (), strict=False)
    groups = tuple((letter, _percent(counts, agrees)) for letter, counts in of_groups)
    return Support(statement, agrees, _percent(_counts(drawn, statement), agrees), groups)


def _counts(drawn: OpinionMap, statement: Statement) -> tuple[int, int, int]:
    """Agreed, disagreed, seen; nothing for a statement that nobody has voted on."""
    return next((row.all for row in drawn.counted if row.statement == statement.pk), (0, 0, 0))


def _percent(counts: tuple[int, int, int], agrees: bool) -> int:
    agreed, disagreed, seen = counts
    return round(100 * (agreed if agrees else disagreed) / seen) if seen else 0
