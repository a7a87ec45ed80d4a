"""The command `camphor map`, run as people run it: without a site, a secret or a server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from camphor.engine.opinion import command

ROOT = Path(__file__).parents[3]
CONSOLE = (sys.executable, "-c", "from camphor.site.commands import main; main()", "map")
MODULE = (sys.executable, "-m", "camphor.engine.opinion")


def run(command: tuple[str, ...], *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run it with nothing of a site in the environment."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("CAMPHOR_", "DJANGO_"))}
    return subprocess.run(
        [*command, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**kept, "PYTHONIOENCODING": "utf-8"},
    )


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A Polis export of two camps."""
    folder, rng = tmp_path / "export", Random(7)
    folder.mkdir()
    comments = [f"1,x,{j},0,0,0,1,Statement {j}" for j in range(8)]
    head = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body"
    (folder / "comments.csv").write_text("\n".join([head, *comments]) + "\n")
    votes = [
        f"{i * 10 + j},x,{j},{i},{(1 if (i + j) % 2 else -1) * (1 if rng.random() < 0.9 else -1)}"
        for i in range(60)
        for j in range(8)
    ]
    (folder / "votes.csv").write_text(
        "\n".join(["timestamp,datetime,comment-id,voter-id,vote", *votes]) + "\n"
    )
    (folder / "summary.csv").write_text("topic,旧楼加装电梯\n")
    return folder


@pytest.mark.parametrize("way", [CONSOLE, MODULE])
def test_a_folder_becomes_a_report(export: Path, tmp_path: Path, way: tuple[str, ...]) -> None:
    out = tmp_path / "new" / "report"
    done = run(way, export, "--out", out, "--language", "zh")
    assert done.returncode == 0, done.stderr
    assert "旧楼加装电梯" in done.stdout
    assert "60 人对 8 条观点投了 480 票" in done.stdout
    names = {"opinion-map.json", "statements.csv", "groups.csv", "report.html"}
    assert {file.name for file in out.iterdir()} == names
    assert all(str(out / name) in done.stdout for name in names)
    assert json.loads((out / "opinion-map.json").read_text("utf-8"))["participants"] == 60
    assert "Reading" in done.stderr and "Reading" not in done.stdout


def test_drawing_from_a_file_needs_no_django(export: Path, tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['django'] = None; from camphor.site.commands import main; "
        f"sys.argv = ['camphor', 'map', {str(export)!r}, '--out', {str(tmp_path / 'out')!r}]; main()"
    )
    assert run((sys.executable, "-c", script)).returncode == 0


def test_members_are_written_when_asked_and_privacy_is_told(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert command.main([str(export), "--out", str(out), "--members"]) == 0
    assert "keep it private" in capsys.readouterr().err
    assert (out / "participants.csv").exists()
    assert command.main([str(export), "--out", str(out)]) == 0
    assert not (out / "participants.csv").exists()


def test_the_published_algorithm_may_be_chosen(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert command.main([str(export), "--out", str(out), "--recipe", "polis", "--members"]) == 0
    assert json.loads((out / "opinion-map.json").read_text("utf-8"))["recipe"] == "polis"
    assert "there is no participants.csv" in capsys.readouterr().err


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """What is said by a command that ends with 2: the last line."""
    assert command.main([str(argument) for argument in arguments]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "Traceback" not in told.err
    return told.err.splitlines()[-1]


def test_bad_input_is_one_line_and_the_code_2(export: Path, tmp_path: Path) -> None:
    file = export / "votes.csv"
    file.write_text(file.read_text() + "1,x,99,1,1\n")
    done = run(CONSOLE, export, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines()[-1] == (
        "camphor map: votes.csv, line 482: the statement 99 is not in comments.csv"
    )


def test_what_is_in_the_way_is_told(export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "groups.csv").write_text("not ours\n")
    assert "was not written by camphor map" in refused(capsys, export, "--out", tmp_path)
    assert "is a file" in refused(capsys, export, "--out", export / "votes.csv")
    assert "missing" in refused(capsys, tmp_path / "none.csv", "--out", tmp_path / "out")
    assert (tmp_path / "groups.csv").read_text() == "not ours\n"


def test_a_cluster_needs_an_address_and_its_extra(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = (export, "--out", tmp_path / "out", "--engine", "dask")
    with pytest.raises(SystemExit) as end:
        command.main([str(argument) for argument in arguments])
    assert end.value.code == 2
    monkeypatch.setitem(sys.modules, "camphor.engine.opinion.cluster", None)
    told = refused(capsys, *arguments, "--scheduler", "tcp://127.0.0.1:1")
    assert "pip install 'camphor[cluster]'" in told


def test_a_conversation_without_votes_is_a_report_too(tmp_path: Path) -> None:
    file = tmp_path / "votes.csv"
    file.write_text("participant,statement,vote\n")
    assert command.main([str(file), "--out", str(tmp_path / "out")]) == 0
    assert "Too few people" in (tmp_path / "out" / "report.html").read_text("utf-8")
