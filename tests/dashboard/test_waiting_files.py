"""A file that was chosen in a form that comes back with an error waits for its uploader alone."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from camphor.matters.models import Matter, Rating
from camphor.trail import shelf
from camphor.trail.models import File, WaitingFile

from ..conftest import Cast, person, signed_in
from ..house import House, again, picture

KEY = re.compile(r'name="scan-kept" value="([^"]+)" checked')


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


@pytest.fixture
def answered(house: House) -> Matter:
    return house.answered(house.filed())


def address(matter: Matter, move: str = "rate_on_paper") -> str:
    return reverse("desk_move", args=["proposals", matter.pk, move])


def rating(house: House, **more: Any) -> dict[str, Any]:
    """What a clerk enters, but for the scan; «handling» is what she forgot."""
    assert house.yun.person
    return {"proposer": house.yun.person.pk, "score": "satisfied", "remark": "", **more}


def scan(name: str = "评价表.png", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or picture(), "image/png")


def key_in(response: Any) -> str:
    found = KEY.search(response.content.decode())
    return found[1] if found else ""


def forgotten(house: House, answered: Matter, **more: Any) -> str:
    """She forgot a field: the form comes back, with the key to the file that she had chosen."""
    back = signed_in(house.qing).post(address(answered), rating(house, scan=scan(), **more))
    assert back.status_code == 422
    return key_in(back)


def test_the_file_is_named_in_the_form_that_comes_back_and_goes_along_the_next_time(
    house: House, answered: Matter
) -> None:
    qing = signed_in(house.qing)
    back = qing.post(address(answered), rating(house, scan=scan()))
    assert "评价表.png" in back.content.decode() and "已暂存" in back.content.decode()
    assert not File.objects.exists() and not Rating.objects.exists()
    sent = qing.post(address(answered), rating(house, handling="satisfied", **{"scan-kept": key_in(back)}))
    assert sent.status_code == 302 and again(answered).state == "closed"
    kept = Rating.objects.get().scan
    assert kept and kept.kind == "image/jpeg"
    assert not WaitingFile.objects.exists()  # what has arrived waits no longer


def test_a_form_that_comes_back_twice_keeps_one_file(house: House, answered: Matter) -> None:
    qing, first = signed_in(house.qing), forgotten(house, answered)
    again_back = qing.post(address(answered), rating(house, **{"scan-kept": first}))
    second = key_in(again_back)
    assert second and WaitingFile.objects.count() == 1
    sent = qing.post(address(answered), rating(house, handling="mostly", **{"scan-kept": second}))
    assert sent.status_code == 302


def test_another_file_that_is_chosen_takes_the_place_of_the_kept_one(house: House, answered: Matter) -> None:
    red = io.BytesIO()
    Image.new("RGB", (60, 60), "red").save(red, "PNG")
    given = rating(house, handling="mostly", **{"scan-kept": forgotten(house, answered)})
    sent = signed_in(house.qing).post(address(answered), given | {"scan": scan("红.png", red.getvalue())})
    assert sent.status_code == 302
    with Image.open(io.BytesIO(bytes(File.objects.get().content))) as stored:
        assert stored.size == (60, 60)
    assert not WaitingFile.objects.exists()


def test_a_file_that_may_not_come_in_does_not_push_out_the_kept_one(house: House, answered: Matter) -> None:
    given = rating(house, handling="mostly", **{"scan-kept": forgotten(house, answered)})
    bad = signed_in(house.qing).post(address(answered), given | {"scan": scan("a.pdf", b"%PDF-1.4")})
    assert bad.status_code == 422 and key_in(bad) and "评价表.png" in bad.content.decode()
    sent = signed_in(house.qing).post(address(answered), given | {"scan-kept": key_in(bad)})
    assert sent.status_code == 302


def test_whoever_unticks_it_is_asked_for_a_file(house: House, answered: Matter) -> None:
    forgotten(house, answered)
    back = signed_in(house.qing).post(address(answered), rating(house, handling="mostly"))
    assert back.status_code == 422 and "请选择文件" in back.content.decode()


def test_nobody_else_can_send_a_kept_file_and_it_fits_no_other_form(house: House, answered: Matter) -> None:
    key, other = forgotten(house, answered), house.answered(house.filed("另一件", by=house.an))
    given = rating(house, handling="mostly", **{"scan-kept": key})
    colleague = signed_in(person("lan", house.cast.district, "clerk"))
    stolen = colleague.post(address(answered), given)
    assert stolen.status_code == 422 and "暂存的文件已失效" in stolen.content.decode()
    assert house.an.person
    moved = signed_in(house.qing).post(address(other), given | {"proposer": house.an.person.pk})
    assert moved.status_code == 422 and "暂存的文件已失效" in moved.content.decode()
    made_up = signed_in(house.qing).post(address(answered), given | {"scan-kept": "0" * 43})
    assert made_up.status_code == 422 and not File.objects.exists()


def test_what_is_kept_can_be_read_by_nobody_who_has_the_database_alone(
    house: House, answered: Matter
) -> None:
    key = forgotten(house, answered)
    row = WaitingFile.objects.get()
    stored = bytes(row.content)
    assert b"JFIF" not in stored and "评价表".encode() not in stored and key not in row.digest


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", b"%PDF-1.4 /JavaScript %%EOF"), ("a.png", b"no picture"), ("a.exe", b"MZ\x90\x00")],
)
def test_a_file_that_may_not_come_in_is_not_kept_either(
    house: House, answered: Matter, name: str, content: bytes
) -> None:
    back = signed_in(house.qing).post(address(answered), rating(house, scan=scan(name, content)))
    assert back.status_code == 422 and not key_in(back)
    assert not WaitingFile.objects.exists()


def test_a_picture_is_kept_without_the_place_in_it(house: House, answered: Matter) -> None:
    located = Image.new("RGB", (50, 50))
    place = located.getexif()
    place[0x010E] = "30.27,119.97"
    out = io.BytesIO()
    located.save(out, "JPEG", exif=place)
    back = signed_in(house.qing).post(address(answered), rating(house, scan=scan("现场.jpg", out.getvalue())))
    assert house.qing.person
    what = f"Matter:{answered.pk}:rate_on_paper:scan"
    kept = shelf.PersonalShelf(house.qing.person, what, timezone.now()).find(key_in(back))
    assert kept and b"30.27" not in kept.content


def test_a_file_waits_for_two_hours_and_is_then_cleared_away(
    house: House, answered: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = forgotten(house, answered)
    WaitingFile.objects.update(kept_at=timezone.now() - shelf.KEPT_FOR - timedelta(seconds=1))
    late = signed_in(house.qing).post(
        address(answered), rating(house, handling="mostly", **{"scan-kept": key})
    )
    assert late.status_code == 422 and "暂存的文件已失效" in late.content.decode()
    call_command("notify")
    assert not WaitingFile.objects.exists()


def test_what_waited_too_long_goes_when_the_next_file_comes(house: House, answered: Matter) -> None:
    forgotten(house, answered)
    WaitingFile.objects.update(kept_at=timezone.now() - timedelta(days=1))
    forgotten(house, answered)
    assert WaitingFile.objects.count() == 1


def test_few_files_wait_for_one_person(house: House, answered: Matter) -> None:
    keys = [forgotten(house, answered) for _tab in range(shelf.MOST + 2)]
    assert WaitingFile.objects.count() == shelf.MOST
    given = rating(house, handling="mostly")
    assert signed_in(house.qing).post(address(answered), given | {"scan-kept": keys[0]}).status_code == 422
    assert signed_in(house.qing).post(address(answered), given | {"scan-kept": keys[-1]}).status_code == 302


def test_a_form_that_begins_something_keeps_its_scan_as_well(house: House) -> None:
    begin = reverse("desk_begin", args=["proposals"])
    assert house.an.person
    given = {
        "on_behalf_of": house.an.person.pk, "form": "member", "title": "纸质提案", "items": "建议",
        "category": "city", "ticket": "t1",
    }  # fmt: skip
    qing = signed_in(house.qing)
    back = qing.post(begin, given | {"scan": scan()})
    assert back.status_code == 422 and key_in(back)
    sent = qing.post(begin, given | {"text": "情况", "scan-kept": key_in(back)})
    assert sent.status_code == 302 and File.objects.count() == 1


def test_a_form_that_was_overtaken_keeps_its_file_too(house: House, answered: Matter) -> None:
    given = rating(house, handling="mostly", version=answered.version - 1)
    back = signed_in(house.qing).post(address(answered), given | {"scan": scan()})
    assert back.status_code == 409 and key_in(back)
    now = given | {"version": answered.version, "scan-kept": key_in(back)}
    assert signed_in(house.qing).post(address(answered), now).status_code == 302


def test_who_had_to_sign_in_again_finds_in_his_browser_what_he_had_typed(house: House) -> None:
    """A message of success would tell the page that it has arrived, and the browser would forget it."""
    assert house.yun.person
    house.yun.person.set_password("a-long-password-1")
    house.yun.person.save()
    client, form = Client(), reverse("desk_begin", args=["opinions"])
    sent = client.post(form, {"title": "周末没有助餐", "text": "老人吃饭难"})
    entered = {"login": house.yun.person.username, "password": "a-long-password-1"}
    back = client.post(sent["Location"], entered, follow=True)
    shown = back.content.decode()
    assert back.redirect_chain[-1][0] == form and "notice--success" not in shown
    assert re.search(r'<input[^>]*name="title"[^>]*data-keep', shown)
    assert re.search(r'<textarea[^>]*name="text"[^>]*data-keep', shown)
