"""What a made-up filing consists of, before anything is written: shared by the scenario, the writers and the ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from esep.demo.people import Miner, Pool


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
    """One package of the inbox with the office's stamp. Pool and period None: nothing readable tells them."""

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
        """What tells identical bytes apart from others: the name of the package that brought them first."""
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
