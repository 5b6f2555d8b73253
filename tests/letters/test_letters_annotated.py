"""Copies of the filer's workbook: comments where the faults are, nothing that runs, and honesty where there is none."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from esep.examination.model import Finding
from esep.letters.annotate import Copy, CopyOutcome, annotate_package
from esep.letters.marking import COMMENTED_CELLS
from letters.letter_office import SHEET, WORKBOOK, Office, finding

DAY = date(2025, 4, 29)


def copies_of(office: Office, findings: list[Finding], tmp_path: Path) -> list[Copy]:
    work = tmp_path / "work"
    work.mkdir(exist_ok=True)
    return annotate_package(office.package, findings, "№ 2025-000017/R-1", DAY, work, office.settings)


def test_a_faulty_cell_gets_a_comment_in_three_languages(office: Office, tmp_path: Path) -> None:
    source = office.workbook()
    (copy,) = copies_of(office, [finding(row=16), finding("R-46", row=16, column_no="9.2")], tmp_path)
    assert (copy.outcome, copy.commented_cells) == (CopyOutcome.ANNOTATED, 2)
    assert copy.columns[SHEET]["9.2"] == "J"
    marked, original = load_workbook(copy.path), load_workbook(source)
    assert marked.sheetnames[1:] == original.sheetnames
    assert marked.active.title == marked.sheetnames[0]
    comment = marked[SHEET]["E16"].comment.text
    assert all(word in comment for word in ("C-45", "Ұяшық бос", "Ячейка пуста", "The cell is empty"))
    assert "R-46" in marked[SHEET]["J16"].comment.text
    for row in original[SHEET].iter_rows():
        for cell in row:
            assert marked[SHEET][cell.coordinate].value == cell.value
    summary = marked.worksheets[0]
    assert "C-45" in [cell.value for cell in summary["A"]]


def test_a_table_that_begins_elsewhere_is_found_by_its_number_row(office: Office, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    for column, number in enumerate(["1", "2", "3", "4", "5", "6", "7", "8", "9.1", "9.2"], start=4):
        sheet.cell(9, column, number)
        sheet.cell(10, column, "x")
    book.save(office.package / "shifted.xlsx")
    (copy,) = copies_of(office, [finding(file="shifted.xlsx", sheet=sheet.title, row=10, column_no="5")], tmp_path)
    assert load_workbook(copy.path)[sheet.title]["H10"].comment is not None


def test_formulas_links_and_names_do_not_come_back(office: Office, tmp_path: Path) -> None:
    path = office.workbook()
    book = load_workbook(path)
    sheet = book[SHEET]
    sheet["H16"] = '=WEBSERVICE("http://x.example")'
    sheet["M1"] = "text"
    sheet["M1"].hyperlink = "http://x.example"
    sheet["M2"] = "=1+1"
    sheet["M2"].data_type = "s"
    book.save(path)
    found = '=WEBSERVICE("http://x.example")'
    (copy,) = copies_of(office, [finding("R-52", row=16, column_no="8", found=found)], tmp_path)
    assert b"<f>" not in b"".join(
        zipfile.ZipFile(copy.path).read(name) for name in zipfile.ZipFile(copy.path).namelist()
    )
    marked = load_workbook(copy.path)[SHEET]
    assert (marked["H16"].value, marked["H16"].data_type) == (found, "s")
    assert (marked["M2"].value, marked["M2"].data_type) == ("=1+1", "s")
    assert marked["M1"].hyperlink is None


def test_a_comment_on_a_merged_cell_stands_in_its_corner(office: Office, tmp_path: Path) -> None:
    path = office.workbook()
    book = load_workbook(path)
    book[SHEET].merge_cells("E30:F31")
    book.save(path)
    (copy,) = copies_of(office, [finding(row=31)], tmp_path)
    assert load_workbook(copy.path)[SHEET]["E30"].comment is not None


def test_workbooks_inside_a_zip_are_copied_too(office: Office, tmp_path: Path) -> None:
    path = office.workbook(folder=tmp_path)
    with zipfile.ZipFile(office.package / "filing.zip", "w") as archive:
        archive.write(path, WORKBOOK)
        archive.writestr("note.txt", "x")
    (copy,) = copies_of(office, [finding(file=f"filing.zip/{WORKBOOK}")], tmp_path)
    assert (copy.file, copy.outcome) == (f"filing.zip/{WORKBOOK}", CopyOutcome.ANNOTATED)


@pytest.mark.parametrize(
    ("name", "content", "outcome"),
    [
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, CopyOutcome.NOT_XLSX),
        ("broken.xlsx", b"PK\x03\x04 broken", CopyOutcome.UNREADABLE),
        ("words.xlsx", b"no workbook at all", CopyOutcome.NOT_XLSX),
        ("empty.xlsx", b"", CopyOutcome.NOT_XLSX),
    ],
)
def test_what_cannot_be_opened_is_told(
    office: Office, tmp_path: Path, name: str, content: bytes, outcome: CopyOutcome
) -> None:
    office.workbook()
    (office.package / name).write_bytes(content)
    copies = {copy.file: copy for copy in copies_of(office, [finding(), finding(file=name)], tmp_path)}
    assert (copies[name].outcome, copies[name].path) == (outcome, None)
    assert copies[WORKBOOK].outcome is CopyOutcome.ANNOTATED


def test_an_open_document_workbook_is_named_as_such(office: Office, tmp_path: Path) -> None:
    source = Path(__file__).parents[1] / "forms" / "fixtures" / "libreoffice.ods"
    (office.package / "form.ods").write_bytes(source.read_bytes())
    (copy,) = copies_of(office, [finding(file="form.ods")], tmp_path)
    assert copy.outcome is CopyOutcome.NOT_XLSX


def test_a_workbook_that_is_not_there_is_told(office: Office, tmp_path: Path) -> None:
    (copy,) = copies_of(office, [finding(file="gone.xlsx")], tmp_path)
    assert copy.outcome is CopyOutcome.MISSING


def test_a_workbook_too_large_for_the_memory_ends_nothing_but_itself(office: Office, tmp_path: Path) -> None:
    office.workbook("big.xlsx")
    office.settings = type(office.settings)(home=office.settings.home, reader_memory_bytes=60 * 1024**2)
    copies = copies_of(office, [finding(file="big.xlsx", sheet="big")], tmp_path)
    assert [copy.outcome for copy in copies] == [CopyOutcome.TOO_LARGE]


def test_comments_are_capped_and_the_rest_is_counted(office: Office, tmp_path: Path) -> None:
    office.workbook()
    findings = [finding(row=row) for row in range(100, COMMENTED_CELLS + 150)]
    (copy,) = copies_of(office, findings, tmp_path)
    assert copy.commented_cells == COMMENTED_CELLS
    notes = [str(cell.value) for cell in load_workbook(copy.path).worksheets[0]["A"][:8]]
    assert any(f"Cells with a comment: {COMMENTED_CELLS}; cases without one: 50" in note for note in notes)
