"""The pages of figures: for whom, as of which day, adding up, and what is not told outside."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db.models import F
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from camphor.dashboard.public_figures import month_end
from camphor.people.actor import Actor
from camphor.rules.figures import FEWEST, INDICATORS
from camphor.trail.models import Entry

from ..conftest import AT, Cast
from ..house import House

NOW = AT + timedelta(days=90)


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """Figures that are kept for all belong to one database, and every test has its own."""
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def house(cast: Cast) -> House:
    """One proposal answered and rated, one being handled, one not filed yet."""
    house = House(cast)
    house.rate(house.answered(house.filed()), house.yun, "satisfied")
    house.handed(house.filed("关于助餐点的提案", house.an))
    house.do(house.draft("关于充电桩的提案", house.hong), "submit", house.hong)
    Entry.objects.update(recorded_at=F("at"))
    return house


def client_of(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    assert actor.person
    client.force_login(actor.person)
    return client


def page(actor: Actor, name: str, *args: str, **asked: str) -> str:
    return client_of(actor).get(reverse(name, args=args), asked).content.decode()


def test_a_clerk_reads_each_figure_with_its_denominator_as_a_sentence(house: House) -> None:
    text = page(house.qing, "figures")
    assert "2 of 3 proposals received were filed." in text
    assert "66.7%" in text and "2 / 3" in text


def test_a_leader_reads_them_and_a_member_and_an_officer_do_not(house: House, cast: Cast) -> None:
    assert client_of(house.lu).get(reverse("figures")).status_code == 200
    for actor in (house.yun, cast.bo):
        for name, args in (
            ("figures", []),
            ("figures_sheet", []),
            ("figures_excel", []),
            ("figure", ["filing"]),
        ):
            assert client_of(actor).get(reverse(name, args=args)).status_code == 403


def test_another_committee_counts_nothing_of_this_one(house: House, cast: Cast) -> None:
    assert "There was nothing to count." in page(cast.stranger, "figure", "filing")
    assert "停车" not in page(cast.stranger, "figure", "filing")


def test_the_rows_behind_a_figure_add_up_to_it(house: House) -> None:
    for name, indicator in INDICATORS.items():
        text = page(house.qing, "figure", name)
        counts = [int(n) for n in re.findall(r'<span class="count">(\d+)</span>', text)]
        if counts:
            assert counts[0] == sum(counts[1:]), indicator.label
    counted = page(house.qing, "figure", "filing", part="counted")
    rest = page(house.qing, "figure", "filing", part="rest")
    assert "停车" in counted and "助餐点" in counted and "充电桩" not in counted
    assert "充电桩" in rest and "助餐点" not in rest


def test_figures_are_told_as_of_the_day_that_is_asked_for(house: House) -> None:
    before = page(house.qing, "figure", "filing", on="2026-09-06")
    assert "There was nothing to count." in before
    late = page(house.qing, "figures", on="2099-01-01")
    assert "Figures can be reckoned up to" in late
    assert "Figures begin on" in page(house.qing, "figures", on="1066-10-14")
    assert client_of(house.qing).get(reverse("figures"), {"on": "soon", "body": "x"}).status_code == 200


def test_what_is_chosen_narrows_every_figure(house: House) -> None:
    assert "2 of 3 proposals" in page(house.qing, "figures", kind="proposal", year="2026", category="city")
    assert "There is nothing of this choice on that day." in page(house.qing, "figures", category="economy")


def test_the_sheet_adds_up_and_holds_no_formula(house: House, cast: Cast) -> None:
    cast.district.name = "=1+1"
    cast.district.save()
    answer = client_of(house.qing).get(reverse("figures_sheet"))
    text = answer.content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    filing = [line for line in lines if line["Figure"] == "Filing rate"]
    whole = [line for line in filing if not line["Broken down by"]]
    assert sum(int(line["How many"]) for line in whole) == int(whole[0]["Out of"]) == 3
    by_year = [line for line in filing if line["Broken down by"] == "Year"]
    assert sum(int(line["How many"]) for line in by_year) == 3
    assert "'=1+1" in text and not re.search(r"(^|,)[=+@]", text, re.M)


def test_the_table_as_excel_says_the_same_as_for_programs(house: House) -> None:
    client = client_of(house.qing)
    text = client.get(reverse("figures_sheet")).content.decode("utf-8-sig")
    answer = client.get(reverse("figures_excel"))
    head, *rows = list(csv.reader(io.StringIO(text)))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer))).get_sheet_by_index(0).to_python()
    assert sheet[0] == head[1:]
    assert [[str(cell) for cell in row[:3]] for row in sheet[1:]] == [row[1:4] for row in rows]
    assert [row[4:6] for row in sheet[1:]] == [[float(cell) for cell in row[5:7]] for row in rows]
    assert answer["Content-Disposition"].startswith('attachment; filename="figures-')


def test_the_public_sees_only_what_is_public_and_never_out_of_a_few(house: House) -> None:
    address = reverse("public_figures")
    assert "Out of fewer than" not in Client().get(address).content.decode()
    for n, proposal in enumerate(_published(house), start=1):
        Entry.objects.update(recorded_at=F("at"))
        cache.clear()
        text = Client(headers={"accept-language": "en"}).get(address).content.decode()
        assert ("Out of fewer than" in text) == (n < FEWEST), n
        assert (f"How {n} letters" in text) == (n >= FEWEST), proposal


def _published(house: House) -> Iterator[str]:
    """Five proposals answered and published, one after the other."""
    for n in range(FEWEST):
        answered = house.answered(house.filed(f"关于第{n}件事的提案"))
        told = {"openness": "summary", "reason_open": "", "public_text": "摘要"}
        house.do(answered, "disclose", house.qing, **told)
        yield answered.title


def test_only_ends_of_months_are_told_outside() -> None:
    assert month_end(date(2026, 9, 29)) == date(2026, 8, 31)
    assert month_end(date(2026, 9, 30)) == date(2026, 9, 30)
    assert month_end(date(2024, 3, 1)) == date(2024, 2, 29)
