"""The client for Polis in the benchmark of votes, against a small server that speaks as Polis does."""

from __future__ import annotations

import json
import threading
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from benchmarks.votes import VOTES_EACH, polis

CHOSEN = Namespace(clients=3, seconds=0.5)
STATEMENTS = 20


class Polis(BaseHTTPRequestHandler):
    """As much of Polis as somebody needs who votes: its first words to a participant, and its votes."""

    protocol_version = "HTTP/1.1"
    votes: list[dict[str, Any]]
    status = 200

    def do_GET(self) -> None:
        if self.path != "/api/v3/participationInit?conversation_id=9demo":
            return self._tell({"error": "polis_err_conversation"}, 404)
        self._tell({"nextComment": {"tid": STATEMENTS - 1, "txt": "先装电梯"}, "ptpt": None})

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/api/v3/votes" or self.headers["Content-Type"] != "application/json":
            return self._tell({"error": "polis_err_vote"}, 400)
        self.votes.append(sent)
        self._tell({"currentPid": 1, "nextComment": {}}, self.status)

    def _tell(self, told: object, status: int = 200) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    Polis.votes, Polis.status = [], 200
    with ThreadingHTTPServer(("127.0.0.1", 0), Polis) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


def address(server: ThreadingHTTPServer, conversation: str = "9demo") -> str:
    return f"http://127.0.0.1:{server.server_port}/{conversation}"


def test_it_votes_as_people_do_and_counts_what_was_answered(
    server: ThreadingHTTPServer, capsys: pytest.CaptureFixture[str]
) -> None:
    polis(address(server), CHOSEN)
    line = capsys.readouterr().out
    assert line.startswith("Polis: votes") and "other answers" not in line and "broken" not in line
    assert {(vote["conversation_id"], vote["vote"], vote["pid"]) for vote in Polis.votes} == {
        ("9demo", -1, "mypid")
    }
    assert all(0 <= vote["tid"] < STATEMENTS for vote in Polis.votes)


def test_each_voter_votes_so_often_and_on_another_statement_each_time(server: ThreadingHTTPServer) -> None:
    polis(address(server), CHOSEN)
    votes = Counter((vote["xid"], vote["tid"]) for vote in Polis.votes)
    assert max(votes.values()) == 1
    each = Counter(vote["xid"] for vote in Polis.votes)
    assert len(each) >= CHOSEN.clients and max(each.values()) <= VOTES_EACH


def test_what_polis_refuses_is_told_and_not_counted(
    server: ThreadingHTTPServer, capsys: pytest.CaptureFixture[str]
) -> None:
    Polis.status = 500
    polis(address(server), CHOSEN)
    line = capsys.readouterr().out
    assert line.removeprefix("Polis: votes").split()[0] == "0" and "other answers {500:" in line


def test_where_nothing_or_another_conversation_answers_it_says_so_and_goes_on(
    server: ThreadingHTTPServer, capsys: pytest.CaptureFixture[str]
) -> None:
    polis(address(server, "no-such"), CHOSEN)
    assert "Polis does not answer" in capsys.readouterr().out and Polis.votes == []


def test_a_server_elsewhere_is_never_loaded() -> None:
    with pytest.raises(SystemExit, match="on this machine"):
        polis("https://pol.is/9demo", CHOSEN)
