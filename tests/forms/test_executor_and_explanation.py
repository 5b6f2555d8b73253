"""The executor's telephone, and the explanation that the order prints below form 1-ЦМ."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook

from esep.forms import annex1, annex2
from esep.forms.document import FormRead
from esep.forms.reading.document_text import read_document
from esep.forms.reading.kinds import Kind
from esep.forms.reading.phone import name_and_phone
from esep.forms.templates import write_form
from forms.form_workbooks import NUMBERS, data_row, form_of, read, texts, unread, write_rows

POOL_PHONE, PHONE, NAME = "+7 7172 000 000", "+7 701 000 00 00", "Серікова А."
REST = [["Басшы: Болатов Б.Б."]]
KAZAKH = [['Атауы: "Алтын Пул" ЖШС Мекенжайы: Астана'], [f"Телефон: {POOL_PHONE}"]]
RUSSIAN = [['Наименование: "Алтын Пул" ЖШС'], [f"Телефон: {POOL_PHONE}"]]

EXECUTORS: dict[str, list[list[Any]]] = {
    "one cell": [*KAZAKH, [f"Орындаушы: {NAME}, {PHONE}"]],
    "one cell on underscores, as printed": [
        *KAZAKH,
        [f"Орындаушы____{NAME}____{PHONE}____"],
        ["Тегі, аты, әкесінің аты (бар болса) қолы, телефоны"],
    ],
    "neighbouring cells": [*KAZAKH, ["Орындаушы", NAME, None, PHONE]],
    "a line of its own above the caption": [*KAZAKH, ["Орындаушы"], [None, NAME, "", PHONE], ["(қолы, телефоны)"]],
    "labelled in the same cell": [*KAZAKH, [f"Орындаушы: {NAME} Телефоны: {PHONE}"]],
    "labelled in small letters": [*KAZAKH, [f"Орындаушы: {NAME}, телефоны {PHONE}"]],
    "labelled in the next cell": [*KAZAKH, ["Орындаушы", NAME, "Телефоны", PHONE]],
    "labelled as the executor's": [["Орындаушы", NAME], ["Орындаушының телефоны", PHONE], *KAZAKH],
    "labelled below": [*KAZAKH, ["Орындаушы", NAME], ["Телефоны:", PHONE]],
    "the number first": [*KAZAKH, [f"Орындаушы: {PHONE}, {NAME}"]],
    "Russian, one cell": [*RUSSIAN, [f"Исполнитель: {NAME} (тел. {PHONE})"]],
    "Russian, its own label": [*RUSSIAN, ["Исполнитель", NAME, "Телефон исполнителя", PHONE]],
    "Russian, several pairs in a line": [
        [
            f'Наименование "Алтын Пул" ЖШС Телефон {POOL_PHONE} Исполнитель {NAME} Телефон {PHONE} '
            "Руководитель Болатов Б.Б."
        ],
    ],
}


@pytest.mark.parametrize("layout", EXECUTORS)
def test_the_executor_s_telephone_is_a_field_of_its_own(tmp_path: Path, layout: str) -> None:
    form, rows = form_of(tmp_path, [NUMBERS, data_row(1), [], *EXECUTORS[layout], *REST])
    found = texts(form.footer)
    assert (found["executor"], found["executor_phone"], found["phone"]) == (NAME, PHONE, POOL_PHONE)
    assert (found["head"], len(rows)) == ("Болатов Б.Б.", 1)


def test_without_the_executor_s_telephone_nothing_is_missing(tmp_path: Path) -> None:
    form, _ = form_of(tmp_path, [NUMBERS, data_row(1), [], *KAZAKH, [f"Орындаушы: {NAME}"], *REST])
    assert form.footer["executor"].text == NAME
    assert "executor_phone" not in form.footer


def test_a_number_beside_the_executor_is_not_the_pool_s(tmp_path: Path) -> None:
    footer = [["Атауы: Пул"], ["Телефон ______"], [f"Орындаушы: {NAME}, {PHONE}"], *REST]
    form, _ = form_of(tmp_path, [NUMBERS, data_row(1), [], *footer])
    assert (form.footer["phone"].text, form.footer["executor_phone"].text) == (None, PHONE)


@pytest.mark.parametrize(
    ("line", "name", "phone"),
    [
        ("Серікова А. Т.", "Серікова А. Т.", None),
        ("Серікова А. 8 (7172) 55-55-55 ішкі 12", "Серікова А.", "8 (7172) 55-55-55 ішкі 12"),
        ("Серікова А., 55-12-34, +77010000000", "Серікова А.", "55-12-34, +77010000000"),
        ("+7 701 000 00 00", None, "+7 701 000 00 00"),
        ("Серікова А. 12.03.2026", "Серікова А. 12.03.2026", None),
        ("Серікова А., ЖСН 061211600012", "Серікова А., ЖСН 061211600012", None),
        ("2-бөлім, Серікова А. 123", "2-бөлім, Серікова А. 123", None),
    ],
)
def test_a_line_of_a_name_and_a_telephone(line: str, name: str | None, phone: str | None) -> None:
    assert name_and_phone(line) == (name, phone)


FILLED = {
    "pool_name": '"Алтын Пул" ЖШС',
    "address": "Астана қ., Мысал к., 1",
    "phone": POOL_PHONE,
    "email": "altyn_pool@example.kz",
    "executor": NAME,
    "executor_phone": PHONE,
    "head": "Болатов Б.Б.",
}


def forms_in(path: Path) -> tuple[FormRead, ...]:
    if path.suffix == ".xlsx":
        return read(path).forms
    return read_document(path, unread(path.name), Kind.DOCUMENT).forms


@pytest.mark.parametrize("suffix", ["xlsx", "docx"])
@pytest.mark.parametrize("language", annex1.LANGUAGES)
@pytest.mark.parametrize("numbering", annex2.Way)
def test_the_written_form_reads_back_whole(tmp_path: Path, suffix: str, language: str, numbering: str) -> None:
    """Its explanation, whose items are numbered as the columns are, makes no row, no number row and no footer."""
    given = {"language": language, "period": "март 2025", "numbering": numbering}
    path = write_form(tmp_path / f"f.{suffix}", rows=[data_row(1), data_row(2)], **given, **FILLED)
    (form,) = forms_in(path)
    assert texts(form.footer) == FILLED
    assert [row["row_no"] for row in form.rows.to_pylist()] == ["1", "2"]
    assert form.number_row_repeats == ()


def printed(path: Path) -> str:
    """All texts of a written form, without white space."""
    if path.suffix == ".xlsx":
        cells = [str(cell.value) for row in load_workbook(path).active.iter_rows() for cell in row if cell.value]
        return re.sub(r"\s+", "", "".join(cells))
    document = Document(str(path))
    return re.sub(r"\s+", "", "".join(paragraph.text for paragraph in document.paragraphs))


@pytest.mark.parametrize("suffix", ["xlsx", "docx"])
@pytest.mark.parametrize("language", annex1.LANGUAGES)
def test_the_blank_form_ends_with_the_explanation(tmp_path: Path, suffix: str, language: str) -> None:
    text = printed(write_form(tmp_path / f"f.{suffix}", language=language))
    lines = (annex2.EXPLANATION_TITLE[language], *annex2.EXPLANATION[language])
    assert len(lines) == 15
    assert text.endswith(re.sub(r"\s+", "", "".join(lines)))
    assert text.index(re.sub(r"\s+", "", annex2.SEAL[language])) < text.index(re.sub(r"\s+", "", lines[0]))


EXPLANATION = [[annex2.EXPLANATION_TITLE["kk"]], *([line] for line in annex2.EXPLANATION["kk"])]
FOOTER = [*KAZAKH, ["Орындаушы", NAME], *REST]


def test_the_explanation_between_table_and_footer(tmp_path: Path) -> None:
    form, rows = form_of(tmp_path, [NUMBERS, data_row(1), [], *EXPLANATION, [], *FOOTER])
    assert len(rows) == 1
    assert texts(form.footer)["phone"] == POOL_PHONE
    assert texts(form.footer)["head"] == "Болатов Б.Б."


AS_TABLE = [
    [annex2.EXPLANATION_TITLE["kk"]],
    ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"],
    ["реттік нөмірі", "атауы", "БСН", "лицензия", "әмиян", "күні", "атауы", "саны", "сыйақы", "атауы", "саны"],
]


def test_the_explanation_as_a_table_below_the_form(tmp_path: Path) -> None:
    form, rows = form_of(tmp_path, [NUMBERS, data_row(1), [], *FOOTER, [], *AS_TABLE])
    assert len(rows) == 1
    assert form.number_row_repeats == ()
    assert texts(form.footer)["head"] == "Болатов Б.Б."


def test_rows_below_the_explanation_are_not_lost(tmp_path: Path) -> None:
    _, rows = form_of(tmp_path, [NUMBERS, data_row(1), [], *EXPLANATION, [], data_row(2)])
    assert [row["row_no"] for row in rows] == ["1", "2"]


@pytest.mark.parametrize("lines", [EXPLANATION, AS_TABLE], ids=["sentences", "table"])
def test_the_explanation_on_a_second_sheet(tmp_path: Path, lines: list[list[Any]]) -> None:
    path = write_rows(tmp_path / "f.xlsx", [NUMBERS, data_row(1), [], *FOOTER])
    workbook = load_workbook(path)
    sheet = workbook.create_sheet("Түсініктеме")
    for line in lines:
        sheet.append(line)
    workbook.save(path)
    found = read(path)
    assert [form.sheet for form in found.forms] == ["1-ЦМ"]
    assert not found.lacks_number_row


def test_the_form_may_follow_the_explanation(tmp_path: Path) -> None:
    rows = [*EXPLANATION, [], ["Есепті кезең: 2025 жылғы наурыз"], NUMBERS, data_row(1), *FOOTER]
    form, found = form_of(tmp_path, rows)
    assert (len(found), form.header["period"].text) == (1, "2025 жылғы наурыз")


def test_a_form_without_number_row_is_still_one_above_its_explanation(tmp_path: Path) -> None:
    path = write_form(tmp_path / "f.xlsx", period="март 2025", rows=[data_row(1)], **FILLED)
    workbook = load_workbook(path)
    sheet = workbook.active
    row = next(cell.row for row in sheet.iter_rows() for cell in row if cell.value == "9.2")
    sheet.delete_rows(row)
    workbook.save(path)
    assert read(path).lacks_number_row


def test_the_explanation_in_a_document_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "t.docx"
    document = Document()
    for (line,) in EXPLANATION:
        document.add_paragraph(line)
    document.save(str(path))
    found = read_document(path, unread(path.name), Kind.DOCUMENT)
    assert (found.forms, found.applications, found.detail) == ((), (), None)


def test_where_the_telephone_stands(tmp_path: Path) -> None:
    form, _ = form_of(tmp_path, [NUMBERS, data_row(1), [], *KAZAKH, ["Орындаушы", NAME, "Телефоны", PHONE], *REST])
    place = form.footer["executor_phone"]
    assert replace(place, text=None) == replace(form.footer["executor"], text=None, cell=place.cell)
    assert place.cell == "D6"
