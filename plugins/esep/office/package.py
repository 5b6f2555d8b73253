"""A package as it waits in the inbox, how two of them are distinguished, and the office's stamp on it.

The stamp, office.json, has the incoming number, the moment of arrival, the day on which the data changed, and whether
the package is loaded as history.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from esep.clock import TIMEZONE
from esep.file_names import from_text, to_text
from esep.files import sha256_of
from esep.office.archive import ReceivedFile
from esep.office.storage import LONGEST_KEPT, Contents, FoundFile

STAMP = "office.json"
"""The stamp at the top of a folder package; `<name>.office.json` beside a zip or a lone file."""
LARGEST = 64 * 1024
"""A stamp holds four short values; anything beyond this many bytes is something else."""
TOLERANCE = timedelta(minutes=5)
"""The stamping machine's clock may run this much ahead of ours."""
EARLIEST = date(2023, 1, 1)
"""The order is of 26.04.2023: nothing can have arrived under it before that year."""
_DIGITS_OF_PATH = 16
_LAST_OF_NAME = 50
"""Characters of up to four bytes, so that the whole name stays below the system's 255 bytes."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A stamp as far as it can be relied upon; `error` names the fields that are not used, and why.

    Without a moment of arrival that can be used nothing of it is: the filing counts as unstamped.
    `given` is the JSON value as written (None if it is no JSON); `text` is the file as written, for the log.
    """

    sha256: str
    given: Any = None
    text: str = ""
    incoming_no: str | None = None
    received_at: datetime | None = None
    change_date: date | None = None
    history: bool | None = None
    """Whether the package is loaded as history; None where the stamp does not say."""
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Package:
    """A settled folder, zip or lone file of the inbox, with the stamps that belong to it."""

    path: Path
    is_folder: bool
    contents: Contents
    """As found when it was judged settled; a later difference means that somebody still writes to it."""
    stamp_paths: tuple[Path, ...]
    """The stamp that counts first; a second one (both spellings beside a file) is kept, not used."""
    stamp: Stamp | None
    changed_ns: int
    """Nanoseconds since the epoch of its last change, its stamp included."""
    sharers: frozenset[str] = frozenset()
    """Names of the other packages of the inbox that a stamp beside it is for, too."""

    @property
    def name(self) -> str:
        """Name in the inbox, as text that any JSON holds (see file_names.to_text)."""
        return to_text(self.path.name)

    @property
    def received_at(self) -> datetime | None:
        """The stamped moment of arrival; None means the moment of registration."""
        return self.stamp.received_at if self.stamp else None

    @property
    def files(self) -> tuple[FoundFile, ...]:
        """The filer's files: all but the office's stamp at the top of a folder."""
        return tuple(file for file in self.contents.files if not (self.is_folder and file.path == STAMP))

    def path_of(self, file: FoundFile) -> Path:
        return self.path / file.path if self.is_folder else self.path

    def archived_as(self) -> list[str]:
        """Path of each of its files below package/ in the archive: the filer's own, where it is not too long."""
        if not self.is_folder:
            return [self.path.name]
        paths = [file.path for file in self.files]
        if all(map(is_kept, paths)):
            return paths
        others = (path for path, _ in self.contents.others)
        taken = {path.partition("/")[0] for path in (*paths, *self.contents.folders, *others)}
        return [path if is_kept(path) else _shortened(path, taken) for path in paths]


def is_kept(path: str) -> bool:
    """Whether the archive keeps a path below package/ as the filer wrote it."""
    return len(os.fsencode(path)) <= LONGEST_KEPT


def _shortened(path: str, taken: set[str]) -> str:
    """A name in the package's own folder by which equal paths are equal, with the end of the file's name; now taken."""
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:_DIGITS_OF_PATH]
    ending = path.rpartition("/")[2][-_LAST_OF_NAME:]
    names_of_it = (f"{digest}-{serial}-{ending}" if serial else f"{digest}-{ending}" for serial in itertools.count())
    name = next(name for name in names_of_it if name not in taken)
    taken.add(name)
    return name


@dataclass(frozen=True, slots=True)
class Arrival:
    """One physical arrival of a package: its bytes, and a digest that a second arrival of the same bytes changes."""

    package: Package
    files: tuple[ReceivedFile, ...]
    package_sha256: str
    arrival_id: str


def arrival_of(package: Package) -> Arrival:
    """Read the package through once. Raises OSError if a file cannot be read."""
    received = tuple(
        ReceivedFile(
            to_text(kept),
            sha256_of(package.path_of(file)),
            file.size,
            to_text(file.path) if package.is_folder and kept != file.path else None,
        )
        for file, kept in zip(package.files, package.archived_as(), strict=True)
    )
    sha256 = folder_sha256(received) if package.is_folder else received[0].sha256
    return Arrival(package, received, sha256, _arrival_id(package, sha256))


def folder_sha256(files: Iterable[ReceivedFile]) -> str:
    """Hex SHA-256 over the sorted lines `path NUL sha256 LF`, path in Unicode form NFC.

    NFC, because macOS and some zip programs decompose й and ё: the same folder by another road is the same package.
    """
    lines = sorted(
        (unicodedata.normalize("NFC", from_text(file.path)).encode("utf-8", "surrogateescape"), file.sha256)
        for file in files
    )
    digest = hashlib.sha256()
    for path, sha256 in lines:
        digest.update(path + b"\0" + sha256.encode() + b"\n")
    return digest.hexdigest()


