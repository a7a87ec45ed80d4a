"""Answers that differ from others of their kind in nothing but the body.

Django's answers work out their headers anew each time, which took longer than to deal a card.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TypeVar

from django.http import HttpRequest, HttpResponse

Headers = tuple[tuple[str, str], ...]
Other = TypeVar("Other", HttpResponse, HttpResponse | None)


@dataclass(frozen=True, slots=True)
class Told:
    """Such an answer, of status 200. Of cookies it may bear the one against forged requests alone."""

    headers: Headers
    body: bytes


View = Callable[[HttpRequest, int], HttpResponse | Told | None]
"""A view of the short way; none where the long way must give the answer."""


def spelled_out(answer: Told | Other) -> HttpResponse | Other:
    """It as Django has it."""
    return HttpResponse(answer.body, headers=dict(answer.headers)) if isinstance(answer, Told) else answer


def in_full(view: Callable[[HttpRequest, int], HttpResponse | Told]) -> Callable[..., HttpResponse]:
    """The view as Django's own addresses lead to it."""

    @wraps(view)
    def whole(request: HttpRequest, pk: int) -> HttpResponse:
        return spelled_out(view(request, pk))

    return whole
