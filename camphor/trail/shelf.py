"""Files of forms that came back with an error, kept for a while for whoever chose them.

What lies here can be read by nobody else, and by none of us: the key that opens a file stands in its
uploader's page alone, and what is stored of it cannot be turned back.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models

from camphor.kit.files import Kept
from camphor.people.actor import digest
from camphor.people.models import Person
from camphor.trail.models import WaitingFile

KEPT_FOR = timedelta(hours=2)
"""As long as the browser keeps the texts of the same form."""
MOST = 4
"""Files that wait for one person: several forms open at once; the oldest gives way."""
NONCE = 12
"""Bytes, by the standard of the cipher."""


@dataclass(frozen=True)
class PersonalShelf:
    """The files of one field in one form that wait for one person, as things are at a moment."""

    person: Person
    what: str
    at: datetime

    def keep(self, name: str, content: bytes, *, instead_of: str = "") -> str:
        """Keep it sealed by a new key, and tell that key. What has waited too long goes at the same time."""
        clear(at=self.at)
        self.drop(instead_of)
        key, nonce = secrets.token_urlsafe(32), os.urandom(NONCE)
        sealed = _cipher(key).encrypt(
            nonce, name.replace("\0", "").encode()[:300] + b"\0" + content, self._bound()
        )
        own = WaitingFile.objects.filter(person=self.person)
        oldest = own.order_by("-kept_at", "-pk").values("pk")[MOST - 1 :]
        own.filter(pk__in=[row["pk"] for row in oldest]).delete()
        WaitingFile.objects.create(
            person=self.person, digest=digest(key, of="file"), content=nonce + sealed, kept_at=self.at
        )
        return key

    def find(self, key: str) -> Kept | None:
        row = self._rows(key).filter(kept_at__gt=self.at - KEPT_FOR).first()
        if row is None:
            return None
        stored = bytes(row.content)
        try:
            plain = _cipher(key).decrypt(stored[:NONCE], stored[NONCE:], self._bound())
        except InvalidTag:  # of another field or another form
            return None
        name, _zero, content = plain.partition(b"\0")
        return Kept(key, name.decode(errors="replace"), content)

    def drop(self, key: str) -> None:
        if key:
            self._rows(key).delete()

    def _rows(self, key: str) -> models.QuerySet[WaitingFile]:
        return WaitingFile.objects.filter(person=self.person, digest=digest(key, of="file"))

    def _bound(self) -> bytes:
        return f"{self.person.pk}:{self.what}".encode()


def clear(*, at: datetime) -> int:
    """Delete what has waited too long: how many files that were."""
    return WaitingFile.objects.filter(kept_at__lte=at - KEPT_FOR).delete()[0]


def _cipher(key: str) -> AESGCM:
    return AESGCM(hashlib.sha256(key.encode()).digest())
