"""The opinion map of the published Polis algorithm, from a cold start or as its history made it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from camphor.engine.opinion.polis.arrival import by_first_vote
from camphor.engine.opinion.polis.axes import Plane, find_plane, place_people, place_statements
from camphor.engine.opinion.polis.counts import Counts, count_votes, group_consensus
from camphor.engine.opinion.polis.grouping import Earlier, Grouping, find_groups
from camphor.engine.opinion.polis.people import PeopleStatistics, people_statistics
from camphor.engine.opinion.polis.priority import priorities
from camphor.engine.opinion.polis.voices import Shared, Voice, representative, shared
from camphor.engine.opinion.votes import Bools, Floats, Ints, Votes


@dataclass(frozen=True, eq=False)
class PolisMap:
    """What the published algorithm says of n participants and m statements, with 1 for agree.

    participants, statements: ids, shapes (n,) and (m,). centre: (m,). axes: (2, m).
    positions: (n, 2). statement_positions: (m, 2). extremity: their distance from the origin, (m,).
    in_conv: who is clustered, (n,). base: the base cluster of each participant, (n,), -1 outside.
    base_centres: (b, 2). base_ids: (b,). base_sizes: (b,). group_of_base: (b,).
    group: of each participant, (n,), -1 outside. k: how many groups. silhouettes: by number of groups tried.
    counts: votes of the groups. representative: what each group stands for.
    consensus_agree, consensus_disagree: what most of all participants share.
    group_aware_agree, group_aware_disagree: consensus that counts every group alike, (m,).
    priorities: the weight of each statement when the next is drawn, (m,).
    people: centricness, coreness, extremeness.
    """

    participants: Ints
    statements: Ints
    centre: Floats
    axes: Floats
    positions: Floats
    statement_positions: Floats
    extremity: Floats
    in_conv: Bools
    base: Ints
    base_ids: Ints
    base_centres: Floats
    base_sizes: Ints
    group_of_base: Ints
    group: Ints
    k: int
    silhouettes: dict[int, float]
    counts: Counts
    representative: tuple[tuple[Voice, ...], ...]
    consensus_agree: tuple[Shared, ...]
    consensus_disagree: tuple[Shared, ...]
    group_aware_agree: Floats
    group_aware_disagree: Floats
    priorities: Floats
    people: PeopleStatistics


def polis_map(
    votes: Votes,
    *,
    hidden: Collection[int] = (),
    meta: Collection[int] = (),
    order: Ints | None = None,
) -> PolisMap:
    """The map of these votes from a cold start; the same votes and order of arrival give the same map.

    hidden: ids of statements that were moderated out. meta: ids of those about the participants themselves.
    Both are zeroed in the matrix that the plane comes from, and named nowhere.
    order: shape (n,), positions of participants by their first vote (`by_first_vote`); by id if not given.
    """
    order = np.arange(len(votes.participants)) if order is None else order
    is_meta, out = _marked(votes, hidden, meta)
    everybody = count_votes(votes, np.zeros(len(votes.participants), np.int64), 1)
    plane = find_plane(votes, out, everybody)
    positions = place_people(votes, plane)
    return _drawn(votes, plane, positions, find_groups(votes, positions, order), is_meta, everybody)


def polis_replay(
    participants: NDArray[Any],
    statements: NDArray[Any],
    values: NDArray[Any],
    *,
    every: int,
    hidden: Collection[int] = (),
    meta: Collection[int] = (),
) -> PolisMap:
    """The map at the end of a log if one had been drawn after every so many votes, each from the last.

    The columns of the log are in the order of time, as in Votes.from_log. Who is in stays in, clusters go on
    from where they were, and the number of groups changes late, so the result depends on the history, as the
    published groups do. hidden and meta: as in polis_map, out from the beginning.
    """
    drawn = polis_map(Votes.nobody())
    earlier = None
    ends = [*range(every, len(participants), every), len(participants)] if len(participants) else []
    for end in ends:
        votes = Votes.from_log(participants[:end], statements[:end], values[:end])
        is_meta, out = _marked(votes, hidden, meta)
        everybody = count_votes(votes, np.zeros(len(votes.participants), np.int64), 1)
        plane = find_plane(votes, out, everybody)
        positions = place_people(votes, plane)
        grouping = find_groups(votes, positions, by_first_vote(participants[:end]), earlier)
        earlier = Earlier(votes.participants, grouping)
        if end == ends[-1]:
            drawn = _drawn(votes, plane, positions, grouping, is_meta, everybody)
    return drawn


def _marked(votes: Votes, hidden: Collection[int], meta: Collection[int]) -> tuple[Bools, Bools]:
    """Which statements are meta, and which of all are out, each of shape (m,)."""
    is_meta = np.isin(votes.statements, list(meta))
    return is_meta, is_meta | np.isin(votes.statements, list(hidden))


def _drawn(
    votes: Votes, plane: Plane, positions: Floats, grouping: Grouping, is_meta: Bools, everybody: Counts
) -> PolisMap:
    """What follows from the plane and the groups."""
    out, chosen, base = plane.zeroed, grouping.groups, grouping.base
    k = len(chosen.ids)
    group = grouping.of_everybody(chosen.label[base.label])
    counts = count_votes(votes, group, k)
    statement_positions = place_statements(plane)
    extremity = np.hypot(statement_positions[:, 0], statement_positions[:, 1])
    agree, disagree = shared(everybody, votes.statements, out)
    aware_agree, aware_disagree = group_consensus(counts)
    return PolisMap(
        participants=votes.participants,
        statements=votes.statements,
        centre=plane.centre,
        axes=plane.axes,
        positions=positions,
        statement_positions=statement_positions,
        extremity=extremity,
        in_conv=grouping.in_conv,
        base=grouping.of_everybody(base.label),
        base_ids=base.ids,
        base_centres=base.centres,
        base_sizes=grouping.sizes,
        group_of_base=chosen.label,
        group=group,
        k=k,
        silhouettes=grouping.silhouettes,
        counts=counts,
        representative=representative(counts, votes.statements, out),
        consensus_agree=agree,
        consensus_disagree=disagree,
        group_aware_agree=aware_agree,
        group_aware_disagree=aware_disagree,
        priorities=priorities(counts, extremity, is_meta),
        people=people_statistics(positions, group, k),
    )
