"""Django's tokens against forged requests, of chance that is taken in larger pieces.

Django asks the operating system once for each of the 64 letters, and gives up the interpreter each time: with
many visitors at once that is a good part of a page that is kept.
"""

from __future__ import annotations

from django.middleware import csrf

from camphor.kit import chance


def draw_in_pieces() -> None:
    """Have Django draw its tokens here; their form, mask and check stay its own."""
    csrf.get_random_string = chance.word  # type: ignore[attr-defined]
