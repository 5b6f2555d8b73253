"""The inbox: which packages may be taken, in order of arrival, and why the others are left.

What is hidden, unfinished or a stamp shows from its name alone.
"""

from __future__ import annotations

import errno
import os
import stat
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from esep.clock import TIMEZONE
from esep.config import Settings
from esep.file_names import to_text
from esep.office.package import Package
from esep.office.stamp import STAMP, read_stamp
from esep.office.storage import Contents, kind_of, scan

UNFINISHED = (".part", ".tmp", ".partial", ".filepart", ".crdownload")
"""Endings under which browsers and copying programs keep a file until it is whole."""
ABANDONED_AFTER = timedelta(days=1)
"""A part file or lock file untouched for so long holds its package back no more: everything is registered (para 7)."""
_SECOND = 1_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Unsettled:
    """Something in the inbox that is not taken now."""

    name: str
    """Name in the inbox, as text that any JSON holds (see file_names.to_text)."""
    reason: str
    """One plain sentence."""
    settles_at: datetime | None
    """When it will be taken if nothing touches it; None if a person has to do something first."""
    cause: str
    """The reason as a stable word: `unfinished`, `no_file`, `stamp_alone`, `changing`, `unreadable`, `path_too_long` or
    `empty`."""


class Survey(NamedTuple):
    """The inbox at one moment. Names starting with a dot appear in neither part."""

    waiting: list[Package]
    """In order of arrival: by the stamped moment; the unstamped after them, by newest change."""
    unsettled: list[Unsettled]
    """The items that are left, by name."""


def waiting(settings: Settings, now: datetime) -> list[Package]:
    """Settled packages in order of arrival."""
    return survey(settings, now).waiting


def survey(settings: Settings, now: datetime) -> Survey:
    """What is taken and what is left, from one look at the inbox; one that does not exist yet is an empty one.

    A package that cannot be listed is left. Raises OSError only if the inbox itself cannot be listed.
    """
    inbox = _Inbox(settings, now)
    judged = [inbox.judge(name) for name in sorted(inbox.files | inbox.folders)]
    packages = sorted((one for one in judged if isinstance(one, Package)), key=_order)
    left = inbox.left + [one for one in judged if isinstance(one, Unsettled)]
    return Survey(packages, sorted(left, key=lambda item: item.name))


def _order(package: Package) -> tuple[bool, float, int, str]:
    moment = package.received_at
    return moment is None, moment.timestamp() if moment else 0.0, package.contents.newest_mtime_ns, package.name


class _Inbox:
    """One look at the inbox: its names by what they are, and which packages its stamps are for."""

    def __init__(self, settings: Settings, now: datetime) -> None:
        self.folder = settings.inbox
        self.settle_ns = round(settings.inbox_settle_seconds * _SECOND)
        self.now = now
        self.now_ns = (now - _EPOCH) // timedelta(microseconds=1) * 1000
        self.names = dict(_names_and_modes(self.folder))
        self.files: set[str] = set()
        self.folders: set[str] = set()
        self.left: list[Unsettled] = []
        self.stamps: dict[str, list[str]] = {}
        lone = {name for name, mode in self.names.items() if not is_hidden(name) and not self._sorted(name, mode)}
        self.owners = stamp_owners(lone, self.files, self.folders)
        for name in sorted(lone, key=lambda name: (-len(name), name)):  # the fuller spelling first
            found = self.owners[name]
            for owner in found:
                self.stamps.setdefault(owner, []).append(name)
            if not found:
                reason = "a stamp without its package; put the package beside it or remove it"
                self.left.append(_left(name, "stamp_alone", reason))

    def _sorted(self, name: str, mode: int) -> bool:
        """Take a name for what it is; False for a stamp, whose packages are to be found once all are known."""
        if says_unfinished(name):
            self.left.append(_left(name, "unfinished", "its name says that it is not whole or is open in a program"))
        elif stat.S_ISDIR(mode):
            self.folders.add(name)
        elif not stat.S_ISREG(mode):
            reason = f"a {kind_of(mode)} is not taken; put the file or folder itself here"
            self.left.append(_left(name, "no_file", reason))
        elif is_stamp(name):
            return False
        else:
            self.files.add(name)
        return True

    def judge(self, name: str) -> Package | Unsettled:
        """The package of that name, or why it is not taken now."""
        path, is_folder = self.folder / name, name in self.folders
        try:
            contents = scan(path)
            stamps = self._stamps(path, contents if is_folder else None)
            changed_ns = max([contents.changed_ns(self.now_ns)] + [scan(s).changed_ns(self.now_ns) for s in stamps])
            reason = self._reason(name, is_folder, contents)
            wait_ns = round(ABANDONED_AFTER.total_seconds() * _SECOND) if reason else self.settle_ns
            if wait_ns and self.now_ns - changed_ns < wait_ns:
                cause = "unfinished" if reason else "changing"
                return _left(name, cause, reason or "it was changed a moment ago", changed_ns + wait_ns)
            found = read_stamp(stamps[0], self.now) if stamps else None
        except (FileNotFoundError, NotADirectoryError):
            return _left(name, "changing", "it changed while it was looked at", self.now_ns + self.settle_ns)
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                reason = "its folders are nested too deep or have too long names; pack it as one .zip or shorten them"
                return _left(name, "path_too_long", reason)
            return _left(name, "unreadable", f"it cannot be read ({error}); allow Esep's user to read and remove it")
        sharers = frozenset(other for mine in self.stamps.get(name, ()) for other in self.owners[mine]) - {name}
        package = Package(path, is_folder, contents, stamps, found, changed_ns, sharers)
        if not package.files:
            return _left(name, "empty", "a folder without any file is no package; fill it or remove it")
        return package

    def _stamps(self, path: Path, folder: Contents | None) -> tuple[Path, ...]:
        inside = [path / STAMP] if folder and any(file.path == STAMP for file in folder.files) else []
        return tuple(inside + [self.folder / name for name in self.stamps.get(path.name, [])])

    def _reason(self, name: str, is_folder: bool, contents: Contents) -> str | None:
        """The sign that the package is not whole, although nothing may have changed for a while."""
        if is_folder:
            parts = (file.path for file in contents.files)
            sign = next((part for part in parts if says_unfinished(part.rpartition("/")[2])), None)
        else:
            sign = unfinished_beside(name, self.names)
        return f"{to_text(sign)} says that it is not whole or is open in a program" if sign else None


