"""Text from strangers, without the characters that nobody sees and that change how the rest is read."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms

INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f"  # control characters, but for tab and line feed
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u3164\uffa0"  # fillers that look like nothing
    "\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # marks of direction, line separators
    "\ud800-\udfff\U000e0000-\U000e007f]"  # halves of characters, and tags
)
SPACES = re.compile(r"\s+")
LINES = re.compile(r"\n{3,}")


def plain(typed: str) -> str:
    """The text in composed form, with line feeds for line ends, and without invisible characters."""
    composed = unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n"))
    return LINES.sub("\n\n", INVISIBLE.sub("", composed)).strip()


class PlainTextField(forms.CharField):
    """Text of several lines, made plain before it is looked at."""

    def to_python(self, value: Any) -> str:
        return super().to_python(plain(str(value or ""))) or ""


class PlainLineField(PlainTextField):
    """Text of one line, made plain; a line break in it becomes a space."""

    def to_python(self, value: Any) -> str:
        return SPACES.sub(" ", super().to_python(value))
