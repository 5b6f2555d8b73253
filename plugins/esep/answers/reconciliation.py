"""Whether the warehouse adds up: identities between what came in, what is stored and what is told; reference data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import duckdb

from esep.answers import tables
from esep.answers.tables import records

IDENTITIES: Mapping[str, str] = {
    "filings registered = accepted + superseded + refused + not yet examined": "filings_by_status",
    "last numbers of the years = filings registered": "numbers_without_gaps",
    "rows examined = rows in the warehouse": "rows_examined",
    "rows in the warehouse = rows accepted + superseded + refused": "rows_by_status",
    "rows in Parquet = rows in the warehouse": "rows_in_lake",
    "rows in the warehouse = rows of the filings added up": "rows_by_filing",
    "quantity in Parquet = quantity in the warehouse": "quantity_in_lake",
    "reward in Parquet = reward in the warehouse": "reward_in_lake",
    "findings in Parquet = findings in the warehouse": "findings_in_lake",
    "rows in force = quantities counted + quantities excluded": "rows_counted",
    "rows in force = rewards counted + rewards excluded": "rewards_counted",
    "income: values of the rows = annual figures": "income_trace",
    "income: months = year": "income_months",
    "income: pools = pools whose rows add up to their figures": "income_by_pool",
    "income: totals of taxpayers = their assets added up": "income_totals",
    "sale: obligations = obligations that fit their share": "obligations_fit",
    "quantity: rows = annual figures": "quantity_trace",
    "quantity: valued + unvalued = all": "quantity_parts",
}
"""The identities of the relation `reconciliation`, without their year, and the codes by which texts name them."""


@dataclass(frozen=True, slots=True)
class Identity:
    """An identity and whether it holds."""

    code: str | None
    """One of IDENTITIES' codes; None for one that this code does not know."""
    identity: str
    """As the relation words it, in English."""
    year: int | None
    """None: of the warehouse as a whole."""
    left_value: Decimal
    right_value: Decimal
    difference: Decimal
    holds: bool


@dataclass(frozen=True, slots=True)
class ReferenceVersion:
    """A reference file: the version in force."""

    name: str
    sha256: str
    accepted_at: datetime
    row_count: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Reference data that filings need and that is not there."""

    kind: str
    """`price`, `exchange_rate`, `quantity` or `pool`."""
    reason: str
    asset: str | None
    currency: str | None
    pool_id: str | None
    first_day: date
    last_day: date
    days: int
    row_count: int
    unvalued_quantity: Decimal | None


def identities(connection: duckdb.DuckDBPyConnection) -> list[Identity]:
    """All identities: those that do not hold first, then of the whole warehouse, then by year."""
    columns = ("identity", "year", "left_value", "right_value", "difference", "holds")
    found = tables.rows(connection, columns, "from reconciliation order by holds, year nulls first, identity")
    return [Identity(_code(identity, year), identity, year, *values) for identity, year, *values in found]


def reference_versions(connection: duckdb.DuckDBPyConnection) -> tuple[ReferenceVersion, ...]:
    """The reference files in force, by name."""
    return records(connection, ReferenceVersion, "from reference_version order by name")


def gaps(connection: duckdb.DuckDBPyConnection, first: date | None = None, last: date | None = None) -> tuple[Gap, ...]:
    """Gaps that filings in force meet, or those with a day in the days from `first` to `last`."""
    source = """
        from reference_gap
        where
            ($last::date is null or first_day <= $last::date)
            and ($first::date is null or last_day >= $first::date)
        order by kind, reason, asset, pool_id, first_day
    """
    return records(connection, Gap, source, first=first, last=last)


def _code(identity: str, year: int | None) -> str | None:
    """The code of an identity; that of a year has the year in brackets at its end."""
    return IDENTITIES.get(identity.removesuffix(f" ({year})"))
