"""Files of which a page has shown what they would change: kept for a day, so that they can be accepted.

They lie in `reference/.waiting/` under the hash of what was handed in, so that what is accepted is what was shown.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from esep import files
from esep.config import Settings
from esep.warehouse.reference_origin import Origin, Original, of_zip, plain_name

_FOLDER = ".waiting"
_NAME = re.compile(r"[0-9a-f]{64}")
_SECONDS = 24 * 3600
_CONTENT = b""


def keep(settings: Settings, handed_in: Sequence[tuple[str, bytes]]) -> str:
    """Keep files (name, bytes); gives the name to ask for them by. What has waited for a day goes."""
    folder = _folder(settings)
    for old in folder.glob("*.zip"):
        with suppress(FileNotFoundError):  # another form has just removed it
            if time.time() - old.stat().st_mtime > _SECONDS:
                old.unlink()
    packed = Origin(files=tuple(Original(plain_name(name), content) for name, content in handed_in)).packed(_CONTENT)
    name = sha256(packed).hexdigest()
    with files.replacing(folder / f"{name}.zip") as temporary:
        temporary.write_bytes(packed)
    return name


def take(settings: Settings, name: str) -> list[tuple[str, bytes]] | None:
    """The files again, where they are still there and whole."""
    try:
        packed = (_folder(settings) / f"{name}.zip").read_bytes() if _NAME.fullmatch(name) else b""
    except OSError:
        return None
    origin = of_zip(packed, _CONTENT) if sha256(packed).hexdigest() == name else None
    return [(one.name, one.content) for one in origin.files] if origin else None


def _folder(settings: Settings) -> Path:
    return settings.reference / _FOLDER
