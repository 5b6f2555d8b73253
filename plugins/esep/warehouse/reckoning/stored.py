"""The parts that the warehouse stores: of filings, or of years and taxpayers."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

import duckdb

from esep.warehouse import calls
from esep.warehouse.reckoning.parts import Key, Part

_LATEST = """
    from internal.income_part
    where known_to = internal.last_moment() and exists (
        from examination
        where
            is_latest
            and examination.filing_key = income_part.filing_key
            and examination.examination_no = income_part.examination_no
    )
"""
_SUMS = tuple(f"sum({name})" for name in ("row_count", "quantity", "valued_quantity", "income_kzt"))
"""Of parts that differ in their spans of knowledge alone, and in what is not asked for."""
Place = tuple[int | None, str | None]
"""A year and a taxpayer."""
Scope = frozenset[Place] | None
"""Years and taxpayers that are compared; None for all."""


def parts_of_filings(
    connection: duckdb.DuckDBPyConnection, keys: Collection[int], periods: Collection[date] | None = None
) -> dict[int, dict[Key, Part]]:
    """The parts of these filings, by filing_key; or those of some months."""
    return _parts(connection, "true" if periods is None else in_periods(periods), keys=sorted(keys))


def parts_of_places(
    connection: duckdb.DuckDBPyConnection, scope: Scope, keys: Collection[int]
) -> dict[int, dict[Key, Part]]:
    """The parts of these filings, by filing_key, in the years and of the taxpayers of a scope."""
    found: dict[int, dict[Key, Part]] = {}
    for condition, taxpayers in conditions(scope):
        for filing_key, parts in _parts(connection, condition, keys=sorted(keys), taxpayers=taxpayers).items():
            found.setdefault(filing_key, {}).update(parts)
    return found


def _parts(connection: duckdb.DuckDBPyConnection, condition: str, **values: object) -> dict[int, dict[Key, Part]]:
    found: dict[int, dict[Key, Part]] = {}
    columns = ("filing_key", *Key._fields, *_SUMS)
    for filing_key, *row in calls.rows(connection, columns, _of_filings(condition), **values):
        found.setdefault(filing_key, {})[Key(*row[:-4])] = Part(*row[-4:])
    return found


def sums_of_places(
    connection: duckdb.DuckDBPyConnection, scope: Scope, keys: Collection[int]
) -> Iterator[tuple[Key, Part, list[int]]]:
    """The same added up over the filings, and the keys of those that bring something to each."""
    columns = (*Key._fields, *_SUMS, "list(filing_key)")
    for condition, taxpayers in conditions(scope):
        source = _of_filings(condition)
        for *row, brought_by in calls.rows(connection, columns, source, keys=sorted(keys), taxpayers=taxpayers):
            yield Key(*row[:-4]), Part(*row[-4:]), brought_by


def _of_filings(condition: str) -> str:
    return f"{_LATEST} and filing_key in (select unnest($keys::bigint[])) and {condition} group by all"


def conditions(scope: Scope) -> Iterator[tuple[str, list[str]]]:
    """Conditions that together give the places of a scope, year by year, each with the taxpayers that it names."""
    if scope is None:
        yield "true", []
        return
    by_year: dict[int | None, set[str | None]] = {}
    for year, taxpayer in scope:
        by_year.setdefault(year, set()).add(taxpayer)
    for year, taxpayers in by_year.items():
        of_year = "year is null" if year is None else f"year = {year}"  # a constant lets DuckDB skip the other years
        unnamed = " or taxpayer_id is null" if None in taxpayers else ""
        named = sorted(taxpayer for taxpayer in taxpayers if taxpayer is not None)
        yield f"{of_year} and (list_contains($taxpayers::varchar[], taxpayer_id){unnamed})", named


def in_periods(periods: Collection[date]) -> str:
    """The condition that a row is of one of these months, in constants too."""
    days = ", ".join(f"date '{period}'" for period in sorted(periods))
    return f"period in ({days or 'null'})"
