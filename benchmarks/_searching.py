"""Search in one database, in a process of its own: python -m benchmarks._searching MATTERS STEP …

The last line printed is JSON: what was measured, in seconds and bytes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

from benchmarks._inside import begun, percentiles

WORDS = (
    "路灯", "电梯 老人", "停车位 收费", "垃圾房 味道", "公交站台 雨棚", "充电桩 消防通道", "樟荫社区",
    "桂语 路灯", "校门口交通 高峰", "噪声 晚上", "物业费 公开", "养老食堂", "积水 下雨", "维修", "建议",
    "居民 意见", "桃井公园 健身器材", "不存在的词语组合", "荷塘新村 电梯 希望尽快维修", "信号灯 孩子",
)  # fmt: skip
QUOTED = (
    "“路灯太暗”",
    "“人行道被占用”",
    "“希望先做一个样板”",
    "“电梯坏了很久没人修” 老人",
    "“社区卫生间不够用”",
)
LETTERS = ("灯", "梯", "桥", "荫", "噪")
FILTERS: tuple[dict[str, str], ...] = (
    {"kind": "concern"},
    {"kind": "recommendation", "year": "2023"},
    {"area": "d3", "year": "2021"},
    {"state": "concern.accepted"},
    {"owed": "dep", "kind": "promise"},
    {"area": "d7", "kind": "promise", "state": "promise.given", "year": "2024"},
)
ASKED = "晚上十点以后，小区门口的路灯坏了很久没人修，老人摔倒过好几次，希望尽快维修，并请明确由谁负责。"


def main() -> None:
    """Take the steps named: fill an empty database, index what is in it, ask."""
    steps = begun(sys.argv)
    figures: dict[str, Any] = {}
    if "index" in steps:
        figures["making the index anew"] = _build()
    figures |= _sizes()
    if "ask" in steps:
        _read_dictionary()
        figures |= {name: percentiles(asked) for name, asked in _cases().items()}
        figures["a new concern is found after"] = _one_more()
    print(json.dumps(figures))


def _read_dictionary() -> None:
    """Once in a process, as with a server, and no part of any question."""
    from camphor.search.query import parse

    parse("词典")


def _build() -> float:
    from camphor.search.indexing import rebuild

    begun = perf_counter()
    rebuild()
    return perf_counter() - begun


def _sizes() -> dict[str, int]:
    """Rows, and bytes of the documents with their texts, of the inverted index, and of the matters."""
    from django.db import connection

    from camphor.search.models import Document, Word

    sizes = {"documents": Document.objects.count(), "different words": Word.objects.count()}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            tables = {"bytes of documents": "search_document", "bytes of matters": "matters_matter"}
            for name, table in tables.items():
                cursor.execute("SELECT pg_table_size(%s)", [table])
                sizes[name] = cursor.fetchone()[0]
            cursor.execute("SELECT pg_relation_size('search_lexemes')")
            sizes["bytes of the index"] = cursor.fetchone()[0]
            return sizes
        groups = {
            "bytes of documents": "name = 'search_document'",
            "bytes of the index": "name LIKE 'search_words%'",
            "bytes of matters": "name = 'matters_matter'",
        }
        for name, which in groups.items():
            cursor.execute(f"SELECT sum(pgsize) FROM dbstat WHERE {which}")  # noqa: S608 - constants
            sizes[name] = cursor.fetchone()[0]
    return sizes


def _cases() -> dict[str, list[Callable[[], object]]]:
    """What is asked, by whom."""
    from datetime import date

    from django.test import Client

    from camphor.bodies.models import Body
    from camphor.matters.similar import similar_to
    from camphor.people.actor import NOBODY, Actor
    from camphor.people.models import Person
    from camphor.search.finding import find
    from camphor.search.query import parse

    on = date(2026, 11, 1)
    department = str(Body.objects.get(slug="dep5").pk)
    clerk = Actor(Person.objects.get(username="clerk"))
    district = Actor(Person.objects.get(username="district"))
    client = Client(SERVER_NAME="localhost")

    def asks(typed: str, facets: dict[str, str], actor: Actor) -> Callable[[], object]:
        known = {name: department if name == "owed" else value for name, value in facets.items()}
        return lambda: find(parse(typed), known, actor, on=on)

    def opens(asked: dict[str, str]) -> Callable[[], object]:
        def opened() -> None:
            if client.get("/search/", asked).status_code != 200:
                raise SystemExit(f"no page for {asked}")

        return opened

    def compares(begin: int) -> Callable[[], object]:
        return lambda: similar_to(ASKED[begin:])

    return {
        "words": [asks(typed, {}, NOBODY) for typed in WORDS],
        "words, at the desk": [asks(typed, {}, clerk) for typed in WORDS],
        "words with filters": [asks(typed, facets, NOBODY) for typed in WORDS for facets in FILTERS],
        "words with filters, at the desk": [asks(typed, one, district) for typed in WORDS for one in FILTERS],
        "filters alone": [asks("", facets, NOBODY) for facets in FILTERS],
        "a single character": [asks(typed, {}, NOBODY) for typed in LETTERS],
        "a quoted text": [asks(typed, {}, NOBODY) for typed in QUOTED],
        "the whole page": [opens({"q": typed, **facets}) for typed in WORDS for facets in ({}, FILTERS[0])],
        "similar to a text": [compares(begin) for begin in range(0, 12, 2)],
    }


def _one_more() -> float:
    """From a concern that was raised to its being found: reading on in the journal, and the search."""
    from datetime import date

    from django.utils import timezone

    from camphor.bodies.models import Venue
    from camphor.matters.actions import new_code, raise_concern
    from camphor.people.actor import NOBODY, Actor
    from camphor.people.models import Person
    from camphor.search.finding import find
    from camphor.search.query import parse

    venue, clerk = Venue.objects.earliest("pk"), Actor(Person.objects.get(username="clerk"))
    taken = []
    for n in range(10):
        words = {"title": f"第{n}个窨井盖松动", "text": ASKED, "code": new_code()}
        raise_concern(**words, body=venue.body, venue=venue, by=NOBODY, at=timezone.now())
        begun = perf_counter()
        found = find(parse("窨井盖"), {}, clerk, on=date(2026, 11, 1))
        taken.append(perf_counter() - begun)
        if not any(one.title == words["title"] for one in found.documents):
            raise SystemExit(f"not found: {words['title']}")
    return sorted(taken)[len(taken) // 2]


if __name__ == "__main__":
    main()
