"""Writes .env from .env.example with fresh random secrets, readable by its owner only (`make env`).

Needs nothing but Python. An existing .env is never touched: its secrets open the database.
"""

import base64
import os
import secrets
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]


def values() -> dict[str, str]:
    """What is filled in; every other line of .env.example stays as it is. Passwords stand in URLs: hex digits only."""
    return {
        "ESEP_UID": str(os.getuid() or 50000),
        "ESEP_ADMIN_USER": "admin",
        "ESEP_ADMIN_EMAIL": "admin@localhost.localdomain",
        "ESEP_ADMIN_PASSWORD": secrets.token_hex(12),
        "POSTGRES_PASSWORD": secrets.token_hex(24),
        "REDIS_PASSWORD": secrets.token_hex(24),
        "ESEP_FERNET_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "ESEP_API_SECRET_KEY": secrets.token_hex(32),
        "ESEP_JWT_SECRET": secrets.token_hex(32),
    }


def filled(example: str, known: dict[str, str]) -> str:
    """The example with the known values behind their names."""
    lines = []
    for line in example.splitlines():
        name = line.removesuffix("=")
        lines.append(f"{name}={known[name]}" if name in known and line.endswith("=") else line)
    return "\n".join(lines) + "\n"


def main() -> int:
    target = PROJECT / ".env"
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        print(f"{target} is there already and stays as it is. Move it away to make a new one.")
        return 0
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(filled((PROJECT / ".env.example").read_text(encoding="utf-8"), values()))
    print(f"Wrote {target} (only you can read it). Next: docker compose up -d --build")
    print("Log in as admin with ESEP_ADMIN_PASSWORD from that file.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
