"""What the environment says: every setting that differs between machines, typed."""

from __future__ import annotations

import secrets
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]


class Environment(BaseSettings):
    """Read from CAMPHOR_… variables, or from a file `.env` beside the package."""

    model_config = SettingsConfigDict(env_prefix="CAMPHOR_", env_file=ROOT / ".env", extra="ignore")

    debug: bool = False
    demo: bool = False
    secret_key: str = Field(default_factory=lambda: secrets.token_urlsafe(50))
    earlier_secret_keys: str = ""  # the newest first, with commas between: what they sealed is still opened
    hosts: str = "localhost,127.0.0.1,[::1]"
    base_url: str = "http://127.0.0.1:8000"
    database_url: str = f"sqlite:///{ROOT / 'var' / 'camphor.sqlite3'}"
    static_root: Path = ROOT / "var" / "static"
    plain_static: bool = False
    maps_in_background: bool = True  # a page never waits for a map to be redrawn
    https: bool = False
    metrics: bool = False
    metrics_folder: Path | None = None
    telemetry: bool = False
    plain_logs: bool = False
    backup_folder: Path = ROOT / "var" / "backups"
    gateways: str = ""  # channel=class, channel=class: the ways out of the house
    email_host: str = ""
    email_port: int = 587
    email_user: str = ""
    email_password: str = ""
    email_tls: bool = True
    email_from: str = "camphor@localhost"
    site_owner: str = ""
    icp_record: str = ""
    police_record: str = ""
