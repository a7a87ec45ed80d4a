"""The command `camphor`: the same as `manage.py`, for an installed package."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run a command; `import-polis` may be written as Django's `import_polis`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "camphor.site.settings")
    words = sys.argv[:1] + [word.replace("-", "_") for word in sys.argv[1:2]] + sys.argv[2:]
    execute_from_command_line(words if not sys.argv[1:2] or sys.argv[1][:1] != "-" else sys.argv)
