"""The report on a map: JSON, CSV and one page of HTML, written into a folder of its own."""

from __future__ import annotations

import json
import os
from pathlib import Path

from camphor.engine.opinion.reading import Conversation
from camphor.engine.opinion.report.page import Page
from camphor.engine.opinion.report.tables import (
    groups_text,
    json_text,
    participants_text,
    statements_text,
)
from camphor.engine.opinion.report.words import LANGUAGES, Words
from camphor.engine.opinion.result import OpinionMap

__all__ = ["LANGUAGES", "NotOurs", "check_folder", "write_csv", "write_html", "write_json", "write_members"]

MARK = "camphor map"
"""Stands in the JSON, and tells that the files beside it are ours to write again."""
JSON, STATEMENTS, GROUPS, MEMBERS, HTML = (
    "opinion-map.json",
    "statements.csv",
    "groups.csv",
    "participants.csv",
    "report.html",
)


class NotOurs(Exception):
    """A file is in the way that this report did not write."""


def check_folder(folder: Path) -> None:
    """See that the report may be written there; raises NotOurs, and OSError where it cannot be written."""
    if folder.exists() and not folder.is_dir():
        raise NotOurs(f"{folder} is a file, and no folder for a report")
    folder.mkdir(parents=True, exist_ok=True)
    there = [name for name in (JSON, STATEMENTS, GROUPS, MEMBERS, HTML) if (folder / name).exists()]
    if there and not _is_ours(folder / JSON):
        raise NotOurs(f"{folder / there[0]} was not written by {MARK}: choose another folder")


def _is_ours(file: Path) -> bool:
    try:
        told = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and told.get("made_by") == MARK


def write_json(conversation: Conversation, drawn: OpinionMap, folder: Path) -> list[Path]:
    """Write the map and the texts, without anything on single participants."""
    return [_put(folder / JSON, json_text(conversation, drawn, MARK))]


def write_csv(conversation: Conversation, drawn: OpinionMap, folder: Path) -> list[Path]:
    """Write a table of the statements and one of the groups; an old table of participants goes."""
    (folder / MEMBERS).unlink(missing_ok=True)
    return [
        _put(folder / STATEMENTS, statements_text(conversation, drawn)),
        _put(folder / GROUPS, groups_text(drawn)),
    ]


def write_members(conversation: Conversation, drawn: OpinionMap, folder: Path) -> list[Path]:
    """Write who is in which group, for the owner of the file alone; nothing where the map does not know."""
    text = participants_text(conversation, drawn)
    return [] if text is None else [_put(folder / MEMBERS, text, mode=0o600)]


def write_html(
    conversation: Conversation, drawn: OpinionMap, folder: Path, *, language: str = "en"
) -> list[Path]:
    """Write the page."""
    return [_put(folder / HTML, Page(conversation, drawn, Words(language)).html())]


def _put(file: Path, text: str, mode: int = 0o644) -> Path:
    """Write the whole file or nothing."""
    part = file.with_name(f".{file.name}.part")
    part.unlink(missing_ok=True)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as out:
        out.write(text)
    return part.replace(file)
