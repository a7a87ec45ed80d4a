"""The ground on which drills are held: a folder, and databases with the town built in them once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from drills.clusters import Cluster
from drills.service import ROOT, environment, manage
from drills.town import Town

CONCERNS = 400
"""As many as the longest drill of two desks moves."""


@dataclass
class Ground:
    """Where drills are held, and whether in their short form."""

    folder: Path
    short: bool = True
    kinds: tuple[str, ...] = ("SQLite", "PostgreSQL")
    _copies: int = 0
    _clusters: list[Cluster] = field(default_factory=list)

    @cached_property
    def _file(self) -> tuple[Path, Town]:
        file = self.folder / "town.sqlite3"
        return file, _build(f"sqlite:///{file}", 40 if self.short else CONCERNS)

    @cached_property
    def cluster(self) -> Cluster:
        """A running cluster with the town in the database `town`."""
        cluster = Cluster(self.folder / "postgresql")
        self._clusters.append(cluster)
        cluster.make().start()
        cluster.query("CREATE DATABASE town", "postgres")
        return cluster

    @cached_property
    def _in_cluster(self) -> Town:
        return _build(self.cluster.address_of("town"), 40 if self.short else CONCERNS)

    @property
    def town(self) -> Town:
        """The town of the SQLite databases."""
        return self._file[1]

    def sqlite(self, folder: Path | None = None) -> tuple[str, Town]:
        """A fresh SQLite database with the town, in this folder."""
        self._copies += 1
        file = (folder or self.folder) / f"drill{self._copies}.sqlite3"
        shutil.copy(self._file[0], file)
        return f"sqlite:///{file}", self.town

    def postgresql(self) -> tuple[str, Town]:
        """A fresh PostgreSQL database with the town."""
        town = self._in_cluster
        self._copies += 1
        name = f"drill{self._copies}"
        self.cluster.query(f"CREATE DATABASE {name} TEMPLATE town", "postgres")
        return self.cluster.address_of(name), town

    def database(self, kind: str) -> tuple[str, Town]:
        return self.sqlite() if kind == "SQLite" else self.postgresql()

    def another(self, name: str, **settings: str) -> Cluster:
        """One more cluster, not yet laid down, which ends with the ground."""
        cluster = Cluster(self.folder / name, **settings)
        self._clusters.append(cluster)
        return cluster

    def clear(self) -> None:
        """End what was started here."""
        for cluster in self._clusters:
            cluster.stop()


def _build(address: str, concerns: int) -> Town:
    manage(address, "migrate", "--verbosity", "0")
    return built_in(address, concerns)


def built_in(address: str, concerns: int) -> Town:
    """Build the town in a migrated database."""
    done = subprocess.run(
        [sys.executable, "-m", "drills.town", str(concerns)],
        cwd=ROOT,
        env=environment(address),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip()[-2000:])
    return Town.read(done.stdout)
