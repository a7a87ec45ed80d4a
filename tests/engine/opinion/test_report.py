"""The report: it needs nothing beside itself, tells every number in words, and trusts no text."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter
from typing import Any

import numpy as np
import pytest

from camphor.engine.opinion import (
    Bridge,
    Cell,
    Counted,
    Divides,
    Evidence,
    Group,
    OpinionMap,
    Pick,
    Rate,
    Said,
    Tally,
    Votes,
    draw_map,
    report,
)
from camphor.engine.opinion.reading import Conversation
from camphor.engine.opinion.report.page import Page
from camphor.engine.opinion.report.words import LANGUAGES, Words, texts

HOSTILE = '</title><script>alert(1)</script><img src=x onerror="a()">\x07&amp; {people}'
ALONE = {"meta", "br", "img", "link", "input", "hr"}
"""Elements without an end."""


class Reader(HTMLParser):
    """Counts elements, keeps attributes and text, and sees that all that is opened is closed."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(key, value or "") for key, value in attrs]
        if tag not in ALONE:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.text += data


def tally(agree: float, disagree: float, seen: int = 40) -> Tally:
    return Tally(
        round(agree * seen),
        round(disagree * seen),
        seen,
        Rate(agree, max(agree - 0.06, 0), min(agree + 0.05, 1)),
        Rate(disagree, max(disagree - 0.04, 0), min(disagree + 0.07, 1)),
    )


def drawn(**changes: Any) -> OpinionMap:
    """A map made by hand: two groups, one statement shared, one dividing."""
    made = OpinionMap(
        recipe="ideal_points",
        participants=1234,
        placed=60,
        votes=5678,
        evidence=Evidence(True, (0.04, 0.96), 0.31),
        share=(0.5, 0.2),
        groups=(
            Group("A", 45, 0.75, 30, 40, False, (Said(2, True, 83, 0.97, 12),)),
            Group("B", 15, 0.25, 70, 60, True, ()),
        ),
        counted=(
            Counted(1, tally(0.9, 0.05), (tally(0.91, 0.04), tally(0.88, 0.06)), 0.5, 0.1, 0.2),
            Counted(2, tally(0.6, 0.3), (tally(0.83, 0.1), tally(0.2, 0.7)), 0.6, 0.9, 0.1),
        ),
        shared=(Said(1, True, 90, 0.999, 1),),
        dividing=(Divides(2, True, 0, 1, 0.63, 0.98, 7),),
        bridging=(Bridge(1, True, 0.71),),
        picks=(Pick(1, 0.9), Pick(2, 0.001)),
        cells=(Cell(30, 40, 0, 45), Cell(70, 60, 1, 15), Cell(50, 50, -1, 3)),
        memory={},
    )
    return replace(made, **changes)


def conversation(text: str = "Lifts first") -> Conversation:
    return Conversation(text, {1: text, 2: "Parking first"}, Votes.nobody(), np.zeros(0, np.int64), ())


def page(made: OpinionMap, language: str = "en", text: str = "Lifts first") -> str:
    return Page(conversation(text), made, Words(language)).html()


