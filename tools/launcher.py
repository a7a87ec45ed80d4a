"""The command `camphor` of a checkout, as an installed package has it; standard library only."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path


def offer(folder: Path, script: Path) -> None:
    """Lay the command into the folder; it hands its words to the verb `manage` of the script."""
    command = folder / "camphor"
    if folder.is_dir() and not command.exists():
        words = shlex.join([sys.executable, str(script), "manage"])
        command.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
        command.chmod(0o755)
