"""What a map says, in sentences: how sure it is of its groups, and what each number means."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from camphor.conversations.models import Statement
from camphor.engine.opinion import FEWEST_PLACED, Divides, Group, Located, OpinionMap, Rate, Said

NEVER = 1_000_000
"""So many votes of change: no number of changed votes would take the label away."""
FEW_TO_TELL = 50
"""Of two groups with fewer people altogether, even wide ones are often not told apart."""
CLEARLY = 0.5
"""Below this probability it is not said that opinions are one continuum, only that nothing is clear."""
ROUNDED_TO = 10
"""While votes come in, counts are shown in tens: two pages compared must not show what one person voted."""


def both(first: str, second: str) -> str:
    """Two sentences, one after the other."""
    return _("%(first)s %(second)s") % {"first": first, "second": second} if second else first


def count(number: float, *, is_open: bool) -> str:
    """A number of people or votes, rounded down to tens as long as votes come in."""
    whole = int(number)
    if not is_open or whole < ROUNDED_TO:
        return str(whole)
    return f"{whole // ROUNDED_TO * ROUNDED_TO}+"


def named(letter: str, drawn: OpinionMap) -> str:
    """A group by its letter; where there are no camps it is called what it is, a region."""
    if len(drawn.groups) == 1:
        return _("all who are placed")
    if drawn.evidence.separate:
        return _("group %(letter)s") % {"letter": letter}
    return _("region %(letter)s") % {"letter": letter}


def of_hundred(share: float) -> int:
    """How many of a hundred; never all or none of them where that is not known."""
    return min(99, max(1, round(100 * share)))


def between(rate: Rate) -> str:
    """The interval of a share, in whole people of a hundred."""
    low, high = round(100 * rate.low), round(100 * rate.high)
    if low == high:
        return _("about %(n)s of 100") % {"n": low}
    return _("between %(low)s and %(high)s of 100") % {"low": low, "high": high}


def opening(drawn: OpinionMap) -> str:
    """The whole map in one or two sentences, first of all how sure it is that there are groups."""
    if not drawn.groups:
        return _too_few(drawn)
    return both(_evidence(drawn), _shared(drawn))


def _too_few(drawn: OpinionMap) -> str:
    told = ngettext(
        "Not enough votes for a map yet: it takes %(fewest)s people whose votes tell where they stand, "
        "and so far %(people)s person has voted.",
        "Not enough votes for a map yet: it takes %(fewest)s people whose votes tell where they stand, "
        "and so far %(people)s people have voted.",
        drawn.participants,
    )
    return told % {"fewest": FEWEST_PLACED, "people": drawn.participants}


def _evidence(drawn: OpinionMap) -> str:
    groups, chances = len(drawn.groups), drawn.evidence.chances
    if drawn.evidence.separate:
        sure = chances[groups - 1] if groups <= len(chances) else 0.0
        told = ngettext(
            "The votes show %(n)s separate group of opinion, and in about %(sure)s of 100 cases would "
            "show just as many if other people of the same kind were asked.",
            "The votes show %(n)s separate groups of opinion, and in about %(sure)s of 100 cases would "
            "show just as many if other people of the same kind were asked.",
            groups,
        )
        return told % {"n": groups, "sure": of_hundred(sure)}
    if groups == 1:
        return _("The votes show no separate groups: opinions lie close together or are spread evenly.")
    if chances and chances[0] < CLEARLY:
        return _("The votes do not tell people apart clearly enough to speak of groups.")
    told = _(
        "The votes show no separate camps, and in about %(sure)s of 100 cases would show none if other "
        "people of the same kind were asked. Opinions form one continuum; it is shown here as %(n)s "
        "regions, only to read it by."
    ) % {"n": groups, "sure": of_hundred(chances[0] if chances else 1.0)}
    few = _("Among so few people, groups may still go unseen.") if drawn.placed < FEW_TO_TELL else ""
    return both(told, few)


def _shared(drawn: OpinionMap) -> str:
    n = len(drawn.shared)
    if not n:
        return _("There is no statement yet on which all are of one mind.")
    told = ngettext("On %(n)s statement all are of one mind.", "On %(n)s statements all are of one mind.", n)
    return told % {"n": n}


def valley(drawn: OpinionMap) -> str:
    """How clearly the groups lie apart, for those who want to know."""
    if not drawn.evidence.separate or len(drawn.groups) < 2:
        return ""
    told = _(
        "At the thinnest place between the two closest groups, people stand %(part)s%% as densely as in "
        "the middle of the thinner one; 100%% would be no gap at all."
    )
    return told % {"part": round(100 * drawn.evidence.valley)}


def who_is_on_it(drawn: OpinionMap, *, is_open: bool) -> str:
    """How many voted, how many are placed, and how many cannot be placed yet."""
    left = drawn.participants - drawn.placed
    counts = {
        "people": count(drawn.participants, is_open=is_open),
        "placed": count(drawn.placed, is_open=is_open),
        "left": count(left, is_open=is_open),
    }
    if left <= 0:
        told = ngettext(
            "%(people)s person voted, and is placed on the map.",
            "%(people)s people voted, and all of them are placed on the map.",
            drawn.participants,
        )
        return told % counts
    if is_open and left < ROUNDED_TO <= drawn.participants:  # an exact number would not go with the tens
        told = _(
            "%(people)s people voted. The votes of fewer than %(few)s of them do not tell yet which others "
            "are closest: the grey dots."
        )
        return told % {**counts, "few": ROUNDED_TO}
    told = ngettext(
        "%(people)s people voted; %(placed)s are placed. The votes of %(left)s person do not tell yet which "
        "others are closest; it is the grey dot.",
        "%(people)s people voted; %(placed)s are placed. The votes of %(left)s do not tell yet which "
        "they are closest to; they are the grey dots.",
        left,
    )
    return told % counts


def sharing(said: Said, rates: list[tuple[str, Rate]], drawn: OpinionMap) -> str:
    """How many of each group are on the side that all share."""
    parts = _(", ").join(
        _("%(share)s in %(group)s") % {"share": between(rate), "group": named(letter, drawn)}
        for letter, rate in rates
    )
    told = _("All agree: %(parts)s.") if said.agrees else _("All disagree: %(parts)s.")
    return told % {"parts": parts}


def differing(divides: Divides, rates: list[tuple[str, Rate]], drawn: OpinionMap) -> str:
    """Which group is on a side, which is not, and how far they are apart."""
    (pro, pro_rate), (con, con_rate) = rates[divides.pro], rates[divides.con]
    told = (
        _(
            "Most of %(pro)s agree (%(many)s), most of %(con)s do not (%(few)s agree): a gap of %(gap)s "
            "points."
        )
        if divides.agrees
        else _(
            "Most of %(pro)s disagree (%(many)s), most of %(con)s do not (%(few)s disagree): a gap of "
            "%(gap)s points."
        )
    )
    return told % {
        "pro": named(pro, drawn),
        "con": named(con, drawn),
        "many": between(pro_rate),
        "few": between(con_rate),
        "gap": round(100 * divides.gap),
    }


def margin(sure: float, flips: int) -> str:
    """How sure a label is, and how many changed votes would take it away."""
    return both(_("Sure to %(sure)s%%.") % {"sure": of_hundred(sure)}, until(flips))


def until(flips: int) -> str:
    """How many changed votes would take a label away; nothing where none would."""
    if flips >= NEVER:
        return ""
    return ngettext("It holds until %(n)s vote changes.", "It holds until %(n)s votes change.", flips) % {
        "n": flips
    }


def bridging(least: float, *, agrees: bool) -> str:
    """What nine of ten participants would rather say, and how surely each of them."""
    told = (
        _("Would rather agree, each with a probability of at least %(least)s%%.")
        if agrees
        else _("Would rather disagree, each with a probability of at least %(least)s%%.")
    )
    return told % {"least": of_hundred(least)}


def speaking(said: Said) -> str:
    """How many of a group are on the side of a statement that speaks for it."""
    told = _("%(percent)s%% agree") if said.agrees else _("%(percent)s%% disagree")
    return told % {"percent": said.percent}


def of_group(group: Group, drawn: OpinionMap, *, is_open: bool) -> str:
    """How large a group is."""
    return _("%(size)s people, %(share)s%% of those placed") % {
        "size": count(group.size, is_open=is_open),
        "share": round(100 * group.share),
    }


def own(here: Located, drawn: OpinionMap) -> str:
    """Where the reader stands, told to nobody else."""
    if len(drawn.groups) < 2:
        return _("The ring on the picture is you.")
    if here.group is None:
        return _("Your votes do not tell yet which you are closest to; a few more will.")
    told = _("Your own votes put you in %(group)s, with a probability of %(sure)s%%.")
    return told % {"group": named(here.group, drawn), "sure": of_hundred(here.chances[here.group])}


def axis(pulls: list[tuple[Statement, bool]], *, across: bool) -> str:
    """What moves somebody along an axis, by the statements that pull most."""
    parts = _("; ").join(
        (_("agrees with “%(text)s”") if agrees else _("disagrees with “%(text)s”")) % {"text": statement.text}
        for statement, agrees in pulls
    )
    told = (
        _("Further right stands who %(parts)s; further left, the other way round.")
        if across
        else _("Further up stands who %(parts)s; further down, the other way round.")
    )
    return told % {"parts": parts}
