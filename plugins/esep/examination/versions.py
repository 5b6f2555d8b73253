"""The version of the code that an examination ran with."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from esep import __version__

_LIBRARY = Path(__file__).resolve().parents[1]
_COUNTED = (".py", ".csv")
_FORMS = "annexes.toml"
"""The words by which the readers know the forms; other texts change no finding."""


@cache
def code_version() -> str:
    """Version of Esep and a hash of the library's sources, law tables and forms, as `0.1.0+1a2b3c4d5e6f`."""
    total = hashlib.sha256()
    for path in sorted(_LIBRARY.rglob("*")):
        if (path.suffix in _COUNTED or path.name == _FORMS) and path.is_file():
            total.update(path.relative_to(_LIBRARY).as_posix().encode() + b"\0")
            total.update(path.read_bytes() + b"\0")
    return f"{__version__}+{total.hexdigest()[:12]}"
