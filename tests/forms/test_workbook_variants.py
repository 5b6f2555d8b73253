"""Workbooks that Excel opens and other programs write: other places and encodings, its default password, its epochs."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import msoffcrypto
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from esep.forms.document import FileError, FileState
from esep.forms.reading.default_password import decrypted
from esep.forms.reading.formats import sheets_of
from esep.forms.reading.kinds import Kind, kind_of
from esep.forms.reading.ooxml import unpacked
from esep.forms.reading.ooxml.cell_values import Shown, shown_by, value_of
from esep.forms.values import dates
from esep.forms.values.cell import CellKind
from forms.form_workbooks import FOOTER, NUMBERS, data_row, only_form, read, row_xml, write_raw, write_rows
from forms.generated_workbooks import Cell, Way, values, write

GRID: list[list[Cell | None]] = [
    [Cell("s", "Сәлем"), Cell("n", "0.5"), Cell("date", "45721")],
    [Cell("inlineStr", "а")],
]
MEANT = {(1, 0): "Сәлем", (1, 1): 0.5, (1, 2): date(2025, 3, 5), (2, 0): "а"}


def as_read(path: Path) -> dict[tuple[int, int], Any]:
    (sheet,) = sheets_of(path, kind_of(path, path.name))
    return values(sheet.cells)


@pytest.mark.parametrize(
    "places",
    [
        {"workbook": "xl\\workbook.xml", "sheet": "xl\\worksheets\\sheet1.xml", "strings": "xl\\sharedStrings.xml"},
        {"workbook": "XL/Workbook.xml", "sheet": "XL/WORKSHEETS/Sheet1.XML", "strings": "xl/SharedStrings.xml"},
        {"workbook": "workbook.xml", "sheet": "sheet.xml", "strings": "sharedStrings.xml", "styles": "styles.xml"},
        {"strings": "sharedStrings.xml"},
        {"styles": "xl/theme/look.xml"},
        {"sheet": "xl/sheets/лист 1.xml"},
        {"workbook": "a/b/c/book.xml", "sheet": "d/sheet.xml"},
    ],
    ids=["backslashes", "letter case", "at the root", "strings", "styles", "cyrillic", "elsewhere"],
)
@pytest.mark.parametrize("strict", [False, True])
def test_relations_say_where_parts_are(tmp_path: Path, places: dict[str, str], strict: bool) -> None:
    assert as_read(write(tmp_path / "form.xlsx", GRID, Way(places=places, strict=strict))) == MEANT


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1251", "koi8-r"])
def test_parts_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    if encoding in ("windows-1251", "koi8-r"):
        grid: list[list[Cell | None]] = [[Cell("s", "Салем"), Cell("inlineStr", "майнер")]]
        assert as_read(write(tmp_path / "f.xlsx", grid, Way(encoding=encoding))) == {(1, 0): "Салем", (1, 1): "майнер"}
    else:
        assert as_read(write(tmp_path / "f.xlsx", GRID, Way(encoding=encoding))) == MEANT


def without(path: Path, target: Path, name: str) -> Path:
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
    return target


def test_a_workbook_without_content_types(tmp_path: Path) -> None:
    path = without(write(tmp_path / "a.xlsx", GRID, Way()), tmp_path / "f.xlsx", "[Content_Types].xml")
    assert as_read(path) == MEANT


def test_parts_of_one_name_in_two_cases_are_refused(tmp_path: Path) -> None:
    from esep.forms.reading.zip_files import inspect_container

    path = write(tmp_path / "form.xlsx", GRID, Way())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("XL\\worksheets/SHEET1.xml", "<worksheet/>")
    with pytest.raises(FileError) as fault:
        inspect_container(path)
    assert (fault.value.state, fault.value.detail.code) == (FileState.UNSAFE, "doubled_part")


def test_a_part_that_several_sheets_show_is_read_once(tmp_path: Path) -> None:
    rows = "".join(row_xml(number, row) for number, row in enumerate((NUMBERS, [str(v) for v in data_row(1)]), start=1))
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="{r}"/>'
        for n, (name, r) in enumerate((("1-ЦМ", "r1"), ("Көшірме", "r1"), ("Тағы", "r2")), start=1)
    )
    workbook = (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        f'xmlns:r="{office}"><sheets>{sheets}</sheets></workbook>'
    )
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{office}/worksheet" Target="{target}"/>'
        for n, target in ((1, "worksheets/sheet1.xml"), (2, "/xl/worksheets/./SHEET1.xml"))
    )
    path = write_raw(
        tmp_path / "form.xlsx",
        f"<sheetData>{rows}</sheetData>",
        **{
            "xl/workbook.xml": workbook,
            "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
            f'relationships">{relations}</Relationships>',
        },
    )
    result = read(path)
    assert [one.sheet for one in result.forms] == ["1-ЦМ"]
    assert result.repeated_sheets == ("Көшірме", "Тағы")


class TestDefaultPassword:
    def workbook(self, folder: Path) -> bytes:
        return write_rows(folder / "plain.xlsx", [NUMBERS, data_row(1), *FOOTER]).read_bytes()

    def encrypted(self, folder: Path, password: str) -> Path:
        path = folder / "form.xlsx"
        file = msoffcrypto.OfficeFile(io.BytesIO(self.workbook(folder)))
        with path.open("wb") as target:
            file.encrypt(password, target)
        return path

    def test_excel_s_own_password_opens(self, tmp_path: Path) -> None:
        path = self.encrypted(tmp_path, "VelvetSweatshop")
        opened = decrypted(path, tmp_path / "opened")
        assert as_read(opened)[2, 2] == "230640000008"
        assert kind_of(opened, "form.xlsx") is Kind.WORKBOOK_XML

    def test_a_real_password_does_not(self, tmp_path: Path) -> None:
        path = self.encrypted(tmp_path, "құпия")
        with pytest.raises(FileError) as fault:
            decrypted(path, tmp_path / "opened")
        assert not (tmp_path / "opened").exists()
        assert fault.value.state is FileState.ENCRYPTED

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600])
    def test_other_files_stay_what_they_are(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "f"
        path.write_bytes(content)
        assert decrypted(path, tmp_path / "opened") == path


class TestFormulas:
    """Stored results are trusted, but for a 0 in a workbook that asks to be calculated when it is opened."""

    CALCULATE = '<calcPr calcId="124519" fullCalcOnLoad="1"/>'

    def kinds(self, tmp_path: Path, cells: str, calculation: str) -> list[tuple[str | None, CellKind]]:
        office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        workbook = (
            '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
            f'xmlns:r="{office}"><sheets><sheet name="1-ЦМ" sheetId="1" r:id="r1"/></sheets>{calculation}</workbook>'
        )
        row = row_xml(2, [str(value) for value in data_row(1)[:7]]).removesuffix("</row>")
        xml = f"<sheetData>{row_xml(1, NUMBERS)}{row}{cells}</row></sheetData>"
        _, (read_row,) = only_form(write_raw(tmp_path / "form.xlsx", xml, **{"xl/workbook.xml": workbook}))
        return [
            (read_row[name], CellKind(read_row[f"{name}_kind"]))
            for name in ("quantity", "reward_asset", "reward_quantity")
        ]

    @pytest.mark.parametrize(
        "cells",
        [
            '<c r="H2"><f>1+1</f><v>0</v></c><c r="I2"><f>A1</f><v>0</v></c><c r="J2"><f>H2*0.02</f><v>0</v></c>',
            '<c r="H2"><f t="array" ref="H2:J2">A1:C1</f><v>0</v></c><c r="I2"><v>0</v></c><c r="J2"><v>0</v></c>',
            '<c r="H2"><f t="shared" ref="H2:J2" si="0">A1</f><v>0</v></c><c r="I2"><f t="shared" si="0"/><v>0</v></c>'
            '<c r="J2"><f t="shared" si="0"/><v>0</v></c>',
            '<c r="H2"><f>1</f><v>0.0</v></c><c r="I2"><f>A1</f><v/></c><c r="J2"><f>H2</f></c>',
        ],
        ids=["each", "array", "shared", "mixed"],
    )
    def test_stored_zeros_of_a_workbook_that_is_yet_to_be_calculated(self, tmp_path: Path, cells: str) -> None:
        assert {kind for _, kind in self.kinds(tmp_path, cells, self.CALCULATE)} == {CellKind.FORMULA}

    def test_an_empty_text_of_a_workbook_that_is_yet_to_be_calculated(self, tmp_path: Path) -> None:
        cells = (
            '<c r="H2" t="str"><f>1+1</f><v></v></c><c r="I2" t="str"><f>A1</f><v/></c>'
            '<c r="J2" t="str"><f>H2*0.02</f></c>'
        )
        assert {kind for _, kind in self.kinds(tmp_path, cells, self.CALCULATE)} == {CellKind.FORMULA}
        assert self.kinds(tmp_path, cells, '<calcPr calcId="191029"/>')[0] == (None, CellKind.EMPTY)

    @pytest.mark.parametrize("calculation", ["", '<calcPr calcId="191029"/>'])
    @pytest.mark.parametrize("large", [False, True])
    def test_the_zero_of_a_program_that_writes_formulas_and_does_not_calculate(
        self, tmp_path: Path, calculation: str, large: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Apache POI gives a formula whose cell was empty the result 0, and writes it as no other program: 0.0."""
        monkeypatch.setattr(unpacked, "LARGE", 0 if large else unpacked.LARGE)
        cells = (
            '<c r="H2"><f>1+1</f><v>0.0</v></c><c r="I2" t="str"><v>BTC</v></c>'
            '<c r="J2"><f t="shared" si="0" ref="J2:J3">H2*0.02</f><v>0.0</v></c>'
        )
        assert self.kinds(tmp_path, cells, calculation) == [
            ("=1+1", CellKind.FORMULA),
            ("BTC", CellKind.TEXT),
            ("=H2*0.02", CellKind.FORMULA),
        ]

    def test_such_a_zero_beside_a_result_is_one_itself(self, tmp_path: Path) -> None:
        """Asked to evaluate, Apache POI writes the zeros among the results in the same way."""
        cells = '<c r="H2"><f>1+1</f><v>2.0</v></c><c r="I2" t="str"><v>BTC</v></c><c r="J2"><f>H2*0</f><v>0.0</v></c>'
        assert self.kinds(tmp_path, cells, "")[2] == ("0", CellKind.NUMBER)

    @pytest.mark.parametrize("calculation", ["", CALCULATE, '<calcPr calcId="191029"/>', '<calcPr calcCompleted="0"/>'])
    def test_stored_results_are_trusted(self, tmp_path: Path, calculation: str) -> None:
        cells = (
            '<c r="H2"><f>1+1</f><v>2</v></c><c r="I2" t="str"><f>A1</f><v>BTC</v></c>'
            '<c r="J2"><f>H2*0.02</f><v>0.04</v></c>'
        )
        assert self.kinds(tmp_path, cells, calculation) == [
            ("2", CellKind.NUMBER),
            ("BTC", CellKind.TEXT),
            ("0.04", CellKind.NUMBER),
        ]

    @pytest.mark.parametrize("calculation", ["", '<calcPr calcId="191029"/>', '<calcPr fullCalcOnLoad="0"/>'])
    def test_a_zero_that_excel_calculated_is_a_zero(self, tmp_path: Path, calculation: str) -> None:
        cells = '<c r="H2"><v>2</v></c><c r="I2" t="str"><v>BTC</v></c><c r="J2"><f>H2*0</f><v>0</v></c>'
        assert self.kinds(tmp_path, cells, calculation)[2] == ("0", CellKind.NUMBER)

    def test_a_typed_zero_is_a_zero_in_any_workbook(self, tmp_path: Path) -> None:
        cells = '<c r="H2"><f>1</f><v>0</v></c><c r="I2" t="str"><v>BTC</v></c><c r="J2"><v>0</v></c>'
        kinds = self.kinds(tmp_path, cells, self.CALCULATE)
        assert (kinds[0], kinds[2]) == (("=1", CellKind.FORMULA), ("0", CellKind.NUMBER))

    def test_an_array_formula_whose_other_cells_are_not_even_stored(self, tmp_path: Path) -> None:
        cells = '<c r="H2"><f t="array" ref="H2:J2">A1:C1</f></c>'
        assert {kind for _, kind in self.kinds(tmp_path, cells, "")} == {CellKind.FORMULA}


