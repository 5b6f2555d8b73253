"""Moving a lake from before, file by file and byte for byte, to the folders of today (`bin/esep lake move`).

A file has both names for a moment and then the new one, so a kill loses nothing, and the next run goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from esep import files
from esep.config import Settings
from esep.lake import manifest, places
from esep.office import archive
from esep.proof.model import reexamine
from esep.proof.named import lost_examinations
from esep.records import append, heads
from esep.warehouse import work

Progress = Callable[[int, int], None]
"""Called with files done and files in all."""


@dataclass(frozen=True, slots=True)
class Left:
    """A file that was not moved."""

    path: str
    """Relative to the lake."""
    why: str
    """With what to do."""


@dataclass(frozen=True, slots=True)
class MoveReport:
    """What was done, or would be; paths relative to the lake, as they were."""

    moved: tuple[str, ...] = ()
    doubles: tuple[str, ...] = ()
    """Those that were at the new place already, byte for byte: the older copy was removed."""
    left: tuple[Left, ...] = ()


@dataclass(frozen=True, slots=True)
class _Recorded:
    """What the records say of a file."""

    number: str
    sha256: str | None
    """None in records from before there were hashes, which nobody has adopted."""
    is_lost: bool
    """Whether the examination was given up."""


def move(settings: Settings, *, is_trial: bool = False, progress: Progress | None = None) -> MoveReport:
    """Move every file that a verdict names and that is as recorded; `is_trial` only says what would be done.

    The hash is proved before and after. No load runs meanwhile. Raises ArchiveError for a verdict that cannot be read,
    before anything is moved.
    """
    with work.locked(settings):
        older = places.older(settings.lake)
        recorded = _recorded(settings) if older else {}
        moved: list[str] = []
        doubles: list[str] = []
        left: list[Left] = []
        for done, path in enumerate(older, start=1):
            try:
                with append.adding(settings.home):  # no examination places a file, no backup makes its list
                    is_double = _move(settings.lake, path, recorded.get(places.of_today(path)), is_trial=is_trial)
            except _LeftError as error:
                left.append(Left(path, str(error)))
            else:
                (doubles if is_double else moved).append(path)
            if progress:
                progress(done, len(older))
        if not is_trial:
            places.remove_empty(settings.lake)
            manifest.follow(settings)
        return MoveReport(tuple(moved), tuple(doubles), tuple(left))


class _LeftError(Exception):
    """Why a file stays where it is, and what to do."""


def _recorded(settings: Settings) -> dict[str, _Recorded]:
    """What all verdicts say, by the path of today."""
    adopted = heads.adopted(settings.home).hashes
    found = {}
    for entry in archive.registered(settings):
        lost = lost_examinations(entry)
        for verdict in entry.verdicts:
            hashes = verdict.get("lake_sha256", {})
            for path in verdict["lake"]:
                digest = hashes.get(path) or adopted.get(f"{settings.lake.name}/{path}")
                is_lost = verdict["examination_no"] in lost
                found[places.of_today(path)] = _Recorded(entry.number, digest, is_lost)
    return found


def _move(lake: Path, path: str, recorded: _Recorded | None, *, is_trial: bool) -> bool:
    """Move one file; whether it was at the new place already. Raises _LeftError, and leaves the file where it is."""
    if recorded is None:
        raise _LeftError("no verdict names it, so it counts for nothing. Move it away")
    old, new = lake / path, lake / places.of_today(path)
    digest = files.sha256_of(old)
    is_double = new.exists()
    if is_double and files.sha256_of(new) != digest:
        raise _LeftError(_two(old, new, recorded, digest))
    if digest != (recorded.sha256 or digest):
        todo = "Its examination was given up: move it away" if recorded.is_lost else reexamine(recorded.number)
        raise _LeftError(f"its bytes are not those that were recorded. {todo}")
    if is_trial:
        return is_double
    new.parent.mkdir(exist_ok=True)
    if not is_double:
        files.put_once(old, new)
        if files.sha256_of(new) != digest:
            raise _LeftError(f"its bytes are others at {new}. {reexamine(recorded.number)}")
    old.unlink(missing_ok=True)
    files.flush_to_disk(old.parent)
    return is_double


def _two(old: Path, new: Path, recorded: _Recorded, digest: str) -> str:
    right = {digest: old, files.sha256_of(new): new}.get(recorded.sha256 or "")
    which = f"{right} is as recorded: move the other away" if right else reexamine(recorded.number)
    return f"{old} and {new} are two files of one name with different bytes. {which}"
