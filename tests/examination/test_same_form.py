"""One form in two files of a package: copies count once, versions are asked about, parts stay parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from esep.examination.model import Examination
from esep.forms.document import CellKind, FormRead
from examination.package_builder import WALLETS, application, examined, form, found, package, row

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


def test_versions_of_one_form_all_count_and_are_asked_about() -> None:
    changed = [*ROWS[:4], row(5, quantity="0.7")]
    examination = of(form(ROWS), other(changed))
    assert examination.row_count == 10
    [finding] = found(examination, "R-93")
    assert (finding.file, finding.found, finding.expected) == ("1-ЦМ.docx", "4", WORKBOOK)
    assert "1-ЦМ.docx" in finding.message_ru
    assert WORKBOOK in finding.message_ru
    assert not found(examination, "R-92")


def test_a_copy_with_quantities_as_shown_is_asked_about() -> None:
    exact = [row(n, quantity=f"{n}.123456789") for n in range(1, 6)]
    shown = [row(n, quantity=f"{n},12") for n in range(1, 6)]
    examination = of(form(exact), other(shown, file="1-ЦМ.csv"))
    assert examination.row_count == 10
    assert [one.found for one in found(examination, "R-93")] == ["5"]


@pytest.mark.parametrize(
    "further",
    [
        pytest.param([row(n) for n in range(11, 16)], id="other days"),
        pytest.param([row(n, quantity=f"0.9{n}") for n in range(1, 6)], id="other quantities"),
        pytest.param([row(n, wallet=WALLETS[n % 4], quantity="0.9") for n in range(1, 6)], id="other wallets"),
        pytest.param([ROWS[0], *(row(n) for n in range(11, 15))], id="one row in common"),
    ],
)
def test_parts_of_one_form_stay_parts(further: list[dict[str, Any]]) -> None:
    examination = of(form(ROWS), form(further, file="2.xlsx"))
    assert examination.row_count == 10
    assert not found(examination, "R-92") + found(examination, "R-93")


def test_forms_without_rows_are_no_copies() -> None:
    examination = of(form(ROWS), form([], file="2.xlsx"), form([], file="3.xlsx"))
    assert not found(examination, "R-92")
