"""What moves do to the words of a matter: its text, items and facts, its number, and what is published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from camphor.bodies.actions import next_number, reserve_number
from camphor.bodies.rulebook import pattern
from camphor.matters.making import EFFECTS
from camphor.matters.models import Assignment, Item, Matter
from camphor.matters.redaction import redacted
from camphor.people.actor import Actor, digest
from camphor.rules.matters import MATTERS, PUBLISHED, WITHHELD
from camphor.trail.models import Entry

COLUMNS = ("title", "text", "category", "form", "sponsor", "is_urgent", "secret")
"""What is written into the column of its own name."""


def set_items(matter: Matter, items: Sequence[str]) -> None:
    if [item.text for item in matter.items.all()] == list(items):
        return
    matter.items.all().delete()  # only ever in a draft, which nobody has answered
    Item.objects.bulk_create(Item(matter=matter, place=n, text=text) for n, text in enumerate(items, start=1))


def fill(matter: Matter, *, by: Actor, at: datetime, entry: Entry, **given: Any) -> None:
    """Write what was handed in, as far as it belongs to the matter itself.

    A secret is not shown to whoever edits the rest, so a field left empty does not take it away.
    """
    written = [name for name in COLUMNS if name in given and not (name == "secret" and not given[name])]
    for name in written:
        setattr(matter, name, given[name])
    matter.facts = {**matter.facts, **given.get("facts", {})}
    matter.save(update_fields=[*written, "facts"])  # a secret that can't be opened today is not overwritten
    if "joined_by" in given:
        matter.joined_by.set(given["joined_by"])
    if "items" in given:
        set_items(matter, given["items"])


def open_request(matter: Matter, *, by: Actor, at: datetime, entry: Entry, **given: Any) -> None:
    """Only the enterprise can say that it was answered: a clerk who writes it down is not its author."""
    if entry.standing == "clerk":
        matter.author = None
        matter.save(update_fields=["author"])
    fill(matter, by=by, at=at, entry=entry, **given)


def give_code(matter: Matter, *, by: Actor, at: datetime, entry: Entry, code: str) -> None:
    """From here on this code alone opens the page of the enterprise; one that it had before is void."""
    if matter.author_id:
        raise ValueError(gettext("Whoever raised it has an account, and needs no code."))
    matter.code_digest = digest(code)
    matter.save(update_fields=["code_digest"])


def number(matter: Matter, *, by: Actor, at: datetime, entry: Entry, **given: Any) -> None:
    """Give the number, once and for ever; a matter that comes back to be numbered keeps what it has."""
    if matter.number:
        return
    kind, on = MATTERS[matter.kind], timezone.localdate(at)
    series = pattern(kind.name, kind.series, matter.body, on=on)
    matter.number = next_number(matter.body, kind.name, series, on=on, term=matter.term)
    matter.save(update_fields=["number"])


def take_over(matter: Matter, *, by: Actor, at: datetime, entry: Entry, **given: Any) -> None:
    """A matter of an earlier year brings its number, which the series then never gives again."""
    set_items(matter, given.get("items", ()))
    kind, on = MATTERS[matter.kind], timezone.localdate(at)
    if matter.number:
        series = pattern(kind.name, kind.series, matter.body, on=on)
        reserve_number(matter.body, kind.name, series, matter.number)


def hurry(matter: Matter, *, by: Actor, at: datetime, entry: Entry, **given: Any) -> None:
    matter.is_urgent = True
    matter.save(update_fields=["is_urgent"])


def choose_category(matter: Matter, *, by: Actor, at: datetime, entry: Entry, **given: Any) -> None:
    matter.category = given["category"]
    matter.save(update_fields=["category"])


def hidden_names(matter: Matter) -> list[str]:
    """The names that must not be published: those of the proposers, unless the first of them allows it."""
    if matter.facts.get("name_public") == "yes":
        return []
    return [person.name for person in matter.proposers()]


def judged(openness: str, reason_open: str, public_text: str, matter: Matter) -> dict[str, str]:
    """The decision as it is kept: a text without personal data, or the reason why there is none."""
    if openness == "none" and not reason_open:
        raise ValueError(gettext("Please say why it is not published."))
    if openness != "none" and not public_text:
        raise ValueError(gettext("Please give the text that is published."))
    shown = "" if openness == "none" else redacted(public_text, hidden_names(matter))
    return {"openness": openness, "reason_open": reason_open, "public_text": shown}


def disclose(matter: Matter, *, by: Actor, at: datetime, entry: Entry, **given: Any) -> None:
    Matter.objects.filter(pk=matter.pk).update(**judged(**given, matter=matter))
    matter.refresh_from_db(fields=["openness", "reason_open", "public_text"])
    _show_promises(matter)


def disclose_reply(assignment: Assignment, *, by: Actor, at: datetime, entry: Entry, **given: Any) -> None:
    """What is published of the last letter to each proposal; each hides the names of its own proposers.

    A merged proposal that was content with an earlier round has its last letter there.
    """
    last = {letter.matter_id: letter for letter in assignment.letters.order_by("round", "pk")}
    for letter in last.values():
        if letter.openness and letter.round != assignment.round:
            continue  # it was decided in its own round
        for name, value in judged(**given, matter=letter.matter).items():
            setattr(letter, name, value)
        letter.save(update_fields=["openness", "reason_open", "public_text"])
    _show_promises(assignment.matter)


def _show_promises(matter: Matter) -> None:
    """What was promised in the answers to it is public with it and with the answer, and never before."""
    letters = matter.letters.filter(openness__in=PUBLISHED) if matter.openness in PUBLISHED else ()
    promises = Matter.objects.filter(promised_in__item__matter=matter)
    shown = set(promises.filter(promised_in__assignment__letters__in=letters).values_list("pk", flat=True))
    for promise in promises.distinct():
        promise.openness = "" if promise.pk in shown else WITHHELD
        promise.save(update_fields=["openness"])


def choose_key(
    matter: Matter, *, by: Actor, at: datetime, entry: Entry, key_level: str, led_by: str = "", **_: Any
) -> None:
    matter.key_level = key_level
    matter.facts = {**matter.facts, "led_by": led_by}
    matter.save(update_fields=["key_level", "facts"])


def commend(matter: Matter, *, by: Actor, at: datetime, entry: Entry, **given: Any) -> None:
    matter.is_outstanding = True
    matter.save(update_fields=["is_outstanding"])


EFFECTS.update(
    {(kind, move): fill for kind in MATTERS for move in ("draft", "edit", "revise") if kind != "concern"}
)
EFFECTS.update({(kind, "import"): take_over for kind in MATTERS})
EFFECTS.update({(kind, "issue"): number for kind in ("recommendation", "finding")})
EFFECTS.update(
    {
        ("proposal", "file"): number,
        ("proposal", "pass"): choose_category,
        ("proposal", "hurry"): hurry,
        ("proposal", "choose_key"): choose_key,
        ("proposal", "disclose"): disclose,
        ("proposal", "commend"): commend,
        ("assignment", "disclose"): disclose_reply,
        ("opinion", "sign"): number,
        ("resolution", "adopt"): number,
        ("request", "raise"): open_request,
        ("request", "give_code"): give_code,
    }
)
