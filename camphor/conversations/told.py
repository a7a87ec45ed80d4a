"""Answers that differ from others of their kind in nothing but the body.

Django's answers work out their headers anew each time, which took longer than to deal a card.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import HttpRequest, HttpResponse

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Such an answer: status 200, and no cookie."""

    headers: Headers
    body: bytes

    def spelled_out(self) -> HttpResponse:
        """The same as Django has it."""
        return HttpResponse(self.body, headers=dict(self.headers))


View = Callable[[HttpRequest, int], HttpResponse | Told | None]
"""A view of the short way; none where the long way must give the answer."""


def spelled_out(answer: HttpResponse | Told | None) -> HttpResponse | None:
    """It as Django has it."""
    return answer.spelled_out() if isinstance(answer, Told) else answer


def in_full(view: Callable[[HttpRequest, int], HttpResponse | Told]) -> Callable[..., HttpResponse]:
    """The view as Django's own addresses lead to it."""

    @wraps(view)
    def whole(request: HttpRequest, pk: int) -> HttpResponse:
        answer = view(request, pk)
        return answer.spelled_out() if isinstance(answer, Told) else answer

    return whole
