"""Applications as Word and Acrobat really write them: read as people see them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import typst

from cases.case_packages import NOW, PACKAGES, examined, rows, rules
from esep.examination.check import check_path
from examination.package_builder import settings

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
    assert examination.verdict == "refused"
    assert ["attach the workbook or document" in (finding.found or "") for finding in found] == [True]
