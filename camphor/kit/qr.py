"""QR codes as the path of an inline drawing."""

from __future__ import annotations

from dataclasses import dataclass

import qrcode
from django.conf import settings
from qrcode.constants import ERROR_CORRECT_M

QUIET_ZONE = 4
"""Modules of white around the code, as ISO/IEC 18004 asks for."""


@dataclass(frozen=True)
class Drawing:
    """A square of so many units, and the path of what is black in it."""

    size: int
    path: str


def drawing_of(text: str) -> Drawing:
    """The QR code of a text, each run of black modules of a row as one rectangle."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(text)
    rows = code.get_matrix()
    runs = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            length = 0
            while x + length < len(row) and row[x + length]:
                length += 1
            if length:
                runs.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length or 1
    return Drawing(len(rows), "".join(runs))


def address_of(path: str) -> str:
    """The full address of a page, as it is printed."""
    return settings.BASE_URL.rstrip("/") + path
