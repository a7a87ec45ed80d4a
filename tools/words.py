"""Collects the texts marked for translation and keeps the catalogues: needs Babel, and no GNU gettext.

Run it plainly to bring camphor/locale up to date, with --check to see whether it is and whether every text
has its Chinese, with --merge FILE.json … to take translations in: {"English": "中文", "one|||many": "中文"}.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "camphor" / "locale"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(("_", "mark", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("pair", "ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
"""The functions that mark a text, and which of their arguments are texts; None is the first alone."""
TEMPLATES = (".html", ".svg", ".txt", ".xml")
PLURALS = {"en": "nplurals=2; plural=(n != 1);", "zh_Hans": "nplurals=1; plural=0;"}
"""The languages, and how each tells one from many."""
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
BETWEEN_PLURALS = "|||"
BEFORE_CONTEXT = "\x04"
"""Stands between a context and its text in a JSON key, as gettext itself has it."""

Text = str | tuple[str, str]
"""A text, or the text for one and the text for many."""
Key = tuple[Text, str | None]
"""A text and its context: what makes an entry the one it is."""


class Words(Catalog):
    """A catalogue whose header says nothing that differs between two runs."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        language = str(self.locale)
        return [
            ("Project-Id-Version", "Camphor"),
            ("Language", language),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=UTF-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", PLURALS[language]),
        ]


# Collecting


def collect() -> list[Key]:
    """Every marked text of the package with its context, sorted, once each."""
    found: dict[Key, None] = {}
    for path in sorted((ROOT / "camphor").rglob("*")):
        if path.is_file():
            found.update(dict.fromkeys(marked_in(path)))
    counted = {(text[0], context) for text, context in found if not isinstance(text, str)}
    # A text that is also the singular of a pair is the same entry, and found through the pair.
    return sorted(found.keys() - counted, key=lambda key: (first(key[0]), key[1] or ""))


def marked_in(path: Path) -> Iterator[Key]:
    """The texts marked in a file of code or in a template; nothing in any other file."""
    if path.suffix == ".py":
        yield from marked(path.read_text())
    elif path.suffix in TEMPLATES and "templates" in path.parts:
        calls = templatize(path.read_text(), origin=str(path.relative_to(ROOT)))
        # What stands between the calls is no code: without indents it can be read as if it were.
        yield from marked("\n".join(line.lstrip() for line in calls.splitlines()))


def marked(code: str) -> Iterator[Key]:
    """The texts that the code hands to one of the marking functions."""
    for _line, text, _comments, context in extract("python", io.BytesIO(code.encode()), KEYWORDS):
        one_or_pair: Text = (text[0], text[1]) if isinstance(text, tuple) else text
        if first(one_or_pair):
            yield one_or_pair, context


def first(text: str | Sequence[str]) -> str:
    return text if isinstance(text, str) else text[0]


# Catalogues


