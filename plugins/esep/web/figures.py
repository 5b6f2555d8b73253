"""What the pages of figures share: how a year, role, asset, day or taxpayer is asked for, and who may see which."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

import duckdb
from fastapi import HTTPException, Path, Query
from pydantic import BeforeValidator, Field

from esep.answers import masking, taxpayers
from esep.web.access import Reader


def _blank(value: Any) -> Any:
    """An empty field of a form asks for nothing."""
    return None if value == "" else value


YearPath = Annotated[int, Path(ge=1990, le=2999)]
YearQuery = Annotated[Annotated[int, Field(ge=1990, le=2999)] | None, BeforeValidator(_blank), Query()]
AssetQuery = Annotated[Annotated[str, Field(max_length=64)] | None, BeforeValidator(_blank), Query()]
SearchQuery = Annotated[str, Query(max_length=64)]
PageQuery = Annotated[int, Query(ge=1, le=1_000_000)]
_Day = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2999, 12, 31))]
DayQuery = Annotated[_Day | None, BeforeValidator(_blank), Query()]
_Month = Annotated[str, Field(pattern=r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$")]
MonthQuery = Annotated[_Month | None, BeforeValidator(_blank), Query()]
"""A month as YYYY-MM."""
Format = Literal["xlsx", "csv", "parquet"]


def first_day(month: str | None) -> date | None:
    """The first day of a month written YYYY-MM."""
    return date.fromisoformat(f"{month}-01") if month else None


def chosen_year(connection: duckdb.DuckDBPyConnection, year: int | None) -> int | None:
    """The year asked for, else the latest with figures; None where nothing was filed. UnknownError for any other."""
    if year is not None:
        taxpayers.check_year(connection, year)
        return year
    return max(taxpayers.years(connection), default=None)


def ids_of(
    connection: duckdb.DuckDBPyConnection, reader: Reader, search: str, year: int | None = None
) -> list[str] | None:
    """The numbers of the taxpayers that a search finds for this reader; None where nothing was searched for."""
    if not search.strip():
        return None
    found = taxpayers.find(connection, search, year=year, with_persons=reader.is_operator)
    return sorted({one.taxpayer_id for one in found})


def check_may_see(reader: Reader, taxpayer_id: str) -> None:
    """403 where a viewer asks for a number that may be a person's."""
    if not reader.is_operator and masking.is_person(taxpayer_id):
        raise HTTPException(403)


def name_of(reader: Reader, one: Any) -> str:
    """What a title calls a taxpayer (a record with its number and name): the name as this reader may see it."""
    number, name = one.taxpayer_id, one.taxpayer_name
    if not reader.is_operator:
        number, name = masking.masked_taxpayer(number, name)
    return name or number or "–"


def pool_name(reader: Reader, one: Any) -> str:
    """What a pool is called (a record with its number and name), as this reader may see it."""
    number, name = one.pool_id, one.pool_name
    if not reader.is_operator:
        number, name = masking.masked_taxpayer(number, name)
    return name or number or "–"


def pool_number(reader: Reader, number: str | None) -> str:
    """A pool's number as this reader may see it."""
    return (number if reader.is_operator else masking.masked_taxpayer(number, None)[0]) or "–"
