"""The papers of matters as Word files, each for those who may see what stands in it.

What lays them out is imported by who asks for one: its library takes 14 MB of each process.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from camphor.bodies.models import Term
from camphor.kit.download import download
from camphor.kit.workbook import EXCEL
from camphor.matters.models import Assignment, Matter
from camphor.matters.models import Letter as Sent
from camphor.matters.yearly import Notice, bodies_of, notice
from camphor.people.actor import Actor
from camphor.people.standing import standings
from camphor.rules.people import ANSWERING

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _seen(request: HttpRequest) -> Any:
    return Matter.objects.visible_to(_actor(request), on=timezone.localdate())


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _word(content: bytes, plain: str, name: str) -> HttpResponseBase:
    return download(content, kind=WORD, plain=f"{plain}.docx", name=f"{name}.docx")


@require_safe
def hand_over(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The letter by which a matter goes to the departments, once it has a number or they have it."""
    from camphor.papers.handing import letter_of
    from camphor.papers.letter import word

    matter = get_object_or_404(_seen(request), pk=pk)
    if not matter.number and not matter.assignments.exists():
        raise Http404
    letter = letter_of(matter)
    return _word(word(letter), f"{matter.kind}-{matter.pk}", letter.title)


@require_safe
def reply(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The answer of a unit: the letter that went out last, or the draft for those who work on it."""
    from camphor.papers.letter import word
    from camphor.papers.replies import reply_letter

    on = timezone.localdate()
    rows = Assignment.objects.visible_to(_actor(request), on=on).select_related("matter__body", "handler")
    assignment = get_object_or_404(rows, pk=pk, leads=True)
    matter = assignment.matter
    sent = assignment.letters.filter(matter=matter, round=assignment.round).last()
    kept = assignment.replies.filter(round=assignment.round).exists()
    if not sent and not kept:
        held = standings(_actor(request), assignment, on=on)
        if not assignment.draft or not held & ANSWERING:
            raise Http404
    letter = reply_letter(assignment, matter, sent, on=on)
    return _word(word(letter), f"reply-{assignment.pk}", letter.title)


@require_safe
def sent_letter(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A letter of answer as it went out, in whichever round, to the proposers of one proposal."""
    from camphor.papers.letter import word
    from camphor.papers.replies import reply_letter

    rows = Sent.objects.filter(matter__in=_seen(request).values("pk"))
    sent = get_object_or_404(rows.select_related("assignment__handler", "matter__body"), pk=pk)
    letter = reply_letter(sent.assignment, sent.matter, sent, on=timezone.localdate())
    return _word(word(letter), f"letter-{sent.pk}", f"{sent.number} {letter.title}")


@require_safe
def form(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The form of a proposal, as far as it has come."""
    from camphor.papers.proposal_form import proposal_form

    matter = get_object_or_404(_seen(request), pk=pk, kind="proposal")
    return _word(proposal_form(matter), f"proposal-{pk}", f"{matter.number}提案表 {matter.title}")


@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The letter that tells its proposers what the review of a proposal came to."""
    from camphor.papers.letter import word
    from camphor.papers.review import judged, review_letter

    matter = get_object_or_404(_seen(request), pk=pk, kind="proposal")
    entry = judged(matter)
    if entry is None:
        raise Http404
    letter = review_letter(matter, entry)
    return _word(word(letter), f"review-{pk}", letter.title)


@require_safe
def bulletin(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The bulletin of a signed opinion report."""
    from camphor.papers.bulletin import bulletin as bulletin_of

    matter = get_object_or_404(_seen(request).exclude(number=""), pk=pk, kind="opinion")
    return _word(bulletin_of(matter), f"opinion-{pk}", f"社情民意信息{matter.number}")


def _paths(request: HttpRequest) -> list[str]:
    """The paths of the bodies whose papers this actor keeps."""
    actor, on = _actor(request), timezone.localdate()
    return actor.paths("clerk", on) + actor.paths("leader", on)


@require_safe
def papers(request: HttpRequest) -> HttpResponseBase:
    """What a clerk prints of a whole session, and where last year's ledgers come in."""
    paths = _paths(request)
    if not paths:
        raise PermissionDenied
    terms = [one for one in Term.objects.select_related("body").order_by("-since") if _is_of(one, paths)]
    counted = [(one, _collected(request, one).count()) for one in terms]
    brings = bool(_actor(request).paths("clerk", timezone.localdate()))
    return render(request, "papers/papers.html", {"terms": counted, "brings": brings})


def _is_of(term: Term, paths: list[str]) -> bool:
    return any(term.body.path.startswith(path) for path in paths)


def _collected(request: HttpRequest, term: Term) -> Any:
    return _seen(request).filter(kind="proposal", term=term, body=term.body).exclude(number="")


@require_safe
def volume(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The numbered proposals of a session in one volume, for clerks and leaders of its committee."""
    from camphor.papers.volume import volume as volume_of

    term = get_object_or_404(Term.objects.select_related("body"), pk=pk)
    if not _is_of(term, _paths(request)):
        raise Http404
    rows = _collected(request, term).order_by("number").select_related("author", "sponsor", "body")
    name = f"{term.body.name}第{term.number}届第{term.session}次会议提案汇编"
    return _word(volume_of(term, rows.prefetch_related("items", "joined_by")), f"proposals-{term}", name)


@require_safe
def yearly_word(request: HttpRequest, year: int, pk: int) -> HttpResponseBase:
    """The yearly notice of opinion reports, for the clerks and leaders of its body."""
    from camphor.papers.yearly import title_of, word

    told = _yearly(request, year, pk)
    return _word(word(told, on=timezone.localdate()), f"opinions-{year}", title_of(told))


@require_safe
def yearly_sheet(request: HttpRequest, year: int, pk: int) -> HttpResponseBase:
    """The same as a table."""
    from camphor.papers.yearly import excel, name_of

    told, foot = _yearly(request, year, pk), f"{request.user} {timezone.localdate().isoformat()}"
    return download(
        excel(told, foot=foot), kind=EXCEL, plain=f"opinions-{year}.xlsx", name=f"{name_of(told)}.xlsx"
    )


def _yearly(request: HttpRequest, year: int, pk: int) -> Notice:
    bodies = bodies_of(_actor(request), on=timezone.localdate())
    body = next((one for one in bodies if one.pk == pk), None)
    if body is None or not 1 <= year <= 9999:
        raise Http404
    return notice(body, year)
