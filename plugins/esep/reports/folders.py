"""Reports on disk: one writer at a time, each built aside and put in place by one rename, never over another."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from esep import files
from esep.config import Settings

STAGING = ".staging"


@contextmanager
def locked(settings: Settings, name: str, folder: Path) -> Iterator[None]:
    """The lock of a kind of report, which are below `folder`; what killed runs left there is removed first."""
    with files.lock(settings.locks / f"{name}.lock"):
        for staging in folder.glob(f"**/{STAGING}"):
            shutil.rmtree(staging, ignore_errors=True)
        yield


def numbered(path: Path) -> Iterator[Path]:
    """The path, and after it the same with `-2`, `-3`, … at the end of its name."""
    yield path
    for serial in count(2):
        yield path.with_name(f"{path.name}-{serial}")


@contextmanager
def built_aside(target: Path) -> Iterator[Path]:
    """A new folder, which becomes `target` at the end; nothing is there if that is not reached."""
    staging = target.parent / STAGING
    aside = staging / uuid.uuid4().hex
    aside.mkdir(parents=True)
    try:
        yield aside
        put_in_place(aside, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def put_in_place(aside: Path, target: Path) -> None:
    """One rename, after every byte is on disk."""
    for path in aside.rglob("*"):
        files.flush_to_disk(path)
    aside.rename(target)
    files.flush_to_disk(target.parent)
