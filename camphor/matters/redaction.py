"""Personal data taken out of a text before it is published."""

from __future__ import annotations

import re
from collections.abc import Iterable

PERSONAL_NUMBER = re.compile(r"(?<!\d)(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|\d{17}[\dXx])(?!\d)")
"""A mobile number or the number of an identity card."""
LANDLINE = re.compile(r"(?<!\d)(?:0\d{2,3}[ -]?)\d{7,8}(?!\d)")
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
PLATE = re.compile(r"[\u4e00-\u9fff][A-Z][A-Z0-9]{5,6}(?![A-Z0-9])")
"""The plate of a car: a province, a letter, and five or six more."""
OUT = "×××"
"""What stands in the place of what was taken out, as Chinese papers have it."""


def redacted(text: str, names: Iterable[str] = ()) -> str:
    """The text without numbers, addresses of mail, plates, and these names."""
    for pattern in (PERSONAL_NUMBER, LANDLINE, MAIL, PLATE):
        text = pattern.sub(OUT, text)
    for name in sorted((name for name in names if name), key=len, reverse=True):
        text = text.replace(name, OUT)
    return text
