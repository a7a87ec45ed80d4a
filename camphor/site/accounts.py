"""Ways in: accounts are given by a body, nobody signs up."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in with an account that a body has given; residents need none."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
