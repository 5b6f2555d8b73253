"""Counts of quality, against the office's story counted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from answers.quality_office import PERSON, Filled, quality_filings
from esep.answers import UnknownError, duties, open_warehouse, quality, quality_lists
from esep.answers.quality import (
    UNREAD,
    Arrivals,
    Scope,
    Summary,
    latest_year,
    months_to_report,
    months_with_filings,
    of_year,
    pools,
    summary,
    years,
)
from esep.answers.tables import page_of
from warehouse.warehouse_office import OTHER_POOL, POOL

__all__ = ["quality_filings"]

JANUARY, FEBRUARY = date(2025, 1, 1), date(2025, 2, 1)


@pytest.fixture(scope="module")
def connection(quality_filings: Filled) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_warehouse(quality_filings[0].settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def found(connection: duckdb.DuckDBPyConnection) -> Summary:
    return summary(connection, of_year(2025))


def test_every_filing_counts_to_a_month(connection: duckdb.DuckDBPyConnection) -> None:
    """The unreadable one arrived in February, the one that waits in March: they count to the month before."""
    assert months_with_filings(connection) == [JANUARY, FEBRUARY]
    assert years(connection) == [2025]
    assert months_to_report(connection) == [JANUARY, FEBRUARY, date(2025, 3, 1)], "a pool is accredited in March, too"
    assert latest_year(connection) == 2025


def test_pools_are_named_by_the_register_first(connection: duckdb.DuckDBPyConnection) -> None:
    known = {pool.pool_id: pool.pool_name for pool in pools(connection, of_year(2025))}
    assert known[POOL] == "ТОО «Пул Алатау»"
    assert known[PERSON] == "<b>Ержан Мысалов</b>"
    assert known[UNREAD] is None
    assert pools(connection, of_year(2019)) == ()


def test_arrivals_of_a_month(found: Summary) -> None:
    """Six filings of January; four first ones, of which the refused and the unreadable were not complete."""
    assert found.by_month[JANUARY] == Arrivals(
        filings=6, waiting=0, accepted=4, refused=2, first_examined=4, complete=2, late=1, refilings=1, corrections=1,
        late_corrections=1, history=0, with_findings=6, excluded=1,
    )  # fmt: skip
    assert found.by_month[JANUARY].complete_share == Decimal("0.5")
    assert found.by_month[JANUARY].incomplete == 2


def test_a_filing_without_a_verdict_is_no_part_of_a_share(found: Summary) -> None:
    assert found.by_month[FEBRUARY] == Arrivals(filings=1, unexamined=1)
    assert found.by_month[FEBRUARY].complete_share is None


def test_counts_by_month_and_by_pool_add_up_to_the_same(found: Summary) -> None:
    assert sum(found.by_month.values(), Arrivals()) == sum(found.by_pool.values(), Arrivals()) == found.total
    assert list(found.by_pool)[-1] == UNREAD


def test_findings_by_rule(found: Summary) -> None:
    """A refused filing's findings count, and those of one that was corrected since."""
    counts = {line.rule_id: (line.faults.findings, line.faults.filings) for line in found.rules}
    assert counts == {
        "C-01": (1, 1), "C-12": (1, 1), "C-33": (2, 1), "R-36": (1, 1), "R-37": (3, 1), "R-52": (1, 1),
        "R-65": (1, 1), "R-70": (1, 1),
    }  # fmt: skip
    assert [line.lane for line in found.rules[:3]] == ["completeness"] * 3
    assert found.rules[-1].severity == "warning"
    assert found.findings == 11
    assert found.findings_of_month[JANUARY, "completeness", "error"] == 4
    assert found.findings_of_pool == {POOL: 8, OTHER_POOL: 1, PERSON: 1, UNREAD: 1}
    assert found.findings_of_rule_and_pool["R-37", POOL] == 3
    assert found.findings_of_rule_and_month["R-37", JANUARY] == 3


def test_refusals_by_reason(found: Summary) -> None:
    assert {line.rule_id: line.faults.refusals for line in found.refusal_reasons} == {"C-01": 1, "C-12": 1, "C-33": 1}


def test_examinations_by_working_days(found: Summary) -> None:
    """10.02 (Mon) → 12.02: 2; 11.02 the same day: 0; Sat 15.02 → Mon: 1; 20.02 → 21.02: 1; 27.02 (Thu) → 04.03
    (Tue): 3, one too many; 10.04 → 11.04: 1. The filing of 20.03 has no verdict on 15.04."""
    assert found.examination_days == {0: 1, 1: 3, 2: 1, 3: 1}
    assert found.punctuality["examine"] == duties.Punctuality(done=5, done_late=1, overdue=1)
    assert found.total.history == 0


def test_notices_by_ground(found: Summary) -> None:
    """Detected on Fri 21.02, due on 28.02, sent on 27.02; the other one, due on 14.03, was never sent."""
    assert found.notices == duties.Punctuality(done=1, overdue=1)
    assert found.notices_by_ground == {
        "late": duties.Punctuality(overdue=1),
        "unreliable": duties.Punctuality(done=1, overdue=1),
    }
    assert (found.notices.all, found.notices.decided) == (2, 2)


def test_unvalued_quantities_by_asset(found: Summary) -> None:
    """2 BTC of the correction and 2 of the person have a price; the 4 ETH have none."""
    assert [(one.asset, one.quantity, one.unvalued_quantity, found.unvalued_share(one)) for one in found.unvalued] == [
        ("ETH", Decimal(4), Decimal(4), Decimal(1)),
        ("BTC", Decimal(4), Decimal(0), Decimal(0)),
    ]


