"""Which worksheet rows are data, and which are totals, repeats, notes, blanks or the footer."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from esep.detail import Detail
from esep.forms.document import RAW_ROWS
from esep.forms.values.cell import CellKind
from forms.form_workbooks import FOOTER, NUMBERS, data_row, form_of, only_form, read, row_xml, write_raw, write_rows

HEADING = ["№", "Атауы", "БСН / ЖСН", "Лицензия", "Әмиян", "Күні", "Актив", "Саны", "Пул сыйақысы", None]
SUBHEADING = [None] * 8 + ["Атауы", "Саны, бірлік"]


def rows_of(rows: list[dict[str, Any]]) -> list[int]:
    return [row["row"] for row in rows]


def test_rows_after_the_number_row_up_to_the_footer_are_data(tmp_path: Path) -> None:
    form, rows = form_of(tmp_path, [["1-ЦМ"], HEADING, NUMBERS, data_row(1), data_row(2), [], *FOOTER])
    assert rows_of(rows) == [4, 5]
    assert form.number_row == 3
    assert rows[0] | {"row": 0} == {
        "row": 0,
        "row_no": "1",
        "miner_name": "ЖШС Көк Майнер",
        "miner_id": "230640000008",
        "licence": "№ KZ-01 берілген 01.02.2024",
        "wallet": "bc1q000001",
        "distributed_on": "2025-03-05",
        "asset": "BTC",
        "quantity": "0.5",
        "reward_asset": "BTC",
        "reward_quantity": "0.005",
        "row_no_kind": CellKind.NUMBER,
        "miner_name_kind": CellKind.TEXT,
        "miner_id_kind": CellKind.TEXT,
        "licence_kind": CellKind.TEXT,
        "wallet_kind": CellKind.TEXT,
        "distributed_on_kind": CellKind.DATE,
        "asset_kind": CellKind.TEXT,
        "quantity_kind": CellKind.NUMBER,
        "reward_asset_kind": CellKind.TEXT,
        "reward_quantity_kind": CellKind.NUMBER,
        "spanning": None,
        "total_expected": None,
    }


def test_batches_have_the_schema_of_raw_rows(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "form.xlsx", [NUMBERS, data_row(1)])
    (form,) = read(path).forms
    assert form.rows.schema.equals(RAW_ROWS)


def test_no_rows_at_all(tmp_path: Path) -> None:
    assert form_of(tmp_path, [NUMBERS, [], *FOOTER])[1] == []
    assert form_of(tmp_path, [NUMBERS])[1] == []


def test_blank_rows_between_data_do_not_end_it(tmp_path: Path) -> None:
    _, rows = form_of(tmp_path, [NUMBERS, [], data_row(1), [], [" "], data_row(2), [], *FOOTER])
    assert rows_of(rows) == [3, 6]


def test_columns_and_rows_before_the_table_do_not_shift_anything(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.active
    columns = [3, 4, 6, 7, 8, 9, 11, 12, 13, 15]  # with blank columns between
    for column, number, value in zip(columns, NUMBERS, data_row(1), strict=True):
        sheet.cell(12, column, number)
        sheet.cell(14, column, value)
    sheet.cell(16, 3, "Атауы: Пул")
    workbook.save(tmp_path / "form.xlsx")
    form, rows = only_form(tmp_path / "form.xlsx")
    assert form.number_row == 12
    assert rows_of(rows) == [14]
    assert rows[0]["wallet"] == "bc1q000001"
    assert rows[0]["reward_quantity"] == "0.005"
    assert form.footer["pool_name"].cell == "C16"


@pytest.mark.parametrize("word", ["Барлығы", "ЖИЫНЫ:", "итого", "Всего по BTC", "Жиынтығы"])
@pytest.mark.parametrize("column", [0, 1, 2])
def test_total_rows_are_left_out_and_listed(tmp_path: Path, word: str, column: int) -> None:
    total: list[Any] = [None] * 10
    total[column], total[7], total[9] = word, 0.5, 0.005
    form, rows = form_of(tmp_path, [NUMBERS, data_row(1), total, data_row(2), total, [], *FOOTER])
    assert rows_of(rows) == [2, 4]
    assert form.total_rows == (3, 5)


@pytest.mark.parametrize(
    "total",
    [
        ["Қорытынды", *[None] * 6, "0,5"],
        ["Жалпы жиыны", *[None] * 6, "0,5"],
        ["Аралық жиыны", *[None] * 6, "0,5"],
        ["Наурыз бойынша барлығы", *[None] * 6, "0,5"],
        [*[None] * 6, "Итого", "0.5"],
        ["Промежуточный итог", "х", "х", "х", "х", "х", "BTC", "0,500", "BTC", "0,005"],
        ["Итого", "–", "–", "–", "–", "–", "BTC", "0,500", "BTC", "0,005"],
    ],
)
def test_totals_in_other_words_and_with_crossed_out_cells(tmp_path: Path, total: list[Any]) -> None:
    form, rows = form_of(tmp_path, [NUMBERS, data_row(1), total, data_row(2), total, [], *FOOTER])
    assert rows_of(rows) == [2, 4]
    assert form.total_rows == (3, 5)


@pytest.mark.parametrize("caption", ["Bitcoin", "«Алтын Блок» ЖШС", "5 наурыз 2025 ж.", date(2025, 3, 5)])
def test_a_caption_over_a_group_of_rows_is_no_data(tmp_path: Path, caption: Any) -> None:
    rows_in = [NUMBERS, [caption], data_row(1), [caption], data_row(2), [], *FOOTER]
    form, rows = form_of(tmp_path, rows_in)
    assert rows_of(rows) == [3, 5]
    assert form.total_rows == ()


@pytest.mark.parametrize("poor", [[2], ["№ 2"], [None, "ЖШС Көк Майнер"], ["екі", None, "230640000008"]])
def test_a_row_between_data_that_is_no_caption_is_kept(tmp_path: Path, poor: list[Any]) -> None:
    assert rows_of(form_of(tmp_path, [NUMBERS, data_row(1), poor, data_row(3), *FOOTER])[1]) == [2, 3, 4]


def test_a_number_row_over_two_rows_repeated_on_each_page(tmp_path: Path) -> None:
    upper, lower = [*NUMBERS[:8], "9"], [None] * 8 + ["9.1", "9.2"]
    rows_in = [["1-ЦМ"], HEADING, upper, lower, data_row(1), HEADING, upper, lower, data_row(2), [], *FOOTER]
    form, rows = form_of(tmp_path, rows_in)
    assert rows_of(rows) == [5, 9]
    assert (form.number_row, form.number_row_repeats) == (4, (7,))


def test_a_heading_repeated_in_other_words_is_left_out(tmp_path: Path) -> None:
    other = ["№ п/п", "Майнер", "БИН", "Лицензия", "Кошелёк", "Дата", "Актив", "Кол-во", "Вознаграждение", None]
    rows_in = [["1-ЦМ"], HEADING, SUBHEADING, NUMBERS, data_row(1), other, SUBHEADING, NUMBERS, data_row(2), *FOOTER]
    assert rows_of(form_of(tmp_path, rows_in)[1]) == [5, 9]


def test_a_numbered_total_row_is_a_total(tmp_path: Path) -> None:
    total = [2, "Итого", None, None, None, None, "BTC", 0.5, "BTC", 0.005]
    form, rows = form_of(tmp_path, [NUMBERS, data_row(1), total])
    assert rows_of(rows) == [2]
    assert form.total_rows == (3,)


def test_a_miner_called_like_a_total_is_data(tmp_path: Path) -> None:
    form, rows = form_of(tmp_path, [NUMBERS, data_row(1, miner_name="Всего Майнинг ТОО"), *FOOTER])
    assert rows_of(rows) == [2]
    assert form.total_rows == ()


def test_a_pool_called_like_a_total_is_no_total(tmp_path: Path) -> None:
    form, _ = form_of(tmp_path, [NUMBERS, data_row(1), [], ["Атауы", None, "«Итого»"], ["Телефон", "Всего"]])
    assert form.total_rows == ()
    assert form.footer["pool_name"].text == "«Итого»"


@pytest.mark.parametrize("name", ["Телефон Майнинг ЖШС", "Атауы", "Руководитель", "Наименование Плюс"])
def test_a_miner_called_like_a_footer_label_is_data(tmp_path: Path, name: str) -> None:
    _, rows = form_of(tmp_path, [NUMBERS, data_row(1), data_row(2, miner_name=name), data_row(3), *FOOTER])
    assert rows_of(rows) == [2, 3, 4]


def test_a_poor_row_is_data_too(tmp_path: Path) -> None:
    """Nothing vanishes: a row with few cells between data rows is kept for the rules to judge."""
    poor = [2, None, "230640000008"]
    form, rows = form_of(tmp_path, [NUMBERS, data_row(1), poor, data_row(3), *FOOTER])
    assert rows_of(rows) == [2, 3, 4]
    assert rows[1]["wallet"] is None
    assert rows[1]["wallet_kind"] == CellKind.EMPTY
    assert form.footer["pool_name"].text == '"Алтын Пул" ЖШС'


def test_notes_and_preprinted_numbers_below_the_data_are_no_data(tmp_path: Path) -> None:
    rows_in = [NUMBERS, data_row(1), [2], [3], ["* ескертпе: түзетілді"], [], *FOOTER]
    assert rows_of(form_of(tmp_path, rows_in)[1]) == [2]


@pytest.mark.parametrize(
    "unused",
    [
        ["-"] * 10,
        [2, *["–"] * 9],
        [None, *["х"] * 9],
        [None, None, None, None, None, None, None, "-"],
        [2, None, None, None, None, None, None, 0, None, 0.0],
        [2, None, None, None, "–", None, None, "0,00", "-", "0"],
    ],
)
def test_lines_that_were_not_used_are_no_data(tmp_path: Path, unused: list[Any]) -> None:
    """Crossed out, as forms on paper are, or with the zeros of a template's formulas."""
    rows_in = [NUMBERS, data_row(1), unused, unused, [], *FOOTER]
    assert rows_of(form_of(tmp_path, rows_in)[1]) == [2]
    assert rows_of(form_of(tmp_path, [NUMBERS, unused, [], *FOOTER])[1]) == [2], "alone it is what was filed"


