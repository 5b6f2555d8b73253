"""approved_letter: what an officer approved and nobody sent (paras 8 and 10)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from esep.office import events
from supervision.supervised_office import OFFICER, SupervisedOffice
from warehouse.warehouse_office import POOL, finding, moment, row

ROWS = [row("2025-01-06")]
REFUSED = [finding("C-45", lane="completeness")]
LATER = "infinity"


def approved(office: SupervisedOffice, today: str, known_on: str = LATER) -> list[tuple[Any, ...]]:
    office.refresh()
    asked = "select letter_no, letter_kind, approved_by, due_on, state from approved_letter_as_of(?::date, ?)"
    return office.query(f"{asked} order by letter_no", today, known_on)


@pytest.fixture
def refusal(office: SupervisedOffice) -> str:
    """Of Monday 10 February: to be sent by Wednesday the 12th; approved on the 11th."""
    number = office.file("2025-02-10", ROWS, verdict="refused", findings=REFUSED)
    office.decide(number, "letter_approved", "2025-02-11 09:00", letter_no=f"{number}/R-1", reason="checked")
    return number


def test_an_approval_alone_meets_no_duty(office: SupervisedOffice, refusal: str) -> None:
    due = date(2025, 2, 12)
    row_of = (f"{refusal}/R-1", "refusal", OFFICER, due)
    assert approved(office, "2025-02-12") == [(*row_of, "open")]
    assert approved(office, "2025-02-13") == [(*row_of, "overdue")]
    assert office.obligations("2025-02-13")[f"send_refusal {refusal}/R-1"] == ("overdue", due, None)
    assert approved(office, "2025-02-12", moment("2025-02-11 08:59").isoformat()) == []
    assert office.query("select count(*) from approved_letter") == [(1,)]


CLOSING: list[tuple[str, dict[str, Any]]] = [
    ("letter_returned", {"letter_no": "{}/R-1", "reason": "wrong cell"}),
    ("refusal_overruled", {"reason": "signed after all"}),
    (
        "dispatched",
        {"letter_no": "{}/R-1", "letter_kind": "refusal", "channel": "post", "sent_at": "2025-02-11T12:00:00+05:00"},
    ),
]


@pytest.mark.parametrize(("kind", "data"), CLOSING, ids=[kind for kind, _ in CLOSING])
def test_what_is_sent_returned_or_overruled_is_approved_no_longer(
    office: SupervisedOffice, refusal: str, kind: str, data: dict[str, Any]
) -> None:
    office.decide(refusal, kind, "2025-02-11 12:00", **{name: word.format(refusal) for name, word in data.items()})
    assert approved(office, "2025-02-12") == []


def test_a_letter_returned_and_then_approved_is_to_be_sent(office: SupervisedOffice, refusal: str) -> None:
    of_letter = {"letter_no": f"{refusal}/R-1", "reason": "second look"}
    office.decide(refusal, "letter_returned", "2025-02-11 10:00", **of_letter)
    office.decide(refusal, "letter_approved", "2025-02-11 11:00", **of_letter)
    assert [row[0] for row in approved(office, "2025-02-12")] == [f"{refusal}/R-1"]


def test_a_letter_without_a_term_has_none(office: SupervisedOffice) -> None:
    """A reminder about a silent month; a refusal of history, which has no duty either."""
    data = {"letter_no": f"{POOL}-2025-01/M-1", "pool_id": POOL, "period": "2025-01-01", "reason": "checked"}
    events.append_to_journal(office.settings, "letter_approved", moment("2025-03-01 10:00"), OFFICER, data)
    number = office.file("2025-02-10", ROWS, verdict="refused", findings=REFUSED)
    office.decide(number, "loaded_as_history", "2025-02-10 10:00", basis="command")
    office.decide(number, "letter_approved", "2025-03-01 11:00", letter_no=f"{number}/R-1", reason="checked")
    assert approved(office, "2025-03-02") == [
        (f"{number}/R-1", "refusal", OFFICER, None, None),
        (f"{POOL}-2025-01/M-1", "reminder", OFFICER, None, None),
    ]
    pools = office.query("select pool_id, period from approved_letter")
    assert set(pools) == {(POOL, date(2025, 1, 1))}
