"""Registration on the day of arrival (para 7): bytes, receipt and first event appear under a number in one rename.

A filing is built in `archive/YYYY/.staging/<uuid>/` before it has its number; nothing there is registered. It is in
the year's folder, because each of these may be another disk, and a rename does not cross disks.
"""

from __future__ import annotations

import errno
import uuid
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import esep
from esep import files
from esep.clock import TIMEZONE, local_date
from esep.config import Settings
from esep.file_names import from_text, to_text
from esep.office import archive, events, storage
from esep.office.archive import RECIPIENTS, HistoryMark, LeftOut, Receipt, ReceivedFile
from esep.office.package import Arrival, Package, arrival_of, is_kept
from esep.office.stamp import LETTER, STAMP
from esep.office.storage import scan
from esep.records import append as records
from esep.records import heads, sharing, taking
from esep.records.announcing import announce
from esep.records.naming import named_by

_COPIES_AT_ONCE = 16
MESSAGES = "message"
"""Folder of the journal with the bytes of messages (office.messages)."""
AUTHOR = "esep.office"
ARRIVED = "arrived"
"""Kind of the event of a filing's first arrival; its `data` is that of `arrival_data`."""
LOADED_AS_HISTORY = "loaded_as_history"
"""Kind of the event that marks a filing as history; its `data` has `basis`: `stamp`, `command` or `decision`."""
_TAKEN = {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR}


class PackageChangedError(OSError):
    """Somebody wrote to the package while it was being taken; nothing was registered."""


class Numbers:
    """The number that is free next in the folder of each year, as far as this process knows.

    Only a proposal: a number is taken by a rename that fails where it is not free. Whoever fails calls `outrun`, and
    the folder is listed again; so there are neither gaps nor doubles beside other processes, either.
    """

    def __init__(self) -> None:
        self._last: dict[Path, int] = {}

    def proposed(self, shelf: Path) -> str:
        """The number after the last one in the year's folder `shelf`."""
        if shelf not in self._last:
            self._last[shelf] = max(archive.serials(shelf), default=0)
        return archive.number_of(shelf.name, self._last[shelf] + 1)

    def took(self, shelf: Path) -> None:
        """The proposed number is this process's."""
        self._last[shelf] += 1

    def outrun(self, shelf: Path) -> None:
        """The proposed number was another process's."""
        self._last.pop(shelf, None)


def register(
    package: Package,
    settings: Settings,
    now: datetime,
    *,
    arrival: Arrival | None = None,
    numbers: Numbers | None = None,
    history_by: str | None = None,
) -> Receipt:
    """Register a package under the next number of its year and leave it in the inbox (see departure.leave).

    Needs no lock: the rename onto a taken number fails and the next one is tried, so numbers have neither gaps nor
    doubles. Who registers many gives the same `numbers` each time; without, the year's folder is listed for each.
    Whether these bytes are registered already is for the caller to ask (intake.register_waiting).
    `history_by`: who loads it as history by a command; the package's own stamp may say the same.
    Raises OSError if the package cannot be read or changes meanwhile; nothing is registered then.
    """
    arrival = arrival or arrival_of(package)
    receipt = replace(_receipt(arrival, now), history=_history_mark(package, history_by))
    shelf = _shelf(settings, receipt)
    staged = build(arrival, shelf)
    try:
        receipt = replace(receipt, stamps=stamps_in(staged))
        first = {events.name_of(ARRIVED, now): events.content_of(ARRIVED, now, AUTHOR, arrival_data(arrival, now))}
        if receipt.history:
            mark = events.content_of(LOADED_AS_HISTORY, now, receipt.history.author, {"basis": receipt.history.basis})
            first[events.name_of(LOADED_AS_HISTORY, now)] = mark
        records.prepare(settings.home)
        return _file_away(staged, receipt, first, shelf, settings, numbers or Numbers())
    finally:
        storage.remove(staged)


def arrival_data(arrival: Arrival, now: datetime) -> dict[str, object]:
    """The data of the event of an arrival, the first one or a repeated one."""
    stamp = arrival.package.stamp
    return {
        "arrival_id": arrival.arrival_id,
        "source_name": arrival.package.name,
        "package_sha256": arrival.package_sha256,
        "received_at": received_at(arrival.package, now).isoformat(),
        "stamp": stamp.given if stamp else None,
        "stamp_text": stamp.text if stamp else None,
        "stamp_error": stamp.error if stamp else None,
    }


def received_at(package: Package, now: datetime) -> datetime:
    """The stamped moment of arrival, else the moment of registration, in local time."""
    return (package.received_at or now).astimezone(TIMEZONE)


def _history_mark(package: Package, history_by: str | None) -> HistoryMark | None:
    if history_by:
        return HistoryMark("command", history_by)
    return HistoryMark("stamp", AUTHOR) if package.stamp and package.stamp.history else None


