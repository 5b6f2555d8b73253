"""Events of archive and journal into the working file. An event is written once, so its path is its identity."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from esep.config import Settings
from esep.office import archive, confirmations, events
from esep.office.events import Event
from esep.warehouse import calls, work
from esep.warehouse.errors import LoadError
from esep.warehouse.schema import insert, query


@dataclass(frozen=True, slots=True)
class EventFile:
    """A file of an event that the working file does not hold; `entry` is its filing, None for the journal's."""

    path: Path
    event_id: str
    entry: archive.Entry | None


def new_events(settings: Settings, connection: duckdb.DuckDBPyConnection) -> list[EventFile]:
    """Files of events that are not loaded yet."""
    known = set(calls.column(connection, "event_id", "from event"))
    return [file for file in _files(settings) if file.event_id not in known]


def load(connection: duckdb.DuckDBPyConnection, files: list[EventFile]) -> None:
    """Insert the events. To be called inside a transaction.

    Raises LoadError naming a file that cannot be read: a decision must not be left out of the figures unseen.
    """
    insert(connection, "event", [_row(file) for file in files])


def apply_decisions(settings: Settings, connection: duckdb.DuckDBPyConnection) -> None:
    """Let overruled refusals count as accepted, and put them on the work list of the figures (para 8)."""
    overruled = query(settings.sql, "load/overruled")
    keys = calls.column(connection, "distinct filing_key", f"from {overruled}")
    for work_list in ("filing_to_value", "filing_unchecked"):
        work.put_on(connection, work_list, keys)
    connection.execute(
        f"update examination set accepted_from = overruled.accepted_from from {overruled} as overruled "  # noqa: S608 - ours
        "where examination.filing_key = overruled.filing_key and examination.examination_no = overruled.examination_no"
    )


def apply_confirmations(settings: Settings, connection: duckdb.DuckDBPyConnection) -> None:
    """Write into sale_rule who confirmed which row by an event; a row that was edited since is not confirmed."""
    for key, one in confirmations.confirmed(settings, "sale_rule").items():
        if one.at is not None:
            first_day, role = key.split("|")
            connection.execute(
                "update sale_rule set confirmed_by = ?, confirmed_on = ?, document = ?, confirmed_at = ? "
                "where valid_from = ? and obliged_role = ?",
                [one.by, one.confirmed_on, one.document, one.at, date.fromisoformat(first_day), role],
            )


def _files(settings: Settings) -> Iterator[EventFile]:
    for entry in archive.registered(settings):
        yield from _of_folder(settings, entry.folder / events.EVENTS, entry)
    yield from _of_folder(settings, settings.journal, None)


def _of_folder(settings: Settings, folder: Path, entry: archive.Entry | None) -> Iterator[EventFile]:
    try:
        with os.scandir(folder) as items:
            names = sorted(item.name for item in items if item.name.endswith(".json"))
    except FileNotFoundError:
        return
    prefix = folder.relative_to(settings.home).as_posix()
    for name in names:
        yield EventFile(folder / name, f"{prefix}/{name}", entry)


_NEEDED: Mapping[str, Mapping[str, Callable[[str], object]]] = {
    "refusal_overruled": {"reason": str},
    "loaded_as_history": {"basis": str},
    "question_answered": {"question": str, "answer": str, "reason": str},
    "rule_waived": {"rule_id": str, "until": date.fromisoformat, "reason": str},
    "silence_confirmed": {"pool_id": str, "period": date.fromisoformat, "reason": str},
    "silence_explained": {"pool_id": str, "period": date.fromisoformat, "reason": str},
    "dispatched": {"letter_no": str, "letter_kind": str, "channel": str, "sent_at": datetime.fromisoformat},
    "letter_approved": {"letter_no": str},
    "letter_returned": {"letter_no": str},
    "finding_detected": {"key": str, "rule_id": str, "detected_on": date.fromisoformat},
    "finding_withdrawn": {"key": str},
    "silence_found": {"pool_id": str, "period": date.fromisoformat, "detected_on": date.fromisoformat},
    "notice_drafted": {"letter_no": str, "pool_id": str, "detected_on": date.fromisoformat},
    "notice_withdrawn": {"letter_no": str, "withdrawn_on": date.fromisoformat},
    "reference_confirmed": {"table": str, "key": str, "confirmed_on": date.fromisoformat, "document": str},
    "no_distributions_reported": {"message_id": str, "received_at": datetime.fromisoformat},
    "reminder_drafted": {"letter_no": str, "dated": date.fromisoformat},
    "handed_over": {"bundle": str, "day": date.fromisoformat, "target": str, "manifest_sha256": str},
    "handover_acknowledged": {"bundle": str, "receipt_no": str, "received_on": date.fromisoformat},
    "handover_switched_on": {"since": date.fromisoformat, "reason": str},
    "handover_switched_off": {"reason": str},
}
"""What the relations read out of each kind of event: a query must not stop later at what can be refused now."""

_LISTS: Mapping[str, str] = {"handed_over": "numbers"}
"""Kind of event → the key of a list of texts that the relations read out of it."""


def _check(event: Event) -> None:
    """Raise ValueError for a moment without its time zone, or data that the relations could not read."""
    if event.at.tzinfo is None:
        raise ValueError(f"at {event.at.isoformat()}: a moment needs its time zone")
    for name, read in _NEEDED.get(event.kind, {}).items():
        value = event.data.get(name)
        if not isinstance(value, str) or not value:
            raise ValueError(f"{event.kind}: {name} is {value!r}; a text is expected")
        try:
            read(value)
        except ValueError:
            raise ValueError(f"{event.kind}: {name} is {value!r}, which cannot be read") from None
    if event.kind in _LISTS:
        listed = event.data.get(_LISTS[event.kind])
        if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
            raise ValueError(f"{event.kind}: {_LISTS[event.kind]} is {listed!r}; a list of texts is expected")


def _row(file: EventFile) -> dict[str, Any]:
    try:
        event = events.read_file(file.path)
        _check(event)
        period = event.data.get("period")
        return {
            "event_id": file.event_id,
            "filing_key": work.filing_key(file.entry.number) if file.entry else None,
            "registration_no": file.entry.number if file.entry else None,
            "pool_id": event.data.get("pool_id"),
            "period": date.fromisoformat(period) if period else None,
            "event": event.kind,
            "happened_at": event.at,
            "author": event.author,
            "letter_no": event.data.get("letter_no"),
            "data": json.dumps(event.data, ensure_ascii=False, sort_keys=True),
        }
    except (AttributeError, TypeError, ValueError) as error:
        raise LoadError(
            f"{file.path}: not an event that can be loaded ({error}). It may hold a decision, so nothing was loaded: "
            "restore the file from a backup and run again."
        ) from error
