"""Search over 200,000 matters in Chinese, with and without filters, on SQLite and PostgreSQL."""

from __future__ import annotations

from benchmarks._databases import side_by_side


def main() -> None:
    """Fill a database, index what is in it, and ask."""
    side_by_side("bench_search", __doc__, "benchmarks._searching", ["fill", "index", "ask"])


if __name__ == "__main__":
    main()
