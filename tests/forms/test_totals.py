"""Totals are known by what they add up to: put anywhere, in any words, they leave the same rows of data."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esep.forms.annex2 import NUMBERINGS
from esep.forms.document import ROW_FIELDS
from esep.forms.reading import table as table_reader
from esep.forms.reading.number_row import NumberRow
from esep.forms.reading.sheets import MarkedCell
from esep.forms.reading.table import TableRead, TableReader
from esep.forms.values.cell import CellKind
from forms.form_workbooks import FOOTER, NUMBERS, data_row

MINERS = (
    ("«Көк Майнер» ЖШС", "230640000008"),
    ("ТОО Альфа", "940140000385"),
    ("Всего Майнинг ТОО", "990140004654"),
    ("ЖК Үшінші", "061211600012"),
)
WORDS = (
    "Барлығы", "Итого:", "ВСЕГО", "Total", "Razem", "Gesamt", "合计", "Σ", "Жиынтық сома", "Grand Total", "Общий итог",
    "Перенесено", "Көшірілді", "Carried forward", "Суммарно за месяц",
)  # fmt: skip
AFTER_KEY = ("{} Итог", "{} бойынша жиыны", "{} Total", "{} жиыны", "Итого по {}", "Сумма {}")


def read(rows: list[list[Any]]) -> TableRead:
    """The table below a number row in row 1."""
    width = 10
    values = [["" if value is None else value for value in [*row, *[None] * (width - len(row))]] for row in rows]
    return TableReader(NumberRow(NUMBERINGS[-1], tuple(range(10)), {}), 0, []).read(iter(values), 2)


def of(table: TableRead) -> list[dict[str, Any]]:
    return table.rows.to_pylist()


def total(quantity: Any, reward: Any = None, **cells: Any) -> list[Any]:
    row = dict.fromkeys(ROW_FIELDS) | {"quantity": quantity, "reward_quantity": reward} | cells
    return list(row.values())


def sums(rows: list[list[Any]]) -> tuple[str, str]:
    return tuple(str(sum((Decimal(str(row[place])) for row in rows), Decimal(0))) for place in (7, 9))  # type: ignore[return-value]


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[Any]], list[list[Any]]]:
    """Rows of data, grouped by miner, and the same with totals of all kinds between them."""
    plain: list[list[Any]] = []
    laid: list[list[Any]] = []
    since: list[list[Any]] = []
    for name, number in draw(st.lists(st.sampled_from(MINERS), min_size=1, max_size=4, unique=True)):
        group = []
        for _ in range(draw(st.integers(1, 4))):
            units = draw(st.integers(1, 10**6))
            row = data_row(
                len(plain) + 1,
                miner_name=name,
                miner_id=number,
                asset=draw(st.sampled_from(["BTC", "LTC"])),
                quantity=str(Decimal(units).scaleb(-8)),
                reward_quantity=str(Decimal(draw(st.integers(0, 50))).scaleb(-6)),
            )
            plain.append(row)
            group.append(row)
            since.append(row)
            laid.append(row)
            if draw(st.booleans()):
                continue
            kind = draw(st.sampled_from(["all", "since", "bare", "carried"]))
            # A row without words that is the sum of one row could as well be a distribution: it has a test of its own.
            rows = plain if kind != "since" else since
            if kind == "bare" or len(rows) > 1:
                word = {} if kind == "bare" else {draw(st.sampled_from(["row_no", "miner_name"])): draw(_words)}
                laid.append(total(*sums(rows), **word))
                if kind == "carried":
                    laid.append(total(*sums(rows), row_no="Перенесено с предыдущей страницы"))
                since = []
        if draw(st.booleans()):
            column = draw(st.sampled_from(["miner_id", "miner_name"]))
            key = {"miner_id": number, "miner_name": name}[column]
            laid.append(total(*sums(group), **{column: draw(st.sampled_from(AFTER_KEY)).format(key)}))
            since = []
    for asset in draw(st.lists(st.sampled_from(["BTC", "LTC"]), unique=True)):
        rows = [row for row in plain if row[6] == asset]
        if rows:
            laid.append(total(*sums(rows), asset=asset, reward_asset=asset, miner_name="Итого"))
    return plain, laid


_words = st.sampled_from(WORDS)


@settings(deadline=None)
@given(tables())
def test_totals_anywhere_leave_the_same_rows(made: tuple[list[list[Any]], list[list[Any]]]) -> None:
    plain, laid = made
    without, found = read(plain), read([*laid, [], *FOOTER])
    rows = of(found)
    assert [row["row_no"] for row in rows] == [str(row[0]) for row in plain]
    assert all(row["total_expected"] is None for row in rows)
    assert [{**row, "row": 0} for row in rows] == [{**row, "row": 0} for row in of(without)]
    assert len(found.total_rows) == len(laid) - len(plain)


@settings(deadline=None)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=6))
def test_a_row_that_names_its_distribution_is_data_whatever_it_adds_up_to(units: list[int]) -> None:
    rows = [data_row(place, quantity=unit, miner_name="Итого Майнинг") for place, unit in enumerate(units, 1)]
    rows.append(data_row(len(rows) + 1, quantity=sum(units), reward_quantity=0.005 * len(units), row_no="Итого"))
    table = read(rows)
    assert table.total_rows == []
    assert [row["total_expected"] for row in of(table)] == [None] * len(rows)


A = data_row(1, quantity="0.3", reward_quantity="0.003")
B = data_row(2, quantity="0.2", reward_quantity="0.002", miner_id="940140000385", miner_name="ТОО Альфа", asset="LTC")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (total("0.6"), "0.5"),
        (total(None, "0.1"), "0.005"),
        (total("0.5", miner_id="940140000385", miner_name="Итого"), "0.2"),
    ],
)
def test_what_looks_like_a_total_and_does_not_add_up_is_kept_and_marked(row: list[Any], expected: str) -> None:
    table = read([A, B, row])
    assert table.total_rows == []
    assert [one["total_expected"] for one in of(table)] == [None, None, expected]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (total("0.6", "0.005", miner_name="Итого"), "0.5; 0.005"),
        (total("0.6", row_no="Барлығы"), "0.5"),
        (total("0.4", asset="BTC", miner_name="Итого"), "0.3"),
        (total("0.4", miner_id="940140000385 Итог"), "0.2"),
        (total("#N/A", miner_name="Итого"), "0.5"),
        (total(MarkedCell(CellKind.FORMULA, "=H2*2"), miner_name="Итого"), "0.5"),
    ],
)
def test_a_row_that_says_total_and_names_no_distribution_is_one_whose_sum_is_checked(
    row: list[Any], expected: str
) -> None:
    table = read([A, B, row])
    assert table.total_rows == [4]
    assert [one["total_expected"] for one in of(table)] == [None, None, expected]


@pytest.mark.parametrize(
    "row",
    [
        [3, "ТОО Бета", None, None, None, None, None, "0.5", None, "0.005"],  # a numbered row with a name
        [3, None, "061211600012", None, None, None, "BTC", "0.5", "BTC", "0.005"],  # a taxpayer of its own
        [None, None, "061211600012", None, None, None, "BTC", "0.5", "BTC", "0.005"],
        [3, None, None, "№ 5 от 01.02.2024", None, None, "BTC", "0.5", "BTC", "0.005"],
        [3, None, None, None, None, "2025-03-07", "BTC", "0.5", "BTC", "0.005"],
        [3, None, None, None, "bc1qxyzxyz", None, "BTC", "0.5", "BTC", "0.005"],
        [3, None, None, None, None, None, "BTC", "0.7", "BTC", "0.007"],  # numbered, and adds up to nothing
        [3, "ТОО Бета", None, None, None, None, None, "0.7", None, "0.007"],
    ],
)
def test_a_row_that_names_something_of_its_own_is_data(row: list[Any]) -> None:
    table = read([A, B, row, data_row(4)])
    assert table.total_rows == []
    assert [one["total_expected"] for one in of(table)] == [None] * 4


@pytest.mark.parametrize(
    "row",
    [
        total("0.2", "0.002", miner_id="940140000385 Total"),
        total("0.2", "0.002", miner_name="ТОО Альфа Итог"),
        total("0.2", miner_name="Итого по ТОО Альфа", miner_id="940140000385"),
        total("0.2", wallet="bc1q000002 Итог"),
        total("0.5", "0.005", distributed_on="2025-03-05 Итог"),
        total("0.5", "0.005", distributed_on="05.03.2025 Итог"),
        total("0.2", asset="LTC Итог"),
        total("0.3", asset="BTC", reward_asset="BTC", reward="0.003"),
        total(0.5, 0.005),
        total(0.30000000000000004 + 0.2, None, miner_name="Σ"),
        total("0.5", "х", miner_name="Итого", miner_id="х", wallet="х", distributed_on="х", licence="–"),
        total(None, None, miner_name="Итого"),
        ["Итого"],
        total("0,5", miner_name="Всего за март 2025 года по пулу"),
        [3, *total("0.5", "0.005")[1:]],
    ],
)
def test_totals_of_all_looks(row: list[Any]) -> None:
    table = read([A, B, row])
    assert (table.total_rows, len(of(table))) == ([4], 2)


def test_a_bare_figure_equal_to_the_one_row_above_is_its_total() -> None:
    table = read([A, total("0.3", "0.003")])
    assert (table.total_rows, len(of(table))) == ([3], 1)


def test_a_name_without_number_beside_the_figure_of_one_row_is_asked_about() -> None:
    table = read([A, total("0.3", "0.003", miner_name="Razem")])
    assert table.total_rows == []
    assert of(table)[1]["total_expected"] == "0.3; 0.003"


def test_the_total_of_a_page_below_subtotals() -> None:
    rows = [A, total("0.3", miner_id="230640000008 Итог"), B, total("0.2"), NUMBERS, data_row(3, quantity="0.1")]
    table = read([*rows, total("0.1", row_no="Беттің жиыны"), total("0.6", row_no="Жалпы жиыны")])
    assert table.total_rows == [3, 5, 8, 9]
    assert [row["quantity"] for row in of(table)] == ["0.3", "0.2", "0.1"]


def test_totals_that_a_program_never_calculated_are_known_by_their_formula() -> None:
    formula = MarkedCell(CellKind.FORMULA, "=SUM(H2:H3)")
    assert read([A, B, total(formula, miner_name="Итого")]).total_rows == [4]


def test_a_sum_that_leaves_out_numbers_typed_as_text() -> None:
    rows = [data_row(1, quantity=0.5), data_row(2, quantity="0.25")]
    assert read([*rows, total(0.5, miner_name="Итого")]).total_rows == [4]
    assert read([*rows, total(0.75, miner_name="Итого")]).total_rows == [4]


def test_many_subtotals_cost_no_more_than_their_rows() -> None:
    rows: list[list[Any]] = []
    for place in range(1, 4001):
        rows += [data_row(place, quantity="1"), total(str(place), asset="BTC", miner_name="Итого")]
    table = read(rows)
    assert len(table.total_rows) == 4000


@pytest.mark.parametrize("column", ["miner_name", "miner_id", "licence", "wallet", "distributed_on"])
def test_a_group_s_bare_name_beside_its_sums_is_its_total(column: str) -> None:
    """As a pivot table writes it; beside the figures of one row it is asked about."""
    place = ROW_FIELDS.index(column)
    group = [data_row(1), data_row(2)]
    other = data_row(3, **{column: "2025-03-09" if column == "distributed_on" else "басқа"})
    group[1][place] = group[0][place]
    sub_total = dict.fromkeys(ROW_FIELDS) | {column: group[0][place]}
    quantity, reward = sums(group)
    rows = [*group, list((sub_total | {"quantity": quantity, "reward_quantity": reward}).values()), other]
    table = read(rows)
    assert (table.total_rows, [one["total_expected"] for one in of(table)]) == ([4], [None] * 3)
    quantity, reward = sums([other])
    last = sub_total | {column: other[place], "quantity": quantity, "reward_quantity": reward}
    table = read([*rows, list(last.values())])
    assert (table.total_rows, of(table)[-1]["total_expected"]) == ([4], f"{quantity}; {reward}")


@pytest.mark.parametrize("word", ["Среднее", "Количество строк", "Average", "Орташа"])
def test_a_text_and_a_figure_alone_are_asked_about(word: str) -> None:
    table = read([A, B, total("0.25", miner_name=word)])
    assert table.total_rows == []
    assert [one["total_expected"] for one in of(table)] == [None, None, "0.5"]


@pytest.mark.parametrize("word", ["Количество", "Count", "Среднее", "Саны", "Максимум"])
@pytest.mark.parametrize(("column", "grand"), [("miner_id", "Общее количество"), ("wallet", "Grand Count")])
def test_other_functions_of_a_group_are_asked_about(word: str, column: str, grand: str) -> None:
    """Excel's subtotals by a column may count or average: the name of the group and the function stand in it."""
    place = ROW_FIELDS.index(column)
    group = [data_row(1), data_row(2)]
    group[1][place] = group[0][place]
    counted = total(2, 2, **{column: f"{group[0][place]} {word}"})
    table = read([*group, counted, total(2, 2, **{column: grand})])
    assert table.total_rows == []
    assert [one["total_expected"] for one in of(table)] == [None, None, "1; 0.01", "1; 0.01"]


