"""What a made-up filing consists of, before anything is written, and its made-up rows with the planted faults."""

from __future__ import annotations

import calendar
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from esep.demo.people import Miner, Pool

_SIZE = {
    "BTC": ("0.09", 8),
    "LTC": ("14", 8),
    "DOGE": ("9000", 8),
    "DASH": ("20", 8),
    "BCH": ("6", 8),
    "ZEC": ("25", 8),
    "ETC": ("40", 18),
    "TRX": ("12000", 6),
    "XMR": ("5", 12),
    "ZEN": ("90", 8),
    "SC": ("150000", 12),
    "ETH": ("1.6", 18),
}
"""Largest quantity of one distribution, and its decimals."""

UNKNOWN_ASSET = "ДемоКоин"


class Fault(StrEnum):
    """Why a package is incomplete (para 8). What happens to the package when it is written follows from it."""

    NO_APPLICATION = "Annex 1 is missing"
    NO_SIGNATURE = "the electronic signature is missing"
    NO_PHONE = "the footer of 1-ЦМ has no telephone"
    EMPTY_CELL = "a data row has no wallet"
    NO_ROWS = "1-ЦМ has no data rows"
    TRUNCATED_FORM = "the 1-ЦМ workbook is cut off"
    NOT_A_FILING = "nothing in it is a filing"


@dataclass(frozen=True, slots=True)
class Row:
    """One distribution as the ledger must see it; `cells` holds what is written instead of the usual text.

    `day` or `quantity` None: what is written there cannot be read. `faults` are the findings (column, text of the
    cell) that an examination has to report for this row.
    """

    miner: Miner
    taxpayer: str
    """Number under which the row counts."""
    day: date | None
    asset: str
    quantity: Decimal | None
    reward_asset: str
    reward: Decimal
    cells: dict[str, str | int] = field(default_factory=dict)
    faults: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Package:
    """One package of the inbox with the office's stamp. Pool and period None: nothing readable names them."""

    name: str
    received_at: datetime
    incoming_no: str
    pool: Pool | None = None
    period: date | None = None
    rows: tuple[Row, ...] = ()
    fault: Fault | None = None
    repeats: str | None = None
    """Name of an earlier package whose bytes come again."""
    change_date: date | None = None
    hostile: str | None = None
    """Key of a broken file in `documents.HOSTILE`, which is then all there is."""

    @property
    def content(self) -> str:
        """What distinguishes identical bytes from others: the name of the package that brought them first."""
        return self.repeats or self.name


class ConfirmedSilence(NamedTuple):
    """An officer found out that a silent pool had distributed in the month: its data were not filed."""

    pool: Pool
    period: date
    decided_at: datetime


class Plan(NamedTuple):
    """A whole demo: who files, and everything that arrives, in order of arrival."""

    pools: tuple[Pool, ...]
    packages: tuple[Package, ...]
    confirmed: tuple[ConfirmedSilence, ...] = ()


Planter = Callable[[list[Row], random.Random], None]
"""Changes some of the rows."""


def make_rows(rng: random.Random, pool: Pool, period: date) -> tuple[Row, ...]:
    """Three distributions a month to every member and two of the pool to itself, by day."""
    receivers = [miner for miner in pool.miners for _ in range(3)] + [pool.own] * 2
    rows = [_row(rng, pool, period, miner) for miner in receivers]
    return tuple(sorted(rows, key=lambda row: (row.day or period, row.asset)))


def _row(rng: random.Random, pool: Pool, period: date, miner: Miner) -> Row:
    asset = rng.choice(pool.assets)
    day = period.replace(day=rng.randint(1, calendar.monthrange(period.year, period.month)[1]))
    quantity = _quantity(rng, asset)
    reward = (quantity * rng.randint(10, 25) / 1000).quantize(Decimal("1e-6"))
    return Row(miner, miner.number, day, asset, quantity, asset, reward)


