"""Pictures and scans handed in with a move.

Pictures are re-drawn on receipt, so that neither metadata nor hidden content stays. A PDF cannot be re-drawn:
it is taken as it is where it shows no active content, and only ever leaves again as a file to be saved.
"""

from __future__ import annotations

import hashlib
import io
import re

from PIL import Image, UnidentifiedImageError

from camphor.trail.models import Entry, File

LONGEST_SIDE = 1600
"""Pixels: enough to see a sign-plate, and some 300 kB as JPEG."""
MOST_BYTES = 12 * 1024 * 1024
"""A phone's largest ordinary photo."""
MOST_PIXELS = 60_000_000
"""Above this a small file can unpack into gigabytes."""


class NotAPicture(ValueError):
    """The file is not a picture that can be read, or it is too large."""


PDF = b"%PDF-"
"""The first bytes of a PDF."""
PDF_END = b"%%EOF"
"""Stands near the end of a PDF that arrived whole."""
TAIL = 2048
"""Bytes in which that end is looked for: some scanners write a few lines after it."""
ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|Encrypt)\b")
"""What no scanner writes: scripts, programs to start, files within the file, forms, and locks."""


class NotAScan(ValueError):
    """The file is neither a picture nor a PDF that can be taken in."""


class Picture(bytes):
    """A JPEG that was drawn here: it needs no second drawing, which would only make it worse."""

    kind = "image/jpeg"


class Paper(bytes):
    """A PDF that was looked through here."""

    kind = "application/pdf"


def redrawn(raw: bytes) -> Picture:
    """The picture as a JPEG without metadata."""
    if isinstance(raw, Picture):
        return raw
    if len(raw) > MOST_BYTES:
        raise NotAPicture("too large")
    try:
        with Image.open(io.BytesIO(raw), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise NotAPicture("too many pixels")
            plain = picture.convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as cause:
        raise NotAPicture("not a picture") from cause
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=85)
    return Picture(out.getvalue())


def scanned(raw: bytes) -> Picture | Paper:
    """The scan as it is kept; its kind is told by its first bytes, whatever the file is called."""
    if isinstance(raw, Paper):
        return raw
    if not raw.startswith(PDF):
        try:
            return redrawn(raw)
        except NotAPicture as cause:
            raise NotAScan(str(cause)) from cause
    if len(raw) > MOST_BYTES:
        raise NotAScan("too large")
    if PDF_END not in raw[-TAIL:]:
        raise NotAScan("cut off")
    if ACTIVE.search(raw):
        raise NotAScan("active content")
    return Paper(raw)


def waited(content: bytes) -> Picture | Paper:
    """What was drawn or looked through here before, and came back from where we kept it sealed."""
    return Paper(content) if content.startswith(PDF) else Picture(content)


def keep_photo(entry: Entry, raw: bytes) -> File:
    return _keep(entry, redrawn(raw))


def keep_scan(entry: Entry, raw: bytes) -> File:
    return _keep(entry, scanned(raw))


def _keep(entry: Entry, content: Picture | Paper) -> File:
    return File.objects.create(
        entry=entry, content=content, kind=content.kind, sha256=hashlib.sha256(content).hexdigest()
    )
