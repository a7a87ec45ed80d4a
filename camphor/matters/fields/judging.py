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
from camphor.matters.models import Matter
from camphor.matters.similar import most_similar
from camphor.people.models import Person
from camphor.rules.matters import CHANNELS, REASONS, SCORES
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


def proposer(asking: Asking) -> Mapping[str, forms.Field]:
    """Whose paper it is: one of those who have not rated this round."""
    open_ones = Person.objects.filter(pk__in=[person.pk for person in asking.thing.unrated()])
    only = open_ones.get() if len(open_ones) == 1 else None
    field = forms.ModelChoiceField(
        open_ones, label=gettext_lazy("Proposer"), empty_label=UNCHOSEN, initial=only
    )
    return {"proposer": field}


def rated_answer(asking: Asking) -> Mapping[str, forms.Field]:
    """Whose paper it is, and which of the earlier answers he wrote on it about."""
    rows = [
        (
            f"{letter.round}-{person.pk}",
            _("%(name)s: answer of round %(n)s, %(day)s")
            % {"name": person, "n": letter.round, "day": timezone.localdate(letter.at).isoformat()},
        )
        for letter, person in asking.thing.unrated_before()
    ]
    label = gettext_lazy("Whose paper, and on which answer")
    only = rows[0][0] if len(rows) == 1 else None
    field = forms.ChoiceField(label=label, choices=rows, widget=forms.RadioSelect, initial=only)
    return {"rated_answer": field}


def read_rated_answer(chosen: str) -> dict[str, Any]:
    """The proposer and the round that were chosen together."""
    round_, _dash, pk = chosen.partition("-")
    return {"proposer": Person.objects.get(pk=pk), "rated_round": int(round_)}


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
        refusal, opinion_refusal, reason, channel, handling, score, proposer, rated_answer, twin,
        combined,
    )
}  # fmt: skip
