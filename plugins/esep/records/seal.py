"""The seal of a record: its last two lines, `previous` and `hash`.

`hash` is the SHA-256 of every byte of the file before the line that holds it, so anyone can check a record without
Esep: `head -c -81 receipt.json | sha256sum`. What follows these bytes has one form only, so that no bit of the file is
outside of the proof. `previous` is the hash of the record before it in its chain, null for the first.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from esep import files

_TAIL = re.compile(rb',\n  "previous": (?:null|"([0-9a-f]{64})"),\n  "hash": "([0-9a-f]{64})"\n\}\n\Z')
_HASH_LINE = 81
"""Bytes from the comma before the line of `hash` to the end of the file."""
_LONGEST_TAIL = _HASH_LINE + 100


class DamagedRecordError(ValueError):
    """A record whose content is not what was recorded; the text says so in a few words."""


class Seal(NamedTuple):
    """Hex SHA-256 each; `previous` is None for the first record of a chain."""

    hash: str
    previous: str | None


def sealed(value: Mapping[str, Any], previous: str | None) -> tuple[bytes, str]:
    """The bytes of a record as people read it (indented JSON, letters kept), and its hash."""
    content = files.as_json({**value, "previous": previous}).removesuffix("\n}").encode()
    digest = hashlib.sha256(content).hexdigest()
    return content + f',\n  "hash": "{digest}"\n}}\n'.encode(), digest


def seal_of(content: bytes) -> Seal | None:
    """The seal of a record's bytes, None for bytes without one; raises DamagedRecordError if it does not hold."""
    tail = _TAIL.search(content, max(0, len(content) - _LONGEST_TAIL))
    if tail is None:
        return None
    written = tail[2].decode()
    if hashlib.sha256(content[:-_HASH_LINE]).hexdigest() != written:
        raise DamagedRecordError("its content is not what was recorded")
    return Seal(written, tail[1].decode() if tail[1] else None)


def read(path: Path) -> Any:
    """The value of a JSON record; one without a seal, from before there were any, is read as it is.

    Raises OSError, and ValueError (DamagedRecordError among them) for what is no JSON or was changed.
    """
    content = path.read_bytes()
    seal_of(content)
    return json.loads(content)