class TestEpoch:
    """A bare number for a day counts from the epoch of its workbook."""

    def test_a_bare_number_in_an_xlsx(self, tmp_path: Path) -> None:
        workbook = Workbook()
        workbook.epoch = date_1904()
        for row in ([*NUMBERS], data_row(1, distributed_on=44259), data_row(2, distributed_on=date(2025, 3, 5))):
            workbook.active.append(row)
        workbook.save(tmp_path / "form.xlsx")
        _, rows = only_form(tmp_path / "form.xlsx")
        assert rows[0]["distributed_on"] == "44259"
        assert [dates.parse(row["distributed_on"], CellKind(row["distributed_on_kind"])).value for row in rows] == [
            date(2025, 3, 5)
        ] * 2
        assert rows[0]["quantity_kind"] == CellKind.NUMBER

    def test_the_same_number_from_1900_is_another_day(self) -> None:
        assert dates.parse("45721", CellKind.NUMBER).value == date(2025, 3, 5)
        assert dates.parse("44259", CellKind.SERIAL_1904).value == date(2025, 3, 5)
        assert dates.parse("44259", CellKind.SERIAL_1904).state is dates.DateState.SERIAL_NUMBER
        assert dates.parse("34000", CellKind.SERIAL_1904).value is None, "1997: no day of a distribution"


