"""Text from strangers, without the characters that nobody sees and that change how the rest is read."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f"  # control characters, but for tab and line feed
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u3164\uffa0"  # fillers that look like nothing
    "\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # marks of direction, line separators
    "\ud800-\udfff\U000e0000-\U000e007f]"  # halves of characters, and tags
)
MARKUP = re.compile(r"<\s*[/!?]?[a-zA-Z][^<>]*>|javascript:", re.IGNORECASE)
"""Tags, as they come with copied web pages or with malice; «费用<3万且>1万» is none."""
BREAKS = re.compile("\r\n|[\r\u000b\u000c\u0085\u2028\u2029]")
"""What ends a line besides the line feed: Word's soft breaks and page breaks come as these."""
FROM_WORD = str.maketrans({"\u0007": "\t", "\u001e": "-", "\u00a0": " ", "\ufffc": None})
"""Word's mark of a table's cell, its hyphen and its space that do not break, and the place of a picture."""
EDGES = re.compile(r"^[ \t\u3000]+|[ \t\u3000]+$", re.MULTILINE)
"""Indents by spaces, also wide ones: the page indents paragraphs by itself."""
BULLET = re.compile(r"^[\uf000-\uf0ff·•●○■□◆▪‣–][ \t\u3000]+|^[\uf000-\uf0ff]", re.MULTILINE)
"""The points of Word's lists, most of them letters of its own symbol faces that no other program shows."""
NUMBERED = re.compile(
    r"^(?:[0-9]{1,2}[.．](?![0-9])|[0-9]{1,2}[、)）]|[一二三四五六七八九十]{1,3}、"
    r"|[(（](?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[)）]|[\u2460-\u2473])[ \t\u3000]*"
)
"""The number of an item of a list, as people and Word write it; «1.5米» and «2025年» begin with none."""
SPACES = re.compile(r"\s+")
LINES = re.compile(r"\n{3,}")


def plain(typed: str) -> str:
    """The text in composed form, its paragraphs without indents, list points and invisible characters.

    Whatever was pasted from Word keeps its paragraphs and its numbers, and nothing else of its looks.
    """
    composed = unicodedata.normalize("NFC", BREAKS.sub("\n", typed).translate(FROM_WORD))
    lines = EDGES.sub("", BULLET.sub("", EDGES.sub("", INVISIBLE.sub("", composed))))
    return LINES.sub("\n\n", lines).strip()


def without_number(line: str) -> str:
    """The line without the number that it had in a list; a line that is only a number stays."""
    return NUMBERED.sub("", line, count=1) or line


def _no_markup(text: str) -> None:
    if MARKUP.search(text):
        raise ValidationError(_("Please write plain words: tags of web pages or programs are not taken."))


class PlainTextField(forms.CharField):
    """Text of several lines, made plain before it is looked at."""

    default_validators = [_no_markup]
    default_error_messages = {"required": _("Please write something here.")}

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """How much is taken, for the counter; a browser that knew it would cut a pasted text off unasked."""
        attrs = super().widget_attrs(widget)
        if "maxlength" in attrs:
            attrs["data-most"] = attrs.pop("maxlength")
        return attrs

    def to_python(self, value: Any) -> str:
        return super().to_python(plain(str(value or ""))) or ""


class PlainLineField(PlainTextField):
    """Text of one line, made plain; a line break in it becomes a space."""

    def to_python(self, value: Any) -> str:
        return SPACES.sub(" ", super().to_python(value))
