"""Hold drills: python -m drills [NAME …] [--short]."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from drills.ground import Ground
from drills.outcome import HEAD, NotHere, Outcome, machine

NAMES = (
    "kill",
    "power",
    "disk_full",
    "database_killed",
    "switch_over",
    "sent_twice",
    "two_desks",
    "restore",
    "point_in_time",
    "migrations",
    "residents",
)
"""The drills, each a module with a function `hold`."""


def drill(name: str) -> Callable[[Ground], list[Outcome]]:
    found: Callable[[Ground], list[Outcome]] = import_module(f"drills.{name}").hold
    return found


def hold(name: str, ground: Ground) -> list[Outcome]:
    """Hold one drill; what breaks off is a failure with its reason."""
    try:
        return drill(name)(ground)
    except NotHere as reason:
        print(f"{name:<34} left out: {reason}", flush=True)
        return []
    except (OSError, RuntimeError) as fault:
        return [Outcome(name, faults=[f"broke off: {fault}"])]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="x.py drills", description="Break the service and count the loss.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)} (all)")
    parser.add_argument("--short", action="store_true", help="some seconds each, as the tests do")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.names) - set(NAMES):
        parser.error(f"no drill {', '.join(sorted(unknown))}; there are: {', '.join(NAMES)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended too
    print(f"{machine()}\n{HEAD}", flush=True)
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="camphor-drill-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # the owner of the clusters enters as well
        ground = Ground(Path(folder), short=chosen.short)
        try:
            for name in chosen.names or NAMES:
                for outcome in hold(name, ground):
                    print(outcome.told(), flush=True)
                    outcomes.append(outcome)
        finally:
            ground.clear()
    return int(not all(outcome.holds for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
