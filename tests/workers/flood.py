"""Many small packages at once, each another pool's or month's, written in milliseconds, and what they add up to.

A package of each month is written cell by cell as all others of the tests; the rest are copies of it whose pool and
quantities are replaced inside of its files, signed anew.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from end_to_end import filer
from esep.law.identifiers import check_digit
from signature import cms_maker

YEAR = 2025
DAYS = [date(YEAR, month, day) for month, day in enumerate((8, 12, 12, 9, 14, 11, 9, 13, 10, 8, 12, 10), start=1)]
"""The second Wednesday of each month: the day's own price and rate count."""
PRICES = {day: Decimal(90_000 + 100 * day.month) for day in DAYS}
RATES = {day: Decimal(500 + day.month) for day in DAYS}
MINERS = (filer.MINER_A, filer.MINER_B)
QUANTITIES = ("0,1234567", "0,7654321")
"""Of the package that is copied; as long as what replaces them."""
INCOMPLETE_EACH = 40
"""One of so many packages has no signature and no telephone, and is refused."""


@dataclass(frozen=True)
class Package:
    """What one package of the flood says."""

    serial: int
    pool_id: str
    day: date
    quantities: tuple[Decimal, Decimal]
    """Of MINERS, in BTC."""
    complete: bool
    sha256: str
    """Of the ZIP."""


def write(folder: Path, serials: Iterable[int]) -> list[Package]:
    """A ZIP for each serial, in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_package(folder / f"flood-{serial:05d}.zip", serial) for serial in serials]


def write_reference(folder: Path) -> None:
    """Prices and rates of every day of the flood."""
    prices = {(day, "BTC"): str(price) for day, price in PRICES.items()}
    filer.write_reference(folder, prices, {day: str(rate) for day, rate in RATES.items()})


def income(packages: Iterable[Package]) -> dict[str, Decimal]:
    """Taxpayer → the year's income in tenge from what is complete: quantity × price × rate, added up."""
    total: dict[str, Decimal] = defaultdict(Decimal)
    for package in packages:
        if package.complete:
            for miner, quantity in zip(MINERS, package.quantities, strict=True):
                total[miner] += quantity * PRICES[package.day] * RATES[package.day]
    return dict(total)


@cache
def pool_ids() -> list[str]:
    """Numbers of pools whose check digit is right."""
    stems = (f"2306400{number:04d}" for number in range(10_000))
    return [f"{stem}{digit}" for stem in stems if (digit := check_digit(stem)) is not None]


def _package(path: Path, serial: int) -> Package:
    pool_id, day, complete = pool_ids()[serial // 12], DAYS[serial % 12], serial % INCOMPLETE_EACH > 0
    quantities = tuple(Decimal(f"0.{millionths:07d}") for millionths in (1_000_000 + serial, 2_000_000 + serial))
    new = {filer.POOL: pool_id} | {
        old: str(quantity).replace(".", ",") for old, quantity in zip(QUANTITIES, quantities, strict=True)
    }
    contents = {name: _replaced(content, new) for name, content in _original(day, complete).items()}
    if complete:
        holder = cms_maker.Holder(
            bin=pool_id, valid_from=datetime(2023, 1, 1, tzinfo=UTC), valid_to=datetime(2035, 1, 1, tzinfo=UTC)
        )
        signed = cms_maker.sign(cms_maker.Rsa(cms_maker.rsa_key()), contents["otinish.docx"], holder, signed_at=None)
        contents["otinish.docx.p7s"] = signed
    with zipfile.ZipFile(path, "w") as written:
        for name, content in contents.items():
            written.writestr(name, content)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return Package(serial, pool_id, day, (quantities[0], quantities[1]), complete, sha256)


@cache
def _original(day: date, complete: bool) -> dict[str, bytes]:
    """The files of the package that is copied, by name, without a signature."""
    import tempfile

    rows = [
        filer.row(
            number,
            miner_id=miner,
            distributed_on=f"{day:%d.%m.%Y}",
            quantity=quantity,
            reward_quantity=0,
        )
        for number, (miner, quantity) in enumerate(zip(MINERS, QUANTITIES, strict=True), start=1)
    ]
    filing = filer.Filing(
        year=day.year,
        month=day.month,
        rows=rows,
        signed=False,
        omit=frozenset() if complete else frozenset({"phone"}),
    )
    with tempfile.TemporaryDirectory() as folder:
        written = filer.write(filing, Path(folder) / "package")
        return {path.name: path.read_bytes() for path in sorted(written.iterdir())}


def _replaced(content: bytes, new: dict[str, str]) -> bytes:
    """The same ZIP (a workbook, a document) with texts replaced in its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for item in old.infolist():
            part = old.read(item)
            for before, after in new.items():
                part = part.replace(before.encode(), after.encode())
            written.writestr(item, part)
    return out.getvalue()
