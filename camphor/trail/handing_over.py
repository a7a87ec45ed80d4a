"""Work that goes to a colleague: for good, with the seats; or for a while, in one's name; all on record."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from camphor.people.actor import Actor
from camphor.people.models import Delegation, Membership, Person
from camphor.rules.people import LENT_ROLES, LONGEST_DELEGATION
from camphor.trail.models import Entry, Notice

DAY = timedelta(days=1)


class Refused(ValueError):
    """Why work cannot go to somebody, in the reader's language."""


def own_seats(person: Person, *, on: date) -> QuerySet[Membership]:
    """The seats whose work he can give away that day: his own, never those that are lent to him."""
    seats = Membership.objects.in_force(on).filter(person=person, role__in=LENT_ROLES)
    return seats.select_related("body", "person").order_by("pk")


def handed_over(givers: QuerySet[Person] | list[Person]) -> QuerySet[Entry]:
    """The hand-overs for good of their seats that were not taken back, the newest first."""
    seats = Membership.objects.filter(person__in=givers).values("pk")
    kind = ContentType.objects.get_for_model(Membership)
    found = Entry.objects.filter(move="hand_over", undone_by=None, subject_type=kind, subject_id__in=seats)
    return found.order_by("-at", "-pk")


def seats_left(person: Person, *, on: date) -> QuerySet[Membership]:
    """The seats that he can hand over for good: not those that go to somebody already, if only later."""
    return own_seats(person, on=on).exclude(pk__in=handed_over([person]).values("subject_id"))


def colleagues(person: Person, *, on: date) -> QuerySet[Person]:
    """Those who have a seat in the same house: in his bodies, or in what these are parts of or made of.

    Whoever audits the house does nobody's work in it.
    """
    roots = {seat.body.path.split("/")[0] + "/" for seat in own_seats(person, on=on)}
    near = Q(pk__in=())
    for root in roots:
        near |= Q(body__path__startswith=root)
    seats = Membership.objects.in_force(on).filter(near)
    audits = seats.filter(role="auditor")
    found = Person.objects.filter(pk__in=seats.values("person"), is_active=True)
    return found.exclude(pk=person.pk).exclude(pk__in=audits.values("person"))


def led_by(actor: Actor, *, on: date) -> QuerySet[Person]:
    """Those whose work he may give away as the leader of their unit."""
    led = Q(pk__in=())
    for seat in actor.memberships(on):
        if seat.role == "leader" and actor.person and seat.person_id == actor.person.pk:
            led |= Q(body__path__startswith=seat.body.path)
    seats = Membership.objects.in_force(on).filter(led, role__in=LENT_ROLES)
    return Person.objects.filter(pk__in=seats.values("person"))


@transaction.atomic
def hand_over(
    giver: Person, receiver: Person, *, since: date, by: Actor, at: datetime, open_things: int = 0
) -> list[Entry]:
    """All seats of one become another's from a day on; he is told. Raises PermissionDenied or Refused."""
    on = timezone.localdate(at)
    standing = _may_give(giver, by, on=on)
    held = list(own_seats(giver, on=on).select_for_update(of=("self",)))
    _judge(giver, receiver, held, since=since, on=on)
    seats = list(seats_left(giver, on=on))
    if not seats:
        raise Refused(_("All of this work is handed over already. To change that, take it back first."))
    entries = []
    for seat in seats:
        taken, _new = Membership.objects.get_or_create(
            person=receiver,
            body=seat.body,
            role=seat.role,
            until=None,
            since__lte=since,
            defaults={"since": since},
        )
        given = {"receiver": receiver.pk, "since": since, "seat": taken.pk, "open": open_things}
        given |= {"new": _new, "until": seat.until}
        seat.until = since
        seat.save(update_fields=["until"])
        entries.append(_record(seat, "hand_over", by=by, at=at, standing=standing, given=given))
        told = _record(taken, "take_over", by=by, at=at, standing=standing, given=given)
        _tell(told, receiver, by)
        _tell(entries[-1], giver, by)
    return entries


