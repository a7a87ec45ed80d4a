"""Mechanisms: pure Python and numpy, without Django."""
