"""The map of more votes than one machine holds, on a Dask cluster that is there already.

What is learnt of the statements comes from a sample of participants that their ids choose, so it is the
same however the votes lie; what is counted of a shard are sums, and sums add up. So the map is that of one
machine, for any sharding in which all votes of a participant lie in one shard.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from camphor.engine.opinion.drawing import finished, nothing_drawn
from camphor.engine.opinion.learning import TO_FIT, learn
from camphor.engine.opinion.memory import Memory
from camphor.engine.opinion.result import OpinionMap
from camphor.engine.opinion.sampling import chosen
from camphor.engine.opinion.scoring import Sums, score
from camphor.engine.opinion.votes import BadVote, Ints, Votes

if TYPE_CHECKING:
    from camphor.engine.opinion.reading import Conversation

SHARDS_PER_WORKER = 2
"""So that no worker is idle while another works on its last shard."""
PATIENCE = "15 s"
"""A scheduler that has not answered after so long is not there."""


def draw_on_dask(conversation: Conversation, address: str, *, recipe: str = "ideal_points") -> OpinionMap:
    """The map of a conversation that was read here, drawn on the cluster whose scheduler is at the address.

    Raises ImportError without the extra `cluster`, OSError where no scheduler answers or no worker is there,
    and BadVote for a recipe that needs all votes in one place.
    """
    from distributed import Client

    if recipe != "ideal_points":
        raise BadVote(f"the recipe {recipe} needs all votes in one place: leave out --engine dask")
    with Client(address, timeout=PATIENCE) as client:  # type: ignore[no-untyped-call]
        workers = len(client.scheduler_info(n_workers=-1)["workers"])
        if not workers:
            raise OSError(f"the scheduler at {address} has no workers")
        parts = cut(conversation.votes, workers * SHARDS_PER_WORKER)
        shards = [client.scatter(part, direct=False) for part in parts]
        return draw_shards(client, shards, hidden=[*conversation.hidden, *conversation.meta])


def cut(votes: Votes, parts: int) -> list[Votes]:
    """The votes in so many shards of about equally many votes."""
    edges = np.searchsorted(votes.starts, np.linspace(0, votes.starts[-1], parts + 1)[1:-1])
    cuts = [0, *edges.tolist(), len(votes.participants)]
    return [votes.of_participants(np.arange(first, last)) for first, last in pairwise(cuts) if last > first]


def draw_shards(
    client: Any, shards: Sequence[Any], *, hidden: Collection[int] = (), before: OpinionMap | None = None
) -> OpinionMap:
    """The map of votes that lie on a cluster.

    client: of dask.distributed. shards: futures of `Votes`, with all votes of a participant in one of them;
    which statements each knows may differ. hidden, before: as in `draw_map`.
    """
    known = client.gather(client.map(_statements, shards, pure=False))
    statements = np.setdiff1d(np.unique(np.concatenate([np.zeros(0, np.int64), *known])), list(hidden))
    shards = client.map(aligned, shards, statements=statements, pure=False)
    sample = together(client.gather(client.map(_sampled, shards, pure=False)), statements)
    if not len(sample.values):
        return nothing_drawn(sample)
    learnt = learn(sample, before=Memory.from_json(before.memory) if before else None)
    counted: list[Sums] = client.gather(client.map(score, shards, memory=learnt.memory, pure=False))
    total = counted[0]
    for sums in counted[1:]:
        total = total + sums
    return finished(learnt, total)


def aligned(votes: Votes, statements: Ints) -> Votes:
    """The votes on these statements alone (ids, ascending), numbered as they are."""
    votes = votes.of_statements(np.isin(votes.statements, statements))
    place = np.searchsorted(statements, votes.statements).astype(np.int32)
    return Votes(votes.participants, statements, votes.starts, place[votes.columns], votes.values)


def together(parts: Sequence[Votes], statements: Ints) -> Votes:
    """The participants from whom the statements are learnt, from those of each shard."""
    ids = np.concatenate([np.zeros(0, np.int64), *(part.participants for part in parts)])
    if len(np.unique(ids)) < len(ids):
        raise BadVote("the votes of a participant lie in two shards")
    who = np.concatenate([np.zeros(0, np.int64), *(part.participants[part.rows] for part in parts)])
    what = np.concatenate([np.zeros(0, np.int64), *(statements[part.columns] for part in parts)])
    how = np.concatenate([np.zeros(0, np.int8), *(part.values for part in parts)])
    whole = Votes.from_log(who, what, how)
    kept = np.isin(whole.participants, ids[chosen(ids, TO_FIT)])
    return aligned(whole, statements).of_participants(np.flatnonzero(kept))


def _statements(votes: Votes) -> Ints:
    return votes.statements


def _sampled(votes: Votes) -> Votes:
    return votes.of_participants(chosen(votes.participants, TO_FIT))
