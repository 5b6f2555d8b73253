"""R-78: one reward on several rows, where the rows of one filing alone do not show it."""

from __future__ import annotations

from typing import Any

from across.across_office import AcrossOffice, line

DAY = "2025-01-05"


def test_a_total_written_on_each_sheet(office: AcrossOffice) -> None:
    def sheets(*parts: list[tuple[str, str]], day: str = DAY) -> list[dict[str, Any]]:
        return [
            line(day, quantity=quantity, reward=reward, sheet=f"Part {number}", row=10 + place)
            for number, part in enumerate(parts, start=1)
            for place, (quantity, reward) in enumerate(part, start=1)
        ]

    def filed(month: int, *parts: list[tuple[str, str]]) -> str:
        rows = sheets(*parts, day=f"2025-{month:02}-05")
        return office.file(f"2025-{month + 1:02}-10", rows, period=f"2025-{month:02}-01")

    repeated = filed(1, [("1", "0.5"), ("2", "0.5")], [("3", "0.70")])
    filed(2, [("1", "0.5"), ("2", "0.6")], [("3", "0.7")])  # varies within a sheet
    filed(3, [("1", "0.5"), ("1", "0.5")], [("1", "0.7")])  # equal quantities have equal rewards
    filed(4, [("1", "0.5"), ("2", "0.5")], [("3", "0.5")])  # one for the whole filing: R-64
    filed(5, [("1", "0"), ("2", "0")], [("3", "0.7")])  # no reward on a sheet
    filed(6, [("1", "0.5"), ("2", "0.5")])  # one sheet: R-64

    [held] = office.held("2026-01-01", "R-78")
    assert (held.registration_no, held.key) == (repeated, "R-78 BTC 2025-01-05")
    assert (held.finding.sheet, held.finding.row, held.finding.column_no) == ("Part 1", 11, "9.2")
    assert held.finding.found == "BTC, 05.01.2025: 0.5"


def test_a_total_written_in_the_filings_of_two_months(office: AcrossOffice) -> None:
    office.file("2025-02-10", [line("2025-01-31", quantity="1", reward="0.5")])
    rows = [line("2025-01-31", quantity="2", reward="0.5"), line("2025-02-01", quantity="2", reward="0.5")]
    repeated = office.file("2025-03-10", rows, period="2025-02-01")
    office.file("2025-04-10", [line("2025-02-01", quantity="3", reward="0.6")], period="2025-03-01")
    assert office.keys("2026-01-01", "R-78") == [(repeated, "R-78 BTC 2025-01-31")]
