"""What the file systems below $ESEP_HOME must offer, tried on each of them before anything is registered.

A number is claimed by giving a finished folder a name that nobody else can have; writers take turns by locks; a record
gets its name in one step once its bytes are on the disk; files of a package keep the names that the filer gave them. A
file system that only seems to do so doubles numbers or loses records without a word (docs/operating.md, "Storage").
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from esep import files
from esep.config import Settings
from esep.records import sharing
from esep.store import address, trial
from esep.store.model import StoreError
from esep.store.trial import StoreLack
from esep.texts import text

MOST_SECONDS_APART = 60
"""Between this machine's clock and that of the file system: a package settles by the times of its files."""
_PROBE = ".probe-"
_OLD_SECONDS = 3600
"""After which a probe is one that a killed process left."""
_MOUNTS = Path("/proc/self/mountinfo")
_LOCAL_LOCKS = {
    "nfs": re.compile(r"\bnolock\b|\blocal_lock=(?:all|flock)\b"),
    "nfs4": re.compile(r"\blocal_lock=(?:all|flock)\b"),
    "cifs": re.compile(r"\bnobrl\b"),
    "smb3": re.compile(r"\bnobrl\b"),
}
"""Options by which a network file system keeps locks to the machine that takes them (nfs(5), mount.cifs(8))."""


class Lack(StrEnum):
    """What a file system lacks; each has its words in texts/status.toml under `lack_…`."""

    WRITING = "writing"
    LOCKS = "locks"
    """Two holders of one lock, or none at all."""
    SHARED_LOCKS = "shared_locks"
    """Other machines do not see the locks of this one."""
    TAKEN_NAMES = "taken_names"
    """A folder or file takes the place of one that has the name."""
    REPLACING = "replacing"
    """A file cannot take the name of another in one step."""
    FLUSHING = "flushing"
    NAMES = "names"
    """Names in Kazakh, long ones, or two that differ in case are not kept as they are."""
    CLOCK = "clock"
    STORE = "store"
    """It cannot be reached."""
    OTHER_STORE = "other_store"
    """The home is a copy of an office in another store than ESEP_STORE names, or of none."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that the file system of a folder lacks, or the store that the home shares."""

    folder: Path | str
    """Or the store's address."""
    lack: Lack | StoreLack
    detail: str = ""
    """What the system said, if it said anything."""

    def words(self, language: str) -> str:
        """What it lacks, and what the system said of it."""
        said = f" ({self.detail})" if self.detail else ""
        return f"{self.folder}: {text(f'status.lack_{self.lack}', language)}{said}"


class FileSystemError(RuntimeError):
    """A file system below $ESEP_HOME that would lose or double something; the text names folder, lack and next step."""


def require(settings: Settings) -> None:
    """Raise FileSystemError if a file system below $ESEP_HOME lacks something."""
    found = faults(settings)
    if found:
        lacks = "; ".join(fault.words("en") for fault in found)
        raise FileSystemError(
            f"{lacks}. Nothing is registered there. Put the folder on a file system that offers this, or mount it so "
            'that it does (docs/operating.md, "Storage"); a home joins a store by bin/esep store join. bin/esep status '
            "tries it again."
        )


def faults(settings: Settings) -> list[Fault]:
    """What the file systems of the folders that Esep writes to lack; each is tried once, and so is a store."""
    return [fault for folder in _one_of_each(settings) for fault in faults_of(folder)] + _of_store(settings)


def _of_store(settings: Settings) -> list[Fault]:
    try:
        shared = sharing.of(settings.home)
        named = address.opened(settings.store).address if settings.store else ""
        joined = shared.store.address if shared else ""
        if named != joined:
            return [Fault(named or joined, Lack.OTHER_STORE, f"{settings.home}: {joined}" if joined else "")]
        return [Fault(joined, lack) for lack in trial.lacks(shared.store)] if shared else []
    except StoreError as error:
        return [Fault(settings.store or "", Lack.STORE, str(error))]


def faults_of(folder: Path) -> list[Fault]:
    """What the file system of a folder lacks, found in a folder of its own in there, which is gone afterwards."""
    probe = folder / f"{_PROBE}{uuid.uuid4().hex}{files.TEMPORARY}"
    found = []
    try:
        _remove_left(folder)
        probe.mkdir()
        for lack, holds in _TRIALS.items():
            detail = _outcome(holds, probe)
            if detail is not None:
                found.append(Fault(folder, lack, detail))
    except OSError as error:
        found.append(Fault(folder, Lack.WRITING, error.strerror or str(error)))
    finally:
        shutil.rmtree(probe, ignore_errors=True)
    return found


