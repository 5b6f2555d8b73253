"""R-79: a month's quantity against the pool's own months before it; the statistic worked out anew in Python."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from across.across_office import AcrossOffice, line
from esep.clock import TIMEZONE
from esep.config import PROJECT
from esep.supervision.across import prepared
from esep.warehouse import schema
from warehouse.warehouse_office import OTHER_POOL, POOL

STEADY = ("100", "102", "98", "101", "99", "100")
"""Median 100; the spread is below the least one that counts."""
QUERY = (PROJECT / "sql" / "across" / "unusual_quantity.sql").read_text(encoding="utf-8").rstrip().rstrip(";")


def filed(office: AcrossOffice, quantities: tuple[str, ...], **facts: str) -> list[str]:
    return [
        office.file(
            f"{2024 + month // 12}-{month % 12 + 1:02}-10",
            [line(f"2024-{month:02}-05", quantity=quantity)],
            period=f"2024-{month:02}-01",
            **facts,
        )
        for month, quantity in enumerate(quantities, start=1)
    ]


def test_one_odd_month_is_found_and_explained(office: AcrossOffice) -> None:
    # ln(100 / 41) x 0.6745 / 0.1 = 6.01, ln(100 / 42) x 0.6745 / 0.1 = 5.85; the odd month barely moves the median.
    odd = filed(office, (*STEADY, "1000", "42"))
    low = filed(office, (*STEADY, "41"), pool=OTHER_POOL)
    held = office.held("2026-01-01", "R-79")
    assert {(one.registration_no, one.key) for one in held} == {(odd[6], "R-79 BTC"), (low[6], "R-79 BTC")}
    reported = {one.registration_no: one.finding for one in held}
    assert (reported[odd[6]].found, reported[odd[6]].expected) == ("1000 BTC (× 10.00)", "100 BTC")
    assert (reported[low[6]].found, reported[low[6]].expected) == ("41 BTC (÷ 2.44)", "100 BTC")
    assert "1000 BTC" in reported[odd[6]].message_kk
    assert (reported[odd[6]].row, reported[odd[6]].column_no) == (None, "8")


def test_too_short_a_history_says_nothing_and_a_correction_changes_it(office: AcrossOffice) -> None:
    months = filed(office, (*STEADY[:5], "1000"))
    assert office.held("2026-01-01", "R-79") == []
    rows = [line("2024-07-05", quantity="100.000000000000000001")]
    july = office.file("2024-08-10", rows, period="2024-07-01")
    assert office.held("2026-01-01", "R-79") == []
    office.file("2024-09-01", [line("2024-07-05", quantity="1")], period="2024-07-01")
    [held] = office.held("2026-01-01", "R-79")
    assert held.registration_no not in {july, *months}
    assert held.finding.found == "1 BTC (÷ 100.50)"
    assert held.finding.expected == "100.5 BTC"
    assert office.held("2024-09-01", "R-79", refreshed=True) == []


@pytest.fixture(scope="module")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'Asia/Almaty'")
        schema.create(connection, PROJECT / "sql")
        yield connection


def distances(warehouse: duckdb.DuckDBPyConnection, quantities: list[Decimal]) -> dict[int, float]:
    """Month number → distance, as the query gives it for one pool's months from January 2020 on."""
    periods = [date(2020 + number // 12, number % 12 + 1, 1) for number in range(len(quantities))]
    moment = datetime(2029, 1, 1, tzinfo=TIMEZONE)
    months = pa.table(
        {"n": range(len(quantities)), "period": periods, "quantity": pa.array(quantities, pa.decimal128(38, 18))}
    )
    warehouse.execute("begin")
    try:
        warehouse.register("months", months)
        warehouse.execute(
            """
            create temp table known as
            select n as filing_key, printf('2029-%06d', n) as registration_no, $moment::timestamptz as received_at,
                $moment::timestamptz as registered_at, $moment::date as registered_on, $moment::date as examine_by,
                '' as package_sha256, 1 as file_count, 1 as examination_no, true as is_latest,
                $moment::timestamptz as examined_at, 'accepted' as verdict, $moment::timestamptz as accepted_from,
                $pool as pool_id, period, 1 as row_count, 0 as excluded_count, '' as ruleset, '' as code_version,
                'f' as file, '' as file_sha256, 's' as sheet, 11 as row, 'BTC' as asset, quantity
            from months
            """,
            {"moment": moment, "pool": POOL},
        )
        for relation in ("internal.registered", "examination", "internal.distribution_row"):
            wanted = {name for name, *_ in warehouse.execute(f"describe {relation}").fetchall()}
            given_columns = {name for name, *_ in warehouse.execute("describe known").fetchall()}
            columns = ", ".join(sorted(wanted & given_columns))
            warehouse.execute(f"insert into {relation} by name select {columns} from known")
        with prepared(warehouse, date(2030, 1, 1)):
            found = warehouse.execute(f"select registration_no, quantity_distance from ({QUERY})").fetchall()
        return {int(number[5:]): distance for number, distance in found}
    finally:
        warehouse.execute("rollback")


def reference(quantities: list[Decimal], month: int) -> float:
    logs = [math.log(quantity) for quantity in quantities[max(0, month - 24) : month]]
    middle = statistics.median(logs)
    spread = statistics.median(abs(one - middle) for one in logs)
    return 0.6745 * abs(math.log(quantities[month]) - middle) / max(spread, 0.1)


QUANTITIES = st.lists(
    st.decimals("0.001", "99999", places=8, allow_nan=False, allow_infinity=False), min_size=7, max_size=30
)


@hypothesis_settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(quantities=QUANTITIES, exponent=st.integers(-4, 4))
def test_the_distance_is_the_robust_z_whatever_the_unit(
    warehouse: duckdb.DuckDBPyConnection, quantities: list[Decimal], exponent: int
) -> None:
    expected = {month: reference(quantities, month) for month in range(6, len(quantities))}
    assert distances(warehouse, quantities) == pytest.approx(expected, rel=1e-9, abs=1e-9)
    scaled = [quantity.scaleb(exponent) for quantity in quantities]
    assert distances(warehouse, scaled) == pytest.approx(expected, rel=1e-6, abs=1e-6)


@hypothesis_settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    level=st.decimals("0.01", "1000", places=4, allow_nan=False, allow_infinity=False),
    wobble=st.lists(st.sampled_from(["0.95", "1", "1.05"]), min_size=8, max_size=20),
    place=st.integers(6, 7),
)
def test_one_outlier_is_found_and_hides_nothing_else(
    warehouse: duckdb.DuckDBPyConnection, level: Decimal, wobble: list[str], place: int
) -> None:
    quantities = [level * Decimal(factor) for factor in wobble]
    quantities[place] = level * 1000
    found = distances(warehouse, quantities)
    assert {month for month, distance in found.items() if distance > 6} == {place}


def test_months_all_alike_have_no_distance(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert distances(warehouse, [Decimal("12.5")] * 8) == {6: 0.0, 7: 0.0}
    assert distances(warehouse, [Decimal(0)] * 8) == {}
