"""A total over several sheets or workbooks: agrees with the parts, not with the rows of its own sheet."""

from __future__ import annotations

from typing import Any

import pytest

from esep.examination.model import Examination
from esep.forms.document import FormRead
from esep.forms.values.cell import CellKind
from examination.package_builder import examined, form, package, row

ROWS = [row(n, quantity=f"0.{n}", reward_quantity=f"0.00{n}") for n in range(1, 5)]


def total(quantity: Any, reward: Any = None) -> dict[str, Any]:
    return dict.fromkeys(ROWS[0]) | {
        "row_no": "Барлығы", "quantity": quantity, "reward_quantity": reward, "total_expected": "0.7; 0.007",
    }  # fmt: skip


def part(rows: list[dict[str, Any]], sheet: str, file: str = "1-ЦМ.xlsx") -> FormRead:
    totals = [12 + n for n, one in enumerate(rows) if one.get("total_expected")]
    return form(rows, sheet=sheet, file=file, total_rows=tuple(totals))


def of(*forms: FormRead) -> Examination:
    return examined(package(forms))


@pytest.mark.parametrize("file", ["1-ЦМ.xlsx", "2.xlsx"])
@pytest.mark.parametrize(
    "last", [total("1.0", "0.01"), total("1,0"), total((str(0.1 + 0.2 + 0.3 + 0.4 + 1e-16), CellKind.NUMBER), "0.010")]
)
def test_a_total_of_all_parts_is_no_doubtful_row(file: str, last: dict[str, Any]) -> None:
    examination = of(part(ROWS[:2], "BTC"), part([*ROWS[2:], last], "LTC", file))
    assert "R-88" not in {one.rule_id for one in examination.findings}
    assert (examination.row_count, examination.excluded_count) == (4, 0)
    assert [place.row for place in examination.total_rows] == [14]


def test_a_total_of_the_parts_so_far_or_of_its_file() -> None:
    parts = [part(ROWS[:1], "1"), part([ROWS[1], total("0.3", "0.003")], "2"), part(ROWS[2:], "3", "2.xlsx")]
    assert "R-88" not in {one.rule_id for one in of(*parts).findings}
    first = part([ROWS[0], total("0.6", "0.006")], "1")
    assert "R-88" not in {
        one.rule_id for one in of(first, part(ROWS[1:3], "2"), part(ROWS[3:], "3", "2.xlsx")).findings
    }


@pytest.mark.parametrize("last", [total("1.1", "0.01"), total("1.0", "0.02"), total("бір"), total("0.9")])
def test_a_total_that_no_parts_come_to_is_asked_about(last: dict[str, Any]) -> None:
    examination = of(part(ROWS[:2], "BTC"), part([*ROWS[2:], last], "LTC"))
    [finding] = [one for one in examination.findings if one.rule_id == "R-88"]
    assert (finding.sheet, finding.row, examination.row_count) == ("LTC", 14, 4)
