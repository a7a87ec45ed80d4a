"""What is answered when a request cannot be served."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader

RETRY_AFTER = 5
"""Seconds after which a database that restarts mostly answers again."""


def server_error(request: HttpRequest) -> HttpResponse:
    """503 where the database is away, full or too busy, as trying again helps; 500 where it is our fault."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = HttpResponse(loader.get_template("503.html").render(), status=503)
        response["Retry-After"] = str(RETRY_AFTER)
    else:
        response = HttpResponse(loader.get_template("500.html").render(), status=500)
    response["Cache-Control"] = "no-store"
    return response
