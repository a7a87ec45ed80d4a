"""The first process of the web server: what all of its workers need is read here, and they share it."""

from __future__ import annotations

from granian.cli import entrypoint

from camphor.search.tokens import words


def main() -> None:
    """Read the dictionary of Chinese words, 30 MB that each worker would read for itself, and serve.

    Workers are forked from this process, and nobody writes into the dictionary: it is in memory once.
    """
    words("词典")
    entrypoint()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
