"""By which orders a distribution is valued in tenge: dated rows of the law, chosen by the day of receipt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from esep.law import tables

PRIMARY = "A"
"""Mark of a row that rests on a primary text; any other rests on a secondary source."""


@dataclass(frozen=True, slots=True)
class ValuationOrder:
    """An order and the days of receipt for which it holds; `valid_to` is None while it is in force."""

    valid_from: date
    valid_to: date | None
    texts: Mapping[str, str]
    """By language."""
    mark: str


def orders(first_day: date, last_day: date) -> tuple[ValuationOrder, ...]:
    """The orders that hold on a day of receipt from `first_day` to `last_day`, in order; both ends included."""
    return tuple(
        ValuationOrder(
            row["valid_from"],
            row["valid_to"],
            {name.removeprefix("text_"): value for name, value in row.items() if name.startswith("text_")},
            row["mark"],
        )
        for row in sorted(tables.read("valuation_basis"), key=lambda row: row["valid_from"])
        if row["valid_from"] <= last_day and first_day <= (row["valid_to"] or date.max)
    )
