"""Pages compressed on their way to whoever is not signed in; `collectstatic` compresses the files."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXT = ("text/", "application/json", "image/svg+xml")
"""What becomes smaller; pictures and archives are compressed already."""


class CompressionMiddleware(GZipMiddleware):
    """Compresses answers in which the length tells nobody a secret.

    Whoever can make a browser ask, and sees how long the answers are, guesses what stands in them beside his
    own words (BREACH). So Django pads them by chance and masks its tokens anew in each; and left as they are:
    answers to a form, whose card bears the token that came with the vote, and all that belongs to an account.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD") or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return response
        if not response.get("Content-Type", "").startswith(TEXT):
            return response
        return super().process_response(request, response)
