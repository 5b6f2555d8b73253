"""Units to be sold through licensed exchanges (para 11): a year and a taxpayer, as pages and as downloads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from esep.answers import income as incomes
from esep.answers import obligation, open_warehouse, taxpayer_income, taxpayers
from esep.answers.obligation import MonthObligation, Order
from esep.answers.snapshot import snapshot
from esep.answers.taxpayers import Role
from esep.documents.html import stacked_bars
from esep.texts import numbers, text
from esep.web import downloads, figures, paging
from esep.web.access import ReaderDep
from esep.web.addresses import Addresses
from esep.web.figures import AssetQuery, DayQuery, Format, PageQuery, SearchQuery, YearPath, YearQuery
from esep.web.rendering import render, root

router = APIRouter()

_TAXPAYER = "/obligation/{year}/{role}/{taxpayer_id:path}"


@router.get("/obligation")
def of_year(
    request: Request,
    reader: ReaderDep,
    year: YearQuery = None,
    role: Role = "miner",
    asset: AssetQuery = None,
    search: SearchQuery = "",
    order: Order = "name",
    page: PageQuery = 1,
) -> Response:
    """What all miners (or pools) of a year must sell, and the list of their obligations."""
    with open_warehouse(reader.settings) as connection:
        of = figures.chosen_year(connection, year)
        values: dict[str, Any] = {"snapshot": snapshot(connection), "year": of}
        if of is not None:
            ids = figures.ids_of(connection, reader, search, of)
            values |= {
                "years": taxpayers.years(connection),
                "assets": incomes.assets_of(connection, of, role),
                "found": obligation.of_year(connection, of, role, asset),
                "listed": obligation.of_taxpayers(
                    connection, of, role, asset, ids=ids, order=order,
                    limit=paging.ON_A_PAGE, offset=paging.offset(page),
                ),
            }  # fmt: skip
    if of is not None:
        values["pages"] = paging.page_count(values["listed"].count)
        values["chart"] = _chart(values["found"].months, of, asset, reader.language)
    asked = {"role": role, "asset": asset, "search": search.strip() or None, "order": order}
    address = Addresses(root(request), year=of, **asked)
    return render(request, reader, "obligation.html", address=address, page=page, **(asked | values))


@router.get("/obligation/download")
def download_year(
    reader: ReaderDep,
    format: Format,  # noqa: A002 - the name in the address
    year: YearQuery = None,
    role: Role = "miner",
    asset: AssetQuery = None,
    search: SearchQuery = "",
    order: Order = "name",
) -> Response:
    """The list of obligations as a file."""
    with open_warehouse(reader.settings) as connection:
        of = figures.chosen_year(connection, year) or 0
        ids = figures.ids_of(connection, reader, search, of)
        table = obligation.table_of_taxpayers(connection, of, role, asset, ids=ids, order=order)
        chosen = {"column.year": str(of), "column.asset": asset, "income.search": search.strip()}
        about = downloads.about(
            reader,
            text("obligation.title", reader.language, year=of),
            "obligation.caution",
            role,
            chosen,
            snapshot(connection),
        )
    return downloads.response(table, format, f"obligation-{of}-{role}", about, reader)


@router.get(f"{_TAXPAYER}/download")
def download_taxpayer(
    reader: ReaderDep,
    format: Format,  # noqa: A002
    year: YearPath,
    role: Role,
    taxpayer_id: str,
) -> Response:
    """A taxpayer's obligation by month as a file."""
    figures.check_may_see(reader, taxpayer_id)
    with open_warehouse(reader.settings) as connection:
        figure = taxpayer_income.of_taxpayer(connection, year, role, taxpayer_id)
        table = obligation.table_of_months(connection, year, role, taxpayer_id)
        title = text("obligation.of_taxpayer", reader.language, name=figures.name_of(reader, figure), year=year)
        about = downloads.about(
            reader, title, "obligation.caution", role, {"column.taxpayer_id": taxpayer_id}, snapshot(connection)
        )
    return downloads.response(table, format, f"obligation-months-{year}-{role}", about, reader)


@router.get(_TAXPAYER)
def of_taxpayer(
    request: Request, reader: ReaderDep, year: YearPath, role: Role, taxpayer_id: str, known_on: DayQuery = None
) -> Response:
    """One taxpayer's obligation of a year, by month, and what was told of it on an earlier day."""
    figures.check_may_see(reader, taxpayer_id)
    with open_warehouse(reader.settings) as connection:
        key = (connection, year, role, taxpayer_id)
        values: dict[str, Any] = {
            "figure_of": taxpayer_income.of_taxpayer(*key),
            "obligations": obligation.of_taxpayer(*key),
            "outside": obligation.outside(*key),
            "months": obligation.months(*key),
            "rules": obligation.rules(connection, year, role),
            "told": obligation.reported_through(*key, known_on) if known_on else None,
            "snapshot": snapshot(connection),
        }
    return render(
        request, reader, "obligation_taxpayer.html", known_on=known_on, address=Addresses(root(request)), **values
    )


def _chart(months: Sequence[MonthObligation], year: int, asset: str | None, language: str) -> Markup | str:
    """Units to be sold by month; of one asset alone, because units of several cannot stand in one picture."""
    if asset is None or not months:
        return ""
    return stacked_bars(
        [{"month": numbers.month_short(one.period, language), "units": one.quantity_to_sell} for one in months],
        x="month",
        y="units",
        colour=None,
        order=[numbers.month_short(date(year, number, 1), language) for number in range(1, 13)],
        title=text("obligation.chart", language, year=year, asset=asset),
        y_title=text("column.quantity_to_sell", language),
    )
