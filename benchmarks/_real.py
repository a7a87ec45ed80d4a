"""Real conversations and the groups that were published of them."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from camphor.engine.opinion.reading import Conversation, read_conversation
from camphor.engine.opinion.votes import Ints, Votes

WHERE = Path(os.environ.get("CAMPHOR_REAL_DATA", Path(__file__).parents[2] / "shared" / "data" / "polis"))
FOLDERS = {
    "bg2050": "bg2050-volunteers",
    "biodiversity": "scoop-hivemind.biodiversity",
    "taxes": "scoop-hivemind.taxes",
    "ssis": "ssis.land-bank-farmland.2rumnecbeh.2021-08-01",
    "produktion": "austria-climate.5twd2jsnkf.2022-08-08",
    "UberX": "vtaiwan.uberx",
    "bowling": "american-assembly.bowling-green",
    "brexit": "brexit-consensus",
    "canada": "canadian-electoral-reform",
    "seattle": "15-per-hour-seattle",
    "ubi": "scoop-hivemind.ubi",
}
"""By the names that the tables use. London's 26 participants are too few to measure anything by."""
LARGE = ("bg2050", "biodiversity", "taxes", "ssis", "produktion", "UberX", "bowling")
"""Large enough for their time to mean something; a cold start can match their published groups in part."""


@dataclass(frozen=True, eq=False)
class Real:
    """A conversation as it was read. published: the group of each participant, shape (n,), -1 for none."""

    name: str
    whole: Conversation
    published: Ints

    @cached_property
    def votes(self) -> Votes:
        """Without the statements that were moderated out."""
        return self.whole.votes.without(self.whole.left_out)

    def order(self, votes: Votes) -> Ints:
        """The positions of the participants of these votes, by their first vote in the conversation."""
        arrived = self.whole.votes.participants[self.whole.arrival]
        arrived = arrived[np.isin(arrived, votes.participants)]
        return np.searchsorted(votes.participants, arrived)


def read(name: str, where: Path) -> Real:
    folder = where / FOLDERS[name]
    whole = read_conversation(folder)
    with (folder / "participants-votes.csv").open(encoding="utf-8-sig", newline="") as rows:
        group = {
            int(r["participant"]): int(float(r["group-id"])) for r in csv.DictReader(rows) if r["group-id"]
        }
    return Real(name, whole, np.array([group.get(one, -1) for one in whole.votes.participants.tolist()]))


def missing(where: Path) -> list[str]:
    """Conversations that are not there."""
    return [name for name, folder in FOLDERS.items() if not (where / folder).is_dir()]
