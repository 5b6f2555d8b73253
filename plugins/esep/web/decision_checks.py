"""Whether a decision can be recorded, told before a run is started: the same facts that `office.decisions` checks.

Each check gives the fault in the reader's language, or None. The run checks again, so nothing depends on these.
"""

from __future__ import annotations

from datetime import date, datetime

from esep import clock
from esep.config import Settings
from esep.examination.model import Lane
from esep.law import calendar
from esep.law.identifiers import is_bin
from esep.office import archive, dispatches, events
from esep.office.archive import ArchiveError
from esep.office.decisions import REFUSAL_OVERRULED, DecisionError
from esep.texts import text
from esep.texts.numbers import day, moment

LONGEST = 2000
"""Characters of a reason."""


def reason_fault(reason: str, language: str) -> str | None:
    if not reason.strip():
        return text("decide.fault_no_reason", language)
    if len(reason) > LONGEST:
        return text("decide.fault_long_reason", language, limit=LONGEST)
    return None


def overrule_fault(settings: Settings, number: str, language: str) -> str | None:
    """Only a refusal that nobody overruled can be overruled."""
    try:
        filing = archive.entry(settings, number)
        verdict = (filing.verdict or {}).get("verdict")
        overruled = events.read(filing.folder, REFUSAL_OVERRULED)
    except ArchiveError as error:
        return text("decide.fault_archive", language, words=error)
    if verdict != "refused":
        return text("decide.fault_not_refused", language)
    if overruled:
        told = overruled[0]
        return text("decide.fault_overruled", language, name=told.author, moment=moment(told.at, language))
    return None


def waiver_fault(rule_id: str, until: str, lanes: dict[str, str], now: datetime, language: str) -> str | None:
    """`lanes`: lane of each rule with findings in the filing; one that is not among them cannot be set aside."""
    if rule_id not in lanes:
        return text("decide.fault_rule", language, rule=rule_id or "–")
    if lanes[rule_id] != Lane.RELIABILITY:
        return text("decide.fault_lane", language, rule=rule_id)
    try:
        last = date.fromisoformat(until)
    except ValueError:
        return text("decide.fault_day", language)
    if last < clock.local_date(now):
        return text("decide.fault_past", language, day=day(last, language))
    return None


def dispatch_fault(
    settings: Settings, letter_no: str, channel: str, proof: str, sent_at: datetime | None, now: datetime, language: str
) -> str | None:
    """A letter of the outbox, a channel of an officer, a proof, and a moment between the letter's date and now."""
    try:
        letter = dispatches.letter_of(settings, letter_no)
    except DecisionError:
        return text("decide.fault_letter", language, letter=letter_no or "–")
    if channel not in dispatches.BY_HAND:
        return text("decide.fault_channel", language)
    if not proof.strip():
        return text("decide.fault_no_proof", language)
    sent = sent_at or now
    if sent > now:
        return text("decide.fault_future", language, moment=moment(sent, language))
    if clock.local_date(sent) < letter.dated:
        return text("decide.fault_before_letter", language, day=day(letter.dated, language))
    return None


def silence_fault(pool_id: str, period: date, filed: bool, now: datetime, language: str) -> str | None:
    """A month that is over, of a pool that filed nothing for it; `filed` by the warehouse."""
    today = clock.local_date(now)
    if not is_bin(pool_id):
        return text("decide.fault_bin", language)
    if period < calendar.FIRST_PERIOD:
        return text("decide.fault_first_month", language, day=day(calendar.FIRST_PERIOD, language))
    if (today.year, today.month) <= (period.year, period.month):
        return text("decide.fault_month", language)
    if filed:
        return text("decide.fault_filed", language)
    return None
