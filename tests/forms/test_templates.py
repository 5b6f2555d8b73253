"""The written forms look like the order's annexes, and what people write in them is read back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from esep.forms import annex1, annex2
from esep.forms.reading.application import read_application
from esep.forms.reading.document_blocks import lines_of
from esep.forms.reading.word_document import read_word
from esep.forms.reading.words import Passage
from esep.forms.templates import write_application, write_blank, write_both, write_form
from esep.law import form_versions
from forms.form_workbooks import data_row, only_form, read, texts

FORM: dict[str, Any] = {
    "pool_name": '"Алтын Пул" ЖШС',
    "address": "Астана қ., Мысал к., 1",
    "phone": "+7 7172 000 000",
    "email": "altyn_pool@example.kz",
    "executor": "Серікова А.",
    "head": "Болатов Б.Б.",
}
APPLICATION: dict[str, Any] = {
    "authority": "Цифрлық даму министрлігі",
    "pool_name": '"Алтын Пул" ЖШС',
    "pool_id": "230640000018",
    "period": date(2025, 12, 1),
    "sheet_count": 21,
    "head_name": "Болатов Б.Б.",
    "completed_on": date(2026, 1, 12),
}
READ_BACK = {
    "kk": {"period": "2025 жылғы желтоқсан", "completed_on": '2026 жылғы "12" қаңтар', "sheet_count": "21"},
    "ru": {"period": "декабрь 2025 года", "completed_on": '"12" января 2026 года', "sheet_count": "21"},
}


DAY = date(2026, 2, 10)


def find(sheet: Worksheet, text: str) -> tuple[int, int]:
    """Row and column of the cell with this text."""
    return next((cell.row, cell.column) for row in sheet.iter_rows() for cell in row if cell.value == text)


@pytest.mark.parametrize("language", annex1.LANGUAGES)
@pytest.mark.parametrize("numbering", annex2.Way)
def test_a_filled_form_reads_back(tmp_path: Path, language: str, numbering: str) -> None:
    rows = [data_row(1, quantity=Decimal("0.123456780000000001")), data_row(2)]
    path = write_form(
        tmp_path / "f.xlsx", language=language, period=date(2025, 3, 1), rows=rows, numbering=numbering, **FORM
    )
    form, read_rows = only_form(path)
    assert (form.language, form.numbering) == (language, numbering)
    assert texts(form.footer) == FORM
    assert texts(form.header) == {"period": {"kk": "2025 жылғы наурыз", "ru": "март 2025 года"}[language]}
    assert [row["quantity"] for row in read_rows] == ["0.123456780000000001", "0.5"]
    assert read_rows[0]["distributed_on"] == "2025-03-05"


@pytest.mark.parametrize("language", annex1.LANGUAGES)
@pytest.mark.parametrize("suffix", [".xlsx", ".docx"])
def test_a_filled_application_reads_back(tmp_path: Path, language: str, suffix: str) -> None:
    path = write_application(tmp_path / f"a{suffix}", language=language, **APPLICATION)
    if suffix == ".xlsx":
        (application,) = read(path).applications
    else:
        application = read_application(path.name, Passage.of_paragraphs(lines_of(read_word(path).body)))
    assert application.language == language
    assert application.declares_truth
    assert application.declares_consent
    expected = {key: APPLICATION[key] for key in ("authority", "pool_name", "pool_id", "head_name")}
    assert texts(application.fields) == expected | READ_BACK[language]


def test_both_annexes_in_one_workbook(tmp_path: Path) -> None:
    content = APPLICATION | FORM
    result = read(write_both(tmp_path / "b.xlsx", language="ru", rows=[data_row(1)], declares_consent=False, **content))
    (application,), (form,) = result.applications, result.forms
    assert application.sheet == "Заявление"
    assert not application.declares_consent
    assert form.sheet == "1-ЦМ"
    assert form.header["period"].text == "декабрь 2025 года"


@pytest.mark.parametrize("language", annex1.LANGUAGES)
def test_a_blank_form_filled_in_by_a_person_reads_back(tmp_path: Path, language: str) -> None:
    """Values go into the cell right of each label; data into the ruled rows."""
    path = tmp_path / f"1-ЦМ_{language}.xlsx"
    assert path in write_blank(tmp_path, DAY)
    workbook = load_workbook(path)
    sheet = workbook["1-ЦМ"]
    row, _ = find(sheet, annex2.PERIOD_LABEL[language])
    sheet.cell(row, 4).value = "2025 жылғы наурыз" if language == "kk" else "март 2025 года"
    number_row, _ = find(sheet, "9.2")
    for column, value in enumerate(data_row(1), start=1):
        sheet.cell(number_row + 1, column).value = value
    for field in annex2.FOOTER:
        row, column = find(sheet, field.label[language])
        beside = next(n for n in range(column + 1, 12) if sheet.cell(row, n).__class__.__name__ != "MergedCell")
        sheet.cell(row, beside).value = FORM[field.key]
    workbook.save(path)
    form, rows = only_form(path)
    assert texts(form.footer) == FORM
    assert form.header["period"].text is not None
    assert [row["wallet"] for row in rows] == ["bc1q000001"]


@pytest.mark.parametrize("language", annex1.LANGUAGES)
def test_a_blank_application_filled_in_by_a_person_reads_back(tmp_path: Path, language: str) -> None:
    """Values go above their captions and into the sentences."""
    path = write_application(tmp_path / "a.xlsx", language=language)
    workbook = load_workbook(path)
    (sheet,) = workbook.worksheets
    row, column = find(sheet, annex1.AUTHORITY.caption[language])
    sheet.cell(row - 1, column).value = APPLICATION["authority"]
    row, column = find(sheet, annex1.POOL.caption[language])
    sheet.cell(row - 1, column).value = f"{APPLICATION['pool_name']} {APPLICATION['pool_id']}"
    row, column = find(sheet, annex1.HEAD.caption[language])
    sheet.cell(row - 1, column).value = APPLICATION["head_name"]
    blanks = {
        annex1.PERIOD_BLANK[language]: READ_BACK[language]["period"],
        annex1.SHEETS_BLANK: "21",
        annex1.COMPLETED_BLANK[language]: READ_BACK[language]["completed_on"],
    }
    for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)):
        for blank, value in blanks.items():
            if blank in cell.value and (blank != annex1.SHEETS_BLANK or annex1.SHEETS_BEFORE[language] in cell.value):
                cell.value = cell.value.replace(blank, value)
    workbook.save(path)
    (application,) = read(path).applications
    expected = {key: APPLICATION[key] for key in ("authority", "pool_name", "pool_id", "head_name")}
    assert texts(application.fields) == expected | READ_BACK[language]


def test_blank_forms_exist_in_both_languages_and_hold_no_data(tmp_path: Path) -> None:
    written = write_blank(tmp_path / "new" / "folder", DAY)
    assert sorted(path.name for path in written) == sorted(
        [
            "1-ЦМ_kk.xlsx",
            "1-ЦМ_ru.xlsx",
            "1-ЦМ_kk.docx",
            "1-ЦМ_ru.docx",
            "Өтініш_kk.xlsx",
            "Өтініш_kk.docx",
            "Заявление_ru.xlsx",
            "Заявление_ru.docx",
            "Хабарлама_kk.xlsx",
            "Хабарлама_kk.docx",
            "Сообщение_ru.xlsx",
            "Сообщение_ru.docx",
        ]
    )
    for path in written:
        if path.name.startswith("1-ЦМ") and path.suffix == ".xlsx":
            form, rows = only_form(path)
            assert rows == []
            assert set(texts({**form.header, **form.footer}).values()) == {None}
            assert len(form.footer) == 6


def test_the_blank_form_looks_like_the_annex(tmp_path: Path) -> None:
    write_blank(tmp_path, DAY)
    sheet = load_workbook(tmp_path / "1-ЦМ_kk.xlsx")["1-ЦМ"]
    row, column = find(sheet, "Пул сыйақысы")
    assert f"I{row}:J{row}" in {str(merged) for merged in sheet.merged_cells.ranges}
    assert (sheet.cell(row + 1, column).value, sheet.cell(row + 1, column + 1).value) == (
        "цифрлық активтің атауы",
        "саны, бірлік",
    )
    printed = annex2.numberings_of(form_versions.columns(DAY))[annex2.Way.PRINTED]
    assert [sheet.cell(row + 2, n).value for n in range(1, 11)] == list(printed.numbers)
    formats = {column.name: sheet.cell(row + 3, n).number_format for n, column in enumerate(printed.columns, start=1)}
    assert {formats[name] for name in ("miner_id", "wallet", "quantity", "reward_quantity")} == {"@"}
    assert sheet.column_dimensions["E"].width >= 34
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert sheet.print_title_rows == f"${row}:${row + 2}"


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    name = '=HYPERLINK("http://example.kz","x")'
    path = write_both(tmp_path / "f.xlsx", rows=[data_row(1, miner_name=name)], pool_name="=1+1", authority="+x")
    sheet = load_workbook(path)["1-ЦМ"]
    (cell,) = (cell for row in sheet.iter_rows() for cell in row if cell.value == name)
    assert cell.data_type == "s"
    _, rows = only_form(path)
    assert rows[0]["miner_name"] == name


def test_mistakes_of_the_caller_are_reported(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\.xlsx"):
        write_form(tmp_path / "f.xls")
    with pytest.raises(ValueError, match=r"\.docx"):
        write_application(tmp_path / "a.pdf")
    with pytest.raises(ValueError, match="numbering"):
        write_form(tmp_path / "f.xlsx", numbering="9")
    with pytest.raises(ValueError, match="10 cells"):
        write_form(tmp_path / "f.xlsx", rows=[[1, 2]])
    with pytest.raises(TypeError, match="pool"):
        write_both(tmp_path / "f.xlsx", pool="x")
    assert list(tmp_path.iterdir()) == []


def test_document_has_a_line_for_each_field(tmp_path: Path) -> None:
    write_application(tmp_path / "a.docx", language="kk")
    text = "\n".join(paragraph.text for paragraph in Document(str(tmp_path / "a.docx")).paragraphs)
    captions = (annex1.AUTHORITY.caption, annex1.POOL.caption, annex1.PERIOD_CAPTION, annex1.COMPLETED.label)
    for caption in (words["kk"] for words in captions):
        assert caption in text


NAMES = st.text("АӘБДЕИҚЛМНОӨПРСТҰабәгғдежиіклмнопрстуұ", max_size=20).map("Ж{}ов".format)
"""Names that are none of the words printed in the forms."""


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=NAMES,
    head=NAMES,
    month=st.integers(1, 12),
    year=st.integers(2024, 2029),
    language=st.sampled_from(annex1.LANGUAGES),
    quantities=st.lists(st.decimals(0, 1000, places=18), min_size=1, max_size=4),
)
def test_whatever_is_written_is_read(
    tmp_path: Path, name: str, head: str, month: int, year: int, language: str, quantities: list[Decimal]
) -> None:
    rows = [data_row(number, quantity=quantity) for number, quantity in enumerate(quantities, start=1)]
    content = {"pool_name": f"«{name}»", "head": head, "head_name": head, "pool_id": "230640000018", "sheet_count": 1}
    path = write_both(tmp_path / "w.xlsx", language=language, period=date(year, month, 1), rows=rows, **content)
    result = read(path)
    (form,), (application,) = result.forms, result.applications
    assert form.footer["pool_name"].text == application.fields["pool_name"].text == f"«{name}»"
    assert form.footer["head"].text == application.fields["head_name"].text == head
    assert form.header["period"].text == application.fields["period"].text
    written = [Decimal(row["quantity"]) for row in form.rows.to_pylist()]
    assert written == quantities
