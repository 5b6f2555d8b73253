"""Hashing many files at once: hashlib lets go of the interpreter, so a few threads keep up with the disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from esep import files
from esep.proof.model import Damage

THREADS = min(8, 2 * (os.cpu_count() or 1))
_AT_ONCE = 1 << 20
_BATCH = 32

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all."""


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
