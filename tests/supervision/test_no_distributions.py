"""A pool's voluntary message that it distributed nothing in a month, in the calendar and among the duties."""

from __future__ import annotations

import pytest

from esep.office import events
from esep.supervision.knowledge import REMINDER, SILENCE
from supervision.supervised_office import SupervisedOffice
from warehouse.warehouse_office import POOL, day, moment, row


def report(office: SupervisedOffice, when: str, period: str = "2025-03-01", doubt: str | None = None) -> None:
    data = {
        "message_id": f"{len(list(office.settings.journal.glob('*.json'))):016x}",
        "pool_id": POOL,
        "period": period,
        "received_at": moment(when).isoformat(),
        "signature": "absent" if doubt else "verified_chain_not_checked",
        "doubt": doubt,
    }
    events.append_to_journal(office.settings, "no_distributions_reported", moment(when), "esep.office", data)


def month(office: SupervisedOffice, as_of: str, period: str = "2025-03-01") -> tuple[str, str | None, str | None]:
    """State, silence and what the messages say, as of the morning of a day."""
    ((*found,),) = office.query(
        "select state, silence, no_distributions from filing_calendar_as_of"
        "(?::date, (?::date::timestamp at time zone 'Asia/Almaty') - interval 1 microsecond)"
        " where pool_id = ? and period = ?::date",
        as_of,
        as_of,
        POOL,
        period,
    )
    return tuple(found)  # type: ignore[return-value]


@pytest.fixture
def silent(office: SupervisedOffice) -> SupervisedOffice:
    """A pool that filed for February 2025 and not for March, which was due on 25 April."""
    office.register_of_pools(f"{POOL},ТОО «Пул Алатау»,2025-02-01,")
    office.file("2025-03-10 10:00", [row("2025-02-03")], period="2025-02-01")
    return office


def test_a_message_before_the_due_day_keeps_the_question_away(silent: SupervisedOffice) -> None:
    report(silent, "2025-04-10 09:00")
    silent.supervise("2025-05-05", since="2025-04-01")
    assert month(silent, "2025-04-11") == ("not_due", None, "reported")
    assert month(silent, "2025-05-05") == ("not_due", "reported_none", "reported")
    for kind in (SILENCE, REMINDER):
        assert [one.data["period"] for one in events.read_journal(silent.settings, kind)].count("2025-03-01") == 0


def test_a_message_lifts_the_question_that_stands(silent: SupervisedOffice) -> None:
    silent.supervise("2025-04-28", since="2025-04-26")
    question = f"decide_silence {POOL} 2025-03"
    assert silent.obligations("2025-04-29")[question][0] == "open"
    report(silent, "2025-04-29 09:00")
    silent.supervise("2025-04-30")
    assert month(silent, "2025-04-29") == ("silent", None, None)
    assert month(silent, "2025-04-30") == ("not_due", "reported_none", "reported")
    assert silent.obligations("2025-04-29")[question][0] == "open"
    assert silent.obligations("2025-04-30")[question][0] == "lifted"


@pytest.mark.parametrize("doubt", ["not_signed", "signed_by_another", "month_not_over"])
def test_a_message_in_doubt_leaves_the_question(silent: SupervisedOffice, doubt: str) -> None:
    report(silent, "2025-04-10 09:00", doubt=doubt)
    silent.supervise("2025-04-28", since="2025-04-26")
    assert month(silent, "2025-04-28") == ("silent", None, "doubted")
    assert silent.obligations("2025-04-29")[f"decide_silence {POOL} 2025-03"][0] == "open"
    report(silent, "2025-04-29 09:00")
    silent.supervise("2025-04-30")
    assert month(silent, "2025-04-30") == ("not_due", "reported_none", "reported")


def test_rows_in_another_filing_contradict_the_message(silent: SupervisedOffice) -> None:
    silent.supervise("2025-04-28", since="2025-04-26")
    report(silent, "2025-04-29 09:00")
    silent.supervise("2025-04-30")
    silent.file("2025-05-12 10:00", [row("2025-03-30"), row("2025-04-02")], period="2025-04-01")
    silent.supervise("2025-05-13")
    assert month(silent, "2025-05-13") == ("not_filed", "shown_elsewhere", "contradicted")
    assert silent.obligations("2025-05-13")[f"decide_silence {POOL} 2025-03"][0] == "overdue"
    assert [(reasons, facts) for _, _, reasons, facts, _ in silent.notices()] == [
        (["not_filed"], [f"not_filed {POOL} 2025-03"])
    ]


def test_an_officer_s_decision_stands_above_the_message(silent: SupervisedOffice) -> None:
    report(silent, "2025-04-10 09:00")
    silent.decide_silence("silence_confirmed", "2025-04-28 09:00", "2025-03-01")
    silent.supervise("2025-04-29")
    assert month(silent, "2025-04-29") == ("not_filed", "confirmed", "contradicted")


def test_a_filing_of_the_month_goes_before_the_message(silent: SupervisedOffice) -> None:
    report(silent, "2025-04-10 09:00")
    silent.file("2025-04-20 10:00", [row("2025-03-03")], period="2025-03-01")
    silent.refresh()
    assert month(silent, "2025-05-01") == ("on_time", None, "contradicted")
    assert day("2025-03-01") not in silent.query("select period from filing_calendar where state = 'silent'")
