"""Whether the warehouse adds up: identities between what came in, is stored and is reported; reference data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import duckdb

from esep.answers.tables import Row, records

IDENTITIES: Mapping[str, str] = {
    "filings registered = accepted + superseded + refused + not yet examined": "filings_by_status",
    "last numbers of the years = filings registered": "numbers_without_gaps",
    "rows examined = rows in the warehouse": "rows_examined",
    "rows in the warehouse = rows accepted + superseded + refused + waiting": "rows_by_status",
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


def identities(connection: duckdb.DuckDBPyConnection) -> tuple[Row, ...]:
    """All identities: those that do not hold first, then of the whole warehouse, then by year."""
    return records(connection, "*", "from reconciliation order by holds, year nulls first, identity")


def code_of(identity: Row) -> str | None:
    """One of IDENTITIES' codes; None for one that this code does not know. That of a year ends in it, in brackets."""
    return IDENTITIES.get(identity.identity.removesuffix(f" ({identity.year})"))


def reference_versions(connection: duckdb.DuckDBPyConnection) -> tuple[Row, ...]:
    """The reference files in force, by name."""
    return records(connection, "*", "from reference_version order by name")


def gaps(connection: duckdb.DuckDBPyConnection, first: date | None = None, last: date | None = None) -> tuple[Row, ...]:
    """Reference data that filings in force need and that is not there; what has a day from `first` to `last`."""
    source = """
        from reference_gap
        where
            ($last::date is null or first_day <= $last::date)
            and ($first::date is null or last_day >= $first::date)
        order by kind, reason, asset, pool_id, first_day
    """
    return records(connection, "*", source, first=first, last=last)
