"""What the warehouse tells of some taxpayers, held against sums that were worked out from rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any, NamedTuple

import duckdb

from esep.clock import month_after
from esep.warehouse.reckoning.knowledge import PRECISION, Knowledge
from esep.warehouse.reckoning.parts import Key, Part
from esep.warehouse.reckoning.result import Difference

_CENT = Decimal("0.01")
_Values = Mapping[str, object]
_At = tuple[Any, ...]
_Rows = dict[_At, _Values]


class Owned(NamedTuple):
    """A part and whose filing brought it."""

    key: Key
    pool_id: str | None


@dataclass(slots=True)
class Sums:
    """Parts of the filings in force, added up, and which filings they came from."""

    parts: dict[Owned, Part] = field(default_factory=dict)
    numbers: dict[tuple[Any, ...], set[str]] = field(default_factory=dict)
    """Registration numbers by year, role, taxpayer and asset."""

    def add(self, number: str, pool_id: str | None, parts: Mapping[Key, Part]) -> None:
        with localcontext(prec=PRECISION):
            for key, part in parts.items():
                self.parts.setdefault(Owned(key, pool_id), Part()).add(part)
                place = (key.year, key.role, key.taxpayer_id, key.asset)
                self.numbers.setdefault(place, set()).add(number)

    def grouped(self, group: Callable[[Owned], tuple[Any, ...] | None]) -> dict[tuple[Any, ...], Part]:
        """Sums by what `group` makes of a part's key; None leaves a part out."""
        found: dict[tuple[Any, ...], Part] = {}
        with localcontext(prec=PRECISION):
            for owned, part in self.parts.items():
                place = group(owned)
                if place is not None:
                    found.setdefault(place, Part()).add(part)
        return found


@dataclass(frozen=True, slots=True)
class Scope:
    """Which years and taxpayers are compared; None for all."""

    keys: frozenset[tuple[int | None, str | None]] | None = None

    def holds(self, year: int | None, taxpayer_id: str | None) -> bool:
        return self.keys is None or (year, taxpayer_id) in self.keys


def differences(
    connection: duckdb.DuckDBPyConnection, sums: Sums, scope: Scope, knowledge: Knowledge
) -> Iterator[Difference]:
    """What annual and monthly income, totals and obligations tell otherwise, of the taxpayers of the scope."""
    annual = sums.grouped(lambda one: (one.key.year, one.key.role, one.key.taxpayer_id, one.key.asset))
    monthly = sums.grouped(lambda one: (one.key.year, one.key.role, one.key.taxpayer_id, one.key.asset, one.key.period))
    obliged = _obliged(sums, knowledge)
    by_month = _obliged(sums, knowledge, monthly=True)
    place = ("year", "role", "taxpayer_id", "asset")
    for relation, columns, reckoned in (
        ("annual_income", place, _incomes(annual)),
        ("monthly_income", (*place, "period"), _incomes(monthly)),
        ("annual_income_total", place[:3], _totals(annual)),
        ("sale_obligation", (*place, "share"), obliged),
        ("monthly_sale_obligation", (*place, "share", "period"), by_month),
    ):
        told = _told(connection, relation, columns, reckoned, scope)
        yield from compared(relation, columns, told, reckoned, sums)


def pool_differences(
    connection: duckdb.DuckDBPyConnection, sums: Sums, pools: Collection[str | None] | None, periods: Collection[date]
) -> Iterator[Difference]:
    """The same of income_by_pool, for some pools and months; all of them if `pools` is None."""
    columns = ("year", "role", "pool_id", "asset", "period")
    reckoned = _incomes(
        sums.grouped(
            lambda one: (
                (one.key.year, one.key.role, one.pool_id, one.key.asset, one.key.period)
                if pools is None or (one.pool_id in pools and one.key.period in periods)
                else None
            )
        )
    )
    names = ", ".join((*columns, *_VALUES["income_by_pool"]))
    rows = connection.execute(f"select {names} from income_by_pool").fetchall()  # noqa: S608 - names of this module
    told = {
        row[: len(columns)]: dict(zip(_VALUES["income_by_pool"], row[len(columns) :], strict=True))
        for row in rows
        if pools is None or (row[2] in pools and row[4] in periods)
    }
    yield from compared("income_by_pool", columns, told, reckoned, sums)


_INCOME = ("row_count", "quantity", "valued_quantity", "unvalued_quantity", "income_kzt")
_OBLIGATION = ("base_quantity", "quantity_to_sell", "decimals")
_VALUES: Mapping[str, tuple[str, ...]] = {
    "annual_income": _INCOME,
    "monthly_income": _INCOME,
    "income_by_pool": _INCOME,
    "annual_income_total": ("exact_income_kzt", "income_kzt", "unvalued_assets", "unvalued_asset_count"),
    "sale_obligation": _OBLIGATION,
    "monthly_sale_obligation": _OBLIGATION,
}


