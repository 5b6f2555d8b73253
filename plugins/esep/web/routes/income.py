"""Income from mining: a year, a taxpayer, the rows behind a figure; each as a page and as a download."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from esep.answers import income, obligation, open_warehouse, taxpayer_income, taxpayers
from esep.answers.filing_findings import Rules
from esep.answers.filing_rows import Cells
from esep.answers.income import MonthIncome, Order
from esep.answers.snapshot import snapshot
from esep.answers.taxpayer_income import IncomeRow, Selection
from esep.answers.taxpayers import Role
from esep.documents.html import stacked_bars
from esep.texts import numbers, text
from esep.web import downloads, figures, paging
from esep.web.access import Reader, ReaderDep
from esep.web.addresses import Addresses
from esep.web.figures import AssetQuery, DayQuery, Format, MonthQuery, PageQuery, SearchQuery, YearPath, YearQuery
from esep.web.rendering import render, root

router = APIRouter()

MOST_WORKBOOKS = 3
"""Filings of a page whose workbooks are looked into for addresses of cells: each costs half a second once."""
_TAXPAYER = "/income/{year}/{role}/{taxpayer_id:path}"


@router.get("/income")
def of_year(
    request: Request,
    reader: ReaderDep,
    year: YearQuery = None,
    role: Role = "miner",
    asset: AssetQuery = None,
    search: SearchQuery = "",
    order: Order = "income",
    page: PageQuery = 1,
) -> Response:
    """A year's income of all miners or pools, and the list of them."""
    with open_warehouse(reader.settings) as connection:
        of = figures.chosen_year(connection, year)
        values: dict[str, Any] = {"snapshot": snapshot(connection), "year": of}
        if of is not None:
            ids = figures.ids_of(connection, reader, search, of)
            values |= {
                "years": taxpayers.years(connection),
                "assets": income.assets_of(connection, of, role),
                "found": income.of_year(connection, of, role, asset),
                "listed": income.of_taxpayers(
                    connection, of, role, asset, ids=ids, order=order,
                    limit=paging.ON_A_PAGE, offset=paging.offset(page),
                ),
            }  # fmt: skip
    if of is not None:
        values["chart"] = _chart(values["found"].months, of, reader.language)
        values["table"] = income.by_month(values["found"].months)
        values["pages"] = paging.page_count(values["listed"].count)
    asked = {"role": role, "asset": asset, "search": search.strip() or None, "order": order}
    address = Addresses(root(request), year=of, **asked)
    return render(request, reader, "income.html", address=address, page=page, **(asked | values))


@router.get("/income/download")
def download_year(
    reader: ReaderDep,
    format: Format,  # noqa: A002 - the name in the address
    year: YearQuery = None,
    role: Role = "miner",
    asset: AssetQuery = None,
    search: SearchQuery = "",
    order: Order = "income",
) -> Response:
    """The list of taxpayers as a file."""
    with open_warehouse(reader.settings) as connection:
        of = figures.chosen_year(connection, year) or 0
        ids = figures.ids_of(connection, reader, search, of)
        table = income.table_of_taxpayers(connection, of, role, asset, ids=ids, order=order)
        chosen = {"column.year": str(of), "column.asset": asset, "income.search": search.strip()}
        about = downloads.about(
            reader,
            text("income.title", reader.language, year=of),
            f"income.caution_{role}",
            role,
            chosen,
            snapshot(connection),
        )
    return downloads.response(table, format, f"income-{of}-{role}", about, reader)


@router.get(f"{_TAXPAYER}/rows/download")
def download_rows(
    reader: ReaderDep,
    format: Format,  # noqa: A002
    year: YearPath,
    role: Role,
    taxpayer_id: str,
    month: MonthQuery = None,
    asset: AssetQuery = None,
) -> Response:
    """The rows behind a figure as a file."""
    figures.check_may_see(reader, taxpayer_id)
    with open_warehouse(reader.settings) as connection:
        figure = taxpayer_income.of_taxpayer(connection, year, role, taxpayer_id)
        of = Selection(year, role, taxpayer_id, figures.first_day(month), asset)
        table = taxpayer_income.table_of_rows(connection, of)
        title = text("income.rows_title", reader.language, name=figures.name_of(reader, figure), year=year)
        chosen = {"column.taxpayer_id": taxpayer_id, "column.period": month, "column.asset": asset}
        about = downloads.about(reader, title, f"income.caution_{role}", role, chosen, snapshot(connection))
    return downloads.response(table, format, f"income-rows-{year}-{role}", about, reader)


