"""Files that appear whole or not at all: written under a temporary name, flushed, then renamed. And who may read them.

What is below $ESEP_HOME is for its owner and the owner's group: files 0640, folders 0750, secrets 0600. Every way
into the program sets the umask for that (`keep_private`), and what was made wider before is narrowed (`narrow`). Paths
longer than the system takes at once (4,095 bytes) are reached step by step, folder by folder.
"""

from __future__ import annotations

import errno
import fcntl
import glob
import hashlib
import json
import os
import re
import shutil
import stat
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from filelock import FileLock

TEMPORARY = ".tmp"
"""Suffix of unfinished files; every reader of a folder ignores it."""
UMASK = 0o027
INBOX = "inbox"
PRIVATE = (
    "archive",
    "journal",
    "proof",
    "lake",
    "reference",
    "warehouse",
    "outbox",
    "reports",
    "expected",
    INBOX,
    ".locks",
    ".airflow",
    ".secrets",
    ".failures",
    ".alarms",
    ".handover",
    ".store",
)
"""What Esep keeps below $ESEP_HOME for owner and group; anything else there is not Esep's."""
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV})
"""What link(2) says where the file system has no hard links."""
_NO_FOLDER_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EBADF})
_NO_MODES = frozenset(
    {errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EROFS, errno.EINVAL}
)
"""What chmod(2) says of another user's file, and where the file system keeps no modes (FAT, many network shares)."""
_OTHERS = stat.S_IRWXO
_OTHERS_LOOK = 0o026
"""Bits that $ESEP_HOME itself must not have: others may go through to public/ (0751), but see no names."""
_COPIED_AT_ONCE = 2**30
_AT_ONCE = 4_000
"""Bytes."""
_STEP = 1_000
"""Characters, of up to four bytes each; a single name has at most 255 bytes."""


