"""Pictures handed in as evidence."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from camphor.matters.evidence import LONGEST_SIDE, MOST_BYTES, NotAPicture, redrawn


def picture(width: int, height: int, kind: str, **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "green").save(out, kind, **more)
    return out.getvalue()


def test_a_picture_is_drawn_anew_smaller_and_without_metadata() -> None:
    exif = Image.Exif()
    exif[0x010E] = "where it was taken"
    found = Image.open(io.BytesIO(redrawn(picture(3000, 1000, "JPEG", exif=exif))))
    assert found.format == "JPEG"
    assert max(found.size) == LONGEST_SIDE
    assert not dict(found.getexif())


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<svg onload=alert(1)>",
        b"GIF89a" + b"\x00" * 40,
        picture(9, 9, "PNG")[:40],
        b"x" * (MOST_BYTES + 1),
    ],
    ids=["nothing", "markup", "another kind", "cut off", "too large"],
)
def test_what_is_no_picture_is_refused(raw: bytes) -> None:
    with pytest.raises(NotAPicture):
        redrawn(raw)


def test_a_picture_that_unpacks_into_gigabytes_is_refused() -> None:
    with pytest.raises(NotAPicture):
        redrawn(picture(30_000, 3_000, "PNG"))
