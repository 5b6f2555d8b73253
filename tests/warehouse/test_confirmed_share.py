"""The share is by a secondary source until somebody confirms the row that sets it, by a document."""

from __future__ import annotations

from datetime import date

from esep.office import confirmations
from warehouse.warehouse_office import Office, moment, row

KEY = "2025-01-01|miner"
DOCUMENT = "хат № 12, 02.02.2026"


def confirm(office: Office, on: str = "2026-02-03 10:00", key: str = KEY) -> None:
    confirmations.confirm(
        office.settings, "sale_rule", key, date(2026, 2, 2), DOCUMENT, "share checked", "Омарова А.", moment(on)
    )


def states(office: Office, source: str = "sale_obligation") -> list[tuple[object, ...]]:
    return office.query(f"select year, asset, share_state from {source} order by all")


def test_the_obligation_says_so_until_the_row_is_confirmed(office):
    rows = [row("2024-12-30", "BTC", "1"), row("2025-01-06", "BTC", "2"), row("2025-01-06", "Мойкоин", "2")]
    office.file("2025-02-10", rows)
    office.refresh(moment("2026-02-01"))
    before = [(2024, "BTC", "not_confirmed"), (2025, "BTC", "not_confirmed"), (2025, "Мойкоин", None)]
    assert states(office) == before
    assert office.query("select confirmed_by, confirmed_on, document from sale_rule") == [("", None, None)] * 2
    figures = office.query("select * exclude (share_state) from sale_obligation order by all")
    confirm(office)
    office.refresh(moment("2026-02-04"))
    after = [(2024, "BTC", "not_confirmed"), (2025, "BTC", "confirmed"), (2025, "Мойкоин", None)]
    assert states(office) == after
    assert states(office, "monthly_sale_obligation") == after
    assert office.query("select * exclude (share_state) from sale_obligation order by all") == figures
    named = "select valid_from::varchar, confirmed_by, confirmed_on, document, confirmed_at from sale_rule order by 1"
    assert office.query(named) == [
        ("2024-01-01", "", None, None, None),
        ("2025-01-01", "Омарова А.", date(2026, 2, 2), DOCUMENT, moment("2026-02-03 10:00")),
    ]
    # As reported before the confirmation it was not confirmed yet.
    assert states(office, "sale_obligation_as_reported_on('2026-02-03')") == before
    assert states(office, "sale_obligation_as_reported_on('2026-02-04')") == after


def test_a_rebuilt_warehouse_and_a_second_run_say_the_same(office):
    office.file("2025-02-10", [row("2025-01-06", "BTC", "2")])
    confirm(office)
    confirm(office)
    office.refresh(moment("2026-02-04"))
    assert states(office) == [(2025, "BTC", "confirmed")]
    confirm(office, "2026-02-05 10:00", "2024-01-01|miner")
    office.refresh(moment("2026-02-06"))
    assert office.query("select count(*) from sale_rule where confirmed_by <> ''") == [(2,)]
    assert office.query("select count(*) from event where event = 'reference_confirmed'") == [(2,)]
