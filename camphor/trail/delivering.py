"""Notices leave the house: planned once, sent when their time has come, tried again until they arrive."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from camphor.people.models import Address, Preference
from camphor.rules.notices import (
    GATHERED_AT,
    LONGEST_PAUSE_MINUTES,
    MOST_TRIES,
    RHYTHMS,
    Rhythm,
)
from camphor.trail.gateways import Gateway, Message, Refused
from camphor.trail.models import Delivery, Notice
from camphor.trail.undoing import WINDOW

Write = Callable[[Sequence[Notice], str, str], Message]
"""From the notices, a language and a channel to the message that is sent."""
AT_A_TIME = 500
"""Notices planned, and deliveries sent, in one go: bounds memory and the length of transactions."""
log = logging.getLogger(__name__)


def plan(*, at: datetime, channels: Sequence[str]) -> int:
    """Decide once for each new notice over which channels it goes and when; how many were planned."""
    with transaction.atomic():
        new = Notice.objects.filter(planned_at=None).select_for_update(of=("self",)).order_by("pk")
        notices = list(new.select_related("entry")[:AT_A_TIME])
        people = {notice.person_id for notice in notices}
        wishes = {one.person_id: one for one in Preference.objects.filter(person__in=people)}
        reached = defaultdict(list)
        for address in Address.objects.filter(person__in=people, channel__in=channels):
            reached[address.person_id].append(address.channel)
        Delivery.objects.bulk_create(
            Delivery(notice=notice, channel=channel, not_before=_when(notice, wishes, at))
            for notice in notices
            if notice.read_at is None
            for channel in reached[notice.person_id]
        )
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(planned_at=at)
    return len(notices)


def _when(notice: Notice, wishes: Mapping[int, Preference], at: datetime) -> datetime:
    """When the mover can no longer take the move back, by the person's rhythm, outside of quiet hours."""
    start = max(at, notice.entry.at + WINDOW) if notice.entry and _can_be_undone(notice) else at
    wish = wishes.get(notice.person_id)
    if wish is None:
        return start
    return awake(gathered(start, RHYTHMS[wish.rhythm]), wish)


def _can_be_undone(notice: Notice) -> bool:
    entry = notice.entry
    flow = getattr(entry.subject, "flow", None) if entry else None
    move = flow.moves.get(entry.move) if flow and entry else None
    return bool(move and move.undo)


def gathered(start: datetime, rhythm: Rhythm) -> datetime:
    """The next moment at which gathered notices go out; at once where none are gathered."""
    if not rhythm.days:
        return start
    local = timezone.localtime(start)
    then = local.replace(hour=GATHERED_AT.hour, minute=GATHERED_AT.minute, second=0, microsecond=0)
    if rhythm.days == 7:
        then += timedelta(days=-then.weekday())
    while then < local:
        then += timedelta(days=rhythm.days)
    return then


def awake(start: datetime, wish: Preference) -> datetime:
    """The same moment, or the end of the quiet hours that it lies in; these may go past midnight."""
    since, until = wish.quiet_from, wish.quiet_until
    if since is None or until is None or since == until:
        return start
    local = timezone.localtime(start)
    now = local.time()
    quiet = since <= now < until if since < until else now >= since or now < until
    if not quiet:
        return start
    end = local.replace(hour=until.hour, minute=until.minute, second=0, microsecond=0)
    return end if now < until else end + timedelta(days=1)


def send(*, at: datetime, ways: Mapping[str, Gateway], write: Write) -> Counter[str]:
    """Send what is due, all that waits for a person over a channel in one message; what became of it."""
    waiting = Delivery.objects.filter(outcome="waiting", not_before__lte=at, channel__in=ways)
    due = waiting.order_by("notice__person", "channel", "pk").values_list("notice__person", "channel", "pk")
    done: Counter[str] = Counter()
    for (person, channel), rows in groupby(due[:AT_A_TIME], key=lambda row: (row[0], row[1])):
        found = _claim([pk for _person, _channel, pk in rows], at=at)
        unread = [one for one in found if one.notice.read_at is None]
        _finish([one for one in found if one.notice.read_at], "read", at=at)
        done["read"] += len(found) - len(unread)
        if unread:
            done[_hand_over(unread, person, ways[channel], write, at=at)] += len(unread)
    return done


def _claim(keys: list[int], *, at: datetime) -> list[Delivery]:
    """Take these up for a try; should this process die, they come up again after the pause."""
    with transaction.atomic():
        rows = Delivery.objects.filter(pk__in=keys, outcome="waiting", not_before__lte=at).order_by("pk")
        related = ("notice__entry", "notice__reminding")
        found = list(rows.select_for_update(of=("self",)).select_related(*related))
        for one in found:
            one.tries += 1
            one.not_before = at + pause(one.tries)
        Delivery.objects.bulk_update(found, ["tries", "not_before"])
    return found


def pause(tries: int) -> timedelta:
    """How long after so many tries it is tried again: two minutes, four, eight, up to some hours."""
    return timedelta(minutes=min(2**tries, LONGEST_PAUSE_MINUTES))


def _hand_over(
    deliveries: list[Delivery], person: int, gateway: Gateway, write: Write, *, at: datetime
) -> str:
    """One message for all of these; what became of them."""
    channel = deliveries[0].channel
    reached = Address.objects.filter(person=person, channel=channel).first()
    if reached is None or not reached.address:
        return _finish(deliveries, "withdrawn", at=at)
    wish = Preference.objects.filter(person=person).first() or Preference()
    message = write([one.notice for one in deliveries], wish.language, channel)
    try:
        gateway.send(reached.address, message)
    except Refused as refusal:
        return _finish(deliveries, "given_up", at=at, fault=refusal)
    except Exception as fault:  # whatever a gateway raises, the message is kept and tried again
        log.warning("a message over %s was not sent", channel, exc_info=fault)
        last = [one for one in deliveries if one.tries >= MOST_TRIES]
        _finish(last, "given_up", at=at, fault=fault)
        again = [one.pk for one in deliveries if one.tries < MOST_TRIES]
        Delivery.objects.filter(pk__in=again).update(fault=type(fault).__name__)
        return "waiting" if again else "given_up"
    return _finish(deliveries, "sent", at=at)


def _finish(deliveries: list[Delivery], outcome: str, *, at: datetime, fault: Exception | None = None) -> str:
    rows = Delivery.objects.filter(pk__in=[one.pk for one in deliveries])
    rows.update(outcome=outcome, done_at=at, fault=type(fault).__name__ if fault else "")
    return outcome
