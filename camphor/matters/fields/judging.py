"""The fields for judging: grounds, twins, and ratings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camphor.bodies.rulebook import words
from camphor.kit.nouns import Asking, FieldMaker
from camphor.kit.words import UNCHOSEN, LongChoices, choice
from camphor.kit.words import remark as noted
from camphor.matters.models import Assignment, Matter
from camphor.matters.rateable import RATED_BY, Open, Rateable, standing, unrated
from camphor.matters.similar import most_similar
from camphor.people.actor import person_key
from camphor.people.models import Person
from camphor.rules.matters import CHANNELS, REASONS, SCORES, WHAT_IS_MISSING
from camphor.rules.matters.opinion import DESK


def refusal(asking: Asking) -> Mapping[str, forms.Field]:
    """The grounds on which a proposal is not filed, as they hold for this body today."""
    return {"refusal": choice(words("refusals", asking.thing.home, on=asking.on), gettext_lazy("Ground"))}


def opinion_refusal(asking: Asking) -> Mapping[str, forms.Field]:
    table = words("opinion_refusals", asking.thing.home, on=asking.on)
    return {"opinion_refusal": choice(table, gettext_lazy("Ground"))}


def reason(asking: Asking) -> Mapping[str, forms.Field]:
    return {"reason": choice(REASONS, gettext_lazy("Ground"))}


def channel(asking: Asking) -> Mapping[str, forms.Field]:
    return {"channel": choice(CHANNELS, gettext_lazy("Where it goes"))}


def handling(asking: Asking) -> Mapping[str, forms.Field]:
    on_paper = "scan" in asking.move.asks
    label = (
        gettext_lazy("What the paper says of the handling")
        if on_paper
        else gettext_lazy("How it was handled")
    )
    return {"handling": choice(SCORES, label)}


def score(asking: Asking) -> Mapping[str, forms.Field]:
    if "scan" in asking.move.asks:
        return {"score": choice(SCORES, gettext_lazy("What the paper says of the result"))}
    if "handling" in asking.move.asks:
        return {"score": choice(SCORES, gettext_lazy("How content are you with the result?"))}
    return {"score": choice(SCORES, gettext_lazy("How content are you?"))}


def remark(asking: Asking) -> Mapping[str, forms.Field]:
    """Words besides; with a rating, what is missing."""
    fields = noted(asking)
    if "score" in asking.move.asks:
        fields["remark"].help_text = gettext_lazy(WHAT_IS_MISSING)
    return fields


def proposer(asking: Asking) -> Mapping[str, forms.Field]:
    """Whose paper it is, of those who have not rated; chosen with the answer where each unit is rated."""
    answers = _rateable(asking)
    if any(one.unit for one, _who in answers):
        return {}
    open_ones = Person.objects.filter(pk__in=[person.pk for _one, person in answers])
    only = open_ones.get() if len(open_ones) == 1 else None
    field = forms.ModelChoiceField(
        open_ones, label=gettext_lazy("Proposer"), empty_label=UNCHOSEN, initial=only
    )
    return {"proposer": field}


def rated_answer(asking: Asking) -> Mapping[str, forms.Field]:
    """Which answer it is about, and on paper whose paper it is; nothing where there is one answer alone."""
    on_paper, answers = _on_paper(asking), _rateable(asking)
    if "proposer" in asking.move.asks or not on_paper:
        answers = [(one, person) for one, person in answers if one.unit]
    if not answers:
        return {}
    label = (
        gettext_lazy("Whose paper, and on which answer")
        if on_paper
        else gettext_lazy("Whose answer you rate")
    )
    rows = [(_key(one, person), _named(one, person, on_paper=on_paper)) for one, person in answers]
    only = rows[0][0] if len(rows) == 1 else None
    field = forms.ChoiceField(label=label, choices=rows, widget=forms.RadioSelect, initial=only)
    return {"rated_answer": field}


def _on_paper(asking: Asking) -> bool:
    return "scan" in asking.move.asks


def _rateable(asking: Asking) -> Open:
    """The answers that can be rated by this move, each with the proposer whose rating is open."""
    matter, move = asking.thing, asking.move.name
    found = unrated(matter, RATED_BY[move](matter)) if move in RATED_BY else []
    return [pair for pair in found if _on_paper(asking) or person_key(pair[1].pk) in asking.actor.keys]


def _key(one: Rateable, person: Person) -> str:
    return f"{one.round}-{person.pk}" + (f"-{one.unit.pk}" if one.unit else "")


def _named(one: Rateable, person: Person, *, on_paper: bool) -> str:
    whose = [str(person)] if on_paper else []
    whose += [one.unit.handler.name] if one.unit else []
    day = timezone.localdate(one.at).isoformat() if one.at else ""
    said = _("%(name)s: answer of round %(n)s, %(day)s")
    return said % {"name": " · ".join(whose), "n": one.round, "day": day}


def read_rated_answer(asking: Asking, chosen: str) -> dict[str, Any]:
    """The round, the unit and on paper the proposer that were chosen together."""
    round_, person, *unit = chosen.split("-")
    found: dict[str, Any] = {"rated_round": int(round_)}
    if unit:
        found["unit"] = Assignment.objects.get(pk=unit[0])
    return found | ({"proposer": Person.objects.get(pk=person)} if _on_paper(asking) else {})


def units_again(asking: Asking) -> Mapping[str, forms.Field]:
    """The units that answer once more, where each answers for itself."""
    units = [one.unit.pk for one in standing(asking.thing) if one.unit]
    if not units:
        return {}
    field = forms.ModelMultipleChoiceField(
        Assignment.objects.filter(pk__in=units).select_related("handler"),
        label=gettext_lazy("Units that handle it once more"),
        widget=forms.CheckboxSelectMultiple,
    )
    field.label_from_instance = _unit  # type: ignore[assignment, method-assign]
    return {"units_again": field}


def _unit(assignment: Any) -> str:
    return str(assignment.handler)


def twin(asking: Asking) -> Mapping[str, forms.Field]:
    """The matters of the same body that it could be merged into, the most similar first."""
    rows = [(str(other.pk), _row(other, share)) for other, share in most_similar(asking.thing)]
    field = forms.ChoiceField(
        label=gettext_lazy("Merge into"),
        choices=rows,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("All who asked stay informed, and each rates the answer for herself."),
    )
    return {"twin": field}


def _row(other: Matter, share: int) -> str:
    """A matter as it is offered: its number where it has one, and how alike it is."""
    named = f"{other.number} {other.title}" if other.number else other.title
    return _("%(title)s (%(n)s%% alike)") % {"title": named, "n": share}


def _credited(report: Any) -> str:
    """An opinion report with its author and day: titles are often alike."""
    on = timezone.localdate(report.raised_at)
    return " · ".join(part for part in (report.title, str(report.author or ""), f"{on}") if part)


def combined(asking: Asking) -> Mapping[str, forms.Field]:
    """The reports of the same desk that can be combined with this one."""
    waiting = Matter.objects.filter(kind="opinion", body=asking.thing.body, state__in=DESK)
    field = forms.ModelMultipleChoiceField(
        waiting.exclude(pk=asking.thing.pk).select_related("author"),
        label=gettext_lazy("Reports to be combined with it"),
        widget=LongChoices,
        help_text=gettext_lazy("All their authors share in it and hear what becomes of it."),
    )
    field.label_from_instance = _credited  # type: ignore[assignment, method-assign]
    return {"combined": field}


FIELDS: dict[str, FieldMaker] = {
    maker.__name__: maker
    for maker in (
        refusal, opinion_refusal, reason, channel, handling, score, remark, proposer, rated_answer,
        units_again, twin, combined,
    )
}  # fmt: skip
