"""What the API may be asked for. `expected` says of each parameter what it takes, in a language of the catalogue."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from esep.answers import calendar
from esep.answers.taxpayers import Role
from esep.examination.model import Lane, Severity, Verdict
from esep.supervision.knowledge import start_of
from esep.texts import has, text
from esep.web import queries

MOST_ROWS = 1000
"""Of one page."""


def expected(parameter: str, language: str) -> str:
    """What a parameter takes, in words; nothing for one that only takes some words, which the document lists."""
    key = f"api.expected_{parameter}"
    return text(key, language) if has(key) else ""


def _said(name: str, **limits: Any) -> Any:
    return Field(description=expected(name, "en") or None, **limits)


NumberPath = Annotated[queries.NumberPath, Path(description=expected("number", "en"))]

_Year = Annotated[queries.Year | None, _said("year")]
_Month = Annotated[queries.Month | None, _said("month")]
_Pool = Annotated[str | None, _said("pool", pattern=r"^[0-9]{12}$")]
_Filing = Annotated[str | None, _said("filing", pattern=r"^[0-9]{4}-[0-9]{6,12}$")]
_Taxpayer = Annotated[str | None, _said("taxpayer", min_length=1, max_length=200)]
_Asset = Annotated[str | None, _said("asset", min_length=1, max_length=64)]


class Paged(BaseModel):
    """Which part of a list, and of which snapshot."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, _said("limit", ge=1, le=MOST_ROWS)] = 100
    offset: Annotated[int, _said("offset", ge=0, le=10**12)] = 0
    snapshot: Annotated[str | None, _said("snapshot", pattern=r"^[0-9a-f]{64}$")] = None

    def chosen(self) -> dict[str, Any]:
        """The values that filters of `answers.collections` name, as these take them."""
        return {
            name: _TAKEN.get(name, _as_it_is)(value)
            for name, value in self.model_dump(exclude=set(Paged.model_fields), exclude_none=True).items()
        }


def _as_it_is(value: Any) -> Any:
    return value


_TAKEN: dict[str, Any] = {
    "month": queries.first_day,
    "since": start_of,
    "until": lambda day: start_of(day + timedelta(days=1)),
}


class OfPool(Paged):
    year: _Year = None
    month: _Month = None
    pool: _Pool = None


class Filings(OfPool):
    status: Literal["registered", "accepted", "refused", "superseded"] | None = None
    verdict: Verdict | None = None
    kind: Literal["new", "refiling", "correction"] | None = None


class Findings(OfPool):
    filing: _Filing = None
    rule: Annotated[str | None, _said("rule", pattern=r"^[CR]-[0-9]{2,3}$")] = None
    lane: Lane | None = None
    severity: Severity | None = None


class AnnualIncome(Paged):
    year: _Year = None
    role: Role | None = None
    taxpayer: _Taxpayer = None
    asset: _Asset = None


class MonthlyIncome(AnnualIncome):
    month: _Month = None


class SaleObligation(AnnualIncome):
    asset_class: Literal["unbacked", "undecided"] | None = None


class Events(OfPool):
    filing: _Filing = None
    event: Annotated[str | None, _said("event", min_length=1, max_length=64)] = None
    author: Annotated[str | None, _said("author", min_length=1, max_length=200)] = None
    since: Annotated[queries.Day | None, _said("since")] = None
    until: Annotated[queries.Day | None, _said("until")] = None


class Calendar(OfPool):
    state: calendar.State | None = None
