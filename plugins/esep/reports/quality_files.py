"""The files of the monthly reports: `reports/quality/<YYYY-MM>/`, with every version ever written beside the current.

    report.kk.html, report.kk.pdf, …   the report as it is now
    report.json                        what it was made of, and the SHA-256 of its files; written last
    as-of-2026-04-28/                  each version under the day as which it was written; never changed

A version is built aside and put in place by one rename; the current files are copies of it, so that a kill in between
is repaired by the next run.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from esep import files
from esep.config import Settings
from esep.reports import folders
from esep.reports.quality_facts import QualityFacts
from esep.texts import LANGUAGES

MANIFEST = "report.json"
NAMES = tuple(f"report.{language}.{kind}" for language in LANGUAGES for kind in ("html", "pdf"))
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
Manifest = Mapping[str, Any]
"""What a report was made of: `month`, `as_of`, `code_version`, and `files`, name → SHA-256."""


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
        found = files.read_json(folder_of(settings, month) / MANIFEST)
    except (FileNotFoundError, ValueError):
        return None
    whole = {"month", "as_of", "code_version", "files"}
    return found if isinstance(found, dict) and found.keys() == whole else None


def describe(facts: QualityFacts, contents: Mapping[str, bytes]) -> Manifest:
    return {
        "month": f"{facts.month:%Y-%m}",
        "as_of": facts.as_of.isoformat(),
        "code_version": facts.code_version,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(contents.items())},
    }


def is_whole(settings: Settings, of: Manifest) -> bool:
    """Whether the current files are those of the manifest."""
    current = files_of(settings, of["month"])
    return all(name in current and files.sha256_of(current[name]) == sha for name, sha in of["files"].items())


def put(home: Path, of: Manifest, contents: Mapping[str, bytes]) -> None:
    """Keep the version under its day, then make it the current one of the month's folder."""
    version = _keep(home, of, contents)
    for name in of["files"]:
        with files.replacing(home / name) as temporary:
            shutil.copyfile(version / name, temporary)
    files.write_json(home / MANIFEST, of)


def _keep(home: Path, of: Manifest, contents: Mapping[str, bytes]) -> Path:
    """The folder of the version; one that is there already is used if it is the same, else a number is added."""
    versions = folders.numbered(home / f"as-of-{of['as_of']}")
    version = next(path for path in versions if not path.exists() or files.read_json(path / MANIFEST) == of)
    if not version.exists():
        with folders.built_aside(version) as aside:
            for name, content in contents.items():
                (aside / name).write_bytes(content)
            files.write_json(aside / MANIFEST, of)
    return version


def _current(path: Path) -> dict[str, Path]:
    if not (path / MANIFEST).is_file():
        return {}
    return {name: path / name for name in NAMES if (path / name).is_file()}


def _is_month(path: Path) -> bool:
    return bool(_MONTH.fullmatch(path.name)) and path.is_dir()
