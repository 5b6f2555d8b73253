"""What a restore leaves in the home while it is not done: of which backup it is, and how far it came.

`.restoring/` in the home holds `of.json` (the backup), `files/` (what is not in its place yet) and, once every file was
checked, the backup's own `manifest.json`. It is removed at the very end.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from esep import files
from esep.backup.manifest import Manifest
from esep.file_names import to_text
from esep.office import storage

FOLDER = ".restoring"
MANIFEST = "manifest.json"
_OF = "of.json"


@dataclass(frozen=True, slots=True)
class State:
    path: str
    """The backup as it was named."""
    source: str
    """See `fingerprint`."""
    has_placed: bool
    """Whether files may have got their places: every one was checked by then."""


def of(home: Path) -> State | None:
    """The state of an interrupted restore into `home`; None where there is none, or it had not begun to unpack."""
    aside = home / FOLDER
    try:
        told = files.read_json(aside / _OF)
        return State(str(told["path"]), str(told["source"]), (aside / MANIFEST).exists())
    except (OSError, ValueError, KeyError, TypeError):
        return State("", "", has_placed=False) if aside.is_dir() else None


def begin(home: Path, source: Path) -> None:
    """Mark the home as being restored; what an earlier try left aside goes."""
    storage.remove(home / FOLDER)
    (home / FOLDER).mkdir(mode=0o700)
    told = {"path": to_text(str(source)), "source": fingerprint(source), "how": how_to_go_on(home, source)}
    files.write_json(home / FOLDER / _OF, told)


def keep_manifest(aside: Path, told: Manifest) -> None:
    """Every file was checked: from now on they get their places."""
    with files.replacing(aside / MANIFEST) as temporary:
        temporary.write_bytes(told.as_bytes())


def fingerprint(source: Path) -> str:
    """What tells a backup from another one: size and time of the file, or of the manifest in its folder."""
    told = (source / MANIFEST if source.is_dir() else source).stat()
    return f"{told.st_size}-{told.st_mtime_ns}"


def how_to_go_on(home: Path, source: Path) -> str:
    command = f"bin/esep restore {shlex.quote(str(source))} {shlex.quote(str(home))}"
    return f"The same command goes on where this one ended: {command}"
