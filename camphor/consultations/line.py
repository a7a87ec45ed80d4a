"""The whole line, from the sentence of a resident to the deed that was proven, read from either end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from camphor.activities.models import Activity
from camphor.consultations.models import Consultation
from camphor.consultations.needs import recommendations
from camphor.conversations.models import Conversation, Statement
from camphor.matters.models import Assignment, Matter, Rating
from camphor.matters.origins import promised_on, promises_of, standing_for, twins_of
from camphor.rules.figures import FEWEST
from camphor.rules.matters import SCORES, SENDS_BACK
from camphor.trail.history import made_on
from camphor.trail.links import came_of, led_to


@dataclass(frozen=True)
class Node:
    """One link of the line: what it is, where it stands, since when or by when, and whose it is."""

    title: str
    word: str = ""
    tone: str = "waiting"
    state: str = "done"  # done, now or next
    on: date | None = None
    number: str = ""
    who: str = ""
    text: str = ""
    url: str = ""
    voice: bool = False  # the text is somebody's own words
    deed: bool = False  # something was done and proven
    by: bool = False  # the day is one by which it must be done
    is_promise: bool = False
    round: int = 1
    again: bool = False  # of a later round, opened by a rating


def line_of_concern(concern: Matter, *, on: date) -> list[Node]:
    """The line of a concern; where it was merged, it goes on with the one it was merged into."""
    nodes = [_raised(concern)]
    leading = standing_for(concern)
    if leading != concern:
        nodes.append(
            Node(_("Merged with a similar concern"), on=made_on(concern, "merge"), text=leading.title)
        )
    if accepted_on := made_on(leading, "accept"):
        nodes.append(Node(_("Accepted into the topic pool"), on=accepted_on, who=leading.body.name))
    consultation = came_of(leading, "led_to", Consultation).exclude(state="draft").first()
    if consultation:
        rated = _rated(Rating.objects.filter(matter=concern))
        return nodes + _ending_in_deeds(_from_beginning(consultation, on=on), rated)
    return nodes + _not_yet(leading, on=on)


def line_of_consultation(consultation: Consultation, *, on: date) -> list[Node]:
    """The line of a consultation, from the concerns that led to it to the promises that came of it."""
    concerns = list(led_to(consultation, "led_to", Matter).order_by("raised_at"))
    nodes = [_raised(concern) for concern in concerns]
    if accepted := [day for concern in concerns if (day := made_on(concern, "accept"))]:
        nodes.append(Node(_("Accepted into the topic pool"), on=min(accepted), who=consultation.body.name))
    for concern in concerns:
        twins = twins_of(concern).count()
        if twins:
            told = ngettext(
                "%(n)s similar concern was merged with it",
                "%(n)s similar concerns were merged with it",
                twins,
            )
            nodes.append(Node(told % {"n": twins}, on=_last_merge(concern)))
    ratings = Rating.objects.filter(matter__in=_askers(concerns))
    return nodes + _ending_in_deeds(_from_beginning(consultation, on=on), _rated_by_all(ratings))


def outcome(nodes: list[Node]) -> str:
    """Where the line ends today: «kept» only when every promise on it was proven kept."""
    promised = [node for node in nodes if node.is_promise]
    if promised and all(node.tone == "done" for node in promised):
        return "kept"
    if any(node.tone == "overdue" for node in nodes):
        return "overdue"
    return "running"


def _ending_in_deeds(nodes: list[Node], ratings: list[Node]) -> list[Node]:
    """The ratings after the answers, later rounds between them, the promises last: a deed ends the line."""
    deeds = [node for node in nodes if node.is_promise or node.state == "next"]
    again = [node for node in nodes if node.again]
    rounds = sorted(ratings + again, key=_in_rounds)
    return [node for node in nodes if node not in deeds and not node.again] + rounds + deeds


def _in_rounds(node: Node) -> tuple[bool, date, int, bool]:
    """What is awaited last; on one day each answer stands before its ratings, and these before the next."""
    return node.state == "now", node.on or date.max, node.round, not node.again


def _raised(concern: Matter) -> Node:
    return Node(
        _("A resident raised a concern"),
        on=timezone.localdate(concern.raised_at),
        text=concern.title,
        voice=True,
        who=concern.venue.name if concern.venue else concern.body.name,
    )


def _last_merge(concern: Matter) -> date | None:
    days = [day for twin in twins_of(concern) if (day := made_on(twin, "merge"))]
    return max(days, default=None)


def _askers(concerns: list[Matter]) -> list[Matter]:
    return concerns + [twin for concern in concerns for twin in twins_of(concern)]


def _not_yet(concern: Matter, *, on: date) -> list[Node]:
    """A concern that no consultation has taken up: where it stands, and what comes next."""
    word, tone = concern.status(on)
    closed = concern.state in ("declined", "redirected", "reported")
    here = Node(
        _("Answer to the one who asked") if closed else _("Review"),
        word=word,
        tone=tone,
        state="done" if closed else "now",
        on=concern.due_on,
        by=True,
        who=concern.body.name,
    )
    rest = (_("Consultation"), _("Recommendation"), _("Answer of the departments"), _("Promise kept"))
    return [here] if closed else [here, *(Node(title, state="next") for title in rest)]


def _from_beginning(consultation: Consultation, *, on: date) -> list[Node]:
    word, tone = consultation.status(on)
    nodes = [
        Node(
            _("Consultation"),
            word=word,
            tone=tone,
            on=made_on(consultation, "begin"),
            who=consultation.body.name,
            text=f"{consultation.title} · {consultation.method_told}",
            url=reverse("consultation", args=[consultation.pk]),
        )
    ]
    openings = Conversation.objects.filter(openings__stage__consultation=consultation).distinct()
    decided = recommendations(consultation).exclude(state="draft").exists()
    nodes += [_conversation(conversation, on=on, decided=decided) for conversation in openings]
    sessions = Activity.objects.filter(stages__consultation=consultation).exclude(state="cancelled")
    nodes += [_session(activity, on=on) for activity in sessions.distinct().order_by("starts_at")]
    return nodes + _results(consultation, on=on)


def _conversation(conversation: Conversation, *, on: date, decided: bool) -> Node:
    word, tone = conversation.status(on)
    people = conversation.votes.values("participant").distinct().count()
    told = ngettext("%(n)s person voted", "%(n)s people voted", people) % {"n": people}
    return Node(
        _("Votes on statements"),
        word=word,
        tone=tone,
        state="now" if conversation.state == "open" and not decided else "done",
        on=timezone.localdate(conversation.opens_at),
        text=told,
        url=reverse("talk_map", args=[conversation.pk]),
    )


def _session(activity: Activity, *, on: date) -> Node:
    word, tone = activity.status(on)
    came = activity.attendances.exclude(came_at=None).count()
    told = ngettext("%(n)s person came", "%(n)s people came", came) % {"n": came}
    return Node(
        _("Session"),
        word=word,
        tone=tone,
        state={"planned": "next", "confirmed": "done"}.get(activity.state, "now"),
        on=timezone.localdate(activity.starts_at),
        who=activity.venue.name if activity.venue else activity.body.name,
        text=told if came else "",
        url=reverse("activity", args=[activity.pk]),
    )


def _results(consultation: Consultation, *, on: date) -> list[Node]:
    issued = [matter for matter in recommendations(consultation) if matter.is_public]
    if not issued:
        rest = (_("Recommendation"), _("Answer of the departments"), _("Promise kept"))
        return [Node(title, state="next") for title in rest]
    return [node for matter in issued for node in _recommendation(matter, on=on)]


def _recommendation(matter: Matter, *, on: date) -> list[Node]:
    url = reverse("recommendation", args=[matter.pk])
    nodes = [
        Node(
            _("Recommendation"),
            on=made_on(matter, "issue"),
            number=matter.number,
            text=_with_support(matter),
            who=matter.body.name,
            url=url,
        )
    ]
    # by part: the assisting units first, since the leading department waits for them
    handling = matter.assignments.exclude(state="released").order_by("part", "pk")
    for assignment in handling.select_related("handler"):
        who = assignment.handler.name
        nodes += _earlier_rounds(assignment, who=who, url=url)
        nodes.append(_handling(assignment, part=assignment.part, who=who, on=on, url=url))
    if not matter.assignments.exists():
        nodes.append(Node(_("Answer of the departments"), state="next"))
    promises = [_promise(promise, on=on) for promise in promises_of(matter).select_related("owed_by")]
    return nodes + (promises or [Node(_("Promise kept"), state="next")])


def _with_support(matter: Matter) -> str:
    """The title, and on how many shared statements it rests."""
    n = led_to(matter, "supports", Statement).count()
    told = ngettext("rests on %(n)s shared statement", "rests on %(n)s shared statements", n) % {"n": n}
    return f"{matter.title} · {told}" if n else matter.title


def _earlier_rounds(assignment: Assignment, *, who: str, url: str) -> list[Node]:
    """The answers of a leading department that were not the last, each with its round."""
    rounds: dict[int, date] = {}
    for reply in assignment.replies.filter(round__lt=assignment.matter.round, item__isnull=False):
        rounds[reply.round] = timezone.localdate(reply.at)
    return [
        Node(
            _("Answer of the leading department"),
            word=_("Answered"),
            tone="done",
            on=day,
            who=who,
            url=url,
            text=_("Round %(n)s") % {"n": number},
            round=number,
            again=number > 1,
        )
        for number, day in sorted(rounds.items())
    ]


def _handling(assignment: Assignment, *, part: str, who: str, on: date, url: str) -> Node:
    word, tone = assignment.status(on)
    waiting = assignment.state in ("given", "objected")
    again = part == "lead" and assignment.matter.round > 1
    return Node(
        _("Answer of the leading department") if part == "lead" else _("Opinion of an assisting unit"),
        word=word,
        tone=tone,
        state="now" if waiting else "done",
        on=assignment.due_on if waiting else _closed_on(assignment),
        by=waiting,
        who=who,
        url=url,
        text=_("Round %(n)s") % {"n": assignment.matter.round} if again else "",
        round=assignment.matter.round if part == "lead" else 1,
        again=again,
    )


def _closed_on(assignment: Assignment) -> date | None:
    days = [day for move in ("reply", "opine", "go_without") if (day := made_on(assignment, move))]
    return max(days, default=None)


def _promise(promise: Matter, *, on: date) -> Node:
    word, tone = promise.status(on)
    kept_on = made_on(promise, "confirm")
    return Node(
        _("Promise"),
        word=word,
        tone=tone,
        state="done" if promise.state == "kept" else "now",
        on=kept_on or promised_on(promise),
        by=kept_on is None,
        deed=kept_on is not None,
        is_promise=True,
        who=promise.owed_by.name if promise.owed_by else "",
        text=promise.title,
        url=reverse("promise", args=[promise.pk]),
    )


def _rated(ratings: QuerySet[Rating]) -> list[Node]:
    return [
        Node(
            _("Rated by the one who asked"),
            word=_(SCORES[rating.score].label),
            tone="overdue" if rating.score in SENDS_BACK else "done",
            on=timezone.localdate(rating.at),
            text=_("Round %(n)s") % {"n": rating.round},
            round=rating.round,
        )
        for rating in ratings.order_by("at")
    ]


def _rated_by_all(ratings: QuerySet[Rating]) -> list[Node]:
    """What those who asked said in each round, as everybody may read it: where they are many, also how."""
    rounds: dict[int, list[Rating]] = {}
    for rating in ratings.order_by("at"):
        rounds.setdefault(rating.round, []).append(rating)
    return [_round(number, given) for number, given in rounds.items()]


def _round(number: int, given: list[Rating]) -> Node:
    counts = Counter(rating.score for rating in given)
    told = [f"{_(row.label)} {counts[name]}" for name, row in SCORES.items() if counts[name]]
    few = len(given) < FEWEST
    who = ngettext("%(n)s rating", "%(n)s ratings", len(given)) % {"n": len(given)}
    return Node(
        _("Rated by those who asked"),
        word="" if few else " · ".join(told),
        tone="note",
        on=timezone.localdate(given[-1].at),
        text=_("Round %(n)s") % {"n": number} + _(": ") + who,
        round=number,
    )
