"""Files that a reader takes home, with a name in his language and one for programs that know no Chinese."""

from __future__ import annotations

import re
from typing import IO
from urllib.parse import quote

from django.http import FileResponse, HttpResponse, HttpResponseBase

FORBIDDEN = re.compile(r'[\\/:*?"<>|\s\x00-\x1f]+')
"""What the file systems of desks do not take in a name."""
LONGEST_NAME = 80
"""Characters of a name: with its ending it stays below the 255 bytes that file systems take."""


def download(content: bytes | IO[bytes], *, kind: str, plain: str, name: str) -> HttpResponseBase:
    """The answer that carries a file; `plain` is its name in ASCII, `name` the one that people see."""
    ending = plain.rpartition(".")[2]
    stem = FORBIDDEN.sub("_", name.removesuffix(f".{ending}")).strip("._")[:LONGEST_NAME]
    whole = isinstance(content, bytes)
    answer = HttpResponse(content) if whole else FileResponse(content)
    answer["Content-Type"] = kind
    shown = quote(f"{stem}.{ending}")
    answer["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{shown}"
    answer["Cache-Control"] = "private, no-store"
    return answer
