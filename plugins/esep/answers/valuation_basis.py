"""The orders by which a figure in tenge was valued, in words: they stand wherever such a figure stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from esep.documents.model import Amount, Kind, Words, words
from esep.law.valuation import PRIMARY, ValuationOrder, orders


def of_year(year: int, language: str) -> tuple[str, ...]:
    """A line for each order that holds on days of receipt of the year; one that says that none is known."""
    return tuple(line.in_(language) for line in in_words(year))


def in_words(year: int) -> tuple[Words, ...]:
    """The same in all languages, for documents."""
    return tuple(_words(date(year, 1, 1), date(year, 12, 31)))


def _words(first_day: date, last_day: date) -> Iterator[Words]:
    found = orders(first_day, last_day)
    if not found:
        yield words("income.basis_none")
    for order in found:
        line = words(
            _key(order),
            first=Amount(order.valid_from, Kind.DAY),
            last=Amount(order.valid_to or order.valid_from, Kind.DAY),
            order=Words(order.texts),
        )
        yield line if order.mark == PRIMARY else words("income.basis_marked", line=line)


def _key(order: ValuationOrder) -> str:
    return "income.basis_row" if order.valid_to else "income.basis_row_open"
