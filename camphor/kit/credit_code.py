"""The unified social credit code of an organisation, by GB 32100-2015: 18 characters, the last a check."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from camphor.kit.plain_text import PlainLineField

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Its digits and letters in the order of their values: I, O, S, V and Z are left out, being misread."""
WEIGHTS = tuple(pow(3, place, len(ALPHABET)) for place in range(LENGTH - 1))


def cleaned(typed: str) -> str:
    """The code as it is kept: capital letters, without spaces, whatever width its characters had."""
    return "".join(unicodedata.normalize("NFKC", typed).split()).upper()


def check_character(first: str) -> str:
    """The last character, reckoned from the 17 before it, all of which are in the alphabet."""
    total = sum(ALPHABET.index(one) * weight for one, weight in zip(first, WEIGHTS, strict=True))
    return ALPHABET[-total % len(ALPHABET)]


def check(code: str) -> None:
    """Say what is wrong with a cleaned code, the plainest fault first; raises ValidationError."""
    strange = "".join(dict.fromkeys(letter for letter in code if letter not in ALPHABET))
    if strange:
        said = _(
            "These characters do not occur in such a code: %(letters)s. It has digits, and capital letters "
            "other than I, O, S, V and Z."
        )
        raise ValidationError(said, "letters", {"letters": strange[:LENGTH]})
    if len(code) != LENGTH:
        said = _("A unified social credit code has 18 characters; these are %(n)s.")
        raise ValidationError(said, "length", {"n": len(code)})
    if code[-1] != check_character(code[:-1]):
        said = _("The last character does not fit the others. Please compare the code with the licence.")
        raise ValidationError(said, "check")


class CreditCodeField(PlainLineField):
    """A line in which such a code is written, or nothing where it is not required."""

    default_validators = [*PlainLineField.default_validators, check]

    def to_python(self, value: object) -> str:
        return cleaned(super().to_python(value))
