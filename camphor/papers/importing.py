"""The pages on which a clerk brings a ledger, looks at what was understood, and has it taken over."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from camphor.bodies.models import Body
from camphor.kit.download import download
from camphor.kit.files import KeptFileField, files_arrived, keep_files
from camphor.kit.workbook import EXCEL, Heading, workbook
from camphor.papers.ledger import FAULTS
from camphor.papers.models import Ledger
from camphor.papers.taking_over import (
    KINDS,
    MOST_BYTES,
    NotALedger,
    Plan,
    plan_of,
    refused_rows,
    sheet_of,
    take_over,
)
from camphor.rules.bodies import BODY_KINDS
from camphor.rules.ledgers import COLUMNS
from camphor.rules.matters import MATTERS
from camphor.trail.shelf import PersonalShelf

SHOWN = 20
"""Rows of a preview: enough to see that the columns were understood."""
ALL_FAULTS = 200
"""Refused rows on the page; all of them stand in the file that can be downloaded."""


def _paths(request: HttpRequest) -> list[str]:
    paths: list[str] = request.actor.paths("clerk", timezone.localdate())  # type: ignore[attr-defined]
    if not paths:
        raise PermissionDenied
    return paths


class KindForm(forms.Form):
    """What a ledger lists, and for which committee."""

    kind = forms.ChoiceField(label=gettext_lazy("What the ledger lists"))
    body = forms.ModelChoiceField(Body.objects.none(), label=gettext_lazy("Committee"), empty_label=None)

    def __init__(self, *args: Any, paths: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(name, _(MATTERS[name].plural)) for name in KINDS]  # type: ignore[attr-defined]
        kept = [one for one in Body.objects.filter(until=None) if any(one.path.startswith(p) for p in paths)]
        whole = [kind.name for kind in BODY_KINDS.values() if not kind.mechanism and not kind.within]
        own = [one.pk for one in kept if one.kind in whole]
        self.fields["body"].queryset = Body.objects.filter(pk__in=own)  # type: ignore[attr-defined]


class BringForm(KindForm):
    """The same, and the file; where the form comes back, the file that was chosen stays with it."""

    def __init__(self, *args: Any, shelf: PersonalShelf, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.file = KeptFileField(
            label=gettext_lazy("Excel file"),
            accept=".xlsx,.xls,.ods",
            read=_read,
            shelf=shelf,
            help_text=gettext_lazy("Nothing is taken over yet: first you see what was understood."),
        )
        self.fields["file"] = self.file


def _read(sent: UploadedFile[Any]) -> bytes:
    """What is in the file, if it is one that can be understood."""
    if (sent.size or 0) > MOST_BYTES:
        raise forms.ValidationError(_("The file is larger than 10 MB: please split it."))
    content: bytes = sent.read()
    try:
        sheet_of(content)
    except NotALedger as problem:
        raise forms.ValidationError(str(problem)) from problem
    return content


@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Bring a file; it is kept, and the preview is shown."""
    paths, at = _paths(request), timezone.now()
    shelf = PersonalShelf(request.user, "ledger", at)  # type: ignore[arg-type]
    sent = request.method == "POST"
    form = BringForm(*((request.POST, request.FILES) if sent else ()), paths=paths, shelf=shelf)
    if sent and form.is_valid():
        given = form.cleaned_data
        ledger = Ledger.objects.create(
            body=given["body"],
            kind=given["kind"],
            name=form.file.kept.name[:200] if form.file.kept else "",
            content=given["file"],
            brought_by=request.user,  # type: ignore[misc]
            brought_at=at,
        )
        files_arrived(form)
        return redirect("ledger", ledger.pk)
    if sent:
        keep_files(form)
    seen = reduce(or_, (Q(body__path__startswith=path) for path in paths))
    brought = Ledger.objects.filter(seen).defer("content").select_related("body")[:SHOWN]
    context = {"form": form, "brought": brought}
    return render(request, "papers/bring.html", context, status=422 if sent else 200)


