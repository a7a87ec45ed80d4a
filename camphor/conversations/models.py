"""Something put to many people: statements, votes, and the maps drawn from them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext

from camphor.bodies.models import Body
from camphor.engine.flow import Flow
from camphor.kit.fields import NameField, label_of
from camphor.people.actor import Actor, secret_key
from camphor.rules.conversations import CONVERSATION, REASONS, STATEMENT
from camphor.trail.moves import Moving


class ConversationQuerySet(models.QuerySet["Conversation"]):
    """Conversations, as far as somebody may see them."""

    def visible_to(self, actor: Actor, *, on: date) -> ConversationQuerySet:
        seen = Q(state__in=CONVERSATION.public_states())
        for path in actor.read_paths(on):
            seen |= Q(body__path__startswith=path)
        return self.filter(seen)


class Conversation(Moving):
    """A question put to many people, who answer with votes on statements, and with statements."""

    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    body = models.ForeignKey(Body, models.PROTECT, related_name="conversations")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)  # where it was imported from
    source_url = models.URLField(blank=True)
    statements_allowed = models.BooleanField(default=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def flow(self) -> Flow:
        return CONVERSATION

    @property
    def home(self) -> Body:
        return self.body

    def is_open(self, at: datetime) -> bool:
        """Votes count now."""
        return counts(self.state, self.opens_at, self.closes_at, at)


def counts(state: str, opens_at: datetime, closes_at: datetime | None, at: datetime) -> bool:
    """A vote counts that is cast at this moment in a conversation of which this is known."""
    return state == "open" and opens_at <= at and (closes_at is None or at < closes_at)


class ParticipantQuerySet(models.QuerySet["Participant"]):
    """Those who take part in conversations."""

    def voted(self) -> ParticipantQuerySet:
        """Who has voted at least once, as the map counts people; a statement alone is no vote."""
        return self.filter(Exists(Vote.objects.filter(participant=OuterRef("pk"))))


class Participant(models.Model):
    """Somebody who votes in one conversation, known by nothing but the digest of a cookie."""

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="participants")
    digest = models.CharField(max_length=64)
    number = models.PositiveIntegerField(null=True, blank=True)  # the number it had where it came from
    since = models.DateTimeField()

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "digest"], name="one_a_cookie")]

    def __str__(self) -> str:
        return f"{self.pk}"


class StatementQuerySet(models.QuerySet["Statement"]):
    """Statements, as far as somebody may see them."""

    def shown(self) -> StatementQuerySet:
        return self.filter(state__in=STATEMENT.public_states())

    def visible_to(self, actor: Actor, *, on: date) -> StatementQuerySet:
        """What is shown in a public conversation, what his bodies own, and what he wrote himself."""
        public = CONVERSATION.public_states()
        seen = Q(state__in=STATEMENT.public_states(), conversation__state__in=public)
        for path in actor.read_paths(on):
            seen |= Q(conversation__body__path__startswith=path)
        if actor.digests:
            seen |= Q(author__digest__in=actor.digests)
        return self.filter(seen)


class Statement(Moving):
    """One sentence that others agree or disagree with, or pass."""

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="statements")
    number = models.PositiveIntegerField()
    text = models.TextField()
    author = models.ForeignKey(Participant, models.PROTECT, null=True, blank=True, related_name="statements")
    seed = models.BooleanField(default=False)
    reason = NameField(REASONS, blank=True)
    remark = models.TextField(blank=True)
    said_at = models.DateTimeField()

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "number"], name="one_statement_a_number")
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def flow(self) -> Flow:
        return STATEMENT

    @property
    def home(self) -> Body:
        return self.conversation.body

    @property
    def author_keys(self) -> frozenset[str]:
        return frozenset({secret_key(self.author.digest)}) if self.author else frozenset()

    @property
    def state_row(self) -> tuple[str, str]:
        """Its state in words for its author, and the tone."""
        state = self.flow.states[self.state]
        return gettext(state.label), state.tone

    @property
    def reason_label(self) -> str:
        return label_of(REASONS, self.reason)


class Vote(models.Model):
    """One vote, as it was cast; the last one of a participant on a statement counts."""

    # Each index is a page more that a vote alters, and each constraint a question more that PostgreSQL asks.
    # The votes of a participant are found by his keys; a participant and a statement are of a conversation.
    conversation = models.ForeignKey(
        Conversation, models.PROTECT, related_name="votes", db_index=False, db_constraint=False
    )
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="votes", db_index=False)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="votes", db_index=False)
    value = models.SmallIntegerField()
    at = models.DateTimeField()
    key = models.CharField(max_length=32, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participant", "key"], name="counted_once"),
            models.CheckConstraint(condition=Q(value__in=(-1, 0, 1)), name="vote_is_one_of_three"),
        ]
        indexes = [models.Index(fields=["conversation", "id"], name="votes_in_order")]

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.value}"


class MapSnapshot(models.Model):
    """The map of a conversation as it stood after a certain vote."""

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="maps")
    last_vote = models.PositiveBigIntegerField()
    last_entry = models.PositiveBigIntegerField()  # moderation changes the map as well
    data: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    drawn_at = models.DateTimeField()

    class Meta:
        get_latest_by = "pk"
        constraints = [
            models.UniqueConstraint(fields=["conversation", "last_vote", "last_entry"], name="drawn_once")
        ]

    def __str__(self) -> str:
        return f"{self.conversation} {self.drawn_at:%F %R}"
