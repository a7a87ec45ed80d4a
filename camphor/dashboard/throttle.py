"""How often one address may do something in a while."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


@dataclass(frozen=True)
class Throttle:
    """At most so many times in so many seconds from one address."""

    name: str
    most: int
    seconds: int = 600

    def count(self, request: HttpRequest) -> None:
        key = self._key(request)
        if not cache.add(key, 1, self.seconds):
            try:
                cache.incr(key)
            except ValueError:  # it ran out between the two calls
                cache.set(key, 1, self.seconds)

    def is_full(self, request: HttpRequest) -> bool:
        counted: int = cache.get(self._key(request), 0)
        return counted >= self.most

    def _key(self, request: HttpRequest) -> str:
        digest = hashlib.sha256(address_of(request).encode()).hexdigest()
        return f"throttle:{self.name}:{digest[:32]}"


def address_of(request: HttpRequest) -> str:
    """Where a request comes from; behind our own proxy, what that proxy says last."""
    told = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.SECURE_PROXY_SSL_HEADER and told:
        return str(told).rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
