"""What is said when the database does not answer, or more people come than the service can serve."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template.loader import render_to_string
from django.views.defaults import bad_request

from camphor.dashboard.shared import ELDER

COME_AGAIN = 5
"""Seconds after which the page should be asked for again; browsers leave that to the reader."""

OUTAGES = (OperationalError, InterfaceError, TimeoutError)
"""What is raised where the database is away, full, or slower than anybody waits."""


def out_of_order(cookies: Mapping[str, str] = MappingProxyType({})) -> HttpResponse:
    """A page that needs no database, in the language of the moment."""
    response = HttpResponse(render_to_string("503.html", known_by(cookies)), status=503)
    response["Retry-After"] = str(COME_AGAIN)
    response["Cache-Control"] = "no-store"
    return response


def known_by(cookies: Mapping[str, str]) -> dict[str, bool]:
    """What a page may know that must not ask the database: a cookie of a session leads to the desk.

    Should the session be over, the desk asks to sign in.
    """
    return {"desk": settings.SESSION_COOKIE_NAME in cookies, "elder": cookies.get(ELDER) == "1"}


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to a request that cannot be read, also where its form is what cannot be."""
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined] # they would read the form again
    return bad_request(request, exception)


def error(request: HttpRequest, *given: Any, **more: Any) -> HttpResponse:
    """The answer to what nobody foresaw: an outage of the database is not our fault, and passes."""
    if isinstance(sys.exc_info()[1], OUTAGES):
        return out_of_order(request.COOKIES)
    return HttpResponseServerError(render_to_string("500.html", known_by(request.COOKIES)))
