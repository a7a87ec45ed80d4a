"""Conversations exported by Polis: loaded whole, or not at all."""

from __future__ import annotations

import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from camphor.conversations.models import Conversation, Participant, Statement, Vote

from ..conftest import Cast

REAL = Path(os.environ.get("CAMPHOR_REAL_DATA", Path(__file__).parents[3] / "shared" / "data" / "polis"))
STATEMENTS = """timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1,x,0,7,1,0,1,第一条
2,x,1,7,1,0,0,"第二条，
两行"
3,x,2,8,1,0,-1,第三条
"""
LOG = """timestamp,datetime,comment-id,voter-id,vote
20,x,0,7,-1
10,x,0,7,1
30,x,1,8,0
"""
MATRIX = """participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1,2
7,,2,2,1,1,1,,-1
8,0,1,1,0,0,,0,
"""


@pytest.fixture
def folder(tmp_path: Path, cast: Cast) -> Path:
    (tmp_path / "comments.csv").write_text(STATEMENTS, "utf-8")
    return tmp_path


def load(folder: Path, **options: object) -> str:
    out = StringIO()
    call_command("import_polis", str(folder), stdout=out, **options)
    return out.getvalue()


def test_a_log_of_votes_is_loaded_in_the_order_of_time(folder: Path) -> None:
    (folder / "votes.csv").write_text(LOG, "utf-8")
    assert "3 statements (1 rejected), 2 participants, 3 votes" in load(folder)
    cast = Vote.objects.order_by("pk").values_list("statement__number", "participant__number", "value")
    assert list(cast) == [(0, 7, 1), (0, 7, -1), (1, 8, 0)]
    assert list(Statement.objects.values_list("state", flat=True)) == ["accepted", "accepted", "rejected"]
    assert Conversation.objects.get().state == "open"


def test_a_matrix_of_participants_is_loaded_as_well(folder: Path) -> None:
    (folder / "participants-votes.csv").write_text(MATRIX, "utf-8")
    load(folder)
    cast = Vote.objects.values_list("statement__number", "participant__number", "value")
    assert set(cast) == {(0, 7, 1), (2, 7, -1), (1, 8, 0)}


def test_the_same_folder_is_loaded_twice_only_when_asked_for(folder: Path) -> None:
    (folder / "votes.csv").write_text(LOG, "utf-8")
    load(folder)
    with pytest.raises(CommandError, match="imported before"):
        load(folder)
    load(folder, again=True)
    assert Conversation.objects.count() == 2


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("votes.csv", LOG + "40,x,9,8,1\n", "votes.csv, line 5: the statement 9 is not in comments.csv"),
        ("votes.csv", LOG + "40,x,1,8,5\n", "votes.csv, line 5: vote is '5', not -1, 0 or 1"),
        ("votes.csv", LOG + "40,x,1,zz,1\n", "votes.csv, line 5: voter-id is 'zz', not a whole number"),
        ("votes.csv", LOG + "40,x,1\n", "votes.csv, line 5: 3 cells instead of 5"),
        ("votes.csv", "a,b\n1,2\n", "votes.csv, line 1: the column timestamp is missing"),
        ("votes.csv", "", "votes.csv, line 1: the file is empty"),
        ("comments.csv", STATEMENTS + "4,x,2,8,1,0,1,again\n", "line 6: the statement 2 is there twice"),
        ("comments.csv", STATEMENTS + "4,x,3,8,1,0,7,x\n", "line 6: moderated is '7', not -1, 0 or 1"),
        ("comments.csv", STATEMENTS + "4,x,3,8,1,0,1,  \n", "line 6: the statement has no text"),
        ("comments.csv", STATEMENTS + "4,x,-3,8,1,0,1,x\n", "line 6: comment-id is '-3', not a whole"),
        ("comments.csv", STATEMENTS + '4,x,3,8,1,0,1,"cut', "comments.csv, line 6: unexpected end of data"),
        ("comments.csv", STATEMENTS + "4,x,3,8,1,0,1,a\0b\n", "comments.csv, line 6: there is a NUL byte"),
        ("comments.csv", STATEMENTS + f"4,x,3,8,1,0,1,{'长' * 2001}\n", "2001 characters, more than 2000"),
        ("comments.csv", STATEMENTS.splitlines()[0], "comments.csv, line 1: there are no statements"),
        ("votes.csv", LOG + f"40,x,1,{2**31},1\n", "voter-id is '2147483648', which is out of range"),
        ("votes.csv", LOG + f"{'9' * 5000},x,1,8,1\n", "line 5: timestamp is '9999"),
        ("votes.csv", LOG + "40,x,1,٨,1\n", "line 5: voter-id is '٨', not a whole number"),
        ("votes.csv", LOG.replace(",", ";"), "line 1: the columns are separated by semicolons"),
        ("votes.csv", LOG.replace("datetime", "vote"), "line 1: the column 'vote' is there twice"),
        ("summary.csv", 'topic,"cut', "summary.csv, line 1: unexpected end of data"),
    ],
)
def test_a_broken_file_is_named_with_line_and_reason_and_nothing_is_loaded(
    folder: Path, file: str, text: str, told: str
) -> None:
    (folder / "votes.csv").write_text(LOG, "utf-8")
    (folder / file).write_text(text, "utf-8")
    with pytest.raises(CommandError) as broken:
        load(folder)
    assert told in str(broken.value)
    assert not Conversation.objects.exists() and not Participant.objects.exists()


