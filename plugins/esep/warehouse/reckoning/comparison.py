"""What the warehouse says of rows, filings, taxpayers and pools, compared with sums that were worked out from rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

import duckdb

from esep.clock import month_after
from esep.warehouse import calls
from esep.warehouse.reckoning.filings import Filing
from esep.warehouse.reckoning.parts import EXACT, Key, Knowledge, LakeRow, Part
from esep.warehouse.reckoning.result import Difference
from esep.warehouse.reckoning.stored import Place, Scope, conditions, in_periods, parts_of_filings

_CENT = Decimal("0.01")
_PLACE = ("year", "role", "taxpayer_id", "asset")
_INCOME = ("row_count", "quantity", "valued_quantity", "unvalued_quantity", "income_kzt")
_TOTAL = ("exact_income_kzt", "income_kzt", "unvalued_assets", "unvalued_asset_count")
_OBLIGATION = ("base_quantity", "quantity_to_sell", "decimals", "asset_class")
_TRACED = ("row_count", "quantity", "income_kzt")
_DIFFERENT_ROWS = 3
"""Rows of a filing that differ from the lake's and are named."""
_At = tuple[Any, ...]
_Rows = Mapping[_At, Mapping[str, object]]
"""Values by column, by the columns that identify a row."""


class Owned(NamedTuple):
    """A part and whose filing brought it."""

    key: Key
    pool_id: str | None

    @property
    def place(self) -> _At:
        return (self.key.year, self.key.role, self.key.taxpayer_id, self.key.asset)


@dataclass(slots=True)
class Sums:
    """Parts of the filings in force, added up, and which filings they came from."""

    parts: dict[Owned, Part] = field(default_factory=dict)
    numbers: dict[_At, set[str]] = field(default_factory=dict)
    """Registration numbers by year, role, taxpayer and asset."""

    def add(self, numbers: Collection[str], pool_id: str | None, parts: Mapping[Key, Part]) -> None:
        """Add the parts that these filings of a pool, or of any if `pool_id` is None, brought together."""
        for key, part in parts.items():
            owned = Owned(key, pool_id)
            self.parts.setdefault(owned, Part()).add(part)
            self.numbers.setdefault(owned.place, set()).update(numbers)

    def grouped(self, group: Callable[[Owned], _At | None]) -> dict[_At, Part]:
        """Sums by what `group` makes of a part's key; None leaves a part out."""
        found: dict[_At, Part] = {}
        for owned, part in self.parts.items():
            place = group(owned)
            if place is not None:
                found.setdefault(place, Part()).add(part)
        return found


def differences(
    connection: duckdb.DuckDBPyConnection, sums: Sums, scope: Scope, knowledge: Knowledge
) -> Iterator[Difference]:
    """Where annual and monthly income, totals and obligations differ from the sums, of the taxpayers of the scope."""
    annual = sums.grouped(lambda one: one.place)
    monthly = sums.grouped(lambda one: (*one.place, one.key.period))
    for relation, columns, values, reckoned in (
        ("annual_income", _PLACE, _INCOME, _figures(annual)),
        ("monthly_income", (*_PLACE, "period"), _INCOME, _figures(monthly)),
        ("annual_income_total", _PLACE[:3], _TOTAL, _totals(annual)),
        ("sale_obligation", (*_PLACE, "share"), _OBLIGATION, _obliged(sums, knowledge)),
        ("monthly_sale_obligation", (*_PLACE, "share", "period"), _OBLIGATION, _obliged(sums, knowledge, monthly=True)),
    ):
        recorded: dict[_At, Mapping[str, object]] = {}
        for condition, taxpayers in conditions(scope):
            source = f"from {relation} where {condition}"
            recorded |= _stated(connection, source, columns, values, taxpayers=taxpayers)
        yield from _compared(relation, columns, recorded, _of(scope, reckoned), sums)


def _of(scope: Scope, rows: _Rows) -> _Rows:
    return {at: row for at, row in rows.items() if scope is None or (at[0], at[2]) in scope}


def pool_differences(
    connection: duckdb.DuckDBPyConnection, sums: Sums, pools: Collection[str | None] | None, periods: Collection[date]
) -> Iterator[Difference]:
    """The same of income_by_pool, for some pools and months; all of them if `pools` is None."""

    def is_asked(pool_id: str | None, period: date | None) -> bool:
        return pools is None or (pool_id in pools and period in periods)

    columns = ("year", "role", "pool_id", "asset", "period")
    parts = sums.grouped(
        lambda one: (
            (one.key.year, one.key.role, one.pool_id, one.key.asset, one.key.period)
            if is_asked(one.pool_id, one.key.period)
            else None
        )
    )
    within = "" if pools is None else f" where {in_periods(periods)}"
    rows = _stated(connection, f"from income_by_pool{within}", columns, _INCOME)
    recorded = {at: row for at, row in rows.items() if is_asked(at[2], at[4])}
    yield from _compared("income_by_pool", columns, recorded, _figures(parts), sums)


def part_differences(
    connection: duckdb.DuckDBPyConnection, filing: Filing, parts: Mapping[Key, Part], taxpayers: Collection[str] | None
) -> Iterator[Difference]:
    """income_part of a filing against its rows; of some miners only if `taxpayers` names them."""
    stored = {
        key: part
        for key, part in parts_of_filings(connection, [filing.key]).get(filing.key, {}).items()
        if taxpayers is None or (key.role == "miner" and key.taxpayer_id in taxpayers)
    }
    sums = Sums()
    sums.add([filing.number], filing.pool_id, parts)
    yield from _compared("income_part", Key._fields, _figures(stored), _figures(parts), sums)


