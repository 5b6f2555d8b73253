"""Applications as Word and Acrobat really write them: read as people see them."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
import typst
from openpyxl import load_workbook

from cases.case_packages import NOW, PACKAGES, examined, rows, rules
from esep.examination.examine import check_path
from examination.package_builder import settings
from forms import word_files as word

WORD = ("13-docx-cells-in-content-controls", "14-docm", "15-tracked-move")


@pytest.mark.parametrize("name", [*WORD, "16-pdf-form-fields"])
def test_applications_are_read_as_people_see_them(name: str) -> None:
    examination = examined(name)
    assert examination.verdict == "accepted"
    assert rules(examination) == set()
    assert (examination.identity.pool_id, f"{examination.identity.period:%Y-%m}") == ("230640000018", "2025-03")
    assert len(rows(examination)) == 3


def test_the_form_printed_into_a_pdf_is_named_with_what_to_do(tmp_path: Path) -> None:
    """Nobody has to guess why a package that holds the form is said to lack it."""
    package = tmp_path / "package"
    shutil.copytree(PACKAGES / "14-docm", package)
    (package / "1-ЦМ.xlsx").unlink()
    source = "Индекс формы административных данных: 1-ЦМ\n\n1 2 3 4 5 6 7 8 9.1 9.2\n\n1 Майнер 940140000385 0,5"
    (package / "1-ЦМ.pdf").write_bytes(typst.compile(source.encode()))
    examination = check_path(package, settings(), NOW)
    found = [finding for finding in examination.findings if finding.file == "1-ЦМ.pdf"]
    assert (examination.verdict, examination.question) == (None, "not_readable")
    assert ["attach the workbook or document" in (finding.found or "") for finding in found] == [True]


def test_the_form_filled_in_as_a_table_of_a_document(tmp_path: Path) -> None:
    """The same rows as in the workbook, in places that a person finds in the document."""
    package = tmp_path / "package"
    shutil.copytree(PACKAGES / "14-docm", package)
    sheet = load_workbook(package / "1-ЦМ.xlsx").worksheets[0]
    lines = [[_typed(value) for value in line] for line in sheet.iter_rows(values_only=True)]
    (package / "1-ЦМ.xlsx").unlink()
    numbers = next(n for n, line in enumerate(lines) if line[:3] == ["1", "2", "3"])
    last = max(n for n, line in enumerate(lines) if all(line[:8]))
    head, tail = (
        "".join(word.words("\t".join(filter(None, line))) for line in part)
        for part in (lines[:numbers], lines[last + 1 :])
    )
    word.write_word(package / "1-ЦМ.docx", head + word.table(lines[numbers : last + 1]) + tail)
    examination = check_path(package, settings(), NOW)
    assert rules(examination) == set()
    assert examination.verdict == "accepted"
    kept = ("taxpayer_id", "taxpayer_name", "licence_no", "wallet", "distributed_on", "quantity", "reward_quantity")
    plain = rows(examined("14-docm"))
    assert [[row[name] for name in kept] for row in rows(examination)] == [
        [row[name] for name in kept] for row in plain
    ]
    assert [(row["sheet"], row["row"]) for row in rows(examination)] == [("Таблица 1", n) for n in (2, 3, 4)]


def _typed(value: object) -> str:
    """A value as it is typed into a document."""
    return "" if value is None else f"{value:%d.%m.%Y}" if isinstance(value, date) else str(value)
