"""Helpers of the tests of forms: workbooks of all layouts, and reading without a child process."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from esep.forms.document import ROW_FIELDS, FileRead, FileRole, FileState, FormRead
from esep.forms.reading.formats import sheets_of
from esep.forms.reading.kinds import Kind
from esep.forms.reading.workbook import read_sheets

NUMBERS = ["1", "2", "3", "4", "5", "6", "7", "8", "9.1", "9.2"]
FIXTURES = Path(__file__).resolve().parent / "fixtures"

FOOTER = [
    ["Атауы", '"Алтын Пул" ЖШС', None, "Мекенжайы", "Астана"],
    ["Телефон", "+7 7172 000 000"],
    ["Электрондық пошта мекенжайы", "pool@example.kz"],
    ["Орындаушы", "Серікова А."],
    ["Басшы немесе оның міндетін атқарушы тұлға", "Болатов Б."],
]


def data_row(number: int = 1, **cells: Any) -> list[Any]:
    """A faultless data row; `cells` replace values by field name."""
    row = dict(
        zip(
            ROW_FIELDS,
            (
                number,
                "ЖШС Көк Майнер",
                "230640000008",
                "№ KZ-01 берілген 01.02.2024",
                f"bc1q{number:06d}",
                date(2025, 3, 5),
                "BTC",
                0.5,
                "BTC",
                0.005,
            ),
            strict=True,
        )
    )
    assert cells.keys() <= row.keys()
    return list((row | cells).values())


def write_rows(path: Path, rows: Iterable[Sequence[Any]], *, sheet: str = "1-ЦМ") -> Path:
    """A workbook of one sheet with these rows from A1 on."""
    workbook = Workbook()
    workbook.active.title = sheet
    for row in rows:
        workbook.active.append(list(row))
    workbook.save(path)
    return path


SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def write_raw(path: Path, sheet_xml: str | Iterable[str], **parts: str) -> Path:
    """A workbook whose only sheet has this XML inside <worksheet>; `parts` are further members."""
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    members = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{relations}">'
        f'<Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{office}">'
        '<sheets><sheet name="1-ЦМ" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{relations}">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        **parts,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(f'<worksheet xmlns="{SPREADSHEET}">'.encode())
            for piece in [sheet_xml] if isinstance(sheet_xml, str) else sheet_xml:
                part.write(piece.encode())
            part.write(b"</worksheet>")
    return path


def row_xml(row: int, values: Iterable[Any]) -> str:
    """A worksheet row of inline texts and numbers."""
    cells = []
    for number, value in enumerate(values):
        reference = f"{chr(ord('A') + number)}{row}"
        if isinstance(value, str):
            cells.append(f'<c r="{reference}" t="inlineStr"><is><t>{value}</t></is></c>')
        elif value is not None:
            cells.append(f'<c r="{reference}"><v>{value}</v></c>')
    return f'<row r="{row}">{"".join(cells)}</row>'


def unread(name: str) -> FileRead:
    """A file before its reader has looked into it."""
    return FileRead(name, "0" * 64, 0, FileState.READ, FileRole.UNKNOWN)


def read(path: Path, kind: Kind = Kind.WORKBOOK_XML) -> FileRead:
    return read_sheets(sheets_of(path, kind), unread(path.name))


def rows_of(read: FileRead, form: int = 0) -> list[tuple[Any, ...]]:
    """(row, the ten texts) of each data row."""
    return [(one["row"], *(one[name] for name in ROW_FIELDS)) for one in read.forms[form].rows.to_pylist()]


def only_form(path: Path, kind: Kind = Kind.WORKBOOK_XML) -> tuple[FormRead, list[dict[str, Any]]]:
    """The only form of a workbook and its rows."""
    (form,) = read(path, kind).forms
    return form, form.rows.to_pylist()


def form_of(tmp_path: Path, rows: Iterable[Sequence[Any]]) -> tuple[FormRead, list[dict[str, Any]]]:
    """Write rows and read the form on them."""
    return only_form(write_rows(tmp_path / "form.xlsx", rows))


def texts(values: dict[str, Any]) -> dict[str, str | None]:
    return {key: text.text for key, text in values.items()}
