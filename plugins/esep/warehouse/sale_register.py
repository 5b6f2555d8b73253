"""The register of sales that the office obtained, held against the day, the exchanges and what filings distributed.

What is not so is a warning: a register knows of sales that filings do not, and what it says is kept as it is. Only a
trade on a day to come cannot be meant.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import duckdb

from esep.clock import local_date
from esep.config import Settings
from esep.exact import added
from esep.warehouse import calls, published
from esep.warehouse.errors import WarehouseError
from esep.warehouse.reference_proposal import SHOWN, Lines, Proposal
from esep.warehouse.reference_rules import Problem, examine_lines
from esep.warehouse.reference_spec import Fault, Row

SALE = "sale"
"""Name of the reference file."""


def judged(
    settings: Settings, proposal: Proposal, file: bytes, exchanges: Sequence[Row], now: datetime | None
) -> Proposal:
    """The proposal with what the register's rows say about days, exchanges and taxpayers.

    `file` is what was handed in, `exchanges` the register of exchanges in force; without `now` no day is to come.
    """
    future = tuple(_to_come(examine_lines(SALE, file)[0], local_date(now))) if now else ()
    problems = (*proposal.problems, *future)
    if any(not problem.is_question for problem in problems):
        return replace(proposal, problems=problems, changes=(), coverage=())
    rows = [row for _, row in examine_lines(SALE, proposal.content)[0]]
    warnings = (*proposal.warnings, *_unknown_exchanges(rows, exchanges), *_unlike_filings(settings, rows))
    return replace(proposal, problems=problems, warnings=warnings)


def _to_come(rows: Lines, today: date) -> Iterator[Problem]:
    for line, row in rows:
        if row["sold_on"] > today:
            yield Problem(line, Fault.FUTURE_DAY, "sold_on", row["sold_on"], today)


def _unknown_exchanges(rows: Iterable[Row], exchanges: Sequence[Row]) -> Iterator[Problem]:
    """Trades on an exchange that held no licence of AIFC on their day; nothing while no exchanges are loaded."""
    unknown: Counter[str] = Counter()
    for row in rows if exchanges else ():
        name, day = row["exchange"].casefold(), row["sold_on"]
        if not any(
            one["name"].casefold() == name and one["from"] <= day <= (one["to"] or date.max) for one in exchanges
        ):
            unknown[row["exchange"]] += 1
    for name, count in sorted(unknown.items()):
        yield Problem(0, Fault.UNKNOWN_EXCHANGE, "exchange", name, count=count)


def _unlike_filings(settings: Settings, rows: Iterable[Row]) -> Iterator[Problem]:
    """Taxpayers in no filing, and more sold than filings ever distributed; nothing while there is no warehouse."""
    known = _received(settings)
    if known is None:
        return
    taxpayers, received = known
    sold: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for row in rows:
        sold[row["taxpayer_id"], row["asset"]].append(row["quantity"])
    unknown = sorted({taxpayer for taxpayer, _ in sold} - taxpayers)
    if unknown:
        yield Problem(0, Fault.UNKNOWN_TAXPAYER, "taxpayer_id", _first(unknown), count=len(unknown))
    for (taxpayer, asset), quantities in sorted(sold.items()):
        total, most = added(quantities), received.get((taxpayer, asset), Decimal(0))
        if taxpayer in taxpayers and total > most:
            yield Problem(0, Fault.SOLD_ABOVE, "quantity", f"{taxpayer} {asset} {_number(total)}", _number(most))


def _received(settings: Settings) -> tuple[set[str], dict[tuple[str, str], Decimal]] | None:
    """The taxpayers of the published warehouse, and what each ever received by asset; None without one of this code."""
    try:
        with closing(published.connect(settings)) as connection:
            names = calls.column(connection, "taxpayer_id", "from taxpayer where taxpayer_id is not null")
            columns = ("taxpayer_id", "asset", "quantity")
            received = {
                (one, asset): units for one, asset, units in calls.rows(connection, columns, "from received_ever()")
            }
            return set(names), received
    except (WarehouseError, duckdb.Error):
        return None


def _first(names: Sequence[str]) -> str:
    shown = ", ".join(names[:SHOWN])
    return f"{shown}, …" if len(names) > SHOWN else shown


def _number(quantity: Decimal) -> str:
    return f"{quantity:f}".rstrip("0").rstrip(".") if "." in f"{quantity:f}" else f"{quantity:f}"
