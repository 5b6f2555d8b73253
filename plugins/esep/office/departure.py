"""How a registered package leaves the inbox, so that a kill at any moment leaves neither half a package nor its stamp.

A folder `.leaving-<uuid>` is made with a plan, package and stamps are moved into it, and what was moved is compared
with what was registered: bytes that arrived under the same name meanwhile go back. Then the folder becomes
`.gone-<uuid>` in one rename and is removed. The next run finishes what a killed one began.
"""

from __future__ import annotations

import uuid
from os.path import lexists
from pathlib import Path
from typing import Any

from esep import files
from esep.config import Settings
from esep.file_names import from_text, to_text
from esep.office import storage
from esep.office.package import Package
from esep.office.stamp import STAMP
from esep.office.storage import Contents, scan

_LEAVING = ".leaving-"
_GONE = ".gone-"
_PLAN = "plan.json"
_MOVED = "moved"


class DepartureError(OSError):
    """A registered package could not leave the inbox; its filing is complete."""


def leave(package: Package, settings: Settings) -> None:
    """Remove a registered package and those of its stamps that serve no other package.

    Raises OSError if it cannot be removed; the next run tries again and registers nothing twice.
    """
    leaving = settings.inbox / f"{_LEAVING}{uuid.uuid4().hex}"
    (leaving / _MOVED).mkdir(parents=True)
    going = {package.path: package.contents}
    for stamp in package.stamp_paths:
        if stamp.parent == settings.inbox and not _serves_another(stamp, package, settings):
            going[stamp] = scan(stamp)
    plan = [{"name": to_text(path.name), "files": _listed(contents)} for path, contents in going.items()]
    files.write_json(leaving / _PLAN, plan)
    try:
        _carry_out(leaving, plan, settings)
    except OSError:
        if lexists(leaving) and not any((leaving / _MOVED).iterdir()):
            storage.remove(leaving)  # nothing has moved: the next run begins anew
        raise


def _serves_another(stamp: Path, package: Package, settings: Settings) -> bool:
    if stamp.name == f"{package.path.name}.{STAMP}":
        return False
    return any(lexists(settings.inbox / name) for name in package.sharers)


def finish_begun(settings: Settings) -> list[tuple[str, Exception]]:
    """Finish the departures that killed processes began; gives what could not be finished.

    Only for the holder of the intake's lock: no other process can be removing then.
    """
    faults: list[tuple[str, Exception]] = []
    for folder in sorted(settings.inbox.glob(".*")):
        try:
            _finish(folder, settings)
        except (OSError, ValueError) as error:
            faults.append((folder.name, error))
    return faults


def _finish(folder: Path, settings: Settings) -> None:
    if folder.is_symlink():
        return
    if folder.name.startswith(_GONE):
        storage.remove(folder)
    elif folder.name.startswith(_LEAVING):
        plan = folder / _PLAN
        if plan.exists():
            _carry_out(folder, files.read_json(plan), settings)
        else:  # killed before the plan was there: nothing has moved yet
            storage.remove(folder)


def _carry_out(leaving: Path, plan: list[dict[str, Any]], settings: Settings) -> None:
    returned = [name for item in plan if (name := _move(leaving, item, settings))]
    gone = leaving.rename(leaving.with_name(_GONE + leaving.name.removeprefix(_LEAVING)))
    storage.remove(gone)
    if returned:
        raise DepartureError(f"{', '.join(returned)}: new bytes came under this name meanwhile; they stay for later")


def _move(leaving: Path, item: dict[str, Any], settings: Settings) -> str | None:
    """Move one thing of the plan aside; gives its name if other bytes had come in its place, which then go back."""
    name = from_text(item["name"])
    if Path(name).name != name:
        raise ValueError(f"{leaving / _PLAN}: {item['name']!r} is no name in the inbox; remove that folder")
    source, target = settings.inbox / name, leaving / _MOVED / name
    if not lexists(target):
        if not lexists(source):
            return None
        _rename(source, target)
    if _listed(scan(target)) == item["files"]:
        return None
    if lexists(source):  # and yet more bytes under that name: both stay
        source = source.with_name(f"{uuid.uuid4().hex[:8]}-{name[-50:]}")
    _rename(target, source)
    return str(item["name"])


def _rename(source: Path, target: Path) -> None:
    try:
        source.rename(target)
    except PermissionError:  # a write-protected folder cannot change its parent
        source.chmod(0o700)
        source.rename(target)


def _listed(contents: Contents) -> list[dict[str, Any]]:
    return [file._asdict() | {"path": to_text(file.path)} for file in contents.files]