def row_differences(
    connection: duckdb.DuckDBPyConnection, filing: Filing, rows: Collection[LakeRow]
) -> Iterator[Difference]:
    """distribution_row of a filing against the lake's rows, cell by cell."""
    source = "from internal.distribution_row where filing_key = $key"
    stored = {LakeRow(*row) for row in calls.rows(connection, LakeRow._fields, source, key=filing.key)}
    differing = sorted(stored.symmetric_difference(rows), key=lambda row: (row.file, row.sheet, row.row))
    for place in list(dict.fromkeys(row[:3] for row in differing))[:_DIFFERENT_ROWS]:
        recorded = [row for row in stored if row[:3] == place]
        known = [row for row in rows if row[:3] == place]
        one = (recorded or known)[0]
        yield Difference(
            "distribution_row",
            one.distributed_on.year if one.distributed_on else None,
            "miner",
            one.taxpayer_id,
            one.asset,
            f"{one.file}, {one.sheet}, row {one.row}",
            _words(recorded),
            _words(known),
            filing.lake,
        )


def _words(rows: list[LakeRow]) -> str:
    return "; ".join(" ".join(_word(value) for value in row[3:]) for row in rows) or "nothing"


def _word(value: object) -> str:
    return "–" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def trace_differences(connection: duckdb.DuckDBPyConnection, places: Iterable[Place]) -> Iterator[Difference]:
    """What trace_income gives for a taxpayer and year must add up to annual_income, to the last digit."""
    for year, taxpayer in places:
        if year is None or taxpayer is None:
            continue
        asked = {"year": year, "taxpayer": taxpayer}
        traced: dict[_At, Part] = {}
        rows = calls.rows(
            connection, ("role", "asset", "quantity", "value_kzt"), "from trace_income($taxpayer, $year)", **asked
        )
        for role, asset, quantity, value in rows:
            traced.setdefault((year, role, taxpayer, asset), Part()).count(quantity, value)
        source = "from annual_income where year = $year and taxpayer_id = $taxpayer"
        recorded = _stated(connection, source, _PLACE, _TRACED, **asked)
        yield from _compared("trace_income", _PLACE, recorded, _figures(traced, _TRACED), Sums())


def _stated(
    connection: duckdb.DuckDBPyConnection, source: str, columns: tuple[str, ...], values: tuple[str, ...], **asked: Any
) -> _Rows:
    """Values of a source by the columns that identify its rows."""
    rows = calls.rows(connection, (*columns, *values), source, **asked)
    return {row[: len(columns)]: dict(zip(values, row[len(columns) :], strict=True)) for row in rows}


def _compared(
    relation: str, columns: tuple[str, ...], recorded: _Rows, reckoned: _Rows, sums: Sums
) -> Iterator[Difference]:
    """Each value that differs; a row that only one of both has differs as a whole."""
    for place in sorted({*recorded, *reckoned}, key=repr):
        named = dict(zip(columns, place, strict=True))
        own = tuple(named.get(name) for name in _PLACE)
        year, role, _, asset = own
        holder = named.get("taxpayer_id", named.get("pool_id"))
        more = "".join(f" of {name} {named[name]}" for name in ("period", "share") if name in named)
        numbers = tuple(sorted(sums.numbers.get(own, ())))
        if place not in recorded or place not in reckoned:
            there, missing = ("recorded", "no row") if place in recorded else ("no row", "a row")
            yield Difference(relation, year, role, holder, asset, f"the row{more}", there, missing, numbers)
            continue
        for name, value in reckoned[place].items():
            found = recorded[place][name]
            if value != found:
                yield Difference(relation, year, role, holder, asset, f"{name}{more}", found, value, numbers)


def _figures(parts: Mapping[Any, Part], names: tuple[str, ...] = _INCOME) -> _Rows:
    return {
        tuple(place): {name: value for name, value in part.figures.items() if name in names}
        for place, part in parts.items()
    }


def _totals(annual: Mapping[_At, Part]) -> _Rows:
    whole: dict[_At, Part] = {}
    unvalued: dict[_At, list[str | None]] = {}
    for (*place, asset), part in annual.items():
        whole.setdefault(tuple(place), Part()).add(part)
        if part.quantity != part.valued:
            unvalued.setdefault(tuple(place), []).append(asset)
    return {
        place: {
            "exact_income_kzt": part.income,
            "income_kzt": part.income.quantize(_CENT, ROUND_HALF_UP, EXACT),
            "unvalued_assets": ", ".join(sorted(filter(None, unvalued.get(place, ())))) or None,
            "unvalued_asset_count": len(unvalued.get(place, ())),
        }
        for place, part in whole.items()
    }


def _obliged(sums: Sums, knowledge: Knowledge, *, monthly: bool = False) -> _Rows:
    """An asset whose class is undecided has neither a share nor units to sell."""
    known = {row["ticker"] for row in knowledge.assets}

    def group(one: Owned) -> _At | None:
        if not one.key.is_undecided and (one.key.share is None or one.key.asset not in known):
            return None
        return (*one.place, one.key.share, one.key.period) if monthly else (*one.place, one.key.share)

    def owed(place: _At, base: Decimal) -> tuple[object, ...]:
        if place[4] is None:
            return base, None, None, "undecided"
        last_day = _last_day(place)
        return (
            base,
            knowledge.to_sell(base, place[4], place[3], last_day),
            knowledge.decimals(place[3], last_day),
            "unbacked",
        )

    return {
        place: dict(zip(_OBLIGATION, owed(place, part.quantity), strict=True))
        for place, part in sums.grouped(group).items()
        if part.quantity or place[4] is not None
    }


def _last_day(place: _At) -> date:
    """Of the month that ends the place, or of its year."""
    if isinstance(place[-1], date):
        return month_after(place[-1]) - timedelta(days=1)
    return date(place[0], 12, 31)
