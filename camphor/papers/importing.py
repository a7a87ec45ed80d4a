"""The pages on which a clerk brings a ledger, looks at what was understood, and has it taken over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from camphor.bodies.models import Body
from camphor.kit.download import download
from camphor.papers.ledger import FAULTS
from camphor.papers.models import Ledger
from camphor.papers.taking_over import KINDS, NotALedger, Plan, plan_of, refused_rows, sheet_of, take_over
from camphor.papers.workbook import EXCEL, Heading, workbook
from camphor.rules.bodies import BODY_KINDS
from camphor.rules.ledgers import COLUMNS
from camphor.rules.matters import MATTERS

SHOWN = 20
"""Rows of a preview: enough to see that the columns were understood."""
ALL_FAULTS = 200
"""Refused rows on the page; all of them stand in the file that can be downloaded."""


def _paths(request: HttpRequest) -> list[str]:
    paths: list[str] = request.actor.paths("clerk", timezone.localdate())  # type: ignore[attr-defined]
    if not paths:
        raise PermissionDenied
    return paths


class BringForm(forms.Form):
    """Which file, of what, for which committee."""

    kind = forms.ChoiceField(label=gettext_lazy("What the ledger lists"))
    body = forms.ModelChoiceField(Body.objects.none(), label=gettext_lazy("Committee"), empty_label=None)
    file = forms.FileField(
        label=gettext_lazy("Excel file"),
        widget=forms.ClearableFileInput({"accept": ".xlsx,.xls,.ods"}),
        help_text=gettext_lazy("Nothing is taken over yet: first you see what was understood."),
    )

    def __init__(self, *args: Any, paths: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(name, _(MATTERS[name].plural)) for name in KINDS]  # type: ignore[attr-defined]
        kept = [one for one in Body.objects.filter(until=None) if any(one.path.startswith(p) for p in paths)]
        own = [one.pk for one in kept if not BODY_KINDS[one.kind].mechanism]
        self.fields["body"].queryset = Body.objects.filter(pk__in=own)  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        content = file.read()
        try:
            sheet_of(content)
        except NotALedger as problem:
            raise forms.ValidationError(str(problem)) from problem
        self.cleaned_data["content"] = content
        return file


@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Bring a file; it is kept, and the preview is shown."""
    paths = _paths(request)
    sent = request.method == "POST"
    form = (
        BringForm(request.POST or None, request.FILES or None, paths=paths)
        if sent
        else BringForm(paths=paths)
    )
    if sent and form.is_valid():
        given = form.cleaned_data
        ledger = Ledger.objects.create(
            body=given["body"],
            kind=given["kind"],
            name=given["file"].name[:200],
            content=given["content"],
            brought_by=request.user,  # type: ignore[misc]
            brought_at=timezone.now(),
        )
        return redirect("ledger", ledger.pk)
    brought = [
        one for one in Ledger.objects.defer("content").select_related("body")[:SHOWN] if _may(one, paths)
    ]
    return render(
        request, "papers/bring.html", {"form": form, "brought": brought}, status=422 if sent else 200
    )


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
        count = take_over(ledger, by=request.actor, at=timezone.now())  # type: ignore[attr-defined]
        said = ngettext("%(n)s row was taken over.", "%(n)s rows were taken over.", count)
        messages.success(request, said % {"n": count})
        return redirect("ledger", pk)
    plan = plan_of(ledger)
    return render(request, "papers/ledger.html", _shown(ledger, plan))


def _shown(ledger: Ledger, plan: Plan) -> dict[str, Any]:
    columns = [(head, _(COLUMNS[name].label) if name else "") for head, name in plan.reading.heads]
    names = [name for name in COLUMNS if name in {name for _head, name in plan.reading.heads}]
    return {
        "ledger": ledger,
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
        name=f"{label}-{ledger.name}.xlsx",
    )