def _names_and_modes(folder: Path) -> Iterable[tuple[str, int]]:
    try:
        with os.scandir(folder) as items:
            found = [(item, item.name) for item in items]
    except FileNotFoundError:
        return
    for item, name in found:
        try:
            yield name, item.stat(follow_symlinks=False).st_mode
        except FileNotFoundError:
            continue


def _left(name: str, cause: str, reason: str, settles_ns: int | None = None) -> Unsettled:
    moment = None
    if settles_ns is not None:  # rounded up: at that moment it has settled
        moment = (_EPOCH + timedelta(microseconds=-(-settles_ns // 1000))).astimezone(TIMEZONE)
    return Unsettled(to_text(name), reason, moment, cause)


def is_hidden(name: str) -> bool:
    """Names starting with a dot are nobody's package: our own aside folders, a desktop's droppings, lock files."""
    return name.startswith(".")


def says_unfinished(name: str) -> bool:
    """True for a name of something being written (`x.xlsx.part`) or open in a program (`.~lock.x.ods#`, `~$x.xlsx`)."""
    is_lock = name.startswith(".~lock.") and name.endswith("#")
    return is_lock or name.lower().endswith(UNFINISHED) or name.startswith("~$")


def unfinished_beside(name: str, present: Collection[str]) -> str | None:
    """The name among `present` which says that `name` itself is not whole or is open in an office program."""
    signs = [f"{name}{ending}" for ending in UNFINISHED]
    signs += [f".~lock.{name}#", f"~${name}", f"~${name[2:]}"]  # the last: long names lose their first two letters
    return next((sign for sign in signs if sign in present), None)


def is_stamp(name: str) -> bool:
    return name == STAMP or name.endswith(f".{STAMP}")


def stamp_owners(stamps: Iterable[str], files: Collection[str], folders: Collection[str]) -> dict[str, frozenset[str]]:
    """By stamp the packages beside it that it is for; empty if there are none.

    `X.ext.office.json` is for `X.ext`. `X.office.json` is for every lone file or zip `X.<ending>`, so that one stamp
    may serve a workbook and its application lying side by side; without such a file, for a folder named `X`.
    """
    by_stem: defaultdict[str, set[str]] = defaultdict(set)
    for name in files:
        by_stem[name.rpartition(".")[0]].add(name)
    owners: dict[str, frozenset[str]] = {}
    for name in stamps:
        stem = name.removesuffix(STAMP).removesuffix(".")
        if stem in files:
            owners[name] = frozenset({stem})
        elif stem:
            owners[name] = frozenset(by_stem.get(stem) or ({stem} if stem in folders else ()))
        else:
            owners[name] = frozenset()
    return owners
