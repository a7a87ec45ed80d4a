"""Logs as lines of JSON that say what happened without saying to whom: no address, code, cookie or text."""

from __future__ import annotations

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from typing import Any

OURS = "camphor"
"""Loggers below this name choose their words and numbers themselves; those of libraries may name anything."""
FACTS = ("method", "route", "status", "answers", "milliseconds", "command")
"""What our own records may add, each a plain word or number."""
HIDDEN = "…"


class JsonFormatter(logging.Formatter):
    """One line of JSON a record.

    A library's message is filled in with its numbers only, since its words may be paths with lookup codes,
    rows or forms; of an exception the kind and the lines of code are kept, not what it says.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "message": self._message(record),
        }
        line |= {fact: getattr(record, fact) for fact in FACTS if hasattr(record, fact)}
        if hasattr(record, "status_code"):  # Django's own note of a request that failed
            line["status"] = record.status_code
        request = getattr(record, "request", None)
        if request is not None:
            line["route"] = route_of(request)
        if record.exc_info and record.exc_info[0]:
            line |= _failure(record.exc_info[0], record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)

    @staticmethod
    def _message(record: logging.LogRecord) -> str:
        if record.name.split(".")[0] == OURS:
            return record.getMessage()
        template, given = str(record.msg), record.args
        if isinstance(given, dict):
            return template.partition("%")[0] + HIDDEN
        if not given:  # the values may stand in it already
            return re.split(r"['\"\d:=]", template, maxsplit=1)[0]
        try:
            return template % tuple(_plain(each) for each in given)
        except (TypeError, ValueError):  # a template that wants a number where we hide a word
            return template


def _plain(given: Any) -> Any:
    return given if isinstance(given, int | float) else HIDDEN


def route_of(request: Any) -> str:
    """The pattern of the address that was asked for, never what stood in it."""
    match = getattr(request, "resolver_match", None)
    return str(match.route) if match else "unknown"


def _failure(kind: type[BaseException], trace: Any) -> dict[str, Any]:
    frames = traceback.extract_tb(trace)
    lines = [
        f"{frame.filename.rpartition('/site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in frames
    ]
    return {"exception": f"{kind.__module__}.{kind.__qualname__}", "lines": lines[-12:]}
