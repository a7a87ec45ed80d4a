"""The passphrase of sealed backups: from the environment or a file, as anybody can read a command's words."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "CAMPHOR_BACKUP_PASSPHRASE"
FILE = "CAMPHOR_BACKUP_PASSPHRASE_FILE"
SHORTEST = 12
"""Characters: a backup can be guessed at for years."""


class Unusable(Exception):
    """The passphrase cannot be read or is too short."""


def passphrase() -> str | None:
    """What the environment or the file it names says; none if neither is set."""
    said = os.environ.get(VARIABLE)
    if not said and (name := os.environ.get(FILE)):
        try:
            said = Path(name).read_text().strip()
        except OSError as fault:
            raise Unusable(f"{FILE}: {fault.strerror}") from fault
    if said is not None and len(said) < SHORTEST:
        raise Unusable(f"the passphrase must have at least {SHORTEST} characters")
    return said
