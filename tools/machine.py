"""Which programs this machine has, and Debian's packages for those it lacks; standard library only."""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from tools import postgresql


def chromium() -> str | None:
    """The browser that the tests drive."""
    names = (os.environ.get("CAMPHOR_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, (shutil.which(name) for name in names if name)), None)


EQUIPMENT: dict[str, Callable[[], object]] = {
    "chromium": chromium,
    "fonts-noto-cjk": lambda: glob.glob("/usr/share/fonts/opentype/noto/NotoSansCJK-*"),
    "libatomic1": lambda: glob.glob("/usr/lib/*/libatomic.so.1"),  # Playwright's own node needs it
    "postgresql": postgresql.initdb,
}
"""The Debian packages that the whole test needs, and how to see that each is there."""


def equip() -> list[str]:
    """Install what the whole test needs; the packages that are missing all the same."""
    missing = _missing()
    if missing:
        install(*missing)
    return _missing()


def _missing() -> list[str]:
    return [package for package, found in EQUIPMENT.items() if not found()]


def install(*packages: str) -> bool:
    """Install Debian packages where this is Debian and we may; whether it was done."""
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not Path("/etc/debian_version").exists() or not shutil.which([*prefix, "apt-get"][0]):
        return False
    print(f"Installing {', '.join(packages)} …", flush=True)
    get = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    wanted = [*get, "install", "--yes", "--no-install-recommends", *packages]
    return _succeeds([*get, "update"]) and _succeeds(wanted)


def _succeeds(command: list[str]) -> bool:
    """Run the command, silent but for its complaints."""
    quiet = subprocess.DEVNULL
    return subprocess.run(command, stdin=quiet, stdout=quiet).returncode == 0