NOTHING = {"groups": (), "cells": (), "placed": 0, "shared": (), "dividing": (), "bridging": (), "picks": ()}
FEW = drawn(**NOTHING, counted=tuple(replace(row, groups=()) for row in drawn().counted))
ONE = drawn(
    groups=drawn().groups[:1],
    dividing=(),
    counted=tuple(replace(row, groups=row.groups[:1]) for row in drawn().counted),
)
PUBLISHED = drawn(
    recipe="polis",
    evidence=Evidence(True, (), 0.0),
    dividing=(),
    bridging=(),
    picks=(),
    shared=(Said(1, True, 90, 0.9, 0),),
)
REGIONS = drawn(evidence=Evidence(False, (0.9, 0.1), 0.95))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("made", [drawn(), FEW, ONE, REGIONS, PUBLISHED, drawn(**NOTHING, counted=())])
def test_the_page_needs_nothing_beside_itself(made: OpinionMap, language: str) -> None:
    whole = page(made, language)
    read = Reader(whole)
    assert not {"script", "link", "img", "iframe", "object", "form"}.intersection(read.tags)
    assert not re.search(r"https?:|//|url\(|@import", re.sub(r"^<!DOCTYPE html>", "", whole))
    assert not [
        key for key, _value in read.attributes if key.startswith("on") or key in ("src", "href", "style")
    ]
    assert ("lang", Words(language).tag) in read.attributes
    assert not re.search(r"[{}]|\bnan\b|\binf\b|None", read.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hostile_text_is_shown_and_not_run(language: str) -> None:
    read = Reader(page(drawn(), language, HOSTILE))
    assert "script" not in read.tags
    assert "img" not in read.tags
    assert HOSTILE.replace("\x07", "") in read.text


def test_every_drawing_has_its_numbers_in_words_before_it() -> None:
    whole = page(drawn())
    assert whole.index("The picture as a table") < whole.index('class="plot"')
    for row in re.findall(r"<tr>(?:(?!</tr>).)*class=\"bar\".*?</tr>", whole):
        assert re.search(r"\d+% \(\d+–\d+%\)", row[: row.index("<svg")])
    drawings = len(re.findall(r"<svg", whole))
    assert drawings == 1 + len(re.findall(r'<tr>(?:(?!</tr>).)*class="bar"', whole))


def test_numbers_are_told_with_their_intervals_and_margins() -> None:
    told = Reader(page(drawn())).text
    assert "1,234 people cast 5,678 votes on 2 statements" in told
    assert "83% (77–88%) agree" in told
    assert "ending it takes a change of 12 votes" in told
    assert "more than 99%; ending it takes a change of 1 vote." in told
    assert "63 points apart" in told
    assert "Stands for less than 1%" in told
    assert "Too few people to speak" in told


def test_one_person_with_one_vote_is_told_as_one() -> None:
    only = replace(drawn(), participants=1, votes=1, placed=0)
    assert "1 person cast 1 vote on 2 statements." in Reader(page(only)).text


def test_the_page_says_how_sure_the_groups_are() -> None:
    assert "2 separate groups" in Reader(page(drawn())).text
    assert "Group A" in Reader(page(drawn())).text
    assert "There are no separate groups" in Reader(page(REGIONS)).text
    assert "Region A" in Reader(page(REGIONS)).text
    assert "Group A" not in Reader(page(REGIONS)).text
    assert "one group" in Reader(page(ONE)).text
    assert "Too few people" in Reader(page(FEW)).text


def test_the_published_algorithm_is_not_made_surer_than_it_is() -> None:
    told = Reader(page(PUBLISHED)).text
    assert "does not tell how sure" in told
    assert "votes change" not in told
    assert "What divides" not in told


def test_every_text_is_there_in_both_languages_with_the_same_values() -> None:
    english, chinese = texts("en"), texts("zh")
    for key in english:
        found = [{name for _, name, _, _ in Formatter().parse(text[key])} for text in (english, chinese)]
        assert english[key] and chinese[key]
        assert found[0] | {None} == found[1] | {None}, key


def test_the_tables_hold_the_map_and_no_participant(tmp_path: Path) -> None:
    written = report.write_csv(conversation(), drawn(), tmp_path)
    written += report.write_json(conversation(), drawn(memory={"secret": 1}), tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(file.name for file in written)
    with (tmp_path / "statements.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["text"] for row in rows] == ["Lifts first", "Parking first"]
    assert (rows[0]["all_agree"], rows[0]["B_disagree_high"]) == ("0.9", "0.13")
    assert (rows[0]["shared"], rows[0]["shared_flips"], rows[0]["pick"]) == ("agree", "1", "1")
    assert (rows[1]["divides"], rows[1]["gap"], rows[1]["shared"]) == ("A agree, B not", "0.63", "")
    told = json.loads((tmp_path / "opinion-map.json").read_text("utf-8"))
    assert "memory" not in told
    assert told["texts"]["1"] == "Lifts first"
    assert OpinionMap.from_json({key: told[key] for key in drawn().to_json(public=True)}) == drawn()


def test_a_spreadsheet_runs_no_text(tmp_path: Path) -> None:
    report.write_csv(conversation('=HYPERLINK("x")'), drawn(), tmp_path)
    with (tmp_path / "statements.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file))["text"] == '\'=HYPERLINK("x")'


def test_the_file_of_members_tells_groups_and_probabilities(tmp_path: Path) -> None:
    camp = np.repeat([0, 1], 60)
    who, what = np.repeat(np.arange(120), 12), np.tile(np.arange(12), 120)
    side = np.where((np.repeat(camp, 12) == 0) ^ (what % 2 == 0), 1, -1)
    votes = Votes.from_log(who, what, side)
    names = tuple(f"P{i}" for i in range(120))
    talk = Conversation("Lifts", {j: f"S{j}" for j in range(12)}, votes, np.arange(120), names)
    written = report.write_members(talk, draw_map(votes), tmp_path)
    assert [file.name for file in written] == ["participants.csv"]
    assert written[0].stat().st_mode & 0o077 == 0
    with written[0].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["participant"] for row in rows] == list(names)
    assert len({(row["group"], c) for row, c in zip(rows, camp.tolist(), strict=True)}) == 2
    assert all(float(row[f"probability_{row['group']}"]) > 0.9 for row in rows)
    report.write_csv(talk, draw_map(votes), tmp_path)
    assert not written[0].exists()


def test_what_others_wrote_is_not_written_over(tmp_path: Path) -> None:
    theirs = tmp_path / "statements.csv"
    theirs.write_text("mine\n")
    with pytest.raises(report.NotOurs, match=r"statements\.csv was not written by camphor map"):
        report.check_folder(tmp_path)
    (tmp_path / "opinion-map.json").write_text("[]")
    with pytest.raises(report.NotOurs):
        report.check_folder(tmp_path)
    report.write_json(conversation(), drawn(), tmp_path)
    report.check_folder(tmp_path)
    with pytest.raises(report.NotOurs, match="is a file"):
        report.check_folder(theirs)
