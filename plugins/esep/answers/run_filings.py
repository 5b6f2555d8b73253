"""What a run of a DAG dealt with: filings, letters, findings and decisions, each with its state now.

Airflow keeps what the tasks gave (`RunResults`); archive and warehouse have the rest. What a task of another version
of the code gave, in another shape, is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

import duckdb

from esep.answers import tables
from esep.answers.tables import Row, records
from esep.clock import local_date
from esep.office.archive import is_number
from esep.office.letter_batch import numbers_of
from esep.office.questions import ANSWERED
from esep.supervision.knowledge import start_of

SUPERVISED = ("finding_detected", "finding_withdrawn", "silence_found", "notice_drafted", "notice_withdrawn")
REMINDED = "reminder_drafted"
OF_LETTER = ("letter_approved", "letter_returned", "dispatched")
SHOWN_FILINGS = 200
SHOWN_EVENTS = 500


@dataclass(frozen=True, slots=True)
class RunResults:
    """A run as Airflow keeps it."""

    dag_id: str
    run_id: str
    state: str
    logical_date: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    user: str | None
    """Who triggered it by hand."""
    conf: Mapping[str, Any]
    results: Mapping[str, Sequence[Any]]
    """Task → what it gave, once for each of its instances."""

    def first(self, task: str) -> Any:
        """What a task that is not mapped gave; None if nothing."""
        return next(iter(self.results.get(task, ())), None)


@dataclass(frozen=True, slots=True)
class Handled:
    """One filing of a run."""

    registration_no: str
    actions: tuple[str, ...]
    """Of `registered`, `duplicate` (the same bytes came again), `examined`, `handed_over`, in this order."""
    source_name: str | None
    """Name in the inbox."""
    verdict: str | None
    """What the run's own examination said; None if it made none."""
    status: str | None
    """As the warehouse has it now; None while it does not hold the filing."""
    pool_id: str | None
    pool_name: str | None
    period: date | None


@dataclass(frozen=True, slots=True)
class RunFilings:
    """Everything that a run dealt with."""

    filings: tuple[Handled, ...]
    """At most SHOWN_FILINGS of `filing_count`."""
    filing_count: int
    letters: tuple[str, ...]
    """Numbers of the letters that it wrote into the outbox, or put before an officer."""
    events: tuple[Row, ...]
    """At most SHOWN_EVENTS of archive and journal that the run recorded or is about."""
    days: tuple[date, date] | None
    """First and last day of a run of supervision."""
    decision: Mapping[str, str]
    """Fields of a run of `decision`, `dispatch` or `question`."""
    steps: tuple[tuple[str, str], ...]
    """What the steps of a run of `warehouse` or `supervision` said, in order."""
    refused_files: tuple[str, ...]
    """Names of the files in reference/ that it refused."""

    @property
    def is_empty(self) -> bool:
        return not (self.filings or self.letters or self.events or self.decision or self.steps or self.refused_files)


def of_run(connection: duckdb.DuckDBPyConnection, run: RunResults) -> RunFilings:
    """What the run dealt with; for a run of a DAG that deals with no filings, nothing."""
    handled = _handled(run)
    conf = {name: str(value) for name, value in run.conf.items() if value is not None and name in _FIELDS}
    days = _days(run) if run.dag_id == "supervision" else None
    events: tuple[Row, ...] = ()
    if days:
        events = _events_between(connection, *days)
    elif "letter_no" in conf:
        events = _events_of_letters(connection, numbers_of(conf["letter_no"]))
    elif number := _asked_about(run):
        events = _events(connection, "registration_no = $number", number=number, kinds=(ANSWERED,))
    return RunFilings(
        filings=_described(connection, run, dict(list(handled.items())[:SHOWN_FILINGS])),
        filing_count=len(handled),
        letters=_letters(run),
        events=events,
        days=days,
        decision=conf if run.dag_id in ("decision", "dispatch", "question") else {},
        steps=tuple(_steps(run)),
        refused_files=tuple(
            item["file"] if _is_text(item.get("file")) else f"{item['name']}.csv"
            for item in _items(run.first("reference"))
            if item.get("problems") and _is_text(item.get("name"))
        ),
    )


_FIELDS = ("decision", "registration_no", "rule_id", "until", "pool_id", "period", "question", "answer", "letter_no")
_STEPS: Mapping[str, Sequence[str]] = {
    "warehouse": ("refresh", "publish_masked"),
    "supervision": ("refresh", "publish", "publish_masked"),
}
"""DAG → its tasks that give a text for people, or several, by the names of steps."""


def _steps(run: RunResults) -> Iterator[tuple[str, str]]:
    for task in _STEPS.get(run.dag_id, ()):
        for given in run.results.get(task, ()):
            texts = given if isinstance(given, Mapping) else {task: given}
            yield from ((step, text) for step, text in texts.items() if _is_text(text))


