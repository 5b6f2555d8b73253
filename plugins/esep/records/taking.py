"""Putting what other machines recorded into this home: the bytes, then the record; a filing at once, by one rename."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path

from esep import files
from esep.records import heads, seal
from esep.records.naming import Named, named_by
from esep.records.seal import DamagedRecordError, seal_of
from esep.records.sharing import Entry, Shared

_RECEIPT = "/receipt.json"
_STAGING = ".staging"
_OTHERS = "taken-"
"""Begins the names of what other machines recorded and is not whole yet here: folders of filings, files."""
_FILE_MODE = 0o640
_FOLDER_MODE = 0o750


def is_being_taken(name: str) -> bool:
    """Whether a folder of this name in a year's staging is being built here, and not by a registration."""
    return name.startswith(_OTHERS)


def place(shared: Shared, entry: Entry) -> None:
    """Put the entry's records and what they name in place; what is there already is left. To be done under the lock."""
    first = entry.records[0][0] if entry.records else ""
    filing = first.removesuffix(_RECEIPT)
    if filing != first and not (shared.home / filing).exists():
        _place_filing(shared, entry, filing)
        return
    for path, content in entry.records:
        place_files(shared, named_by(path, content))
        place_record(shared.home / path, content)
        if heads.chain_of(path) == heads.REFERENCE:
            _follow(shared.home / path)


def _follow(record: Path) -> None:
    """Let the file in `reference/` be the version of this record, where it is one that was accepted before.

    Else the next run would take it for a new version, and put older prices back.
    """
    whole = record.parents[2] / f"{record.parent.name}.csv"
    if whole.is_file():
        digest = files.sha256_of(whole)
        if any(seal.read(one)["sha256"] == digest for one in record.parent.glob("*.json")):
            with files.replacing(whole) as temporary:
                files.copy(record.with_suffix(".csv"), temporary)
                files.set_mode(temporary, _FILE_MODE)


def place_record(path: Path, content: bytes) -> None:
    """Whole or not at all, for owner and group; one that is there is left for the check to judge."""
    if not path.exists():
        _make_folders(path.parent)
        with files.replacing(path) as temporary:
            temporary.write_bytes(content)
            files.set_mode(temporary, _FILE_MODE)


def hash_of(content: bytes) -> str:
    """The hash of a record's bytes."""
    seal = seal_of(content)
    if seal is None:
        raise DamagedRecordError("an entry of the store has a record without a hash")
    return seal.hash


def _place_filing(shared: Shared, entry: Entry, folder: str) -> None:
    target = shared.home / folder
    staging = target.parent / _STAGING
    for left in staging.glob(f"{_OTHERS}*"):
        shutil.rmtree(left)
    staged = staging / f"{_OTHERS}{uuid.uuid4().hex}"
    (staged / "package").mkdir(parents=True)
    for made in (target.parent, staging, staged, staged / "package"):
        files.set_mode(made, _FOLDER_MODE)
    changed = {staged}
    for path, content in entry.records:
        place_record(_within(staged, folder, path), content)
        for one in named_by(path, content):
            if not one.path.startswith(f"{folder}/"):
                place_files(shared, [one])  # of the lake
                continue
            place = _within(staged, folder, one.path)
            changed.update(_make_folders(place.parent))
            shared.fetch(one.sha256, place)
            files.set_mode(place, _FILE_MODE)
    for made in changed:
        files.flush_to_disk(made)
    staged.rename(target)
    files.flush_to_disk(target.parent)


def _within(staged: Path, folder: str, path: str) -> Path:
    return staged / path.removeprefix(f"{folder}/")


def place_files(shared: Shared, named: Sequence[Named]) -> None:
    """Fetch the files that are not there as they were recorded; what is there with other bytes is of a killed run.

    What is left of files that a killed run had begun to fetch goes: nothing but these may lie in a package.
    """
    for folder in {(shared.home / one.path).parent for one in named}:
        for left in folder.glob(f".{_OTHERS}{'[0-9a-f]' * 32}{files.TEMPORARY}"):
            left.unlink(missing_ok=True)
    for one in named:
        _place_file(shared, one)


def _place_file(shared: Shared, one: Named) -> None:
    place = shared.home / one.path
    if place.is_file() and files.sha256_of(place) == one.sha256:
        return
    _make_folders(place.parent)
    temporary = place.with_name(
        f".{_OTHERS}{uuid.uuid4().hex}{files.TEMPORARY}"
    )  # the place's own may be too long for more
    try:
        shared.fetch(one.sha256, temporary)
        files.set_mode(temporary, _FILE_MODE)
        temporary.replace(place)
        files.flush_to_disk(place.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _make_folders(folder: Path) -> list[Path]:
    """The folder and those above it, made where they are not there: one by one, for they may be nested deep."""
    missing = [folder]
    while not missing[-1].is_dir():
        missing.append(missing[-1].parent)
    for one in reversed(missing[:-1]):
        one.mkdir(exist_ok=True)
        files.set_mode(one, _FOLDER_MODE)
    return missing
