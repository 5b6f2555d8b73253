"""The annual statement, the quality report, and what the archive's records hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from goldens import as_text
from goldens.golden import hold, normalised, nothing_else

pytestmark = pytest.mark.slow

WHOLE = ("160140000371", "790107300609", "131140000527", "totals")
"""Taxpayers whose statement is held as PDF too; of the others it is the workbook."""


@pytest.mark.parametrize("kind", ["statement", "quality"])
def test_reports_say_what_they_said(home: Path, kind: str) -> None:
    folder = home / "reports" / kind
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if kind == "statement" and path.suffix == ".pdf" and not path.name.startswith(WHOLE):
            continue
        text = as_text.of_file(path.name, path.read_bytes())
        hold(f"reports/{path.relative_to(home / 'reports')}", normalised(text, home))


def test_the_reports_are_the_same_files(home: Path) -> None:
    found = sorted(path.relative_to(home).as_posix() for path in (home / "reports").rglob("*") if path.is_file())
    hold("reports/files", "\n".join(found))


@pytest.mark.parametrize("folder", ["archive", "journal"])
def test_records_hold_what_they_held(home: Path, folder: str) -> None:
    """Receipts, verdicts and events, each year of the archive as one text."""
    told: dict[str, list[str]] = {}
    for path in sorted((home / folder).rglob("*.json")):
        place = path.relative_to(home)
        if "package" not in place.parts:
            record = json.loads(path.read_text(encoding="utf-8"))
            line = f"{place.as_posix()}\n{json.dumps(record, ensure_ascii=False, indent=1)}"
            told.setdefault(place.parts[1] if folder == "archive" else folder, []).append(normalised(line, home))
    for name, records in told.items():
        hold(f"reports/records/{name}", "\n".join(sorted(records)))


def test_nothing_else_is_on_record() -> None:
    nothing_else("reports")
