"""Packages whose bytes are in the store alone, so that what is kept may outgrow a home's disk.

A mark in `.store/offloaded/` says that files of a filing's package may be missing here. Whoever opens the package
(`archive.Entry.package`) first brings them back; receipt, verdicts and events always stay.
"""

from __future__ import annotations

from pathlib import Path

from esep import files
from esep.records import heads, sharing, taking
from esep.records.naming import Named, named_by
from esep.records.seal import DamagedRecordError
from esep.store.model import StoreError

_MARKS = f"{sharing.FOLDER}/offloaded"
_LOCK = "offload.lock"


def offloaded(home: Path) -> list[str]:
    """Numbers of the filings whose packages may be in the store alone, in no order."""
    return files.names_in(home / _MARKS)


def is_offloaded(home: Path, number: str) -> bool:
    return _mark(home, number).exists()


def offload(home: Path, number: str) -> int:
    """Remove the bytes of a filing's package here, once each file is proved, here and in the store; how many bytes.

    Raises StoreError for a home without a store, DamagedRecordError for a file that is not as it came, here or there;
    nothing is removed then.
    """
    shared = sharing.of(home)
    if shared is None:
        raise StoreError(f"{home} shares no store: its archive is the only one.")
    with files.lock(home / ".locks" / _LOCK):
        there = [one for one in _package(home, number) if (home / one.path).exists()]
        for one in there:
            if files.sha256_of(home / one.path) != one.sha256:
                raise DamagedRecordError(f"{one.path}: its bytes are not those that came. Run bin/esep verify.")
        shared.keep_files({one.sha256: home / one.path for one in there})
        for digest, path in {one.sha256: one.path for one in there}.items():
            if not shared.holds(digest):
                raise DamagedRecordError(
                    f"{path}: {shared.store.address}: {sharing.bytes_name(digest)} is damaged. Restore the object from "
                    "an earlier version, or remove it, then run the same again: it is brought anew from here."
                )
        _mark(home, number).parent.mkdir(parents=True, exist_ok=True)
        _mark(home, number).touch()
        files.flush_to_disk(_mark(home, number).parent)
        size = 0
        for one in there:
            size += (home / one.path).stat().st_size
            (home / one.path).unlink()
        return size


def bring_back(home: Path, number: str) -> bool:
    """Fetch what of a filing's package is missing here; whether anything could be. Raises StoreError."""
    if not is_offloaded(home, number):
        return False
    with files.lock(home / ".locks" / _LOCK):
        shared = sharing.of(home)
        if shared is None:
            raise StoreError(
                f"{number}: its package is in the store alone, and {home} has joined none. Join it again: bin/esep "
                "store join."
            )
        taking.place_files(shared, _package(home, number))
        _mark(home, number).unlink(missing_ok=True)
    return True


def _mark(home: Path, number: str) -> Path:
    return home / _MARKS / number


def _package(home: Path, number: str) -> list[Named]:
    """The files of the package, by the receipt."""
    path = f"{heads.chain_of_filing(number)}/receipt.json"
    stamps = home / heads.chain_of_filing(number)
    return [one for one in named_by(path, (home / path).read_bytes()) if (home / one.path).parent != stamps]