@pytest.mark.parametrize(
    "span", ["март 2025", "2025 жылғы наурыз", "01.03.2025-31.03.2025", "01.03.2025 – 31.03.2025 г."]
)
@pytest.mark.parametrize("word", ["Итого", None])
def test_a_month_in_the_place_of_the_day_is_no_day_of_a_distribution(span: str, word: str | None) -> None:
    table = read([A, B, total("0.5", "0.005", miner_name=word, distributed_on=span, asset="–")])
    assert (table.total_rows, len(of(table))) == ([4], 2)
    table = read([A, B, total("0.6", miner_name=word, distributed_on=span)])
    assert of(table)[-1]["total_expected"] == "0.5"


GROUPS = [
    [data_row(1, quantity="0.1", reward_quantity="0.001"), data_row(2, quantity="0.2", reward_quantity="0.002")],
    [
        data_row(3, quantity="0.3", reward_quantity="0.003", miner_id="940140000385", miner_name="ТОО Альфа"),
        data_row(4, quantity="0.4", reward_quantity="0.004", miner_id="940140000385", miner_name="ТОО Альфа"),
    ],
]
ABOVE = [total("0.3", "0.003"), total("0.7", "0.007")]


@pytest.mark.parametrize(
    ("grand", "subs"),
    [
        ({"row_no": "Барлығы"}, None),
        ({"miner_name": "Всего по пулу за март 2025 года"}, None),
        ({}, None),
        (None, ({"miner_id": "230640000008 Итог"}, {"miner_id": "940140000385 Итог"})),
        ({"miner_id": "Общий итог"}, ({"miner_id": "230640000008 Итог"}, {"miner_id": "940140000385 Итог"})),
        ({"row_no": "Total"}, ({"miner_name": "ЖШС Көк Майнер"}, {"miner_name": "ТОО Альфа"})),
        (None, ({"miner_id": "230640000008"}, {"miner_id": "940140000385"})),
        (None, ({}, {})),
        ({"asset": "BTC", "miner_name": "Итого"}, None),
    ],
)
def test_totals_above_what_they_sum_up(grand: dict[str, str] | None, subs: tuple[dict[str, str], ...] | None) -> None:
    """Excel's "summary below data" switched off, outlines of a pivot table, a first line "total" as in statistics."""
    rows: list[list[Any]] = [] if grand is None else [total("1.0", "0.01", **grand)]
    for group, words in zip(GROUPS, subs or (None, None), strict=True):
        if words is not None:
            rows.append(total(*sums(group), **words))
        rows += group
    table = read([*rows, [], *FOOTER])
    found = of(table)
    assert [row["row_no"] for row in found] == ["1", "2", "3", "4"]
    assert [row["total_expected"] for row in found] == [None] * 4
    assert len(table.total_rows) == len(rows) - 4


