"""A browser and a program that speak to the gate, and see which way an answer came."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Coroutine, Iterator, Mapping
from types import SimpleNamespace
from typing import Any, TypeVar

from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from camphor.conversations.models import Conversation
from camphor.site.gate import Gate
from camphor.site.incoming import Incoming
from camphor.site.wsgi import application as whole

from .heads import Headers

FORM = "application/x-www-form-urlencoded"
CSRF = "c" * 32
Item = TypeVar("Item")


async def _at_once(job: Callable[[], Any]) -> Any:
    return job()


@contextlib.contextmanager
def _connection_kept() -> Iterator[None]:
    """As Django's own test client keeps it: the transaction of the test is in it."""
    signals = request_started, request_finished
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def done(work: Coroutine[Any, Any, Item]) -> Item:
    """What becomes of work that waits for nobody, done in this thread and in its transaction."""
    try:
        work.send(None)
    except StopIteration as end:
        result: Item = end.value
        return result
    raise AssertionError("it waits for somebody")


def asked(method: str, path: str, body: bytes = b"", lines: Mapping[str, str] | None = None) -> Incoming:
    """A request as the web server hands it in; `lines` of its head in words of WSGI."""
    head = {
        name.removeprefix("HTTP_").lower().replace("_", "-"): value for name, value in (lines or {}).items()
    }
    scope = SimpleNamespace(
        proto="http", http_version="1.1", scheme="http", method=method, path=path, query_string="",
        server="127.0.0.1:8000", client="127.0.0.1:4711", authority=None, headers=Headers(list(head.items())),
    )  # fmt: skip
    return Incoming(scope, lambda: _at_once(lambda: body))  # type: ignore[arg-type]


class Browser:
    """Speaks to the gate as a web server does, and tells which way an answer came."""

    def __init__(self) -> None:
        self.went_long = False
        self.gate = Gate(self._whole, work=_at_once)
        self.cookies = {"csrftoken": CSRF}

    def _whole(self, environ: dict[str, Any], start: Any) -> Any:
        self.went_long = True
        return whole(environ, start)

    def ask(self, method: str, path: str, body: bytes = b"", **more: str) -> Answer:
        self.went_long = False
        lines = {"HTTP_HOST": "127.0.0.1:8000", "CONTENT_LENGTH": str(len(body)), **more}
        if self.cookies:
            lines["HTTP_COOKIE"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        with _connection_kept():
            got = done(self.gate.answer(asked(method, path, body, lines)))
        whole = b"".join((got.body, *(got.more or ())))
        answer = Answer(got.status, got.headers, whole.decode(), self.went_long)
        for name, value in got.headers:
            if name.lower() == "set-cookie":
                cookie, _rest = value.split(";", 1)
                self.cookies.update([tuple(cookie.split("=", 1))])  # type: ignore[list-item]
        return answer

    def vote(self, talk: Conversation, **changed: Any) -> Answer:
        """A vote in JSON."""
        sent = {"statement": talk.statements.all()[0].pk, "choice": "agree", "key": "k", **changed}
        body = json.dumps(sent).encode()
        address = f"/talk/{talk.pk}/votes/"
        return self.ask("POST", address, body, CONTENT_TYPE="application/json", HTTP_X_CSRFTOKEN=CSRF)

    def send(self, talk: Conversation, sent: str = "", **more: str) -> Answer:
        """A vote in a form."""
        first = talk.statements.all()[0].pk
        body = sent or f"statement={first}&choice=agree&key=k&csrfmiddlewaretoken={CSRF}"
        return self.ask("POST", f"/talk/{talk.pk}/", body.encode(), CONTENT_TYPE=FORM, **more)


class Answer:
    """What came back."""

    def __init__(self, status: int, headers: list[tuple[str, str]], text: str, went_long: bool) -> None:
        self.status, self.text, self.went_long = status, text, went_long
        self.headers = {name.lower(): value for name, value in headers}
