"""The archive: `archive/YYYY/YYYY-NNNNNN/`, one folder per filing, only ever added to; and its receipts (para 7).

A receipt says what was registered, when, under which number. It is written once as receipt.json.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import msgspec

from esep import files
from esep.config import Settings
from esep.law import tables
from esep.records import offloading, seal

STAGING = ".staging"
"""Folder of a year in which filings are built; nothing in it is registered."""
PACKAGE = "package"
RECEIPT = "receipt.json"
_YEAR = re.compile(r"[0-9]{4}")
_NUMBER = re.compile(r"([0-9]{4})-([0-9]{6,})")
_VERDICT = re.compile(r"verdict(?:-([0-9]+))?\.json")


@dataclass(frozen=True, slots=True)
class Recipient:
    """One of the two bodies to which the order sends the data (para 5), named in Kazakh, Russian and English."""

    role: str
    """`authorised_body` or `tax_authority`."""
    kk: str
    ru: str
    en: str


RECIPIENTS = tuple(
    Recipient(row["role"], row["name_kk"], row["name_ru"], row["name_en"]) for row in tables.read("recipient")
)
"""One registration serves both (para 5); each is named on the receipt."""


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """One file of the package: `path` relative to package/ (see file_names.to_text), hex SHA-256, size in bytes."""

    path: str
    sha256: str
    size: int
    original: str | None = None
    """The filer's own path where it is too long for the archive, so that `path` is a shorter one."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something in a folder that is no file (a symbolic link, a socket) and was therefore not taken."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class HistoryMark:
    """That a person loaded the package as history; the basis is `stamp` (its office.json) or `command`."""

    basis: str
    author: str


Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A moment with its offset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the office certifies to the pool. Moments carry their offset; JSON keys are the field names."""

    registration_no: str
    """`YYYY-NNNNNN`: local year of arrival and serial number in that year."""
    received_at: Moment
    """Moment of arrival: the stamp's, else the moment of registration."""
    registered_on: date
    """Local date of arrival, from which the days of paras 8 and 10 are counted."""
    registered_at: Moment
    """Moment at which this machine registered it."""
    incoming_no: str | None
    change_date: date | None
    """Day on which the data changed (para 6), if the office stamped one."""
    stamp: Any
    """The office's stamp as given, or None where there was none that could be read."""
    stamp_error: str | None
    source_name: str
    """Name in the inbox (see file_names.to_text)."""
    package_sha256: str
    files: tuple[ReceivedFile, ...]
    left_out: tuple[LeftOut, ...] = ()
    recipients: tuple[Recipient, ...]
    arrival_id: str
    """Hex digest that distinguishes one physical arrival from another (see package.Arrival)."""
    code_version: str
    stamps: tuple[ReceivedFile, ...] = ()
    """The office's stamps and letter as they are kept beside package/; none in receipts from before hashes."""
    history: HistoryMark | None = None
    """Only what was loaded as history is free of the term of para 8; None in receipts from before there were marks."""

    def as_dict(self) -> dict[str, Any]:
        """The content of receipt.json."""
        value = asdict(self)
        for file in (*value["files"], *value["stamps"]):
            if file["original"] is None:
                del file["original"]
        return value


class ArchiveError(ValueError):
    """A filing, an event or a letter that does not exist or cannot be read or written; the text names it."""


@dataclass(frozen=True)
class Entry:
    """One registered filing. The receipt is read once; verdicts are read anew each time, for they are added later."""

    number: str
    folder: Path

    @property
    def package(self) -> Path:
        """Folder of the bytes as received: a zip stays a zip, a lone file stays a file.

        What was offloaded is brought back. Raises StoreError where it cannot be.
        """
        offloading.bring_back(self.folder.parents[2], self.number)
        return self.folder / PACKAGE

    @cached_property
    def receipt(self) -> Receipt:
        path = self.folder / RECEIPT
        try:
            return receipt_of(seal.read(path))
        except (OSError, ValueError, RecursionError) as error:
            raise ArchiveError(
                f"{path}: not a receipt that can be read ({error!r}). Nothing in the archive is ever edited: "
                "restore the file from a backup."
            ) from error

    @property
    def verdict_paths(self) -> tuple[Path, ...]:
        """verdict.json, verdict-2.json, … as far as there are any."""
        found: list[tuple[int, Path]] = []
        with os.scandir(self.folder) as items:
            for item in items:
                match = _VERDICT.fullmatch(item.name)
                if match:
                    found.append((int(match[1] or 1), Path(item.path)))
        return tuple(path for _, path in sorted(found))

    @property
    def verdicts(self) -> tuple[dict[str, Any], ...]:
        """All verdicts as written by the examination, the latest last."""
        return tuple(_verdict(path) for path in self.verdict_paths)

    @property
    def verdict(self) -> dict[str, Any] | None:
        """The latest verdict, or None while the filing is not examined."""
        paths = self.verdict_paths
        return _verdict(paths[-1]) if paths else None


