"""Registration on the day of arrival (para 7): bytes, receipt and first event appear under a number in one rename."""

from __future__ import annotations

import errno
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import esep
from esep import files
from esep.clock import TIMEZONE, local_date
from esep.config import Settings
from esep.file_names import to_text
from esep.office import archive, events, staging, storage
from esep.office.numbers import Numbers
from esep.office.package import Arrival, Package, arrival_of
from esep.office.receipt import RECIPIENTS, LeftOut, Receipt, ReceivedFile
from esep.records import append as records

AUTHOR = "esep.office"
ARRIVED = "arrived"
"""Kind of the event of a filing's first arrival; its `data` is that of `arrival_data`."""

_TAKEN = {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR}


def register(
    package: Package,
    settings: Settings,
    now: datetime,
    *,
    arrival: Arrival | None = None,
    numbers: Numbers | None = None,
) -> Receipt:
    """Register a package under the next number of its year and leave it in the inbox (see departure.leave).

    Needs no lock: the rename onto a taken number fails and the next one is tried, so numbers have neither gaps nor
    doubles. Who registers many gives the same `numbers` each time; without, the year's folder is listed for each.
    Whether these bytes are registered already is for the caller to ask (intake.register_waiting).
    Raises OSError if the package cannot be read or changes meanwhile; nothing is registered then.
    """
    arrival = arrival or arrival_of(package)
    receipt = _receipt(arrival, now)
    shelf = _shelf(settings, receipt)
    staged = staging.build(arrival, shelf)
    try:
        receipt = replace(receipt, stamps=_stamps(staged))
        arrived = events.content_of(ARRIVED, now, AUTHOR, arrival_data(arrival, now))
        records.prepare(settings.home)
        return _file_away(staged, receipt, events.name_of(ARRIVED, now), arrived, shelf, settings, numbers or Numbers())
    finally:
        storage.remove(staged)


def arrival_data(arrival: Arrival, now: datetime) -> dict[str, object]:
    """What the log keeps of an arrival, the first one or a repeated one."""
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


def _stamps(staged: Path) -> tuple[ReceivedFile, ...]:
    """The copies of stamps beside package/, where nothing else is yet."""
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
    event: str,
    arrived: dict[str, Any],
    shelf: Path,
    settings: Settings,
    numbers: Numbers,
) -> Receipt:
    """Give the staged folder the first free number of its year, its first two records sealed with it."""
    storage.make_folder(staged / events.EVENTS)
    while True:
        number = numbers.proposed(shelf)
        receipt = receipt.numbered(number)
        digest = records.write(staged / archive.RECEIPT, receipt.as_dict(), None)
        records.write(staged / events.EVENTS / event, arrived, digest)
        try:
            staged.rename(shelf / number)
        except OSError as error:
            if error.errno not in _TAKEN:
                raise
            numbers.outrun(shelf)  # another process was quicker
            continue
        numbers.took(shelf)
        storage.flush([shelf])
        records.catch_up(settings.home, f"{settings.archive.name}/{shelf.name}/{number}")
        return receipt
