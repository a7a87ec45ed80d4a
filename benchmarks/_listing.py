"""The pages of the desk in one database, alone: python -m benchmarks._listing MATTERS STEP …

The last line printed is JSON: what was measured, in seconds and queries.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

from benchmarks._inside import begun, percentiles

SEATS = {"officer": ("dep5", "officer"), "head": ("dep5", "leader"), "leader": ("d0", "leader")}
"""Who opens pages beside the clerks of a hall and of a district: in which body, and as what."""
NOUNS = ("concerns", "recommendations", "promises", "assignments", "statements")
DESKS = ("clerk", "district", "officer", "head", "leader")
LISTS = ("clerk", "district", "officer")
OVERDUE = {"state": "overdue"}
STATES = {
    "concerns": "accepted", "recommendations": "assigned", "promises": "given", "assignments": "replied",
    "statements": "accepted",
}  # fmt: skip


def main() -> None:
    """Take the steps named: fill, tell what happened, index, ask."""
    steps = begun(sys.argv)
    figures: dict[str, Any] = {}
    if "tell" in steps:
        _tell()
    if "index" in steps:
        from camphor.search.indexing import rebuild

        rebuild()
    if "ask" in steps:
        figures = _measured()
    print(json.dumps(figures))


def _tell() -> None:
    from benchmarks._past import tell
    from camphor.bodies.models import Body
    from camphor.people.models import Membership, Person

    tell()
    for name, (slug, role) in SEATS.items():
        person = Person.objects.create(username=name, name=name)
        body = Body.objects.get(slug=slug)
        Membership.objects.create(person=person, body=body, role=role, since=date(2020, 1, 1))


def _measured() -> dict[str, Any]:
    """The times of each group of pages, and the most queries that one of them takes."""
    figures: dict[str, Any] = {}
    for name, pages in _pages().items():
        queries = max(_queries(page) for page in pages)
        figures[name] = percentiles(pages)
        figures[f"{name}: queries"] = queries
    return figures


def _queries(page: Callable[[], object]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        page()
    return len(asked)


def _pages() -> dict[str, list[Callable[[], object]]]:
    from django.test import Client

    from camphor.people.models import Person

    clients = {name: Client(SERVER_NAME="localhost") for name in DESKS}
    for name, client in clients.items():
        client.force_login(Person.objects.get(username=name))

    def opens(client: Client, path: str, **asked: str | int) -> Callable[[], object]:
        def opened() -> None:
            if client.get(path, asked).status_code != 200:
                raise SystemExit(f"no page at {path} for {asked}")

        return opened

    def lists(**asked: str | int) -> list[Callable[[], object]]:
        return [opens(clients[who], f"/desk/{noun}/", **asked) for who in LISTS for noun in NOUNS]

    def of_state() -> list[Callable[[], object]]:
        return [opens(clients[who], f"/desk/{noun}/", state=STATES[noun]) for who in LISTS for noun in NOUNS]

    return {
        "the desk": [opens(clients[who], "/desk/") for who in DESKS],
        "the desk of a unit": [opens(clients[who], "/desk/", whose="unit") for who in ("head", "leader")],
        "a list": lists(),
        "a list in one state": of_state(),
        "a list of what is overdue": lists(**OVERDUE),
        "the twentieth page of a list": lists(page=20),
        "a list searched": lists(q="路灯 维修"),
        "figures of a hall": [opens(clients["clerk"], "/desk/figures/")],
        "figures of a district": [opens(clients["district"], "/desk/figures/")],
        "the public list of promises": [opens(clients["clerk"], "/promises/")],
    }


if __name__ == "__main__":
    main()
