"""Make a whole demo: packages, stamps, reference data, and the figures that they must lead to.

Its folder is made anew at each run, and never mistaken for an office's own home.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from esep.clock import month_after
from esep.demo import expected
from esep.demo.ledger import Ledger, make_ledger
from esep.demo.market import SOURCE, Market, make_market
from esep.demo.packages import write_package
from esep.demo.people import Miner
from esep.demo.plan import Plan
from esep.demo.scenario import FULL, Story, make_plan

SEED = 166
MARKER = ".esep-demo"
_LETTERHEAD = """[[letterhead]]
[letterhead.kk]
body = "Цифрлық активтер жөніндегі үлгі орган (ойдан шығарылған)"
address = "010000, Астана қаласы, Үлгі көшесі, 1-үй"
contact = "тел. +7 7172 00 00 00, kense@organ.example"
executor = "Үлгіева А. Б., тел. +7 7172 00 00 01"

[letterhead.ru]
body = "Образцовый орган по цифровым активам (вымышленный)"
address = "010000, город Астана, улица Образцовая, дом 1"
contact = "тел. +7 7172 00 00 00, kense@organ.example"
executor = "Ульгиева А. Б., тел. +7 7172 00 00 01"
"""


class Demo(NamedTuple):
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
    write_letterhead(home / "looks" / "letterhead.toml")
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
    expected.write_csv(
        folder / "price.csv",
        ("date", "asset", "price", "currency", "source"),
        ((day, asset, price, currency, SOURCE) for (day, asset), (price, currency) in market.prices.items()),
    )
    expected.write_csv(
        folder / "exchange_rate.csv",
        ("date", "currency", "kzt_per_unit", "source"),
        ((day, "USD", rate, SOURCE) for day, rate in market.rates.items()),
    )
    last = max(package.period for package in plan.packages if package.period)
    expected.write_csv(
        folder / "pool.csv",
        ("pool_id", "pool_name", "accredited_from", "accredited_to", "email"),
        ((p.number, p.name, p.first_period, _last_day(last), p.contact.email) for p in plan.pools),
    )
    miners = {miner.number: miner for pool in plan.pools for miner in pool.miners}
    expected.write_csv(
        folder / "licence.csv",
        ("licence_no", "miner_id", "issued_on", "expires_on"),
        (_licence(miner) for miner in miners.values()),
    )


def write_letterhead(path: Path) -> None:
    """Write a made-up office's letterhead (see letters.issuer)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_LETTERHEAD, encoding="utf-8")


def _last_day(period: date) -> date:
    """Accreditation ends with the made-up months, so that no later month counts as silent."""
    return month_after(period) - timedelta(days=1)


def _licence(miner: Miner) -> tuple[object, ...]:
    issued = miner.licence_date
    assert issued is not None
    return miner.licence_no, miner.number, issued, issued.replace(year=issued.year + 3)


class NotADemoHomeError(ValueError):
    """The folder holds something that the demo did not put there; nothing was deleted."""


def fresh_home(home: Path) -> Path:
    """An empty demo home at that path; what an earlier demo left there is deleted.

    Raises NotADemoHomeError if the folder holds anything and is not marked as a demo's.
    """
    home = home.expanduser().resolve()
    marker = home / MARKER
    if home.is_dir() and any(home.iterdir()) and not marker.is_file():
        raise NotADemoHomeError(
            f"{home} is not empty and was not made by the demo, so it is left as it is. "
            "Choose another folder: python -m esep.demo --home DIR"
        )
    if home.exists() and not home.is_dir():
        raise NotADemoHomeError(f"{home} is a file. Choose a folder: python -m esep.demo --home DIR")
    if home.is_dir():
        for item in home.iterdir():
            # The marker goes last: a demo that is killed here leaves a folder that the next one still knows.
            if item.name == MARKER:
                continue
            if item.is_dir() and not item.is_symlink():
                shutil.rmtree(item)
            else:
                item.unlink()
    home.mkdir(parents=True, exist_ok=True)
    marker.write_text("Made by the demo of Esep; the next demo deletes everything in this folder.\n", encoding="utf-8")
    return home
