"""The three generic pages of a desk: the list, the thing, and the move."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from camphor.engine.flow import Lacking, Move, NotPossible
from camphor.kit.nouns import Asking, Noun

PAGE = 25
"""Rows of a page: what fits on a screen or two."""


class Desk:
    """The generic pages over a set of nouns.

    possible: the moves that an actor may make with a thing on a day. history: the told entries of a thing.
    needs: the label of every need. is_staff: whether an actor has a desk at all. offer: the move that
    an actor can still take back. take_back: does so, or raises a ValueError that says why not. narrowed: the
    rows of a noun in which somebody who may see them finds what was typed.
    """

    def __init__(
        self,
        nouns: Callable[[], tuple[Noun, ...]],
        *,
        possible: Callable[..., list[Move]],
        history: Callable[[Any], list[dict[str, Any]]],
        needs: Mapping[str, str],
        is_staff: Callable[[Any], bool],
        offer: Callable[..., Any],
        take_back: Callable[..., None],
        narrowed: Callable[..., QuerySet[Any]],
    ) -> None:
        self._nouns, self._narrowed = nouns, narrowed
        self.offer, self.take_back = offer, take_back
        self.possible, self.history, self.needs, self.is_staff = possible, history, needs, is_staff

    @property
    def nouns(self) -> dict[str, Noun]:
        """The nouns by name, as the rules have them now."""
        return {noun.name: noun for noun in self._nouns()}

    def _noun(self, request: HttpRequest, name: str) -> Noun:
        if not self.is_staff(request.actor):  # type: ignore[attr-defined]
            raise PermissionDenied
        found = self.nouns.get(name)
        if found is None:
            raise Http404
        return found

    def _thing(self, request: HttpRequest, noun: Noun, pk: int) -> Any:
        rows = noun.rows(request.actor, timezone.localdate())  # type: ignore[attr-defined]
        return get_object_or_404(rows, pk=pk)

    def list(self, request: HttpRequest, noun: str) -> HttpResponse:
        """The things of a noun that this actor may see, filtered by the address."""
        kind, on = self._noun(request, noun), timezone.localdate()
        rows = kind.rows(request.actor, on).select_related(*kind.related)  # type: ignore[attr-defined]
        state, words = request.GET.get("state", ""), request.GET.get("q", "").strip()[:100]
        if state in kind.states():
            rows = rows.filter(state=state)
        elif state == "overdue":
            rows = rows.filter(due_on__lt=on)
        if words:
            rows = self._narrowed(kind, rows, words, actor=request.actor, on=on)  # type: ignore[attr-defined]
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        context = {
            "noun": kind,
            "nouns": self.nouns.values(),
            "page": page,
            "rows": [(thing, thing.status(on)) for thing in page],
            "states": kind.states().values(),
            "state": state,
            "q": words,
            "on": on,
        }
        return render(request, "kit/list.html", context)

    def thing(self, request: HttpRequest, noun: str, pk: int) -> HttpResponse:
        """One thing: where it stands, what it is, what can be done with it, and what happened."""
        kind, on = self._noun(request, noun), timezone.localdate()
        thing = self._thing(request, kind, pk)
        word, tone = thing.status(on)
        moves = self.possible(thing, request.actor, on=on)  # type: ignore[attr-defined]
        context = {
            "noun": kind,
            "thing": thing,
            "word": word,
            "tone": tone,
            "moves": [(move, self._missing(thing.lacking(move.needs, {}))) for move in moves],
            "entries": self.history(thing),
            "undo": self.offer(thing, request.actor, at=timezone.now()),  # type: ignore[attr-defined]
            "on": on,
        } | (kind.more(thing, on) if kind.more else {})
        return render(request, "kit/thing.html", context)

    def move(self, request: HttpRequest, noun: str, pk: int, move: str) -> HttpResponse:
        """The form of a move, and the move itself."""
        kind, on = self._noun(request, noun), timezone.localdate()
        thing = self._thing(request, kind, pk)
        possible = self.possible(thing, request.actor, on=on)  # type: ignore[attr-defined]
        chosen = next((one for one in possible if one.name == move), None)
        if chosen is None:
            return self._too_late(request, kind, thing, move)
        asking = Asking(thing, chosen, request.actor, on, timezone.now())  # type: ignore[attr-defined]
        sent = request.method == "POST"
        blank = move_form(kind, asking)
        form = blank(request.POST, request.FILES) if sent else blank()
        if sent and form.is_valid():
            done = self._make(request, kind, asking, form)
            if done:
                return done
        context = {
            "noun": kind,
            "thing": thing,
            "move": chosen,
            "form": form,
            "missing": "" if sent else self._missing(thing.lacking(chosen.needs, {})),
            "becomes": thing.flow.states[chosen.to],
            "repeats": chosen.name in kind.repeats,
            "on": on,
        } | (kind.more(thing, on) if kind.more and chosen.name in kind.repeats else {})
        return render(request, "kit/move.html", context, status=422 if sent else 200)

    def undo(self, request: HttpRequest, noun: str, pk: int, entry: int) -> HttpResponse:
        """Take back the move that was just made, or say why that is not possible any more."""
        kind = self._noun(request, noun)
        thing = self._thing(request, kind, pk)
        try:
            self.take_back(thing, entry, by=request.actor, at=timezone.now())  # type: ignore[attr-defined]
        except ValueError as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("It is taken back: all is as it was before."))
        return redirect("desk_thing", kind.name, thing.pk)

    def _missing(self, needs: Iterable[str]) -> str:
        """What is still lacking before a move, in words; nothing where nothing is."""
        return _(", ").join(str(self.needs.get(need, need)) for need in needs)

    def _too_late(self, request: HttpRequest, kind: Noun, thing: Any, move: str) -> HttpResponse:
        """The move is known, but not from here: somebody was faster, or the form is old."""
        known = thing.flow.moves.get(move)
        if known is None or known.quiet or thing.state in known.of or request.method != "POST":
            raise Http404
        messages.warning(request, _("This is done already, or no longer possible. Nothing was changed."))
        return redirect("desk_thing", kind.name, thing.pk)

    def _make(
        self, request: HttpRequest, kind: Noun, asking: Asking, form: forms.Form
    ) -> HttpResponse | None:
        given = dict(form.cleaned_data)
        try:
            if kind.read:
                given = kind.read(asking, given)
            kind.make(asking.thing, asking.move.name, by=asking.actor, at=timezone.now(), **given)
        except NotPossible:
            messages.warning(request, _("Somebody else was faster. Nothing was changed."))
        except Lacking as lack:
            form.add_error(None, _("Still lacking: %(missing)s.") % {"missing": self._missing(lack.needs)})
            return None
        except (ValueError, forms.ValidationError) as problem:
            form.add_error(None, problem if isinstance(problem, forms.ValidationError) else str(problem))
            return None
        else:
            messages.success(request, _("Done: %(move)s.") % {"move": _(asking.move.label)})
        if "again" in request.POST and asking.move.name in kind.repeats:
            return redirect("desk_move", kind.name, asking.thing.pk, asking.move.name)
        return redirect("desk_thing", kind.name, asking.thing.pk)


def move_form(noun: Noun, asking: Asking) -> type[forms.Form]:
    """The form of a move, made from the words that it asks for."""
    fields: dict[str, forms.Field] = {}
    for word in asking.move.asks:
        fields.update(noun.fields[word](asking))
    return type("MoveForm", (forms.Form,), fields)
