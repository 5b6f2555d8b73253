"""R-81 and R-82: a month that is not over, and a correction of nothing."""

from __future__ import annotations

from across.across_office import AcrossOffice, line
from esep.examination.model import Severity
from warehouse.warehouse_office import OTHER_POOL


def test_a_filing_for_a_month_that_is_not_over(office: AcrossOffice) -> None:
    office.file("2025-02-01 00:00", [line("2025-01-05")])
    early = office.file("2025-01-31 23:59", [line("2025-01-05")], pool=OTHER_POOL)
    [held] = office.held("2025-02-02")
    assert (held.registration_no, held.key, held.finding.severity) == (early, "R-81 2025-01", Severity.WARNING)
    assert (held.finding.found, held.finding.expected, held.ground) == ("31.01.2025", "01.2025", "unreliable")


def test_a_correction_for_a_month_never_filed(office: AcrossOffice) -> None:
    office.file("2025-02-10", [line("2025-01-05")])
    office.file("2025-02-20", [line("2025-01-06")], change_date="2025-02-18")
    alone = office.file("2025-02-20", [line("2025-01-05")], pool=OTHER_POOL, change_date="2025-02-18")
    [held] = office.held("2025-02-21")
    assert (held.registration_no, held.key, held.finding.severity) == (alone, "R-82 2025-01", Severity.WARNING)
    assert (held.finding.found, held.finding.expected) == ("18.02.2025", "01.2025")
    # Its version before arrives as history: it was a correction after all.
    office.file("2025-02-11", [line("2025-01-05")], pool=OTHER_POOL)
    assert office.held("2025-02-21") == []
