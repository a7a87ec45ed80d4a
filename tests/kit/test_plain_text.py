"""Text pasted from Word: its paragraphs stay, and nothing else of its looks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camphor.kit.plain_text import PlainTextField, plain, without_number
from camphor.kit.words import LinesField


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("第一段\r\n第二段\r第三段", "第一段\n第二段\n第三段"),
        ("软回车\u000b下一行\u2028又一行", "软回车\n下一行\n又一行"),
        ("上页\u000c下页", "上页\n下页"),
        ("　　首行缩进　\n\t制表缩进", "首行缩进\n制表缩进"),
        ("张三　李四", "张三　李四"),
        ("甲\u00a0乙\u001e丙\u00ad丁", "甲 乙-丙丁"),
        ("\uf0b7\t第一点\n•　第二点\n·\t第三点", "第一点\n第二点\n第三点"),
        ("图\ufffc片\u0001\u0013", "图片"),
        ("单元格一\u0007单元格二", "单元格一\t单元格二"),
        ("1.\t编号保留", "1.\t编号保留"),
        ("一\n\n\n\n二", "一\n\n二"),
    ],
)
def test_what_word_pastes_keeps_its_paragraphs_alone(pasted: str, kept: str) -> None:
    assert plain(pasted) == kept
    assert PlainTextField().clean(pasted) == kept


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("1. 公布清单", "公布清单"),
        ("2．公布清单", "公布清单"),
        ("３、公布清单", "３、公布清单"),
        ("3、公布清单", "公布清单"),
        ("（四）公布清单", "公布清单"),
        ("十二、公布清单", "公布清单"),
        ("⑤公布清单", "公布清单"),
        ("1.5米宽的通道", "1.5米宽的通道"),
        ("2025年完成", "2025年完成"),
        ("一是公布清单", "一是公布清单"),
        ("7、", "7、"),
    ],
)
def test_an_item_loses_the_number_of_its_list_and_nothing_else(line: str, kept: str) -> None:
    assert without_number(line) == kept


def test_a_pasted_list_becomes_one_item_a_line() -> None:
    pasted = "　　1.\t公布共享车位。\u000b　　2.\t划出消防通道。\r\n\r\n"
    assert LinesField(longest=500).clean(pasted) == ["公布共享车位。", "划出消防通道。"]


@given(st.text())
def test_no_text_keeps_control_characters_or_indents(text: str) -> None:
    lines = plain(text).split("\n")
    assert not any(ord(letter) < 32 and letter != "\t" for line in lines for letter in line)
    assert all(line == line.strip(" \t\u3000") for line in lines)
