"""What the rows of a filing bring to the figures, added up one by one (paras 3 and 11).

What one unit is worth on a day, which share of it is to be sold, and how finely, is chosen anew from the sources: facts
on valuation, rules 1 to 3 and 6 (price of the working day on or before the day of receipt, the last rate up to that
day), and para 11 with the dated `sale_rule` (share by day of distribution, unbacked assets only; one on no list has no
share and class undecided).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from esep.config import Settings
from esep.lake import files as lake_files
from esep.law import tables
from esep.law.calendar import FIRST_YEAR, LAST_YEAR, WorkingCalendar, working_calendar
from esep.warehouse.reckoning.days import Days
from esep.warehouse.reckoning.filings import Filing

EXACT = Context(prec=120)
"""A quantity (38 digits), a price (38) and a rate (38) multiply exactly."""
FINEST = 18
"""Decimals of a quantity: an asset with more is rounded up at the last one that a quantity has."""
COUNTED_BELOW = Decimal(10**15)
"""Units. A quantity as large or larger is in no figure."""
VALUED_BELOW = Decimal(10**14)
"""Units. A quantity as large or larger counts and has no value."""
WORTH_BELOW = Decimal(10**15)
"""Tenge: bound of a row, and of a filing, whose largest rows are left without a value (row_beyond_value_due)."""
LAST = Decimal("1e-12")
"""Tenge: the last decimal of a value."""
_END = date(9999, 12, 31)
_DAY = timedelta(days=1)


def law_of(rows: Iterable[Mapping[str, Any]], day: date) -> list[Mapping[str, Any]]:
    """The rows of a dated table that are valid on a day."""
    return [row for row in rows if row["valid_from"] <= day <= (row["valid_to"] or _END)]


@dataclass(slots=True)
class Knowledge:
    """Prices and rates in force and the law's tables. Answers are kept by day and asset."""

    prices: Days
    rates: Days
    assets: Sequence[Mapping[str, Any]]
    sale_rules: Sequence[Mapping[str, Any]]
    price_list: Sequence[Mapping[str, Any]]
    calendar: WorkingCalendar
    _values: dict[tuple[date, str], Decimal | None] = field(default_factory=dict)
    _shares: dict[tuple[str, date, str], Decimal | None] = field(default_factory=dict)
    _undecided: dict[tuple[str, date, str | None], bool] = field(default_factory=dict)

    def unit_value(self, day: date | None, asset: str | None) -> Decimal | None:
        """Tenge for one unit received on the day, exact; None without a day, a price or a rate."""
        if day is None or asset is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
            return None
        key = (day, asset)
        if key not in self._values:
            self._values[key] = self._unit_value(day, asset)
        return self._values[key]

    def _unit_value(self, day: date, asset: str) -> Decimal | None:
        worked = day
        while not self.calendar.is_working(worked):
            worked -= _DAY
        if not any(row["ticker"] == asset for row in law_of(self.price_list, day)):
            return None  # rule 6: a price for what is off the list of its day is not used
        priced = next((row for row in self.prices.on(worked) if row["asset"] == asset), None)
        rate = self._rate(priced["currency"], day) if priced else None
        if priced is None or rate is None:
            return None
        with localcontext(EXACT):
            value: Decimal = priced["price"] * rate
            return value

    def _rate(self, currency: str, day: date) -> Decimal | None:
        if currency == "KZT":
            return Decimal(1)
        return next((row["kzt_per_unit"] for row in self.rates.back_from(day) if row["currency"] == currency), None)

    def share(self, role: str, day: date | None, asset: str | None) -> Decimal | None:
        """The share of what a role receives on the day that is to be sold; None where no rule obliges it."""
        if day is None or asset is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
            return None
        key = (role, day, asset)
        if key not in self._shares:
            self._shares[key] = self._share(role, day, asset)
        return self._shares[key]

    def _share(self, role: str, day: date, asset: str) -> Decimal | None:
        classes = {row["asset_class"] for row in law_of(self.assets, day) if row["ticker"] == asset}
        shares = [row["share"] for row in law_of(self.sale_rules, day) if row["obliged_role"] == role]
        return max(shares) if shares and "unbacked" in classes else None

    def is_undecided(self, role: str, day: date | None, asset: str | None) -> bool:
        """Whether a rule obliges what the role receives on the day, of an asset that is on no list that day."""
        if day is None:
            return False
        key = (role, day, asset)
        if key not in self._undecided:
            obliged = any(row["obliged_role"] == role for row in law_of(self.sale_rules, day))
            listed = any(row["ticker"] == asset for row in law_of(self.assets, day))
            self._undecided[key] = obliged and not listed
        return self._undecided[key]

    def to_sell(self, base: Decimal, share: Decimal, asset: str, last_day: date) -> Decimal:
        """The share of a base, rounded up once at the smallest unit in force on the last day of the span (para 11)."""
        unit = Decimal(1).scaleb(-min(self.decimals(asset, last_day), FINEST))
        with localcontext(EXACT):
            return (max(base, Decimal(0)) * share).quantize(unit, rounding=ROUND_CEILING)

    def decimals(self, asset: str, day: date) -> int:
        """Decimals of the asset's smallest unit: of the latest row that begins by the day, else of the first one."""
        rows = sorted((row for row in self.assets if row["ticker"] == asset), key=lambda row: row["valid_from"])
        begun = [row for row in rows if row["valid_from"] <= day]
        return int((begun[-1] if begun else rows[0])["decimals"])


def knowledge_of(settings: Settings) -> Knowledge:
    """From the accepted versions in force and the tables of the law; the first of two equal days counts.

    Raises WarehouseError for a version that is missing or damaged.
    """
    return Knowledge(
        Days(settings, "price"),
        Days(settings, "exchange_rate"),
        tables.read("asset"),
        tables.read("sale_rule"),
        tables.read("price_list"),
        working_calendar(),
    )


