"""Relations of `main` as lists for programs: what may be asked of each, and the order that parts one page from another.

A filter is a condition on a value of its own name. The columns are the relation's, which sql/columns.csv explains.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from esep.answers import UnknownError
from esep.answers.tables import Listed, Row

_IN_YEAR = {"year": "year = $year"}
_OF_YEAR = {"year": "year(period) = $year"}
_MONTH = {"month": "period = $month"}
_POOL = {"pool": "pool_id = $pool"}
_FILING = {"filing": "registration_no = $filing"}
_TAXPAYER = {"role": "role = $role", "taxpayer": "taxpayer_id = $taxpayer", "asset": "asset = $asset"}
_KEPT_INSIDE = "* exclude (filing_key)"
"""Keys of the building blocks mean nothing outside the snapshot."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A relation, all of whose rows can be asked for."""

    relation: str
    filters: Mapping[str, str]
    """Name of a value → the condition that names it."""
    order: str = "all"
    """Of all columns, unless fewer tell any two rows apart: pages must neither repeat a row nor leave one out."""
    columns: str = "*"

    def listed(self, chosen: Mapping[str, Any]) -> Listed:
        """The rows for which every value that is given holds. Raises KeyError for a value without a filter."""
        given = {name: value for name, value in chosen.items() if value is not None}
        condition = " and ".join(self.filters[name] for name in given) or "true"
        return Listed(f"from {self.relation} where {condition}", self.order, given, self.columns)


FILINGS = Collection(
    "filing",
    _OF_YEAR
    | _MONTH
    | _POOL
    | _FILING
    | {"status": "status = $status", "verdict": "verdict = $verdict", "kind": "kind = $kind"},
    "registration_no",
    _KEPT_INSIDE,
)
FINDINGS = Collection(
    "finding",
    _OF_YEAR
    | _MONTH
    | _POOL
    | _FILING
    | {"rule": "rule_id = $rule", "lane": "lane = $lane", "severity": "severity = $severity"},
)
ANNUAL_INCOME = Collection("annual_income", _IN_YEAR | _TAXPAYER)
MONTHLY_INCOME = Collection("monthly_income", _IN_YEAR | _MONTH | _TAXPAYER)
SALE_OBLIGATION = Collection("sale_obligation", _IN_YEAR | _TAXPAYER | {"asset_class": "asset_class = $asset_class"})
EVENTS = Collection(
    "event",
    _OF_YEAR
    | _MONTH
    | _POOL
    | _FILING
    | {
        "event": "event = $event",
        "author": "author = $author",
        "since": "happened_at >= $since",
        "until": "happened_at < $until",
    },
    "happened_at, event_id",
    _KEPT_INSIDE,
)
CALENDAR = Collection("filing_calendar", _OF_YEAR | _MONTH | _POOL | {"state": "state = $state"}, "pool_id, period")


def filing(connection: duckdb.DuckDBPyConnection, number: str) -> Row:
    """The row of a registered filing; raises UnknownError for another number."""
    found = FILINGS.listed({"filing": number}).rows(connection)
    if not found:
        raise UnknownError("filing", number)
    return found[0]
