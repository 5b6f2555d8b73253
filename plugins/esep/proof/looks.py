"""What a folder's files look like from outside: names, sizes and times, by which a change is noticed without reading.

What a program writes, even with its old time put back, changes `ctime`. What a failing disk changes by itself does not:
for that everything is read at `rebuild`, at `verify`, and once a day, by a few threads: hashlib lets go of the
interpreter, so they keep up with the disk.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from esep import files
from esep.proof.model import Damage

UNSETTLED_NS = 2_000_000_000
"""A file that changed so shortly before a look could change again within one tick of the clock: not remembered."""
THREADS = min(8, 2 * (os.cpu_count() or 1))
_AT_ONCE = 1 << 20
_BATCH = 32

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file: path relative to the home, size, whether it is a regular file, and all that shows a change."""

    path: str
    size: int
    is_file: bool
    changed_ns: int
    mark: str


def below(home: Path, folder: str) -> list[Seen]:
    """All files below a folder, in the order of their paths; an absent folder has none. Links are not followed."""
    found: list[Seen] = []
    _walk(home / folder, folder, found)
    found.sort(key=lambda seen: seen.path)
    return found


def of(home: Path, paths: Iterable[str]) -> list[Seen]:
    """The files of these paths that are there."""
    found = []
    for path in paths:
        try:
            found.append(_seen(path, os.lstat(home / path)))
        except OSError:
            continue
    return found


def fingerprint(seen: Iterable[Seen], *context: object) -> str:
    """One short text for many files and whatever else a proof depends on."""
    digest = hashlib.blake2b(repr(context).encode(), digest_size=16)
    for one in seen:
        digest.update(f"\n{one.path} {one.mark}".encode(errors="surrogateescape"))
    return digest.hexdigest()


def _walk(folder: Path | str, relative: str, found: list[Seen]) -> None:
    try:
        with os.scandir(folder) as items:
            entries = list(items)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        path = f"{relative}/{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            _walk(entry.path, path, found)
        else:
            try:
                found.append(_seen(path, entry.stat(follow_symlinks=False)))
            except FileNotFoundError:
                continue


def _seen(path: str, status: os.stat_result) -> Seen:
    changed = max(status.st_ctime_ns, status.st_mtime_ns)
    mark = f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"
    return Seen(path, status.st_size, stat.S_ISREG(status.st_mode), changed, mark)


@dataclass(frozen=True, slots=True)
class Job:
    """A file that must have this hash; if it has not, `damage` with the words of what is wrong."""

    chain: str
    """The chain of the record that names it."""
    path: Path
    sha256: str
    size: int
    """Bytes that it has now, for the progress."""
    damage: Damage


def differing(jobs: list[Job], progress: Progress | None = None) -> list[tuple[Job, Damage]]:
    """The jobs whose files are not what they must be."""
    total, done = sum(job.size for job in jobs), 0
    found = []
    batches = [jobs[start : start + _BATCH] for start in range(0, len(jobs), _BATCH)]
    with ThreadPoolExecutor(THREADS) as pool:
        for batch, faults in zip(batches, pool.map(_faults, batches), strict=True):
            found += faults
            done += sum(job.size for job in batch)
            if progress:
                progress(done, total)
    return found


def _faults(batch: Iterable[Job]) -> list[tuple[Job, Damage]]:
    return [(job, damage) for job in batch if (damage := _fault(job))]


def _fault(job: Job) -> Damage | None:
    try:
        if sha256_of(job.path) == job.sha256:
            return None
        what = "its bytes are not those that were recorded"
    except FileNotFoundError:
        what = "it is missing"
    except OSError as error:
        what = f"it cannot be read ({error.strerror})"
    return Damage(job.damage.path, what, job.damage.todo, job.damage.stops)


def sha256_of(path: Path) -> str:
    """Hex SHA-256; a small file is read at once, which spares a buffer for each."""
    with path.open("rb", buffering=0) as file:
        if os.fstat(file.fileno()).st_size > _AT_ONCE:
            return files.sha256_of(path)
        return hashlib.sha256(file.read()).hexdigest()
