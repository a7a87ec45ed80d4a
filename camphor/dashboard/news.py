"""What is going on in consultations, and what a reader can do about it now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from camphor.activities.models import Activity
from camphor.bodies.models import Area
from camphor.consultations.models import Consultation, Opening, Stage
from camphor.conversations.models import Conversation
from camphor.dashboard.districts import district_of

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Way:
    """Something that a reader can do now."""

    verb: str
    url: str
    icon: str
    note: str = ""


@dataclass(frozen=True)
class StageBar:
    """A stage as the bar shows it, with its first and last day."""

    label: str
    opens_on: date
    closes_on: date
    state: str  # past, now or next


@dataclass(frozen=True)
class Going:
    """A consultation, where it stands, and the ways to take part in it."""

    consultation: Consultation
    district: Area | None
    word: str
    tone: str
    stages: list[StageBar]
    ways: list[Way]
    is_late: bool

    @property
    def now(self) -> StageBar | None:
        return next((stage for stage in self.stages if stage.state == "now"), None)

    @property
    def step(self) -> int:
        """The place of the current stage, counted from one."""
        return [stage.state for stage in self.stages].index("now") + 1 if self.now else len(self.stages)


def with_stages(consultations: QuerySet[Consultation]) -> QuerySet[Consultation]:
    """The consultations with all that `going` reads, in one more query."""
    return consultations.select_related(
        "body__area__part_of", "venue__area__part_of__part_of"
    ).prefetch_related("stages")


def going(consultations: Iterable[Consultation], *, at: datetime) -> list[Going]:
    """Each consultation as it stands at this moment; give them `with_stages`."""
    consultations = list(consultations)
    running = [one.pk for one in consultations if one.state == "running"]
    ways = _ways_of(running, at=at) if running else {}
    return [_going(consultation, ways.get(consultation.pk, []), at=at) for consultation in consultations]


def _ways_of(running: list[int], *, at: datetime) -> dict[int, list[Way]]:
    """The ways to take part in each of these, in two queries: of all stages few have any."""
    talks: dict[int, set[Conversation]] = {}
    meetings: dict[int, set[Activity]] = {}
    opened = Opening.objects.filter(stage__consultation__in=running).select_related("conversation")
    for opening in opened.annotate(plan=F("stage__consultation")):
        talks.setdefault(opening.plan, set()).add(opening.conversation)
    planned = Activity.objects.filter(stages__consultation__in=running, state="planned", starts_at__gte=at)
    for meeting in planned.annotate(plan=F("stages__consultation")):
        meetings.setdefault(meeting.plan, set()).add(meeting)  # type: ignore[attr-defined]
    return {key: _ways(talks.get(key, set()), meetings.get(key, set()), at=at) for key in running}


def votable(*, at: datetime) -> int:
    """In how many running consultations one can vote on statements at this moment."""
    closed = Q(conversation__closes_at__lte=at)
    opened = Opening.objects.filter(
        stage__consultation__state="running", conversation__state="open", conversation__opens_at__lte=at
    )
    return opened.exclude(closed).values("stage__consultation").distinct().count()


def _going(consultation: Consultation, ways: list[Way], *, at: datetime) -> Going:
    word, tone = consultation.status(timezone.localdate(at))
    area = consultation.venue.area if consultation.venue else consultation.body.area
    stages = list(consultation.stages.all())
    running = consultation.state == "running"
    bars = _bars(stages, running=running)
    return Going(
        consultation,
        district_of(area) if area else None,
        word,
        tone,
        bars,
        ways,
        any(bar.state == "now" and bar.closes_on < timezone.localdate(at) for bar in bars),
    )


def _bars(stages: list[Stage], *, running: bool) -> list[StageBar]:
    undone = [stage.place for stage in stages if stage.done_on is None]
    current = undone[0] if undone and running else None

    def state(stage: Stage) -> str:
        if stage.done_on:
            return "past"
        return "now" if stage.place == current else "next"

    return [StageBar(stage.told, stage.opens_on, stage.closes_on - DAY, state(stage)) for stage in stages]


def _ways(talks: set[Conversation], meetings: set[Activity], *, at: datetime) -> list[Way]:
    """Votes first, then sentences of one's own, then the sessions to come."""
    votes, says, comes = [], [], []
    for talk in sorted(talks, key=lambda talk: talk.pk):
        if talk.is_open(at):
            votes.append(
                Way(_("Vote on the statements"), reverse("talk", args=[talk.pk]), "check", talk.title)
            )
            if talk.statements_allowed:
                says.append(
                    Way(_("Say something yourself"), f"{reverse('talk', args=[talk.pk])}#say", "chat")
                )
    for meeting in sorted(meetings, key=lambda meeting: meeting.starts_at):
        day = date_format(timezone.localtime(meeting.starts_at), "Y-m-d H:i")
        comes.append(Way(_("Come to the session"), reverse("activity", args=[meeting.pk]), "people", day))
    return votes + says + comes
