"""A warehouse with a bit of everything that figures depend on, loaded and built, and ways to put a fault into it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from esep.config import PROJECT, Settings
from esep.warehouse import build, load, reference, work
from warehouse.warehouse_office import MINER, NOW, OTHER_MINER, OTHER_POOL, Office, finding, row

SQL = PROJECT / "sql"


def filled(home: Path, empty_work: Path) -> Office:
    """An office of its own with what `fill` files; nothing of it is loaded."""
    settings = Settings(home=home)
    shutil.copytree(empty_work, work.folder(settings))
    office = Office(settings)
    fill(office)
    return office


def fill(office: Office) -> None:
    """Two pools, two miners, two years, corrections, refusals, days off, other reward assets, unreadable cells."""
    office.prices(
        "2024-12-27,BTC,90,USD",
        "2024-12-30,BTC,95,USD",
        "2024-12-31,BTC,96,USD",
        "2025-01-06,BTC,100,USD",
        "2025-01-08,BTC,120,USD",
        "2025-01-10,BTC,130.123456789012,USD",
        "2025-01-11,BTC,777,USD",
        "2025-01-06,LTC,1000,KZT",
        "2025-01-10,LTC,1100,KZT",
        "2025-02-03,BTC,140,USD",
        "2025-02-03,LTC,7,EUR",
        "2025-01-10,ETH,9,USD",
    )
    office.rates("2024-12-20,USD,500", "2025-01-08,USD,510", "2025-01-11,USD,520.25", "2025-02-01,USD,530")
    january = [
        row("2024-12-28", quantity="0.123456789", reward="0.001"),
        row("2025-01-06", quantity="2", reward="3", reward_asset="LTC"),
        row("2025-01-08", quantity="1.5", reward="0.01"),
        row("2025-01-11", "LTC", "0.333333333333333333", taxpayer=OTHER_MINER, reward="0.01", reward_asset="BTC"),
        row(None, quantity="7", reward="0.5"),
        row("2025-01-10", quantity="0.00000001", taxpayer=OTHER_MINER),
        row("2025-01-10", "TRX", "1.0000005", taxpayer=OTHER_MINER),
        row("2025-01-10", quantity=None, quantity_text="?", taxpayer=OTHER_MINER),
        row("2025-01-10", "Мойкоин", "3"),
        row("2025-01-10", "ETH", "2"),
    ]
    office.file("2025-02-09", january, verdict="refused", findings=[finding("C-01", lane="completeness")])
    office.file("2025-02-10", [row("2025-01-06", quantity="1000")])
    office.file("2025-03-10", january)
    office.file("2025-02-12", [row("2025-01-06", quantity="4", reward="0.25")], pool=OTHER_POOL)
    february = [row("2025-02-03", quantity="5"), row("2025-02-03", "LTC", "6", taxpayer=OTHER_MINER)]
    office.file("2025-03-12", february, period="2025-02-01", findings=[finding()])
    office.register("2025-03-13")


def built(office: Office) -> None:
    """Everything but the checks."""
    reference.accept(office.settings, NOW)
    load.load(office.settings, NOW)
    build.build_marts(office.settings, NOW)


def copy_of(office: Office, home: Path) -> Office:
    """The same office in a folder of its own."""
    shutil.copytree(office.settings.home, home)
    return Office(Settings(home=home), serials=office.serials.copy())


@dataclass(frozen=True)
class Fault:
    """What is done to a sound warehouse: SQL statements, or a word of a file of sql/ put in place of another."""

    statement: str = ""
    file: str = ""
    old: str = ""
    new: str = ""
    again: bool = False
    """Whether the figures are worked out again with it, because stored tables depend on it."""

    def put_into(self, office: Office) -> None:
        with work.opened(office.settings) as connection:
            if self.file:
                replace(connection, self.file, self.old, self.new)
            for statement in filter(None, self.statement.split(";")):
                connection.execute(statement)
            if self.again:
                connection.execute("delete from internal.build_state")
                connection.execute(
                    "insert or ignore into internal.filing_to_value select filing_key from examination "
                    "where is_latest and accepted_from is not null"
                )
        if self.again:
            build.build_marts(office.settings, NOW)


def replace(connection: duckdb.DuckDBPyConnection, file: str, old: str, new: str) -> None:
    """Make a view or macro anew with one word changed; the word must be there."""
    text = (SQL / f"{file}.sql").read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}"
    changed = text.replace(old, new)
    for kind in ("view", "macro"):
        changed = changed.replace(f"create {kind} ", f"create or replace {kind} ")
    connection.execute(changed)


__all__ = ["MINER", "NOW", "OTHER_MINER", "OTHER_POOL", "Fault", "built", "copy_of", "fill", "filled"]
