"""What is in a bundle: packages and receipts as they are kept, the rows as last examined, and two lists of hashes.

    2025-02-10/2025-000017/receipt.json     sealed as it is in the archive
               2025-000017/package/…        the bytes as they came
               2025-000017/transcription-1/…    the office's own work, where an officer transcribed what no machine read
               distribution.parquet         the rows of the latest examination of each filing, meanings of columns too
               SHA256SUMS                   `sha256sum -c SHA256SUMS` proves all of it, the manifest too
               manifest.json                which filings, what is known of each, and each file with hash and size

The same filings give the same bytes at any time, so that a bundle can be held against another. Nothing of a filing goes
into a bundle unless every byte of it is what the archive recorded.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from esep import __version__, files
from esep.config import Settings
from esep.file_names import from_text
from esep.lake import files as lake_files
from esep.lake import places
from esep.lake.schema import DISTRIBUTION
from esep.office import events
from esep.office.archive import PACKAGE, RECEIPT, ArchiveError, Entry
from esep.office.questions import ANSWERED
from esep.proof import named

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
ROWS = f"{DISTRIBUTION.name}.parquet"
FORMAT = "esep-handover/1"

_ODD = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|\u2028\u2029]|(?:^|/)\s|[\s.](?:/|$)')
"""What a path may not have everywhere: what `sha256sum` escapes, and what a Windows share refuses."""
_SUFFIX = re.compile(r"\.[0-9a-z]{1,10}")
_LONGEST_NAME = 200
_LONGEST_PATH = 600
"""Bytes: a name has at most 255 on any disk, a key at most 1,024 in an object store."""


@dataclass(frozen=True, slots=True)
class Item:
    """A file of a bundle: its path there, hex SHA-256 and size, and where its bytes are."""

    path: str
    sha256: str
    size: int
    source: Path | bytes


@dataclass(frozen=True, slots=True)
class Filing:
    """A filing that is proved: what the manifest says of it, its files, and the file of its rows in the lake."""

    number: str
    facts: dict[str, Any]
    items: tuple[Item, ...]
    rows: str | None
    """Relative to the lake; None where there is no examination, or its rows are lost."""


@dataclass(frozen=True, slots=True)
class Content:
    """All files of a bundle in the order of writing: the manifest is the last."""

    name: str
    numbers: tuple[str, ...]
    items: tuple[Item, ...]

    @property
    def manifest_sha256(self) -> str:
        return self.items[-1].sha256


def proved(settings: Settings, entry: Entry) -> Filing:
    """The filing as it goes into a bundle. Raises ArchiveError naming what of it is damaged, OSError likewise."""
    named.require_package(entry)
    receipt, verdict = entry.receipt, entry.verdict
    sealed = (entry.folder / RECEIPT).read_bytes()
    items = [_made(f"{entry.number}/{RECEIPT}", sealed)]
    renamed = {}
    paths = [file.path for file in receipt.files]
    for file, path in zip(receipt.files, placed(paths), strict=True):
        place = f"{entry.number}/{PACKAGE}/{path}"
        items.append(Item(place, file.sha256, file.size, entry.package / from_text(file.path)))
        if path != file.path or file.original:
            renamed[place] = file.original or file.path
    items += _transcribed(entry)
    facts = {
        "registration_no": entry.number,
        "received_at": receipt.received_at,
        "registered_on": receipt.registered_on,
        "package_sha256": receipt.package_sha256,
        **{key: (verdict or {}).get(key) for key in ("pool_id", "period", "examination_no", "verdict", "row_count")},
        "answer": (verdict or {}).get("answer"),
        "renamed": renamed,
    }
    return Filing(entry.number, facts, tuple(items), _rows_of(settings, entry, verdict))


def _transcribed(entry: Entry) -> list[Item]:
    """What officers transcribed, named by the events of their answers; `named.require_package` has proved it."""
    items = []
    for event in events.read(entry.folder, ANSWERED):
        given, folder = dict(event.data.get("files", {})), str(event.data.get("transcription"))
        for (name, digest), path in zip(given.items(), placed(list(given)), strict=True):
            source = entry.folder / folder / name
            items.append(Item(f"{entry.number}/{folder}/{path}", digest, source.stat().st_size, source))
    return items


def content(settings: Settings, name: str, day: date, filings: Iterable[Filing], aside: Path) -> Content:
    """All files of the bundle; `aside` is a folder for the one that is made here."""
    filings = tuple(filings)
    items = [item for filing in filings for item in filing.items]
    items.append(_rows(settings, filings, aside / ROWS))
    manifest = {
        "format": FORMAT,
        "bundle": name,
        "day": day,
        "code_version": __version__,
        "filings": [filing.facts for filing in filings],
        "files": [{"path": item.path, "sha256": item.sha256, "size": item.size} for item in items],
    }
    made = _made(MANIFEST, (files.as_json(manifest) + "\n").encode())
    sums = _made(SUMS, "".join(f"{item.sha256}  {item.path}\n" for item in (*items, made)).encode())
    return Content(name, tuple(filing.number for filing in filings), (*items, sums, made))


def digest_of(data: bytes) -> str:
    """Hex SHA-256."""
    return hashlib.sha256(data).hexdigest()


def parse_sums(text: str) -> dict[str, str]:
    """Path → hex SHA-256 of a list of hashes as it is written here; raises ValueError for any other text."""
    found = {}
    for line in text.splitlines():
        digest, gap, path = line[:64], line[64:66], line[66:]
        if not re.fullmatch("[0-9a-f]{64}", digest) or gap != "  " or not path:
            raise ValueError(f"{line!r} is no line of a list of hashes")
        found[path] = digest
    return found


def _made(path: str, data: bytes) -> Item:
    return Item(path, digest_of(data), len(data), data)


def placed(paths: list[str]) -> Iterator[str]:
    """The paths of a package as they may be on any disk and in any store; one that may not is numbered: `file-3.xlsx`.

    Of two that are one name on a disk without capital letters, the second is numbered.
    """
    all_names, taken = {_as_one(path) for path in paths}, set[str]()
    for number, path in enumerate(paths, start=1):
        chosen = path
        if _ODD.search(path) or _is_long(path) or _as_one(path) in taken:
            suffix = Path(path).suffix.lower()
            chosen = f"file-{number}{suffix if _SUFFIX.fullmatch(suffix) else ''}"
            while chosen in all_names:
                chosen = f"_{chosen}"
        taken.add(_as_one(path))
        yield chosen


def _as_one(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


def _is_long(path: str) -> bool:
    return len(path.encode()) > _LONGEST_PATH or any(len(part.encode()) > _LONGEST_NAME for part in path.split("/"))


def _rows_of(settings: Settings, entry: Entry, verdict: dict[str, Any] | None) -> str | None:
    """The lake's file of the latest examination, held against the hash in its record."""
    if verdict is None or verdict["examination_no"] in named.lost_examinations(entry):
        return None
    path = next((str(one) for one in verdict["lake"] if one.startswith(f"{DISTRIBUTION.name}/")), None)
    if path is None:
        return None
    expected = verdict.get("lake_sha256", {}).get(path)  # none in records from before there were hashes
    try:
        digest = files.sha256_of(settings.lake / places.found(settings.lake, path))
    except FileNotFoundError:
        digest = ""
    if not digest or (expected and digest != expected):
        what = "its bytes are not those that were written" if digest else "it is missing"
        raise ArchiveError(
            f"{entry.number}: lake/{path}: {what}. bin/esep reexamine {entry.number} --apply makes it again."
        )
    return path


def _rows(settings: Settings, filings: Iterable[Filing], target: Path) -> Item:
    """The rows of all filings in one Parquet file, in the order of filings and of each one's own rows."""
    schema = DISTRIBUTION.arrow_schema
    with pq.ParquetWriter(target, schema, compression="zstd", write_page_checksum=True) as writer:
        for filing in filings:
            if filing.rows is not None:
                writer.write_table(_as(schema, lake_files.read(settings, DISTRIBUTION, filing.rows)))
    return Item(ROWS, files.sha256_of(target), target.stat().st_size, target)


def _as(schema: pa.Schema, rows: pa.Table) -> pa.Table:
    """The rows with today's columns: one that began after they were written is null in them."""
    columns = [
        rows[field.name] if field.name in rows.column_names else pa.nulls(len(rows), field.type) for field in schema
    ]
    return pa.table(columns, names=schema.names).cast(schema)
