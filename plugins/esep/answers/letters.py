"""Letters of the outbox: which wait for an officer, which are approved and not sent, which were sent lately."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import duckdb

from esep import clock
from esep.answers.tables import Row, column, records
from esep.config import Settings
from esep.office import dispatches
from esep.office.archive import ArchiveError
from esep.office.dispatches import OutgoingLetter
from esep.office.letter_state import DECIDED_KINDS, LetterState, Standing, is_of_history, standing_of

RECENT = timedelta(days=30)
"""How long a letter counts as sent lately; letters written by then are shown even before they are loaded."""


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters by where they stand, as archive, journal and outbox are now."""

    waiting: tuple[Standing, ...]
    """Nobody has decided; the earliest last day for sending first, as in `approved`."""
    approved: tuple[Standing, ...]
    sent: tuple[Standing, ...]
    """The last dispatch first."""
    faults: tuple[str, ...]
    """What cannot be read, in the words of the archive."""


def approved_on(connection: duckdb.DuckDBPyConnection, today: date) -> tuple[Row, ...]:
    """Letters that are approved and not sent, by what the warehouse knows; the earliest last day first."""
    source = "from approved_letter_on($today) order by due_on nulls last, approved_at, letter_no"
    return records(connection, "*", source, today=today)


def letters(connection: duckdb.DuckDBPyConnection, settings: Settings, now: datetime) -> Letters:
    """Which letters there are is known by the warehouse and, of the last days, by the outbox; how each stands, by its
    own events, so that what was decided a moment ago counts."""
    faults: list[str] = []
    found: dict[LetterState, list[Standing]] = {state: [] for state in LetterState}
    journal = dispatches.journal_once(settings)
    for letter in _candidates(connection, settings, now, faults):
        try:
            standing = standing_of(settings, letter, now, journal)
            if standing.state == LetterState.WAITING and not _is_asked(settings, letter, now):
                continue
        except ArchiveError as error:
            faults.append(str(error))
            continue
        found[standing.state].append(standing)
    return Letters(
        waiting=_by_last_day(found[LetterState.WAITING]),
        approved=_by_last_day(found[LetterState.APPROVED]),
        sent=tuple(sorted(found[LetterState.SENT], key=lambda one: one.sent[-1].at, reverse=True)),
        faults=tuple(dict.fromkeys(faults)),
    )


def _candidates(
    connection: duckdb.DuckDBPyConnection, settings: Settings, now: datetime, faults: list[str]
) -> Iterator[OutgoingLetter]:
    written, unread = dispatches.written_since(settings, now - RECENT)
    faults += map(str, unread)
    fresh = {letter.letter_no: letter for letter in written}
    today = clock.local_date(now)
    source = "from letter_to_show($today, $since) order by letter_no"
    known = column(connection, "letter_no", source, today=today, since=today - RECENT)
    yield from (letter for letter in written if letter.kind in DECIDED_KINDS or letter.letter_no in known)
    for letter_no in known:
        if letter_no not in fresh:
            try:
                yield dispatches.letter(settings, letter_no)
            except ArchiveError as error:
                faults.append(str(error))


def _is_asked(settings: Settings, letter: OutgoingLetter, now: datetime) -> bool:
    """Whether an officer is to decide on it: a receipt or reminder is sent or not as the office likes."""
    is_due = letter.kind in DECIDED_KINDS and letter.dated <= clock.local_date(now)
    return is_due and not is_of_history(settings, letter)


def _by_last_day(found: list[Standing]) -> tuple[Standing, ...]:
    return tuple(sorted(found, key=lambda one: (one.letter.send_by or date.max, one.letter.letter_no)))
