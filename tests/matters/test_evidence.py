"""Pictures handed in as evidence."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from camphor.matters.evidence import LONGEST_SIDE, MOST_BYTES, NotAPicture, NotAScan, redrawn, scanned, waited


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


PLAIN_PDF = b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def test_a_scan_may_be_a_picture_or_a_pdf_whatever_it_is_called() -> None:
    paper = scanned(PLAIN_PDF)
    assert (paper, paper.kind) == (PLAIN_PDF, "application/pdf")
    sheet = scanned(picture(30, 40, "PNG"))
    assert sheet.kind == "image/jpeg" and sheet.startswith(b"\xff\xd8")


def test_what_was_drawn_or_looked_through_here_is_kept_as_it_is() -> None:
    drawn, paper = redrawn(picture(30, 40, "PNG")), scanned(PLAIN_PDF)
    assert redrawn(drawn) is drawn and scanned(drawn) is drawn
    assert scanned(paper) is paper
    again = waited(bytes(drawn))
    assert redrawn(again) is again and waited(bytes(paper)).kind == "application/pdf"


def test_bytes_that_were_not_drawn_here_are_drawn_whoever_hands_them_in() -> None:
    exif = Image.Exif()
    exif[0x010E] = "where it was taken"
    raw = picture(30, 40, "JPEG", exif=exif)
    assert redrawn(raw) != raw and scanned(raw) != raw


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n" + PLAIN_PDF,
        PLAIN_PDF[:40],
        PLAIN_PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript /JS (x) >>"),
        PLAIN_PDF.replace(b"/Catalog", b"/Catalog /Names << /EmbeddedFiles 2 0 R >>"),
        PLAIN_PDF[:20] + b"x" * MOST_BYTES + PLAIN_PDF[20:],
        b"<html><script>alert(1)</script>%PDF-1.4 %%EOF",
    ],
    ids=["nothing", "not at the start", "cut off", "a script", "a file within", "too large", "markup"],
)
def test_a_scan_that_is_no_plain_pdf_is_refused(raw: bytes) -> None:
    with pytest.raises(NotAScan):
        scanned(raw)