def receipt_of(value: Any) -> Receipt:
    """The receipt that a receipt.json holds; raises ValueError for anything else."""
    try:
        return msgspec.convert(value, Receipt)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from None


def registered(settings: Settings) -> Iterator[Entry]:
    """All registered filings, by number. Order of arrival is another: see `in_order_of_arrival`."""
    for year in sorted(files.names_in(settings.archive)):
        if not _YEAR.fullmatch(year):
            continue
        folder = settings.archive / year
        for serial in sorted(serials(folder)):
            number = number_of(year, serial)
            yield Entry(number, folder / number)


def entries(settings: Settings, numbers: Iterable[str] | None = None) -> Iterator[Entry]:
    """The filings of these numbers, each once, or all; raises ArchiveError for a number that is not registered."""
    if numbers is None:
        return registered(settings)
    return iter([entry(settings, number) for number in dict.fromkeys(numbers)])


def present(settings: Settings, numbers: Iterable[str] | None) -> Iterator[Entry]:
    """The filings of these numbers whose folder is there, by number; all if no numbers are given."""
    if numbers is None:
        yield from registered(settings)
        return
    for number in sorted(numbers, key=position):
        folder = folder_of(settings, number)
        if folder.is_dir():
            yield Entry(number, folder)


def in_order_of_arrival(entries: Iterable[Entry]) -> list[Entry]:
    """Filings by moment of arrival, then number: the order in which they are examined and supersede each other."""
    return sorted(entries, key=arrival_order)


def arrival_order(entry: Entry) -> tuple[datetime, tuple[int, int]]:
    """Sorting key of the order of arrival: moment of arrival, then registration number."""
    return entry.receipt.received_at, position(entry.number)


def entry(settings: Settings, number: str) -> Entry:
    """The filing of that number; raises ArchiveError if there is none."""
    if not is_number(number):
        raise ArchiveError(f"{number!r}: a registration number is written YYYY-NNNNNN, for example 2025-000017")
    folder = folder_of(settings, number)
    if not (folder / RECEIPT).is_file():
        raise ArchiveError(f"{number}: no filing is registered under this number")
    return Entry(number, folder)


def is_number(text: str) -> bool:
    """Whether a text has the form of a registration number; a filing of it need not exist."""
    return _NUMBER.fullmatch(text) is not None


def folder_of(settings: Settings, number: str) -> Path:
    """Where the filing of that number is, or would be."""
    return settings.archive / number.partition("-")[0] / number


def number_of(year: int | str, serial: int) -> str:
    return f"{year}-{serial:06d}"


def position(number: str) -> tuple[int, int]:
    """(year, serial): sorts numbers rightly beyond the millionth of a year, too."""
    year, _, serial = number.partition("-")
    return int(year), int(serial)


def serials(year_folder: Path) -> list[int]:
    """Serial numbers that are taken in the folder of a year, in no order; empty if there is no such folder."""
    year = year_folder.name
    matches = (_NUMBER.fullmatch(name) for name in files.names_in(year_folder))
    return [int(match[2]) for match in matches if match and match[1] == year]


def _verdict(path: Path) -> dict[str, Any]:
    try:
        value = seal.read(path)
    except (OSError, ValueError) as error:
        raise ArchiveError(f"{path}: not a verdict that can be read ({error}). Restore it from a backup.") from error
    if not isinstance(value, dict):
        raise ArchiveError(f"{path}: a verdict is a JSON object, found {type(value).__name__}. Restore it.")
    return value
