"""What is raised, by whom, and where it stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from camphor.bodies.models import Body, Term, Venue
from camphor.engine.flow import Flow
from camphor.kit.fields import NameField, label_of
from camphor.kit.sealed import SealedField
from camphor.matters.models.assignment import Assignment, idle_files
from camphor.matters.models.backing import Backing
from camphor.matters.needs import lacking
from camphor.matters.rateable import rated_by
from camphor.people.actor import Actor, person_key, secret_key
from camphor.people.standing import offices_of
from camphor.rules.matters import (
    BEHIND,
    FORMS,
    KEY_LEVELS,
    MATTERS,
    OCCASIONS,
    OPENNESS,
    PARTS,
    PUBLISHED,
    WITHHELD,
)
from camphor.trail.history import attached_to
from camphor.trail.models import File, Link
from camphor.trail.moves import Moving

if TYPE_CHECKING:
    from camphor.people.models import Person


def _private() -> Q:
    """Drafts that nobody but their author and those invited to sign may see."""
    hidden = Q(pk__in=())
    for kind in MATTERS.values():
        hidden |= Q(kind=kind.name, state__in=kind.flow.private_states())
    return hidden


def _is_public() -> Q:
    """What is public by its state, unless it came of what is not published."""
    shown = Q(pk__in=())
    for kind in MATTERS.values():
        if not kind.disclosed:
            shown |= Q(kind=kind.name, state__in=kind.flow.public_states())
    return shown & ~Q(openness=WITHHELD)


def _is_disclosed() -> Q:
    """What is public as far as a clerk has decided so."""
    shown = Q(pk__in=())
    for kind in MATTERS.values():
        if kind.disclosed:
            shown |= Q(kind=kind.name, state__in=kind.flow.public_states(), openness__in=PUBLISHED)
    return shown


def _promised_to(person: Person) -> models.QuerySet[Matter]:
    """What was promised in answer to what he raised or signed."""
    asked = Q(promised_in__item__matter__author=person)
    signed = Q(promised_in__item__matter__backings__person=person)
    return Matter._default_manager.filter(asked | signed).order_by()


def _merged_into(matters: models.QuerySet[Any, Any]) -> models.QuerySet[Any, Any]:
    """The keys of those that were merged into these matters, and are answered with them."""
    links = Link.objects.filter(
        how="merged_into",
        target_type__app_label="matters",
        target_type__model="matter",
        source_type=models.F("target_type"),
        target_id__in=matters,
    )
    return links.values("source_id")


def _is_own(actor: Actor, on: date) -> Q:
    """What is his own, and what his bodies own."""
    seen = Q(pk__in=())
    if actor.person:
        seen |= Q(author=actor.person)
        seen |= Q(pk__in=Backing.objects.filter(person=actor.person).values("matter"))
        seen |= Q(pk__in=_promised_to(actor.person).values("pk"))
    if actor.digests:
        seen |= Q(code_digest__in=actor.digests)
    for path in actor.read_paths(on):
        seen |= Q(body__path__startswith=path) & ~_private()
    return seen


def _is_answered_by(offices: Collection[Body]) -> Q:
    """What these bodies must answer, alone or together with others."""
    if not offices:
        return Q(pk__in=())
    theirs = Assignment.objects.filter(handler__in=offices).values("matter")
    return Q(owed_by__in=offices) | Q(pk__in=theirs) | Q(pk__in=_merged_into(theirs))


class MatterQuerySet(models.QuerySet["Matter"]):
    """Matters, in the words of those who look for them."""

    def public(self) -> MatterQuerySet:
        return self.filter(_is_public() | _is_disclosed())

    def visible_to(self, actor: Actor, *, on: date) -> MatterQuerySet:
        """What is public, what is his own, what his bodies own, and what they must answer.

        Of a kind that is published by decision, the public has a page of its own, and not this view.
        """
        # what is public is asked of the row alone: a subquery costs a tenth of a second over a whole archive
        return self.filter(_is_public() | _is_own(actor, on) | _is_answered_by(offices_of(actor, on)))

    def owned_by(self, actor: Actor, *, on: date) -> MatterQuerySet:
        """What is his own, and what his bodies own."""
        return self.filter(_is_own(actor, on))

    def overdue(self, on: date) -> MatterQuerySet:
        return self.filter(due_on__lt=on)


class Matter(Moving):
    """Something raised that a body must answer by a day."""

    kind = NameField(MATTERS)
    title = models.CharField(max_length=100)
    text = models.TextField(blank=True)
    number = models.CharField(max_length=60, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="matters"
    )
    code_digest = models.CharField(max_length=64, blank=True)
    body = models.ForeignKey(Body, models.PROTECT, related_name="matters")
    venue = models.ForeignKey(Venue, models.PROTECT, null=True, blank=True, related_name="matters")
    owed_by = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="owed")
    round = models.PositiveSmallIntegerField(default=1)
    raised_at = models.DateTimeField()
    form = NameField(FORMS, blank=True)
    category = models.CharField(max_length=40, blank=True)
    occasion = NameField(OCCASIONS, blank=True)
    term = models.ForeignKey(Term, models.PROTECT, null=True, blank=True, related_name="matters")
    sponsor = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="sponsored")
    joined_by = models.ManyToManyField(Body, blank=True, related_name="joined")  # further sponsors
    is_urgent = models.BooleanField(default=False)
    facts: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    secret = SealedField(blank=True)  # trade secrets: for those who must answer, and for nobody else
    key_level = NameField(KEY_LEVELS, blank=True)
    is_outstanding = models.BooleanField(default=False)
    openness = NameField(OPENNESS, blank=True)
    reason_open = models.TextField(blank=True)  # why it is not published
    public_text = models.TextField(blank=True)
    ticket = models.CharField(max_length=40, blank=True)  # of the form that it was written on

    objects = MatterQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code_digest"], condition=~Q(code_digest=""), name="one_matter_a_code"
            ),
            models.UniqueConstraint(
                fields=["body", "kind", "number"], condition=~Q(number=""), name="number_given_once"
            ),
            models.UniqueConstraint(fields=["ticket"], condition=~Q(ticket=""), name="one_matter_a_form"),
        ]
        indexes = [
            models.Index(fields=["kind", "state", "due_on"]),
            models.Index(fields=["kind", "-raised_at", "-id"], name="matters_newest_first"),
            models.Index(fields=["body", "kind", "state", "due_on", "id"], name="matters_of_body"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def flow(self) -> Flow:
        return MATTERS[self.kind].flow

    @property
    def is_public(self) -> bool:
        decided = PUBLISHED if MATTERS[self.kind].disclosed else ("", *PUBLISHED)
        return self.openness in decided and super().is_public

    @property
    def kind_label(self) -> str:
        return label_of(MATTERS, self.kind)

    @property
    def home(self) -> Body:
        return self.body

    @property
    def author_keys(self) -> frozenset[str]:
        keys = {person_key(self.author_id)} if self.author_id else set()
        return frozenset(keys | ({secret_key(self.code_digest)} if self.code_digest else set()))

    @property
    def backer_keys(self) -> frozenset[str]:
        """Those who have signed in person, or to whom a share of it is credited."""
        if not MATTERS[self.kind].backed or not self.pk:
            return frozenset()
        return frozenset(person_key(pk) for pk in self._signed().values_list("person", flat=True))

    def _signed(self) -> models.QuerySet[Backing]:
        return Backing.objects.filter(matter=self.pk, state__in=BEHIND)

    def sponsors(self) -> list[Body]:
        """The bodies in whose name it is made, the one that comes first first."""
        return [self.sponsor, *self.joined_by.all()] if self.sponsor else []

    def proposers(self) -> list[Any]:
        """All persons whose matter it is, the first one first."""
        others = [backing.person for backing in self._signed().select_related("person")]
        return [self.author, *others] if self.author else others

    def hurries(self) -> bool:
        return self.is_urgent

    def done_by(self, keys: Collection[str]) -> Collection[str]:
        """Each proposer rates an answer once, also one sent back; it is commended and hurried once."""
        done = {"commend"} if self.is_outstanding else set()
        done |= {"hurry"} if self.is_urgent else set()
        return done | rated_by(self, keys)

    def idle(self) -> Collection[str]:
        return idle_files(self)

    def loose_files(self) -> models.QuerySet[File]:
        """The attached files, which can be taken out again as long as the text can be edited."""
        return attached_to(self)

    @property
    def handlers(self) -> list[Body]:
        bodies = list(Body.objects.filter(assignments__matter=self.pk)) if self.pk else []
        return bodies + ([self.owed_by] if self.owed_by else [])

    def lacking(self, needs: Collection[str], given: Mapping[str, Any]) -> tuple[str, ...]:
        return lacking(self, needs, given)

    def is_replied_to(self) -> bool:
        """Every department that leads has answered, unless it was released."""
        leads = [part.name for part in PARTS.values() if part.leads]
        leading = self.assignments.filter(part__in=leads).exclude(state="released")
        return leading.exists() and not leading.exclude(state="replied").exists()