def path_of(language: str, ending: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"django.{ending}"


def stored(language: str) -> Catalog:
    """The catalogue as it lies in the repository; an empty one before the first run."""
    path = path_of(language, "po")
    if not path.exists():
        return Words(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def renewed(language: str, texts: list[Key], *, prune: bool = False) -> Words:
    """The catalogue of the texts with the translations it has; texts that are gone come last, as obsolete."""
    old, new = stored(language), Words(locale=language)
    known = {(entry.id, entry.context): entry for entry in [*old.obsolete.values(), *old] if entry.id}
    for text, context in texts:
        entry = known.pop((text, context), None)
        string = entry.string if entry and any(strings(entry)) else untranslated(language, text)
        flags = {"fuzzy"} & (entry.flags if entry else set())
        new.add(text, string, context=context, flags=flags)
    for (_, context), entry in () if prune else known.items():
        if any(strings(entry)):
            new.obsolete[new._key_for(entry.id, context)] = entry.clone()
    return new


def untranslated(language: str, text: Text) -> Text | tuple[str]:
    """What stands where no translation was given: the text itself in English, nothing in Chinese."""
    if language == "en":
        return text
    return "" if isinstance(text, str) else ("",)


def strings(entry: Message) -> tuple[str, ...]:
    """The translations of an entry, one for each plural form."""
    return (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())


def rendered(catalog: Words) -> dict[str, bytes]:
    """The catalogue as the two files that are kept, by their endings."""
    source, compiled = io.BytesIO(), io.BytesIO()
    header = "".join(f'"{name}: {value}\\n"\n' for name, value in catalog.mime_headers)
    source.write(f'msgid ""\nmsgstr ""\n{header}\n'.encode())
    write_po(source, catalog, width=0, no_location=True, omit_header=True)
    write_mo(compiled, catalog)
    return {"po": source.getvalue(), "mo": compiled.getvalue()}


def write(*, prune: bool = False) -> None:
    """Bring the catalogues of all languages to the texts of the package."""
    texts = collect()
    for language in PLURALS:
        for ending, content in rendered(renewed(language, texts, prune=prune)).items():
            path = path_of(language, ending)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


# Checking


def faults() -> list[str]:
    """What is wrong with the catalogues, a sentence each; none where all is well."""
    texts = collect()
    found = []
    for language in PLURALS:
        catalog = renewed(language, texts)
        for ending, content in rendered(catalog).items():
            path = path_of(language, ending)
            if not path.exists() or path.read_bytes() != content:
                found.append(f"{path.relative_to(ROOT)} is not current: run `python3 x.py words`")
        for entry in catalog:
            found += [f"{language}: {fault}: {first(entry.id)!r}" for fault in faults_in(entry) if entry.id]
    return found


def faults_in(entry: Message) -> list[str]:
    """What is wrong with one translation."""
    if not all(strings(entry)):
        return ["not translated"]
    found = ["marked as uncertain"] if entry.fuzzy else []
    many = entry.id if isinstance(entry.id, str) else entry.id[-1]
    wanted = placeholders(many)
    # "One reply" need not name its number; what is said of many must.
    for text in strings(entry)[-1:]:
        if placeholders(text) != wanted:
            found.append(f"placeholders are {placeholders(text)}, not {wanted}")
    return found


def placeholders(text: str) -> list[str]:
    """What the text leaves open, sorted; a doubled percent sign or brace is no placeholder."""
    return sorted(PLACEHOLDER.findall(text.replace("%%", "").replace("{{", "").replace("}}", "")))


# Taking translations in


def merge(files: list[Path]) -> list[str]:
    """Write the Chinese of the files into the catalogue; what could not be taken, a sentence each."""
    catalog, notes = renewed("zh_Hans", collect()), []
    for file in files:
        for key, chinese in json.loads(file.read_text()).items():
            text, context = parsed(key)
            entry = catalog.get(text, context)
            if entry is None or entry.id != text:
                notes.append(f"{file.name}: no such text in the package: {key!r}")
                continue
            if any(strings(entry)) and strings(entry)[0] != chinese:
                notes.append(f"{file.name}: {key!r} was {strings(entry)[0]!r} and is now {chinese!r}")
            entry.string = chinese if isinstance(text, str) else (chinese,)
            entry.flags.discard("fuzzy")
    path = path_of("zh_Hans", "po")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(rendered(catalog)["po"])
    return notes


def parsed(key: str) -> Key:
    """The text and the context that a key of a JSON file names."""
    context, _, rest = key.rpartition(BEFORE_CONTEXT)
    one, divider, many = rest.partition(BETWEEN_PLURALS)
    return ((one, many) if divider else one), context or None


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--check", action="store_true", help="change nothing, and fail where something is wrong"
    )
    parser.add_argument(
        "--merge", nargs="+", type=Path, default=[], metavar="FILE.json", help="take Chinese in"
    )
    parser.add_argument("--prune", action="store_true", help="forget the translations of texts that are gone")
    chosen = parser.parse_args(arguments)
    if chosen.check:
        found = faults()
        print("\n".join([*found, f"{len(found)} faults in the catalogues"]))
        return int(bool(found))
    if chosen.merge:
        print(*merge(chosen.merge), sep="\n")
    write(prune=chosen.prune)
    missing = [entry for entry in stored("zh_Hans") if entry.id and not any(strings(entry))]
    print(f"{len(collect())} texts, {len(missing)} of them without Chinese")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
