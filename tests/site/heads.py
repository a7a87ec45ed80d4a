"""The head of a request as the web server hands it in."""

from __future__ import annotations


class Headers:
    """The lines of a head by their names in small letters, in their order."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self.pairs = pairs

    def items(self) -> list[tuple[str, str]]:
        return self.pairs

    def get_all(self, name: str) -> list[str]:
        return [value for key, value in self.pairs if key == name]
