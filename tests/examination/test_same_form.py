"""One form in two files of a package: copies count once, versions are asked about, parts stay parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esep.examination import cells
from esep.examination.model import Examination
from esep.forms.document import FormRead
from esep.forms.values.cell import CellKind
from examination.package_builder import MINERS, WALLETS, application, examined, form, found, package, row

WORKBOOK = "1-ЦМ.xlsx"
ROWS = [row(n) for n in range(1, 6)]


def other(rows: Sequence[dict[str, Any]], file: str = "1-ЦМ.docx", **changes: Any) -> FormRead:
    return form(rows, file=file, **{"in_document": file.endswith("x") and file[-4:] == "docx"} | changes)


def of(*forms: FormRead) -> Examination:
    return examined(package(forms))


def files_of_rows(examination: Examination) -> list[str]:
    return examination.distribution.column("file").to_pylist()


@pytest.mark.parametrize(
    "copy",
    [
        pytest.param(other(ROWS), id="as it is"),
        pytest.param(other(ROWS[::-1]), id="in another order"),
        pytest.param(other([{**one, "row_no": None} for one in ROWS]), id="without ordinal numbers"),
        pytest.param(
            other([{**one, "distributed_on": f"{n:02d}.03.2025 ж."} for n, one in enumerate(ROWS, 1)]),
            id="days as text",
        ),
        pytest.param(other([{**one, "quantity": f"0,{n:08d}"} for n, one in enumerate(ROWS, 1)]), id="decimal commas"),
        pytest.param(other([{**one, "asset": "Bitcoin"} for one in ROWS]), id="asset in full"),
        pytest.param(other(ROWS, file="a.p7s/ескі.csv"), id="csv in a signature"),
        pytest.param(other(ROWS, file="1-ЦМ.xls", hidden=True), id="hidden"),
        pytest.param(other(ROWS, file="zip.zip/1-ЦМ.xls"), id="old workbook in an archive"),
    ],
)
@pytest.mark.parametrize("copy_first", [True, False])
def test_a_copy_counts_once(copy: FormRead, copy_first: bool) -> None:
    examination = of(*([copy, form(ROWS)] if copy_first else [form(ROWS), copy]))
    assert files_of_rows(examination) == [WORKBOOK] * 5
    [finding] = examination.findings
    assert (finding.rule_id, finding.file, finding.found) == ("R-92", copy.file, WORKBOOK)
    for message in (finding.message_kk, finding.message_ru, finding.message_en):
        assert copy.file in message
        assert WORKBOOK in message


def test_numbers_of_fifteen_digits_are_copies_of_texts_with_more() -> None:
    numbers = [row(n, quantity=(f"0.12345678901{n:04d}", CellKind.NUMBER), asset="ETC", wallet=None) for n in (1, 2)]
    texts = [row(n, quantity=f"0.12345678901{n:04d}123", asset="ETC", wallet=None) for n in (1, 2)]
    examination = of(form(numbers), other(texts))
    assert files_of_rows(examination) == [WORKBOOK] * 2
    assert found(examination, "R-92")


def test_cells_that_cannot_be_read_are_compared_by_their_text() -> None:
    bad = [row(1, quantity="екі"), row(2, distributed_on="бейсенбі", miner_id="x")]
    assert found(of(form(bad), other(bad)), "R-92")
    assert not found(of(form(bad), other([row(1, quantity="үш"), row(2, distributed_on="жұма", miner_id="x")])), "R-92")


def test_a_document_cut_into_two_tables_is_a_copy_of_one_sheet() -> None:
    tables = [other(ROWS[:2], sheet="1-кесте"), other(ROWS[2:], sheet="2-кесте")]
    examination = of(form(ROWS), *tables)
    assert files_of_rows(examination) == [WORKBOOK] * 5
    assert [one.found for one in found(examination, "R-92")] == [WORKBOOK]


def test_one_sheet_of_several_saved_as_csv_is_a_copy() -> None:
    sheets = [form(ROWS[:2]), form([row(n) for n in (7, 8, 9)], sheet="II")]
    examination = of(*sheets, other([row(n) for n in (9, 8, 7)], file="II.csv", sheet="Sheet"))
    assert files_of_rows(examination) == [WORKBOOK] * 5
    assert [one.found for one in found(examination, "R-92")] == [WORKBOOK]


def test_a_copied_sheet_of_the_same_workbook_counts_once() -> None:
    examination = of(form(ROWS), form(ROWS, sheet="1-ЦМ (2)"))
    assert examination.row_count == 5
    assert [one.found for one in found(examination, "R-92")] == [f"1-ЦМ (2) = {WORKBOOK}, 1-ЦМ"]
    assert not found(examination, "R-63")


def test_an_application_beside_the_copy_stays_the_application() -> None:
    both = package([form(ROWS), other(ROWS, file="пакет.docx")], (), cms=None)
    files = list(both.files)
    place = next(n for n, one in enumerate(files) if one.path == "пакет.docx")
    files[place] = replace(files[place], applications=(application(file="пакет.docx"),))
    examination = examined(replace(both, files=tuple(files)))
    assert not found(examination, "C-11")
    assert examination.row_count == 5


def test_three_files_of_one_form_count_once() -> None:
    examination = of(other(ROWS), form(ROWS), other(ROWS, file="b.csv"))
    assert files_of_rows(examination) == [WORKBOOK] * 5
    assert {one.file for one in found(examination, "R-92")} == {"1-ЦМ.docx", "b.csv"}


@pytest.mark.parametrize(
    "version",
    [
        pytest.param([*ROWS[:4], row(5, quantity="0.7")], id="one quantity"),
        pytest.param([row(n, quantity=f"0.9{n}") for n in range(1, 6)], id="all quantities"),
        pytest.param([row(n, quantity=str(n), reward_quantity=f"0.{n}") for n in range(1, 6)], id="another unit"),
        pytest.param([row(n, quantity="0,00") for n in range(5, 0, -1)], id="rounded to nothing, in another order"),
        pytest.param([row(n, miner_name="Майнер", quantity="0.9") for n in range(1, 6)], id="names spelt anew"),
        pytest.param([row(n, quantity="бес") for n in range(1, 6)], id="quantities that cannot be read"),
        pytest.param([*ROWS, row(6), row(7)], id="all rows and more"),
        pytest.param(
            [row(n, quantity="0.9") for n in range(1, 6)] + [row(n) for n in range(8, 30)], id="in a longer one"
        ),
    ],
)
def test_versions_of_one_form_all_count_and_are_asked_about(version: list[dict[str, Any]]) -> None:
    examination = of(form(ROWS), other(version))
    assert examination.row_count == 5 + len(version)
    [finding] = found(examination, "R-93")
    assert (finding.file, finding.found, finding.expected) == ("1-ЦМ.docx", "5", WORKBOOK)
    for message in (finding.message_kk, finding.message_ru, finding.message_en):
        assert "1-ЦМ.docx" in message
        assert WORKBOOK in message
    assert not found(examination, "R-92")


def test_versions_of_one_row_are_asked_about() -> None:
    version = form([row(1, quantity="0.7")], file="2.xlsx")
    assert [one.found for one in found(of(form([row(1)]), version), "R-93")] == ["1"]
    assert not found(of(form([row(1), row(2)]), version), "R-93")


def test_a_copy_with_quantities_as_shown_is_asked_about() -> None:
    exact = [row(n, quantity=f"{n}.123456789") for n in range(1, 6)]
    shown = [row(n, quantity=f"{n},12") for n in range(1, 6)]
    examination = of(form(exact), other(shown, file="1-ЦМ.csv"))
    assert examination.row_count == 10
    assert [one.found for one in found(examination, "R-93")] == ["5"]


def test_a_corrected_sheet_of_the_same_workbook_is_asked_about() -> None:
    further = form([row(n) for n in range(11, 16)], sheet="II")
    corrected = form([row(n, quantity="0.7") for n in range(1, 6)], sheet="1-ЦМ исправл.")
    examination = of(form(ROWS), further, corrected)
    assert examination.row_count == 15
    [finding] = found(examination, "R-93")
    assert (finding.file, finding.found, finding.expected) == (WORKBOOK, "5", f"1-ЦМ исправл. = {WORKBOOK}, 1-ЦМ")


def test_each_file_is_held_against_each_other_one() -> None:
    first, second = [row(n) for n in range(1, 5)], [row(n) for n in range(11, 17)]
    later = [row(n, quantity="0.7") for n in (1, 2, 11, 12, 13, 14, 15, 16)]
    again = [row(n, quantity="0.8") for n in (11, 12, 13, 14, 15)]
    files = zip("abcd", (first, second, later, again), strict=True)
    examination = of(*(form(rows, file=f"{name}.xlsx") for name, rows in files))
    asked = {one.file: (one.expected, one.found) for one in found(examination, "R-93")}
    assert asked == {"c.xlsx": ("b.xlsx", "6"), "d.xlsx": ("b.xlsx", "5")}


@pytest.mark.parametrize(
    "further",
    [
        pytest.param([row(n) for n in range(11, 16)], id="other days"),
        pytest.param([row(n, miner_id=MINERS[n % 4], quantity="0.9") for n in range(1, 6)], id="other miners"),
        pytest.param([row(n, miner_id=None, miner_name=f"Майнер {n}") for n in range(1, 6)], id="miners by name"),
        pytest.param([row(n, asset="LTC", wallet=None) for n in range(1, 6)], id="other assets"),
        pytest.param([row(n, reward_asset="KAS") for n in range(1, 6)], id="other reward assets"),
        pytest.param([row(n, licence="№ 7 2024-02-01 берілген") for n in range(1, 6)], id="other licences"),
        pytest.param([row(n, wallet=WALLETS[n % 4], quantity="0.9") for n in range(1, 6)], id="other wallets"),
        pytest.param([ROWS[0], *(row(n) for n in range(11, 15))], id="one row in common"),
        pytest.param([row(1, quantity=f"0.9{n}") for n in range(1, 6)], id="one day paid many times"),
    ],
)
@pytest.mark.parametrize("sheet", ["", "II"])
def test_parts_of_one_form_stay_parts(further: list[dict[str, Any]], sheet: str) -> None:
    part = form(further, sheet=sheet) if sheet else form(further, file="2.xlsx")
    examination = of(form(ROWS), part)
    assert examination.row_count == 10
    assert not found(examination, "R-92") + found(examination, "R-93")


_DAYS = st.lists(st.integers(1, 6), max_size=6)


@settings(max_examples=60, deadline=None)
@given(first=_DAYS, second=_DAYS, third=_DAYS)
def test_the_question_is_asked_by_rows_without_their_quantities(
    first: list[int], second: list[int], third: list[int]
) -> None:
    """Each file beside the files before it, worked out by multisets of days; no two rows hold one quantity."""
    serial = iter(range(1, 99))
    files = {name: Counter(days) for name, days in zip("abc", (first, second, third), strict=True)}
    forms = [
        form([row(day, quantity=f"0.{next(serial):02d}") for day in days.elements()], file=f"{name}.xlsx")
        for name, days in files.items()
    ]
    expected: dict[str, int] = {}
    for name, days in files.items():
        for before in [one for one in files if one < name]:
            shared = (days & files[before]).total()
            sizes = sorted((days.total(), files[before].total()))
            if 2 * shared > sizes[0] and (shared > 1 or sizes == [1, 1]):
                expected[name] = max(expected.get(name, 0), shared)
    asked = {one.file[0]: int(one.found or 0) for one in found(of(*forms), "R-93")}
    assert asked == expected


def test_forms_without_rows_are_no_copies() -> None:
    examination = of(form(ROWS), form([], file="2.xlsx"), form([], file="3.xlsx"))
    assert not found(examination, "R-92")


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=40))
def test_rows_have_one_key_exactly_if_they_agree_in_both_columns(pairs: list[tuple[int, int]]) -> None:
    first, second = (np.array([pair[at] for pair in pairs], np.int64) for at in (0, 1))
    keys = cells.joined(first, second).tolist()
    assert len(set(zip(keys, pairs, strict=True))) == len(set(keys)) == len(set(pairs))


@pytest.mark.parametrize("copied", [False, True])
@pytest.mark.parametrize("place", [0, 1])
def test_totals_that_do_not_agree_are_no_rows_that_are_held_against_each_other(place: int, copied: bool) -> None:
    """Each stays in its form, for its finding, and is no row of the filing."""
    total = dict.fromkeys(ROWS[0]) | {"row_no": "Итого", "quantity": "9", "total_expected": "0.00000006"}
    parts = [ROWS[:3], ROWS[:3] if copied else ROWS[3:]]
    forms = [
        form([*rows, total], file=file, total_rows=(12 + len(rows),)) if number == place else form(rows, file=file)
        for number, (rows, file) in enumerate(zip(parts, (WORKBOOK, "2.xlsx"), strict=True))
    ]
    examination = of(*forms)
    assert examination.row_count == (3 if copied else 5)
    assert {one.rule_id for one in examination.findings} == ({"R-92"} if copied else set()) | (
        {"R-88"} if place == 0 or not copied else set()
    )
