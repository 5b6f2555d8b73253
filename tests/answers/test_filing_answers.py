"""What is reported of a filing, against what was filed, worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from answers import filing_office as story
from esep.answers import UnknownError, filing_archive, filing_findings, open_warehouse
from esep.answers import filing as filings
from esep.answers.calendar import silence
from esep.answers.filing import Cells
from esep.letters.remarks import Citations
from esep.office import events
from warehouse.warehouse_office import MINER, OTHER_MINER, POOL, Office

D = Decimal


@pytest.fixture
def connection(filing_office: Office) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_warehouse(filing_office.settings) as opened:
        yield opened


def test_the_versions_of_a_month_stand_in_order_of_arrival(connection):
    first = filings.filing(connection, story.FIRST)
    reported = filings.versions(connection, first)
    assert [(one.registration_no, one.kind, one.status) for one in reported] == [
        (story.FIRST, "new", "superseded"),
        (story.CORRECTION, "correction", "accepted"),
    ]
    assert reported[1].replaces == story.FIRST
    # Changed on Monday 24 February; 10 working days end on Tuesday 11 March (8 March fell on a Saturday, 10 March off).
    assert (reported[1].correction_due_on, reported[1].correction_timeliness) == (date(2025, 3, 11), "in_time")


def test_a_filing_that_nobody_examined_stands_alone(connection):
    waiting = filings.filing(connection, story.WAITING)
    assert (waiting.status, waiting.pool_id, waiting.period) == ("registered", None, None)
    assert filings.versions(connection, waiting) == (waiting,)
    assert filings.examinations(connection, story.WAITING) == ()


@pytest.mark.parametrize("number", [story.UNLOADED, "2031-000001", "'; drop table filing; --"])
def test_an_unknown_number_is_reported(connection, number):
    with pytest.raises(UnknownError) as reported:
        filings.filing(connection, number)
    assert (reported.value.kind, reported.value.value) == ("filing", number)


def test_faults_are_grouped_by_rule_with_true_counts(filing_office, connection):
    found = _groups(filing_office, connection, story.REFUSED)
    assert [(group.rule_id, group.lane, group.count, group.listed) for group in found] == [
        ("C-42", "completeness", story.INCOMPLETE_ROWS, story.INCOMPLETE_ROWS)
    ]
    assert found[0].paragraph == "8; Annex 2, column 2"
    assert found[0].common["en"] == "The cell of column 2 (name) is empty."
    assert found[0].todo["en"] == "Please fill in the cell and file the package again."


def test_a_waiver_stands_with_its_rule(filing_office, connection):
    found = {group.rule_id: group for group in _groups(filing_office, connection, story.FIRST)}
    assert found["R-36"].waived.waived_until == date(2099, 12, 31)
    assert found["R-36"].waived.reason == "хат К-12"
    assert found["R-65"].waived is None


def test_the_rules_own_text_holds_nothing_of_the_filing(filing_office, connection):
    found = {group.rule_id: group for group in _groups(filing_office, connection, story.FIRST)}
    assert story.WALLET in found["R-65"].common["ru"]
    assert story.WALLET not in found["R-65"].general["ru"]
    assert MINER not in found["R-65"].general["ru"]


def test_faults_are_read_by_pages(connection):
    whole = filing_findings.faults(story.REFUSED).rows(connection)
    of_rule = filing_findings.faults(story.REFUSED, "C-42")
    pages = [of_rule.rows(connection, 5, start) for start in range(0, 15, 5)]
    assert [len(page) for page in pages] == [5, 5, 2]
    assert [fault.row for page in pages for fault in page] == [11 + index for index in range(story.INCOMPLETE_ROWS)]
    assert whole == tuple(fault for page in pages for fault in page)
    assert filing_findings.faults(story.REFUSED, "R-01").rows(connection) == ()
    first = filing_findings.first_faults(connection, story.REFUSED, 3)
    assert {rule: [fault.row for fault in found] for rule, found in first.items()} == {"C-42": [11, 12, 13]}


def test_rows_tell_what_was_left_out(connection):
    assert filings.rows(story.FIRST).count(connection) == 3
    found = filings.rows(story.FIRST).rows(connection)
    assert [(one.row, one.taxpayer_id, one.quantity) for one in found] == [
        (11, story.PERSON, D(2)),
        (12, MINER, D(1)),
        (13, OTHER_MINER, None),
    ]
    assert {one.row: one.excluded for one in found if one.excluded} == {
        13: {"8": {"found": "сколько-то", "reason": "unreadable"}}
    }


def test_a_row_is_found_by_sheet_and_number(connection):
    assert filings.position(connection, story.FIRST, "1-ЦМ", 13) == 2
    assert filings.position(connection, story.FIRST, "1-ЦМ", 13, story.FORM) == 2
    assert filings.position(connection, story.FIRST, "1-ЦМ", 13, "other.xlsx") is None
    assert filings.position(connection, story.FIRST, "1-ЦМ", 10) is None
    assert filings.position(connection, story.FIRST, "Лист2", 13) is None


def test_the_effect_of_a_correction_adds_up(connection):
    # The person: 2 to 3 BTC of 6 January at 100 × 500; the other miner: 4 BTC of 10 January at 120 × 500, unreadable
    # before. The pool's reward is the same.
    moved = {
        (one.role, one.taxpayer_id): (one.quantity_difference, one.income_kzt_difference)
        for one in filings.effects(story.CORRECTION).rows(connection)
    }
    assert moved == {
        ("miner", OTHER_MINER): (D(4), D(240_000)),
        ("miner", story.PERSON): (D(1), D(50_000)),
    }
    (total,) = filings.effect_totals(connection, story.CORRECTION)
    assert (total.role, total.figures, total.taxpayers, total.income_kzt_difference) == ("miner", 2, 2, D(290_000))
    assert filings.effects(story.CORRECTION).rows(connection, 10, 1)[0].taxpayer_id == story.PERSON
    assert filings.change_counts(connection, story.CORRECTION) == {"changed": 2}
    rows = {change.new_row: change for change in filings.changes(story.CORRECTION).rows(connection)}
    assert (rows[13].old_quantity, rows[13].old_quantity_found, rows[13].new_quantity) == (None, "сколько-то", D(4))


def test_only_what_is_in_force_contributes(connection):
    assert filings.contribution(connection, story.FIRST) == ()
    reported = {part.role: part for part in filings.contribution(connection, story.CORRECTION)}
    # 3 × 50 000 + 1 × 50 000 + 4 × 60 000 tenge: 7 January is a day off and takes the price of the 6th; so does the
    # reward of 0.1 on that day.
    assert (reported["miner"].quantity, reported["miner"].taxpayers) == (D(8), 3)
    assert reported["miner"].income_kzt == D(440_000)
    assert (reported["pool"].quantity, reported["pool"].income_kzt) == (D("0.1"), D(5_000))


def test_cells_are_those_of_the_workbook(filing_office):
    cells = Cells(filing_office.settings, story.FIRST)
    assert cells.address(story.FORM, "1-ЦМ", 13, "8") == "I13"
    assert cells.address(story.FORM, "1-ЦМ", 13, "9.2") == "K13"
    assert cells.address(story.FORM, "Лист2", 13, "8") is None
    assert cells.address(story.FORM, "1-ЦМ", None, "8") is None
    assert Cells(filing_office.settings, story.CORRECTION).address(story.FORM, "1-ЦМ", 13, "8") is None


def test_the_archive_tells_a_filing_before_the_warehouse_does(filing_office):
    kept = filing_archive.archived(filing_office.settings, story.UNLOADED)
    assert kept.receipt.registration_no == story.UNLOADED
    assert (kept.verdicts, kept.faults) == ((), ())
    assert filing_archive.archived(filing_office.settings, "2025-009999") is None
    assert filing_archive.archived(filing_office.settings, "../../etc") is None


def test_letters_tell_their_dispatches(filing_office):
    kept = filing_archive.archived(filing_office.settings, story.REFUSED)
    (shown,), faults = filing_archive.letters(filing_office.settings, story.REFUSED, kept.events)
    assert (shown.letter.letter_no, faults) == (f"{story.REFUSED}/R-1", ())
    assert [(sent.channel, sent.proof) for sent in shown.dispatches] == [("post", "RR123")]
    assert [path.name for path in shown.files] == ["refusal.pdf", "refusal.docx", "findings.xlsx", "status.json"]


@pytest.mark.parametrize(
    "path",
    [
        "receipt.json",
        "../receipt.json",
        f"../../{story.CORRECTION}/receipt.json",
        "/etc/passwd",
        "",
        ".",
        f"./{story.FORM}",
    ],
)
def test_only_files_of_the_receipt_are_given(filing_office, path):
    assert filing_archive.package_file(filing_office.settings, story.FIRST, story.FORM)[1].name == story.FORM
    with pytest.raises(UnknownError):
        filing_archive.package_file(filing_office.settings, story.FIRST, path)


@pytest.mark.parametrize("name", ["../2025-000003/refusal.pdf", "missing.pdf", "", "..", "../../reference/pool.csv"])
def test_only_files_of_letters_are_given(filing_office, name):
    assert filing_archive.outbox_file(filing_office.settings, story.REFUSED, "refusal.pdf").name == "refusal.pdf"
    with pytest.raises(UnknownError):
        filing_archive.outbox_file(filing_office.settings, story.REFUSED, name)
    with pytest.raises(UnknownError):
        filing_archive.outbox_file(filing_office.settings, "..", "esep.duckdb")


def test_a_link_in_the_place_of_a_file_is_not_followed(filing_office, tmp_path):
    place = filing_office.folder(story.CORRECTION) / "package" / story.FORM
    content = place.read_bytes()
    place.unlink()
    place.symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").write_text("secret")
    with pytest.raises(UnknownError):
        filing_archive.package_file(filing_office.settings, story.CORRECTION, story.FORM)
    place.unlink()
    place.write_bytes(content)


def test_the_nearest_numbers_are_reported(filing_office):
    near = filing_archive.numbers_like(filing_office.settings, "2025-000011")
    assert story.FIRST in near
    assert len(near) == 5
    assert filing_archive.numbers_like(filing_office.settings, "x") == ()


def test_a_silent_month_and_its_question(connection):
    reported = silence(connection, POOL, story.SILENT)
    assert (reported.month.state, reported.month.registration_no) == ("silent", None)
    assert (reported.question.state, reported.question.due_on) == ("overdue", date(2025, 5, 2))
    states = {month.period.isoformat()[:7]: month.state for month in reported.months}
    assert (states["2025-01"], states["2025-02"], states["2025-03"]) == ("on_time", "refused", "silent")
    assert reported.decisions == ()
    with pytest.raises(UnknownError):
        silence(connection, POOL, date(2020, 1, 1))


def test_a_fault_across_filings_that_was_withdrawn_is_reported_apart(filing_office, tmp_path):
    office = story.copied(filing_office, tmp_path)
    fault = story.reported(
        office, "R-79", column_no="8", found="1 BTC", expected="9 BTC", file=None, sheet=None, row=None
    )
    facts = fault | {"key": "R-79 BTC", "detected_on": "2025-04-01", "ground": "unreliable"}
    folder = office.folder(story.CORRECTION)
    events.append(folder, "finding_detected", story.moment("2025-04-01 00:00"), "esep.supervision", facts)
    office.refresh()
    with open_warehouse(office.settings) as opened:
        (group,) = _groups(office, opened, story.CORRECTION)
        assert (group.rule_id, group.is_across, group.detected_on) == ("R-79", True, date(2025, 4, 1))
        assert filing_findings.withdrawn(opened, story.CORRECTION) == ()
    gone = {"key": "R-79 BTC", "detected_on": "2025-04-02"}
    events.append(folder, "finding_withdrawn", story.moment("2025-04-02 00:00"), "esep.supervision", gone)
    office.refresh()
    with open_warehouse(office.settings) as opened:
        assert _groups(office, opened, story.CORRECTION) == ()
        (fault_reported,) = filing_findings.withdrawn(opened, story.CORRECTION)
        assert (fault_reported.rule_id, fault_reported.found, fault_reported.row, fault_reported.occurrences) == (
            "R-79",
            "1 BTC",
            None,
            1,
        )
        assert fault_reported.withdrawn_at == story.moment("2025-04-02 00:00")


def _groups(
    office: Office, connection: duckdb.DuckDBPyConnection, number: str
) -> tuple[filing_findings.RuleGroup, ...]:
    return filing_findings.groups(connection, number, Citations.of(office.settings))
