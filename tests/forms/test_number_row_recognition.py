"""The number row is found wherever it stands and however its numbers are typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esep.forms.annex2 import NUMBERINGS, Numbering, Way, numberings_of
from esep.forms.reading import number_row
from esep.forms.reading.number_row import find_number_row, is_lower_part
from esep.forms.reading.sheets import MarkedCell
from esep.law.form_versions import columns as columns_of_form

EIGHT = ["1", "2", "3", "4", "5", "6", "7", "8"]
EIGHT_NUMBERS = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]


@pytest.mark.parametrize(
    ("values", "numbering"),
    [
        ([*EIGHT, "9.1", "9.2"], "9.1/9.2"),
        ([*EIGHT, "9,1", "9,2"], "9.1/9.2"),
        ([*EIGHT_NUMBERS, 9.1, 9.2], "9.1/9.2"),
        ([*EIGHT_NUMBERS, "9.1", "9.2"], "9.1/9.2"),
        ([*EIGHT_NUMBERS, date(2025, 1, 9), date(2025, 2, 9)], "9.1/9.2"),
        ([*EIGHT_NUMBERS, datetime(2025, 9, 1), datetime(2025, 9, 2)], "9.1/9.2"),  # noqa: DTZ001
        ([*EIGHT, "09.янв", "09.фев"], "9.1/9.2"),
        ([*EIGHT, "9-Jan", "9-Feb"], "9.1/9.2"),
        ([*EIGHT, "01.сен", "02.сен"], "9.1/9.2"),
        ([*EIGHT, "09.01.2025", "09.02.2025"], "9.1/9.2"),
        ([*EIGHT, "10", "11"], "10/11"),
        ([*EIGHT_NUMBERS, 10.0, 11.0], "10/11"),
        ([*EIGHT, "9", "10", "11"], "9/10/11"),
        ([*EIGHT_NUMBERS, 9.0, 10.0, 11.0], "9/10/11"),
        ([*EIGHT, "9", "10"], "9/10"),
        ([*EIGHT_NUMBERS, 9.0, 10.0], "9/10"),
        ([*EIGHT, "9", "10", "ескертпе"], "9/10"),
        (["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"], "9/10"),
        ([*EIGHT, "9а", "9б"], "9.1/9.2"),
        ([*EIGHT, "9a)", "9b)"], "9.1/9.2"),
        ([*EIGHT, "9-1", "9-2"], "9.1/9.2"),
        ([*EIGHT, "9/1", "9/2"], "9.1/9.2"),
        ([*EIGHT, "9 (1)", "9 (2)"], "9.1/9.2"),
        (["1)", "2)", "3)", "4)", "5)", "6)", "7)", "8)", "9.1)", "9.2)"], "9.1/9.2"),
        ([f"гр. {number}" for number in (*EIGHT, "9.1", "9.2")], "9.1/9.2"),
        ([f"{number}-баған" for number in (*EIGHT, "9.1", "9.2")], "9.1/9.2"),
        ([*(f"'{number}" for number in EIGHT), "'9.1", "'9.2"], "9.1/9.2"),
        (["1.", "2.", "3.", "4.", "5.", "6.", "7.", "8.", " 9.1 ", "9.2."], "9.1/9.2"),
        (["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9.1)", "(9.2)"], "9.1/9.2"),
    ],
)
def test_all_ways_to_write_it(values: list[Any], numbering: str) -> None:
    found = find_number_row(values)
    assert found is not None
    assert found.numbering.way == numbering


@pytest.mark.parametrize(
    "values",
    [
        [],
        EIGHT,
        [*EIGHT, "9.1"],
        [*EIGHT, "9.2", "9.1"],
        [*EIGHT, "x", "y"],
        [*EIGHT, "9", "9"],
        [*EIGHT, "9а", "9"],
        [*EIGHT, "9б", "9а"],
        ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "X", "IX"],
        ["2", "1", *EIGHT[2:], "9.1", "9.2"],
        [*EIGHT_NUMBERS, date(2025, 3, 9), date(2025, 4, 9)],
        [MarkedCell(5, "1"), *EIGHT[1:], "9.1", "9.2"],  # type: ignore[arg-type]
        [1.0, "ЖШС Майнер", "230640000008", "№ 1", "bc1q", date(2025, 3, 1), "BTC", 1.0, "BTC", 0.1],
    ],
)
def test_rows_that_are_not_it(values: list[Any]) -> None:
    assert find_number_row(values) is None


@given(
    numbering=st.sampled_from(NUMBERINGS),
    gaps=st.lists(st.integers(0, 3), min_size=12, max_size=12),
    before=st.lists(st.sampled_from(["", "№", "баған"]), max_size=3),
    after=st.lists(st.sampled_from(["", "ескертпе"]), max_size=3),
)
def test_its_cells_tell_the_columns(numbering: Numbering, gaps: list[int], before: list[str], after: list[str]) -> None:
    """Blank columns between and other cells around move the columns, and nothing else."""
    values = list(before)
    positions = []
    for number, gap in zip(numbering.numbers, gaps, strict=False):
        values += [""] * gap
        positions.append(len(values))
        values.append(number)
    found = find_number_row([*values, *after])
    assert found is not None
    assert found.numbering is numbering
    if numbering.way is Way.SPANNED:
        assert found.texts == {"spanning": positions.pop(8)}
    assert list(found.columns) == positions


def test_columns_that_got_other_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A form in which a new column 5 moved the others: names, not numbers, tell what a column is."""
    columns = []
    for column in columns_of_form(date(2026, 1, 1)):
        place, _, part = column.column_no.partition(".")
        if int(place) >= 5:
            moved = ".".join(filter(None, (str(int(place) + 1), part)))
            column = replace(column, column_no=moved, explained_no=str(int(column.explained_no) + 1))
        columns.append(column)
    new = replace(columns[3], name="spanning", kind="text", kept_as="text", column_no="5", explained_no="5")
    columns = [*columns[:4], new, *(column for column in columns[4:] if column.kind != "heading")]
    monkeypatch.setattr(number_row, "NUMBERINGS", tuple(numberings_of(columns).values()))
    found = find_number_row([*map(str, range(1, 10)), "10.1", "10.2"])
    assert found is not None
    assert found.columns == (0, 1, 2, 3, 5, 6, 7, 8, 9, 10)
    assert found.texts == {"spanning": 4}
    assert found.printed == {str(number): number - 1 for number in range(1, 10)} | {"10.1": 9, "10.2": 10}


