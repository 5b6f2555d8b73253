"""Whether a decision can be recorded, said before a run is started: the same facts that `office.decisions` checks.

Each check gives the fault in the reader's language, or None. The run checks again, so nothing depends on these.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from esep import clock
from esep.examination.model import Lane
from esep.law import calendar
from esep.law.identifiers import is_bin
from esep.office import archive, confirmations, dispatches, events
from esep.office.archive import ArchiveError
from esep.office.decisions import REFUSAL_OVERRULED, DecisionError
from esep.texts.numbers import day, moment
from esep.web.rendering import Asked

LONGEST = 2000
"""Characters of a reason."""


def reason_fault(asked: Asked, reason: str) -> str | None:
    if not reason.strip():
        return asked.text("decide.fault_no_reason")
    if len(reason) > LONGEST:
        return asked.text("decide.fault_long_reason", limit=LONGEST)
    return None


def overrule_fault(asked: Asked, number: str) -> str | None:
    """Only a refusal that nobody overruled can be overruled."""
    try:
        filing = archive.entry(asked.settings, number)
        verdict = (filing.verdict or {}).get("verdict")
        overruled = events.read(filing.folder, REFUSAL_OVERRULED)
    except ArchiveError as error:
        return asked.text("decide.fault_archive", words=error)
    if verdict != "refused":
        return asked.text("decide.fault_not_refused")
    if overruled:
        decided = overruled[0]
        return asked.text("decide.fault_overruled", name=decided.author, moment=moment(decided.at, asked.language))
    return None


def waiver_fault(asked: Asked, rule_id: str, until: str, lanes: Mapping[str, str]) -> str | None:
    """`lanes`: lane of each rule with findings in the filing; one that is not among them cannot be set aside."""
    if rule_id not in lanes:
        return asked.text("decide.fault_rule", rule=rule_id or "–")
    if lanes[rule_id] != Lane.RELIABILITY:
        return asked.text("decide.fault_lane", rule=rule_id)
    try:
        last = date.fromisoformat(until)
    except ValueError:
        return asked.text("decide.fault_day")
    if last < clock.local_date(clock.now()):
        return asked.text("decide.fault_past", day=day(last, asked.language))
    return None


def dispatch_fault(asked: Asked, letter_no: str, channel: str, proof: str, sent_at: datetime | None) -> str | None:
    """A letter of the outbox, a channel of an officer, a proof, and a moment between the letter's date and now."""
    try:
        letter = dispatches.letter_of(asked.settings, letter_no)
    except DecisionError:
        return asked.text("decide.fault_letter", letter=letter_no or "–")
    if channel not in dispatches.BY_HAND:
        return asked.text("decide.fault_channel")
    if not proof.strip():
        return asked.text("decide.fault_no_proof")
    now = clock.now()
    sent = sent_at or now
    if sent > now:
        return asked.text("decide.fault_future", moment=moment(sent, asked.language))
    if clock.local_date(sent) < letter.dated:
        return asked.text("decide.fault_before_letter", day=day(letter.dated, asked.language))
    return None


def confirmation_fault(asked: Asked, table: str, key: str, confirmed_on: str, document: str) -> str | None:
    """A row that is there, a day that has come, a document."""
    if not any((row.table, row.key) == (table, key) for row in confirmations.law_rows(asked.settings)):
        return asked.text("decide.fault_row", table=table or "–", row=key or "–")
    try:
        on = date.fromisoformat(confirmed_on)
    except ValueError:
        return asked.text("decide.fault_day")
    if on > clock.local_date(clock.now()):
        return asked.text("decide.fault_confirmed_on", day=day(on, asked.language))
    return None if document.strip() else asked.text("decide.fault_no_document")


def silence_fault(asked: Asked, pool_id: str, period: date, filed: bool) -> str | None:
    """A month that is over, of a pool that filed nothing for it; `filed` by the warehouse."""
    today = clock.local_date(clock.now())
    if not is_bin(pool_id):
        return asked.text("decide.fault_bin")
    if period < calendar.FIRST_PERIOD:
        return asked.text("decide.fault_first_month", day=day(calendar.FIRST_PERIOD, asked.language))
    if (today.year, today.month) <= (period.year, period.month):
        return asked.text("decide.fault_month")
    if filed:
        return asked.text("decide.fault_filed")
    return None
