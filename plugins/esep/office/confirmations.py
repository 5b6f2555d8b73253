"""Rows of the law's tables that the office has confirmed: what the order leaves open, read by a document.

A row is confirmed by its own column `confirmed_by`, or by an event `reference_confirmed` of the journal. An event holds
for the row as it was then: whoever edits the row has it confirmed again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from esep import clock
from esep.config import Settings
from esep.law import tables
from esep.office import events
from esep.office.decisions import DecisionError, Recorded, alone, is_same, stated

REFERENCE_CONFIRMED = "reference_confirmed"
CONFIRMED_BY = "confirmed_by"
"""The column of a table whose rows can be confirmed."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Who confirmed a row of a table. Day and document are None where the row's own column says it."""

    by: str
    confirmed_on: date | None = None
    document: str | None = None
    at: datetime | None = field(default=None, compare=False)
    """When it was recorded; None where the row's own column says it."""


def confirm(
    settings: Settings,
    table: str,
    key: str,
    confirmed_on: date,
    document: str,
    reason: str,
    author: str,
    at: datetime,
) -> Recorded:
    """The office confirms the row `key` of a table of the law (see `key_of`) by a document, on a day.

    Of several confirmations of a row the last counts. Raises DecisionError for a table or row that is not there, a day
    to come, and a document, reason or author that is empty.
    """
    reason, author = stated(reason, author, at)
    document = document.strip()
    if not document:
        raise DecisionError("The document is empty. Name what the reading rests on: its kind, number and day.")
    if confirmed_on > clock.local_date(at):
        raise DecisionError(f"{confirmed_on}: the day is yet to come. Give the day of the document.")
    rows = _rows(table)
    if key not in rows:
        raise DecisionError(f"{key!r}: no row of {table}. Its rows are: {', '.join(rows)}.")
    if rows[key][CONFIRMED_BY]:
        raise DecisionError(f"{key}: {table}.csv itself says that {rows[key][CONFIRMED_BY]} confirmed this row.")
    data = {
        "table": table,
        "key": key,
        "confirmed_on": confirmed_on.isoformat(),
        "document": document,
        "reason": reason,
        "row": _content(rows[key]),
    }
    with alone(settings):
        for event in events.read_journal(settings, REFERENCE_CONFIRMED):
            if is_same(event, author, data):
                return Recorded(event, written=False)
        return Recorded(events.append_to_journal(settings, REFERENCE_CONFIRMED, at, author, data), written=True)


def confirmed(settings: Settings, table: str, by: date | None = None) -> dict[str, Confirmation]:
    """The rows of a table that were confirmed by the end of a day (None: ever), by key; the others are not in it."""
    rows = _rows(table)
    found = {key: Confirmation(row[CONFIRMED_BY]) for key, row in rows.items() if row[CONFIRMED_BY]}
    for event in events.read_journal(settings, REFERENCE_CONFIRMED):
        if by and clock.local_date(event.at) > by:
            continue
        data = event.data
        row = rows.get(data["key"]) if data["table"] == table else None
        if row and data["row"] == _content(row):
            found[data["key"]] = Confirmation(
                event.author, date.fromisoformat(data["confirmed_on"]), data["document"], event.at
            )
    return found


def unconfirmed(settings: Settings, day: date) -> Iterator[tuple[str, str]]:
    """Table and key of each row that nobody has confirmed and that has begun by `day`.

    One that has ended is asked for as well: it still says what the years of its days show.
    """
    for table in confirmable():
        done = confirmed(settings, table)
        yield from ((table, key) for key, row in _rows(table).items() if key not in done and row["valid_from"] <= day)


def confirmable() -> list[str]:
    """Names of the tables whose rows can be confirmed."""
    return sorted(name for name, spec in tables.SPECS.items() if CONFIRMED_BY in spec.columns)


@dataclass(frozen=True, slots=True)
class LawRow:
    """A row that can be confirmed, and its confirmation if there is one."""

    table: str
    key: str
    content: Mapping[str, str | None]
    """As texts, by column."""
    confirmation: Confirmation | None


def law_rows(settings: Settings) -> Iterator[LawRow]:
    """All rows of the tables whose rows can be confirmed."""
    for table in confirmable():
        done = confirmed(settings, table)
        for key, row in _rows(table).items():
            yield LawRow(table, key, _content(row), done.get(key))


def key_of(table: str, row: Mapping[str, Any]) -> str:
    """What names a row of a table: its first day and the columns that distinguish it, as `2025-01-01|miner`."""
    return "|".join(str(row[column]) for column in ("valid_from", *tables.SPECS[table].key))


def _rows(table: str) -> dict[str, dict[str, Any]]:
    if table not in confirmable():
        raise DecisionError(f"{table!r}: not a table whose rows are confirmed. These are: {', '.join(confirmable())}.")
    return {key_of(table, row): row for row in tables.read(table)}


def _content(row: Mapping[str, Any]) -> dict[str, str | None]:
    """The row as texts, apart from its column `confirmed_by`."""
    return {name: None if value is None else str(value) for name, value in row.items() if name != CONFIRMED_BY}
