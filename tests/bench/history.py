"""An archive and a lake of many months, made as the office and the examination would leave them, but in seconds."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa

from esep.clock import TIMEZONE
from esep.config import Settings
from esep.forms.document import FORM_1CM
from esep.lake import files as lake_files
from esep.lake.schema import DISTRIBUTION, FILING, FINDING, QUANTITY
from esep.records import append as records

ASSETS = ("BTC", "LTC", "DOGE", "DASH", "ZEC")
MINERS = 500
TEXTS = {
    "row_no_text": "1",
    "miner_name_text": "ТОО «Майнер»",
    "miner_id_text": "230640000008",
    "licence_text": "№ KZ-000001 от 12.03.2024",
    "wallet_text": "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    "distributed_on_text": "05.03.2025",
    "asset_text": "BTC",
    "quantity_text": "0,12345678",
    "reward_asset_text": "BTC",
    "reward_quantity_text": "0,00012345",
}
"""No figure reads them, so one text each will do."""


@dataclass(frozen=True, slots=True)
class PoolMonth:
    pool: int
    period: date

    @property
    def pool_id(self) -> str:
        return f"2306400{self.pool:05}"

    @property
    def days(self) -> int:
        return ((self.period.replace(day=28) + timedelta(days=4)).replace(day=1) - self.period).days

    @property
    def received_at(self) -> datetime:
        following = self.period + timedelta(days=self.days + 9)
        return datetime(following.year, following.month, following.day, 10, self.pool, tzinfo=TIMEZONE)


def months(first_year: int, count: int) -> Iterator[date]:
    for number in range(count):
        yield date(first_year + number // 12, number % 12 + 1, 1)


@cache
def _names() -> dict[str, pa.Array]:
    return {
        "taxpayer_id": pa.array([f"1506400{n:05}" for n in range(MINERS)]),
        "taxpayer_name": pa.array([f"ТОО «Майнер {n}»" for n in range(MINERS)]),
        "licence_no": pa.array([f"KZ-{n:06}" for n in range(MINERS)]),
        "wallet": pa.array([hashlib.sha256(bytes([n % 256, n // 256])).hexdigest() for n in range(MINERS)]),
        "asset": pa.array(ASSETS),
    }


def _quantities(generator: np.random.Generator, rows: int) -> pa.Array:
    """Random quantities below 9 with 8 decimals, as decimal128(38, 18)."""
    halves = np.zeros((rows, 2), dtype=np.int64)
    halves[:, 0] = generator.integers(1, 9 * 10**8, rows) * 10**10
    return pa.Array.from_buffers(QUANTITY, rows, [None, pa.py_buffer(halves.tobytes())])


def distribution(month: PoolMonth, rows: int, miners: int = MINERS) -> pa.Table:
    """The data rows of one pool's month: all columns of the lake but the two that registration adds."""
    generator = np.random.default_rng([month.pool, month.period.toordinal()])
    miner = pa.array(generator.integers(0, miners, rows))
    asset = _names()["asset"].take(pa.array(generator.integers(0, len(ASSETS), rows)))
    first = (month.period - date(1970, 1, 1)).days
    day = pa.array((first + generator.integers(0, month.days, rows)).astype(np.int32), pa.date32())
    numbers = np.arange(rows)
    columns = {
        "file": "1-ЦМ.xlsx",
        "source": FORM_1CM,
        "file_sha256": hashlib.sha256(f"{month}".encode()).hexdigest(),
        "sheet": "1-ЦМ",
        "row": pa.array((numbers + 12).astype(np.int32)),
        "pool_id": month.pool_id,
        "period": month.period,
        "row_no": pa.array(numbers + 1),
        "taxpayer_id_state": "ok",
        "licence_date": date(2024, 3, 12),
        "distributed_on": day,
        "asset": asset,
        "quantity": _quantities(generator, rows),
        "reward_asset": asset,
        "reward_quantity": _quantities(generator, rows),
        **{name: _names()[name].take(miner) for name in ("taxpayer_id", "taxpayer_name", "licence_no", "wallet")},
        **TEXTS,
    }
    return pa.table(
        {
            column.name: _column(columns.get(column.name), column.type, rows)
            for column in list(DISTRIBUTION.arrow_schema)[2:]
        }
    )


def _column(value: object, kind: pa.DataType, rows: int) -> pa.Array:
    return value if isinstance(value, pa.Array) else pa.repeat(pa.scalar(value, kind), rows)


