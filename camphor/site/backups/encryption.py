"""A stream sealed with a passphrase: scrypt makes the key, AES-256-GCM seals piece after piece.

The pieces are numbered and the last is marked (the STREAM construction of Hoang, Reyhanitabar, Rogaway and
Vizár, 2015), so that pieces can be neither changed nor swapped nor cut off without being noticed.
"""

from __future__ import annotations

import io
import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"CAMPHOR SEALED 1\n"
SALT, PREFIX, TAG = 16, 7, 16
PIECE = 1 << 20
"""Bytes sealed at once: a backup never needs more memory than this twice."""
COST = 1 << 16
"""scrypt's n with r=8: 64 MB and a fifth of a second for each guess at the passphrase."""


class WrongPassphrase(Exception):
    """The passphrase is another one, or the file is damaged; the cipher can not tell which."""


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=COST, r=8, p=1).derive(passphrase.encode()))


class Sealer(io.RawIOBase):
    """A file to write to, whose content arrives sealed in another."""

    def __init__(self, target: BinaryIO, passphrase: str) -> None:
        salt, self._prefix = os.urandom(SALT), os.urandom(PREFIX)
        self._header = MAGIC + salt + self._prefix
        self._target, self._cipher = target, _cipher(passphrase, salt)
        self._waiting, self._number = bytearray(), 0
        target.write(self._header)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._waiting += data
        while len(self._waiting) > PIECE:  # one piece is always kept back: it might be the last
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(data)

    def _seal(self, piece: bytes, *, last: bool) -> None:
        nonce = _nonce(self._prefix, self._number, last=last)
        self._target.write(self._cipher.encrypt(nonce, piece, self._header))
        self._number += 1

    def finish(self) -> None:
        """Seal what is left, as the last piece."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()


class Opener(io.RawIOBase):
    """A file to read from, whose content lies sealed in another; raises WrongPassphrase."""

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        self._header = source.read(len(MAGIC) + SALT + PREFIX)
        self._prefix = self._header[-PREFIX:]
        self._source = source
        self._cipher = _cipher(passphrase, self._header[len(MAGIC) : len(MAGIC) + SALT])
        self._next = source.read(PIECE + TAG)
        self._opened, self._number = bytearray(), 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        if not self._opened and self._next:
            self._open()
        size = min(len(buffer), len(self._opened))
        buffer[:size] = self._opened[:size]
        del self._opened[:size]
        return size

    def _open(self) -> None:
        piece, self._next = self._next, self._source.read(PIECE + TAG)
        nonce = _nonce(self._prefix, self._number, last=not self._next)
        try:
            self._opened += self._cipher.decrypt(nonce, piece, self._header)
        except InvalidTag as wrong:
            raise WrongPassphrase from wrong
        self._number += 1


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


def is_sealed(source: BinaryIO) -> bool:
    """Whether the file begins as a sealed one; it is wound back."""
    begins = source.read(len(MAGIC)) == MAGIC
    source.seek(0)
    return begins
