"""Chance that nobody can foresee, taken from the operating system in larger pieces.

To ask it for a few bytes means to give up the interpreter, and to wait for it behind all other threads.
"""

from __future__ import annotations

import os
import threading

PIECE = 4096
"""Bytes taken at once."""
_FRACTION = 2.0**-53

_guard = threading.Lock()
_piece, _used = b"", 0


def some(size: int) -> bytes:
    """So many bytes of chance, each of which is given out once."""
    global _piece, _used
    if size > PIECE:
        return os.urandom(size)
    with _guard:
        if _used + size > len(_piece):
            _piece, _used = os.urandom(PIECE), 0
        _used += size
        return _piece[_used - size : _used]


def digits(size: int) -> str:
    """So many bytes of chance, in hexadecimal digits."""
    return some(size).hex()


def word(length: int, allowed_chars: str) -> str:
    """So many letters, each as likely as any other, as Django's `get_random_string`; of 256 at the most."""
    mask = (1 << (len(allowed_chars) - 1).bit_length()) - 1
    found: list[str] = []
    while len(found) < length:
        drawn = (byte & mask for byte in some(2 * (length - len(found))))
        found += [allowed_chars[each] for each in drawn if each < len(allowed_chars)]
    return "".join(found[:length])


def fraction() -> float:
    """A number from 0 up to 1, which it does not reach."""
    return (int.from_bytes(some(7), "big") >> 3) * _FRACTION


def forget() -> None:
    """Give out nothing more of what is held; a new process must not give out what its parent does."""
    global _guard, _piece, _used
    _guard, _piece, _used = threading.Lock(), b"", 0


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=forget)
