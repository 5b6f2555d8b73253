"""What a filing brings to the figures, and what a correction changed in them (paras 3, 6 and 11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb

from esep.answers.filing import fetch


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


def contribution(connection: duckdb.DuckDBPyConnection, number: str) -> tuple[Contribution, ...]:
    """What the filing brings to the figures now, by year, role and asset; empty unless it is in force."""
    query = """
        select
            income_part.year,
            income_part.role,
            income_part.asset,
            count(distinct income_part.taxpayer_id),
            sum(income_part.quantity),
            sum(income_part.unvalued_quantity),
            sum(income_part.income_kzt)
        from income_part
        inner join in_force_as_known_on('infinity'::timestamptz) as in_force
            on income_part.filing_key = in_force.filing_key
        inner join examination
            on
                income_part.filing_key = examination.filing_key
                and income_part.examination_no = examination.examination_no
        where
            in_force.registration_no = ?
            and examination.is_latest
            and income_part.known_to = 'infinity'::timestamptz
        group by all
        order by all
    """
    return tuple(Contribution(*row) for row in connection.execute(query, [number]).fetchall())


def effect_totals(connection: duckdb.DuckDBPyConnection, number: str) -> tuple[EffectTotal, ...]:
    """The effects of an accepted correction by role; empty for one that moved no figure."""
    query = """
        select role, count(*), count(distinct taxpayer_id), sum(income_kzt_difference)
        from filing_effect where registration_no = ? group by role order by role
    """
    return tuple(EffectTotal(*row) for row in connection.execute(query, [number]).fetchall())


def effects(connection: duckdb.DuckDBPyConnection, number: str, *, offset: int, limit: int) -> tuple[Effect, ...]:
    """The effects of an accepted correction, the largest difference in tenge first."""
    rest = """
        from filing_effect where registration_no = ?
        order by abs(income_kzt_difference) desc, abs(quantity_difference) desc, role, taxpayer_id, asset
        limit ? offset ?
    """
    return fetch(connection, Effect, rest, number, limit, offset)


def change_counts(connection: duckdb.DuckDBPyConnection, number: str) -> dict[str, int]:
    """How many distributions a correction adds, removes and changes; empty where none."""
    query = "select change, count(*) from filing_change where registration_no = ? group by change order by change"
    return dict(connection.execute(query, [number]).fetchall())


def changes(connection: duckdb.DuckDBPyConnection, number: str, *, offset: int, limit: int) -> tuple[Change, ...]:
    """The distributions that a correction changes, in order of the workbook (refused corrections are compared too)."""
    rest = """
        from filing_change where registration_no = ?
        order by coalesce(new_file, old_file), coalesce(new_sheet, old_sheet), coalesce(new_row, old_row), change
        limit ? offset ?
    """
    return fetch(connection, Change, rest, number, limit, offset)
