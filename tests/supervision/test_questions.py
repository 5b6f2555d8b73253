"""Questions that rules raise (para 10): when they arise and lapse, and what an answer does to the notices."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from esep.examination import answering
from esep.examination.standing import NotStandingError
from esep.orchestration import questions as steps
from esep.supervision import daily
from supervision.supervised_office import OFFICER, SupervisedOffice
from warehouse.warehouse_office import OTHER_POOL, POOL, finding, moment, row

ROWS = [row("2025-01-06")]
REFUSED = [finding("C-45", lane="completeness")]
REPEATED = [finding("R-64") | {"severity": "warning"}]
Asked = tuple[date, date, str, str | None]


def filed_again_late(office: SupervisedOffice, pool: str = POOL) -> str:
    """Refused in time, filed again on Monday 3 March: six days after the due day, 25 February."""
    office.file("2025-02-20", ROWS, pool=pool, verdict="refused", findings=REFUSED)
    return office.file("2025-03-03", ROWS, pool=pool)


def total_on_each_sheet(office: SupervisedOffice) -> str:
    """One reward on all rows of a sheet, another on the next (R-78)."""
    quantities = (("1", "1", "0.1"), ("1", "2", "0.1"), ("2", "3", "0.2"), ("2", "4", "0.2"))
    rows = [row("2025-01-06", quantity=q, reward=reward) | {"sheet": sheet} for sheet, q, reward in quantities]
    return office.file("2025-02-10", rows)


def asked(office: SupervisedOffice, as_of: str, question: str) -> Asked | None:
    """Day it arose, due day, state and answer, as a day sees it by what was known when it began; None if not asked."""
    known = "(?::date::timestamp at time zone 'Asia/Almaty') - interval 1 microsecond"
    found = office.query(
        f"select arose_on, due_on, state, answer from question_as_of(?::date, {known}) where question = ?",
        *(as_of, as_of, question),
    )
    return found[0] if found else None


def answer(office: SupervisedOffice, question: str, chosen: str, when: str) -> None:
    answering.answer(office.settings, question, chosen, "looked at", OFFICER, moment(when))


def test_filed_again_after_the_due_day_is_a_question_with_the_days_of_a_notice(office: SupervisedOffice) -> None:
    office.register_of_pools()
    number = filed_again_late(office)
    question = f"refiled_late/{number}"
    office.supervise("2025-03-04")
    assert asked(office, "2025-03-04", question) is None, "what a run finds is known on the next day"
    # Working days after Tuesday 4 March: 5, 6, 7, 11 (the 10th is a day off for the 8th), 12.
    arose, due = date(2025, 3, 4), date(2025, 3, 12)
    assert asked(office, "2025-03-12", question) == (arose, due, "open", None)
    assert asked(office, "2025-03-13", question) == (arose, due, "overdue", None)
    assert office.notices() == [], "nobody has said that it was not in time"


def test_found_not_in_time_is_stated_in_a_notice_with_days_from_the_answer(office: SupervisedOffice) -> None:
    number = filed_again_late(office)
    office.supervise("2025-03-04")
    answer(office, f"refiled_late/{number}", "late", "2025-03-05 11:00")
    office.supervise("2025-03-05")
    assert office.notices() == []
    office.supervise("2025-03-06")
    key = f"{number} R-80 2025-01"
    assert office.notices() == [(f"{number}/N-1", "2025-03-06", ["late"], [key], "2025-03-05")]
    # 6, 7, 11, 12, 13 March.
    notice = office.obligations("2025-03-07")[f"send_notice {number}/N-1"]
    assert notice == ("open", date(2025, 3, 13), None)
    [letter] = daily.letters(office.settings)
    status = json.loads((letter.folder / "status-N-1.json").read_text(encoding="utf-8"))
    [fact] = status["facts"]
    assert (fact["reason"], fact["registration_no"], fact["detected_on"]) == ("late", number, "2025-03-05")
    assert (fact["missed_term"]["ends_on"], fact["days_late"]) == ("2025-02-25", 6)
    assert status["term"]["ends_on"] == "2025-03-13"
    office.supervise("2025-03-20", since="2025-03-04")
    assert len(office.notices()) == 1


def test_found_in_time_is_in_no_notice_and_the_first_answer_counts(office: SupervisedOffice) -> None:
    number = filed_again_late(office)
    question = f"refiled_late/{number}"
    office.supervise("2025-03-04")
    answer(office, question, "in_time", "2025-03-05 11:00")
    answer(office, question, "in_time", "2025-03-05 11:00")
    with pytest.raises(NotStandingError, match=f"{OFFICER} answered at 2025-03-05 11:00: in_time .* no longer stands"):
        answer(office, question, "late", "2025-03-06 11:00")
    office.supervise("2025-03-20", since="2025-03-05")
    assert office.notices() == []
    assert asked(office, "2025-03-20", question) == (date(2025, 3, 4), date(2025, 3, 12), "answered", "in_time")
    assert office.obligations("2025-03-20")[f"decide_refiled_late {number}"] == (
        "done",
        date(2025, 3, 12),
        date(2025, 3, 5),
    )


def test_a_filing_that_was_replaced_is_asked_about_no_longer(office: SupervisedOffice) -> None:
    number = filed_again_late(office)
    office.supervise("2025-03-04")
    later = office.file("2025-03-06", ROWS)
    office.supervise("2025-03-07")
    assert asked(office, "2025-03-07", f"refiled_late/{number}") == (
        date(2025, 3, 4),
        date(2025, 3, 12),
        "lifted",
        None,
    )
    with pytest.raises(NotStandingError, match=f"{later} took its place"):
        answer(office, f"refiled_late/{number}", "late", "2025-03-07 11:00")


def test_a_total_on_all_rows_found_to_be_one_is_stated(office: SupervisedOffice) -> None:
    number = office.file("2025-02-10", ROWS, findings=REPEATED)
    other = office.file("2025-02-10", ROWS, pool=OTHER_POOL, findings=REPEATED)
    office.supervise("2025-02-11")
    asked_on = (date(2025, 2, 10), date(2025, 2, 17))
    assert asked(office, "2025-02-11", f"repeated_total/{number}") == (*asked_on, "open", None)
    answer(office, f"repeated_total/{number}", "unreliable", "2025-02-12 10:00")
    answer(office, f"repeated_total/{other}", "correct", "2025-02-12 10:00")
    office.supervise("2025-03-01", since="2025-02-12")
    assert office.notices() == [(f"{number}/N-1", "2025-02-13", ["unreliable"], [f"{number} R-64"], "2025-02-12")]


def test_a_total_on_each_sheet_found_to_be_one_is_stated(office: SupervisedOffice) -> None:
    number = total_on_each_sheet(office)
    office.supervise("2025-02-11")
    # Found by the run of the 11th: 12, 13, 14, 17, 18 February.
    question = f"repeated_total/{number}"
    assert asked(office, "2025-02-12", question) == (date(2025, 2, 11), date(2025, 2, 18), "open", None)
    answer(office, question, "unreliable", "2025-02-12 10:00")
    office.supervise("2025-02-13")
    [(letter, dated, reasons, facts, detected_on)] = office.notices()
    assert (letter, dated, reasons, detected_on) == (f"{number}/N-1", "2025-02-13", ["unreliable"], "2025-02-12")
    assert all(fact.startswith(f"{number} R-78 ") for fact in facts)
    [written] = daily.letters(office.settings)
    assert written.letter_no == letter


def test_a_question_that_no_rule_raises_is_refused(office: SupervisedOffice) -> None:
    number = office.file("2025-02-10", ROWS)
    refused = office.file("2025-02-10", ROWS, pool=OTHER_POOL, verdict="refused", findings=[*REFUSED, *REPEATED])
    with pytest.raises(NotStandingError, match="no finding of R-80"):
        answer(office, f"refiled_late/{number}", "late", "2025-02-11 10:00")
    with pytest.raises(NotStandingError, match="the filing is refused"):
        answer(office, f"repeated_total/{refused}", "correct", "2025-02-11 10:00")


def test_silence_is_answered_once_and_changed_only_as_a_decision(office: SupervisedOffice) -> None:
    office.register_of_pools(f"{POOL},ТОО «Пул Алатау»,2025-01-01,2025-01-31")
    question = f"silence/{POOL}-2025-01"
    with pytest.raises(NotStandingError, match="no run of supervision found the month silent"):
        answer(office, question, "not_filed", "2025-02-26 10:00")
    office.supervise("2025-02-26")
    for _ in range(2):
        answer(office, question, "no_distributions", "2025-02-27 10:00")
    with pytest.raises(NotStandingError, match="To change it: bin/esep decide silence"):
        answer(office, question, "not_filed", "2025-02-28 10:00")
    office.supervise("2025-02-28")
    assert asked(office, "2025-02-28", question) == (
        date(2025, 2, 26),
        date(2025, 3, 5),
        "answered",
        "no_distributions",
    )


def test_the_step_in_airflow_says_what_is_asked_about_a_month_and_a_late_refiling(office: SupervisedOffice) -> None:
    office.register_of_pools(f"{OTHER_POOL},ТОО «Пул Тобыл»,2025-01-01,2025-01-31")
    refiled, silence = f"refiled_late/{filed_again_late(office)}", f"silence/{OTHER_POOL}-2025-01"
    office.supervise("2025-03-04", since="2025-02-26")
    today = date(2025, 3, 4)
    assert sorted(steps.open_questions(office.settings, today)) == [refiled, silence]
    month, filing = (steps.request(office.settings, name, today) for name in (silence, refiled))
    assert [option.partition(":")[0] for option in month["options"]] == ["not_filed", "no_distributions"]
    assert f"(/esep/silence/{OTHER_POOL}/2025-01)" in month["body"]
    assert "12.03.2025: 1) 05.03.2025, 2) 06.03.2025, 3) 07.03.2025, 4) 11.03.2025, 5) 12.03.2025" in filing["body"]
    assert "- R-80: " in filing["body"]
    office.file("2025-03-05", ROWS, pool=OTHER_POOL)
    with pytest.raises(NotStandingError, match="the pool did file"):
        steps.require_open(office.settings, silence, 0, today)


def test_a_replay_with_answers_is_the_same_as_daily_runs(office: SupervisedOffice, tmp_path: Path) -> None:
    late, in_time = filed_again_late(office), filed_again_late(office, OTHER_POOL)
    for number, chosen in ((late, "late"), (in_time, "in_time")):
        data = {"question": "refiled_late", "answer": chosen, "reason": "looked at"}
        office.decide(number, "question_answered", "2025-03-06 11:00", **data)
    office.refresh()
    copy = SupervisedOffice(type(office.settings)(home=tmp_path / "copy"))
    shutil.copytree(office.settings.home, copy.settings.home)
    first, last = date(2025, 3, 3), date(2025, 3, 10)
    for number in range((last - first).days + 1):
        daily.supervise(office.settings, first + timedelta(days=number))
    daily.supervise(copy.settings, last, first)
    assert office.recorded() == copy.recorded()
    assert [(letter, dated) for letter, dated, *_ in office.notices()] == [(f"{late}/N-1", "2025-03-07")]
