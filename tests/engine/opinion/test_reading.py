"""Conversations from files: every format, every fault by its line, and real exports cell for cell."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from camphor.engine.opinion.reading import Conversation, read_conversation
from camphor.engine.polis_export import BrokenExport, read_export

REAL = Path(os.environ.get("CAMPHOR_REAL_DATA", Path(__file__).parents[4] / "shared" / "data" / "polis"))
needs_real = pytest.mark.skipif(not REAL.exists(), reason=f"no real conversations at {REAL}")

COMMENTS = (
    "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
    '1,x,3,0,0,0,1,"Lifts first, then parking"\n1,x,5,0,0,0,-1,Buy my lifts\n1,x,8,0,0,0,0,Nothing\n'
)
LOG = "timestamp,datetime,comment-id,voter-id,vote\n"


def file_of(folder: Path, text: str | bytes, name: str = "votes.csv") -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def export_of(folder: Path, votes: str, comments: str = COMMENTS, name: str = "votes.csv") -> Path:
    file_of(folder, comments, "comments.csv")
    file_of(folder, votes, name)
    return folder


def cells(conversation: Conversation) -> dict[tuple[str, str], int]:
    """The last vote by the names of participant and statement."""
    votes = conversation.votes
    texts = [conversation.texts[statement] for statement in votes.statements.tolist()]
    return {
        (conversation.names[row], texts[column]): side
        for row, column, side in zip(
            votes.rows.tolist(), votes.columns.tolist(), votes.values.tolist(), strict=True
        )
    }


LIN_AND_WEN = {("Lin", "Lifts first"): 1, ("Lin", "Parking"): -1, ("Wen", "Lifts first"): 0}


@pytest.mark.parametrize(
    "text",
    [
        "participant,statement,vote\nLin,Lifts first,1\nLin,Parking,-1\nWen,Lifts first,0\n",
        "vote;person;item\nagree;Lin;Lifts first\nDisagree;Lin;Parking\n pass;Wen;Lifts first\n",
        "Voter\tVALUE\tComment-ID\r\nLin\t赞成\tLifts first\r\nLin\t反对\tParking\r\n"
        "Wen\t略过\tLifts first\r\n",
        "\ufeffparticipant,statement,answer,note\nLin,Lifts first,1.0,a\n\n"
        "Lin,Parking,−1,b\nWen, Lifts first,0,\n",
        'participant,Lifts first,Parking\nLin,1,-1\nWen,0,""\n',
        "voter;Lifts first;n-votes;Parking\nLin;agree;2;disagree\nWen;pass;1;\nMei;;0;\n",
        "participant,Parking,Lifts first\n\n\nLin,-1,1\nWen,,0",
    ],
)
def test_the_same_votes_are_read_from_every_way_of_writing_them(tmp_path: Path, text: str) -> None:
    assert cells(read_conversation(file_of(tmp_path, text))) == LIN_AND_WEN


def test_whole_numbers_stay_the_ids_they_are(tmp_path: Path) -> None:
    read = read_conversation(file_of(tmp_path, "participant,statement,vote\n70,12,1\n9,5,-1\n"))
    assert read.votes.participants.tolist() == [9, 70]
    assert read.votes.statements.tolist() == [5, 12]
    assert read.names == ("9", "70")
    assert read.arrival.tolist() == [1, 0]


@pytest.mark.parametrize("other", ["01", "+1", "1_0", "１", "x", str(2**63), "-0"])
def test_a_name_that_only_looks_like_another_number_is_another(tmp_path: Path, other: str) -> None:
    rows = [f"{i},{i},1" for i in (-12, 1, 10, 2**62)] * 2_000
    text = "\n".join(["participant,statement,vote", *rows, f"{other},1,-1"])
    read = read_conversation(file_of(tmp_path, text))
    assert set(read.names) == {"-12", "1", "10", str(2**62), other}
    assert cells(read)[other, "1"] == -1
    assert cells(read)["1", "1"] == 1


def test_the_last_line_counts_where_there_is_no_time(tmp_path: Path) -> None:
    read = read_conversation(file_of(tmp_path, "participant,statement,vote\n1,1,1\n2,1,0\n1,1,-1\n"))
    assert read.votes.values.tolist() == [-1, 0]


@pytest.mark.parametrize(
    ("early", "late"),
    [
        ("7", "1000"),
        ("2026-09-07T10:00:00+08:00", "2026-09-07T03:00:00Z"),
        ("", "1"),
        ("2026-09-07", "2026-09-08"),
    ],
)
def test_the_latest_vote_counts_whatever_its_line(tmp_path: Path, early: str, late: str) -> None:
    text = f"participant,statement,vote,time\n1,1,1,{late}\n1,1,-1,{early}\n2,1,0,{early}\n"
    read = read_conversation(file_of(tmp_path, text))
    assert read.votes.values.tolist() == [1, 0]
    assert read.arrival.tolist() == [0, 1]


def test_columns_about_participants_are_theirs(tmp_path: Path) -> None:
    text = "participant,about:district,statement,vote\nLin,Xihu,1,1\nWen,,1,1\nLin,,2,1\nWen,Yuhang,2,0\n"
    assert read_conversation(file_of(tmp_path, text)).about == {"district": ("Xihu", "Yuhang")}
    text = "participant,about:age,Lifts\nLin,61,1\nMei,30,\nWen,,0\n"
    assert read_conversation(file_of(tmp_path, text)).about == {"age": ("61", "")}


def test_a_chinese_spreadsheet_is_read_and_its_encoding_told(tmp_path: Path) -> None:
    text = "参与者,观点,投票\n林女士,先装电梯,同意\n".encode("gb18030")
    read = read_conversation(file_of(tmp_path, text))
    assert cells(read) == {("林女士", "先装电梯"): 1}
    assert read.encoding == "gb18030"


def test_an_export_tells_texts_and_what_was_moderated(tmp_path: Path) -> None:
    file_of(tmp_path, "topic,Old blocks\n", "summary.csv")
    read = read_conversation(export_of(tmp_path, f"{LOG}2,x,3,1,1\n1,x,3,1,-1\n3,x,5,0,1\n"))
    assert read.title == "Old blocks"
    assert read.texts[3] == "Lifts first, then parking"
    assert read.left_out == {5}
    assert read.votes.values.tolist() == [1, 1]
    assert read.arrival.tolist() == [1, 0]


def test_an_export_may_have_the_matrix_alone(tmp_path: Path) -> None:
    text = "participant,group-id,n-votes,3,5,8\n4,0,2,1,,-1\n6,,0,,,\n"
    read = read_conversation(export_of(tmp_path, text, name="participants-votes.csv"))
    assert read.votes.participants.tolist() == [4]
    assert read.votes.statements.tolist() == [3, 8]


@pytest.mark.parametrize("text", ["participant,statement,vote\n", "participant,Lifts,Parking\nLin,,\n"])
def test_nobody_voted_is_a_conversation(tmp_path: Path, text: str) -> None:
    assert read_conversation(file_of(tmp_path, text)).votes.shape == (0, 0)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "is empty"),
        ("\n \n", 1, "is empty"),
        ("a,b,c\n1,2,3\n", 1, "no column names the participants"),
        ("statement,vote\n1,1\n", 1, "no column names the participants"),
        ("participant\nLin\n", 1, "no column of a statement"),
        ("participant,Lifts,Lifts\nLin,1,1\n", 1, "there twice"),
        ("participant,Lifts,\nLin,1,1\n", 1, "has no name"),
        ("participant,statement,vote\n1,1,1\n1,2\n", 3, "2 cells instead of 3"),
        ("participant,statement,vote\n1,1,1\n\n1,2,2\n", 4, "vote is '2'"),
        ("participant,statement,vote\n1,1,nan\n", 2, "vote is 'nan'"),
        ("participant,statement,vote\n1,1,1\n1,3,\n", 3, "vote is empty"),
        ("participant,statement,vote\n1,1,1\n,3,1\n", 3, "participant is empty"),
        ("participant,statement,vote\n1,1,1\n1, ,1\n", 3, "statement is empty"),
        ("participant,statement,vote,time\n1,1,1,7\n1,2,1,soon\n", 3, "time is 'soon'"),
        ("participant,statement,vote,time\n1,1,1,7\n1,2,1,2026-09-07\n", 3, "a date, after it was a number"),
        (f"participant,statement,vote,time\n1,1,1,{2**70}\n", 2, "neither a whole number of 64 bits"),
        ('participant,statement,vote\n1,"two\nlines",1\n1,2,x\n', 4, "vote is 'x'"),
        ('participant,statement,vote\n1,1,1\n1,"open,1\n1,2,1\n', 3, "never closed"),
        ("participant,Lifts,Parking\nLin,1,0\nWen,1,maybe\n", 3, "Parking is 'maybe'"),
        ("participant,Lifts,Parking\nLin,1,0\n,1,1\n", 3, "participant is empty"),
        (b"participant,statement,vote\n1,1,1\n1,\xff\xfe,1\n", 3, "not UTF-8 (nor GB18030)"),
        (b"PK\x03\x04\x00\x00", 1, "this is no text"),
        ("participant,statement,vote\n".encode("utf-16"), 1, "UTF-16"),
    ],
)
def test_a_fault_is_named_by_file_line_and_reason(
    tmp_path: Path, text: str | bytes, line: int, reason: str
) -> None:
    with pytest.raises(BrokenExport) as fault:
        read_conversation(file_of(tmp_path, text))
    assert str(fault.value).startswith(f"votes.csv, line {line}: ")
    assert reason in fault.value.reason


@pytest.mark.parametrize(
    ("votes", "line", "reason"),
    [
        (f"{LOG}1,x,3,0,1\n1,x,4,0,1\n", 3, "the statement 4 is not in comments.csv"),
        (f"{LOG}2,x,7,0,1\n1,x,4,0,1\n", 2, "the statement 7 is not in comments.csv"),
        (f"{LOG}9,x,3,0,1\n8,x,3,Lin,1\n", 3, "voter-id is 'Lin', not a whole number"),
        (f"{LOG}1,x,3,{2**64},1\n", 2, "not a whole number"),
        (f"{LOG}1,x,3,1,5\n", 2, "vote is '5'"),
        ("timestamp,comment-id,vote\n1,3,1\n", 1, "the column voter-id is missing"),
    ],
)
def test_a_fault_of_an_export_is_named(tmp_path: Path, votes: str, line: int, reason: str) -> None:
    with pytest.raises(BrokenExport) as fault:
        read_conversation(export_of(tmp_path, votes))
    assert (fault.value.file.name, fault.value.line) == ("votes.csv", line)
    assert reason in fault.value.reason


@pytest.mark.parametrize(
    ("votes", "line", "reason"),
    [
        ("participant,3,8\n0,1,1\n1,0,7\n", 3, "8 is '7', not -1, 0 or 1"),
        ("participant,3,8\n0,1,1\n0x1,,\n", 3, "participant is '0x1'"),
        ("participant,3,99\n0,1,1\n", 1, "the statement 99 is not in comments.csv"),
        (f"participant,3,{2**64}\n0,1,1\n", 1, "not a whole number of 64 bits"),
    ],
)
def test_a_fault_of_the_matrix_of_an_export_is_named(
    tmp_path: Path, votes: str, line: int, reason: str
) -> None:
    with pytest.raises(BrokenExport) as fault:
        read_conversation(export_of(tmp_path, votes, name="participants-votes.csv"))
    assert fault.value.line == line
    assert reason in fault.value.reason


def test_a_statement_that_an_export_has_twice_is_named(tmp_path: Path) -> None:
    with pytest.raises(BrokenExport, match=r"comments\.csv, line 5: .* twice"):
        read_conversation(export_of(tmp_path, LOG, COMMENTS + "1,x,3,0,0,0,1,Again\n"))


def test_a_path_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    with pytest.raises(BrokenExport, match=r"none\.csv, .*missing"):
        read_conversation(tmp_path / "none.csv")
    with pytest.raises(BrokenExport, match=r"comments\.csv, .*missing"):
        read_conversation(tmp_path)


def test_a_fault_far_down_is_named_by_its_line(tmp_path: Path) -> None:
    rows = [f"{i},{i % 7},1" for i in range(30_000)]
    rows[28_765] = "8,8,yes and no"
    with pytest.raises(BrokenExport, match="line 28767: vote is 'yes and no'"):
        read_conversation(file_of(tmp_path, "participant,statement,vote\n" + "\n".join(rows)))


@needs_real
@pytest.mark.parametrize("name", ["vtaiwan.uberx", "american-assembly.bowling-green", "bg2050-volunteers"])
def test_a_real_export_is_read_as_the_plain_reader_reads_it(name: str) -> None:
    read, slow = read_conversation(REAL / name), read_export(REAL / name)
    last = {(vote.participant, vote.statement): vote.value for vote in slow.votes}
    votes = read.votes
    who, what = votes.participants[votes.rows].tolist(), votes.statements[votes.columns].tolist()
    assert dict(zip(zip(who, what, strict=True), votes.values.tolist(), strict=True)) == last
    assert read.title == slow.title
    assert read.texts == {statement.id: statement.text for statement in slow.statements}
    assert read.hidden == {statement.id for statement in slow.statements if statement.moderation == -1}
    assert read.meta == {statement.id for statement in slow.statements if statement.is_meta}
    first = list(dict.fromkeys(vote.participant for vote in slow.votes))
    assert np.array_equal(votes.participants[read.arrival], first)
