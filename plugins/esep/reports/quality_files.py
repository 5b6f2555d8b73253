"""The files of the monthly reports: `reports/quality/<YYYY-MM>/`, with every version ever written beside the current.

    report.kk.html, report.kk.pdf, …   the report as it is now
    report.json                        what it was made of, and the SHA-256 of its files; written last
    as-of-2026-04-28/                  each version under the day as which it is told; never changed

A version is built aside and put in place by one rename; the current files are copies of it, so that a kill in between
is mended by the next run.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from filelock import FileLock

from esep import files
from esep.config import Settings
from esep.texts import LANGUAGES

MANIFEST = "report.json"
NAMES = tuple(f"report.{language}.{kind}" for language in LANGUAGES for kind in ("html", "pdf"))
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_VERSION = "as-of-"
_STAGING = ".staging"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a report was made of."""

    month: str
    as_of: str
    code_version: str
    files: Mapping[str, str]
    """Name → SHA-256."""


@contextmanager
def locked(settings: Settings) -> Iterator[None]:
    """One writer at a time; the next one then finds the report written."""
    settings.locks.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.locks / "quality_report.lock"):
        yield


def folder(settings: Settings) -> Path:
    return settings.reports / "quality"


def folder_of(settings: Settings, month: date) -> Path:
    return folder(settings) / f"{month:%Y-%m}"


def months(settings: Settings) -> dict[date, tuple[str, ...]]:
    """The months that have a report, latest first, each with the names of its files."""
    try:
        found = sorted((path for path in folder(settings).iterdir() if _is_month(path)), reverse=True)
    except FileNotFoundError:
        return {}
    return {date.fromisoformat(f"{path.name}-01"): tuple(_current(path)) for path in found if _current(path)}


def files_of(settings: Settings, month: str) -> dict[str, Path]:
    """The current files of a month by name; empty where there is no report, whatever `month` says."""
    path = folder(settings) / month if _MONTH.fullmatch(month) else None
    return _current(path) if path is not None and path.is_dir() else {}


def manifest(settings: Settings, month: date) -> Manifest | None:
    """That of the current report; None while there is none, or where it cannot be read: it is then written anew."""
    try:
        return Manifest(**files.read_json(folder_of(settings, month) / MANIFEST))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def describe(month: date, as_of: date, code_version: str, contents: Mapping[str, bytes]) -> Manifest:
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(contents.items())}
    return Manifest(f"{month:%Y-%m}", as_of.isoformat(), code_version, sums)


def is_whole(settings: Settings, month: date, told: Manifest) -> bool:
    """Whether the current files are those of the manifest."""
    current = files_of(settings, told.month)
    return all(name in current and files.sha256_of(current[name]) == sha for name, sha in told.files.items())


def put(settings: Settings, month: date, told: Manifest, contents: Mapping[str, bytes]) -> None:
    """Keep the version under its day, then make it the current one."""
    version = _keep(folder_of(settings, month), told, contents)
    for name in told.files:
        with files.replacing(folder_of(settings, month) / name) as temporary:
            shutil.copyfile(version / name, temporary)
    files.write_json(folder_of(settings, month) / MANIFEST, asdict(told))


def _keep(home: Path, told: Manifest, contents: Mapping[str, bytes]) -> Path:
    """The folder of the version; one that stands there already is used if it is the same, else a number is added."""
    serial = 1
    while True:
        version = home / f"{_VERSION}{told.as_of}{'' if serial == 1 else f'-{serial}'}"
        if not version.exists():
            aside = home / _STAGING / uuid.uuid4().hex
            try:
                for name, content in contents.items():
                    with files.replacing(aside / name) as temporary:
                        temporary.write_bytes(content)
                files.write_json(aside / MANIFEST, asdict(told))
                aside.rename(version)
                files.flush_to_disk(home)
            finally:
                shutil.rmtree(home / _STAGING, ignore_errors=True)
        if files.read_json(version / MANIFEST) == asdict(told):
            return version
        serial += 1


def _current(path: Path) -> dict[str, Path]:
    if not (path / MANIFEST).is_file():
        return {}
    return {name: path / name for name in NAMES if (path / name).is_file()}


def _is_month(path: Path) -> bool:
    return bool(_MONTH.fullmatch(path.name)) and path.is_dir()