def date_1904() -> Any:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    return CALENDAR_MAC_1904


FORMATS = st.lists(
    st.sampled_from(
        [
            "d",
            "mm",
            "yyyy",
            "h",
            ":",
            "ss",
            ".",
            "0",
            "#",
            "[h]",
            "[Red]",
            "[$-419]",
            '"d"',
            "\\d",
            "_d",
            ";",
            "@",
            "/",
            "AM/PM",
            "[mm]",
            ",",
            "%",
            "E+00",
        ]
    ),
    min_size=1,
    max_size=5,
).map("".join)


@settings(max_examples=150, deadline=None)
@given(codes=st.lists(FORMATS, min_size=1, max_size=30))
def test_formats_show_dates_where_the_fast_reader_says_so(
    tmp_path_factory: pytest.TempPathFactory, codes: list[str]
) -> None:
    from xml.sax.saxutils import quoteattr

    from esep.forms.reading.fast_reader import FastWorkbook

    path = write(tmp_path_factory.getbasetemp() / "formats.xlsx", [[Cell("n", "45721.5")] for _ in codes], Way())
    styled = path.with_name("styled.xlsx")
    own = "".join(f'<numFmt numFmtId="{200 + n}" formatCode={quoteattr(code)}/>' for n, code in enumerate(codes))
    styles = "".join(f'<xf numFmtId="{200 + n}"/>' for n in range(len(codes)))
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(styled, "w") as new:
        for name in old.namelist():
            content = old.read(name).decode()
            for n in range(len(codes)):
                content = content.replace(f'r="A{n + 1}" t="n"', f'r="A{n + 1}" s="{n}"')
            if name == "xl/styles.xml":
                content = (
                    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts>'
                    f"{own}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>"
                )
            new.writestr(name, content)
    fast = values(FastWorkbook(styled).cells(0))
    exact = {(n + 1, 0): value_of(45721.5, shown_by(code), since_1904=False) for n, code in enumerate(codes)}
    assert fast == exact


@pytest.mark.parametrize("since_1904", [False, True])
@given(serial=st.one_of(st.integers(61, 60_000).map(float), st.floats(61, 60_000)))
def test_moments_are_those_of_the_calendar(since_1904: bool, serial: float) -> None:
    value = value_of(serial, Shown.MOMENT, since_1904=since_1904)
    zero = date(1904, 1, 1) if since_1904 else date(1899, 12, 30)
    assert (date(value.year, value.month, value.day) - zero).days == int(serial)
