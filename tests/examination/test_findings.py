"""What a finding quotes of a cell."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from esep.config import Settings
from esep.examination import suites
from esep.examination.engine import Failure
from esep.examination.findings import findings_of


def quoted(cell: str | None) -> str:
    """The message of R-55, which ends what it found with a full stop."""
    rule = next(rule for rule in suites.load(Settings(home=Path("none"))).rules if rule.rule_id == "R-55")
    table = pa.table({"row": [12], rule.found: pa.array([cell], pa.string())})
    (finding,) = findings_of(Failure(rule, 1, (0,)), table, file="1-ЦМ.xlsx", sheet="1-ЦМ")
    assert (finding.file, finding.sheet, finding.row, finding.found) == ("1-ЦМ.xlsx", "1-ЦМ", 12, cell)
    return finding.message_en


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("1" * 120, "1" * 120),
        ("1" * 121, "1" * 120 + "…"),
        ("1" * 500, "1" * 120 + "…"),
        (" a \n b ", "a b"),
        ("a" + " " * 200 + "b", "a b"),
        (None, "–"),
    ],
)
def test_a_message_quotes_a_cell_on_one_line_and_not_without_end(cell: str | None, shown: str) -> None:
    assert f": {shown}." in quoted(cell)