def _one_of_each(settings: Settings) -> Iterator[Path]:
    """The first folder on each file system, of those that Esep writes records, lake and warehouse to."""
    seen = set()
    for folder in (
        settings.archive,
        settings.journal,
        settings.home / "proof",
        settings.lake,
        settings.reference,
        settings.warehouse,
        settings.outbox,
        settings.reports,
        settings.locks,
    ):
        there = folder if folder.is_dir() else settings.home
        if there.is_dir() and (device := there.stat().st_dev) not in seen:
            seen.add(device)
            yield there


def _remove_left(folder: Path) -> None:
    for path in folder.glob(f"{_PROBE}*{files.TEMPORARY}"):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > _OLD_SECONDS:
                shutil.rmtree(path, ignore_errors=True)


def _outcome(holds: Callable[[Path], bool | str], probe: Path) -> str | None:
    """None if it holds, else what is known of the reason; an error of the system is one."""
    try:
        answer = holds(probe)
    except OSError as error:
        return error.strerror or str(error)
    return None if answer is True else answer or ""


def _keeps_a_second_holder_out(probe: Path) -> bool:
    """As filelock takes its locks."""
    path = probe / "lock"
    path.touch()
    first, second = os.open(path, os.O_RDWR), os.open(path, os.O_RDWR)
    try:
        fcntl.flock(first, fcntl.LOCK_EX)
        try:
            fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False
    finally:
        os.close(first)
        os.close(second)


def _shows_its_locks_to_others(probe: Path) -> bool | str:
    mount = _mount_of(probe)
    if mount is None:
        return True
    kind, options = mount
    hidden = _LOCAL_LOCKS.get(kind)
    found = hidden.search(options) if hidden else None
    return f"{kind}, {found[0]}" if found else True


def _mount_of(path: Path) -> tuple[str, str] | None:
    """Kind and options of the mount that a path is on, by the longest mount point above it (proc_pid_mountinfo(5))."""
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:  # no Linux
        return None
    best, found = -1, None
    real = str(path.resolve())
    for line in lines:
        mount, _, source = line.partition(" - ")
        point = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), mount.split(" ")[4])
        if len(point) > best and (real + "/").startswith(point.rstrip("/") + "/"):
            kind, _, options = source.split(" ", 2)
            best, found = len(point), (kind, f"{mount.split(' ')[5]},{options}")
    return found


def _refuses_a_taken_name(probe: Path) -> bool:
    """As registration claims a number (a folder), and a record its name (a file)."""
    for name in ("first", "second"):
        (probe / name).mkdir()
        (probe / name / "receipt").touch()
    try:
        (probe / "second").rename(probe / "first")
    except OSError as error:
        if error.errno not in (errno.EEXIST, errno.ENOTEMPTY, errno.EACCES, errno.EPERM):
            raise
    else:
        return False
    for name in ("one", "other"):
        (probe / name).write_text(name)
    try:
        files.put_once(probe / "other", probe / "one")
    except FileExistsError:
        return (probe / "one").read_text() == "one"
    return False


def _replaces_in_one_step(probe: Path) -> bool:
    path = probe / "replaced"
    path.write_text("before")
    with files.replacing(path) as aside:
        aside.write_text("after")
    return path.read_text() == "after"


def _flushes(probe: Path) -> bool:
    path = probe / "flushed"
    path.write_bytes(b"x")
    files.flush_to_disk(path)
    files.flush_to_disk(probe)
    return True


def _keeps_names(probe: Path) -> bool:
    folder = probe / "names"
    folder.mkdir()
    names = {"Қосымша й.xlsx", "қосымша й.xlsx", "n" * 255}
    for name in names:
        (folder / name).touch()
    return set(files.names_in(folder)) == names


def _agrees_on_the_time(probe: Path) -> bool | str:
    path = probe / "now"
    path.touch()
    apart = round(path.stat().st_mtime - time.time())
    return True if abs(apart) <= MOST_SECONDS_APART else f"{apart:+} s"


_TRIALS: dict[Lack, Callable[[Path], bool | str]] = {
    Lack.LOCKS: _keeps_a_second_holder_out,
    Lack.SHARED_LOCKS: _shows_its_locks_to_others,
    Lack.TAKEN_NAMES: _refuses_a_taken_name,
    Lack.REPLACING: _replaces_in_one_step,
    Lack.FLUSHING: _flushes,
    Lack.NAMES: _keeps_names,
    Lack.CLOCK: _agrees_on_the_time,
}
