"""Where a filing is built before it has its number: `archive/YYYY/.staging/<uuid>/`. Nothing here is registered.

It lies in the year's folder, because each of these may be another disk, and a rename does not cross disks.
"""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from esep.config import Settings
from esep.file_names import from_text, to_text
from esep.office import archive, storage
from esep.office.contents import scan
from esep.office.package import Arrival, Package, is_kept

STAMP_COPY = "office.json"
_COPIES_AT_ONCE = 16


class PackageChangedError(OSError):
    """Somebody wrote to the package while it was being taken; nothing was registered."""


def build(arrival: Arrival, shelf: Path) -> Path:
    """Copy package and stamps into a new staging folder of the year's folder `shelf` and flush them; gives that folder.

    Raises PackageChangedError if what was copied is not what was judged settled, OSError if something cannot be read.
    """
    package = arrival.package
    folder = shelf / archive.STAGING / uuid.uuid4().hex
    storage.make_folder(folder.parent)
    storage.make_folder(folder)
    try:
        _copy_package(arrival, folder / archive.PACKAGE)
        for number, stamp in enumerate(package.stamp_paths, start=1):
            copied = storage.copy(stamp, folder / (STAMP_COPY if number == 1 else f"office-{number}.json"))
            if number == 1 and package.stamp and copied != package.stamp.sha256:
                raise _changed(package)
        _check_unchanged(package)
    except BaseException:
        storage.remove(folder)
        raise
    return folder


def clean(settings: Settings) -> list[tuple[str, Exception]]:
    """Remove what killed processes left; gives what could not be removed.

    Only for the holder of the intake's lock: no other process can be building then.
    """
    faults: list[tuple[str, Exception]] = []
    shelves = [settings.archive, *sorted(settings.archive.glob("[0-9][0-9][0-9][0-9]"))]  # the first: of older versions
    for folder in (left for shelf in shelves for left in sorted((shelf / archive.STAGING).glob("*"))):
        try:
            storage.remove(folder)
        except OSError as error:
            faults.append((f"{archive.STAGING}/{folder.name}", error))
    return faults


def _copy_package(arrival: Arrival, target: Path) -> None:
    package = arrival.package
    storage.make_folder(target)
    folders = [target / relative for relative in package.contents.folders if is_kept(relative)]
    for folder in folders:
        storage.make_folder(folder)
    received = zip(package.files, arrival.files, strict=True)
    places = [(package.path_of(file), target / from_text(kept.path)) for file, kept in received]
    # Side by side, because each waits for the disk: 10,000 small files take a minute one after the other.
    with ThreadPoolExecutor(_COPIES_AT_ONCE) as pool:
        copied = list(pool.map(storage.copy, *zip(*places, strict=True))) if places else []
    if copied != [expected.sha256 for expected in arrival.files]:
        raise _changed(package)
    storage.flush([*folders, target])


def _check_unchanged(package: Package) -> None:
    now = scan(package.path)
    if (now.files, now.folders) != (package.contents.files, package.contents.folders):
        raise _changed(package)


def _changed(package: Package) -> PackageChangedError:
    return PackageChangedError(f"{to_text(package.path.name)} was written to while it was taken; it stays")