def _arrival_id(package: Package, package_sha256: str) -> str:
    """Name, bytes, stamp, and what the file system alone knows of this copy.

    A copy can be given the times of its original (cp -p), but neither its inode nor its ctime: so the same bytes
    dropped once more are another arrival, while a package that a killed run left behind is still the same one.
    """
    parts = (
        package.name,
        package_sha256,
        package.stamp.sha256 if package.stamp else "",
        str(package.path.lstat().st_ino),
        str(package.contents.newest_mtime_ns),
        str(package.contents.newest_ctime_ns),
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class StampError(ValueError):
    """What is wrong with a stamp and what to do, in one sentence."""


def read_stamp(path: Path, now: datetime) -> Stamp:
    """The stamp in that file, with `error` given instead of raised. Raises OSError if the file cannot be read."""
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
        digest = hashlib.sha256(content)
        for piece in iter(lambda: file.read(1024 * 1024), b""):
            digest.update(piece)
    stamp = Stamp(digest.hexdigest(), text=content[:LARGEST].decode("utf-8", "backslashreplace"))
    given = None
    try:
        if len(content) > LARGEST:
            raise StampError(f"is larger than {LARGEST} bytes and so no stamp")
        given = _json(content)
        if not isinstance(given, dict):
            raise StampError(
                'holds no JSON object {"incoming_no": …, "received_at": …, "change_date": …, "history": …}'
            )
        received_at = _received_at(given.get("received_at"), now)
    except StampError as error:
        fault = f"{error}; the moment of registration is used instead"
        return Stamp(stamp.sha256, given, stamp.text, error=_remark(path, [fault]))
    faults: list[str] = []
    incoming_no = _or_left_out(faults, lambda: _incoming_no(given.get("incoming_no")))
    change_date = _or_left_out(faults, lambda: _change_date(given.get("change_date"), received_at or now))
    history = _or_left_out(faults, lambda: _history(given, received_at))
    remark = _remark(path, faults) if faults else None
    return Stamp(stamp.sha256, given, stamp.text, incoming_no, received_at, change_date, history, remark)


def _or_left_out(faults: list[str], field: Callable[[], Value]) -> Value | None:
    """A field of the stamp, or None and its fault: what is wrong with one field does not take the others along."""
    try:
        return field()
    except StampError as error:
        faults.append(f"{error}; it is left out")
        return None


def _remark(path: Path, faults: list[str]) -> str:
    return (
        f"{to_text(path.name)} {' and '.join(faults)}. "
        "Correct the stamp and inform whoever keeps the register: a receipt is never changed."
    )


def _json(content: bytes) -> Any:
    try:
        value = json.loads(content)
        # Python reads more than it may write: NaN, 1e999 and halves of surrogate pairs cannot go into the receipt.
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except json.JSONDecodeError as error:
        raise StampError(f"is not valid JSON (line {error.lineno}, column {error.colno})") from None
    except (ValueError, RecursionError):
        raise StampError("is not valid JSON") from None
    return value


def _incoming_no(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise StampError(f'has incoming_no {_brief(value)}; text such as "ВХ-128" is expected')
    return value.strip() or None


def _received_at(value: Any, now: datetime) -> datetime | None:
    if value is None:
        return None
    expected = 'an ISO moment such as "2025-02-20T10:15:00+05:00" is expected'
    if not isinstance(value, str):
        raise StampError(f"has received_at {_brief(value)}; {expected}")
    try:
        moment = datetime.fromisoformat(value.strip())
        local = moment.replace(tzinfo=TIMEZONE) if moment.tzinfo is None else moment.astimezone(TIMEZONE)
    except (ValueError, OverflowError):
        raise StampError(f"has received_at {_brief(value)}; {expected}") from None
    if local > now + TOLERANCE:
        raise StampError(f"has received_at {_brief(value)}, which is in the future of {now.isoformat()}")
    if local.date() < EARLIEST:
        raise StampError(f"has received_at {_brief(value)}, which is before the order of {EARLIEST.year}")
    return local


def _change_date(value: Any, arrived_at: datetime) -> date | None:
    if value is None:
        return None
    try:
        day = date.fromisoformat(value.strip())
    except (AttributeError, ValueError):
        raise StampError(f'has change_date {_brief(value)}; an ISO day such as "2025-02-11" is expected') from None
    if not EARLIEST <= day <= arrived_at.astimezone(TIMEZONE).date():
        raise StampError(f"has change_date {day}, which does not lie between {EARLIEST} and the day of arrival")
    return day


def _history(given: dict[str, Any], received_at: datetime | None) -> bool | None:
    """Without its former moment of arrival a package arrives now, and the term of para 8 runs for it."""
    if "history" not in given:
        return None
    value = given["history"]
    if not isinstance(value, bool):
        raise StampError(f"has history {json.dumps(value, ensure_ascii=False)[:100]}; true or false is expected")
    if value and received_at is None:
        raise StampError("has history true without received_at, the moment of the former receipt")
    return value


def _brief(value: object) -> str:
    return repr(value)[:100]
