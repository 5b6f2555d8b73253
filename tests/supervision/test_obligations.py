"""obligation_due: what an officer must do by when, judged by the day of dispatch, closed by events (paras 5, 8, 10)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from esep import clock
from esep.office import events, history
from esep.warehouse.rebuild import rebuild
from supervision.supervised_office import OFFICER, SupervisedOffice
from warehouse.warehouse_office import NOW, POOL, finding, moment, row

ROWS = [row("2025-01-06")]
REFUSED = [finding("C-45", lane="completeness")]


def sent(letter_no: str, sent_at: str) -> dict[str, Any]:
    kind = {"R": "refusal", "N": "notice"}[letter_no.partition("/")[2][0]]
    return {
        "letter_no": letter_no,
        "letter_kind": kind,
        "channel": "post",
        "sent_at": moment(sent_at).isoformat(),
        "proof": "KZ-000",
        "recipients": [],
    }


def test_the_check_and_the_refusal_share_the_term_of_two_working_days(office: SupervisedOffice) -> None:
    number = office.register("2026-02-20 17:00")  # Friday
    office.refresh(moment("2026-02-20 18:00"))
    due = date(2026, 2, 24)
    examine, refusal = f"examine {number}", f"send_refusal {number}/R-1"
    assert office.obligations("2026-02-21") == {examine: ("open", due, None)}
    assert office.obligations("2026-02-25") == {examine: ("overdue", due, None)}
    office.examine(number, ROWS, verdict="refused", findings=REFUSED, examined_at=moment("2026-02-23 10:00"))
    office.refresh(moment("2026-02-24"))
    assert office.obligations("2026-02-24") == {
        examine: ("done", due, date(2026, 2, 23)),
        refusal: ("open", due, None),
    }
    assert office.obligations("2026-02-25")[refusal] == ("overdue", due, None)


@pytest.mark.parametrize(
    ("sent_at", "state"), [("2025-02-12 23:59", "done"), ("2025-02-13 00:00", "done_late"), (None, "overdue")]
)
def test_a_refusal_is_met_by_sending_it(office: SupervisedOffice, sent_at: str | None, state: str) -> None:
    number = office.file("2025-02-10", ROWS, verdict="refused", findings=REFUSED)
    if sent_at:
        office.decide(number, "dispatched", "2025-02-14", **sent(f"{number}/R-1", sent_at))
    office.refresh()
    assert office.obligations("2025-03-01")[f"send_refusal {number}/R-1"] == (
        state,
        date(2025, 2, 12),
        date.fromisoformat(sent_at[:10]) if sent_at else None,
    )
    # Before it was recorded nobody knew of the dispatch.
    assert office.obligations("2025-02-14")[f"send_refusal {number}/R-1"][0] == "overdue"


def test_what_a_person_loaded_as_history_is_no_duty_of_the_office(office: SupervisedOffice) -> None:
    office.live = False
    office.file("2025-02-10", ROWS, verdict="refused", findings=REFUSED)
    office.refresh()
    assert office.obligations("2026-03-01") == {}


def test_what_the_office_registers_late_is_overdue_however_long_it_lay(office: SupervisedOffice) -> None:
    """NOW is 382 days after the arrival of Mon 10 February 2025, whose second working day is Wed 12 February."""
    office.live, office.as_history = False, False
    number = office.file("2025-02-10", ROWS, verdict="refused", findings=REFUSED)
    office.refresh()
    due = date(2025, 2, 12)
    assert office.query("select is_history, history_by, days_late from filing") == [(False, None, 0)]
    assert office.obligations("2027-01-01") == {
        f"examine {number}": ("done_late", due, clock.local_date(NOW)),
        f"send_refusal {number}/R-1": ("overdue", due, None),
    }


def test_a_former_load_that_a_person_declares_is_history_from_then_on(office: SupervisedOffice) -> None:
    office.live, office.as_history = False, False
    number = office.file("2025-02-10", ROWS, verdict="refused", findings=REFUSED)
    office.refresh()
    declared = NOW + timedelta(days=1)
    marked = history.mark(office.settings, [number], "archive of 2025", OFFICER, declared)
    assert history.mark(office.settings, [number], "again", OFFICER, declared + timedelta(days=1)) == [
        history.Marked(number, marked[0].event, written=False)
    ]
    office.refresh()
    before = office.query("select is_history, history_at, history_by, history_basis from filing")
    assert before == [(True, declared, OFFICER, "decision")]
    assert office.obligations("2027-01-01") == {}
    day_before = clock.local_date(declared).isoformat()
    assert office.obligations(day_before)[f"send_refusal {number}/R-1"][0] == "overdue"
    rebuild(office.settings, NOW)
    assert office.query("select is_history, history_at, history_by, history_basis from filing") == before


def test_an_overruled_refusal_counts_as_accepted_and_both_facts_are_kept(office: SupervisedOffice) -> None:
    office.prices("2025-01-06,BTC,100,KZT")
    number = office.file("2025-02-10", ROWS, verdict="refused", findings=REFUSED)
    after = office.file("2025-02-20", [row("2025-01-06", quantity="3")])
    office.refresh()
    figures = "select quantity, income_kzt from annual_income where role = 'miner'"
    kinds = "select registration_no, kind, replaces, verdict, status from filing order by filing_key"
    assert office.query(kinds)[1] == (after, "refiling", number, "accepted", "accepted")
    office.decide(number, "refusal_overruled", "2025-02-11 09:00", reason="the wallet is in the annex")
    office.refresh()
    assert office.query(kinds) == [
        (number, "new", None, "accepted", "superseded"),
        (after, "correction", number, "accepted", "accepted"),
    ]
    assert office.query("select examined_verdict, overruled_by, overrule_reason from filing where kind = 'new'") == [
        ("refused", OFFICER, "the wallet is in the annex")
    ]
    assert office.query(figures) == [(3, 300)]
    known = "select quantity from annual_income_as_known_on(?::timestamptz) where role = 'miner'"
    assert office.query(known, "2025-02-11 08:59:59+05:00") == []
    assert office.query(known, "2025-02-11 09:00:00+05:00") == [(1,)]
    assert office.obligations("2025-02-12")[f"send_refusal {number}/R-1"][0] == "lifted"
    before = office.query("select * from filing order by all")
    rebuild(office.settings, NOW)
    assert office.query("select * from filing order by all") == before


def test_an_overruled_filing_alone_brings_its_figures(office: SupervisedOffice) -> None:
    number = office.file("2025-02-10", ROWS, verdict="refused", findings=REFUSED)
    office.refresh()
    assert office.query("select * from annual_income") == []
    office.decide(number, "refusal_overruled", "2025-02-11 09:00", reason="complete after all")
    office.refresh()
    assert office.query("select quantity from annual_income where role = 'miner'") == [(1,)]
    assert office.query("select state from filing_calendar where period = '2025-01-01'") == [("on_time",)]
    assert office.query("select count(*) from reconciliation where not holds") == [(0,)]


def test_a_filing_refused_only_when_examined_again_has_the_term_from_then(office: SupervisedOffice) -> None:
    number = office.file("2025-02-10", ROWS)
    office.examine(
        number, ROWS, verdict="refused", findings=REFUSED, examination_no=2, examined_at=moment("2025-03-06 10:00")
    )
    office.refresh()
    # Two working days after Thu 6 March, with Mon 10 March a day off for the 8th: Tue 11 March.
    assert office.obligations("2025-03-07")[f"send_refusal {number}/R-1"] == ("open", date(2025, 3, 11), None)
    assert office.obligations("2025-03-12")[f"send_refusal {number}/R-1"][0] == "overdue"
    office.examine(number, ROWS, examination_no=3, examined_at=moment("2025-03-12 10:00"))
    office.refresh()
    assert office.obligations("2025-03-13")[f"send_refusal {number}/R-1"][0] == "lifted"


def test_a_notice_closes_by_dispatch_return_or_waiver(office: SupervisedOffice) -> None:
    number = office.file("2025-02-10", ROWS, findings=[finding("R-37"), finding("R-48")])
    office.supervise("2025-02-11")
    notice = f"send_notice {number}/N-1"
    due = date(2025, 2, 17)  # five working days after Mon 10 February
    assert office.obligations("2025-02-17")[notice] == ("open", due, None)
    assert office.obligations("2025-02-18")[notice] == ("overdue", due, None)
    over = "select days_over from obligation_due_as_of(?::date, 'infinity'::timestamptz) where kind = 'send_notice'"
    assert office.query(over, "2025-02-20") == [(3,)]
    office.decide(number, "rule_waived", "2025-02-14 09:00", rule_id="R-37", until="2025-02-28", reason="asked")
    office.refresh()
    assert office.obligations("2025-02-18")[notice][0] == "overdue"  # the other fact stands
    office.decide(number, "rule_waived", "2025-02-14 10:00", rule_id="R-48", until="2025-02-25", reason="asked")
    office.refresh()
    assert office.obligations("2025-02-25")[notice][0] == "lifted"
    # The first waiver has ended: five working days from Wed 26 February.
    again = date(2025, 3, 5)
    assert office.obligations("2025-03-05")[notice] == ("open", again, None)
    assert office.obligations("2025-03-06")[notice] == ("overdue", again, None)
    office.decide(number, "dispatched", "2025-03-07 15:00", **sent(f"{number}/N-1", "2025-03-07 14:00"))
    office.refresh()
    assert office.obligations("2025-03-08")[notice] == ("done_late", again, date(2025, 3, 7))
    assert office.query("select days_over, done_by from obligation_due where kind = 'send_notice'") == [(2, OFFICER)]


def test_a_waiver_after_the_term_hides_no_lateness(office: SupervisedOffice) -> None:
    number = office.file("2025-02-10", ROWS, findings=[finding("R-37")])
    office.supervise("2025-02-11")
    notice, due = f"send_notice {number}/N-1", date(2025, 2, 17)
    office.decide(number, "rule_waived", "2025-02-19 09:00", rule_id="R-37", until="2025-02-25", reason="asked")
    office.refresh()
    assert office.obligations("2025-02-25")[notice] == ("lifted", due, None)
    over = "select days_over from obligation_due_as_of(?::date, 'infinity'::timestamptz) where kind = 'send_notice'"
    assert office.query(over, "2025-02-25") == [(2,)]
    assert office.obligations("2025-02-26")[notice] == ("overdue", due, None)
    office.decide(number, "dispatched", "2025-03-07 15:00", **sent(f"{number}/N-1", "2025-02-20 14:00"))
    office.refresh()
    assert office.obligations("2025-03-08")[notice] == ("done_late", due, date(2025, 2, 20))


def test_a_returned_notice_is_lifted(office: SupervisedOffice) -> None:
    number = office.file("2025-02-10", ROWS, findings=[finding("R-37")])
    office.supervise("2025-02-11")
    office.decide(number, "letter_returned", "2025-02-12 09:00", letter_no=f"{number}/N-1", reason="corrected by phone")
    office.refresh()
    assert office.obligations("2025-03-01")[f"send_notice {number}/N-1"][0] == "lifted"


def test_a_question_of_silence_closes_by_a_filing_or_a_decision(office: SupervisedOffice) -> None:
    office.register_of_pools(f"{POOL},ТОО «Пул Алатау»,2025-01-01,2025-01-31")
    office.supervise("2025-02-26", since="2025-02-20")
    question = f"decide_silence {POOL} 2025-01"
    due = date(2025, 3, 5)  # five working days after Wed 26 February
    assert office.obligations("2025-03-05")[question] == ("open", due, None)
    assert office.obligations("2025-03-06")[question] == ("overdue", due, None)
    office.file("2025-03-03", ROWS)
    office.refresh()
    assert office.obligations("2025-03-04")[question][0] == "lifted"
    events.append_to_journal(
        office.settings,
        "silence_explained",
        moment("2025-03-02 10:00"),
        OFFICER,
        {"pool_id": POOL, "period": "2025-01-01", "reason": "repairs"},
    )
    office.refresh()
    assert office.obligations("2025-03-03")[question] == ("done", due, date(2025, 3, 2))
    assert office.query("select silence from filing_calendar where period = '2025-01-01'") == [(None,)]


def test_a_refusal_that_a_re_examination_took_back_too_late_keeps_its_days(office: SupervisedOffice) -> None:
    number = office.file("2025-02-10", ROWS, verdict="refused", findings=REFUSED)
    again = moment("2025-02-17 10:00")
    office.examine(number, ROWS, examination_no=2, examined_at=again)
    office.refresh()
    days = (
        "select state, days_over from obligation_due_as_of(date '2025-03-01', 'infinity') where kind = 'send_refusal'"
    )
    assert office.query(days) == [("lifted", 5)]  # due on 12 February


def test_a_moment_knows_what_happened_at_it_and_nothing_later(office: SupervisedOffice) -> None:
    number = office.file("2025-02-10", ROWS, findings=[finding("R-37")])
    office.supervise("2025-02-11")
    office.decide(number, "letter_returned", "2025-02-12 09:00", letter_no=f"{number}/N-1", reason="by phone")
    office.refresh()

    def notices(at: str) -> list[tuple[Any, ...]]:
        asked = "select state from obligation_due_as_of('2025-02-12', ?::timestamptz) where kind = 'send_notice'"
        return office.query(asked, moment(at))

    (drafted,) = office.query("select drafted_at from notice")[0]
    assert notices("2025-02-12 09:00") == [("lifted",)]
    assert notices("2025-02-12 08:59") == [("open",)]
    asked = "select count(*) from obligation_due_as_of('2025-02-12', ?) where kind = 'send_notice'"
    assert office.query(asked, drafted) == [(1,)]
    assert notices("2025-02-10 12:00") == []
