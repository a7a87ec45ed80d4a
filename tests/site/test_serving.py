"""The web server is not started where another one listens, nor with what few of its pages need."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from camphor.site import serving

HEAVY = ("pypinyin", "rjieba", "xlsxwriter", "scipy", "numba")
LOADED = f"""
import sys, camphor.site.wsgi
from django.urls import resolve
resolve("/search/")
print([name for name in {HEAVY} if name in sys.modules])
"""


def test_a_port_that_another_process_shares_is_refused_with_a_clear_message() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as the web server does
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"port {port} on 127.0.0.1 cannot be used"):
            call_command("serve", port=port)
    serving.need_free(port)


def test_the_service_starts_without_the_dictionaries() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"
