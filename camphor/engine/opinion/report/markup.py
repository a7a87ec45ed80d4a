"""Markup that is built and never pasted together: every text is escaped, whoever wrote it."""

from __future__ import annotations

from html import escape


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def tag(name: str, /, *inside: str, **attributes: str | float | None) -> Html:
    """An element; `class_` and `aria_label` are written class and aria-label, what is None is left out."""
    told = "".join(
        f' {_name(key)}="{_attribute(value)}"' for key, value in attributes.items() if value is not None
    )
    return Html(f"<{name}{told}>{join(*inside)}</{name}>")


def void(name: str, /, **attributes: str | float | None) -> Html:
    """An element of HTML that has no inside and no end."""
    return Html(str(tag(name, **attributes)).removesuffix(f"</{name}>"))


def join(*parts: str) -> Html:
    """One after another; what is no markup is escaped."""
    return Html("".join(part if isinstance(part, Html) else _text(part) for part in parts))


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _attribute(value: str | float) -> str:
    return _text(value) if isinstance(value, str) else f"{value:.6g}"


def _text(text: str) -> str:
    """Escaped, and without the control characters that no HTML may hold."""
    return escape("".join(c for c in text if c >= " " or c in "\t\n\r"))