def sha256_of(path: Path) -> str:
    """Hex SHA-256 of a file's bytes, read in pieces."""
    with os.fdopen(opened(path), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def names_in(folder: Path) -> list[str]:
    """The names in a folder, in no order; none where there is no such folder."""
    try:
        with os.scandir(folder) as items:
            return [item.name for item in items]
    except (FileNotFoundError, NotADirectoryError):
        return []


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; on success it takes the name of `path` in one step, on error it is gone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{uuid.uuid4().hex}{TEMPORARY}")
    try:
        yield temporary
        flush_to_disk(temporary)
        temporary.replace(path)
        flush_to_disk(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def copy(source: Path, target: Path) -> None:
    """Copy a file's bytes; a file system that can share them between files does."""
    try:
        with source.open("rb") as read, target.open("wb") as written:
            while os.copy_file_range(read.fileno(), written.fileno(), _COPIED_AT_ONCE):
                pass
    except (AttributeError, OSError):  # other systems; file systems between which the kernel cannot copy
        shutil.copyfile(source, target)


def remove_unfinished(path: Path) -> None:
    """Remove what killed writers of `path` left beside it. Only for the holder of a lock that keeps others from it."""
    for left in path.parent.glob(f"{glob.escape(path.name)}.{'[0-9a-f]' * 32}{TEMPORARY}"):
        left.unlink(missing_ok=True)


def put_once(aside: Path, path: Path) -> None:
    """Give the finished file `aside`, which is in the same folder, its name `path`; FileExistsError if that is taken.

    A link fails where the name is taken, a rename would replace it. Some file systems have no hard links (FAT, many
    network shares): there writers take turns by a lock on the folder itself, and `aside` is renamed.
    """
    try:
        os.link(aside, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.path.lexists(path):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
            aside.rename(path)
        finally:
            os.close(descriptor)
    flush_to_disk(path.parent)


def flush_to_disk(path: Path) -> None:
    """fsync a file or a folder, so that a rename that follows cannot outlive the bytes.

    A file system that cannot fsync folders (some network shares) is not asked twice: it keeps names by itself.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC or not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise
    finally:
        os.close(descriptor)


def write_json(path: Path, value: Any) -> None:
    """Write JSON as people read it (indented, non-ASCII kept), atomically."""
    with replacing(path) as temporary:
        temporary.write_text(as_json(value) + "\n", encoding="utf-8")


def as_json(value: Any) -> str:
    """JSON as people read it; days and moments in ISO form."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=_iso)


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def lock(path: Path) -> FileLock:
    """The lock of that path, to be held by `with`; its folder is made."""
    from filelock import FileLock  # a command that only reads needs none

    path.parent.mkdir(parents=True, exist_ok=True)
    return FileLock(path)


def read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def write_owner_only(path: Path, text: str) -> None:
    """Write a new file that nobody else can read, not even for a moment; raises FileExistsError if there is one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_new(path, f"{text}\n".encode(), mode=0o600)


def write_new(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Write a new file, flushed, in a folder that is there; raises FileExistsError if there is one, which stays.

    `mode` is narrowed by the process's own mask.
    """
    aside = path.with_name(f".{path.name}.{uuid.uuid4().hex}{TEMPORARY}")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        put_once(aside, path)  # whole, and never over one that another process made meanwhile
    finally:
        aside.unlink(missing_ok=True)


def keep_private(home: Path) -> None:
    """To be called at every entrance: what this process and its children write is for owner and group only.

    Narrows what is open below `home`. Cheap: a folder that is closed is not walked.
    """
    os.umask(UMASK)
    narrow(home)


def narrow(home: Path) -> list[Path]:
    """Take from others, and from the group's writing, what is below `home`; gives what was open at the top.

    A closed folder keeps everything in it from others, so only those of the top are looked at. One that is open
    is narrowed with all that it holds, itself last: a walk that is killed is taken up by the next. Of `inbox/` only
    the folder is closed, for its content belongs to the office. A folder of the top may be a link to another disk.
    What belongs to another user cannot be narrowed and is left as it is, and so is all on a file system without modes.
    """
    if _mode(home) & _OTHERS_LOOK:
        _set_mode(home, _mode(home) & ~_OTHERS_LOOK)
    tops = [(home / name).resolve() for name in PRIVATE if (home / name).is_dir()]
    opened = [folder for folder in tops if _mode(folder) & _OTHERS]
    for folder in opened:
        if folder == (home / INBOX).resolve():
            _set_mode(folder, _mode(folder) & ~_OTHERS)
        else:
            _narrow_tree(folder)
    return opened


def _narrow_tree(path: Path) -> None:
    for folder, _, names in os.walk(path, topdown=False):
        for name in names:
            _narrow_one(Path(folder, name))
        _narrow_one(Path(folder))


def _narrow_one(path: Path) -> None:
    mode = _mode(path)
    if mode & UMASK and not stat.S_ISLNK(mode):
        _set_mode(path, mode & ~UMASK)


def _mode(path: Path) -> int:
    """Type and mode of a path, links not followed; 0 for what is gone."""
    try:
        return path.lstat().st_mode
    except FileNotFoundError:
        return 0


def _set_mode(path: Path, mode: int) -> None:
    with suppress(FileNotFoundError):
        set_mode(path, stat.S_IMODE(mode))


def set_mode(path: Path | int, mode: int) -> None:
    """chmod of a path or an open file, as far as its file system has modes and it is ours to change."""
    try:
        if isinstance(path, int):
            os.chmod(path, mode)  # noqa: PTH101 - a descriptor
            return
        with reached(path) as (name, folder):
            os.chmod(name, mode, dir_fd=folder)
    except OSError as error:
        if error.errno not in _NO_MODES:
            raise


@contextmanager
def reached(path: Path) -> Iterator[tuple[str, int | None]]:
    """What os.open, os.unlink and their like take as path and as `dir_fd`: the path itself and None if it is short.

    Raises OSError if a folder on the way cannot be opened.
    """
    name, folder = os.fspath(path), None
    try:
        while len(name) > _STEP and len(os.fsencode(name)) > _AT_ONCE:
            cut = name.rindex("/", 0, _STEP)
            inner = os.open(name[:cut], os.O_RDONLY | os.O_DIRECTORY, dir_fd=folder)
            if folder is not None:
                os.close(folder)
            folder, name = inner, name[cut + 1 :]
        yield name, folder
    finally:
        if folder is not None:
            os.close(folder)


def opened(path: Path, flags: int = 0) -> int:
    """A descriptor of a file or folder, open for reading. Raises OSError."""
    with reached(path) as (name, folder):
        return os.open(name, os.O_RDONLY | flags, dir_fd=folder)


@contextmanager
def listed(folder: Path) -> Iterator[Iterator[os.DirEntry[str]]]:
    """As os.scandir. What it gives may be asked for its name and its state, while it is open. Raises OSError."""
    descriptor = opened(folder, os.O_DIRECTORY)
    try:
        with os.scandir(descriptor) as items:
            yield items
    finally:
        os.close(descriptor)


_CORE = "docProps/core.xml"
_WRITTEN = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")


def restamp(source: Path | IO[bytes], target: Path, day: date) -> None:
    """Copy the zip `source` to `target` with every time in it set to noon UTC of `day`, in a fixed compression."""
    stamp = f"{day.isoformat()}T12:00:00Z".encode()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == _CORE:
                data = _WRITTEN.sub(rb"\g<1>" + stamp + rb"\g<2>", data)
            member = zipfile.ZipInfo(name, (day.year, day.month, day.day, 12, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            new.writestr(member, data)
