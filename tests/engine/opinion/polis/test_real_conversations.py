"""The groups of real conversations against those that were published."""

from __future__ import annotations

import numpy as np
import pytest

from camphor.engine.opinion.polis.counts import count_votes, group_consensus

from .conversations import exported, likeness, needs_real

pytestmark = needs_real


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("bg2050-volunteers", 1.0),
        ("austria-climate.5twd2jsnkf.2022-08-08", 0.977),
        ("ssis.land-bank-farmland.2rumnecbeh.2021-08-01", 0.976),
        ("scoop-hivemind.biodiversity", 0.966),
        ("vtaiwan.uberx", 0.889),
        ("scoop-hivemind.taxes", 0.813),
        ("american-assembly.bowling-green", 0.56),
    ],
)
def test_a_cold_start_finds_much_the_published_groups(name: str, least: float) -> None:
    said = exported(name)
    assert likeness(said.cold(), said.published["groups"]) >= least


@pytest.mark.parametrize(
    ("name", "every", "least"),
    [
        ("scoop-hivemind.taxes", 200, 0.91),
        ("scoop-hivemind.taxes", 1000, 0.9099),
        ("canadian-electoral-reform", 100, 0.999),
        ("scoop-hivemind.taxes", 100, 0.92),
    ],
)
def test_groups_that_history_made_come_out_of_a_replay(name: str, every: int, least: float) -> None:
    """Cold, the groups of taxes are matched to 0.81 and those of canadian-electoral-reform to 0.17."""
    said = exported(name)
    assert likeness(said.replayed(every), said.published["groups"]) >= least


def test_the_published_consensus_follows_from_the_published_groups() -> None:
    said = exported("bg2050-volunteers")
    votes, published = said.votes, said.published["groups"]
    group = np.array([published.get(one, -1) for one in votes.participants.tolist()])
    found, _disagree = group_consensus(count_votes(votes, group, 2))
    wanted = np.array([said.published["consensus"][one] for one in votes.statements.tolist()])
    assert np.abs(found - wanted).max() <= 1e-12


def test_a_replay_in_one_step_is_a_cold_start() -> None:
    said = exported("scoop-hivemind.taxes")
    cold, replayed = said.cold(), said.replayed(10**9)
    assert cold.group.tolist() == replayed.group.tolist()
    assert cold.silhouettes == replayed.silhouettes
