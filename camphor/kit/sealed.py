"""A text that is kept encrypted: whoever reads the database or a backup of it does not read the text."""

from __future__ import annotations

import base64
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models


def _seal() -> MultiFernet:
    """Sealed by the site's secret; what an earlier secret has sealed is still opened."""
    return MultiFernet([_of(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def is_fresh(sealed: str) -> bool:
    """The present secret sealed it, and no earlier one."""
    try:
        _of(settings.SECRET_KEY).decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True


def opened(sealed: str) -> str:
    """The text; empty where no secret that is known opens it."""
    try:
        return _seal().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return ""


def _of(secret: str | bytes) -> Fernet:
    key = HKDF(SHA256(), length=32, salt=None, info=b"camphor sealed text").derive(
        secret if isinstance(secret, bytes) else secret.encode()
    )
    return Fernet(base64.urlsafe_b64encode(key))


class SealedField(models.TextField):  # type: ignore[type-arg]
    """A text sealed with the site's secret; empty where the secret that sealed it is gone. Not searchable."""

    def get_prep_value(self, value: Any) -> Any:
        return _seal().encrypt(str(value).encode()).decode() if value else ""

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str:
        return opened(value) if value else ""
