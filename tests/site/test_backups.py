"""Backups: sealed and opened again, refused where damaged, and laid only over what may be replaced."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from camphor.site.backups import archive
from camphor.site.backups.encryption import PIECE, Opener, Sealer, WrongPassphrase
from camphor.site.backups.passphrase import Unusable, passphrase

ROOT = Path(__file__).resolve().parents[2]
SECRET = "under the camphor tree"


def sealed(content: bytes) -> bytes:
    target = io.BytesIO()
    sealer = Sealer(target, SECRET)
    sealer.write(content)
    sealer.finish()
    return target.getvalue()


def opened(data: bytes, secret: str = SECRET) -> bytes:
    reader: Any = Opener(io.BytesIO(data), secret)
    return io.BufferedReader(reader).read()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_is_sealed_is_opened_again(size: int) -> None:
    content = os.urandom(size)
    assert opened(sealed(content)) == content
    assert content[:100] not in sealed(content) or size < 100


def test_another_passphrase_opens_nothing() -> None:
    with pytest.raises(WrongPassphrase):
        opened(sealed(b"votes"), "beside the camphor tree")


@pytest.mark.parametrize("place", [5 + 17, 17 + 16 + 3, 50, -1])
def test_a_changed_byte_is_noticed(place: int) -> None:
    data = bytearray(sealed(b"votes" * 20))
    data[place] ^= 1
    with pytest.raises(WrongPassphrase):
        opened(bytes(data))


def test_a_cut_off_end_is_noticed_also_between_two_pieces() -> None:
    data = sealed(os.urandom(2 * PIECE + 10))
    with pytest.raises(WrongPassphrase):
        opened(data[: -(10 + 16)])


def test_a_passphrase_comes_from_the_environment_or_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert passphrase() is None
    file = tmp_path / "passphrase"
    file.write_text(f"{SECRET}\n")
    monkeypatch.setenv("CAMPHOR_BACKUP_PASSPHRASE_FILE", str(file))
    assert passphrase() == SECRET
    file.write_text("short")
    with pytest.raises(Unusable, match="at least 12"):
        passphrase()
    file.unlink()
    with pytest.raises(Unusable, match="No such file"):
        passphrase()


class Place:
    """A folder with a SQLite service that is run by commands only."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.backups = folder, folder / "backups"

    def camphor(self, name: str, *words: str, **more: str) -> tuple[int, str]:
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "camphor.site.settings",
            "CAMPHOR_SECRET_KEY": "known to all",
            "CAMPHOR_DATABASE_URL": f"sqlite:///{self.folder / name}",
            "CAMPHOR_BACKUP_FOLDER": str(self.backups),
            **more,
        }
        command = [sys.executable, str(ROOT / "manage.py"), *words]
        done = subprocess.run(command, env=env, capture_output=True, text=True, cwd=self.folder)
        return done.returncode, done.stdout + done.stderr


MAKE = (
    "from camphor.bodies.actions import found; from datetime import date; "
    "found(name='议事堂', slug='hall', kind='platform', since=date(2026, 1, 1))"
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A service in which one body was founded, and a backup of it."""
    place = Place(tmp_path_factory.mktemp("place"))
    assert place.camphor("a.sqlite3", "migrate", "-v0")[0] == 0
    assert place.camphor("a.sqlite3", "shell", "-v0", "-c", MAKE)[0] == 0
    code, said = place.camphor("a.sqlite3", "backup")
    assert code == 0, said
    return place


def the_backup(place: Place) -> Path:
    (file,) = place.backups.glob("*.tar.gz")
    return file


def test_a_backup_is_restored_into_a_new_place_and_says_what_is_there(place: Place) -> None:
    code, said = place.camphor("b.sqlite3", "restore", str(the_backup(place)))
    assert (code, "restored:" in said, "0 votes" in said) == (0, True, True), said
    count = "from camphor.bodies.models import Body; print(Body.objects.get().name)"
    assert "议事堂" in place.camphor("b.sqlite3", "shell", "-v0", "-c", count)[1]


def test_a_living_database_is_overwritten_only_when_told_and_kept_before(place: Place) -> None:
    file = str(the_backup(place))
    code, said = place.camphor("a.sqlite3", "restore", file)
    assert code == 1 and "in use" in said
    code, said = place.camphor("a.sqlite3", "restore", "--overwrite", file)
    assert code == 0 and "what was there is kept in" in said, said
    assert list((place.backups / "before-restore").glob("*.tar.gz"))


def test_the_trial_touches_nothing_and_an_old_backup_fails_it(place: Place) -> None:
    code, said = place.camphor("a.sqlite3", "restore", "--check", "--newer-than", "1")
    assert code == 0 and "can be restored" in said, said
    assert place.camphor("a.sqlite3", "restore", "--check", "--newer-than", "0")[0] == 1
    assert list(place.folder.glob("camphor-restore-*")) == []


def test_sealing_without_a_passphrase_is_refused(place: Place) -> None:
    code, said = place.camphor("a.sqlite3", "backup", "--encrypt")
    assert code == 1 and "needs a passphrase" in said


def test_the_sum_is_looked_at_before_anything_else(place: Place, tmp_path: Path) -> None:
    original = the_backup(place)
    copy = tmp_path / original.name
    copy.write_bytes(original.read_bytes()[:-1] + b"?")
    with pytest.raises(archive.Broken, match="not beside it"):
        archive.read(copy, tmp_path, passphrase=None)
    archive.sum_file(copy).write_text(archive.sum_file(original).read_text())
    with pytest.raises(archive.Broken, match="SHA-256 differs"):
        archive.read(copy, tmp_path, passphrase=None)
