"""One spelling of a file's name in receipt, finding, columns and status, whatever the name is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from esep.clock import TIMEZONE
from esep.config import Settings
from esep.examination.pending import examine_pending
from esep.file_names import from_text
from esep.files import read_json
from esep.forms.reading.package import columns_of
from esep.forms.reading.zygote import HELPER
from esep.forms.templates import write_form
from esep.letters.missing import write_missing
from esep.letters.outbox import recorded_findings
from esep.office import archive, intake
from forms.form_workbooks import data_row

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=TIMEZONE)
NAMES = [
    "a\\b.xlsx",
    r"written \xe4.xlsx",
    os.fsdecode("форма.xlsx".encode("cp1251")),
    "две\nстроки.xlsx",
    "ё\u0308.xlsx",
]


@pytest.fixture(autouse=True)
def _zygote_is_closed() -> Iterator[None]:
    yield
    HELPER.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_file_has_one_name_from_receipt_to_letter(tmp_path: Path, name: str) -> None:
    settings = Settings(home=tmp_path / "home", inbox_settle_seconds=0)
    row = data_row(1)
    row[4] = None
    made = write_form(tmp_path / "form.xlsx", rows=[data_row(1), row])
    package = settings.inbox / "package"
    (package / "папка\\").mkdir(parents=True)
    shutil.copyfile(made, package / "папка\\" / name)
    (taken,) = intake.register_waiting(settings, NOW, lambda number: None)
    assert taken.number is not None
    assert taken.receipt is not None
    (file,) = taken.receipt.files
    assert from_text(file.path) == f"папка\\/{name}"
    examine_pending(settings, NOW)
    entry = archive.entry(settings, taken.number)
    assert entry.verdict is not None
    findings = recorded_findings(settings, taken.number, entry.verdict)
    assert {finding.file for finding in findings if finding.file} == {file.path}
    assert {finding.row for finding in findings} - {None}
    assert {file_name for file_name, _ in columns_of(entry.package)} == {file.path}
    letter = next(letter for letter in write_missing(settings) if letter.letter_no.endswith("R-1"))
    (workbook,) = read_json(letter.status)["workbooks"]
    assert (workbook["file"], workbook["outcome"]) == (file.path, "annotated")
