"""What a measurement inside one database begins and ends with: Django set up, and times told in brief."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from time import perf_counter

SEED = 20260907
ROUNDS = 3
"""Each question is asked so often; the first time is counted as well."""


def set_up() -> None:
    """Django, on the database of the settings, with all its tables."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "camphor.site.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def begun(arguments: Sequence[str]) -> list[str]:
    """Set up, and fill the database where that is asked for; the steps of [programme, MATTERS, STEP, …]."""
    set_up()
    steps = list(arguments[2:])
    if "fill" in steps:
        from benchmarks._archive import fill

        fill(int(arguments[1]), SEED)
    return steps


def percentiles(asked: Sequence[Callable[[], object]]) -> tuple[float, float]:
    """The median and the 95th percentile of the times of all questions, each asked several times."""
    taken = sorted(_times(asked))
    return taken[len(taken) // 2], taken[min(len(taken) - 1, round(0.95 * len(taken)))]


def _times(asked: Sequence[Callable[[], object]]) -> Iterator[float]:
    for _ in range(ROUNDS):
        for ask in asked:
            begun = perf_counter()
            ask()
            yield perf_counter() - begun