def findings(month: PoolMonth, count: int) -> pa.Table:
    """Faults of one filing, of ten rules in turn."""
    columns = {
        "pool_id": month.pool_id,
        "period": month.period,
        "rule_id": pa.array([f"R-{30 + at % 10}" for at in range(count)], pa.string()),
        "lane": "reliability",
        "severity": pa.array(["error" if at % 3 else "warning" for at in range(count)], pa.string()),
        "file": "1-ЦМ.xlsx",
        "sheet": "1-ЦМ",
        "row": pa.array([12 + at for at in range(count)], pa.int32()),
        "column_no": "8",
        "found": "0,12",
        "expected": None,
        **{f"message_{language}": "Сан күтіледі" for language in ("kk", "ru", "en")},
        "occurrences": 1,
    }
    return pa.table({c.name: _column(columns.get(c.name), c.type, count) for c in list(FINDING.arrow_schema)[2:]})


def write_filing(
    settings: Settings, month: PoolMonth, number: str, rows: int, miners: int = MINERS, faults: int = 0
) -> None:
    """Receipt, lake and verdict of one accepted filing."""
    verdict = _examined(month, number, rows)
    tables = (
        (FILING, pa.table({c.name: pa.array([verdict[c.name]], c.type) for c in list(FILING.arrow_schema)[2:]})),
        (DISTRIBUTION, distribution(month, rows, miners)),
        (FINDING, findings(month, faults)),
    )
    hashes = {}
    for table, data in tables:
        data = data.append_column("registration_no", pa.repeat(pa.scalar(number), len(data)))
        data = data.append_column("examination_no", pa.repeat(pa.scalar(1, pa.int32()), len(data)))
        path = lake_files.path_of(table, month.period, number, 1)
        hashes[path.as_posix()] = lake_files.write(settings, table, data, path)
    folder = settings.archive / number[:4] / number
    records.add(folder / "receipt.json", receipt_of(month, number))
    records.add(folder / "verdict.json", verdict_of(month, number, rows, hashes))


def _examined(month: PoolMonth, number: str, rows: int) -> dict[str, object]:
    return {
        "registration_no": number,
        "examination_no": 1,
        "examined_at": month.received_at + timedelta(hours=1),
        "verdict": "accepted",
        "question": None,
        "pool_id": month.pool_id,
        "pool_id_source": "application",
        "pool_name": f"ТОО «Пул {month.pool}»",
        "period": month.period,
        "period_source": "application",
        "sheets_stated": 3,
        "row_count": rows,
        "excluded_count": 0,
        "form_version": "bench",
        "ruleset": "bench",
        "code_version": "bench",
    }


def verdict_of(month: PoolMonth, number: str, rows: int, hashes: Mapping[str, str]) -> dict[str, object]:
    """The content of verdict.json, by the hashes of the files of the lake."""
    return {
        **_examined(month, number, rows),
        "examined_at": (month.received_at + timedelta(hours=1)).isoformat(),
        "period": month.period.isoformat(),
        "findings": {},
        "lake": list(hashes),
        "lake_sha256": dict(hashes),
    }


def receipt_of(month: PoolMonth, number: str) -> dict[str, object]:
    """The content of receipt.json."""
    return {
        "registration_no": number,
        "received_at": month.received_at.isoformat(),
        "registered_on": month.received_at.date().isoformat(),
        "registered_at": month.received_at.isoformat(),
        "incoming_no": None,
        "change_date": None,
        "stamp": None,
        "stamp_error": None,
        "source_name": str(month),
        "package_sha256": hashlib.sha256(f"package {month}".encode()).hexdigest(),
        "files": [],
        "left_out": [],
        "recipients": [],
        "arrival_id": hashlib.sha256(f"arrival {month}".encode()).hexdigest(),
        "code_version": "bench",
    }


def write_history(
    settings: Settings, periods: list[date], pools: int, rows: int, miners: int = MINERS, faults: int = 0
) -> int:
    """Filings of all pools for all months, numbered by arrival; returns how many."""
    serials: dict[int, int] = {}
    numbered = []
    arrivals = sorted(
        (PoolMonth(pool, period) for period in periods for pool in range(pools)), key=lambda m: m.received_at
    )
    for month in arrivals:
        year = month.received_at.year
        serials[year] = serials.get(year, 0) + 1
        numbered.append((month, f"{year}-{serials[year]:06}"))
    # Each file waits for the disk; several threads wait side by side.
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda filing: write_filing(settings, *filing, rows, miners, faults), numbered))
    return len(arrivals)


def write_reference(folder: Path, first: date, last: date) -> None:
    """A price of each asset on each day and a rate on each day, so that every row can be valued."""
    folder.mkdir(parents=True, exist_ok=True)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    with (folder / "price.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("date", "asset", "price", "currency", "source"))
        for number, day in enumerate(days):
            writer.writerows(
                (day, asset, Decimal(100 + number % 900) / 7 // Decimal("0.01") / 100, "USD", "bench")
                for asset in ASSETS
            )
    with (folder / "exchange_rate.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("date", "currency", "kzt_per_unit", "source"))
        writer.writerows((day, "USD", Decimal(45000 + number % 5000) / 100, "bench") for number, day in enumerate(days))
