"""Drills: a service is broken on purpose, under load, and what it acknowledged is counted afterwards."""
