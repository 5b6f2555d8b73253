"""What the warehouse stores by row and by part, held against the lake; and trace_income against the figures."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import Any

import duckdb

from esep.warehouse.reckoning.filings import Filing
from esep.warehouse.reckoning.knowledge import PRECISION
from esep.warehouse.reckoning.parts import Key, LakeRow, Part
from esep.warehouse.reckoning.result import Difference
from esep.warehouse.reckoning.told import Sums, compared

_PART = ("row_count", "quantity", "valued_quantity", "unvalued_quantity", "income_kzt")
_STORED = f"""
    select filing_key, year, period, role, taxpayer_id, asset, share, {", ".join(_PART)}
    from income_part
    where known_to = 'infinity'::timestamptz and (filing_key, examination_no) in (
        select (filing_key, examination_no) from examination where is_latest
    )
"""  # noqa: S608 - names of this module
_DIFFERENT_ROWS = 3
"""Rows of a filing that differ from the lake's and are told."""


def parts_of_filings(connection: duckdb.DuckDBPyConnection, keys: Collection[int]) -> dict[int, dict[Key, Part]]:
    """The parts that the warehouse stores of these filings, by filing_key."""
    return _parts(
        connection.execute(f"{_STORED} and list_contains(?::bigint[], filing_key)", [sorted(keys)]).fetchall()
    )


def parts_of_taxpayers(
    connection: duckdb.DuckDBPyConnection, taxpayers: Collection[str | None]
) -> dict[int, dict[Key, Part]]:
    """The parts that the warehouse stores of these taxpayers, all years and filings, by filing_key."""
    return _parts(
        connection.execute(
            f"{_STORED} and (list_contains(?::varchar[], taxpayer_id) or taxpayer_id is null)",
            [sorted(taxpayer for taxpayer in taxpayers if taxpayer is not None)],
        ).fetchall()
    )


def _parts(rows: Iterable[tuple[Any, ...]]) -> dict[int, dict[Key, Part]]:
    """Parts that only their spans of knowledge tell apart are added up."""
    found: dict[int, dict[Key, Part]] = {}
    with localcontext(prec=PRECISION):
        for filing_key, *place, count, quantity, valued, _, income in rows:
            part = found.setdefault(filing_key, {}).setdefault(Key(*place), Part())
            part.add(Part(count, quantity, valued, income))
    return found


def part_differences(
    connection: duckdb.DuckDBPyConnection, filing: Filing, parts: Mapping[Key, Part], taxpayers: Collection[str] | None
) -> Iterator[Difference]:
    """income_part of a filing against its rows; of some miners only if `taxpayers` names them."""
    rows = connection.execute(f"{_STORED} and filing_key = ?", [filing.key]).fetchall()
    told = {
        tuple(key): _values_of(part)
        for key, part in _parts(rows).get(filing.key, {}).items()
        if taxpayers is None or (key.role == "miner" and key.taxpayer_id in taxpayers)
    }
    reckoned = {tuple(key): _values_of(part) for key, part in parts.items()}
    sums = Sums()
    sums.add(filing.number, filing.pool_id, parts)
    columns = ("year", "period", "role", "taxpayer_id", "asset", "share")
    yield from compared("income_part", columns, told, reckoned, sums)


def _values_of(part: Part) -> dict[str, object]:
    with localcontext(prec=PRECISION):
        values = (part.rows, part.quantity, part.valued, part.quantity - part.valued, part.income)
        return dict(zip(_PART, values, strict=True))


def row_differences(
    connection: duckdb.DuckDBPyConnection, filing: Filing, rows: Collection[LakeRow]
) -> Iterator[Difference]:
    """distribution_row of a filing against the lake's rows, cell by cell."""
    stored = {
        LakeRow(*row)
        for row in connection.execute(
            f"select {', '.join(LakeRow._fields)} from distribution_row where filing_key = ?",  # noqa: S608 - names
            [filing.key],
        ).fetchall()
    }
    differing = sorted(stored.symmetric_difference(rows), key=lambda row: (row.file, row.sheet, row.row))
    for place in list(dict.fromkeys(row[:3] for row in differing))[:_DIFFERENT_ROWS]:
        told = [row for row in stored if row[:3] == place]
        known = [row for row in rows if row[:3] == place]
        one = (told or known)[0]
        yield Difference(
            "distribution_row",
            one.distributed_on.year if one.distributed_on else None,
            "miner",
            one.taxpayer_id,
            one.asset,
            f"{one.file}, {one.sheet}, row {one.row}",
            _words(told),
            _words(known),
            filing.lake,
        )


def _words(rows: list[LakeRow]) -> str:
    return "; ".join(" ".join(_word(value) for value in row[3:]) for row in rows) or "nothing"


def _word(value: object) -> str:
    return "–" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def trace_differences(
    connection: duckdb.DuckDBPyConnection, keys: Iterable[tuple[int | None, str | None]]
) -> Iterator[Difference]:
    """What trace_income gives for a taxpayer and year must add up to annual_income, to the last digit."""
    columns = ("role", "asset")
    for year, taxpayer in keys:
        if year is None or taxpayer is None:
            continue
        traced: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
        for role, asset, quantity, value in connection.execute(
            "select role, asset, quantity, value_kzt from trace_income(?, ?)", [taxpayer, year]
        ).fetchall():
            traced.setdefault((role, asset), []).append((quantity, value))
        with localcontext(prec=PRECISION):
            reckoned = {
                place: {
                    "row_count": len(rows),
                    "quantity": sum(quantity for quantity, _ in rows),
                    "income_kzt": sum(value for _, value in rows if value is not None),
                }
                for place, rows in traced.items()
            }
        told = {
            row[:2]: dict(zip(("row_count", "quantity", "income_kzt"), row[2:], strict=True))
            for row in connection.execute(
                "select role, asset, row_count, quantity, income_kzt from annual_income "
                "where year = ? and taxpayer_id = ?",
                [year, taxpayer],
            ).fetchall()
        }
        for found in compared("trace_income", columns, told, reckoned, Sums()):
            yield replace(found, year=year, taxpayer_id=taxpayer)
