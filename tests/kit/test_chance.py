"""Chance taken in pieces: no byte is given out twice, also not to a child of the process."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.test import RequestFactory

from camphor.kit import chance


def test_what_is_given_out_is_of_the_size_asked_for_and_never_the_same() -> None:
    given = [chance.some(16) for _time in range(3 * chance.PIECE // 16)]
    assert {len(one) for one in given} == {16} and len(set(given)) == len(given)
    assert len(chance.some(2 * chance.PIECE)) == 2 * chance.PIECE
    assert len(chance.digits(12)) == 24


def test_threads_are_given_different_chance() -> None:
    with ThreadPoolExecutor(8) as crowd:
        given = list(crowd.map(lambda _one: chance.some(8), range(4000)))
    assert len(set(given)) == len(given)


def test_fractions_lie_between_nought_and_one() -> None:
    given = [chance.fraction() for _time in range(10_000)]
    assert min(given) >= 0 and max(given) < 1 and 0.48 < sum(given) / len(given) < 0.52


@pytest.mark.parametrize("letters", ["a", "ab", "0123456789", "".join(map(chr, range(256)))])
def test_words_are_of_the_letters_and_each_is_as_likely_as_the_others(letters: str) -> None:
    drawn = chance.word(200 * len(letters), letters)
    assert len(drawn) == 200 * len(letters) and set(drawn) == set(letters)
    assert max(map(drawn.count, letters)) < 320


def test_django_draws_its_tokens_of_this_chance_and_takes_them_as_its_own(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []

    def urandom(size: int) -> bytes:
        taken.append(size)
        return bytes(range(256)) * (size // 256)

    monkeypatch.setattr(os, "urandom", urandom)
    chance.forget()
    page = rf.get("/")
    token = get_token(page)
    assert taken == [chance.PIECE] and len(token) == 64
    secret = page.META["CSRF_COOKIE"]
    for sent, refused in ((token, False), (token[::-1], True)):
        form = rf.post("/", {"csrfmiddlewaretoken": sent})
        form.COOKIES["csrftoken"] = secret
        check = CsrfViewMiddleware(lambda _request: HttpResponse())
        check.process_request(form)
        assert (check.process_view(form, lambda _request: HttpResponse(), (), {}) is not None) is refused
    monkeypatch.undo()
    chance.forget()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_child_is_not_given_what_its_parent_is() -> None:
    chance.some(1)  # there is a piece to be handed down
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.write(writer, chance.some(16))
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 16) != chance.some(16)
    os.close(reader)
    os.close(writer)