def test_a_pool_alone(connection: duckdb.DuckDBPyConnection) -> None:
    of_pool = summary(connection, of_year(2025, pool_id=POOL))
    assert of_pool.total.filings == 3
    assert of_pool.findings == 8
    assert [one.asset for one in of_pool.unvalued] == ["BTC"]
    assert {duty.registration_no for duty in of_pool.duties} == {"2025-000001", "2025-000004", "2025-000007"}
    assert len(of_pool.pools) == 4, "the others can still be chosen"
    unread = summary(connection, of_year(2025, pool_id=UNREAD))
    assert (unread.total.filings, unread.findings) == (2, 1)


def test_as_a_day_saw_it(connection: duckdb.DuckDBPyConnection) -> None:
    """Before 5 March neither the correction nor the fault of lateness was known, and two quantities were left out."""
    then = summary(connection, Scope(JANUARY, JANUARY, None, date(2025, 3, 5)))
    assert (then.total.filings, then.total.corrections, then.total.excluded) == (5, 0, 2)
    assert then.findings == 9
    assert then.notices == duties.Punctuality(done=1)
    assert {one.pool_id: one.state for one in then.expected} == {POOL: "on_time", OTHER_POOL: "late", PERSON: "on_time"}


def test_nothing_of_a_year_without_filings(connection: duckdb.DuckDBPyConnection) -> None:
    empty = summary(connection, of_year(2019))
    assert empty.total == Arrivals()
    assert (empty.findings, empty.rules, empty.unvalued, empty.duties) == (0, (), (), ())
    assert empty.pool_name("x") is None


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        ("all", "correction waiting late refiled unread person refused"),
        ("unexamined", "waiting"),
        ("waiting", ""),
        ("accepted", "correction late refiled person"),
        ("refused", "unread refused"),
        ("first_examined", "late unread person refused"),
        ("complete", "late person"),
        ("history", ""),
        ("incomplete", "unread refused"),
        ("late", "late"),
        ("refiling", "refiled"),
        ("correction", "correction"),
        ("late_correction", "correction"),
        ("faulty", "correction late refiled unread person refused"),
    ],
)
def test_the_list_behind_a_count(
    connection: duckdb.DuckDBPyConnection, quality_filings: Filled, which: str, expected: str
) -> None:
    names = {number: name for name, number in quality_filings[1].items()}
    listing = quality_lists.filings(of_year(2025), which=which).page(connection)
    assert " ".join(names[one.registration_no] for one in listing.rows) == expected
    assert listing.count == len(expected.split())


def test_filings_of_a_rule(connection: duckdb.DuckDBPyConnection, quality_filings: Filled) -> None:
    (one,) = quality_lists.filings(of_year(2025), rule_id="R-37").page(connection).rows
    assert one.registration_no == quality_filings[1]["refiled"]
    assert (one.findings, one.row_count, one.excluded_count) == (4, 3, 2)
    assert quality_lists.filings(of_year(2025), which="refused", rule_id="R-37").page(connection).rows == ()


def test_an_unknown_list_is_reported(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(UnknownError, match="list nonsense"):
        quality_lists.filings(of_year(2025), which="nonsense")


def test_findings_one_by_one(connection: duckdb.DuckDBPyConnection, quality_filings: Filled) -> None:
    number = quality_filings[1]["refiled"]
    (one,) = quality_lists.findings(of_year(2025), rule_id="R-37").page(connection).rows
    assert (one.registration_no, one.row, one.column_no, one.found, one.occurrences) == (
        number, 11, "3", "061211600013", 3,
    )  # fmt: skip
    everything = quality_lists.findings(of_year(2025)).page(connection)
    assert sum(row.occurrences for row in everything.rows) == 11
    of_lane = quality_lists.findings(of_year(2025), lane="reliability", severity="warning").page(connection)
    assert [row.rule_id for row in of_lane.rows] == ["R-36"]
    refused = quality_lists.findings(of_year(2025), of_refused=True).page(connection)
    assert {row.rule_id for row in refused.rows} == {"C-01", "C-12", "C-33"}


def test_a_page_beyond_the_end_is_the_last(connection: duckdb.DuckDBPyConnection) -> None:
    listing = quality_lists.findings(of_year(2025)).page(connection, 99)
    assert (listing.number, listing.pages) == (1, 1)


def test_long_lists_are_cut_into_pages() -> None:
    listing = page_of(list(range(205)), 3, 100)
    assert (listing.rows, listing.count, listing.number, listing.pages) == ([200, 201, 202, 203, 204], 205, 3, 3)
    assert page_of([], 7, 100).pages == 1


def test_excluded_quantities_are_those_in_force(connection: duckdb.DuckDBPyConnection, quality_filings: Filled) -> None:
    (one,) = quality_lists.excluded(of_year(2025)).page(connection).rows
    assert (one.registration_no, one.row, one.column_no, one.found, one.reason) == (
        quality_filings[1]["correction"], 12, "8", "көп", "unreadable",
    )  # fmt: skip


def test_examples_name_places_alone(connection: duckdb.DuckDBPyConnection, quality_filings: Filled) -> None:
    places = quality_lists.examples(connection, of_year(2025), 3)
    (place,) = places["R-37"]
    assert (place.registration_no, place.row, place.column_no) == (quality_filings[1]["refiled"], 11, "3")


def test_counts_of_one_rule(connection: duckdb.DuckDBPyConnection) -> None:
    (one,) = quality.rule_counts(connection, of_year(2025), "C-33")
    assert (one.pool_id, one.findings, one.filings, one.refusals) == (POOL, 2, 1, 1)


def test_a_list_as_a_table(connection: duckdb.DuckDBPyConnection) -> None:
    table = quality_lists.findings(of_year(2025)).table(connection)
    assert table.num_rows == 8
    assert sum(table["occurrences"].to_pylist()) == 11
    assert "filing_key" not in table.column_names
