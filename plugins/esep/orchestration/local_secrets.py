"""Secrets of a local Airflow: made at random on the first start, kept in files that only their owner can read."""

from __future__ import annotations

import base64
import json
import secrets
from pathlib import Path

from esep.files import write_owner_only

USER = "admin"


def fernet_key() -> str:
    """A key as Airflow encrypts connections with: 32 random bytes, URL-safe base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def kept(folder: Path) -> dict[str, str]:
    """The secrets of this folder as AIRFLOW__… variables; made when they are not there yet."""
    path = folder / "secrets.json"
    if not path.exists():
        write_owner_only(
            path,
            json.dumps(
                {
                    "AIRFLOW__CORE__FERNET_KEY": fernet_key(),
                    "AIRFLOW__API__SECRET_KEY": secrets.token_urlsafe(32),
                    "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_urlsafe(48),
                },
                indent=2,
            ),
        )
    values = json.loads(path.read_text())
    return {str(name): str(value) for name, value in values.items()}


def password_file(folder: Path) -> Path:
    """The file in which Airflow's simple login finds the password of USER; made with a random one on first use."""
    path = folder / "password.json"
    if not path.exists():
        write_owner_only(path, json.dumps({USER: secrets.token_urlsafe(12)}))
    return path
