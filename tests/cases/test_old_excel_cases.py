"""Tables under .xls or .csv that are none of today's Excel: the same rows as in a plain workbook."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cases.case_packages import examined, rows, rules


@pytest.mark.parametrize("name", ["17-biff5-no-codepage", "18-html-xls", "19-xml2003-xls", "20-csv-not-named"])
def test_the_form_is_read_as_a_plain_workbook_is(name: str) -> None:
    examination = examined(name)
    assert examination.verdict == "accepted"
    assert rules(examination) == set()
    plain = [_without_place(row) for row in rows(examined("14-docm"))]
    read = [_without_place(row) for row in rows(examination)]
    if name.startswith("17"):  # written in cp1251, which has no Kazakh letters: its author wrote Russian ones
        assert [row.pop("taxpayer_name") for row in read][2] == "ЖК Ушинши Айдын"
        plain = [row | {"taxpayer_name": None} for row in plain]
        read = [row | {"taxpayer_name": None} for row in read]
    assert read == plain
    assert sum(row["quantity"] for row in rows(examination)) > Decimal(0)


def _without_place(row: dict[str, object]) -> dict[str, object]:
    """What is the same in every format: the values, not the file, its hash, sheet and row, nor how a cell was typed."""
    of_file = ("file", "file_sha256", "sheet", "row", "registration_no")
    return {name: value for name, value in row.items() if name not in of_file and not name.endswith("_text")}