@pytest.mark.parametrize(
    "last",
    [
        [2, *["–"] * 6, 5, "–", "–"],
        [2, "–", "–", "–", "–", "–", "BTC", 0, "–", 0],
        [2, None, None, None, None, date(2025, 3, 6), None, 0],
        [None, None, None, None, None, None, None, 0.6, None, 0.005],
        [None, None, None, None, None, None, None, "0,6"],
        [2, None, None, None, None, None, None, 0.5, None, 0.005],
        [2, "ТОО Майнер"],
        [None, "ТОО Майнер", "230640000008"],
    ],
)
def test_a_last_row_with_anything_of_a_distribution_is_data(tmp_path: Path, last: list[Any]) -> None:
    assert rows_of(form_of(tmp_path, [NUMBERS, data_row(1), last, [], *FOOTER])[1]) == [2, 3]


def test_a_line_for_someone_else_to_sign_is_no_data(tmp_path: Path) -> None:
    rows_in = [NUMBERS, data_row(1), [], ["Бас бухгалтер", None, None, "Серікова А."], *FOOTER]
    assert rows_of(form_of(tmp_path, rows_in)[1]) == [2]


def test_a_heading_repeated_on_each_page_is_left_out(tmp_path: Path) -> None:
    page = [HEADING, SUBHEADING, NUMBERS]
    rows_in = [["1-ЦМ"], *page, data_row(1), data_row(2), *page, data_row(3), [], *page, data_row(4), *FOOTER]
    form, rows = form_of(tmp_path, rows_in)
    assert rows_of(rows) == [5, 6, 10, 15]
    assert form.number_row_repeats == (9, 14)
    assert form.footer["pool_name"].text == '"Алтын Пул" ЖШС'


