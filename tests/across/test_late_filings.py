"""R-70 and R-80: what arrived after its last day (paras 5 and 6). The days are facts.md's, or counted by hand."""

from __future__ import annotations

from across.across_office import AcrossOffice, line
from esep.examination.model import Severity
from warehouse.warehouse_office import OTHER_POOL


def test_the_last_day_is_the_25th_moved_off_the_holiday(office: AcrossOffice) -> None:
    # 25 October 2025 is the day of the Republic, a Saturday: the last day is Tuesday 28 October.
    office.file("2025-10-28 23:59", [line("2025-09-05")], period="2025-09-01")
    late = office.file("2025-10-29 00:00", [line("2025-09-05")], period="2025-09-01", pool=OTHER_POOL)
    unknown = office.file("2025-12-30", [line("2025-09-05")], period=None, pool=None)

    assert office.held("2025-10-29") == []  # what arrives as the day begins is not known before it
    [held] = office.held("2025-10-30", refreshed=True)
    assert (held.registration_no, held.key, held.ground) == (late, "R-70 2025-09", "late")
    assert (held.finding.found, held.finding.expected) == ("29.10.2025 (1)", "28.10.2025")
    assert (held.finding.severity, held.finding.row, held.finding.occurrences) == (Severity.ERROR, None, 1)
    assert "29.10.2025" in held.finding.message_kk
    assert unknown not in {number for number, _ in office.keys("2026-02-01", refreshed=True)}


def test_a_correction_has_ten_working_days_from_the_day_of_change_and_cures_no_lateness(office: AcrossOffice) -> None:
    rows = [line("2024-12-05")]
    late = office.file("2025-01-30", rows, period="2024-12-01")
    # Monday 3 February 2025 and ten working days: Monday 17 February.
    office.file("2025-02-17", rows, period="2024-12-01", change_date="2025-02-03")
    correction = office.file("2025-02-18", rows, period="2024-12-01", change_date="2025-02-03")
    office.file("2025-05-30", rows, period="2024-12-01")  # no day of change: not determinable

    held = office.held("2025-06-01")
    assert [(one.registration_no, one.key) for one in held] == [(late, "R-70 2024-12"), (correction, "R-70 2024-12")]
    assert [one.finding.expected for one in held] == ["27.01.2025", "17.02.2025"]


def test_filing_again_after_a_refusal_tells_both_arrivals_and_concludes_nothing(office: AcrossOffice) -> None:
    rows = [line("2025-01-05")]
    office.file("2025-02-20", rows, verdict="refused")
    still_refused = office.file("2025-02-27", rows, verdict="refused")
    again = office.file("2025-03-03", rows)
    refused_late = office.file("2025-02-26", rows, verdict="refused", pool=OTHER_POOL)

    held = office.held("2025-04-01")
    assert [(one.registration_no, one.key) for one in held] == [(again, "R-80 2025-01"), (refused_late, "R-70 2025-01")]
    assert still_refused not in {one.registration_no for one in held}
    assert (held[0].finding.severity, held[0].ground) == (Severity.WARNING, "late")
    assert (held[0].finding.found, held[0].finding.expected) == ("20.02.2025 / 03.03.2025 (6)", "25.02.2025")


def test_a_correction_filed_again_after_a_refusal_is_not_called_late_outright(office: AcrossOffice) -> None:
    rows = [line("2024-12-05")]
    office.file("2025-01-20", rows, period="2024-12-01")
    # Monday 3 February 2025 and ten working days: Monday 17 February.
    refused = office.file("2025-02-14", rows, period="2024-12-01", change_date="2025-02-03", verdict="refused")
    again = office.file("2025-02-20", rows, period="2024-12-01", change_date="2025-02-03")
    [held] = office.held("2025-03-01")
    assert (held.registration_no, held.key, held.finding.severity) == (again, "R-80 2024-12", Severity.WARNING)
    assert (held.finding.found, held.finding.expected) == ("14.02.2025 / 20.02.2025 (3)", "17.02.2025")
    reported = office.query("select kind, refiles from filing where registration_no = ?", again)
    assert reported == [("correction", refused)]
