"""A filing and what stands around it: its versions, terms, examinations and duties (paras 5 to 10), what it brings to
the figures, and what a correction changed in them (paras 3, 6 and 11).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import duckdb

from esep.answers import UnknownError, tables
from esep.answers.tables import records

_OF = "where registration_no = $number"


@dataclass(frozen=True, slots=True)
class Filing:
    """One registered filing, as the relation `filing` tells it; the dictionary says what each field means."""

    registration_no: str
    status: str
    """registered, accepted, refused, superseded."""
    verdict: str | None
    examined_verdict: str | None
    kind: str
    """new, refiling, correction."""
    replaces: str | None
    refiles: str | None
    pool_id: str | None
    pool_name: str | None
    period: date | None
    received_at: datetime
    registered_on: date
    registered_at: datetime
    incoming_no: str | None
    change_date: date | None
    source_name: str | None
    package_sha256: str
    is_history: bool
    stamp_error: str | None
    examine_by: date
    decided_at: datetime | None
    due_on: date | None
    due_effective_on: date | None
    days_late: int | None
    within_rollover: bool
    first_days_late: int | None
    accepted_days_late: int | None
    correction_due_on: date | None
    correction_timeliness: str | None
    notice_by: date | None
    row_count: int | None
    excluded_count: int | None
    examination_no: int | None
    form_version: str | None
    ruleset: str | None
    overruled_at: datetime | None
    overruled_by: str | None
    overrule_reason: str | None

    @property
    def is_identified(self) -> bool:
        return self.pool_id is not None and self.period is not None


@dataclass(frozen=True, slots=True)
class ExaminationDone:
    """One examination; the latest counts, earlier ones stay on record."""

    examination_no: int
    is_latest: bool
    examined_at: datetime
    verdict: str
    row_count: int
    excluded_count: int
    form_version: str | None
    ruleset: str
    code_version: str
    pool_id_source: str | None
    period_source: str | None
    sheets_stated: int | None


@dataclass(frozen=True, slots=True)
class Duty:
    """What an officer has or had to do about the filing, by when."""

    kind: str
    """examine, send_refusal, send_notice."""
    paragraph: str
    letter_no: str | None
    arose_on: date
    due_on: date | None
    done_on: date | None
    done_by: str | None
    state: str
    """open, overdue, done, done_late, lifted."""
    days_over: int


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a filing in force brings to the figures of a year and role, by asset. Units; tenge, exact."""

    year: int | None
    role: str
    asset: str | None
    taxpayers: int
    quantity: Decimal
    unvalued_quantity: Decimal
    income_kzt: Decimal


@dataclass(frozen=True, slots=True)
class Effect:
    """What a correction moved for one year, role, taxpayer and asset: after minus before. Units; tenge, exact."""

    year: int | None
    role: str
    taxpayer_id: str | None
    taxpayer_name: str | None
    asset: str | None
    quantity_before: Decimal
    quantity_after: Decimal
    quantity_difference: Decimal
    unvalued_before: Decimal
    unvalued_after: Decimal
    income_kzt_before: Decimal
    income_kzt_after: Decimal
    income_kzt_difference: Decimal
    quantity_to_sell_difference: Decimal | None


@dataclass(frozen=True, slots=True)
class EffectTotal:
    """All effects of a correction in one role: how many figures moved, and the tenge together."""

    role: str
    figures: int
    taxpayers: int
    income_kzt_difference: Decimal


@dataclass(frozen=True, slots=True)
class Change:
    """One distribution that a correction adds, removes or changes."""

    change: str
    """added, removed, changed."""
    changed_columns: list[str] | None
    taxpayer_id: str | None
    taxpayer_name: str | None
    wallet: str | None
    distributed_on: date | None
    asset: str | None
    old_quantity: Decimal | None
    new_quantity: Decimal | None
    quantity_difference: Decimal | None
    old_quantity_found: str | None
    new_quantity_found: str | None
    old_reward_asset: str | None
    new_reward_asset: str | None
    old_reward_quantity: Decimal | None
    new_reward_quantity: Decimal | None
    reward_difference: Decimal | None
    old_file: str | None
    old_sheet: str | None
    old_row: int | None
    new_file: str | None
    new_sheet: str | None
    new_row: int | None


def filing(connection: duckdb.DuckDBPyConnection, number: str) -> Filing:
    """The filing of a registration number; raises UnknownError if the warehouse does not hold it."""
    found = records(connection, Filing, f"from filing {_OF}", number=number)
    if not found:
        raise UnknownError("filing", number)
    return found[0]


def versions(connection: duckdb.DuckDBPyConnection, of: Filing) -> tuple[Filing, ...]:
    """All filings of its pool and period in order of arrival; one whose pool or period is unknown stands alone."""
    if not of.is_identified:
        return (of,)
    source = "from filing where pool_id = $pool_id and period = $period order by received_at, filing_key"
    return records(connection, Filing, source, pool_id=of.pool_id, period=of.period)


def examinations(connection: duckdb.DuckDBPyConnection, number: str) -> tuple[ExaminationDone, ...]:
    """Its examinations, the first one first."""
    return records(connection, ExaminationDone, f"from examination {_OF} order by examination_no", number=number)


def duties(connection: duckdb.DuckDBPyConnection, number: str) -> tuple[Duty, ...]:
    """What was or is to be done about it, in order of the terms."""
    order = "order by due_on nulls last, arose_on, kind, letter_no"
    return records(connection, Duty, f"from obligation_due {_OF} {order}", number=number)


def contribution(connection: duckdb.DuckDBPyConnection, number: str) -> tuple[Contribution, ...]:
    """What the filing brings to the figures now, by year, role and asset; empty unless it is in force."""
    return records(connection, Contribution, "from filing_contribution($number) order by all", number=number)


def effect_totals(connection: duckdb.DuckDBPyConnection, number: str) -> tuple[EffectTotal, ...]:
    """The effects of an accepted correction by role; empty for one that moved no figure."""
    return records(connection, EffectTotal, "from filing_effect_total($number) order by role", number=number)


def effects(connection: duckdb.DuckDBPyConnection, number: str, *, offset: int, limit: int) -> tuple[Effect, ...]:
    """The effects of an accepted correction, the largest difference in tenge first."""
    source = f"""
        from filing_effect {_OF}
        order by abs(income_kzt_difference) desc, abs(quantity_difference) desc, role, taxpayer_id, asset
        limit $limit offset $offset
    """
    return records(connection, Effect, source, number=number, limit=limit, offset=offset)


def change_counts(connection: duckdb.DuckDBPyConnection, number: str) -> dict[str, int]:
    """How many distributions a correction adds, removes and changes; empty where none."""
    source = f"from filing_change {_OF} group by change order by change"
    return dict(tables.rows(connection, ("change", "count(*)"), source, number=number))


def changes(connection: duckdb.DuckDBPyConnection, number: str, *, offset: int, limit: int) -> tuple[Change, ...]:
    """The distributions that a correction changes, in order of the workbook (refused corrections are compared too)."""
    source = f"""
        from filing_change {_OF}
        order by coalesce(new_file, old_file), coalesce(new_sheet, old_sheet), coalesce(new_row, old_row), change
        limit $limit offset $offset
    """
    return records(connection, Change, source, number=number, limit=limit, offset=offset)
