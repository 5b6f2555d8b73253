"""Tables and sections of which both the statement in total and those of taxpayers have some."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from esep.answers.statement import (
    AnnualIncome,
    ExcludedQuantity,
    FilingBehind,
    IncomeTotal,
    MonthlyIncome,
    PriceUse,
    SaleObligation,
)
from esep.exact import added
from esep.reports import statement_blocks as blocks
from esep.reports.statement_blocks import asset_cell, column
from esep.reports.statement_document import Cell, Kind, Section, Table, words


def income_table(rows: Iterable[AnnualIncome], total: Cell) -> Table:
    """By asset, with the total that the warehouse rounded."""
    return Table(
        (
            column("asset", Kind.TEXT, 14),
            column("quantity", Kind.QUANTITY, 26),
            column("unvalued_quantity", Kind.QUANTITY, 26),
            column("income_kzt", Kind.MONEY, 20),
        ),
        tuple((asset_cell(row.asset), row.quantity, row.unvalued_quantity or None, income_cell(row)) for row in rows),
        (words("total"), None, None, total),
    )


def obligation_table(rows: Iterable[SaleObligation]) -> Table:
    """What one taxpayer has to sell."""
    return Table(
        (
            column("asset", Kind.TEXT, 12),
            column("share", Kind.SHARE, 10),
            column("base_quantity", Kind.QUANTITY, 26),
            column("smallest_unit", Kind.QUANTITY, 24),
            column("quantity_to_sell", Kind.QUANTITY, 26),
        ),
        tuple(
            (row.asset, row.share, row.base_quantity, Decimal(1).scaleb(-row.decimals), row.quantity_to_sell)
            for row in rows
        ),
    )


def bars(year: int, rows: Iterable[MonthlyIncome]) -> tuple[tuple[date, Decimal | None], ...]:
    """All months of the year with their income in tenge; None for a month, and no months, where nothing has a value."""
    by_month: dict[date, list[Decimal]] = defaultdict(list)
    for row in rows:
        if row.valued_quantity:
            by_month[row.period].append(row.income_kzt)
    months = [date(year, month, 1) for month in range(1, 13)] if by_month else []
    return tuple((month, added(by_month[month]) if month in by_month else None) for month in months)


def income_cell(row: AnnualIncome | MonthlyIncome) -> Cell:
    """Tenge; a quantity that has no value at all is never told as 0."""
    return words("no_value") if row.unvalued_quantity and not row.valued_quantity else row.income_kzt


def sum_cell(rows: Iterable[AnnualIncome | MonthlyIncome]) -> Cell:
    """The same for a sum."""
    valued = [row.income_kzt for row in rows if row.valued_quantity]
    return added(valued) if valued else words("no_value")


def total_cell(total: IncomeTotal) -> Cell:
    """The same for the total of a taxpayer."""
    return words("no_value") if total.unvalued_assets and not total.exact_income_kzt else total.income_kzt


def price_table(rows: Iterable[PriceUse]) -> Table:
    """Where the prices and rates come from, and for which days."""
    return Table(
        (
            column("asset", Kind.TEXT, 10),
            column("currency", Kind.TEXT, 9),
            column("price_days", Kind.COUNT, 10),
            column("price_span", Kind.TEXT, 25),
            column("price_sources", Kind.TEXT, 28),
            column("rate_sources", Kind.TEXT, 28),
        ),
        tuple(_price_row(row) for row in rows),
    )


def _price_row(row: PriceUse) -> tuple[Cell, ...]:
    span = words("price_span_value", first=blocks.day(row.first_price_day), last=blocks.day(row.last_price_day))
    return row.asset, row.currency, row.price_days, span, row.price_sources, row.rate_sources


def filing_table(filings: Iterable[FilingBehind], income: Mapping[str, Decimal]) -> Table:
    """Filings with what each brings to the income told of, in tenge."""
    return Table(
        (
            column("registration_no", Kind.TEXT, 14),
            column("pool_column", Kind.TEXT, 26),
            column("month", Kind.MONTH, 16),
            column("received_at", Kind.MOMENT, 17),
            column("kind", Kind.TEXT, 23),
            column("income_kzt", Kind.MONEY, 19),
            column("faults", Kind.COUNT, 13),
        ),
        tuple(
            (
                filing.registration_no,
                (filing.pool_name, filing.pool_id),
                filing.period,
                filing.received_at,
                blocks.kind_of(filing),
                income.get(filing.registration_no) or None,
                filing.faults or None,
            )
            for filing in filings
        ),
    )


def excluded_section(rows: Iterable[ExcludedQuantity], *, marked: bool = True) -> Section:
    """Quantities that are in no figure, with the place of each."""
    return Section(
        words("excluded"),
        words("sheet_excluded"),
        (words("excluded_note"),),
        Table(
            (
                column("registration_no", Kind.TEXT, 14),
                column("taxpayer_id", Kind.TEXT, 16),
                column("file", Kind.TEXT, 34),
                column("row", Kind.COUNT, 8),
                column("column", Kind.TEXT, 9),
                column("asset", Kind.TEXT, 12),
            ),
            tuple(
                (
                    row.registration_no,
                    words("no_number") if row.taxpayer_id is None else row.taxpayer_id,
                    (row.file, row.sheet),
                    row.row,
                    row.column_no,
                    asset_cell(row.asset),
                )
                for row in rows
            ),
        ),
        marked=marked,
    )
