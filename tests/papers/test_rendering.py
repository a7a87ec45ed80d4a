"""The Word papers as LibreOffice lays them out: margins, lines a page, letters a line, and faces."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections import defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader

from camphor.bodies.actions import set_rule
from camphor.bodies.models import Term
from camphor.papers.bulletin import bulletin
from camphor.papers.letter import Letter, word
from camphor.papers.proposal_form import proposal_form
from camphor.papers.replies import reply_letter
from camphor.papers.volume import volume

from ..conftest import Cast
from ..house import House, again

OFFICE = shutil.which("soffice")
rendered = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not here to lay the papers out")
MM = 72 / 25.4
LONG = "协商民主是实践全过程人民民主的重要形式有事好商量众人的事情由众人商量" * 40
LETTER = Letter(
    sender="余杭区政协", number="余杭协商建议〔2026〕1号", title="关于加装电梯的函", recipient="区住建局",
    paragraphs=(LONG,), items=(), closing=(), signed_on=date(2026, 11, 23),
)  # fmt: skip


def pdf(content: bytes, folder: Path) -> PdfReader:
    assert OFFICE
    (folder / "paper.docx").write_bytes(content)
    home = f"-env:UserInstallation=file://{folder}/profile"
    command = [
        OFFICE,
        home,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
        str(folder / "paper.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return PdfReader(io.BytesIO((folder / "paper.pdf").read_bytes()))


def lines(page: Any) -> dict[float, list[tuple[float, str, float]]]:
    """Where each piece of text stands: by its base line, from the left edge, in points."""
    found: dict[float, list[tuple[float, str, float]]] = defaultdict(list)

    def visit(text: str, matrix: list[float], inner: list[float], font: Any, size: float) -> None:
        if text.strip():
            x = inner[4] * matrix[0] + matrix[4]
            y = inner[5] * matrix[3] + matrix[5]
            found[round(y, 0)].append((x, text.strip("\n"), size))

    page.extract_text(visitor_text=visit)
    return found


@rendered
def test_a_page_has_22_lines_of_28_letters_within_the_margins(tmp_path: Path) -> None:
    reader = pdf(word(LETTER), tmp_path)
    page = reader.pages[1]
    assert [round(float(side) / MM) for side in (page.mediabox.width, page.mediabox.height)] == [210, 297]
    body = {y: parts for y, parts in lines(page).items() if 35 * MM < y < 260 * MM}
    assert len(body) == 22
    assert {len("".join(text for _x, text, _size in parts)) for parts in body.values()} == {28}
    left = min(x for parts in body.values() for x, _text, _size in parts)
    assert abs(left / MM - 28) < 0.5
    assert 297 - 37 - 29 / MM < max(body) / MM < 297 - 37 and 35 < min(body) / MM < 35 + 29 / MM


@rendered
def test_the_number_stands_below_the_text_on_all_pages_but_the_first_of_a_letter(tmp_path: Path) -> None:
    first, second, *_others = pdf(word(LETTER), tmp_path).pages
    assert "—" not in first.extract_text().splitlines()[-1]
    (low,) = [y for y in lines(second) if y < 35 * MM]
    assert 25 < low / MM < 30


@rendered
def test_the_lower_red_line_lies_20_millimetres_above_the_edge(tmp_path: Path) -> None:
    pdf(word(replace(LETTER, paragraphs=("短",))), tmp_path)
    subprocess.run(
        ["pdftoppm", "-r", "254", "-png", "-f", "1", "-l", "1", tmp_path / "paper.pdf", tmp_path / "page"],
        check=True,
    )  # ten dots a millimetre
    from PIL import Image

    picture = Image.open(next(tmp_path.glob("page*.png"))).convert("RGB")
    middle = picture.width // 2
    red = [y for y in range(picture.height // 2, picture.height) if _is_red(picture.getpixel((middle, y)))]
    assert red and all(abs((picture.height - y) / 10 - 20) < 1.5 for y in red)
    row = [x for x in range(picture.width) if _is_red(picture.getpixel((x, red[0])))]
    assert abs((row[-1] - row[0]) / 10 - 170) < 2


def _is_red(dot: Any) -> bool:
    return bool(dot[0] > 180 and dot[1] < 120 and dot[2] < 120)


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


def text_of(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(line.text for line in document.paragraphs), *cells])


def answered(house: House) -> Any:
    handed = house.handed(house.filed(), mode="sole", assisting=[])
    lead = house.lead(handed)
    house.do(lead, "receive", house.cast.bo)
    house.draft_answer(handed)
    house.do(house.lead(handed), "sign", house.cast.bo, signed_by="局长", letter_number="杭建提〔2026〕7号")
    return again(handed)


def test_an_answer_goes_item_by_item_with_its_grade_and_promises(house: House) -> None:
    handed = answered(house)
    draft = reply_letter(house.lead(handed), handed, None, on=house.on)
    assert draft.title.endswith("（征求意见稿）")
    house.do(house.lead(handed), "send", house.qing, checked_grade="B", remark="")
    sent = again(handed).letters.get()
    letter = reply_letter(house.lead(handed), again(handed), sent, on=house.on)
    said = text_of(word(letter))
    assert letter.mark == "办理结果：B" and letter.number == "杭建提〔2026〕7号"
    assert "一、公布夜间停车的共享车位" in said and "已公布 320 个共享车位" in said
    assert "办理结果：A：已解决" in said or "办理结果：A" in said
    assert "承诺事项：完成标线施划，于" in said and "第0001号" not in letter.recipient
    assert letter.recipient == "Yun委员" and letter.copies_to == ("余杭区政协",)


def test_the_form_of_a_proposal_tells_its_head_body_and_handling(house: House) -> None:
    handed = answered(house)
    said = text_of(proposal_form(handed))
    for wanted in ("第12-2-0001号", "委员个人提案", "走访六个小区", "夜间停车难", handed.title, "独办"):
        assert wanted in said, wanted


def test_the_form_tells_each_part_and_a_ground_of_the_bodys_own(house: House) -> None:
    own: dict[str, object] = {"name": "two_matters", "label": "一案多事"}
    set_rule(house.cast.district, "refusals", own, since=house.on)
    refused = house.do(house.draft(), "submit", house.yun)
    house.do(refused, "pass", house.qing, category="city", remark="")
    refused = house.do(refused, "refuse", house.qing, refusal="two_matters", reason_text="停车与绿化请分开提")
    assert "一案多事：停车与绿化请分开提" in text_of(proposal_form(refused))
    handed = house.handed(house.filed())
    house.do(house.lead(handed), "receive", house.cast.bo)
    talk = {"phase": "before", "way": "phone", "held_on": house.on, "people": "云岫", "text": "说明思路"}
    house.do(house.lead(handed), "contact", house.cast.bo, **talk)
    said = text_of(proposal_form(again(handed)))
    assert "（主办）" in said and "（会办）" in said and "办前沟通、电话" in said


def sent(house: House, text: str) -> Any:
    report = house.begin("opinion", "draft", house.yun, title="电动车充电难", text=text,
                         category="city", is_urgent=False, facts={"suggestion": "按比例配建。"})  # fmt: skip
    for move, by, given in (
        ("submit", house.yun, {}), ("take", house.qing, {}), ("proof", house.qing, {}),
        ("sign", house.qing, {"signed_by": "主任"}),
        ("dispatch", house.qing, {"destination": "province", "to_whom": "", "held_on": house.on}),
    ):  # fmt: skip
        report = house.do(report, move, by, **given)
    return report


def test_a_bulletin_bears_its_issue_and_its_destinations(house: House) -> None:
    report = sent(house, "园区飞线充电。")
    said = text_of(bulletin(report))
    for wanted in (
        "内部资料",
        "社情民意信息",
        report.number,
        "园区飞线充电。",
        "意见建议",
        "按比例配建。",
        "报送：",
    ):
        assert wanted in said, wanted


@rendered
def test_the_volume_of_a_session_lists_its_proposals_with_their_pages(house: House, tmp_path: Path) -> None:
    made = [house.filed(f"关于第{n}件事的提案") for n in range(1, 4)]
    term = Term.objects.get()
    pages = [page.extract_text() for page in pdf(volume(term, made), tmp_path).pages]
    contents = squeezed(pages[1])
    for n, one in enumerate(made, start=1):
        assert f"{one.number}{one.title}（Yun）" in contents
        assert one.title in squeezed(pages[n + 1])
        assert f"第{n}件事的提案（Yun）{n + 2}" in contents.replace(".", "")


def pieces(page: Any) -> dict[float, list[tuple[float, str, float]]]:
    """The lines of a page within its text block, from the upper one to the lower one."""
    return {y: parts for y, parts in sorted(lines(page).items(), reverse=True) if 33 * MM < y < 262 * MM}


@rendered
def test_a_full_page_of_a_bulletin_and_of_a_volume_has_22_lines_of_28_letters(
    house: House, tmp_path: Path
) -> None:
    collected = volume(Term.objects.get(), [filed_with(house, LONG)])
    for content, place in ((bulletin(sent(house, LONG[:1400])), 1), (collected, 3)):
        page = pdf(content, tmp_path).pages[place]
        assert [round(float(side) / MM) for side in (page.mediabox.width, page.mediabox.height)] == [210, 297]
        body = pieces(page)
        assert len(body) == 22
        assert {len("".join(text for _x, text, _size in parts)) for parts in body.values()} == {28}
        assert abs(min(x for parts in body.values() for x, _text, _size in parts) / MM - 28) < 0.5
        assert 297 - 37 - 29 / MM < max(body) / MM < 297 - 37 and 35 < min(body) / MM < 35 + 29 / MM


@rendered
def test_a_form_keeps_its_table_within_the_text_block_on_every_page(house: House, tmp_path: Path) -> None:
    pages = pdf(proposal_form(filed_with(house, LONG)), tmp_path).pages
    assert len(pages) > 1
    subprocess.run(["pdftoppm", "-r", "127", "-png", tmp_path / "paper.pdf", tmp_path / "form"], check=True)
    from PIL import Image

    for shot in sorted(tmp_path.glob("form*.png")):
        picture = Image.open(shot).convert("L")  # five dots a millimetre
        dark = picture.point(lambda dot: 255 if dot < 128 else 0)
        left, _top, right, _bottom = (side / 5 for side in dark.getbbox() or ())
        assert abs(left - 28) < 1 and abs(right - 184) < 1, (shot.name, left, right)
        _left, top, _right, bottom = (side / 5 for side in dark.crop((0, 0, 1050, 1320)).getbbox() or ())
        assert top > 36.5 and bottom < 297 - 34.5, (shot.name, top, bottom)


def filed_with(house: House, text: str) -> Any:
    proposal = house.do(house.draft(text=text), "submit", house.yun)
    house.do(proposal, "pass", house.qing, category="city", remark="")
    return house.do(proposal, "file", house.qing)


def squeezed(text: str) -> str:
    return "".join(text.split())
