"""Notices of para 10: what is reported, when it was detected, and that nothing is reported twice."""

from __future__ import annotations

import pytest

from supervision.supervised_office import SupervisedOffice
from warehouse.warehouse_office import OTHER_POOL, POOL, finding, moment, row

ROWS = [row("2025-01-06")]


def test_what_came_today_is_known_tomorrow(office: SupervisedOffice) -> None:
    office.register_of_pools()
    number = office.file("2025-02-10 23:59", ROWS, findings=[finding("R-37")])
    office.supervise("2025-02-10")
    assert office.notices() == []
    office.supervise("2025-02-11")
    # Detected by the examination of the 10th: the 5 working days run from there.
    assert office.notices() == [(f"{number}/N-1", "2025-02-11", ["unreliable"], [f"{number} R-37"], "2025-02-10")]


def test_history_is_detected_by_the_run(office: SupervisedOffice) -> None:
    office.live = False
    number = office.file("2025-02-10", ROWS, findings=[finding("R-37")])
    office.supervise("2025-02-20")
    assert office.notices() == [(f"{number}/N-1", "2025-02-20", ["unreliable"], [f"{number} R-37"], "2025-02-20")]


def test_nothing_is_noticed_twice(office: SupervisedOffice) -> None:
    office.file("2025-02-10", ROWS, findings=[finding("R-37"), finding("R-48")])
    office.supervise("2025-02-11")
    office.supervise("2025-02-11")
    office.supervise("2025-03-20", since="2025-02-01")
    assert [(letter, facts) for letter, _, _, facts, _ in office.notices()] == [
        ("2025-000001/N-1", ["2025-000001 R-37", "2025-000001 R-48"])
    ]


def test_a_warning_and_a_refused_filing_cause_no_notice(office: SupervisedOffice) -> None:
    office.file("2025-02-10", ROWS, findings=[finding("R-62") | {"severity": "warning"}])
    refused = [finding("C-45", lane="completeness"), finding("R-37")]
    office.file("2025-02-11", ROWS, pool=OTHER_POOL, verdict="refused", findings=refused)
    office.supervise("2025-02-12")
    assert office.notices() == []


def test_one_notice_tells_all_facts_of_a_pool_and_period(office: SupervisedOffice) -> None:
    late = office.file("2025-03-03", ROWS, findings=[finding("R-37")])
    office.file("2025-02-10", [row("2025-01-06", taxpayer="990140004654")], pool=OTHER_POOL, findings=[finding("R-48")])
    office.supervise("2025-03-04")
    assert [(letter, reasons, facts) for letter, _, reasons, facts, _ in office.notices()] == [
        (f"{late}/N-1", ["late", "unreliable"], [f"{late} R-37", f"{late} R-70 2025-01"]),
        ("2025-000002/N-1", ["unreliable"], ["2025-000002 R-48"]),
    ]


def test_a_fact_that_comes_later_gets_the_next_notice(office: SupervisedOffice) -> None:
    number = office.file("2025-02-10", ROWS, findings=[finding("R-37")])
    office.supervise("2025-02-11")
    again = [finding("R-37"), finding("R-46")]
    office.examine(number, ROWS, findings=again, examination_no=2)
    office.supervise("2025-02-20")
    assert [(letter, facts) for letter, _, _, facts, _ in office.notices()] == [
        (f"{number}/N-1", [f"{number} R-37"]),
        (f"{number}/N-2", [f"{number} R-46"]),
    ]


def test_lateness_is_of_the_filing_or_of_the_correction(office: SupervisedOffice) -> None:
    office.file("2025-02-25", ROWS)  # the last day
    # Ten working days after Mon 3 March, with Mon 10 March a day off for the 8th: Tue 18 March.
    office.file("2025-03-19", ROWS, change_date="2025-03-03")
    office.file("2025-02-26", ROWS, pool=OTHER_POOL)
    office.supervise("2025-03-20", since="2025-02-20")
    assert [(letter, day, reasons) for letter, day, reasons, _, _ in office.notices()] == [
        ("2025-000003/N-1", "2025-02-27", ["late"]),
        ("2025-000002/N-1", "2025-03-20", ["late"]),
    ]


