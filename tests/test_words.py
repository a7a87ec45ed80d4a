"""The catalogues: every text has its Chinese, and what it leaves open is left open in both."""

import json
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from tools import words


def test_every_text_has_its_chinese_and_the_catalogues_are_current() -> None:
    assert words.faults() == []


def test_texts_are_found_in_code_by_the_function_that_marks_them() -> None:
    code = (
        'mark("a")\n_("b" "c")\nngettext("%(n)s vote", "%(n)s votes", n)\npgettext("month", "May")\nget("d")'
    )
    found = [("a", None), ("bc", None), (("%(n)s vote", "%(n)s votes"), None), ("May", "month")]
    assert list(words.marked(code)) == found


def test_texts_are_found_in_a_template_whatever_stands_around_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "ROOT", tmp_path)
    page = tmp_path / "templates" / "page.html"
    page.parent.mkdir()
    page.write_text(
        '{% load i18n %}\n   <p title=\'it"s\'>{% translate "Vote" %}</p>\n (\n'
        " {% blocktranslate trimmed count n=n %}{{ n }}\n vote"
        "{% plural %}{{ n }} votes{% endblocktranslate %}"
    )
    assert list(words.marked_in(page)) == [("Vote", None), (("%(n)s vote", "%(n)s votes"), None)]


@pytest.mark.parametrize(
    ("english", "chinese", "fault"),
    [
        ("Answer by %(day)s", "请于 %(day)s 前答复", []),
        ("Answer by %(day)s", "请尽快答复", ["placeholders are [], not ['%(day)s']"]),
        ("{who} asked", "{name}提出", ["placeholders are ['{name}'], not ['{who}']"]),
        ("100%% kept", "全部兑现", []),
        ("Kept", "", ["not translated"]),
        (("%(n)s vote", "%(n)s votes"), ("%(n)s 票",), []),
        (("One vote", "%(n)s votes"), ("一些票",), ["placeholders are [], not ['%(n)s']"]),
    ],
)
def test_a_translation_leaves_open_what_its_text_leaves_open(
    english: words.Text, chinese: str | tuple[str], fault: list[str]
) -> None:
    assert words.faults_in(Message(english, chinese)) == fault


def test_an_uncertain_translation_is_a_fault() -> None:
    assert words.faults_in(Message("Kept", "兑现", flags={"fuzzy"})) == ["marked as uncertain"]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of one file that marks one text and one pair, and its empty catalogues."""
    monkeypatch.setattr(words, "ROOT", tmp_path)
    monkeypatch.setattr(words, "LOCALE", tmp_path / "camphor" / "locale")
    code = tmp_path / "camphor" / "code.py"
    code.parent.mkdir()
    code.write_text('_("Kept")\nngettext("%(n)s vote", "%(n)s votes", n)\n')
    return code


def take(package: Path, chinese: dict[str, str]) -> int:
    """Merge the Chinese into the catalogue of the package, as from a file."""
    file = package.parent.parent / "chinese.json"
    file.write_text(json.dumps(chinese))
    return words.main(["--merge", str(file)])


def test_merged_translations_make_the_catalogue_good(package: Path) -> None:
    words.write()
    assert words.main(["--check"]) == 1
    assert take(package, {"Kept": "兑现", "%(n)s vote|||%(n)s votes": "%(n)s 票"}) == 0
    assert words.main(["--check"]) == 0


def test_a_text_that_comes_back_has_its_translation_again(package: Path) -> None:
    code = package.read_text()
    take(package, {"Kept": "兑现", "%(n)s vote|||%(n)s votes": "%(n)s 票"})
    package.write_text("")
    words.write()
    package.write_text(code)
    words.write()
    assert words.faults() == []


def test_a_text_added_to_the_code_makes_the_catalogue_stale(package: Path) -> None:
    take(package, {"Kept": "兑现", "%(n)s vote|||%(n)s votes": "%(n)s 票"})
    package.write_text(package.read_text() + '_("Refused")\n')
    assert any("is not current" in fault for fault in words.faults())
