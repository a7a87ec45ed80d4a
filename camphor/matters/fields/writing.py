"""The fields for what is raised: form, title, text, numbered items, facts, and who signs as well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camphor.bodies.rulebook import deadline, words
from camphor.bodies.rulebook import forms as forms_of
from camphor.engine.flow import State
from camphor.kit.credit_code import CreditCodeField
from camphor.kit.fields import label_of
from camphor.kit.nouns import Asking, FieldMaker
from camphor.kit.plain_text import PlainLineField, PlainTextField
from camphor.kit.words import LONGEST_TEXT, UNCHOSEN, LinesField, LongChoices, choice, day, long_text
from camphor.matters.actions import CODE_LENGTH, clean_code, grouped, new_code
from camphor.matters.models import Matter
from camphor.people.models import Membership, Person
from camphor.rules.ledgers import COLUMNS
from camphor.rules.matters import MATTERS, Fact, MatterKind

LONGEST_ITEM = 500
"""Characters: an item is one demand that can be answered by itself."""
CHECKED: dict[str, type[PlainLineField]] = {"credit_code": CreditCodeField}
"""The fields of facts that are checked, by what the rules say that each is written as."""
EDITS = ("edit", "revise")
"""The moves whose form begins with what stands there."""
NOTES = {
    "show": gettext_lazy("What was done, and where it can be seen"),
    "confirm": gettext_lazy("What was seen on the spot"),
    "strike": gettext_lazy("What was seen on the spot"),
    "look_in": gettext_lazy("How far it is, and what comes next"),
    "look_again": gettext_lazy("What was seen on the spot"),
    "visit": gettext_lazy("What was seen and said"),
    "plan": gettext_lazy("What is done, by whom and by when"),
    "plan_anew": gettext_lazy("What is done, by whom and by when"),
    "progress": gettext_lazy("How far it is, and what comes next"),
    "tell_more": gettext_lazy("How far it is, and what comes next"),
    "tell": gettext_lazy("What its author is told"),
    "first_contact": gettext_lazy("What was talked about"),
    "contact": gettext_lazy("What was talked about"),
    "complete": gettext_lazy("What was done"),
    "supervise": gettext_lazy("What was talked about and agreed"),
    "hear": gettext_lazy("What the meeting said"),
    "opine": gettext_lazy("Opinion of the unit"),
}
"""What a note asks for, by the move that it is written with."""


def now(asking: Asking, name: str) -> Any:
    """What the thing says already, where the move edits it."""
    return getattr(asking.thing, name, None) if asking.move.name in EDITS else None


def writes(asking: Asking) -> bool:
    """The move writes the matter itself, and not a note about it."""
    return isinstance(asking.thing, Matter) and "title" in asking.move.asks


def unfinished(asking: Asking) -> bool:
    """What is written stays a draft that nobody else reads: it may be kept before it is complete."""
    state: State = asking.thing.flow.states[asking.move.end(asking.thing.state)]
    return state.private


def title(asking: Asking) -> Mapping[str, forms.Field]:
    named = isinstance(asking.thing, Matter) and MATTERS[asking.thing.kind].title_word
    label = gettext_lazy("Subject: what is to be solved") if named else gettext_lazy("Title")
    kept = forms.TextInput({"data-keep": "title"})
    return {"title": PlainLineField(label=label, max_length=100, initial=now(asking, "title"), widget=kept)}


def text(asking: Asking) -> Mapping[str, forms.Field]:
    """The text of the matter, as long as its kind allows; or a note about it."""
    if not writes(asking):
        return {"text": long_text(NOTES.get(asking.move.name, gettext_lazy("Text")))}
    kind = MATTERS[asking.thing.kind]
    field = PlainTextField(
        label=gettext_lazy(kind.text_word or "Text"),
        required=kind.name != "recommendation" and not unfinished(asking),
        max_length=kind.longest,
        widget=forms.Textarea({"rows": 8, "data-keep": "text"}),
        initial=now(asking, "text"),
        help_text=_how_long(kind),
    )
    return {"text": field}


def _how_long(kind: MatterKind) -> str:
    counted = _(", ").join(_(fact.label) for fact in kind.facts if fact.counts)
    if counted:
        said = _("At most %(n)s characters, together with: %(fields)s.")
        return said % {"n": kind.longest, "fields": counted}
    return _("At most %(n)s characters.") % {"n": kind.longest}


def items(asking: Asking) -> Mapping[str, forms.Field]:
    old = "\n".join(item.text for item in asking.thing.items.all()) if asking.move.name in EDITS else ""
    word = _(MATTERS[asking.thing.kind].item_word) if isinstance(asking.thing, Matter) else _("Items")
    field = LinesField(
        label=_("%(items)s, one a line") % {"items": word},
        longest=LONGEST_ITEM,
        required=not unfinished(asking),
        initial=old,
        help_text=gettext_lazy("Each line becomes a numbered item, which is answered by itself."),
    )
    return {"items": field}


def form(asking: Asking) -> Mapping[str, forms.Field]:
    table = forms_of(asking.thing.home, on=asking.on)
    field = choice(table, gettext_lazy("Form of submission"))
    field.initial = now(asking, "form") or "member"
    return {"form": field}


def category(asking: Asking) -> Mapping[str, forms.Field]:
    table = words("categories", asking.thing.home, on=asking.on)
    field = choice(table, gettext_lazy("Category"), required="category" in asking.move.insists)
    field.initial = asking.thing.category or None
    return {"category": field}


def is_urgent(asking: Asking) -> Mapping[str, forms.Field]:
    label = gettext_lazy("Urgent: to be reviewed on the same day")
    return {"is_urgent": forms.BooleanField(label=label, required=False, initial=now(asking, "is_urgent"))}


def secret(asking: Asking) -> Mapping[str, forms.Field]:
    said = gettext_lazy("Seen only by the units that must answer.")
    field = long_text(gettext_lazy("Trade secrets"), required=False, help_text=said)
    field.widget.attrs = {"rows": 5, "autocomplete": "off"}  # no draft of it stays in the browser
    return {"secret": field}


def code(asking: Asking) -> Mapping[str, forms.Field]:
    """A new lookup code, shown this once: only its digest is kept."""
    said = gettext_lazy("Write it down or print this page, and hand it to the enterprise. It is kept nowhere "
                        "and never shown again; a new code makes the earlier one void.")  # fmt: skip
    field = forms.CharField(
        label=gettext_lazy("Lookup code"),
        initial=grouped(new_code()),
        max_length=60,
        widget=forms.TextInput({"class": "code-input", "readonly": True, "autocomplete": "off"}),
        help_text=said,
    )
    return {"code": field}


def read_code(typed: str) -> str:
    code = clean_code(typed)
    if len(code) != CODE_LENGTH:
        raise forms.ValidationError({"code": _("Please leave the code as it was shown.")})
    return code


def facts(asking: Asking) -> Mapping[str, forms.Field]:
    """What its kind tells besides, each as one field."""
    old = asking.thing.facts if asking.move.name in EDITS else {}
    kind = MATTERS[asking.thing.kind]
    return {f"fact_{fact.name}": _fact(fact, old.get(fact.name, ""), kind.longest) for fact in kind.facts}


def _fact(fact: Fact, old: str, longest: int) -> forms.Field:
    label = gettext_lazy(fact.label)
    if fact.choices:
        rows = [("", UNCHOSEN), *((word.name, gettext_lazy(word.label)) for word in fact.choices)]
        return forms.ChoiceField(label=label, choices=rows, required=fact.needed, initial=old)
    if fact.long:
        most = longest if fact.counts else LONGEST_TEXT
        return long_text(label, required=fact.needed, initial=old, longest=most)
    if fact.written_as:
        return CHECKED[fact.written_as](label=label, required=fact.needed, initial=old)
    return PlainLineField(label=label, max_length=200, required=fact.needed, initial=old)


def told_facts(matter: Matter) -> list[tuple[str, str]]:
    """The facts of a matter as pages show them."""
    rows = []
    for fact in MATTERS[matter.kind].facts:
        value = str(matter.facts.get(fact.name, ""))
        named = {word.name: word.label for word in fact.choices}
        if value:
            rows.append((_(fact.label), _(named[value]) if value in named else value))
    return rows


def told_ledger(matter: Matter) -> list[tuple[str, str]]:
    """What the ledger told of a matter that was taken over, and what stands nowhere else on its page."""
    told: dict[str, str] = matter.facts.get("ledger", {})
    shown = {"category"} if matter.category else set()
    rows = [
        (_(one.label), told.get(one.name, ""))
        for one in COLUMNS.values()
        if not one.kept and one.name not in shown
    ]
    besides = [(name[1:], value) for name, value in told.items() if name.startswith("+")]
    return [(label, value) for label, value in rows + besides if value]


def category_label(matter: Matter, asking_on: Any) -> str:
    table = words("categories", matter.body, on=asking_on)
    return label_of(table, matter.category) if matter.category else ""


def on_behalf_of(asking: Asking) -> Mapping[str, forms.Field]:
    """The member who handed it in on paper."""
    seats = Membership.objects.in_force(asking.on).filter(
        role="member", body__path__startswith=asking.thing.home.path
    )
    members = Person.objects.filter(pk__in=seats.values("person"), is_active=True).order_by("name")
    said = gettext_lazy("The member is told, and must confirm it in person before it counts as submitted.")
    field = forms.ModelChoiceField(
        members, label=gettext_lazy("Proposer"), help_text=said, empty_label=UNCHOSEN
    )
    return {"on_behalf_of": field}


def unasked(asking: Asking) -> QuerySet[Person]:
    """The other members of the committee who were not asked to sign yet."""
    seats = Membership.objects.in_force(asking.on).filter(
        role="member", body__path__startswith=asking.thing.home.path
    )
    asked = asking.thing.backings.values("person")
    members = Person.objects.filter(pk__in=seats.values("person"), is_active=True)
    return members.exclude(pk__in=asked).exclude(pk=asking.thing.author_id).order_by("name")


def invited(asking: Asking) -> Mapping[str, forms.Field]:
    said = gettext_lazy("Each signs in person on his own desk; whoever does not by the day is left out.")
    field = forms.ModelMultipleChoiceField(
        unasked(asking),
        label=gettext_lazy("Members to be asked"),
        required=not asking.thing.joined_by.exists(),
        widget=LongChoices,
        help_text=said,
    )
    return {"invited": field}


def confirm_by(asking: Asking) -> Mapping[str, forms.Field]:
    usual = deadline("signature", asking.thing.home, on=asking.on)
    return {"confirm_by": day(gettext_lazy("To be signed by"), initial=usual)}


FIELDS: dict[str, FieldMaker] = {
    maker.__name__: maker
    for maker in (
        title, text, items, form, category, is_urgent, secret, code, facts, on_behalf_of,
        invited, confirm_by,
    )
}  # fmt: skip
