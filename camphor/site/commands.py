"""The command `camphor`: the same as `manage.py`, for an installed package, and maps of files."""

import os
import sys


def main() -> None:
    """Run a command; `import-polis` may be written as Django's `import_polis`."""
    if sys.argv[1:2] == ["map"]:
        # The map of a file needs no site: neither settings nor a secret nor a database.
        from camphor.engine.opinion.command import main as draw_from_file

        sys.exit(draw_from_file(sys.argv[2:]))
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "camphor.site.settings")
    words = sys.argv[:1] + [word.replace("-", "_") for word in sys.argv[1:2]] + sys.argv[2:]
    execute_from_command_line(words if not sys.argv[1:2] or sys.argv[1][:1] != "-" else sys.argv)
