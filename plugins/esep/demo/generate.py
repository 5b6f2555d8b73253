"""Make a whole demo: packages, stamps, reference data, and the figures that they must lead to."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from esep.demo import expected
from esep.demo.ledger import Ledger, make_ledger
from esep.demo.market import SOURCE, Market, make_market
from esep.demo.packages import write_package
from esep.demo.people import Miner
from esep.demo.plan import Plan
from esep.demo.scenario import FULL, Story, make_plan

SEED = 166


@dataclass(frozen=True, slots=True)
class Demo:
    """What was written."""

    plan: Plan
    ledger: Ledger
    market: Market


def generate(
    home: Path, seed: int = SEED, story: Story = FULL, progress: Callable[[int, int], None] | None = None
) -> Demo:
    """Write inbox, reference data and expected figures below `home`; one seed gives the same files each time.

    `progress` is called with the number of packages written and their total.
    """
    # Two generators, so that a change of the prices leaves the filings as they are.
    plan = make_plan(random.Random(seed), story)  # noqa: S311 - made-up data
    market = make_market(random.Random(seed + 1))  # noqa: S311
    ledger = make_ledger(plan)
    write_reference(home / "reference", plan, market)
    expected.write(home, plan, ledger, market)
    inbox = home / "inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    for count, package in enumerate(plan.packages, start=1):
        write_package(package, inbox)
        if progress:
            progress(count, len(plan.packages))
    return Demo(plan, ledger, market)


def write_reference(folder: Path, plan: Plan, market: Market) -> None:
    """Write price.csv, exchange_rate.csv, pool.csv and licence.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(
        folder / "price.csv",
        ("date", "asset", "price", "currency", "source"),
        ((day, asset, price, currency, SOURCE) for (day, asset), (price, currency) in market.prices.items()),
    )
    _write(
        folder / "exchange_rate.csv",
        ("date", "currency", "kzt_per_unit", "source"),
        ((day, "USD", rate, SOURCE) for day, rate in market.rates.items()),
    )
    last = max(package.period for package in plan.packages if package.period)
    _write(
        folder / "pool.csv",
        ("pool_id", "pool_name", "accredited_from", "accredited_to", "email"),
        ((p.number, p.name, p.first_period, _last_day(last), p.contact.email) for p in plan.pools),
    )
    miners = {miner.number: miner for pool in plan.pools for miner in pool.miners}
    _write(
        folder / "licence.csv",
        ("licence_no", "miner_id", "issued_on", "expires_on"),
        (_licence(miner) for miner in miners.values()),
    )


def _last_day(period: date) -> date:
    """Accreditation ends with the made-up months, so that no later month counts as silent."""
    return (period.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _licence(miner: Miner) -> tuple[object, ...]:
    issued = miner.licence_date
    assert issued is not None
    return miner.licence_no, miner.number, issued, issued.replace(year=issued.year + 3)


def _write(path: Path, header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([f"{v:f}" if isinstance(v, Decimal) else v for v in row] for row in rows)
