"""Letters that were approved by page or command, for `dispatch_queue`: they leave as those approved in Airflow do."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from esep import clock
from esep.config import Settings
from esep.office import dispatches
from esep.office.archive import ArchiveError
from esep.office.dispatches import LETTER_APPROVED, OutgoingLetter
from esep.office.events import Event
from esep.office.letter_state import decision, hindrance
from esep.orchestration.dispatch import QUEUE_DAYS, about, addresses, run_of

log = logging.getLogger(__name__)


def run_of_approved(letter: OutgoingLetter, approval: Event) -> dict[str, Any]:
    """The same of a letter that was approved by page or command: one run an approval."""
    run = run_of(letter)
    return run | {"trigger_run_id": f"{run['trigger_run_id']}__{approval.at:%Y%m%dT%H%M%S%z}"}


def approved_to_send(settings: Settings, now: datetime) -> list[tuple[OutgoingLetter, Event]]:
    """Letters, with their approval, that were approved within QUEUE_DAYS, may leave, and whose pool has an address.

    Looked for among the letters of these days, and those that the published warehouse has as approved.
    """
    since = now - timedelta(days=QUEUE_DAYS)
    found = {letter.letter_no: letter for letter in dispatches.written_since(settings, since)[0]}
    ready, journal = [], dispatches.journal_once(settings)
    for letter_no in [*found, *(number for number in _approved_numbers(settings, now) if number not in found)]:
        try:
            letter = found.get(letter_no) or dispatches.letter(settings, letter_no)
            last = decision(settings, letter, journal)
            if (
                last is None
                or last.kind != LETTER_APPROVED
                or last.at < since
                or hindrance(settings, letter, now, journal)
            ):
                continue
            if addresses(settings, letter, clock.local_date(now)):
                ready.append((letter, last))
        except ArchiveError as error:  # the others are not held up
            with about(letter_no):
                log.error("%s, which is approved, cannot be sent: %s", letter_no, error)
    log.info("%d letters are approved, not sent, and have an address", len(ready))
    return ready


def _approved_numbers(settings: Settings, now: datetime) -> list[str]:
    from esep.answers import WarehouseError, open_warehouse
    from esep.answers.letters import approved_on

    try:
        with open_warehouse(settings) as connection:
            return [row.letter_no for row in approved_on(connection, clock.local_date(now))]
    except WarehouseError as error:
        log.info("%s", error)
        return []
