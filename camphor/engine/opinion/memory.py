"""What a map remembers, in plain JSON: the model of the statements and the clouds, and nobody's votes."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from camphor.engine.opinion.evidence import Clouds
from camphor.engine.opinion.mixture import Mixture
from camphor.engine.opinion.model import Model
from camphor.engine.opinion.votes import Floats, Ints


@dataclass(frozen=True, eq=False)
class Memory:
    """The statements' ids, shape (m,), their model, the clouds, and the letter of each group.

    reach: how far the picture reaches. newest: the highest id of a participant; where ids are given in the
    order of coming, the next map asks only those who were there already which letter a group had.
    """

    statements: Ints
    model: Model
    clouds: Clouds
    letters: str
    reach: float
    newest: int

    @property
    def loading(self) -> dict[int, Floats]:
        """The loading of each statement, by its id."""
        return dict(zip(self.statements.tolist(), self.model.loading, strict=True))

    def model_of(self, statements: Ints) -> Model:
        """The model of these statements; one that is new is as unknown as the prior has it."""
        model = self.model
        place = {statement: k for k, statement in enumerate(self.statements.tolist())}
        d = model.dimensions
        unknown = np.diag([model.welcome[0] ** 2 + model.welcome[1], 1.0, *[1.0] * d])
        unknown[0, 1] = unknown[1, 0] = model.welcome[0]
        row, column = np.triu_indices(d + 2)
        moments = np.tile(unknown[row, column], (len(statements), 1))
        for k, statement in enumerate(statements.tolist()):
            if statement in place:
                moments[k] = model.moments[place[statement]]
        return Model(moments, model.lean, model.welcome, d)

    def on(self, statements: Ints) -> Memory:
        """The same for these statements."""
        return replace(self, statements=statements, model=self.model_of(statements))

    def to_json(self) -> dict[str, Any]:
        model, clouds = self.model, self.clouds
        return {
            "statements": self.statements.tolist(),
            "moments": _text(model.moments),
            "lean": model.lean,
            "welcome": list(model.welcome),
            "dimensions": model.dimensions,
            "cloud_share": clouds.mixture.share.tolist(),
            "cloud_mean": clouds.mixture.mean.tolist(),
            "cloud_covariance": clouds.mixture.covariance.tolist(),
            "cloud_group": clouds.group.tolist(),
            "separate": clouds.separate,
            "chances": clouds.chances.tolist(),
            "valley": clouds.valley,
            "letters": self.letters,
            "reach": self.reach,
            "newest": self.newest,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Memory | None:
        """Read what `to_json` wrote; None where a map remembers nothing (few votes, or another recipe)."""
        if "moments" not in data:
            return None
        statements = np.array(data["statements"], np.int64)
        model = Model(
            _array(data["moments"]).reshape(len(statements), -1),
            data["lean"],
            (data["welcome"][0], data["welcome"][1]),
            data["dimensions"],
        )
        mixture = Mixture(
            *(np.array(data[name]) for name in ("cloud_share", "cloud_mean", "cloud_covariance"))
        )
        group, chances = np.array(data["cloud_group"], np.int64), np.array(data["chances"])
        clouds = Clouds(mixture, group, data["separate"], chances, data["valley"])
        return cls(statements, model, clouds, data["letters"], data["reach"], data["newest"])


def _text(array: Floats) -> str:
    return b64encode(np.ascontiguousarray(array, "<f8").tobytes()).decode("ascii")


def _array(text: str) -> Floats:
    return np.frombuffer(b64decode(text), "<f8").astype(np.float64)
