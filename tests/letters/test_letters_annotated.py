"""Copies of the filer's workbook: comments where the faults are, nothing that runs, and honesty where there is none."""

from __future__ import annotations

import os
import shutil
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from asn1crypto.cms import ContentInfo, SignedData
from openpyxl import Workbook, load_workbook

from cases.case_packages import PACKAGES
from esep.examination.model import Finding
from esep.file_names import to_text
from esep.letters import annotate, outbox
from esep.letters.annotate import MOST_COPIES, Copy, CopyOutcome, annotate_package
from esep.letters.marking import COMMENTED_CELLS
from letters.letter_office import SHEET, WORKBOOK, Office, docx_text, finding, pdf_text, reported

CASES = Path(__file__).parents[1] / "cases" / "packages"
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
    book[SHEET].merge_cells("E60:F61")
    book.save(path)
    (copy,) = copies_of(office, [finding(row=61)], tmp_path)
    assert load_workbook(copy.path)[SHEET]["E60"].comment is not None


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
def test_what_cannot_be_opened_is_reported(
    office: Office, tmp_path: Path, name: str, content: bytes, outcome: CopyOutcome
) -> None:
    office.workbook()
    (office.package / name).write_bytes(content)
    copies = {copy.file: copy for copy in copies_of(office, [finding(), finding(file=name)], tmp_path)}
    assert (copies[name].outcome, copies[name].path) == (outcome, None)
    assert copies[WORKBOOK].outcome is CopyOutcome.ANNOTATED


@pytest.mark.parametrize(
    ("case", "outcome"),
    [
        ("01-v-comment", CopyOutcome.ANNOTATED),
        ("21-default-password", CopyOutcome.ANNOTATED),
        ("22-backslash-parts", CopyOutcome.UNREADABLE),
        ("23-sharedstrings-at-root", CopyOutcome.UNREADABLE),
    ],
)
def test_what_the_reader_takes_and_openpyxl_may_not(
    office: Office, tmp_path: Path, case: str, outcome: CopyOutcome
) -> None:
    shutil.copyfile(PACKAGES / case / "1-ЦМ.xlsx", office.package / "odd.xlsx")
    (copy,) = copies_of(office, [finding(file="odd.xlsx", sheet="1-ЦМ", row=8)], tmp_path)
    assert copy.outcome is outcome


def test_an_open_document_workbook_is_named_as_such(office: Office, tmp_path: Path) -> None:
    source = Path(__file__).parents[1] / "forms" / "fixtures" / "libreoffice.ods"
    (office.package / "form.ods").write_bytes(source.read_bytes())
    (copy,) = copies_of(office, [finding(file="form.ods")], tmp_path)
    assert copy.outcome is CopyOutcome.NOT_XLSX


def test_workbooks_inside_signatures_and_with_excels_own_password_are_copied_too(
    office: Office, tmp_path: Path
) -> None:
    workbook = office.workbook(folder=tmp_path)
    signed = ContentInfo(
        {
            "content_type": "signed_data",
            "content": SignedData(
                {
                    "version": "v1",
                    "digest_algorithms": [],
                    "encap_content_info": {"content_type": "data", "content": workbook.read_bytes()},
                    "signer_infos": [],
                }
            ),
        }
    )
    (office.package / f"{WORKBOOK}.p7m").write_bytes(signed.dump())
    shutil.copyfile(CASES / "21-default-password" / "1-ЦМ.xlsx", office.package / "locked.xlsx")
    wanted = [finding(file=f"{WORKBOOK}.p7m/{WORKBOOK}"), finding(file="locked.xlsx")]
    copies = copies_of(office, wanted, tmp_path)
    assert [copy.outcome for copy in copies] == [CopyOutcome.ANNOTATED] * 2


