"""Names of the files of a statement. What stands in data is hostile: only twelve digits name a file as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from hashlib import sha256

MANIFEST = "statement.json"
TAXPAYER = "taxpayer"
LANGUAGES = ("kk", "ru")
"""Languages of the procedure: a statement is in both unless others are asked for."""
_TWELVE_DIGITS = re.compile(r"[0-9]{12}", re.ASCII)
_OTHERS = re.compile(r"[^0-9A-Za-z]+", re.ASCII)
_KEPT = 24


def stem_of(taxpayer_id: str) -> str:
    """The number itself, or for anything else a plain name with a hash that tells it from others."""
    if _TWELVE_DIGITS.fullmatch(taxpayer_id):
        return taxpayer_id
    readable = _OTHERS.sub("-", taxpayer_id)[:_KEPT].strip("-")
    digest = sha256(taxpayer_id.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return "-".join(part for part in ("id", readable, digest) if part)


def folder_name(known_on: date, languages: Sequence[str], taxpayer_id: str | None, serial: int = 1) -> str:
    """`as-known-on-2026-02-28`, and after it what makes it another statement: languages, taxpayer, a later content."""
    parts = [f"as-known-on-{known_on.isoformat()}"]
    if tuple(languages) != LANGUAGES:
        parts += languages
    if taxpayer_id is not None:
        parts += [TAXPAYER, stem_of(taxpayer_id)]
    if serial > 1:
        parts.append(str(serial))
    return "-".join(parts)