BLANKS = [""] * 8


@pytest.mark.parametrize(
    ("upper", "lower", "numbering"),
    [
        ([*EIGHT, "9", ""], [*BLANKS, "9.1", "9.2"], "9.1/9.2"),
        ([*EIGHT_NUMBERS, 9.0, ""], [*BLANKS, 9.1, 9.2], "9.1/9.2"),
        ([*EIGHT, "", ""], [*BLANKS, "9,1", "9,2"], "9.1/9.2"),
        ([*EIGHT, "9", ""], [*BLANKS, "10", "11"], "10/11"),
        ([*EIGHT, "9", "", ""], [*BLANKS, "", "10", "11"], "9/10/11"),
    ],
)
def test_nine_may_stand_above_its_two_parts(upper: list[Any], lower: list[Any], numbering: str) -> None:
    found = find_number_row(lower, upper)
    assert found is not None
    assert found.numbering.way == numbering
    assert is_lower_part([None if value == "" else str(value) for value in lower])


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        ([*EIGHT, "9", ""], [*BLANKS, "", ""]),
        ([*EIGHT, "9", ""], [*BLANKS, "9.2", "9.1"]),
        (["№", *EIGHT[1:], "9", ""], [*BLANKS, "9.1", "9.2"]),
        ([*BLANKS, "9.1", "9.2"], [*EIGHT, "9", ""]),
        ([*EIGHT, "9", ""], [1.0, "ЖШС Майнер", *[""] * 6, "BTC", 0.1]),
    ],
)
def test_two_rows_that_are_not_it(upper: list[Any], lower: list[Any]) -> None:
    assert find_number_row(lower, upper) is None


@pytest.mark.parametrize("texts", [[], [None] * 10, ["9.1"], ["BTC", "9.2"], ["1", "9.1", "9.2"]])
def test_rows_that_are_no_lower_part(texts: list[str | None]) -> None:
    assert not is_lower_part(texts)