@transaction.atomic
def take_back(entry: Entry, *, by: Actor, at: datetime) -> None:
    """What was handed over goes back from today on; a seat that has ended begins anew: the past stays."""
    on = timezone.localdate(at)
    seat: Membership = Membership.objects.select_for_update(of=("self",)).get(pk=entry.subject_id)
    standing = _may_give(seat.person, by, on=on)
    since = date.fromisoformat(str(entry.given["since"]))
    taken = Membership.objects.get(pk=entry.given["seat"])
    try:
        with transaction.atomic():
            told = _record(seat, "take_back", by=by, at=at, standing=standing, given={}, undoes=entry)
    except IntegrityError as twice:
        raise Refused(_("This was taken back already.")) from twice
    if since >= on:
        until = entry.given["until"]
        seat.until = date.fromisoformat(until) if until else None
        seat.save(update_fields=["until"])
    else:
        Membership.objects.create(person=seat.person, body=seat.body, role=seat.role, since=on)
    if entry.given["new"]:
        taken.until = max(on, taken.since)
        taken.save(update_fields=["until"])
    _tell(told, taken.person, by)
    _tell(told, seat.person, by)


@transaction.atomic
def delegate(
    giver: Person, receiver: Person, *, since: date, last_on: date, by: Actor, at: datetime
) -> Delegation:
    """A colleague does one's work in his name up to a last day; raises PermissionDenied or Refused."""
    on = timezone.localdate(at)
    standing = _may_give(giver, by, on=on)
    _judge(giver, receiver, list(own_seats(giver, on=on)), since=since, on=on)
    if not own_seats(giver, on=since).exists():
        raise Refused(_("From this day on there is no work left to lend: it is handed over for good."))
    if last_on < since:
        raise Refused(_("The last day lies before the first."))
    if (last_on - since).days >= LONGEST_DELEGATION:
        said = _("Work can be lent for %(n)s days at most; for longer, hand it over.")
        raise Refused(said % {"n": LONGEST_DELEGATION})
    same = Delegation.objects.filter(giver=giver, receiver=receiver, since__lte=last_on, until__gt=since)
    if same.exists():
        raise Refused(_("This colleague does the work in these days already."))
    lent = Delegation.objects.create(giver=giver, receiver=receiver, since=since, until=last_on + DAY)
    given = {"giver": giver.pk, "receiver": receiver.pk, "since": since, "last_on": last_on}
    entry = _record(lent, "delegate", by=by, at=at, standing=standing, given=given)
    _tell(entry, receiver, by)
    _tell(entry, giver, by)
    return lent


@transaction.atomic
def end(delegation: Delegation, *, by: Actor, at: datetime) -> None:
    """Whoever lent the work, does it, or leads the unit may end it at once; raises PermissionDenied."""
    on = timezone.localdate(at)
    receives = by.person == delegation.receiver
    standing = "receiver" if receives else _may_give(delegation.giver, by, on=on)
    delegation.until = min(delegation.until, max(on, delegation.since))
    delegation.save(update_fields=["until"])
    entry = _record(delegation, "end_delegation", by=by, at=at, standing=standing, given={})
    _tell(entry, delegation.receiver, by)
    _tell(entry, delegation.giver, by)


def _may_give(giver: Person, by: Actor, *, on: date) -> str:
    """In which standing he gives the work away: one's own, or that of one's people."""
    if by.person == giver:
        return "self"
    if led_by(by, on=on).filter(pk=giver.pk).exists():
        return "leader"
    raise PermissionDenied("only oneself and the leader of the unit give away somebody's work")


def _judge(giver: Person, receiver: Person, seats: list[Membership], *, since: date, on: date) -> None:
    if not seats:
        raise Refused(_("There is no work to hand over: the account belongs to no body."))
    if not colleagues(giver, on=on).filter(pk=receiver.pk).exists():
        raise Refused(_("Work goes to a colleague of the same house only."))
    if since < on:
        raise Refused(_("This day has passed already."))


def _record(
    subject: Membership | Delegation,
    move: str,
    *,
    by: Actor,
    at: datetime,
    standing: str,
    given: dict[str, object],
    undoes: Entry | None = None,
) -> Entry:
    body = subject.body if isinstance(subject, Membership) else None
    return Entry.objects.create(
        at=at,
        by=by.person,
        in_name_of=body,
        standing=standing,
        move=move,
        given=given,
        subject=subject,
        undoes=undoes,
    )


def _tell(entry: Entry, person: Person, by: Actor) -> None:
    if person != by.person:
        Notice.objects.get_or_create(entry=entry, person=person)
