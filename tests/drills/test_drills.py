"""The short form of every drill, on the database that the tests run on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import gettempdir

import pytest

from drills.__main__ import NAMES, drill
from drills.ground import Ground
from drills.outcome import NotHere

ON_SQLITE = ("kill", "power", "disk_full", "sent_twice", "two_desks", "restore", "migrations",
             "residents")  # fmt: skip
ON_POSTGRESQL = ("kill", "disk_full", "database_killed", "switch_over", "sent_twice", "two_desks", "restore",
                 "point_in_time", "migrations", "residents")  # fmt: skip
IS_SQLITE = os.environ.get("CAMPHOR_DATABASE_URL", "sqlite").startswith("sqlite")

pytestmark = pytest.mark.xdist_group("drills")


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    folder = tmp_path_factory.mktemp("drills")
    for parent in (folder, *folder.parents):
        if parent == Path(gettempdir()):
            break
        parent.chmod(0o755)  # the owner of a cluster enters as well
    ground = Ground(folder, kinds=("SQLite",) if IS_SQLITE else ("PostgreSQL",))
    yield ground
    ground.clear()


def test_every_drill_is_held_on_a_database_that_it_is_about() -> None:
    assert set(ON_SQLITE) | set(ON_POSTGRESQL) == set(NAMES)


@pytest.mark.parametrize("name", ON_SQLITE if IS_SQLITE else ON_POSTGRESQL)
def test_nothing_acknowledged_is_lost_or_counted_twice(ground: Ground, name: str) -> None:
    try:
        outcomes = drill(name)(ground)
    except NotHere as reason:
        pytest.skip(str(reason))
    assert outcomes
    for outcome in outcomes:
        assert outcome.holds, outcome.told()
