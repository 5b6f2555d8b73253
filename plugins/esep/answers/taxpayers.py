"""Who has figures: taxpayers by number or name, and the years and roles that each of them has."""

from __future__ import annotations

from typing import Literal

import duckdb

from esep.answers import UnknownError, masking, tables
from esep.answers.tables import Row, records

Role = Literal["miner", "pool"]
"""`miner`: received assets (column 8). `pool`: kept a reward (column 9.2)."""
ROLES: tuple[Role, ...] = ("miner", "pool")

_FOUND = """
    from taxpayer_years($year)
    where contains(lower(taxpayer_id), $words) or contains(lower(coalesce(taxpayer_name, '')), $words)
    order by taxpayer_name, taxpayer_id, role
"""


def years(connection: duckdb.DuckDBPyConnection) -> tuple[int, ...]:
    """Years with figures, ascending; empty while nothing was filed."""
    return tables.column(connection, "distinct year", "from annual_income where year is not null order by year")


def find(
    connection: duckdb.DuckDBPyConnection,
    words: str,
    *,
    year: int | None = None,
    with_persons: bool = True,
) -> tuple[Row, ...]:
    """Rows of `taxpayer_years` whose number or name contains `words`, by name.

    `with_persons=False` leaves out what a viewer sees masked: searching must not say to whom a figure belongs.
    """
    sought = words.strip().lower()
    found = records(connection, "*", _FOUND, words=sought, year=year)
    return tuple(one for one in found if with_persons or _is_found_openly(one, sought))


def of_wallet(connection: duckdb.DuckDBPyConnection, wallet: str) -> tuple[Row, ...]:
    """Rows of `wallet_holder` of a wallet, the latest filing first."""
    source = "from wallet_holder($wallet) order by registration_no desc, taxpayer_id, pool_id"
    return records(connection, "*", source, wallet=wallet)


def _is_found_openly(one: Row, sought: str) -> bool:
    """Whether what a viewer sees of the taxpayer holds the words."""
    if masking.is_person(one.taxpayer_id):
        return False
    _, name = masking.masked_taxpayer(one.taxpayer_id, one.taxpayer_name)
    return sought in one.taxpayer_id or (name == one.taxpayer_name and sought in (name or "").lower())


def years_of(connection: duckdb.DuckDBPyConnection, taxpayer_id: str) -> tuple[tuple[int, Role], ...]:
    """Years and roles in which a taxpayer has figures; raises UnknownError if there are none at all."""
    source = "from annual_income where taxpayer_id = $id and year is not null order by year, role"
    found = tables.rows(connection, ("distinct year", "role"), source, id=taxpayer_id)
    if not found:
        raise UnknownError("taxpayer", taxpayer_id)
    return tuple((year, role) for year, role in found)


def check_year(connection: duckdb.DuckDBPyConnection, year: int) -> None:
    """Raise UnknownError for a year without figures."""
    if year not in years(connection):
        raise UnknownError("year", year)


def chosen_year(connection: duckdb.DuckDBPyConnection, year: int | None) -> int | None:
    """The year asked for, else the latest with figures; None where nothing was filed. UnknownError for any other."""
    if year is not None:
        check_year(connection, year)
        return year
    return max(years(connection), default=None)