@pytest.mark.parametrize(
    ("matrix", "told"),
    [
        (MATRIX + "7,,2,2,1,1,1,,-1\n", "line 4: the participant 7 is there twice"),
        (MATRIX.replace(",0,1,2\n", ",0,1,9\n"), "line 1: the statement 9 is not in comments.csv"),
        (MATRIX.replace(",0,1,2\n", f",0,1,{'9' * 5000}\n"), "line 1: the statement 9999"),
        ("participant,group-id\n7,0\n", "line 1: there is no column that bears the number of a statement"),
        (MATRIX.replace("8,0,1", "8,0"), "participants-votes.csv, line 3: 8 cells instead of 9"),
    ],
)
def test_a_broken_matrix_is_named_as_well(folder: Path, matrix: str, told: str) -> None:
    (folder / "participants-votes.csv").write_text(matrix, "utf-8")
    with pytest.raises(CommandError) as broken:
        load(folder)
    assert told in str(broken.value)
    assert not Conversation.objects.exists()


def test_a_file_that_is_not_utf_8_is_named_with_the_very_line(folder: Path) -> None:
    many = "".join(f"{40 + n},x,1,8,1\n" for n in range(3000))
    (folder / "votes.csv").write_bytes((LOG + many).encode() + b"9999,\xff,1,8,1\n" + many.encode())
    with pytest.raises(CommandError, match=r"votes\.csv, line 3005: the text is not UTF-8"):
        load(folder)


def test_windows_line_ends_a_mark_of_order_and_blank_lines_are_no_fault(folder: Path) -> None:
    (folder / "comments.csv").write_bytes(b"\xef\xbb\xbf" + STATEMENTS.replace("\n", "\r\n").encode())
    (folder / "votes.csv").write_bytes(LOG.replace("\n", "\r\n").encode() + b"\r\n\r\n")
    assert "3 statements (1 rejected), 2 participants, 3 votes" in load(folder)


def test_a_source_that_is_no_web_address_is_left_out(folder: Path) -> None:
    (folder / "votes.csv").write_text(LOG, "utf-8")
    for url in ("javascript:alert(1)", "https://example.org/" + "a" * 400):
        (folder / "summary.csv").write_text(f"topic,{'题' * 300}\nurl,{url}\n", "utf-8")
        load(folder, again=True)
        talk = Conversation.objects.order_by("pk").last()
        assert talk and (talk.source_url, len(talk.title)) == ("", 200)


def test_a_folder_without_votes_is_refused(folder: Path) -> None:
    with pytest.raises(CommandError, match=r"participants-votes\.csv, line 0: the file is missing"):
        load(folder)


@pytest.mark.skipif(not (REAL / "vtaiwan.uberx").exists(), reason=f"no real conversations at {REAL}")
def test_a_real_conversation_opens_with_its_map(cast: Cast) -> None:
    told = load(REAL / "vtaiwan.uberx")
    assert "197 statements (78 rejected), 1921 participants" in told
    talk = Conversation.objects.get()
    page = Client().get(reverse("talk_map", args=[talk.pk]))
    assert page.status_code == 200
    assert len(page.context["groups"]) == 2
    assert page.context["shared"]


@pytest.mark.skipif(not (REAL / "american-assembly.bowling-green").exists(), reason=f"nothing at {REAL}")
def test_a_real_matrix_is_loaded(cast: Cast) -> None:
    load(REAL / "london.youth.policing")
    assert Conversation.objects.get().votes.exists()
