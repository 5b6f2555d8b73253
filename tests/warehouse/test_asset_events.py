"""What an event says to other offices' DAGs: the filings, pools and months that changed, bounded, nothing personal."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from esep.config import Settings
from esep.orchestration import asset_events
from esep.orchestration.asset_events import LIMIT, Extra, Readable
from esep.orchestration.periodic import months_of
from warehouse.warehouse_office import MINER, NOW, OTHER_POOL, POOL, Office, row

JANUARY, FEBRUARY = "2025-01-01", "2025-02-01"


def said(extra: Extra | None) -> tuple[list[str], list[str], list[str]] | None:
    return extra and (extra["registration_nos"], extra["pools"], extra["months"])


@pytest.fixture
def published(office: Office) -> Office:
    """Two pools and months, priced."""
    office.prices("2025-01-06,BTC,90000,USD", "2025-02-06,BTC,80000,USD")
    office.rates("2025-01-06,USD,500", "2025-02-06,USD,500")
    office.file("2025-02-10", [row("2025-01-06")])
    office.file("2025-03-10", [row("2025-02-06")], period=FEBRUARY, pool=OTHER_POOL)
    office.refresh()
    return office


def test_long_lists_are_cut_and_say_so() -> None:
    numbers = [f"2025-{serial:06}" for serial in range(1, LIMIT + 3)]
    found = asset_events.extra(reversed(numbers), [], [], NOW)
    assert (found["registration_nos"], found["more"]) == (numbers[:LIMIT], 2)
    assert asset_events.extra(numbers[:LIMIT], [], [], NOW)["more"] == 0


def test_only_a_bin_stands_for_a_pool() -> None:
    """What was filed under an IIN is refused, and still no person's number leaves."""
    iin = "790107300609"
    found = asset_events.extra(["2025-000001"], [POOL, iin, "ТОО «Пул»", "", None, POOL], ["2025-02", None, ""], NOW)
    assert said(found) == (["2025-000001"], [POOL], ["2025-02"])
    assert found["published_at"] == NOW.isoformat()


def test_of_filings_and_letters(published: Office) -> None:
    settings = published.settings
    waits = published.register("2025-03-11")
    everything = ["2025-000001", "2025-000002", waits]
    assert said(asset_events.of_filings(settings, everything, NOW)) == (
        everything,
        sorted([POOL, OTHER_POOL]),
        ["2025-01", "2025-02"],
    )
    assert asset_events.examined(settings, everything) == everything[:2]
    assert said(asset_events.of_filings(settings, [], NOW)) == ([], [], []), "not all of the archive"
    letters = ["2025-000002/A-1", "2025-000002/R-1", f"{POOL}-2025-03/N-1"]
    assert said(asset_events.of_letters(settings, letters, NOW)) == (
        ["2025-000002"],
        sorted([POOL, OTHER_POOL]),
        ["2025-02", "2025-03"],
    )


def test_of_a_report_and_a_statement() -> None:
    month = asset_events.of_months(months_of({"month": "2025-03-01", "as_of": "2025-05-28"}), NOW)
    assert said(month) == ([], [], ["2025-03"])
    year = asset_events.of_months(months_of({"year": 2025, "known_on": "2026-02-28", "taxpayer": MINER}), NOW)
    assert said(year) == ([], [], [f"2025-{number:02}" for number in range(1, 13)])
    assert MINER not in str(year)


def test_the_first_publication_is_all_new(published: Office) -> None:
    found = asset_events.of_snapshot(published.settings, Readable(), NOW)
    assert said(found) == (["2025-000001", "2025-000002"], sorted([POOL, OTHER_POOL]), ["2025-01", "2025-02"])
    assert MINER not in str(found)


def test_a_correction_names_both_filings_and_nothing_else(published: Office) -> None:
    before = asset_events.readable(published.settings)
    published.file("2025-02-20", [row("2025-01-06", quantity="2")])
    published.refresh()
    found = asset_events.of_snapshot(published.settings, before, NOW)
    assert said(found) == (["2025-000001", "2025-000003"], [POOL], ["2025-01"])
    assert found
    assert found["published_at"] == asset_events.readable(published.settings).published_at.isoformat()  # type: ignore[union-attr] # it is there


def test_a_price_moves_a_month_and_no_filing(published: Office) -> None:
    before = asset_events.readable(published.settings)
    published.prices("2025-01-06,BTC,90000,USD", "2025-02-06,BTC,80001,USD")
    published.refresh()
    assert said(asset_events.of_snapshot(published.settings, before, NOW)) == ([], [], ["2025-02"])


def test_no_publication_is_no_event(published: Office) -> None:
    before = asset_events.readable(published.settings)
    published.refresh()
    assert asset_events.of_snapshot(published.settings, before, NOW) is None
    assert asset_events.of_snapshot(Settings(home=Path("/nowhere")), Readable(), NOW) is None


def test_a_snapshot_that_cannot_be_read_holds_nothing_up(published: Office) -> None:
    snapshot = published.settings.snapshot
    whole = snapshot.read_bytes()
    snapshot.write_bytes(b"no database")
    before = asset_events.readable(published.settings)
    assert (before.filings, before.months) == ({}, {})
    snapshot.with_suffix(".new").write_bytes(whole)
    snapshot.with_suffix(".new").rename(snapshot)
    found = asset_events.of_snapshot(published.settings, before, NOW)
    assert found
    assert found["months"] == [f"{date.fromisoformat(month):%Y-%m}" for month in (JANUARY, FEBRUARY)]