def test_both_number_rows_below_each_other(tmp_path: Path) -> None:
    second = [*NUMBERS[:8], "10", "11"]
    form, rows = form_of(tmp_path, [NUMBERS, second, data_row(1), *FOOTER])
    assert rows_of(rows) == [3]
    assert form.number_row_repeats == (2,)


def test_column_nine_of_the_explanation_is_kept_apart(tmp_path: Path) -> None:
    numbers = [*NUMBERS[:8], 9, 10, 11]
    row = data_row(1)
    form, rows = form_of(tmp_path, [numbers, [*row[:8], "сыйақы", *row[8:]]])
    assert form.numbering == "9/10/11"
    assert rows[0]["spanning"] == "сыйақы"
    assert (rows[0]["reward_asset"], rows[0]["reward_quantity"]) == ("BTC", "0.005")


def test_what_is_merged_over_rows_holds_for_each_of_them_but_quantities(tmp_path: Path) -> None:
    blank = dict.fromkeys(("miner_name", "miner_id", "licence", "wallet", "distributed_on", "quantity"))
    path = write_rows(tmp_path / "form.xlsx", [NUMBERS, data_row(1), data_row(2, **blank), data_row(3), *FOOTER])
    workbook = load_workbook(path)
    for column in "BCDFH":
        workbook.active.merge_cells(f"{column}2:{column}3")
    workbook.save(path)
    _, rows = only_form(path)
    assert rows[1]["miner_name"] == "ЖШС Көк Майнер"
    assert rows[1]["distributed_on"] == "2025-03-05"
    assert rows[1]["wallet"] is None  # not merged
    assert rows[1]["quantity"] is None
    assert rows[2]["wallet"] == "bc1q000003"