def _handled(run: RunResults) -> dict[str, list[str]]:
    """Number → what was done with it, in the order of the run."""
    found: dict[str, list[str]] = {}

    def note(number: Any, action: str) -> None:
        if _is_text(number) and action not in found.setdefault(number, []):
            found[number].append(action)

    registered = run.first("register") if isinstance(run.first("register"), Mapping) else {}
    for action, key in (("registered", "registered"), ("duplicate", "duplicates")):
        for item in _items(registered.get(key)):
            note(item.get("number"), action)
    for number in registered.get("examined") or ():
        note(number, "examined")
    for verdicts in run.results.get("examine", ()):
        for number in verdicts if isinstance(verdicts, Mapping) else ():
            note(number, "examined")
    for number in (one for day in _items(run.first("hand_over")) for one in day.get("numbers") or ()):
        note(number, "handed_over")
    number = run.conf.get("registration_no") or _asked_about(run)
    if number and not found:
        found[str(number)] = []
    return found


def _asked_about(run: RunResults) -> str | None:
    """Number of the filing that the run's question is about."""
    subject = str(run.conf.get("question") or "").partition("/")[2]
    return subject if is_number(subject) else None


def _described(
    connection: duckdb.DuckDBPyConnection, run: RunResults, handled: Mapping[str, Sequence[str]]
) -> tuple[Handled, ...]:
    columns = ("registration_no", "status", "pool_id", "pool_name", "period")
    source = "from filing where registration_no in (select unnest($numbers::varchar[]))"
    known = {row[0]: row[1:] for row in tables.rows(connection, columns, source, numbers=list(handled))}
    registered = run.first("register") if isinstance(run.first("register"), Mapping) else {}
    arrivals = [*_items(registered.get("registered")), *_items(registered.get("duplicates"))]
    sources = {item.get("number"): item.get("source") for item in arrivals}
    verdicts: dict[str, str] = {}
    for result in (registered.get("verdicts"), *run.results.get("examine", ())):
        verdicts |= result if isinstance(result, Mapping) else {}
    nothing = (None, None, None, None)
    return tuple(
        Handled(number, tuple(actions), sources.get(number), verdicts.get(number), *known.get(number, nothing))
        for number, actions in handled.items()
    )


def _letters(run: RunResults) -> tuple[str, ...]:
    written = chain.from_iterable(run.results.get(task, ()) for task in ("batch_letters", "letters"))
    queued = [item.get("conf") or {} for item in _items(run.first("letters_to_send"))]
    numbers = [
        *chain.from_iterable(one for one in written if isinstance(one, list)),
        *(conf.get("letter_no") for conf in queued),
    ]
    return tuple(number for number in numbers if _is_text(number))


def _days(run: RunResults) -> tuple[date, date] | None:
    """The days that a run of supervision is about, as `orchestration.periodic.supervised_days` gives them."""
    moment = run.logical_date or run.started_at
    try:
        last = date.fromisoformat(run.conf["as_of"]) if run.conf.get("as_of") else moment and local_date(moment)
        first = date.fromisoformat(run.conf["since"]) if run.conf.get("since") else last
    except (TypeError, ValueError):
        return None
    return (first, last) if first and last else None


def _events_between(connection: duckdb.DuckDBPyConnection, first: date, last: date) -> tuple[Row, ...]:
    """Supervision's events are dated by the start of their day."""
    since, until = start_of(first), start_of(last)
    of_days = "happened_at between $since and $until"
    return _events(connection, of_days, since=since, until=until, kinds=(*SUPERVISED, REMINDED))


def _events_of_letters(connection: duckdb.DuckDBPyConnection, numbers: list[str]) -> tuple[Row, ...]:
    of_letters = "letter_no in (select unnest($numbers::varchar[]))"
    return _events(connection, of_letters, numbers=numbers, kinds=OF_LETTER)


def _events(connection: duckdb.DuckDBPyConnection, condition: str, **values: Any) -> tuple[Row, ...]:
    """In an order that does not depend on the names of their files."""
    columns = """
        event as kind, happened_at as "at", registration_no, pool_id, period, data ->> '$.rule_id' as rule_id, letter_no
    """
    source = f"""
        from event
        where event in (select unnest($kinds::varchar[])) and {condition}
        order by happened_at, event, registration_no, pool_id, period, rule_id, letter_no, event_id
        limit {SHOWN_EVENTS}
    """
    return records(connection, columns, source, **values)


def _items(value: Any) -> Iterator[Mapping[str, Any]]:
    return (item for item in value if isinstance(item, Mapping)) if isinstance(value, list) else iter(())


def _is_text(value: Any) -> bool:
    return isinstance(value, str)
