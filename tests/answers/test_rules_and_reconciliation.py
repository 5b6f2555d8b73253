"""The rules with their counts, their words without a case, and whether the warehouse adds up."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from answers.quality_office import Filled, quality_filings
from esep.answers import UnknownError, open_warehouse, reconciliation, rules
from esep.answers.filing_findings import general
from esep.config import PROJECT, Settings
from esep.examination import rule_words, suites
from esep.examination.model import Lane
from esep.letters.remarks import Citations

__all__ = ["quality_filings"]


@pytest.fixture(scope="module")
def connection(quality_filings: Filled) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_warehouse(quality_filings[0].settings) as opened:
        yield opened


def test_every_rule_of_the_suites_is_there_once(connection: duckdb.DuckDBPyConnection, quality_filings: Filled) -> None:
    listed = {
        item["meta"]["rule"]
        for path in (PROJECT / "expectations").glob("*.json")
        for item in json.loads(path.read_text(encoding="utf-8"))["expectations"]
    }
    found = rules.rules(connection, quality_filings[0].settings, 2025)
    ids = [one.rule_id for one in found.rules]
    assert sorted(ids) == sorted(listed)
    assert all(one.is_on for one in found.rules)


def test_how_often_a_rule_was_found(connection: duckdb.DuckDBPyConnection, quality_filings: Filled) -> None:
    one = rules.rule(connection, quality_filings[0].settings, "R-37", 2025)
    assert (one.findings, one.filings, one.findings_of_year) == (3, 1, 3)
    assert (one.lane, one.severity, one.stage, one.columns) == ("reliability", "error", "rows", ("3",))
    assert rules.rule(connection, quality_filings[0].settings, "R-37", 2024).findings_of_year == 0
    assert rules.rule(connection, quality_filings[0].settings, "R-38", 2025).findings == 0


def test_findings_of_an_unreadable_month_count_to_a_year(
    connection: duckdb.DuckDBPyConnection, quality_filings: Filled
) -> None:
    assert rules.rule(connection, quality_filings[0].settings, "C-01", 2025).findings_of_year == 1


def test_a_rule_that_was_switched_off_keeps_its_findings(
    connection: duckdb.DuckDBPyConnection, quality_filings: Filled, tmp_path: Path
) -> None:
    expectations = tmp_path / "expectations"
    shutil.copytree(PROJECT / "expectations", expectations)
    suite = json.loads((expectations / "rows.json").read_text(encoding="utf-8"))
    suite["expectations"] = [item for item in suite["expectations"] if item["meta"]["rule"] != "R-37"]
    (expectations / "rows.json").write_text(json.dumps(suite), encoding="utf-8")
    settings = replace(quality_filings[0].settings, expectations=expectations)
    one = rules.rule(connection, settings, "R-37", 2025)
    assert (one.is_on, one.stage, one.findings, one.lane) == (False, None, 3, "reliability")
    assert rules.rules(connection, settings, 2025).rules[-1].rule_id == "R-37"


def test_rulesets_of_the_examinations(connection: duckdb.DuckDBPyConnection, quality_filings: Filled) -> None:
    found = rules.rules(connection, quality_filings[0].settings, 2025)
    assert found.rulesets == {"rules": 6}
    assert found.ruleset == suites.ruleset(quality_filings[0].settings)


def test_an_unknown_rule_is_reported(connection: duckdb.DuckDBPyConnection, quality_filings: Filled) -> None:
    with pytest.raises(UnknownError, match="rule R-999"):
        rules.rule(connection, quality_filings[0].settings, "R-999", 2025)


@pytest.mark.parametrize(
    ("rule_id", "expected"),
    [
        ("C-41", "The cell of column 1 (ordinal number) is empty."),  # the same in every case
        (
            "R-35",  # two clauses: what was found stood at the end of the first, what it looks like of the second
            "The BIN / IIN does not have 12 digits. / Other characters are in place of digits in the BIN / IIN: …"
            " Character, its place and the digit it looks like: …",
        ),
        ("R-22", "The period of form 1-ЦМ (…) is not the month of the application (…)."),
        ("R-30", "The cell of column … shows an error in place of a value."),  # ten clauses, one for each column
    ],
)
def test_a_rule_in_general(rule_id: str, expected: str) -> None:
    clauses = [one for one in suites.load(Settings(home=Path("/nowhere"))).rules if one.rule_id == rule_id]
    assert rule_words.rule_text(clauses, "en") == expected


def test_a_fault_is_said_in_general_with_its_own_column() -> None:
    """R-30 is an expectation for each column: a reader who may not see the cell still learns which one it is."""
    citations = Citations.of(Settings(home=Path("/nowhere")))
    words = general(citations.clauses("R-30", Lane.RELIABILITY, "8")[:1])
    assert words is not None
    assert words["en"] == "The cell of column 8 shows an error in place of a value."
    assert general(citations.clauses("R-999", Lane.RELIABILITY, "8")) is None


def test_no_rule_shows_a_brace() -> None:
    for clause in suites.load(Settings(home=Path("/nowhere"))).rules:
        for language in suites.LANGUAGES:
            reported = rule_words.clause_text(clause, language) + rule_words.rule_todo([clause], language)
            assert "{" not in reported, clause.rule_id
            assert "}" not in reported, clause.rule_id
            assert "….." not in reported, clause.rule_id


def test_every_identity_of_the_warehouse_has_a_code(connection: duckdb.DuckDBPyConnection) -> None:
    found = reconciliation.identities(connection)
    assert {reconciliation.code_of(one) for one in found} == set(reconciliation.IDENTITIES.values())
    assert all(one.holds for one in found)
    registered = next(one for one in found if reconciliation.code_of(one) == "filings_by_status")
    assert (registered.left_value, registered.right_value, registered.difference, registered.year) == (7, 7, 0, None)
    quantity = next(one for one in found if reconciliation.code_of(one) == "quantity_parts")
    assert (quantity.left_value, quantity.year) == (Decimal(8), 2025)  # 4 BTC and 4 ETH; rewards are 0


def test_what_is_missing(connection: duckdb.DuckDBPyConnection) -> None:
    gaps = {(one.kind, one.reason): one for one in reconciliation.gaps(connection)}
    eth = gaps["price", "not_on_price_list"]
    assert (eth.asset, eth.first_day, eth.last_day, eth.row_count) == ("ETH", date(2025, 1, 11), date(2025, 1, 11), 1)
    assert gaps["pool", "not_in_register"].pool_id == "061211600012"
    of_january = reconciliation.gaps(connection, date(2025, 1, 1), date(2025, 1, 31))
    assert {one.kind for one in of_january} == {"price", "pool"}
    assert reconciliation.gaps(connection, date(2025, 3, 1), date(2025, 3, 31)) == ()


def test_reference_files_in_force(connection: duckdb.DuckDBPyConnection) -> None:
    assert [(one.name, one.row_count) for one in reconciliation.reference_versions(connection)] == [
        ("pool", 2), ("price", 1),
    ]  # fmt: skip