def test_many_rows_keep_their_worksheet_rows(tmp_path: Path) -> None:
    """More rows than one batch holds, with blanks, repeats and totals across the border."""
    body: list[list[Any]] = []
    for number in range(1, 45_001):
        body.append(data_row(number))
        if number % 9_999 == 0:
            body += [[], ["Барлығы", None, None, None, None, None, None, number / 2], HEADING, NUMBERS]
    sheet = (
        row_xml(row, [str(value) if isinstance(value, date) else value for value in values])
        for row, values in enumerate([HEADING, NUMBERS, *body, *FOOTER], start=1)
    )
    form, rows = only_form(write_raw(tmp_path / "form.xlsx", ["<sheetData>", *sheet, "</sheetData>"]))
    assert [row["row_no"] for row in rows] == [str(number) for number in range(1, 45_001)]
    expected = [index for index, row in enumerate(body, start=3) if len(row) == 10 and isinstance(row[0], int)]
    assert rows_of(rows) == expected
    assert len(form.total_rows) == len(form.number_row_repeats) == 4


def test_several_forms_and_hidden_sheets(tmp_path: Path) -> None:
    workbook = Workbook()
    for name in ("Бірінші", "Жасырын"):
        sheet = workbook.create_sheet(name)
        for row in (NUMBERS, data_row(1), *FOOTER):
            sheet.append(row)
    workbook["Жасырын"].sheet_state = "veryHidden"
    workbook.create_sheet("Бос").sheet_state = "hidden"
    workbook.save(tmp_path / "form.xlsx")
    result = read(tmp_path / "form.xlsx")
    assert [(form.sheet, form.hidden) for form in result.forms] == [("Бірінші", False), ("Жасырын", True)]
    assert result.hidden_sheets == ("Жасырын", "Бос")


def test_a_form_without_number_row_is_named(tmp_path: Path) -> None:
    path = write_rows(
        tmp_path / "form.xlsx", [["Әкімшілік деректер нысанының индексі: 1-ЦМ"], HEADING, data_row(1)], sheet="Наурыз"
    )
    result = read(path)
    assert result.forms == ()
    assert result.detail == Detail.of("no_number_row", sheets="«Наурыз»")


def test_the_explanation_on_a_sheet_of_its_own_is_no_form(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "form.xlsx", [["1-ЦМ нысанын толтыру бойынша түсініктеме"], ["1-бағанда нөмір"]])
    assert read(path).detail is None


def test_dates_as_text_stay_text(tmp_path: Path) -> None:
    _, rows = form_of(tmp_path, [NUMBERS, data_row(1, distributed_on="05.03.2025"), data_row(2)])
    assert [(row["distributed_on"], row["distributed_on_kind"]) for row in rows] == [
        ("05.03.2025", CellKind.TEXT),
        (date(2025, 3, 5).isoformat(), CellKind.DATE),
    ]


def test_columns_counted_on_to_ten_are_the_ten_columns_below_words_of_the_form(tmp_path: Path) -> None:
    numbers = [str(number) for number in range(1, 11)]
    form, rows = form_of(tmp_path, [["1-ЦМ"], numbers, data_row(1), [], *FOOTER])
    assert form.numbering == "9/10"
    assert (rows[0]["reward_asset"], rows[0]["reward_quantity"]) == ("BTC", "0.005")


def test_another_table_of_ten_numbered_columns_is_no_form(tmp_path: Path) -> None:
    numbers = [str(number) for number in range(1, 11)]
    path = write_rows(tmp_path / "form.xlsx", [["Штат кестесі"], numbers, data_row(1)])
    result = read(path)
    assert (result.forms, result.detail) == ((), None)
