"""What the pages of quality are asked for: year, month, pool; and what their readers may see of pools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import duckdb
from fastapi import HTTPException, Query, Request

from esep.answers import UnknownError, masking, rule_words
from esep.answers.quality_scope import UNREAD, Pool, Scope, latest_year, of_year, pools, years
from esep.answers.snapshot import snapshot
from esep.config import Settings
from esep.examination import suites
from esep.texts import text
from esep.web.access import Reader
from esep.web.addresses import Addresses
from esep.web.rendering import root

POOL_UNREAD = "unread"
"""The pool of filings whose pool nobody could read, in addresses."""

YearQuery = Annotated[int | None, Query(ge=1990, le=2999)]
MonthQuery = Annotated[int | None, Query(ge=1, le=12)]
PoolQuery = Annotated[str | None, Query(max_length=64)]
RuleQuery = Annotated[str | None, Query(pattern=r"^[CR]-[0-9]{2,3}$")]
PageQuery = Annotated[int, Query(ge=1, le=1_000_000)]
Lane = Literal["completeness", "reliability"]
Severity = Literal["error", "warning"]
DutyKind = Literal["examine", "send_refusal", "send_notice", "decide_silence"]
DutyState = Literal["done", "done_late", "open", "overdue", "lifted"]


@dataclass(frozen=True, slots=True)
class ShownPool:
    """A pool as this reader may see it; `query` names it in addresses, None where the address would hold an IIN."""

    query: str | None
    label: str


@dataclass(frozen=True, slots=True)
class Filter:
    """What the page is about, and the addresses that keep it."""

    scope: Scope
    year: int
    month: int | None
    pool: str | None
    years: list[int]
    pools: dict[str, ShownPool]
    address: Addresses


def chosen_filter(
    connection: duckdb.DuckDBPyConnection,
    request: Request,
    reader: Reader,
    year: int | None,
    month: int | None,
    pool: str | None,
) -> Filter:
    """The chosen year (default: the latest with filings), month and pool; 403 where a viewer names a person."""
    if pool is not None and pool != POOL_UNREAD and not reader.is_operator and masking.is_person(pool):
        raise HTTPException(403)
    known = years(connection)
    if year is not None and year not in known:
        raise UnknownError("year", year)
    of = year or latest_year(connection) or snapshot(connection).as_of.year
    pool_id = UNREAD if pool == POOL_UNREAD else pool
    scope = of_year(of, month, pool_id)
    there = {one.pool_id: shown_pool(one, reader) for one in pools(connection, of_year(of))}
    if pool_id is not None and pool_id not in there:
        there[pool_id] = shown_pool(Pool(pool_id, None), reader)
    address = Addresses(root(request), year=of, month=month, pool=pool)
    return Filter(scope, of, month, pool_id, known, there, address)


def shown_pool(pool: Pool, reader: Reader) -> ShownPool:
    """A pool with its number, masked for viewers where the number may be a person's."""
    if pool.pool_id == UNREAD:
        return ShownPool(POOL_UNREAD, text("quality.pool_unread", reader.language))
    if reader.is_operator or not masking.is_person(pool.pool_id):
        return ShownPool(pool.pool_id, f"{pool.pool_name or '–'} ({pool.pool_id})")
    number, name = masking.masked_taxpayer(pool.pool_id, pool.pool_name)
    return ShownPool(None, f"{name or '–'} ({number})")


def rule_texts(settings: Settings, language: str) -> dict[str, str]:
    """What each rule in force says, in general, by rule."""
    clauses = suites.load(settings).by_id()
    return {rule_id: rule_words.rule_text(of_rule, language) for rule_id, of_rule in clauses.items()}
