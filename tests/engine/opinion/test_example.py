"""The walk-through in the docs prints what it says it prints; run as a program, this file writes it anew."""

from __future__ import annotations

import contextlib
import io
import os
import re
import tempfile
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "examples" / "opinion-map.md"
BLOCK = re.compile(r"```python\n(.*?)```\n\n```text\n.*?```", re.DOTALL)


def as_it_prints(page: str) -> str:
    """The page with what its blocks print now, run one after another in the present folder."""
    names: dict[str, object] = {}

    def run(block: re.Match[str]) -> str:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(block[1], str(PAGE), "exec"), names)  # noqa: S102 - our own page
        return f"```python\n{block[1]}```\n\n```text\n{printed.getvalue()}```"

    return BLOCK.sub(run, page)


def in_a_new_folder(page: str) -> str:
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            return as_it_prints(page)
        finally:
            os.chdir(here)


def test_the_walk_through_prints_what_it_says() -> None:
    page = PAGE.read_text("utf-8")
    assert len(BLOCK.findall(page)) == page.count("```python") == 9
    assert in_a_new_folder(page) == page


if __name__ == "__main__":
    PAGE.write_text(in_a_new_folder(PAGE.read_text("utf-8")), "utf-8")
