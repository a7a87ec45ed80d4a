#!/usr/bin/env python3
"""Django's commands, for a checkout that is not installed."""

from camphor.site.commands import main

if __name__ == "__main__":
    main()