def test_a_waiver_sets_a_rule_aside_until_its_day(office: SupervisedOffice) -> None:
    number = office.file("2025-02-10", ROWS, findings=[finding("R-37")])
    for at, until in (("11:00", "2025-02-14"), ("12:00", "2025-02-20"), ("13:00", "2025-02-17")):
        office.decide(number, "rule_waived", f"2025-02-10 {at}", rule_id="R-37", until=until, reason="asked")
    office.supervise("2025-02-20", since="2025-02-11")
    assert office.notices() == []
    office.supervise("2025-02-21")
    assert office.notices() == [(f"{number}/N-1", "2025-02-21", ["unreliable"], [f"{number} R-37"], "2025-02-21")]


def refusal_sent(office: SupervisedOffice, number: str, sent_at: str) -> None:
    letter = {"letter_no": f"{number}/R-1", "letter_kind": "refusal", "channel": "post", "proof": "RR1"}
    office.decide(number, "dispatched", sent_at, sent_at=moment(sent_at).isoformat(), recipients=[], **letter)


def test_refused_and_not_filed_again(office: SupervisedOffice) -> None:
    refused = [finding("C-45", lane="completeness")]
    number = office.file("2025-02-14", ROWS, verdict="refused", findings=refused)
    office.file("2025-02-14", ROWS, pool=OTHER_POOL, verdict="refused", findings=refused)
    office.file("2025-02-24", ROWS, pool=OTHER_POOL)
    office.supervise("2025-03-20", since="2025-02-18")
    assert office.notices() == []  # the pool was never sent the refusal
    refusal_sent(office, number, "2025-02-17 10:00")
    # Ten working days after Mon 17 February: Mon 3 March.
    office.supervise("2025-03-03", since="2025-02-18")
    assert office.notices() == []
    office.supervise("2025-03-04")
    assert [(letter, reasons, facts) for letter, _, reasons, facts, _ in office.notices()] == [
        (f"{number}/N-1", ["incomplete"], [f"{number} not_refiled"])
    ]


def test_a_correction_refused_and_not_filed_again(office: SupervisedOffice) -> None:
    office.file("2025-02-17", ROWS)
    refused = [finding("C-45", lane="completeness")]
    number = office.file("2025-02-28", ROWS, verdict="refused", findings=refused)
    refusal_sent(office, number, "2025-03-03 10:00")
    # Ten working days after Mon 3 March, with Mon 10 March a day off: Tue 18 March.
    office.supervise("2025-03-18", since="2025-03-04")
    assert office.notices() == []
    office.supervise("2025-03-19")
    assert [(letter, reasons) for letter, _, reasons, _, _ in office.notices()] == [(f"{number}/N-1", ["incomplete"])]


def test_history_has_no_dispatch_on_record_and_is_reported_from_its_arrival(office: SupervisedOffice) -> None:
    office.live = False
    refused = [finding("C-45", lane="completeness")]
    number = office.file("2025-02-17", ROWS, verdict="refused", findings=refused)
    office.supervise("2025-03-04", since="2025-02-18")
    assert [(letter, day) for letter, day, _, _, _ in office.notices()] == [(f"{number}/N-1", "2025-03-04")]


def test_lateness_that_history_disproves_is_withdrawn(office: SupervisedOffice) -> None:
    late = office.file("2025-05-20", ROWS)
    office.supervise("2025-05-21")
    assert [reasons for _, _, reasons, _, _ in office.notices()] == [["late"]]
    office.live = False
    office.file("2025-02-10", ROWS)  # taken in now: the first one was a correction
    office.supervise("2025-05-22")
    assert office.query("select kind, days_late from filing where registration_no = ?", late) == [("correction", None)]
    assert office.obligations("2025-05-30")[f"send_notice {late}/N-1"][0] == "lifted"


