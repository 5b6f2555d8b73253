"""Many parts of a filing asked about at once: the same findings as one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pytest

from esep.examination import engine, examine
from esep.examination.engine import failures, failures_by_part
from esep.examination.model import Finding
from examination.package_builder import examined, form, package, row, settings
from examination.test_engine import rule

FAULTS: tuple[dict[str, Any], ...] = (
    {"wallet": None},
    {"quantity": "-1", "asset": "Dogwifhat"},
    {"miner_id": "1"},
    {},
    {"licence": "жоқ", "distributed_on": "32.13.2025"},
)


@pytest.mark.parametrize("cap", [0, 1, 2, 1000])
def test_the_findings_are_those_of_one_part_after_another(monkeypatch: pytest.MonkeyPatch, cap: int) -> None:
    made = package(
        [
            form([row(9 * n + k, **FAULTS[(n + k * k) % len(FAULTS)]) for k in range(n % 4)], sheet=f"{n}")
            for n in range(12)
        ]
    )
    together = examined(made, with_settings=settings(findings_cap=cap)).findings
    monkeypatch.setattr(engine, "_MOST_ROWS_AT_ONCE", 0)
    one_by_one = examined(made, with_settings=settings(findings_cap=cap)).findings
    assert together == one_by_one
    assert len({one.rule_id for one in together}) > 5


@pytest.mark.parametrize("most", [0, 1, 7, 1000])
def test_what_a_package_lists_is_bounded_and_its_counts_stay(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    made = package(
        [form([row(9 * n + k, wallet=None, quantity="-1") for k in range(5)], sheet=f"{n}") for n in range(4)]
    )
    whole = examined(made).findings
    monkeypatch.setattr(examine, "MOST_LISTED", most)
    bounded = examined(made).findings

    def counts(findings: Iterable[Finding]) -> Counter[tuple[str, str | None]]:
        return Counter((one.rule_id, one.sheet) for one in findings for _ in range(one.occurrences))

    def listed(findings: Iterable[Finding]) -> list[Finding]:
        return [one for one in findings if one.row is not None]

    assert counts(bounded) == counts(whole)
    assert len(listed(bounded)) <= most
    assert listed(bounded) == listed(whole)[: len(listed(bounded))]
    assert (bounded == whole) is (most == 1000)


def test_rules_of_shares_order_and_tables_are_asked_part_by_part() -> None:
    tables = [
        pa.table({"word": pa.array(words, pa.string())})
        for words in (["ok", "bad"], ["ok", "ok", "ok"], ["bad"], [None])
    ]
    rules = [
        rule("expect_table_row_count_to_be_between", max_value=2),
        rule("expect_column_values_to_be_in_set", column="word", value_set=["ok"], mostly=0.5),
        rule("expect_column_values_to_be_in_set", column="word", value_set=["ok"]),
        rule("expect_column_values_to_be_unique", column="word"),
        rule("expect_column_values_to_not_be_null", column="word"),
    ]
    assert list(failures_by_part(rules, tables, 10)) == [failures(rules, table, 10) for table in tables]


def test_hundreds_of_sheets_ask_the_library_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    run = engine.failures

    def counted(rules: Any, table: pa.Table, cap: int, **more: Any) -> Any:
        asked.append(table.num_rows)
        return run(rules, table, cap, **more) if rules else []

    monkeypatch.setattr(engine, "failures", counted)
    tables = [pa.table({"word": pa.array(["ok", None])}) for _ in range(300)]
    found = list(failures_by_part([rule("expect_column_values_to_not_be_null", column="word")], tables, 10))
    assert [one[0].positions for one in found] == [(1,)] * 300
    assert [rows for rows in asked if rows != 2] == [600]
