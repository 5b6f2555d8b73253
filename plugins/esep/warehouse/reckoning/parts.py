"""What the rows of a filing bring to the figures, added up one by one (paras 3 and 11)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from esep.config import Settings
from esep.warehouse.reckoning.filings import Filing
from esep.warehouse.reckoning.knowledge import PRECISION, Knowledge

COUNTED_BELOW = Decimal(10**15)
"""Units. A quantity as large or larger is in no figure."""
VALUED_BELOW = Decimal(10**14)
"""Units. A quantity as large or larger counts and has no value."""
WORTH_BELOW = Decimal(10**15)
"""Tenge: bound of a row, and of a filing, whose largest rows are left without a value (row_beyond_value_due)."""
LAST = Decimal("1e-12")
"""Tenge: the last decimal of a value."""


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
    """Whose part it is: the columns by which income_part tells parts of a filing apart."""

    year: int | None
    period: date | None
    role: str
    taxpayer_id: str | None
    asset: str | None
    share: Decimal | None


@dataclass(slots=True)
class Part:
    """Sums over rows; `income` in tenge."""

    rows: int = 0
    quantity: Decimal = Decimal(0)
    valued: Decimal = Decimal(0)
    income: Decimal = Decimal(0)

    def add(self, other: Part) -> None:
        """Within a context of PRECISION digits."""
        self.rows += other.rows
        self.quantity += other.quantity
        self.valued += other.valued
        self.income += other.income


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
        table = pq.ParquetFile(settings.lake / path).read(columns=list(LakeRow._fields))
        if taxpayers is not None:
            table = table.filter(pc.is_in(table["taxpayer_id"], pa.array(sorted(taxpayers), pa.string())))
        columns = (table[name].to_pylist() for name in LakeRow._fields)
        rows += map(LakeRow._make, zip(*columns, strict=True))
    return rows


def taxpayers_of(settings: Settings, filing: Filing) -> set[str]:
    """Who received something by the lake's rows of a filing; raises like `rows_of`."""
    tables = (pq.ParquetFile(settings.lake / path).read(columns=["taxpayer_id"]) for path in filing.lake)
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
    """The parts of a filing. Where a day could not be read, the first of the filing's period stands for it."""
    parts: dict[Key, Part] = {}
    with localcontext(prec=PRECISION):
        for one in received(rows, pool_id, knowledge):
            day = one.day or period
            share = knowledge.share(one.role, day, one.asset)
            month = day.replace(day=1) if day else None
            key = Key(day.year if day else None, month, one.role, one.taxpayer_id, one.asset, share)
            part = parts.get(key)
            if part is None:
                part = parts[key] = Part()
            part.rows += 1
            part.quantity += one.quantity
            if one.value is not None:
                part.valued += one.quantity
                part.income += one.value
    return parts