def compared(
    relation: str, columns: tuple[str, ...], told: Mapping[_At, _Values], reckoned: Mapping[_At, _Values], sums: Sums
) -> Iterator[Difference]:
    """Each value that differs; a row that only one of both has differs as a whole."""
    for place in sorted({*told, *reckoned}, key=repr):
        named = dict(zip(columns, place, strict=True))
        own = (named.get("year"), named.get("role"), named.get("taxpayer_id"), named.get("asset"))
        holder = named.get("taxpayer_id", named.get("pool_id"))
        more = "".join(f" of {name} {named[name]}" for name in ("period", "share") if name in named)
        numbers = tuple(sorted(sums.numbers.get(own, ())))
        if place not in told or place not in reckoned:
            there, missing = ("told", "no row") if place in told else ("no row", "a row")
            yield Difference(relation, own[0], own[1], holder, own[3], f"the row{more}", there, missing, numbers)
            continue
        for name, value in reckoned[place].items():
            found = told[place][name]
            if value != found:
                yield Difference(relation, own[0], own[1], holder, own[3], f"{name}{more}", found, value, numbers)


def _incomes(parts: Mapping[tuple[Any, ...], Part]) -> _Rows:
    with localcontext(prec=PRECISION):
        return {
            place: {
                "row_count": part.rows,
                "quantity": part.quantity,
                "valued_quantity": part.valued,
                "unvalued_quantity": part.quantity - part.valued,
                "income_kzt": part.income,
            }
            for place, part in parts.items()
        }


def _totals(annual: Mapping[tuple[Any, ...], Part]) -> _Rows:
    whole: dict[tuple[Any, ...], Part] = {}
    unvalued: dict[tuple[Any, ...], list[str | None]] = {}
    with localcontext(prec=PRECISION):
        for (*place, asset), part in annual.items():
            whole.setdefault(tuple(place), Part()).add(part)
            if part.quantity != part.valued:
                unvalued.setdefault(tuple(place), []).append(asset)
        return {
            place: {
                "exact_income_kzt": part.income,
                "income_kzt": part.income.quantize(_CENT, ROUND_HALF_UP),
                "unvalued_assets": ", ".join(sorted(filter(None, unvalued.get(place, ())))) or None,
                "unvalued_asset_count": len(unvalued.get(place, ())),
            }
            for place, part in whole.items()
        }


def _obliged(sums: Sums, knowledge: Knowledge, *, monthly: bool = False) -> _Rows:
    known = {row["ticker"] for row in knowledge.assets}

    def group(one: Owned) -> tuple[Any, ...] | None:
        if one.key.share is None or one.key.asset not in known:
            return None
        place = (one.key.year, one.key.role, one.key.taxpayer_id, one.key.asset, one.key.share)
        return (*place, one.key.period) if monthly else place

    return {
        place: {
            "base_quantity": part.quantity,
            "quantity_to_sell": knowledge.to_sell(part.quantity, place[4], place[3], _last_day(place)),
            "decimals": knowledge.decimals(place[3], _last_day(place)),
        }
        for place, part in sums.grouped(group).items()
    }


def _last_day(place: tuple[Any, ...]) -> date:
    """Of the month that ends the place, or of its year."""
    if isinstance(place[-1], date):
        return month_after(place[-1]) - timedelta(days=1)
    return date(place[0], 12, 31)


def _told(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: tuple[str, ...], reckoned: _Rows, scope: Scope
) -> _Rows:
    """Rows of the relation in the scope; what was reckoned beyond it is taken out."""
    values = _VALUES[relation]
    statement = f"select {', '.join((*columns, *values))} from {relation}"  # noqa: S608 - names of this module
    parameters: list[object] = []
    if scope.keys is not None:
        years = ", ".join(sorted({str(year) for year, _ in scope.keys if year is not None}) or ["null"])
        taxpayers = sorted({taxpayer for _, taxpayer in scope.keys if taxpayer is not None})
        statement += (
            f" where (year in ({years}) or year is null)"  # constants let DuckDB skip the other years
            " and (list_contains(?::varchar[], taxpayer_id) or taxpayer_id is null)"
        )
        parameters = [taxpayers]
        for place in [place for place in reckoned if not scope.holds(place[0], place[2])]:
            del reckoned[place]
    rows: Iterable[tuple[Any, ...]] = connection.execute(statement, parameters).fetchall()
    return {
        row[: len(columns)]: dict(zip(values, row[len(columns) :], strict=True))
        for row in rows
        if scope.holds(row[0], row[2])
    }
