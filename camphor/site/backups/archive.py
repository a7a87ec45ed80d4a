"""The file of a backup: a tar with the database and what it holds, its sum beside it, sealed on request."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from camphor.site.backups.census import Census
from camphor.site.backups.encryption import Opener, Sealer, WrongPassphrase, is_sealed

MANIFEST = "manifest.json"
FORMAT = 1


class Broken(Exception):
    """The file is not what its sum or its manifest says."""


class NoPassphrase(Exception):
    """The file is sealed, and no passphrase was given."""


def write(
    folder: Path, database: Path, counted: Census, *, engine: str, at: datetime, passphrase: str | None
) -> Path:
    """Write the file and its sum, each whole or not at all."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"camphor-{at:%Y%m%dT%H%M%SZ}.tar.gz" + (".sealed" if passphrase else "")
    manifest = {
        "format": FORMAT,
        "made_at": at.isoformat(timespec="seconds"),
        "engine": engine,
        "database": database.name,
        "sha256": sum_of(database),
        **counted.plain(),
    }
    part = folder / f".{name}.part"
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
        if passphrase:
            sealer = Sealer(target, passphrase)
            _pack(sealer, database, manifest)  # type: ignore[arg-type]
            sealer.finish()
        else:
            _pack(target, database, manifest)
        target.flush()
        os.fsync(target.fileno())
    file = part.rename(folder / name)
    _write_sum(file)
    return file


def _pack(target: BinaryIO, database: Path, manifest: dict[str, Any]) -> None:
    text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    with tarfile.open(fileobj=target, mode="w|gz") as tar:
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text))
        tar.add(database, database.name, filter=_nobody)


def _nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def _write_sum(file: Path) -> None:
    """Write the sum as `sha256sum --check` reads it, and see that both names are on disk."""
    beside = sum_file(file)
    with beside.open("w") as target:
        target.write(f"{sum_of(file)}  {file.name}\n")
        target.flush()
        os.fsync(target.fileno())
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def sum_file(file: Path) -> Path:
    return file.with_name(f"{file.name}.sha256")


def sum_of(file: Path) -> str:
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def check_sum(file: Path) -> None:
    """See that the file is the one that was written; raises Broken."""
    beside = sum_file(file)
    if not beside.is_file():
        raise Broken(f"its sum {beside.name} is not beside it, so nobody can say whether it is whole")
    if beside.read_text().split()[:1] != [sum_of(file)]:
        raise Broken("it is not the file that was written: its SHA-256 differs from the one beside it")


def read(file: Path, folder: Path, *, passphrase: str | None) -> tuple[Path, dict[str, Any]]:
    """Unpack into the folder, after the sum; the database and the manifest. Raises Broken, NoPassphrase."""
    check_sum(file)
    with file.open("rb") as source:
        sealed = is_sealed(source)
        if sealed and not passphrase:
            raise NoPassphrase
        try:
            opened: Any = io.BufferedReader(Opener(source, passphrase or "")) if sealed else source
            return _unpack(opened, folder)
        except WrongPassphrase as wrong:
            raise Broken("the passphrase is another one, or the file is damaged") from wrong
        except (tarfile.TarError, ValueError, KeyError, EOFError, OSError) as fault:
            raise Broken(f"it can not be unpacked: {fault}") from fault


def _unpack(source: BinaryIO, folder: Path) -> tuple[Path, dict[str, Any]]:
    manifest: dict[str, Any] = {}
    with tarfile.open(fileobj=source, mode="r|gz") as tar:
        for entry in tar:
            content = tar.extractfile(entry)
            if entry.name == MANIFEST and content:
                manifest = json.load(content)
            elif content and manifest and entry.name == manifest["database"] and "/" not in entry.name:
                _copy(content, folder / entry.name)
    if manifest.get("format") != FORMAT:
        raise Broken("it is not a backup that this version can read")
    database = folder / str(manifest["database"])
    if sum_of(database) != manifest["sha256"]:
        raise Broken("the database in it is not the one that was written")
    return database, manifest


def _copy(content: Any, target: Path) -> None:
    with target.open("wb") as file:
        while piece := content.read(1 << 20):
            file.write(piece)
