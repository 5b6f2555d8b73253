"""A small office whose figures change for every cause that a filing or a reference file can have; reported by its plan.

20.02.2025  January is filed              prices and rates, first version
20.03.2025  February is filed
10.04.2025  January is corrected: the miner got 1.25 BTC, not 1.5
05.05.2025  a new version of prices: BTC of 10.02.2025 was 96 000 dollars, not 95 000
"""

from __future__ import annotations

import shutil
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from filelock import FileLock

from esep.clock import TIMEZONE
from esep.config import Settings
from esep.warehouse import work
from filled_demo import shared_folder
from warehouse.warehouse_office import MINER, OTHER_MINER, Office, finding, row, value_of

PERSON = "061211600012"
MISTYPED = "790107300600"
HOSTILE = "230640000028"
HOSTILE_NAME = '=HYPERLINK("http://x.example";"<b>ТОО</b>")'

JANUARY, FEBRUARY = Decimal("90000.5"), Decimal("96000")
"""Dollars of a BTC on 13.01.2025 and 10.02.2025."""
FEBRUARY_BEFORE = Decimal("95000")
RATE_JANUARY, RATE_FEBRUARY = Decimal("500"), Decimal("510.25")

PLACE = {"file": "1-ЦМ.xlsx", "sheet": "1-ЦМ"}


def filled(home: Path, empty_work: Path) -> Office:
    """The office as it stands after the last day of the plan."""
    settings = Settings(home=home)
    shutil.copytree(empty_work, work.folder(settings))
    office = Office(settings, live=True)
    february = ("2025-02-10,BTC,{},USD", "2025-02-10,LTC,100,USD")
    january = "2025-01-13,BTC,90000.5,USD"
    office.prices(january, *(line.format("95000") for line in february))
    office.rates("2025-01-13,USD,500", "2025-02-10,USD,510.25")
    rows = [
        row("2025-01-13", "BTC", "1.5", reward="0.015"),
        row("2025-01-13", "ETH", "2", taxpayer=OTHER_MINER, name="ТОО «Есіл»"),
        row("2025-01-13", "BTC", "0.1", taxpayer=PERSON, name="ИП Абаев Әлихан"),
        row("2025-01-13", "BTC", "0.01", taxpayer=MISTYPED, name="ЖК Жаңа Шолпан", state="wrong_check_digit"),
        row("2025-01-13", "BTC", "0.001", taxpayer=HOSTILE, name=HOSTILE_NAME),
        row("2025-01-13", "BTC", None, taxpayer=OTHER_MINER, name="ТОО «Есіл»", quantity_text="көп"),
    ]
    doubt = finding("R-65", occurrences=1) | PLACE | {"row": 11, "column_no": "5"}
    office.file("2025-02-20 10:00", rows, findings=[doubt])
    office.refresh(_at(2025, 2, 20))
    more = [
        row("2025-02-10", "BTC", "0.5"),
        row("2025-02-10", "LTC", "0.123456789012345678"),
        row("2025-02-10", "ДемоКоин", "7", taxpayer=OTHER_MINER, name="ТОО «Есіл»"),
        row(None, "LTC", "3", taxpayer=OTHER_MINER, name="ТОО «Есіл»"),
    ]
    office.file("2025-03-20 10:00", more, period="2025-02-01")
    office.refresh(_at(2025, 3, 20))
    corrected = [row("2025-01-13", "BTC", "1.25", reward="0.015"), *rows[1:]]
    office.file("2025-04-10 10:00", corrected, findings=[doubt])
    office.refresh(_at(2025, 4, 10))
    office.prices(january, *(line.format("96000") for line in february))
    office.refresh(_at(2025, 5, 5))
    return office


def shared(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> Office:
    """One filled office for all test processes, to be read only; made by the process that comes first."""
    folder = shared_folder(tmp_path_factory)
    with FileLock(folder / "figure_office.lock"):
        if not (folder / "figure_office").exists():
            filled(folder / "figure_office", empty_work)
    return Office(Settings(home=folder / "figure_office"), live=True)


def _at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 18, 0, tzinfo=TIMEZONE)


def income_of_miner(quantity: str = "1.25", price: Decimal = FEBRUARY) -> Decimal:
    """What MINER's income of 2025 is with these two values of the plan."""
    return (
        value_of(quantity, JANUARY, RATE_JANUARY)
        + value_of("0.5", price, RATE_FEBRUARY)
        + value_of("0.123456789012345678", "100", RATE_FEBRUARY)
    )


__all__ = ["HOSTILE", "HOSTILE_NAME", "MINER", "MISTYPED", "OTHER_MINER", "PERSON", "income_of_miner", "shared"]