def test_a_total_above_what_it_sums_up_that_is_wrong_is_told_the_sum_below() -> None:
    table = read([total("0.9", "0.01", row_no="Всего"), A, B])
    assert (table.total_rows, of(table)[0]["total_expected"]) == ([2], "0.5; 0.005")
    table = read([total("0.9", "0.01", miner_name="Razem"), A, B])
    assert (table.total_rows, of(table)[0]["total_expected"]) == ([], "0.5; 0.005")


def test_a_wrong_total_below_its_rows_is_not_taken_for_that_of_the_next_ones() -> None:
    table = read([A, B, total("0.1", row_no="Итого"), data_row(3, quantity="0.1")])
    assert (table.total_rows, of(table)[2]["total_expected"]) == ([4], "0.5")


_ODD_ROWS = st.sampled_from(
    [[], list(NUMBERS), ["-"] * 10, ["BTC"], [7, *[None] * 6, 0, None, 0], ["Итого", *[None] * 6, "0.3"], *FOOTER]
)
_CELLS = st.sampled_from([None, "-", "Итого", 5, True, MarkedCell(CellKind.FORMULA, "=A1"), "940140000385 Итог"])
_CHANGED_ROWS = st.dictionaries(st.integers(0, 9), _CELLS, max_size=9).map(
    lambda cells: [cells.get(place, value) for place, value in enumerate(data_row(1, quantity="0.3"))]
)


@settings(deadline=None)
@given(st.lists(_ODD_ROWS | _CHANGED_ROWS | _CHANGED_ROWS, max_size=12), st.sampled_from([10, 30]))
def test_it_does_not_matter_how_many_rows_are_looked_at_together(rows: list[list[Any]], together: int) -> None:
    whole = read(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table_reader, "_CELLS_IN_BATCH", together)
        pieces = read(rows)
    assert pieces.rows.to_pylist() == whole.rows.to_pylist()
    assert (pieces.total_rows, pieces.footer_lines) == (whole.total_rows, whole.footer_lines)
