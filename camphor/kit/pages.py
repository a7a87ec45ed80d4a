"""The three generic pages of a desk: the list, the thing, and the move."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from camphor.engine.flow import Lacking, Move, NotPossible
from camphor.kit.conflict import Conflict, conflict_of
from camphor.kit.files import files_arrived, keep_files
from camphor.kit.nouns import Asking, Noun
from camphor.kit.paging import page_of

PAGE = 25
"""Rows of a page: what fits on a screen or two."""


class Desk:
    """The generic pages over a set of nouns.

    possible: the moves that an actor may make with a thing on a day. openings: those that begin it.
    history: the told entries of a thing. needs: the label of every need. is_staff: whether an actor has a
    desk at all. offer: the move that an actor can still take back. take_back: does so, or raises a ValueError
    that says why not. narrowed: the rows of a noun in which somebody who may see them finds what was typed.
    around: what a thing came of and what came of it. source: of what a new thing shall come, by the address.
    begun: notes that it came of that. listed: whether an actor finds anything in the list of a noun on a day.
    """

    def __init__(
        self,
        nouns: Callable[[], tuple[Noun, ...]],
        *,
        possible: Callable[..., list[Move]],
        openings: Callable[..., list[Move]],
        history: Callable[[Any], list[dict[str, Any]]],
        needs: Mapping[str, str],
        is_staff: Callable[[Any], bool],
        offer: Callable[..., Any],
        take_back: Callable[..., None],
        narrowed: Callable[..., QuerySet[Any]],
        around: Callable[..., Any],
        source: Callable[[HttpRequest], Any],
        begun: Callable[..., None],
        listed: Callable[[Noun, Any, date], bool],
    ) -> None:
        self._nouns, self._narrowed = nouns, narrowed
        self.offer, self.take_back, self.listed = offer, take_back, listed
        self.possible, self.openings, self.history = possible, openings, history
        self.needs, self.is_staff = needs, is_staff
        self.around, self.source, self.begun = around, source, begun

    @property
    def nouns(self) -> dict[str, Noun]:
        """The nouns by name, as the rules have them now."""
        return {noun.name: noun for noun in self._nouns()}

    def noun(self, request: HttpRequest, name: str) -> Noun:
        """The noun of this name, for whoever has a desk."""
        if not self.is_staff(request.actor):  # type: ignore[attr-defined]
            raise PermissionDenied
        found = self.nouns.get(name)
        if found is None:
            raise Http404
        return found

    def _thing(self, request: HttpRequest, noun: Noun, pk: int) -> Any:
        rows = noun.rows(request.actor, timezone.localdate())  # type: ignore[attr-defined]
        return get_object_or_404(rows, pk=pk)

    def rows(self, request: HttpRequest, kind: Noun, on: date) -> QuerySet[Any]:
        """The things of a noun that belong into the list of this actor, filtered by the address."""
        held = (kind.lists or kind.rows)(request.actor, on)  # type: ignore[attr-defined]
        rows = held.select_related(*kind.related)
        state, words = _asked(request)
        if state in kind.states():
            rows = rows.filter(state=state)
        elif state == "overdue":
            rows = rows.filter(due_on__lt=on)
        if only := request.GET.get("only"):
            picks = kind.pick(request.actor, on)  # type: ignore[attr-defined]
            rows = rows.filter(*(pick.rows for pick in picks if pick.name == only))
        if words:
            rows = self._narrowed(kind, rows, words, actor=request.actor, on=on)  # type: ignore[attr-defined]
        return rows

    def list(self, request: HttpRequest, noun: str) -> HttpResponse:
        """The list of a noun, page by page."""
        kind, on = self.noun(request, noun), timezone.localdate()
        rows, (state, words) = self.rows(request, kind, on), _asked(request)
        page = page_of(rows, PAGE, request.GET.get("page"))
        context = {
            "noun": kind,
            "nouns": self._lists(request, kind, on),
            "page": page,
            "rows": [(thing, thing.status(on), getattr(thing, kind.beside, "")) for thing in page],
            "states": kind.states().values(),
            "state": state,
            "q": words,
            "picks": kind.pick(request.actor, on),  # type: ignore[attr-defined]
            "only": request.GET.get("only", ""),
            "filters": urlencode({"state": state, "only": request.GET.get("only", ""), "q": words}),
            "on": on,
            "begins": kind.blank(request.actor, timezone.now())[:1],  # type: ignore[attr-defined]
        }
        return render(request, "kit/list.html", context)

    def _lists(self, request: HttpRequest, shown: Noun, on: date) -> Iterable[Noun]:
        """The lists in which this actor finds anything, and the one that he has opened."""
        actor = request.actor  # type: ignore[attr-defined]
        return [one for one in self._nouns() if one.name == shown.name or self.listed(one, actor, on)]

    def thing(self, request: HttpRequest, noun: str, pk: int) -> HttpResponse:
        """One thing: where it stands, what it is, what can be done with it, and what happened."""
        kind, on = self.noun(request, noun), timezone.localdate()
        thing = self._thing(request, kind, pk)
        word, tone = thing.status(on)
        moves = self.possible(thing, request.actor, on=on)  # type: ignore[attr-defined]
        moves.sort(key=lambda move: move.free)  # what is owed stands before what one may do besides
        context = {
            "noun": kind,
            "thing": thing,
            "word": word,
            "tone": tone,
            "moves": [(move, self._missing(thing.lacking(move.needs, {"on": on}))) for move in moves],
            "entries": self.history(thing),
            "undo": self.offer(thing, request.actor, at=timezone.now()),  # type: ignore[attr-defined]
            "around": self.around(thing, request.actor, on=on),  # type: ignore[attr-defined]
            "on": on,
        } | (kind.more(thing, on, request.actor) if kind.more else {})  # type: ignore[attr-defined]
        return render(request, "kit/thing.html", context)

    def move(self, request: HttpRequest, noun: str, pk: int, move: str) -> HttpResponse:
        """The form of a move, and the move itself."""
        kind, on = self.noun(request, noun), timezone.localdate()
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
        return self._form_page(request, kind, asking, form, sent=sent)

    def _form_page(
        self,
        request: HttpRequest,
        kind: Noun,
        asking: Asking,
        form: forms.Form,
        *,
        sent: bool,
        conflict: Conflict | None = None,
    ) -> HttpResponse:
        thing, chosen, on = asking.thing, asking.move, asking.on
        if sent:
            keep_files(form)
        repeats = chosen.name in kind.repeats
        context = {
            "noun": kind,
            "thing": thing,
            "move": chosen,
            "form": form,
            "missing": "" if sent else self._missing(thing.lacking(chosen.needs, {"on": on})),
            "becomes": thing.flow.states[chosen.end(thing.state)],
            "repeats": repeats,
            "conflict": conflict,
            "version": thing.version if conflict or not sent else request.POST.get("version", ""),
            "on": on,
        } | (kind.more(thing, on, asking.actor) if kind.more and (repeats or kind.above) else {})
        status = 409 if conflict else 422 if sent else 200
        return render(request, "kit/move.html", context, status=status)

    def new(self, request: HttpRequest, noun: str) -> HttpResponse:
        """The form that begins a thing; sent twice, it begins one."""
        kind, on, at = self.noun(request, noun), timezone.localdate(), timezone.now()
        things = kind.blank(request.actor, at)  # type: ignore[attr-defined]
        chosen = next((one for one in things if str(one.home.pk) == request.GET.get("body")), None)
        if not things:
            raise Http404
        thing = chosen or things[0]
        opening = self._opening(thing, request.actor, on)  # type: ignore[attr-defined]
        asking = Asking(thing, opening, request.actor, on, at)  # type: ignore[attr-defined]
        blank = move_form(kind, asking)
        sent = request.method == "POST"
        source = self.source(request)
        form = blank(request.POST, request.FILES) if sent else blank(initial=_words_of(source))
        if sent and (known := kind.model._default_manager.filter(**_ticket(request)).first()):
            messages.warning(request, _("This was sent already, and is kept once."))
            return redirect("desk_thing", kind.name, known.pk)
        if sent:
            thing.ticket = request.POST.get("ticket", "")[:40]
            if form.is_valid() and (done := self._begin(request, kind, asking, form, source)):
                return done
            keep_files(form)
        context = {"noun": kind, "thing": thing, "things": things, "move": opening, "form": form}
        context["source"] = source
        context["ticket"] = thing.ticket or secrets.token_hex(16)
        return render(request, "kit/new.html", context, status=422 if sent else 200)

    def _begin(
        self, request: HttpRequest, kind: Noun, asking: Asking, form: forms.Form, source: Any
    ) -> HttpResponse | None:
        """Begin the thing, and note of what it came; both or neither."""
        with transaction.atomic():
            done = self._make(request, kind, asking, form)
            if done and source:
                self.begun(asking.thing, source, by=asking.actor, at=asking.at)
        return done

    def _opening(self, thing: Any, actor: Any, on: date) -> Move:
        """The move by which this actor can begin the thing; the caller knows that there is one."""
        return next(move for move in self.openings(thing, actor, on=on))

    def undo(self, request: HttpRequest, noun: str, pk: int, entry: int) -> HttpResponse:
        """Take back the move that was just made, or say why that is not possible any more."""
        kind = self.noun(request, noun)
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
        """The move is known, but not from here: somebody was faster, or the form is old.

        Whoever sends his own form twice is told that it is done; whoever wrote something gets it back.
        """
        known = thing.flow.moves.get(move)
        if known is None or known.quiet or (request.method != "POST" and thing.state in known.of):
            raise Http404
        sent = request.method == "POST"
        conflict = conflict_of(request, kind, thing, known, self.history(thing)) if sent else None
        if conflict and thing.state in known.of:
            raise Http404  # possible from here, but not for him, or not now
        if conflict is None or not conflict.written:
            messages.warning(request, _("This is done already, or no longer possible. Nothing was changed."))
            return redirect("desk_thing", kind.name, thing.pk)
        context = {"noun": kind, "thing": thing, "move": known, "conflict": conflict}
        return render(request, "kit/too_late.html", context, status=409)

    def _make(
        self, request: HttpRequest, kind: Noun, asking: Asking, form: forms.Form
    ) -> HttpResponse | None:
        given = dict(form.cleaned_data)
        try:
            if kind.read:
                given = kind.read(asking, given)
            seen = request.POST.get("version", "")
            kind.make(
                asking.thing,
                asking.move.name,
                by=asking.actor,
                at=timezone.now(),
                seen=int(seen) if seen.isdecimal() else None,
                **given,
            )
        except NotPossible:
            return self._overtaken(request, kind, asking, form)
        except Lacking as lack:
            form.add_error(None, _("Still lacking: %(missing)s.") % {"missing": self._missing(lack.needs)})
            return None
        except (ValueError, forms.ValidationError) as problem:
            form.add_error(None, problem if isinstance(problem, forms.ValidationError) else str(problem))
            return None
        files_arrived(form)
        messages.success(request, _("Done: %(move)s.") % {"move": _(asking.move.label)})
        again = "again" in request.POST and asking.move.name in kind.repeats
        if again or (kind.goes_on and kind.goes_on(asking.thing, asking.move.name, asking.actor)):
            return redirect("desk_move", kind.name, asking.thing.pk, asking.move.name)
        return redirect("desk_thing", kind.name, asking.thing.pk)

    def _overtaken(self, request: HttpRequest, kind: Noun, asking: Asking, form: forms.Form) -> HttpResponse:
        """Somebody moved the thing since the form was shown: both texts stand side by side."""
        thing = kind.model._default_manager.get(pk=asking.thing.pk)
        conflict = conflict_of(request, kind, thing, asking.move, self.history(thing))
        possible = self.possible(thing, asking.actor, on=asking.on)
        if conflict is None or asking.move.name not in [one.name for one in possible]:
            return self._too_late(request, kind, thing, asking.move.name)
        now = replace(asking, thing=thing)
        page = move_form(kind, now)(request.POST, request.FILES)
        return self._form_page(
            request, kind, now, page, sent=True, conflict=conflict.against(move_form(kind, now)())
        )


def _asked(request: HttpRequest) -> tuple[str, str]:
    """The state and the words that the address of a list asks for."""
    return request.GET.get("state", ""), request.GET.get("q", "").strip()[:100]


def _words_of(source: Any) -> dict[str, str]:
    """The words with which a new thing starts that comes of another; whoever begins it edits them."""
    return {name: str(getattr(source, name, "")) for name in ("title", "text")} if source else {}


def _ticket(request: HttpRequest) -> dict[str, str]:
    return {"ticket": request.POST.get("ticket") or "-"}


def move_form(noun: Noun, asking: Asking) -> type[forms.Form]:
    """The form of a move, made from the words that it asks for."""
    fields: dict[str, forms.Field] = {}
    for word in asking.move.asks:
        fields.update(noun.fields[word](asking))
    return type("MoveForm", (forms.Form,), fields)
