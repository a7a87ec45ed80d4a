"""Pictures handed in as evidence: re-drawn on receipt, so that neither metadata nor hidden content stays."""

from __future__ import annotations

import hashlib
import io

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


def redrawn(raw: bytes) -> bytes:
    """The picture as a JPEG without metadata."""
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
    return out.getvalue()


def keep_photo(entry: Entry, raw: bytes) -> File:
    content = redrawn(raw)
    return File.objects.create(
        entry=entry, content=content, kind="image/jpeg", sha256=hashlib.sha256(content).hexdigest()
    )