def _receipt(arrival: Arrival, now: datetime) -> Receipt:
    package = arrival.package
    stamp = package.stamp
    moment = received_at(package, now)
    return Receipt(
        registration_no="",
        received_at=moment,
        registered_on=local_date(moment),
        registered_at=now.astimezone(TIMEZONE),
        incoming_no=stamp.incoming_no if stamp else None,
        change_date=stamp.change_date if stamp else None,
        stamp=stamp.given if stamp else None,
        stamp_error=stamp.error if stamp else None,
        source_name=package.name,
        package_sha256=arrival.package_sha256,
        files=arrival.files,
        left_out=tuple(LeftOut(to_text(path), f"{what}: not taken") for path, what in package.contents.others),
        recipients=RECIPIENTS,
        arrival_id=arrival.arrival_id,
        code_version=esep.__version__,
    )


def stamps_in(staged: Path) -> tuple[ReceivedFile, ...]:
    """The copies of stamps and of the letter beside package/, where nothing else is yet."""
    kept = sorted(path for path in staged.iterdir() if path.is_file())
    return tuple(ReceivedFile(path.name, files.sha256_of(path), path.stat().st_size) for path in kept)


def _shelf(settings: Settings, receipt: Receipt) -> Path:
    """The folder of the filing's year."""
    shelf = settings.archive / f"{receipt.registered_on.year:04d}"
    if not shelf.is_dir():
        storage.make_folder(shelf)
        storage.flush([settings.archive])
    return shelf


def _file_away(
    staged: Path,
    receipt: Receipt,
    first: Mapping[str, dict[str, Any]],
    shelf: Path,
    settings: Settings,
    numbers: Numbers,
) -> Receipt:
    """Give the staged folder the first free number of its year, its receipt and `first` events sealed with it."""
    storage.make_folder(staged / events.EVENTS)
    while True:
        number = numbers.proposed(shelf)
        receipt = replace(receipt, registration_no=number)
        names = [archive.RECEIPT, *(f"{events.EVENTS}/{name}" for name in first)]
        digest = None
        for name, content in zip(names, (receipt.as_dict(), *first.values()), strict=True):
            digest = records.write(staged / name, content, digest)
        if _named(staged, shelf / number, names, settings):
            numbers.took(shelf)
            return receipt
        numbers.outrun(shelf)  # another process was quicker


def _named(staged: Path, folder: Path, names: Sequence[str], settings: Settings) -> bool:
    """Whether the staged folder, with these records, has got its name; False where another one has it."""
    chain = heads.chain_of_filing(folder.name)

    def place() -> None:
        staged.rename(folder)
        storage.flush([folder.parent])

    shared = sharing.of(settings.home)
    if shared:
        sealed = [(f"{chain}/{name}", (staged / name).read_bytes()) for name in names]
        paths = [one.path for path, content in sealed for one in named_by(path, content)]
        sources = {path: staged / path.removeprefix(f"{chain}/") for path in paths}
        shared.keep(sealed, sources)  # here already: others may work meanwhile
        with records.adding(settings.home) as adder:
            return adder.add_chain(chain, sealed, place, sources)
    announce(settings.home, chain)
    try:
        place()
    except OSError as error:
        if error.errno not in _TAKEN:
            raise
        return False
    records.catch_up(settings.home, chain)
    return True


def build(arrival: Arrival, shelf: Path) -> Path:
    """Copy package, stamps and letter into a new staging folder of `shelf` (a year's folder), flushed; gives that.

    Raises PackageChangedError if what was copied is not what was judged settled, OSError if something cannot be read.
    """
    package = arrival.package
    folder = shelf / archive.STAGING / uuid.uuid4().hex
    storage.make_folder(folder.parent)
    storage.make_folder(folder)
    try:
        _copy_package(arrival, folder / archive.PACKAGE)
        for number, stamp in enumerate(package.stamp_paths, start=1):
            copied = storage.copy(stamp, folder / (STAMP if number == 1 else f"office-{number}.json"))
            if number == 1 and package.stamp and copied != package.stamp.sha256:
                raise _changed(package)
        if package.letter_path:
            storage.copy(package.letter_path, folder / LETTER)
        _check_unchanged(package)
    except BaseException:
        storage.remove(folder)
        raise
    return folder


def clean_staging(settings: Settings) -> list[tuple[str, Exception]]:
    """Remove what killed processes left; gives what could not be removed.

    Only for the holder of the intake's lock: no other process can be building then.
    """
    faults: list[tuple[str, Exception]] = []
    shelves = [settings.archive, *sorted(settings.archive.glob("[0-9][0-9][0-9][0-9]"))]  # the first: of older versions
    shelves.append(settings.journal / MESSAGES)
    for folder in (left for shelf in shelves for left in sorted((shelf / archive.STAGING).glob("*"))):
        if taking.is_being_taken(folder.name):
            continue
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
