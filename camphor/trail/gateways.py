"""The ways out of the house: one gateway for each channel, named in the settings by its class.

A gateway is a class with the three methods of `Gateway`, made without arguments; it reads its own settings
from the environment. E-mail, a console and a recording are here; for text messages, DingTalk or WeCom the
operator names a class of his own that calls his provider.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import ClassVar, Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.utils.module_loading import import_string

MOBILE = re.compile(r"\+?[0-9]{5,15}")
"""A mobile number as E.164 allows it, with or without the plus."""


@dataclass(frozen=True)
class Message:
    """What leaves the house: that something awaits, its number, where to read it. No name, no title."""

    subject: str
    text: str


class Refused(Exception):
    """The gateway will never take this message for this address: there is no use in trying again."""


class Gateway(Protocol):
    """A way to somebody outside."""

    def accepts(self, address: str) -> bool:
        """Whether this can be an address of the channel; asked when a person enters it."""
        ...

    def send(self, address: str, message: Message) -> None:
        """Hand the message over; `Refused` where that is final, anything else raised is tried again later."""
        ...

    def lacking(self) -> str:
        """What is not set up, in words for the operator; nothing where all is."""
        ...


class Email:
    """E-mail, by the mail server of Django's settings."""

    def accepts(self, address: str) -> bool:
        try:
            validate_email(address)
        except ValidationError:
            return False
        return True

    def send(self, address: str, message: Message) -> None:
        EmailMessage(message.subject, message.text, to=[address]).send()

    def lacking(self) -> str:
        return "" if settings.EMAIL_HOST else "CAMPHOR_EMAIL_HOST names no mail server"


class Console:
    """For a trial: what would be sent is written to the terminal, with the address masked."""

    def accepts(self, address: str) -> bool:
        return bool(address.strip())

    def send(self, address: str, message: Message) -> None:
        sys.stdout.write(f"to {address[:2]}…: {message.subject}\n{message.text}\n")

    def lacking(self) -> str:
        return ""


class Recording:
    """For tests: what was sent is kept in memory."""

    sent: ClassVar[list[tuple[str, Message]]] = []

    def accepts(self, address: str) -> bool:
        return bool(MOBILE.fullmatch(address))

    def send(self, address: str, message: Message) -> None:
        self.sent.append((address, message))

    def lacking(self) -> str:
        return ""


def gateways() -> dict[str, Gateway]:
    """The gateway of each channel that the settings name; a channel without one is not offered."""
    return {channel: import_string(path)() for channel, path in settings.GATEWAYS.items()}
