"""Damaged files of the lake made again from the bytes in the archive.

The same code, rules and moment give the same bytes: then the file is put back. Where they do not any more, nobody can
make the file again: the examination is given up by an event, and a new one, which stands beside it, counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from esep.config import Settings
from esep.examination.pending import examination_of
from esep.examination.record import write_lake
from esep.examination.register import Pool
from esep.lake import files as lake_files
from esep.office import events
from esep.office.archive import Entry
from esep.proof.looks import sha256_of
from esep.proof.named import LOST, lost_examinations

AUTHOR = "esep.reexamine"
RESTORED = "lake_file_restored"


@dataclass(frozen=True, slots=True)
class Healed:
    """`restored`: files of the lake that were put back. `beyond`: numbers of examinations that could not be."""

    restored: tuple[str, ...]
    beyond: tuple[int, ...]


def damaged(verdict: Mapping[str, Any], settings: Settings) -> dict[str, str]:
    """The lake files of an examination that are not what its verdict says: path → hex SHA-256 that they must have."""
    return {
        path: digest
        for path, digest in verdict.get("lake_sha256", {}).items()
        if not (settings.lake / path).is_file() or sha256_of(settings.lake / path) != digest
    }


def heal(entry: Entry, settings: Settings, pools: tuple[Pool, ...], now: datetime) -> Healed:
    """Put back what can be made again, each with an event. Raises ArchiveError for damaged bytes of the package."""
    restored: list[str] = []
    beyond: list[int] = []
    lost = lost_examinations(entry)
    for verdict in entry.verdicts:
        wanted = damaged(verdict, settings)
        if not wanted or verdict["examination_no"] in lost:
            continue
        done = _make_again(entry, verdict, wanted, settings, pools)
        for path in done:
            data = {"examination_no": verdict["examination_no"], "path": path, "sha256": wanted[path]}
            events.append(entry.folder, RESTORED, now, AUTHOR, data)
        restored += done
        if len(done) < len(wanted):
            beyond.append(verdict["examination_no"])
    return Healed(tuple(restored), tuple(beyond))


def give_up(entry: Entry, settings: Settings, examination_no: int, now: datetime) -> None:
    """Record that an examination's files are lost: what it told is left out of the figures as told from now on."""
    verdict = entry.verdicts[examination_no - 1]
    data = {"examination_no": examination_no, "paths": sorted(damaged(verdict, settings))}
    events.append(entry.folder, LOST, now, AUTHOR, data)


def _make_again(
    entry: Entry,
    verdict: Mapping[str, Any],
    wanted: Mapping[str, str],
    settings: Settings,
    pools: tuple[Pool, ...],
) -> list[str]:
    """Examine as of the moment of that examination; the files whose bytes are those recorded get their names."""
    then = datetime.fromisoformat(verdict["examined_at"])
    examination = examination_of(entry, settings, pools, then)
    written = write_lake(entry.number, int(verdict["examination_no"]), examination, settings)
    try:
        places = {one.target.relative_to(settings.lake).as_posix(): one for one in written}
        same = {path: one for path, one in places.items() if wanted.get(path) == one.sha256}
        lake_files.place(same.values())
        return list(same)
    finally:
        for one in written:
            one.drop()
