"""Assets on no list: in the obligation with their quantity, without a share, until a dated row decides their class."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from esep.config import Settings
from esep.law import tables
from esep.warehouse import work
from esep.warehouse.reckoning import everything
from warehouse.warehouse_office import MINER, NOW, OTHER_MINER, POOL, Office, moment, row

D = Decimal
Decide = Callable[..., None]


@pytest.fixture
def decide(monkeypatch: pytest.MonkeyPatch) -> Decide:
    """Adds a row to the table of assets; a home made before it has to be made anew."""
    read = tables.read

    def add(*decided: tuple[str, str, str, str | None]) -> None:
        rows = [
            read("asset")[0]
            | {"ticker": ticker, "asset_class": asset_class, "decimals": 2}
            | {"valid_from": date.fromisoformat(first), "valid_to": date.fromisoformat(last) if last else None}
            for ticker, asset_class, first, last in decided
        ]
        patched = {"asset": [*read("asset"), *rows]}
        monkeypatch.setattr(tables, "read", lambda name: patched.get(name) or read(name))

    return add


def obligations(office: Office, source: str = "sale_obligation", columns: str = "year") -> list[tuple[object, ...]]:
    """Of miners: the columns, asset, class, share, base and quantity to sell, in order."""
    return office.query(
        f"select {columns}, asset, asset_class, share, base_quantity, quantity_to_sell from {source} "
        "where role = 'miner' order by all"
    )


def agrees_with_the_rows(office: Office) -> bool:
    return not everything.reckon(office.settings).differences


def test_an_asset_on_no_list_is_in_the_obligation_without_a_share(office):
    rows = [
        row("2023-12-31", "ДемоКоин", "100"),
        row("2024-01-01", "ДемоКоин", "0.125", reward="9"),
        row("2025-01-02", "ДемоКоин", "1.5"),
        row("2025-01-02", "BTC", "1"),
        row("2025-01-02", "Nothing", "0"),
        row("2025-02-03", "ДемоКоин", "2", taxpayer=OTHER_MINER),
    ]
    office.file("2025-03-10", rows, period="2024-01-01")
    office.refresh()
    known = [
        (2024, "ДемоКоин", "undecided", None, D("0.125"), None),
        (2025, "BTC", "unbacked", D("0.75"), D(1), D("0.75")),
        (2025, "ДемоКоин", "undecided", None, D("1.5"), None),
        (2025, "ДемоКоин", "undecided", None, D(2), None),
    ]
    assert obligations(office) == known
    for past in ("sale_obligation_as_known_on", "sale_obligation_as_reported_on", "sale_obligation_as_told_on"):
        assert obligations(office, f"{past}('2026-03-02')") == known
        assert obligations(office, f"{past}('2025-03-09')") == []
    assert obligations(office, "monthly_sale_obligation", "period::varchar") == [
        ("2024-01-01", "ДемоКоин", "undecided", None, D("0.125"), None),
        ("2025-01-01", "BTC", "unbacked", D("0.75"), D(1), D("0.75")),
        ("2025-01-01", "ДемоКоин", "undecided", None, D("1.5"), None),
        ("2025-02-01", "ДемоКоин", "undecided", None, D(2), None),
    ]
    # The pool's reward is apart: no rule obliges pools, so nothing of theirs is undecided either.
    assert office.query("select count(*) from sale_obligation where role = 'pool'") == [(0,)]
    assert office.query(f"select quantity from annual_income where taxpayer_id = '{POOL}' and asset = 'ДемоКоин'")
    assert agrees_with_the_rows(office)


def test_an_asset_whose_name_is_missing_is_not_left_out(office):
    office.file("2025-02-10", [row("2025-01-06") | {"asset": None}])
    office.refresh()
    assert obligations(office) == [(2025, None, "undecided", None, D(1), None)]
    assert agrees_with_the_rows(office)


def test_a_row_of_the_table_of_assets_decides_from_its_day(tmp_path, decide):
    office = Office(Settings(home=tmp_path / "home"))
    decide(
        ("UNB", "unbacked", "2025-03-15", None),
        ("BAK", "backed", "2025-03-15", None),
        ("OLD", "unbacked", "2025-01-01", "2025-03-14"),
    )
    rows = [row(day, asset, "1.01") for day in ("2025-03-14", "2025-03-15") for asset in ("UNB", "BAK", "OLD")]
    office.file("2025-04-10", rows, period="2025-03-01")
    office.refresh()
    # 0.75 x 1.01 = 0.7575, up at 2 decimals
    assert obligations(office) == [
        (2025, "BAK", "undecided", None, D("1.01"), None),
        (2025, "OLD", "unbacked", D("0.75"), D("1.01"), D("0.76")),
        (2025, "OLD", "undecided", None, D("1.01"), None),
        (2025, "UNB", "unbacked", D("0.75"), D("1.01"), D("0.76")),
        (2025, "UNB", "undecided", None, D("1.01"), None),
    ]
    assert agrees_with_the_rows(office)


def test_a_class_decided_later_is_told_from_then_on_and_the_past_stays(office, decide):
    office.file("2025-02-10", [row("2025-01-06", "NEW", "4")])
    office.refresh()
    assert obligations(office) == [(2025, "NEW", "undecided", None, D(4), None)]
    made_by_other_code(office)
    decide(("NEW", "unbacked", "2020-01-01", None))
    office.refresh(moment("2026-03-02"))
    assert obligations(office) == [(2025, "NEW", "unbacked", D("0.75"), D(4), D(3))]
    reported = obligations(office, "sale_obligation_as_reported_on('2026-03-01')")
    assert (2025, "NEW", "undecided", None, D(4), None) in reported
    change = "select cause, quantity_to_sell_difference from income_entry where role = 'miner' order by moment"
    assert office.query(change) == [("new", D(0)), ("code_version", D(3))]


def test_a_snapshot_that_knew_no_undecided_class_is_compared(office):
    office.prices("2025-01-06,NEW,10,KZT", "2025-01-06,BTC,10,KZT")
    office.file("2025-02-10", [row("2025-01-06", "NEW", "4"), row("2025-01-06", "BTC", "1")])
    office.refresh()
    made_by_other_code(
        office,
        "create or replace table internal.income_part as select * exclude (is_undecided) from internal.income_part",
        "update internal.income_part set income_kzt = income_kzt + 7 where asset = 'BTC' and role = 'miner'",
    )
    office.refresh(moment("2026-03-02"))
    assert obligations(office) == [
        (2025, "BTC", "unbacked", D("0.75"), D(1), D("0.75")),
        (2025, "NEW", "undecided", None, D(4), None),
    ]
    entries = "select cause, asset, income_kzt_difference from income_entry where role = 'miner' order by moment, asset"
    assert office.query(entries) == [("new", "BTC", D(17)), ("new", "NEW", D(0)), ("code_version", "BTC", D(-7))]


def made_by_other_code(office: Office, *statements: str) -> None:
    with duckdb.connect(str(office.settings.snapshot)) as connection:
        connection.execute("update build set fingerprint = 'otherother', code_version = '0.9'")
        for statement in statements:
            connection.execute(statement)
    work.discard(office.settings)


def test_taxpayers_of_an_undecided_asset_keep_names_and_states(office):
    office.file("2025-02-10", [row("2025-01-06", "NEW", "4", state="wrong_check_digit")])
    office.refresh(NOW)
    found = office.query("select taxpayer_id, taxpayer_name, taxpayer_id_state, decimals from sale_obligation")
    assert found == [(MINER, "ТОО «Терек»", "wrong_check_digit", None)]