def _may(ledger: Ledger, paths: list[str]) -> bool:
    return any(ledger.body.path.startswith(path) for path in paths)


def _ledger(request: HttpRequest, pk: int) -> Ledger:
    ledger = get_object_or_404(Ledger.objects.select_related("body"), pk=pk)
    if not _may(ledger, _paths(request)):
        raise Http404
    return ledger


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What was understood of the file, and the button that takes it over."""
    ledger = _ledger(request, pk)
    if request.method == "POST":
        if request.POST.get("seen") != _read_as(ledger):
            messages.warning(request, _("It was read anew in the meantime. Please look at it once more."))
            return redirect("ledger", pk)
        count = take_over(ledger, by=request.actor, at=timezone.now())  # type: ignore[attr-defined]
        said = ngettext("%(n)s row was taken over.", "%(n)s rows were taken over.", count)
        messages.success(request, said % {"n": count})
        return redirect("ledger", pk)
    context = _shown(ledger, plan_of(ledger))
    if ledger.taken_at is None:
        initial = {"kind": ledger.kind, "body": ledger.body_id}
        context["form"] = KindForm(initial=initial, paths=_paths(request), auto_id="id_again_%s")
    return render(request, "papers/ledger.html", context)


def _read_as(ledger: Ledger) -> str:
    """As what the file is read: who takes it over must have seen it as that."""
    return f"{ledger.kind}:{ledger.body_id}"


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the same file as the list of another kind or committee, as long as nothing of it is taken over."""
    _ledger(request, pk)  # not found where he may not see it
    form = KindForm(request.POST, paths=_paths(request))
    if not form.is_valid():
        messages.warning(request, _("Please choose what the ledger lists, and the committee."))
        return redirect("ledger", pk)
    given = {"kind": form.cleaned_data["kind"], "body": form.cleaned_data["body"]}
    if not Ledger.objects.filter(pk=pk, taken_at=None).update(**given):
        messages.warning(request, _("This is done already, or no longer possible. Nothing was changed."))
    return redirect("ledger", pk)


def _shown(ledger: Ledger, plan: Plan) -> dict[str, Any]:
    columns = [(head, _(COLUMNS[name].label) if name else "") for head, name in plan.reading.heads]
    names = [name for name in COLUMNS if name in {name for _head, name in plan.reading.heads}]
    return {
        "ledger": ledger,
        "seen": _read_as(ledger),
        "kind": _(MATTERS[ledger.kind].plural),
        "fault": _(FAULTS[plan.reading.fault]) if plan.reading.fault else "",
        "columns": columns,
        "labels": [_(COLUMNS[name].label) for name in names],
        "rows": [(line.row, [(_(COLUMNS[name].label), line.told.get(name, "")) for name in names])
                 for line in plan.new[:SHOWN]],
        "new": len(plan.new),
        "undated": sum(line.raised_on is None for line in plan.new),
        "known": len(plan.known),
        "refused": [(line.row, line.told.get("title", ""), _(FAULTS[line.fault]))
                    for line in plan.refused[:ALL_FAULTS]],
        "refused_count": len(plan.refused),
    }  # fmt: skip


@require_safe
def refused(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The refused rows as Excel, each with its row number and the reason: to be mended and brought again."""
    ledger = _ledger(request, pk)
    plan = plan_of(ledger)
    heads = [Heading(_("Row"), 8), Heading(_("Why it was refused"), 40)]
    heads += [Heading(head, 20) for head, _name in plan.reading.heads]
    label = _("Refused rows")
    return download(
        workbook(label, heads, refused_rows(plan), foot=ledger.name),
        kind=EXCEL,
        plain=f"refused-{ledger.pk}.xlsx",
        name=f"{label}-{ledger.name.rpartition('.')[0] or ledger.name}.xlsx",
    )
