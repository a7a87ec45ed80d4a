"""A request whose words are known: it says what Django's own request says of the same words."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import TooManyFieldsSent
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest

from camphor.site.incoming import Incoming, Known, Lean

from .heads import Headers

FORM = b"statement=7&choice=agree&key=k&csrfmiddlewaretoken=t&next=list"
PARTS = (
    b'--x\r\nContent-Disposition: form-data; name="statement"\r\n\r\n7\r\n'
    b'--x\r\nContent-Disposition: form-data; name="choice"\r\n\r\nagree\r\n--x--\r\n'
)
BODIES = {
    "application/json": b'{"statement": 7}',
    "application/x-www-form-urlencoded": FORM,
    "multipart/form-data; boundary=x": PARTS,
    "text/plain": b"7",
}


def incoming(body: bytes, *lines: tuple[str, str], **more: Any) -> Incoming:
    head = [("host", "camphor.example"), ("cookie", "a=1; b=%22two%22"), ("content-length", str(len(body)))]
    told = {
        "proto": "http", "http_version": "1.1", "scheme": "http", "method": "POST", "path": "/talk/7/votes/",
        "query_string": "q=1", "server": "10.0.0.1:8000", "client": "10.0.0.7:4711", "authority": None,
    }  # fmt: skip
    scope = SimpleNamespace(**{**told, **more}, headers=Headers([*head, *lines]))

    async def taken() -> bytes:
        return body

    return Incoming(scope, taken)  # type: ignore[arg-type]


def both(one: Incoming) -> tuple[WSGIRequest, Lean]:
    """The same request as Django makes it, and as a lean one."""

    async def made() -> tuple[WSGIRequest, Lean]:
        assert one.words
        body = await one.taken_in()
        lean = Lean(Known.of(one.head(), language="en"), one, body)
        return WSGIRequest(await one.environ()), lean

    return asyncio.run(made())


def told(request: HttpRequest) -> dict[str, Any]:
    return {
        "method": request.method, "path": request.path, "full": request.get_full_path(),
        "type": request.content_type, "params": request.content_params, "encoding": request.encoding,
        "cookies": request.COOKIES, "secure": request.is_secure(), "query": request.GET.dict(),
        "htmx": request.META.get("HTTP_HX_REQUEST"), "length": request.META["CONTENT_LENGTH"],
        "post": request.POST.dict(), "body": request.body,
    }  # fmt: skip


@pytest.mark.parametrize("kind", BODIES)
def test_a_lean_request_says_the_same_as_the_whole_one(kind: str) -> None:
    whole, lean = both(incoming(BODIES[kind], ("content-type", kind), ("hx-request", "true")))
    if kind.startswith("multipart"):
        assert lean.POST == whole.POST and lean.POST["choice"] == "agree"
        return
    assert (whole.body, told(lean)) == (lean.body, told(whole))


@pytest.mark.parametrize(
    "sent",
    [
        "", "a", "a=", "=b", "a=1&a=2&b=%E4%BD%A0%E5%A5%BD+%2B&c=你好", "a=1&&b=2;c=3", "a=%zz&b=%ff",
        "&" * 999, "a=1&" * 1000, "a=b=c&%3D=%3D&a%26=+", "a+b=c+d&=&&a%2Bb=", "%E4%BD=%E4&a=\u2028",
    ],
)  # fmt: skip
def test_a_lean_request_reads_a_form_as_the_whole_one_does(sent: str) -> None:
    kind = ("content-type", "application/x-www-form-urlencoded")
    whole, lean = both(incoming(sent.encode(), kind))
    found = []
    for request in (whole, lean):
        try:
            found.append(dict(request.POST.lists()))
        except TooManyFieldsSent as refused:
            found.append({"refused": [str(refused)]})
    assert found[0] == found[1]


def test_a_lean_request_bears_neither_the_address_nor_other_headers() -> None:
    whole, lean = both(incoming(b"", ("user-agent", "x"), ("x-forwarded-for", "10.1.1.1")))
    assert {"REMOTE_ADDR", "HTTP_USER_AGENT", "HTTP_X_FORWARDED_FOR"} <= whole.META.keys()
    assert not {"REMOTE_ADDR", "REMOTE_PORT", "HTTP_USER_AGENT", "HTTP_X_FORWARDED_FOR"} & lean.META.keys()


@pytest.mark.parametrize(
    ("lines", "more"),
    [
        ((("origin", "https://evil.example"),), {}),
        ((("x-csrftoken", "d"),), {}),
        ((("cookie", "c=3"),), {}),
        ((("host", "evil.example"),), {}),
        ((("referer", "https://evil.example"),), {}),
        ((("x-forwarded-proto", "https"),), {}),
        ((("content-type", "application/json"),), {}),
        ((), {"method": "GET"}),
        ((), {"scheme": "https"}),
        ((), {"authority": "evil.example"}),
        ((), {"server": "10.0.0.1:8443"}),
    ],
)
def test_requests_that_differ_in_a_word_that_is_looked_at_are_not_taken_for_each_other(
    lines: tuple[tuple[str, str], ...], more: dict[str, Any]
) -> None:
    assert incoming(b"", *lines, **more).words != incoming(b"").words
    assert incoming(b"x", ("user-agent", "y")).words == incoming(b"").words


@pytest.mark.parametrize(
    ("lines", "fits"),
    [((), True), ((("content-length", "5"),), False)],
)
def test_a_length_that_is_told_twice_fits_nowhere(lines: tuple[tuple[str, str], ...], fits: bool) -> None:
    one = incoming(b"x", *lines)
    assert one.words and one.is_within(4096) is fits
    assert not one.is_within(0) or not fits
