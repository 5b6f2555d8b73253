"""What pages are asked for in their addresses: years, months, days, pages, filings, rules, formats."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Path, Query
from pydantic import AfterValidator, BeforeValidator, Field

from esep.answers import duties


def _blank(value: Any) -> Any:
    """An empty field of a form asks for nothing."""
    return None if value == "" else value


def _duty(kind: str | None) -> str | None:
    if kind is not None and kind not in duties.KINDS:
        raise ValueError(kind)
    return kind


Year = Annotated[int, Field(ge=1990, le=2999)]
Day = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2999, 12, 31))]
Month = Annotated[str, Field(pattern=r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$")]
"""A month as YYYY-MM."""

YearPath = Annotated[int, Path(ge=1990, le=2999)]
YearQuery = Annotated[Year | None, BeforeValidator(_blank), Query()]
MonthQuery = Annotated[Month | None, BeforeValidator(_blank), Query()]
DayQuery = Annotated[Day | None, BeforeValidator(_blank), Query()]
AssetQuery = Annotated[Annotated[str, Field(max_length=64)] | None, BeforeValidator(_blank), Query()]
SearchQuery = Annotated[str, Query(max_length=64)]
PageQuery = Annotated[int, Query(ge=1, le=1_000_000)]
RuleQuery = Annotated[str | None, Query(pattern=r"^[CR]-[0-9]{2,3}$")]
DutyQuery = Annotated[str | None, AfterValidator(_duty), Query()]
"""A kind of duty of the law's table."""
NumberPath = Annotated[str, Path(pattern=r"^[0-9]{4}-[0-9]{6,12}$")]
"""Registration number of a filing."""
PoolPath = Annotated[str, Path(pattern=r"^[0-9]{12}$")]
MonthPath = Annotated[str, Path(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])(-01)?$")]
Format = Literal["xlsx", "csv", "parquet"]


def first_day(month: str | None) -> date | None:
    """The first day of a month written YYYY-MM."""
    return date.fromisoformat(f"{month}-01") if month else None


def day_of(written: str) -> date | None:
    """The day of a form's field; None where it is empty or no day."""
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        return None