def test_a_notice_that_has_nothing_left_to_tell_is_withdrawn_unless_it_was_sent(office: SupervisedOffice) -> None:
    months = "2025-01-01,2025-01-31"
    office.register_of_pools(f"{POOL},ТОО «Пул Алатау»,{months}", f"{OTHER_POOL},ТОО «Пул Алатау»,{months}")
    office.decide_silence("silence_confirmed", "2025-02-27 11:00", "2025-01-01")
    late = office.file("2025-02-26", ROWS, pool=OTHER_POOL, findings=[finding("R-37")])
    office.supervise("2025-02-28", since="2025-02-26")
    lifted = "select letter_no from obligation_due where state = 'lifted' and kind = 'send_notice'"
    assert office.query(lifted) == []
    office.decide_silence("silence_explained", "2025-03-03 11:00", "2025-01-01")
    office.file("2025-03-03", ROWS, pool=OTHER_POOL)  # the correction is clean, yet the first filing was late
    office.supervise("2025-03-04")
    assert office.query(lifted) == [(f"{POOL}-2025-01/N-1",)]
    assert [letter for letter, _, _, _, _ in office.notices()] == [f"{late}/N-1", f"{POOL}-2025-01/N-1"]
    office.decide_silence("silence_confirmed", "2025-03-05 11:00", "2025-01-01")
    office.supervise("2025-03-06")  # the ground is back: a new notice
    assert f"{POOL}-2025-01/N-2" in [letter for letter, _, _, _, _ in office.notices()]
    assert office.query(lifted) == [(f"{POOL}-2025-01/N-1",)]
    office.supervise("2025-03-20", since="2025-02-26")
    assert len(office.notices()) == 3


@pytest.mark.parametrize(("decision", "noticed"), [("silence_confirmed", True), ("silence_explained", False)])
def test_silence_is_a_question_until_a_person_decides(office: SupervisedOffice, decision: str, noticed: bool) -> None:
    office.register_of_pools(f"{POOL},ТОО «Пул Алатау»,2025-01-01,2025-01-31")
    office.supervise("2025-02-26", since="2025-02-01")
    assert office.notices() == []
    assert office.obligations("2025-02-27")[f"decide_silence {POOL} 2025-01"][0] == "open"
    office.decide_silence(decision, "2025-03-03 11:00", "2025-01-01")
    office.supervise("2025-03-04")
    state = office.query("select state from filing_calendar where period = '2025-01-01'")
    assert state == [("not_filed" if noticed else "not_due",)]
    expected = [(f"{POOL}-2025-01/N-1", "2025-03-04", ["not_filed"], [f"not_filed {POOL} 2025-01"], "2025-03-04")]
    assert office.notices() == (expected if noticed else [])
    assert office.obligations("2025-03-04")[f"decide_silence {POOL} 2025-01"][0] == "done"


def test_rows_of_other_filings_show_that_a_silent_month_was_not_filed(office: SupervisedOffice) -> None:
    office.register_of_pools(f"{POOL},ТОО «Пул Алатау»,2025-01-01,2025-02-28")
    office.file("2025-03-10", [row("2025-02-06"), row("2025-01-31")], period="2025-02-01")
    office.supervise("2025-03-11", since="2025-02-20")
    reported = office.query("select period::varchar, state, silence from filing_calendar order by period")
    assert reported == [("2025-01-01", "not_filed", "shown_elsewhere"), ("2025-02-01", "on_time", None)]
    assert [reasons for _, _, reasons, _, _ in office.notices()] == [["not_filed"]]


def test_no_month_before_the_order_is_silent(office: SupervisedOffice) -> None:
    office.register_of_pools(f"{POOL},ТОО «Пул Алатау»,2020-01-01,2023-06-30")
    office.supervise("2023-09-01")
    reported = office.query("select period::varchar, state from filing_calendar order by period")
    assert reported == [("2023-05-01", "silent"), ("2023-06-01", "silent")]
