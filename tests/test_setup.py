"""The set-up: locks, version, and the manners that every file keeps."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import launcher

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = ("runtime", "production", "dev", "bench")
FORBIDDEN_NAMES = {
    "common",
    "helper",
    "helpers",
    "manager",
    "managers",
    "service",
    "services",
    "util",
    "utils",
}
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
# Written in pieces, so that this file is not its own finding.
HOSTS = ["pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "deb" + ".debian.org", "crates" + ".io"]
PERSONAL = r"/(?:home|root|Users)/\w"
"""A path into somebody's own folder."""


def tracked() -> list[Path]:
    """The files that git keeps or would keep; without git, all but those that .gitignore names."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if shutil.which("git") and (ROOT / ".git").exists():
        names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]
    ignored = {line.strip("/") for line in (ROOT / ".gitignore").read_text().splitlines()}
    return [path for path in ROOT.rglob("*") if path.is_file() and not ignored & {*path.parts}]


def own_code() -> Iterator[Path]:
    """The package's Python files that people write."""
    return (path for path in (ROOT / "camphor").rglob("*.py") if "migrations" not in path.parts)


def locked(name: str) -> dict[str, list[str]]:
    """The blocks of a lock by package: its pins with their hashes, several where Pythons differ."""
    blocks: dict[str, list[str]] = {}
    for block in re.split(r"\n(?=\S)", (ROOT / "requirements" / f"{name}.txt").read_text().strip()):
        blocks.setdefault(canonicalize_name(block.partition("==")[0]), []).append(block)
    return blocks


def wanted(name: str) -> list[Requirement]:
    """What pyproject.toml asks of a lock."""
    asked = list(PROJECT["project"]["dependencies"])
    if name != "runtime":
        asked += PROJECT["project"]["optional-dependencies"]["prod"]
    if name == "dev":
        asked += PROJECT["dependency-groups"]["dev"]
    return [Requirement(each) for each in asked]


def version_of(block: str) -> str:
    found = re.match(r"[\w.\-]+==(\S+)", block)
    assert found, block
    return found[1]


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_of_a_lock_has_its_hashes(name: str) -> None:
    pins = [block for blocks in locked(name).values() for block in blocks]
    assert [block for block in pins if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_contains_every_dependency_in_a_version_that_is_asked_for(name: str) -> None:
    lock = locked(name)
    for requirement in wanted(name):
        pins = lock.get(canonicalize_name(requirement.name), [])
        assert pins, f"{requirement.name} is missing: run `python3 x.py lock`"
        assert all(requirement.specifier.contains(version_of(pin)) for pin in pins), requirement


@pytest.mark.parametrize(("smaller", "larger"), [("runtime", "production"), ("production", "dev")])
def test_a_larger_lock_contains_the_smaller_one(smaller: str, larger: str) -> None:
    assert locked(smaller).items() <= locked(larger).items()


def test_the_changelog_begins_with_the_version_that_the_package_takes() -> None:
    source = PROJECT["tool"]["hatch"]["version"]
    text = (ROOT / source["path"]).read_text()
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    assert re.match(source["pattern"], headings[0]), headings[0]


def test_the_licence_is_the_one_that_the_package_names() -> None:
    assert PROJECT["project"]["license"] == "AGPL-3.0-or-later"
    text = (ROOT / "LICENSE").read_text()
    assert "GNU AFFERO GENERAL PUBLIC LICENSE\n                       Version 3, 19 November 2007" in text


@pytest.mark.parametrize("place", [*map(re.escape, [*HOSTS, f"{ROOT}/"]), PERSONAL])
def test_no_file_names_a_registry_or_a_place_on_one_machine(place: str) -> None:
    pattern = re.compile(place.encode())
    assert [str(path.relative_to(ROOT)) for path in tracked() if pattern.search(path.read_bytes())] == []


def test_no_file_of_the_package_is_long() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in own_code()}
    assert {str(path): length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_of_the_package_is_long() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in own_code()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_modules_are_named_after_a_concept() -> None:
    assert [str(path) for path in own_code() if {path.stem, *path.parent.parts} & FORBIDDEN_NAMES] == []


def test_a_checkout_has_the_command_that_the_package_names(tmp_path: Path) -> None:
    launcher.offer(tmp_path, ROOT / "x.py")
    asked = [str(tmp_path / "camphor"), "import-polis", "../no such folder"]
    done = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, env=environment(tmp_path))
    assert (done.returncode, done.stderr.strip()) == (1, "CommandError: ../no such folder is not a folder")


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "CAMPHOR_DATABASE_URL": f"sqlite:///{folder / 'none.sqlite3'}"}
