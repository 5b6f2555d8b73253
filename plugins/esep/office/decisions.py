"""The officer's decisions: each an event with author, moment and reason, appended and never changed or taken back.

Every function checks its facts, writes one event, and gives it. The same decision by the same author with the same
content gives the event that is there and writes no second one, so that a command or a task may be repeated. An error
says what is wrong, where, and what to do. What was decided counts in the warehouse after its next load.

Decisions about letters (approval, dispatch) are in `dispatches`.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from esep import clock, files
from esep.config import Settings
from esep.law import calendar
from esep.law.identifiers import is_bin
from esep.office import archive, events
from esep.office.archive import ArchiveError, Entry
from esep.office.events import Event
from esep.records.turns import turn

LOCK = "decisions.lock"

REFUSAL_OVERRULED = "refusal_overruled"
RULE_WAIVED = "rule_waived"
SILENCE_CONFIRMED = "silence_confirmed"
SILENCE_EXPLAINED = "silence_explained"


class DecisionError(ValueError):
    """A decision that cannot be recorded; the text says what is wrong, where, and what to do."""


class Recorded(NamedTuple):
    """The event of a decision. `written` is False when the same decision was on record already."""

    event: Event
    written: bool


def overrule_refusal(settings: Settings, number: str, reason: str, author: str, at: datetime) -> Recorded:
    """Let a refused filing count as accepted (para 8); the refusal stays on record beside it.

    There is no way back: a filing that is to be refused after all is answered by a notice (para 10).
    """
    reason, author = stated(reason, author, at)
    filing = filing_of(settings, number)
    with alone(settings):
        verdict = filing.verdict
        if verdict is None:
            raise DecisionError(f"{number}: not examined yet, so there is no refusal to overrule. Wait for a verdict.")
        if verdict.get("verdict") is None:
            raise DecisionError(
                f"{number}: the filing waits for an officer's answer, so there is no refusal to overrule. "
                "See bin/esep questions."
            )
        if verdict.get("verdict") != "refused":
            raise DecisionError(f"{number}: the filing is {verdict.get('verdict')}; only a refusal can be overruled.")
        data = {"reason": reason}
        for event in events.read(filing.folder, REFUSAL_OVERRULED):
            if is_same(event, author, data):
                return Recorded(event, written=False)
            raise DecisionError(
                f"{number}: {event.author} overruled this refusal at {moment_words(event.at)} "
                f"({event.data['reason']}). Nothing more is needed."
            )
        return Recorded(events.append(filing.folder, REFUSAL_OVERRULED, at, author, data), written=True)


def waive_rule(
    settings: Settings, number: str, rule_id: str, until: date, reason: str, author: str, at: datetime
) -> Recorded:
    """Set a reliability rule aside for a filing through the day `until`: its findings are then no ground for a notice.

    They stay, and count again after that day; a further waiver may reach further.
    """
    reason, author = stated(reason, author, at)
    filing = filing_of(settings, number)
    lane = _lanes(settings).get(rule_id)
    if lane is None:
        raise DecisionError(f"{rule_id!r}: no rule of {settings.expectations}. Rules are named like R-31.")
    if lane != "reliability":
        raise DecisionError(
            f"{rule_id} is a rule of completeness: it refuses (para 8) and causes no notice, so it cannot be waived. "
            f"If the refusal is wrong, overrule it: bin/esep decide overrule {number}"
        )
    if until < clock.local_date(at):
        raise DecisionError(f"until {until}: the day is past. Give the last day on which the rule is set aside.")
    data = {"rule_id": rule_id, "until": until.isoformat(), "reason": reason}
    with alone(settings):
        for event in events.read(filing.folder, RULE_WAIVED):
            if is_same(event, author, data):
                return Recorded(event, written=False)
        return Recorded(events.append(filing.folder, RULE_WAIVED, at, author, data), written=True)


def confirm_silence(settings: Settings, pool_id: str, period: date, reason: str, author: str, at: datetime) -> Recorded:
    """A silent pool did distribute in the month `period`: its data were not filed (paras 5 and 10)."""
    return _decide_silence(settings, SILENCE_CONFIRMED, pool_id, period, reason, author, at)


def explain_silence(settings: Settings, pool_id: str, period: date, reason: str, author: str, at: datetime) -> Recorded:
    """A silent pool distributed nothing in the month `period`: no duty arose (para 5)."""
    return _decide_silence(settings, SILENCE_EXPLAINED, pool_id, period, reason, author, at)


def _decide_silence(
    settings: Settings, kind: str, pool_id: str, period: date, reason: str, author: str, at: datetime
) -> Recorded:
    """The last decision about a pool and period counts, so that an officer may change it."""
    reason, author = stated(reason, author, at)
    period = period.replace(day=1)
    if not is_bin(pool_id):
        raise DecisionError(f"{pool_id!r}: not a BIN (12 digits with a right check digit). See reference/pool.csv.")
    today = clock.local_date(at)
    if (today.year, today.month) <= (period.year, period.month):
        raise DecisionError(f"{period:%Y-%m}: the month is not over yet, so nobody can be silent about it.")
    if period < calendar.FIRST_PERIOD:
        raise DecisionError(
            f"{period:%Y-%m}: the order was not in force; the first month is {calendar.FIRST_PERIOD:%Y-%m}."
        )
    data = {"pool_id": pool_id, "period": period.isoformat(), "reason": reason}
    with alone(settings):
        filed = filed_in(settings, pool_id, period)
        if filed:
            raise DecisionError(
                f"{pool_id} {period:%Y-%m}: the pool did file ({', '.join(filed)}), so there is no silence to decide. "
                "If that filing bears a wrong month or BIN, overrule or notice the filing."
            )
        decided = [*events.read_journal(settings, SILENCE_CONFIRMED), *events.read_journal(settings, SILENCE_EXPLAINED)]
        own = [event for event in decided if (event.data["pool_id"], event.data["period"]) == (pool_id, data["period"])]
        last = max(own, key=lambda event: (event.at, event.path.name), default=None)
        if last and last.kind == kind and is_same(last, author, data):
            return Recorded(last, written=False)
        if last and at <= last.at:
            raise DecisionError(
                f"{pool_id} {period:%Y-%m}: a decision of {moment_words(last.at)} is on record, and the last counts; "
                f"none can be added before it, at {moment_words(at)}. Is the clock of this machine right?"
            )
        return Recorded(events.append_to_journal(settings, kind, at, author, data), written=True)


def stated(reason: str, author: str, at: datetime) -> tuple[str, str]:
    """Reason and author without blanks around; raises DecisionError where one is missing or the moment is naive."""
    reason, author = reason.strip(), author.strip()
    if not reason:
        raise DecisionError("The reason is empty. Say why: it stays on record with the decision.")
    if not author:
        raise DecisionError("The author is empty. Say who decides: the name stays on record with the decision.")
    if at.tzinfo is None:
        raise DecisionError(f"{at.isoformat()}: a moment needs its time zone, for example 2025-04-28T18:30:00+05:00")
    return reason, author


def is_same(event: Event, author: str, data: dict[str, Any]) -> bool:
    return event.author == author and event.data == data


def moment_words(moment: datetime) -> str:
    return f"{moment.astimezone(clock.TIMEZONE):%Y-%m-%d %H:%M}"


def alone(settings: Settings) -> AbstractContextManager[None]:
    """One decision at a time, so that two of the same find each other."""
    return turn(settings.home, LOCK)


def filing_of(settings: Settings, number: str) -> Entry:
    """The registered filing of that number; raises DecisionError."""
    try:
        return archive.entry(settings, number)
    except ArchiveError as error:
        raise DecisionError(f"{error}. The archive is {settings.archive}.") from None


def filed_in(settings: Settings, pool_id: str, period: date) -> list[str]:
    """Numbers of the examined filings of a pool and period, with their verdicts."""
    verdicts = ((entry.number, entry.verdict or {}) for entry in archive.registered(settings))
    return [
        f"{number} {verdict.get('verdict') or 'waiting for an officer'}"
        for number, verdict in verdicts
        if (verdict.get("pool_id"), verdict.get("period")) == (pool_id, period.isoformat())
    ]


def _lanes(settings: Settings) -> dict[str, str]:
    """Rule id → lane, from the suites; raises DecisionError for a suite that cannot be read."""
    return {rule: lane for path in sorted(settings.expectations.glob("*.json")) for rule, lane in _suite(path).items()}


def _suite(path: Path) -> dict[str, str]:
    try:
        rules = [expectation["meta"] for expectation in files.read_json(path)["expectations"]]
        return {rule["rule"]: rule["lane"] for rule in rules}
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise DecisionError(f"{path}: not a suite that can be read ({error!r}). Correct the file.") from None
