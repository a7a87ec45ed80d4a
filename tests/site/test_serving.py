"""The web server: one set of limits, wherever it is started."""

from __future__ import annotations

import gc
import itertools
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from camphor.conversations import keeper
from camphor.site import server, serving

ROOT = Path(__file__).resolve().parents[2]
STARTS = (
    "deploy/systemd/camphor-web.service",
    "deploy/compose.yaml",
    "deploy/Dockerfile",
    "docs/operate.md",
)
FORKED = """
import threading
from camphor.site import server
server.load()
from django.db import connection
print(threading.active_count(), connection.connection, len(connection._connection_pools))
"""
HEAVY = ("docx", "pypinyin", "rjieba", "xlsxwriter", "scipy", "numba")
LOADED = f"""
import sys, camphor.site.door
from django.urls import resolve
resolve("/search/")
print([name for name in {HEAVY} if name in sys.modules])
"""


@pytest.mark.parametrize("name", STARTS)
def test_whoever_starts_the_service_leaves_its_limits_to_it(name: str) -> None:
    text = (ROOT / name).read_text()
    assert re.search(r"manage\.py\W+serve", text)
    assert "granian" not in text and "blocking-threads" not in text


@pytest.mark.parametrize(("engine", "workers"), [("sqlite3", "1"), ("postgresql", "2")])
def test_serve_becomes_the_server_with_as_many_processes_as_suit_the_database(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, engine: str, workers: str
) -> None:
    became: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda program, words: became.append(words))
    monkeypatch.setattr(os, "chdir", lambda folder: None)
    whole = {**settings.DATABASES["default"], "ENGINE": f"django.db.backends.{engine}"}
    monkeypatch.setitem(settings.DATABASES, "default", whole)
    call_command("serve", port=8123, host="10.0.0.21")
    (words,) = became
    options = dict(itertools.pairwise(words))
    assert options["--workers"] == workers and options["--port"] == "8123"
    assert options["--host"] == "10.0.0.21"
    assert options["--interface"] == "rsgi" and words[-1] == serving.APPLICATION


def test_the_program_and_its_dictionary_are_read_before_other_processes_are_forked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []
    monkeypatch.setattr(server, "words", lambda text: done.append("dictionary"))
    monkeypatch.setattr(server, "load", lambda: done.append("program"))
    monkeypatch.setattr(keeper, "begin", lambda: done.append("writer"))
    monkeypatch.setattr(server, "entrypoint", lambda: done.append("serving"))
    for name in ("collect", "set_threshold", "freeze"):
        monkeypatch.setattr(gc, name, lambda *_numbers: None)
    words = serving.command(8123, workers=2)
    assert "camphor.site.server" in words
    monkeypatch.setattr(sys, "argv", words)
    server.main()
    assert done == ["dictionary", "program", "writer", "serving"]


def test_what_is_forked_inherits_no_thread_and_no_connection() -> None:
    """A connection that two processes use is spoilt for both, and a thread would be there for one alone."""
    told = subprocess.run(
        [sys.executable, "-c", FORKED], cwd=ROOT,
        env={**os.environ, "CAMPHOR_PLAIN_STATIC": "1", "CAMPHOR_DATABASE_URL": "postgres://x@127.0.0.1:1/x"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.split() == ["1", "None", "0"]


def test_the_address_and_the_engine_of_a_database_lead_to_the_same_number_of_processes() -> None:
    assert serving.workers_for("sqlite:////srv/postgresql/camphor.sqlite3") == 1
    assert serving.workers_for("postgres://camphor@db/sqlite") == 2


def test_a_port_that_another_process_shares_is_refused_with_a_clear_message() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as the web server does
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"port {port} on 127.0.0.1 cannot be used"):
            call_command("serve", port=port)
    serving.need_free(port)


HOLDER = """
import os, sys
from camphor.site.serving import hold
hold(int(sys.argv[1]))
os.execv(sys.executable, [sys.executable, "-c", "print('as another program', flush=True); input()"])
"""


def test_a_port_is_held_before_the_web_server_listens_and_free_after_its_end() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-c", HOLDER, str(port)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout and holder.stdout.readline()
        with pytest.raises(serving.PortTaken):
            serving.hold(port)
        with socket.socket() as server:  # as the web server does
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            server.bind(("127.0.0.1", port))
            server.listen()
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        holder.communicate(b"\n")
    serving.need_free(port)


def test_the_service_starts_without_the_dictionaries() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"
