"""The desk, its lists, and the figures over 200,000 matters, on SQLite and PostgreSQL."""

from __future__ import annotations

from benchmarks._databases import side_by_side


def main() -> None:
    """Fill a database as for the search, tell in it what happened to each matter, and open the pages."""
    side_by_side("bench_lists", __doc__, "benchmarks._listing", ["fill", "tell", "index", "ask"])


if __name__ == "__main__":
    main()