def _quantity(rng: random.Random, asset: str) -> Decimal:
    largest, decimals = _SIZE[asset]
    units = int(Decimal(largest).scaleb(decimals))
    return Decimal(rng.randint(units // 50, units)).scaleb(-decimals)


def changed(rng: random.Random, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """A corrected version: five quantities differ and one row is gone."""
    result = list(rows)
    for index in rng.sample([i for i, row in enumerate(result) if not row.cells and not row.faults], 5):
        result[index] = replace(result[index], quantity=_quantity(rng, result[index].asset))
    del result[rng.randrange(len(result))]
    return tuple(result)


def _licensed(rows: list[Row], rng: random.Random) -> int:
    """The place of some row of a miner, not of the pool itself."""
    return rng.choice([i for i, row in enumerate(rows) if row.miner.licence_no and not row.faults])


def _on_a_row(change: Callable[[Row], dict[str, Any]]) -> Planter:
    """Some row of a miner differs by these fields."""

    def planted(rows: list[Row], rng: random.Random) -> None:
        at = _licensed(rows, rng)
        rows[at] = replace(rows[at], **change(rows[at]))

    return planted


def _wrong_check_digit(row: Row) -> dict[str, Any]:
    wrong = row.miner.number[:-1] + str((int(row.miner.number[-1]) + 1) % 10)
    return {"taxpayer": wrong, "cells": {"miner_id": wrong}, "faults": (("3", wrong),)}


def _late_day(row: Row) -> dict[str, Any]:
    """A distribution of 2 January in December's form: it belongs to the year of its own date."""
    assert row.day is not None
    return {"day": date(row.day.year + 1, 1, 2), "faults": (("6", ""),)}


def _unreadable(field: str, cell: str, column_no: str, text: str) -> Planter:
    return _on_a_row(lambda _: {field: None, "cells": {cell: text}, "faults": ((column_no, text),)})


def _lost_zeros(rows: list[Row], rng: random.Random) -> None:
    at = next(i for i, row in enumerate(rows) if row.miner.number.startswith("0") and row.miner.licence_no)
    bare = int(rows[at].miner.number)
    rows[at] = replace(rows[at], cells={"miner_id": bare}, faults=(("3", str(bare)),))


def _doubled_row(rows: list[Row], rng: random.Random) -> None:
    rows.append(rows[_licensed(rows, rng)])


def _shared_wallet(rows: list[Row], rng: random.Random) -> None:
    """Somebody's row names the wallet of somebody else who received the same asset."""
    first = rows[_licensed(rows, rng)]
    others = [i for i, row in enumerate(rows) if row.asset == first.asset and row.miner.licence_no and not row.faults]
    second = next(i for i in others if rows[i].miner is not first.miner)
    rows[second] = replace(rows[second], cells={"wallet": first.miner.wallets[first.asset]})


def _borrowed_wallet(rows: list[Row], _: random.Random) -> None:
    """A row names the wallet of somebody who received the asset in other months only: no filing by itself shows it."""
    receivers = {(row.miner.number, row.asset) for row in rows}
    pairs = [
        (at, other)
        for at, row in enumerate(rows)
        for other in {row.miner.number: row.miner for row in rows}.values()
        if row.miner.licence_no and other.licence_no and not row.faults
        if row.asset in other.wallets and (other.number, row.asset) not in receivers
    ]
    at, other = pairs[len(pairs) // 2]
    rows[at] = replace(rows[at], cells={"wallet": other.wallets[rows[at].asset]})


PLANTED: dict[str, Planter] = {
    "wrong_check_digit": _on_a_row(_wrong_check_digit),
    "lost_zeros": _lost_zeros,
    "late_day": _on_a_row(_late_day),
    "impossible_day": _unreadable("day", "distributed_on", "6", "31.02.2025"),
    "unreadable_quantity": _unreadable("quantity", "quantity", "8", "нақтыланады"),
    "negative_quantity": _on_a_row(lambda _: {"quantity": Decimal("-0.001"), "faults": (("8", ""),)}),
    "unknown_asset": _on_a_row(
        lambda _: {"asset": UNKNOWN_ASSET, "cells": {"asset": UNKNOWN_ASSET}, "faults": (("7", UNKNOWN_ASSET),)}
    ),
    "doubled_row": _doubled_row,
    "shared_wallet": _shared_wallet,
    "borrowed_wallet": _borrowed_wallet,
}
"""Faults that never lead to a refusal: those that the form proves to a notice (para 10), others to a question."""


def plant(rng: random.Random, rows: tuple[Row, ...], names: tuple[str, ...]) -> tuple[Row, ...]:
    """The rows with the named faults in them, in the given order."""
    result = list(rows)
    for name in names:
        PLANTED[name](result, rng)
    return tuple(result)
