"""The outbox: every letter as PDF and .docx, the workbooks that go with it, status.json."""

from __future__ import annotations

from pathlib import Path

import pytest

from goldens import as_text
from goldens.golden import hold, normalised, nothing_else

pytestmark = pytest.mark.slow

KINDS = {
    "receipts": ("receipt", "status-A"),
    "refusals": ("refusal", "status.json", "findings.", "workbook-"),
    "notices": ("notice", "status-N", "findings-N"),
    "reminders": ("reminder", "status-M"),
}
"""Kind of letter → how the names of its files begin."""
RECEIPTS = 20
"""Receipts whose text is held; they differ by number and day, and by whether a pool has named itself."""


@pytest.mark.parametrize("kind", KINDS)
def test_letters_say_what_they_said(home: Path, kind: str) -> None:
    found = [path for path in sorted((home / "outbox").rglob("*")) if path.name.startswith(KINDS[kind])]
    assert found
    for path in found[: 3 * RECEIPTS] if kind == "receipts" else found:
        text = as_text.of_file(path.name, path.read_bytes())
        hold(f"letters/{kind}/{path.relative_to(home / 'outbox')}", normalised(text, home))


def test_the_outbox_holds_the_same_files(home: Path) -> None:
    found = sorted(path.relative_to(home).as_posix() for path in (home / "outbox").rglob("*") if path.is_file())
    assert all(path.rpartition("/")[2].startswith(sum(KINDS.values(), ())) for path in found)
    hold("letters/files", "\n".join(found))


def test_nothing_else_is_on_record() -> None:
    nothing_else("letters")