class LakeRow(NamedTuple):
    """One data row of a filing, typed as the examination wrote it."""

    file: str
    sheet: str
    row: int
    taxpayer_id: str | None
    distributed_on: date | None
    asset: str | None
    quantity: Decimal | None
    reward_asset: str | None
    reward_quantity: Decimal | None


class Key(NamedTuple):
    """Whose part it is: the columns that identify a part of a filing in income_part."""

    year: int | None
    period: date | None
    role: str
    taxpayer_id: str | None
    asset: str | None
    share: Decimal | None
    is_undecided: bool


@dataclass(slots=True)
class Part:
    """Sums over rows; `income` in tenge."""

    rows: int = 0
    quantity: Decimal = Decimal(0)
    valued: Decimal = Decimal(0)
    income: Decimal = Decimal(0)

    def add(self, other: Part) -> None:
        self.rows += other.rows
        self.quantity = EXACT.add(self.quantity, other.quantity)
        self.valued = EXACT.add(self.valued, other.valued)
        self.income = EXACT.add(self.income, other.income)

    def count(self, quantity: Decimal, value: Decimal | None) -> None:
        """Add one row; `value` in tenge, None where it has none."""
        self.rows += 1
        self.quantity = EXACT.add(self.quantity, quantity)
        if value is not None:
            self.valued = EXACT.add(self.valued, quantity)
            self.income = EXACT.add(self.income, value)

    @property
    def figures(self) -> dict[str, object]:
        """The sums by the names of the warehouse's columns."""
        return {
            "row_count": self.rows,
            "quantity": self.quantity,
            "valued_quantity": self.valued,
            "unvalued_quantity": EXACT.subtract(self.quantity, self.valued),
            "income_kzt": self.income,
        }


class Received(NamedTuple):
    """A quantity of a row: column 8 of a miner, or 9.2 of the pool."""

    role: str
    taxpayer_id: str | None
    day: date | None
    asset: str | None
    quantity: Decimal
    value: Decimal | None
    """Tenge, rounded at the 12th decimal; None where it has none."""


def rows_of(settings: Settings, filing: Filing, taxpayers: Collection[str] | None = None) -> list[LakeRow]:
    """The lake's rows of a filing, or those of some taxpayers.

    Raises OSError or pyarrow's errors for a damaged file.
    """
    rows: list[LakeRow] = []
    for path in filing.lake:
        table = lake_files.opened(settings, path).read(columns=list(LakeRow._fields))
        if taxpayers is not None:
            table = table.filter(pc.is_in(table["taxpayer_id"], pa.array(sorted(taxpayers), pa.string())))
        columns = (table[name].to_pylist() for name in LakeRow._fields)
        rows += map(LakeRow._make, zip(*columns, strict=True))
    return rows


def taxpayers_of(settings: Settings, filing: Filing) -> set[str]:
    """Who received something by the lake's rows of a filing; raises like `rows_of`."""
    tables = (lake_files.opened(settings, path).read(columns=["taxpayer_id"]) for path in filing.lake)
    return {name for table in tables for name in table["taxpayer_id"].unique().to_pylist() if name is not None}


def received(rows: Iterable[LakeRow], pool_id: str | None, knowledge: Knowledge) -> list[Received]:
    """Every quantity that counts, with its value; the filing's largest have none if it would be worth too much."""
    found = []
    for row in rows:
        for role, taxpayer, asset, quantity in (
            ("miner", row.taxpayer_id, row.asset, row.quantity),
            ("pool", pool_id, row.reward_asset, row.reward_quantity),
        ):
            takes_none = role == "pool" and asset is None and not quantity  # facts, contradiction 19
            if quantity is not None and abs(quantity) < COUNTED_BELOW and not takes_none:
                value = _value(quantity, row.distributed_on, asset, knowledge)
                found.append(Received(role, taxpayer, row.distributed_on, asset, quantity, value))
    return _believable(found)


def _value(quantity: Decimal, day: date | None, asset: str | None, knowledge: Knowledge) -> Decimal | None:
    unit = knowledge.unit_value(day, asset)
    if unit is None or abs(quantity) >= VALUED_BELOW:
        return None
    value = quantity * unit
    return value.quantize(LAST, ROUND_HALF_UP) if abs(value) < WORTH_BELOW else None


def _believable(found: list[Received]) -> list[Received]:
    if sum(abs(one.value) for one in found if one.value is not None) < WORTH_BELOW:
        return found
    so_far = Decimal(0)
    bound = None
    for size in sorted(_whole_tenge(one.value) for one in found if one.value is not None):
        so_far += size
        if so_far >= WORTH_BELOW:
            bound = size
            break
    return [
        one._replace(value=None)
        if bound is not None and one.value is not None and _whole_tenge(one.value) >= bound
        else one
        for one in found
    ]


def _whole_tenge(value: Decimal) -> Decimal:
    return abs(value).to_integral_value(ROUND_FLOOR)


def added_up(
    rows: Iterable[LakeRow], pool_id: str | None, period: date | None, knowledge: Knowledge
) -> dict[Key, Part]:
    """The parts of a filing. Where a day could not be read, the first of the filing's period is taken instead."""
    parts: dict[Key, Part] = {}
    with localcontext(EXACT):
        for one in received(rows, pool_id, knowledge):
            day = one.day or period
            share = knowledge.share(one.role, day, one.asset)
            undecided = knowledge.is_undecided(one.role, day, one.asset)
            month = day.replace(day=1) if day else None
            key = Key(day.year if day else None, month, one.role, one.taxpayer_id, one.asset, share, undecided)
            parts.setdefault(key, Part()).count(one.quantity, one.value)
    return parts
