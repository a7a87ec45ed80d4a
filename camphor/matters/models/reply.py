"""What was asked item by item, what was answered, and how that was rated."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from camphor.kit.fields import NameField, label_of
from camphor.matters.models.assignment import Assignment
from camphor.matters.models.matter import Matter
from camphor.rules.matters import OPENNESS, SCORES
from camphor.trail.models import File


class Item(models.Model):
    """A numbered point of a recommendation, answered by itself."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="items")
    place = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["matter", "place"], name="one_item_a_place")]

    def __str__(self) -> str:
        return f"{self.place}. {self.text}"


class Reply(models.Model):
    """What a body answered to an item, or to the whole, in which round; never changed afterwards."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="replies")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="replies")
    round = models.PositiveSmallIntegerField()
    text = models.TextField()
    grade = models.CharField(max_length=10, blank=True)
    promise = models.ForeignKey(Matter, models.PROTECT, null=True, blank=True, related_name="promised_in")
    contact = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["round", "item__place", "pk"]

    def __str__(self) -> str:
        return f"{self.assignment}: {self.text[:20]}"


class Letter(models.Model):
    """The letter that went out to the proposers of one proposal in one round; never changed afterwards.

    What is published of it is decided later, so those three columns alone may change.
    """

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="letters")
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="letters")
    round = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=60)
    grade = models.CharField(max_length=10)
    declared_grade = models.CharField(max_length=10)  # by the unit; the office may have corrected it
    signed_by = models.CharField(max_length=50)
    contact = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()
    openness = NameField(OPENNESS, blank=True)
    reason_open = models.TextField(blank=True)
    public_text = models.TextField(blank=True)

    class Meta:
        ordering = ["round", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "matter", "round"], name="one_letter_a_proposal_and_round"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.matter}"


OF_WHOLE = Q(assignment=None)


class Rating(models.Model):
    """How content the one who asked was with the answer, or with that of one unit, round by round."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="ratings")
    round = models.PositiveSmallIntegerField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="ratings"
    )  # none where the one who asked is known by a code alone
    score = NameField(SCORES)  # of the result
    handling = NameField(SCORES, blank=True)  # of the way in which it was handled
    remark = models.TextField(blank=True)
    at = models.DateTimeField()
    scan = models.ForeignKey(File, models.PROTECT, null=True, blank=True, related_name="+")
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, null=True, blank=True, related_name="ratings"
    )  # of the unit whose answer is rated by itself; none where it is rated as a whole

    class Meta:
        ordering = ["round", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "round"], condition=OF_WHOLE & Q(person=None), name="rated_once_a_round"
            ),
            models.UniqueConstraint(
                fields=["matter", "round", "person"], condition=OF_WHOLE, name="each_rates_once_a_round"
            ),
            models.UniqueConstraint(
                fields=["matter", "round", "person", "assignment"], name="each_rates_a_unit_once_a_round"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter}: {self.score}"

    @property
    def score_label(self) -> str:
        return label_of(SCORES, self.score)

    @property
    def handling_label(self) -> str:
        return label_of(SCORES, self.handling) if self.handling else ""