def test_a_workbook_that_is_not_there_is_reported(office: Office, tmp_path: Path) -> None:
    (copy,) = copies_of(office, [finding(file="gone.xlsx")], tmp_path)
    assert copy.outcome is CopyOutcome.MISSING


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook that the reader takes without trouble, and that takes openpyxl seconds and 150 MB."""
    path = tmp_path_factory.mktemp("heavy") / "heavy.xlsx"
    book = Workbook(write_only=True)
    sheet = book.create_sheet("heavy")
    for row in range(30_000):
        sheet.append([f"{row} {column}" for column in range(10)])
    book.save(path)
    return path


@pytest.mark.parametrize(
    "limits", [{"reader_memory_bytes": 300 * 1024**2}, {"reader_seconds": 0.5}], ids=["memory", "time"]
)
def test_a_workbook_that_passes_the_limits_ends_nothing_but_itself(
    office: Office, tmp_path: Path, heavy: Path, limits: dict[str, float]
) -> None:
    office.workbook()
    shutil.copyfile(heavy, office.package / "heavy.xlsx")
    office.settings = replace(office.settings, **limits)
    copies = copies_of(office, [finding(file="heavy.xlsx", sheet="heavy"), finding()], tmp_path)
    outcomes = {copy.file: copy.outcome for copy in copies}
    assert outcomes == {"heavy.xlsx": CopyOutcome.TOO_LARGE, WORKBOOK: CopyOutcome.ANNOTATED}


def test_the_letter_about_such_a_workbook_comes_without_its_copy_and_says_so(office: Office, heavy: Path) -> None:
    shutil.copyfile(heavy, office.package / "heavy.xlsx")
    office.settings = replace(office.settings, reader_memory_bytes=300 * 1024**2)
    letter = outbox.write_refusal(
        office.settings, office.register(), [finding(file="heavy.xlsx", sheet="heavy", row=3)], DAY
    )
    assert [one["outcome"] for one in reported(letter)["workbooks"]] == ["too_large"]
    assert not list(letter.folder.glob("workbook*"))
    for document in (pdf_text(letter.folder / "refusal.pdf"), docx_text(letter.folder / "refusal.docx")):
        assert "«heavy.xlsx» с примечаниями не приложена: файл слишком велик для примечаний" in document
        assert "файл түсіндірме беру үшін тым үлкен" in document


def test_a_file_without_a_faulty_cell_is_not_opened(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> str:
        raise AssertionError("a child process was asked for")

    office.workbook()
    (office.package / "page.xls").write_bytes(b"<html><table>")
    (office.package / "bomb.xlsx").write_bytes(b"PK\x03\x04 bomb")
    monkeypatch.setattr(annotate.HELPER, "run", never)
    of_files = [finding("C-04", file=name, sheet=None, row=None, column_no=None) for name in (WORKBOOK, "bomb.xlsx")]
    assert copies_of(office, [*of_files, finding("C-20", row=None)], tmp_path) == []
    (copy,) = copies_of(office, [*of_files, finding(file="page.xls")], tmp_path)
    assert copy.outcome is CopyOutcome.NOT_XLSX


@pytest.mark.parametrize(
    "name", ["a\\b.xlsx", "имя\nстрока.xlsx", os.fsdecode(b"\xe4.xlsx"), " .xlsx", "x" * 250 + ".xlsx"]
)
def test_files_with_odd_names_are_found(office: Office, tmp_path: Path, name: str) -> None:
    office.workbook().rename(office.package / name)
    before = os.fsencode(name).decode("utf-8", "backslashreplace")  # findings of 0.1.0 have it escaped once more
    for number, spelled in enumerate(dict.fromkeys([to_text(name), to_text(before)])):
        (tmp_path / str(number)).mkdir()
        (copy,) = copies_of(office, [finding(file=spelled)], tmp_path / str(number))
        assert copy.outcome is CopyOutcome.ANNOTATED


def test_one_process_serves_many_workbooks(office: Office, tmp_path: Path) -> None:
    for number in range(5):
        office.workbook(f"{number}.xlsx")
    started = annotate.HELPER._started().pid
    copies = copies_of(office, [finding(file=f"{number}.xlsx") for number in range(5)], tmp_path)
    assert [copy.outcome for copy in copies] == [CopyOutcome.ANNOTATED] * 5
    assert annotate.HELPER._started().pid == started


def test_copies_are_capped_and_the_letter_says_how_many_others_there_are(office: Office) -> None:
    office.workbook()
    others = [finding(file=f"{number:05}.xlsx") for number in range(10_000)]
    letter = outbox.write_refusal(office.settings, office.register(), others, DAY)
    status = reported(letter)
    assert (len(status["workbooks"]), status["workbooks_not_listed"]) == (MOST_COPIES, 10_000 - MOST_COPIES)
    assert status["fault_count"] == 10_000
    assert f"копии ещё {10_000 - MOST_COPIES} файлов с ошибками" in docx_text(letter.folder / "refusal.docx")


def test_comments_are_capped_and_the_rest_is_counted(office: Office, tmp_path: Path) -> None:
    office.workbook()
    findings = [finding(row=row) for row in range(100, COMMENTED_CELLS + 150)]
    (copy,) = copies_of(office, findings, tmp_path)
    assert copy.commented_cells == COMMENTED_CELLS
    notes = [str(cell.value) for cell in load_workbook(copy.path).worksheets[0]["A"][:8]]
    assert any(f"Cells with a comment: {COMMENTED_CELLS}; cases without one: 50" in note for note in notes)