@router.get(f"{_TAXPAYER}/rows")
def rows(
    request: Request,
    reader: ReaderDep,
    year: YearPath,
    role: Role,
    taxpayer_id: str,
    month: MonthQuery = None,
    asset: AssetQuery = None,
    page: PageQuery = 1,
) -> Response:
    """The rows behind a figure, down to the cell of the workbook, and whether they add up to it."""
    figures.check_may_see(reader, taxpayer_id)
    of = Selection(year, role, taxpayer_id, figures.first_day(month), asset)
    with open_warehouse(reader.settings) as connection:
        figure = taxpayer_income.of_taxpayer(connection, year, role, taxpayer_id)
        found = taxpayer_income.rows(connection, of, limit=paging.ON_A_PAGE, offset=paging.offset(page))
        told = snapshot(connection)
    return render(
        request,
        reader,
        "income_rows.html",
        figure_of=figure,
        found=found,
        of=of,
        month=month,
        months=sorted({one.period for one in figure.months}),
        cells=_cells(reader, found.rows),
        page=page,
        pages=paging.page_count(found.count),
        address=Addresses(root(request), month=month, asset=asset),
        snapshot=told,
    )


@router.get(f"{_TAXPAYER}/download")
def download_taxpayer(
    reader: ReaderDep,
    format: Format,  # noqa: A002
    year: YearPath,
    role: Role,
    taxpayer_id: str,
) -> Response:
    """A taxpayer's income by month and asset as a file."""
    figures.check_may_see(reader, taxpayer_id)
    with open_warehouse(reader.settings) as connection:
        figure = taxpayer_income.of_taxpayer(connection, year, role, taxpayer_id)
        table = taxpayer_income.table_of_months(connection, year, role, taxpayer_id)
        title = text("income.of_taxpayer", reader.language, name=figures.name_of(reader, figure), year=year)
        about = downloads.about(
            reader, title, f"income.caution_{role}", role, {"column.taxpayer_id": taxpayer_id}, snapshot(connection)
        )
    return downloads.response(table, format, f"income-months-{year}-{role}", about, reader)


@router.get(_TAXPAYER)
def of_taxpayer(
    request: Request, reader: ReaderDep, year: YearPath, role: Role, taxpayer_id: str, known_on: DayQuery = None
) -> Response:
    """One taxpayer's income of a year, all that stands behind it, and what was told of it on an earlier day."""
    figures.check_may_see(reader, taxpayer_id)
    rules = Rules(reader.settings)
    with open_warehouse(reader.settings) as connection:
        key = (connection, year, role, taxpayer_id)
        figure = taxpayer_income.of_taxpayer(*key)
        values: dict[str, Any] = {
            "figure_of": figure,
            "unvalued": taxpayer_income.unvalued(*key),
            "filings": taxpayer_income.filings(*key),
            "doubts": taxpayer_income.doubts(*key),
            "excluded": taxpayer_income.excluded(*key),
            "obligations": obligation.of_taxpayer(*key),
            "others": [one for one in taxpayers.years_of(connection, taxpayer_id) if one != (year, role)],
            "told": taxpayer_income.reported_through(connection, figure, known_on) if known_on else None,
            "snapshot": snapshot(connection),
        }
    return render(
        request,
        reader,
        "income_taxpayer.html",
        chart=_chart(figure.months, year, reader.language),
        table=income.by_month(figure.months),
        rules=rules,
        pool_name=partial(figures.pool_name, reader),
        known_on=known_on,
        address=Addresses(root(request)),
        **values,
    )


def _chart(months: Sequence[MonthIncome], year: int, language: str) -> Markup | str:
    """Income by month, stacked by asset; nothing where there is none."""
    valued = [one for one in months if one.income_kzt]
    if not valued:
        return ""
    return stacked_bars(
        [
            {"month": numbers.month_short(one.period, language), "asset": one.asset, "income": one.income_kzt}
            for one in valued
        ],
        x="month",
        y="income",
        colour="asset",
        order=[numbers.month_short(date(year, number, 1), language) for number in range(1, 13)],
        title=text("income.chart", language, year=year),
        y_title=text("column.income_kzt", language),
    )


def _cells(reader: Reader, rows: Sequence[IncomeRow]) -> Mapping[IncomeRow, str | None]:
    """Addresses of cells such as H17, where the page's rows are of a few filings."""
    by_number = {number: Cells(reader.settings, number) for number in {row.registration_no for row in rows}}
    if len(by_number) > MOST_WORKBOOKS:
        return {}
    return {row: by_number[row.registration_no].address(row.file, row.sheet, row.row, row.column_no) for row in rows}
