"""Pages compressed: what becomes shorter on its way, and what must not."""

from __future__ import annotations

import gzip

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from camphor.conversations.models import Conversation
from camphor.site.compression import CompressionMiddleware

from ..conftest import Cast

TAKES_GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def test_the_ballot_page_comes_compressed_and_whole(talk: Conversation) -> None:
    address = reverse("talk", args=[talk.pk])
    answer, plain = Client(headers=TAKES_GZIP).get(address), Client().get(address)
    assert answer["Content-Encoding"] == "gzip" and "Accept-Encoding" in answer["Vary"]
    assert "电梯怎么装？" in gzip.decompress(answer.content).decode()
    assert "Content-Encoding" not in plain and "电梯怎么装？" in plain.content.decode()
    assert len(answer.content) < len(plain.content) / 2


def test_the_same_page_has_another_length_each_time_so_that_nothing_can_be_guessed_from_it(
    talk: Conversation,
) -> None:
    address = reverse("talk", args=[talk.pk])
    lengths = {len(Client(headers=TAKES_GZIP).get(address).content) for _ in range(8)}
    assert len(lengths) > 1


def test_the_answer_to_a_vote_stays_as_it_is_for_its_card_bears_the_token_of_the_vote(
    talk: Conversation,
) -> None:
    lin = Client(headers=TAKES_GZIP)
    lin.get(reverse("talk", args=[talk.pk]))
    form = {"statement": talk.statements.all()[0].pk, "choice": "agree", "key": "a" * 32}
    answer = lin.post(reverse("talk", args=[talk.pk]), form, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and "csrfmiddlewaretoken" in answer.content.decode()
    assert "Content-Encoding" not in answer


def test_what_mei_sees_at_her_desk_stays_as_it_is(cast: Cast) -> None:
    mei = Client(headers=TAKES_GZIP)
    assert cast.mei.person
    mei.force_login(cast.mei.person)
    answer = mei.get(reverse("desk"))
    assert answer.status_code == 200 and "Content-Encoding" not in answer


@pytest.mark.parametrize(("kind", "smaller"), [("image/jpeg", False), ("text/csv", True)])
def test_only_text_is_compressed(kind: str, smaller: bool) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(b"the same again and again " * 100, content_type=kind)

    request = RequestFactory().get("/", headers=TAKES_GZIP)
    answer = CompressionMiddleware(view)(request)
    assert isinstance(answer, HttpResponse) and ("Content-Encoding" in answer) is smaller
