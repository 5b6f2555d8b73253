"""A package as it waits in the inbox, with the office's stamp on it, and how two of them are distinguished."""

from __future__ import annotations

import hashlib
import itertools
import os
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from esep.file_names import from_text, to_text
from esep.files import sha256_of
from esep.office.archive import ReceivedFile
from esep.office.stamp import LETTER, OFFICE, Stamp
from esep.office.storage import LONGEST_KEPT, Contents, FoundFile

_DIGITS_OF_PATH = 16
_LAST_OF_NAME = 50
"""Characters of up to four bytes, so that the whole name stays below the system's 255 bytes."""


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
        """The filer's files: all but the office's own at the top of a folder."""
        return tuple(file for file in self.contents.files if not (self.is_folder and file.path in OFFICE))

    @property
    def letter_path(self) -> Path | None:
        """The letter with which it came; None if it did not come by mail."""
        has_letter = self.is_folder and any(file.path == LETTER for file in self.contents.files)
        return self.path / LETTER if has_letter else None

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

    @property
    def content_keys(self) -> frozenset[str]:
        return content_keys(self.files, self.package_sha256)


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


def content_keys(files: Sequence[ReceivedFile], package_sha256: str) -> frozenset[str]:
    """Packages that have one of these in common have the same content, however they came.

    The package's hash; of a lone file also the hash that a folder with nothing else in it would have.
    """
    is_lone = len(files) == 1 and "/" not in (files[0].original or files[0].path)
    return frozenset({package_sha256, folder_sha256(files)} if is_lone else {package_sha256})


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
