"""Formulas of .xls files: a result that was never calculated is reported from an empty text, a zero and an error."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from cases.case_packages import PACKAGES
from esep.forms.reading import xls
from esep.forms.reading.kinds import Kind
from esep.forms.values.cell import CellKind
from forms.form_workbooks import FIXTURES, only_form

SOURCE = PACKAGES / "29-xls-formula-uncalculated" / "1-ЦМ.xls"
"""Written by xlwt: column 9.2 holds formulas."""
BOF_OF_SHEET = struct.pack("<HHHH", 0x0809, 16, 0x0600, 0x0010)
HISTORY_AT, RESULT_AT, FLAGS_AT = 12, 10, 18
EMPTY_TEXT = b"\x03\0\0\0\0\0\xff\xff"


def number(value: float) -> bytes:
    return struct.pack("<d", value)


def patched(path: Path, result: bytes, flags: int, history: int) -> Path:
    """The file with this stored result and these flags in each formula, and these flags in the sheet's BOF."""
    content = bytearray(SOURCE.read_bytes())
    begin = content.index(BOF_OF_SHEET)
    struct.pack_into("<I", content, begin + HISTORY_AT, history)
    at = begin
    while at + 4 <= len(content):
        kind, length = struct.unpack_from("<HH", content, at)
        if kind == 0x000A:
            break
        if kind == 0x0006:
            content[at + RESULT_AT : at + RESULT_AT + 8] = result
            struct.pack_into("<H", content, at + FLAGS_AT, flags)
        at += 4 + length
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("result", "flags", "history", "text", "kind"),
    [
        (EMPTY_TEXT, 0, 0, "=…", CellKind.FORMULA),
        (EMPTY_TEXT, 0, 0x0001, None, CellKind.EMPTY),
        (number(0), 2, 0x0001, "=…", CellKind.FORMULA),
        (number(0), 3, 0, "=…", CellKind.FORMULA),
        (number(0), 0, 0, "0", CellKind.NUMBER),
        (number(0), 1, 0x0001, "0", CellKind.NUMBER),
        (number(0.001), 2, 0, "0.001", CellKind.NUMBER),
        (number(0.001), 0, 0x0001, "0.001", CellKind.NUMBER),
        (b"\x02\0\x2a\0\0\0\xff\xff", 0, 0x0001, "#N/A", CellKind.ERROR),
    ],
    ids=[
        "xlwt",
        "Excel: an empty text",
        "Apache POI: 0, calculate on load",
        "Spreadsheet::WriteExcel: 0, always and on load",
        "0",
        "0, always calculated",
        "a value that somebody knew",
        "a value",
        "an error",
    ],
)
def test_stored_results(
    tmp_path: Path, result: bytes, flags: int, history: int, text: str | None, kind: CellKind
) -> None:
    _, rows = only_form(patched(tmp_path / "form.xls", result, flags, history), Kind.WORKBOOK_BINARY)
    assert {(row["reward_quantity"], row["reward_quantity_kind"]) for row in rows} == {(text, kind)}
    assert [row["quantity"] for row in rows] == ["0.12345671", "0.12345672", "0.12345673"]


@pytest.mark.parametrize(("name", "since_1904"), [("epoch_1904.xls", True), ("libreoffice.xls", False)])
def test_the_epoch(name: str, since_1904: bool) -> None:
    assert xls.second_look(FIXTURES / name)[1] is since_1904


@pytest.mark.parametrize("content", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 700, b"\x09\x08\x10\x00" * 50])
def test_what_is_no_workbook_gives_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "f.xls").write_bytes(content)
    assert xls.second_look(tmp_path / "f.xls") == ({}, False)
