"""What an officer still has to do, by when: rows of `obligation_due` that are open or overdue on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

_OPEN = "obligation_due_as_of(?, 'infinity') where state in ('open', 'overdue')"


@dataclass(frozen=True, slots=True)
class DutyKind:
    """Duties of one kind that are not done."""

    kind: str
    """`examine`, `send_refusal`, `send_notice`, `decide_silence`: rows of the law's table obligation_kind."""
    paragraph: str
    words: Mapping[str, str]
    """What is to be done, by language, as that table has it."""
    overdue: int
    due_today: int
    later: int
    earliest: date | None
    """The earliest last day among them, which may be past."""

    @property
    def count(self) -> int:
        return self.overdue + self.due_today + self.later


@dataclass(frozen=True, slots=True)
class OpenDuty:
    """One thing that is not done."""

    kind: str
    words: Mapping[str, str]
    pool_id: str | None
    pool_name: str | None
    period: date | None
    registration_no: str | None
    letter_no: str | None
    arose_on: date
    due_on: date
    days_over: int
    """Calendar days after the last day; 0 while the term runs."""


def duty_kinds(connection: duckdb.DuckDBPyConnection, today: date) -> tuple[DutyKind, ...]:
    """Every kind, also those with nothing to do, in the order of the table."""
    rows = connection.execute(
        f"""
        with waiting as (
            select
                kind,
                count(*) filter (where due_on < ?) as overdue,
                count(*) filter (where due_on = ?) as due_today,
                count(*) filter (where due_on > ?) as later,
                min(due_on) as earliest
            from {_OPEN}
            group by kind
        )

        select
            kinds.kind, kinds.paragraph, kinds.text_kk, kinds.text_ru, kinds.text_en,
            coalesce(overdue, 0), coalesce(due_today, 0), coalesce(later, 0), earliest
        from obligation_kind as kinds
        left join waiting on kinds.kind = waiting.kind
        order by kinds.rowid
        """,  # noqa: S608 - a constant
        [today, today, today, today],
    ).fetchall()
    return tuple(DutyKind(row[0], row[1], _words(row[2:5]), *row[5:]) for row in rows)


def open_duties(
    connection: duckdb.DuckDBPyConnection, today: date, kind: str | None = None, limit: int = 50, offset: int = 0
) -> tuple[OpenDuty, ...]:
    """Those of a kind, or all: the earliest last day first."""
    rows = connection.execute(
        f"""
        select
            kind, text_kk, text_ru, text_en, pool_id, period, registration_no, letter_no, arose_on, due_on, days_over,
            coalesce(
                (select arg_max(pool_name, accredited_from) from pool where pool.pool_id = duty.pool_id),
                (
                    select arg_max(pool_name, filing_key) from examination
                    where is_latest and examination.pool_id = duty.pool_id
                )
            ) as pool_name
        from (
            select * from {_OPEN} and (?::varchar is null or kind = ?)
            order by due_on, kind, obligation
            limit ? offset ?
        ) as duty
        order by due_on, kind, obligation
        """,  # noqa: S608 - a constant
        [today, kind, kind, limit, offset],
    ).fetchall()
    return tuple(OpenDuty(row[0], _words(row[1:4]), row[4], row[11], row[5], *row[6:11]) for row in rows)


def _words(texts: tuple[str, ...]) -> Mapping[str, str]:
    return dict(zip(("kk", "ru", "en"), texts, strict=True))
