"""Votes a second over HTTP that are on disk, on both databases, beside a bare floor and beside Polis."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from django.core import signing

from benchmarks import _load, _talk
from camphor.site import serving
from tools import postgresql

ROOT = Path(__file__).resolve().parents[1]
PORT = 8150
STATEMENTS = 60
VOTES_EACH = 12
"""Votes of a voter, after which the client is somebody else: joining is part of the figure."""
COOKIE = "camphor_participant"  # as camphor.conversations.cookies has it, which needs all of Django
CSRF = "b" * 32
IN_A_PAGE = "a" * 32 + CSRF
"""The same token as Django puts it into a form: a mask, and the token under it."""
ORIGIN = "http://127.0.0.1:8000"
WARM_UP = 1.0
"""Seconds before each run in which nothing is counted."""


@dataclass(frozen=True)
class Talk:
    """The conversation that is voted on."""

    pk: int
    statements: list[int]
    votes: int


class Voters:
    """One client after another becomes a new voter, each with the cookies that a first page would give."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self._cookies: dict[tuple[int, int], bytes] = {}

    def head(self, line: str, client: int, voter: int, more: bytes = b"") -> bytes:
        known = self._cookies.get((client, voter))
        if known is None:
            token = signing.dumps(uuid.uuid4().hex[:22], salt=COOKIE)
            known = f"Cookie: csrftoken={CSRF}; {COOKIE}={token}\r\n".encode()
            self._cookies[client, voter] = known
        return f"{line} HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nOrigin: {ORIGIN}\r\n".encode() + known + more

    def statement(self, n: int) -> int:
        return self.talk.statements[n % len(self.talk.statements)]

    def in_json(self, client: int, n: int) -> bytes:
        """A vote of a program."""
        sent = {"statement": self.statement(n), "choice": "agree", "key": uuid.uuid4().hex}
        body = json.dumps(sent).encode()
        more = b"X-CSRFToken: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        line = f"POST /talk/{self.talk.pk}/votes/"
        return self.head(line, client, n // VOTES_EACH, more % (CSRF.encode(), len(body))) + body

    def in_a_form(self, client: int, n: int, more: bytes = b"") -> bytes:
        """A vote of a browser without JavaScript."""
        sent = {"statement": self.statement(n), "choice": "agree", "key": uuid.uuid4().hex}
        body = urlencode({**sent, "csrfmiddlewaretoken": IN_A_PAGE}).encode()
        more += b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n" % len(body)
        return self.head(f"POST /talk/{self.talk.pk}/", client, n // VOTES_EACH, more) + body

    def by_htmx(self, client: int, n: int) -> bytes:
        """A vote of the page, which gets the next card with the answer."""
        return self.in_a_form(client, n, b"HX-Request: true\r\n")

    def next_card(self, client: int, n: int) -> bytes:
        """The next statement, for somebody who has voted before; 640 people in turn."""
        return self.head(f"GET /talk/{self.talk.pk}/next/", client, n % 10, b"\r\n")

    def page(self, client: int, n: int) -> bytes:
        """The page of the ballot at the first visit: no cookie yet."""
        return _visit(f"/talk/{self.talk.pk}/")

    def list_of_statements(self, client: int, n: int) -> bytes:
        return _visit(f"/talk/{self.talk.pk}/statements/")

    def list_of_consultations(self, client: int, n: int) -> bytes:
        return _visit("/consultations/")


def _visit(path: str) -> bytes:
    """What a browser asks that comes for the first time, and takes the page compressed."""
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nAccept-Encoding: gzip\r\n\r\n"
    return head.encode()


@contextlib.contextmanager
def served(
    app: str, env: dict[str, str], *, workers: int = 1, threads: int = 0
) -> Iterator[subprocess.Popen[bytes]]:
    """The application behind the web server that we ship with, set up as we ship it; `threads`: by WSGI."""
    words = serving.command(
        PORT, workers=workers, host=_load.HOST, application=app, interface="wsgi" if threads else "rsgi"
    )
    if threads:
        words[-1:-1] = ["--blocking-threads", str(threads), "--log-level", "error"]
    process = subprocess.Popen(words, cwd=ROOT, env=env)
    try:
        _wait(process)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait(process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            _load.connect(PORT).close()
            return
        time.sleep(0.1)
    raise SystemExit(f"nothing answers on port {PORT}")


def memory(process: subprocess.Popen[bytes]) -> float:
    """Megabytes of the server and its workers: what several share counts once (PSS)."""
    whole = 0
    for pid in [process.pid, *_children(process.pid)]:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text()
        whole += int(told.split("\nPss:")[1].split()[0])
    return whole / 1024


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(path.read_text().rsplit(")", 1)[1].split()[1]) == pid:
                child = int(path.parent.name)
                found += [child, *_children(child)]
    return found


def told(env: dict[str, str], *words: str) -> dict[str, object]:
    """What a process of its own with this database says."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks._talk", *words],
        cwd=ROOT, env=env, check=True, capture_output=True, text=True,
    )  # fmt: skip
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def row(name: str, load: _load.Load, *good: int, used: float | None = None) -> None:
    """One line; `used`: seconds of processor time of the server and its workers."""
    wrong = {status: n for status, n in load.statuses.items() if status not in good}
    each = f"{used / max(load.answered, 1) * 1e6:6.0f} µs" if used is not None else "      - "
    waits = "".join(f"{load.wait(share) * 1e3:8.1f}" for share in (0.5, 0.99, 1))
    more = f"  other answers {wrong}" if wrong else ""
    more += f"  {load.broken} connections broken" if load.broken else ""
    clients = load.client_seconds / max(load.seconds, 1e-9)
    print(f"{name:<58}{load.rate(*good):8,.0f}{waits}  {each}{clients:9.2f}{more}", flush=True)


HEAD = f"{'':<58}{'a second':>8}{'p50':>8}{'p99':>8}{'max ms':>8}  {'server':>8}{'clients':>9}"


def run(
    process: subprocess.Popen[bytes], ask: _load.Ask, chosen: argparse.Namespace
) -> tuple[_load.Load, float]:
    """A run after a warm-up, and the processor time that the server took for it."""
    _load.run(PORT, ask, clients=chosen.clients, seconds=WARM_UP)
    begun = 10**6  # other voters than those of the warm-up

    def later(client: int, n: int) -> bytes:
        return ask(client, n + begun)

    before = processor(process)
    load = _load.run(PORT, later, clients=chosen.clients, seconds=chosen.seconds)
    return load, processor(process) - before


def processor(process: subprocess.Popen[bytes]) -> float:
    """Seconds of processor time that the server and its workers have taken."""
    ticks = 0
    for pid in [process.pid, *_children(process.pid)]:
        words = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(words[11]) + int(words[12])
    return ticks / os.sysconf("SC_CLK_TCK")


YARDSTICKS = (
    ("a Django view, a commit for each vote", "benchmarks._plain_view:application", 8),
    ("floor of threads", "benchmarks._floor:in_threads", 128),
    ("floor", "benchmarks._floor:on_loop", 0),
)
"""What the votes are held against: an application, and its threads where it is called by WSGI."""


def yardsticks(name: str, address: str, chosen: argparse.Namespace) -> None:
    """One after the other on an empty database."""
    body = b"statement=12&choice=agree&key=0123456789abcdef0123456789abcdef"
    head = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    request = head + b"Content-Length: %d\r\n\r\n" % len(body) + body
    for what, app, threads in YARDSTICKS:
        with served(app, {**os.environ, "FLOOR_DATABASE": address}, threads=threads) as process:
            load, used = run(process, lambda client, n: request, chosen)
        row(f"{name}: {what}", load, 200, used=used)


def service(name: str, address: str, chosen: argparse.Namespace, workers: int) -> None:
    env = {**os.environ, "CAMPHOR_DATABASE_URL": address, "CAMPHOR_BASE_URL": ORIGIN}
    made = told(env, "make", str(STATEMENTS))
    talk = Talk(int(str(made["pk"])), list(made["statements"]), int(str(made["votes"])))  # type: ignore[call-overload]
    voters = Voters(talk)
    label = f"{name}, {workers} process{'es' if workers > 1 else ''}"
    with served(serving.APPLICATION, env, workers=workers) as process:
        for what, ask, good in (
            ("votes in JSON", voters.in_json, 200),
            ("votes in a form", voters.in_a_form, 303),
            ("votes of the page, with the next card", voters.by_htmx, 200),
            ("next statement", voters.next_card, 200),
            ("first visit of the page", voters.page, 200),
            (f"list of {STATEMENTS} statements", voters.list_of_statements, 200),
            (f"list of {_talk.CONSULTATIONS} consultations", voters.list_of_consultations, 200),
        ):
            before = count(env)
            load, used = run(process, ask, chosen)
            row(f"{label}: {what}", load, good, used=used)
            after = count(env)
            if what.startswith("votes"):
                check(after - before, load.statuses.get(good, 0))
        print(f"{label}: {memory(process):.0f} MB in memory at the end")


def count(env: dict[str, str]) -> int:
    """How many votes there are; none may be there twice."""
    found = told(env, "count")
    if found["doubled"]:
        print(f"  DOUBLED: {found['doubled']}")
    return int(str(found["votes"]))


def check(found: int, acknowledged: int) -> None:
    """More may be there than was acknowledged while it was counted, from the warm-up; never less."""
    if found < acknowledged:
        print(f"  LOST: {acknowledged} acknowledged, {found} found")


def polis(address: str, chosen: argparse.Namespace) -> None:
    """Votes on a Polis server of this machine: POLIS_URL=http://127.0.0.1:PORT/CONVERSATION_ID."""
    parts = urlsplit(address)
    if parts.hostname not in ("127.0.0.1", "localhost"):
        raise SystemExit("POLIS_URL must name a server on this machine")
    conversation = parts.path.strip("/")
    address = f"{parts.scheme}://{parts.netloc}/api/v3/participationInit?conversation_id={conversation}"
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - this machine, see above
            first = json.load(answer)
    except OSError as error:
        print(f"  Polis does not answer at {address}: {error}")
        return
    statements = int((first.get("nextComment") or {}).get("tid", 0)) + 1

    def ask(client: int, n: int) -> bytes:
        voter = uuid.uuid5(uuid.NAMESPACE_URL, f"{client}:{n // VOTES_EACH}").hex
        sent = {
            "conversation_id": conversation,
            "tid": n % statements,
            "vote": -1,
            "xid": voter,
            "pid": "mypid",
        }
        body = json.dumps(sent).encode()
        head = f"POST /api/v3/votes HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
        return head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body

    load = _load.run(parts.port or 80, ask, clients=chosen.clients, seconds=chosen.seconds)
    row("Polis: votes", load, 200)


def machine() -> str:
    model = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())  # fmt: skip
    return f"{os.cpu_count()} × {model}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="x.py bench votes", description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0, help="length of each run (5)")
    parser.add_argument("--clients", type=int, default=64, help="each with one request at a time (64)")
    parser.add_argument("--only", choices=("sqlite", "postgresql"), help="one database alone")
    chosen = parser.parse_args()
    print(f"{datetime.now().astimezone():%F %R}, {machine()}; {chosen.clients} clients on the same cores")
    print("waits in ms; server: processor time an answer; clients: their share of a core\n\n" + HEAD)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=_var()))
    try:
        if chosen.only != "postgresql":
            yardsticks("SQLite, FULL", f"sqlite:///{folder / 'floor.sqlite3'}", chosen)
            service("SQLite, FULL", f"sqlite:///{folder / 'votes.sqlite3'}", chosen, 1)
        if chosen.only != "sqlite" and postgresql.initdb():
            with postgresql.cluster(durable=True) as address:
                yardsticks("PostgreSQL", f"{address.rsplit('/', 1)[0]}/postgres", chosen)
                for workers in (1, 2):
                    name = f"{address.rsplit('/', 1)[0]}/bench{workers}"
                    postgresql.create(name)
                    service("PostgreSQL", name, chosen, workers)
    finally:
        shutil.rmtree(folder)
    if server := os.environ.get("POLIS_URL"):
        polis(server, chosen)
    else:
        print("  Polis: POLIS_URL names no server")


def _var() -> Path:
    (ROOT / "var").mkdir(exist_ok=True)
    return ROOT / "var"


if __name__ == "__main__":
    main()
