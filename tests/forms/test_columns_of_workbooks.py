"""Where the form's columns stand in the workbooks of a package, whatever else lies in it."""

from __future__ import annotations

import zipfile
from pathlib import Path

from openpyxl import Workbook

from esep.forms.reading.package import columns_of

PRINTED = ("1", "2", "3", "4", "5", "6", "7", "8", "9.1", "9.2")


def workbook(path: Path, numbers: tuple[object, ...], first_column: int = 1, row: int = 9) -> Path:
    book = Workbook()
    sheet = book.active
    sheet.title = "1-ЦМ"
    for position, number in enumerate(numbers, start=first_column):
        sheet.cell(row, position, number)
    sheet.cell(row + 1, first_column, 1)
    book.create_sheet("Лист2")["A1"] = "x"
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def test_columns_are_reported_by_the_number_row(tmp_path):
    workbook(tmp_path / "a.xlsx", PRINTED, first_column=3)
    assert columns_of(tmp_path) == {("a.xlsx", "1-ЦМ"): dict(zip(PRINTED, "CDEFGHIJKL", strict=True))}


def test_the_explanations_numbers_are_reported_as_printed(tmp_path):
    workbook(tmp_path / "a.xlsx", (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11))
    found = columns_of(tmp_path)["a.xlsx", "1-ЦМ"]
    assert (found["8"], found["9.1"], found["9.2"]) == ("H", "J", "K")  # column I repeats the heading


def test_members_of_an_archive_are_named_as_the_examination_names_them(tmp_path):
    inner = workbook(tmp_path / "inner.xlsx", PRINTED)
    package = tmp_path / "package"
    package.mkdir()
    with zipfile.ZipFile(package / "all.zip", "w") as archive:
        archive.write(inner, "march/1-ЦМ.xlsx")
    assert list(columns_of(package)) == [("all.zip/march/1-ЦМ.xlsx", "1-ЦМ")]


def test_what_cannot_be_read_is_left_out_and_takes_nothing_along(tmp_path):
    (tmp_path / "0.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    (tmp_path / "1.zip").write_bytes(b"PK")
    (tmp_path / "2.xlsx").symlink_to(tmp_path / "nowhere")
    workbook(tmp_path / "3.xlsx", PRINTED)
    assert list(columns_of(tmp_path)) == [("3.xlsx", "1-ЦМ")]


def test_a_package_without_a_form_has_no_columns(tmp_path):
    workbook(tmp_path / "a.xlsx", ("x",))
    assert columns_of(tmp_path) == {}
    assert columns_of(tmp_path / "missing") == {}
