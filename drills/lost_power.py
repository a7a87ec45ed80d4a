"""A disk that can lose its power: what was synced stays, of everything else any part may be there or not.

The model is that of POSIX at its strictest: a write is safe after a sync of its file, a name that was made or
removed is safe after a sync of its folder. It knows no disk that lies about a sync and no torn sector.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
"""Bytes that a disk writes whole or not at all."""
CALL = re.compile(r"^(\d+)\s+(\d+\.\d+) (\w+)\((.*)\)\s+= (-?\d+)", re.DOTALL)
UNFINISHED = re.compile(r"^(\d+)\s+(\d+\.\d+) (.*) <unfinished \.\.\.>$", re.DOTALL)
RESUMED = re.compile(r"^(\d+)\s+\d+\.\d+ <\.\.\. \w+ resumed>(.*)$", re.DOTALL)
TRACED = "openat,pwrite64,write,fsync,fdatasync,ftruncate,unlink,unlinkat,rename"


@dataclass(frozen=True)
class Step:
    """One call that changes the disk, as strace saw it: when it began, what it does, to which path."""

    at: float
    kind: str
    path: str
    offset: int = 0
    data: bytes = b""


def strace(log: Path, folder: Path, database: Path) -> tuple[str, ...]:
    """The words before a command that write down everything it does to a database."""
    names = [database, *(Path(f"{database}{end}") for end in ("-journal", "-wal")), folder]
    watched = [word for name in names for word in ("-P", str(name))]
    form = ("-f", "--seccomp-bpf", "-ttt", "-xx", "-y", "-s", "1000000", "-e", f"trace={TRACED}")
    return ("strace", *form, *watched, "-o", str(log))


def steps(log: Path) -> Iterator[Step]:
    """Read what strace wrote; calls that another thread interrupted are put together again."""
    begun: dict[str, str] = {}
    for line in log.read_text().splitlines():
        if half := UNFINISHED.match(line):
            begun[half[1]] = f"{half[1]} {half[2]} {half[3]}"
            continue
        if rest := RESUMED.match(line):
            line = begun.pop(rest[1], "") + rest[2].replace(")", ")", 1)
        call = CALL.match(line)
        if call and int(call[5]) >= 0 and (step := _step(float(call[2]), call[3], call[4])):
            yield step


def _text(hexed: str) -> bytes:
    return bytes.fromhex(hexed.replace("\\x", "")) if hexed else b""


def _step(at: float, call: str, words: str) -> Step | None:
    quoted = [_text(each) for each in re.findall(r'"((?:\\x[0-9a-f]{2})*)"', words)]
    opened = re.match(r"\d+<((?:\\x[0-9a-f]{2})*)>", words)
    path = _text(opened[1]).decode() if opened else ""
    last = words.rpartition(", ")[2]
    if call == "openat" and "O_CREAT" in words:
        return Step(at, "create", quoted[0].decode())
    if call == "pwrite64":
        return Step(at, "write", path, int(last), quoted[0])
    if call in ("fsync", "fdatasync"):
        return Step(at, "sync", path)
    if call == "ftruncate":
        return Step(at, "truncate", path, int(last))
    if call in ("unlink", "unlinkat"):
        return Step(at, "remove", quoted[0].decode())
    if call in ("write", "rename"):
        raise RuntimeError(f"SQLite was not thought to use {call} on its files")
    return None


@dataclass
class Content:
    """A file: what is safe, and what was done to it since, None as data standing for a truncation."""

    safe: bytearray = field(default_factory=bytearray)
    since: list[tuple[int, bytes | None]] = field(default_factory=list)


def _do(content: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del content[offset:]
        content.extend(bytes(offset - len(content)))
        return
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


class Disk:
    """The files of one folder, with all that could be missing after a loss of power."""

    def __init__(self, folder: Path, files: dict[str, bytes]) -> None:
        self.folder = str(folder)
        self.safe_names = {name: Content(bytearray(data)) for name, data in files.items()}
        self.names = dict(self.safe_names)
        self.since: list[tuple[str, Content | None]] = []

    def take(self, step: Step) -> None:
        """Do what the step did."""
        content = self.names.get(step.path)
        if step.kind == "sync" and step.path == self.folder:
            self.safe_names, self.since = dict(self.names), []
        elif step.kind == "create" and content is None:
            self.names[step.path] = made = Content()
            self.since.append((step.path, made))
        elif step.kind == "remove" and content:
            del self.names[step.path]
            self.since.append((step.path, None))
        elif content and step.kind == "sync":
            for offset, data in content.since:
                _do(content.safe, offset, data)
            content.since = []
        elif content and step.kind == "truncate":
            content.since.append((step.offset, None))
        elif content and step.kind == "write":
            content.since.extend(_sectors(step.offset, step.data))

    def after_power_loss(self, dice: random.Random) -> dict[str, bytes]:
        """One state in which the disk may be found."""
        names = dict(self.safe_names)
        for name, content in self.since[: dice.randint(0, len(self.since))]:
            if content is None:
                names.pop(name, None)
            else:
                names[name] = content
        return {name: _left(content, dice) for name, content in names.items()}


def _sectors(offset: int, data: bytes) -> Iterator[tuple[int, bytes]]:
    """The write as the disk does it: sector after sector."""
    while data:
        size = SECTOR - offset % SECTOR
        yield offset, data[:size]
        offset, data = offset + size, data[size:]


def _left(content: Content, dice: random.Random) -> bytes:
    """What is left of a file: of what was not synced all, nothing, the beginning, or any part."""
    found, since = bytearray(content.safe), content.since
    fate = dice.choice(("all", "nothing", "beginning", "any part"))
    if fate == "nothing":
        since = []
    elif fate == "beginning":
        since = since[: dice.randint(0, len(since))]
    elif fate == "any part":
        since = [each for each in since if dice.random() < 0.5]
    for offset, data in since:
        _do(found, offset, data)
    return bytes(found)
