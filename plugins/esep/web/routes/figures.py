"""Income from mining, and units to be sold through licensed exchanges (para 11): a year, a taxpayer, the rows behind a
figure; each as a page and as a download.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from esep.answers import income, obligation, taxpayers
from esep.answers.filing import Cells
from esep.answers.filing_findings import general
from esep.answers.income import Selection, TaxpayerYear
from esep.answers.tables import Listed, Row
from esep.answers.taxpayers import Role
from esep.letters.remarks import Citations
from esep.web import downloads, figure_charts, seen
from esep.web.queries import (
    AssetQuery,
    DayQuery,
    Format,
    MonthQuery,
    PageQuery,
    SearchQuery,
    YearPath,
    YearQuery,
    first_day,
)
from esep.web.rendering import Asked, AskedDep

router = APIRouter()

MOST_WORKBOOKS = 3
"""Filings of a page whose workbooks are looked into for addresses of cells: each costs half a second once."""
_TAXPAYER = "/{year}/{role}/{taxpayer_id:path}"


@dataclass(frozen=True, slots=True)
class Choice:
    """The figures that a page or a download is about; `year` is None where nothing was filed."""

    year: int | None
    role: Role
    asset: str | None
    search: str
    ids: Sequence[str] | None
    """The taxpayers that the search finds for this reader; None where nothing was searched for."""


def _choice(
    asked: AskedDep, year: YearQuery = None, role: Role = "miner", asset: AssetQuery = None, search: SearchQuery = ""
) -> Choice:
    of, words = taxpayers.chosen_year(asked.warehouse, year), search.strip()
    ids = None
    if words:
        found = taxpayers.find(asked.warehouse, words, year=of, with_persons=asked.reader.is_operator)
        ids = sorted({one.taxpayer_id for one in found})
    return Choice(of, role, asset, words, ids)


def _figure(asked: AskedDep, year: YearPath, role: Role, taxpayer_id: str) -> TaxpayerYear:
    seen.check_may_see(asked.reader, taxpayer_id)
    return income.of_taxpayer(asked.warehouse, year, role, taxpayer_id)


ChoiceDep = Annotated[Choice, Depends(_choice)]
FigureDep = Annotated[TaxpayerYear, Depends(_figure)]
"""The income of a taxpayer, year and role; 403 where this reader must not see whose it is."""


@router.get("/income")
def income_of_year(asked: AskedDep, choice: ChoiceDep, order: income.Order = "income", page: PageQuery = 1) -> Response:
    """A year's income of all miners or pools, and the list of them."""
    if choice.year is None:
        return _year_page(asked, "income", choice, order)
    found = income.of_year(asked.warehouse, choice.year, choice.role, choice.asset)
    listed = _incomes(choice, order).page(asked.warehouse, page)
    table = income.by_month(found.months)
    return _year_page(
        asked,
        "income",
        choice,
        order,
        found=found,
        listed=listed,
        chart=figure_charts.by_asset(asked, found.months, choice.year),
        table=table,
        shares=figure_charts.asset_shares(asked, table, choice.year),
        pools=figure_charts.pool_incomes(asked, choice.year, choice.role, choice.asset),
    )


@router.get("/obligation")
def obligation_of_year(
    asked: AskedDep, choice: ChoiceDep, order: obligation.Order = "name", page: PageQuery = 1
) -> Response:
    """What all miners (or pools) of a year must sell, and the list of their obligations."""
    if choice.year is None:
        return _year_page(asked, "obligation", choice, order)
    found = obligation.of_year(asked.warehouse, choice.year, choice.role, choice.asset)
    months = [
        {"month": one.period, "units": one.quantity_to_sell} for one in found.months if one.quantity_to_sell is not None
    ]
    listed = _obligations(choice, order).page(asked.warehouse, page)
    chart: object = ""
    if choice.asset:  # units of several have no place in one picture
        title = asked.text("obligation.chart", year=choice.year, asset=choice.asset)
        chart = asked.chart(months, choice.year, "units", None, title, "chart.to_sell", unit="units")
    sales = obligation.known_sales(asked.warehouse, choice.year) if choice.role == "miner" else None
    shares = figure_charts.shares_to_sell(asked, choice.role, choice.asset)
    return _year_page(
        asked, "obligation", choice, order, found=found, listed=listed, chart=chart, sales=sales, shares=shares
    )


def _incomes(choice: Choice, order: income.Order) -> Listed:
    return income.of_taxpayers(choice.year or 0, choice.role, choice.asset, ids=choice.ids, order=order)


def _obligations(choice: Choice, order: obligation.Order) -> Listed:
    return obligation.of_taxpayers(choice.year or 0, choice.role, choice.asset, ids=choice.ids, order=order)


def _year_page(asked: Asked, section: str, choice: Choice, order: str, **values: Any) -> Response:
    query: dict[str, Any] = {
        "role": choice.role,
        "asset": choice.asset,
        "search": choice.search or None,
        "order": order,
    }
    if choice.year is not None:
        values["years"] = taxpayers.years(asked.warehouse)
        values["assets"] = income.assets_of(asked.warehouse, choice.year, choice.role)
    address = asked.addresses(year=choice.year, **query)
    return asked.page(f"{section}.html", year=choice.year, address=address, **query, **values)


@router.get("/income/download")
def download_income(
    asked: AskedDep,
    choice: ChoiceDep,
    format: Format,  # noqa: A002 - the name in the address
    order: income.Order = "income",
) -> Response:
    """The list of taxpayers as a file."""
    return _download_year(asked, choice, format, "income", f"income.caution_{choice.role}", _incomes(choice, order))


@router.get("/obligation/download")
def download_obligation(
    asked: AskedDep,
    choice: ChoiceDep,
    format: Format,  # noqa: A002
    order: obligation.Order = "name",
) -> Response:
    """The list of obligations as a file."""
    return _download_year(asked, choice, format, "obligation", "obligation.caution", _obligations(choice, order))


@router.get("/obligation/sales/download")
def download_sales(asked: AskedDep, choice: ChoiceDep, format: Format) -> Response:  # noqa: A002
    """The sales known to the office beside the obligations of a year as a file."""
    year = choice.year or 0
    title = asked.text("obligation.sales_title", year=year)
    table = obligation.balances(year).table(asked.warehouse)
    return downloads.response(asked, table, format, f"sales-{year}", title, "obligation.sales_note", {})


def _download_year(asked: Asked, choice: Choice, kind: Format, section: str, caution: str, listed: Listed) -> Response:
    year = choice.year or 0
    chosen = {
        "column.year": str(year),
        "column.asset": choice.asset,
        "income.search": choice.search,
        "column.role": asked.text(f"state.role_{choice.role}"),
    }
    title = asked.text(f"{section}.title", year=year)
    name = f"{section}-{year}-{choice.role}"
    return downloads.response(asked, listed.table(asked.warehouse), kind, name, title, caution, chosen)


@router.get(f"/income{_TAXPAYER}/rows/download")
def download_rows(
    asked: AskedDep,
    figure: FigureDep,
    format: Format,  # noqa: A002
    month: MonthQuery = None,
    asset: AssetQuery = None,
) -> Response:
    """The rows behind a figure as a file."""
    listed = income.rows(_selection(figure, month, asset))
    chosen = {"column.period": month, "column.asset": asset}
    return _download_figure(asked, figure, format, "income-rows", "income.rows_title", listed, chosen)


@router.get(f"/income{_TAXPAYER}/rows")
def rows(
    asked: AskedDep, figure: FigureDep, month: MonthQuery = None, asset: AssetQuery = None, page: PageQuery = 1
) -> Response:
    """The rows behind a figure, down to the cell of the workbook, and whether they add up to it."""
    of = _selection(figure, month, asset)
    listed = income.rows(of).page(asked.warehouse, page)
    proof = income.proof(asked.warehouse, of)
    return asked.page(
        "income_rows.html",
        figure_of=figure,
        listed=listed,
        proof=proof,
        holds=income.holds(proof),
        of=of,
        month=month,
        months=sorted({one.period for one in figure.months}),
        cells=_cells(asked, listed.rows),
        address=asked.addresses(month=month, asset=asset),
    )


def _selection(figure: TaxpayerYear, month: str | None, asset: str | None) -> Selection:
    return Selection(figure.year, figure.role, figure.taxpayer_id, first_day(month), asset)


def _cells(asked: Asked, rows: Sequence[Row]) -> Mapping[Row, str | None]:
    """Addresses of cells such as H17, where the page's rows are of a few filings."""
    by_number = {number: Cells(asked.settings, number) for number in {row.registration_no for row in rows}}
    if len(by_number) > MOST_WORKBOOKS:
        return {}
    return {row: by_number[row.registration_no].of(row) for row in rows}


@router.get(f"/income{_TAXPAYER}/download")
def download_months(asked: AskedDep, figure: FigureDep, format: Format) -> Response:  # noqa: A002
    """A taxpayer's income by month and asset as a file."""
    listed = income.table_of_months(figure.year, figure.role, figure.taxpayer_id)
    return _download_figure(asked, figure, format, "income-months", "income.of_taxpayer", listed)


@router.get(f"/obligation{_TAXPAYER}/download")
def download_obligation_months(asked: AskedDep, figure: FigureDep, format: Format) -> Response:  # noqa: A002
    """A taxpayer's obligation by month as a file."""
    listed = obligation.table_of_months(figure.year, figure.role, figure.taxpayer_id)
    return _download_figure(asked, figure, format, "obligation-months", "obligation.of_taxpayer", listed)


def _download_figure(
    asked: Asked,
    figure: TaxpayerYear,
    kind: Format,
    name: str,
    title: str,
    listed: Listed,
    chosen: Mapping[str, str | None] | None = None,
) -> Response:
    said = asked.text(title, name=seen.named(asked.reader, figure.taxpayer_id, figure.taxpayer_name), year=figure.year)
    caution = "obligation.caution" if name.startswith("obligation") else f"income.caution_{figure.role}"
    lines = {
        "column.taxpayer_id": figure.taxpayer_id,
        **(chosen or {}),
        "column.role": asked.text(f"state.role_{figure.role}"),
    }
    file = f"{name}-{figure.year}-{figure.role}"
    return downloads.response(asked, listed.table(asked.warehouse), kind, file, said, caution, lines)


@router.get(f"/income{_TAXPAYER}")
def income_of_taxpayer(asked: AskedDep, figure: FigureDep, known_on: DayQuery = None) -> Response:
    """One taxpayer's income of a year, all that is behind it, and what was reported of it on an earlier day."""
    key = (asked.warehouse, figure.year, figure.role, figure.taxpayer_id)
    citations = Citations.of(asked.settings)
    others = taxpayers.years_of(asked.warehouse, figure.taxpayer_id)
    return asked.page(
        "income_taxpayer.html",
        figure_of=figure,
        unvalued=income.unvalued(*key),
        filings=income.filings(*key),
        doubts=[(one, general(citations.clauses(one.rule_id, one.lane))) for one in income.doubts(*key)],
        excluded=income.excluded(*key),
        obligations=obligation.of_taxpayer(*key),
        rules=obligation.rules(asked.warehouse, figure.year, figure.role),
        sales=_known_sales(asked, figure),
        others=[one for one in others if one != (figure.year, figure.role)],
        compared=income.compared(asked.warehouse, figure, known_on) if known_on else None,
        chart=figure_charts.by_asset(asked, figure.months, figure.year),
        table=income.by_month(figure.months),
        named=partial(seen.named, asked.reader),
        known_on=known_on,
        address=asked.addresses(),
    )


@router.get(f"/obligation{_TAXPAYER}")
def obligation_of_taxpayer(asked: AskedDep, figure: FigureDep, known_on: DayQuery = None) -> Response:
    """One taxpayer's obligation of a year, by month, and what was reported of it on an earlier day."""
    key = (asked.warehouse, figure.year, figure.role, figure.taxpayer_id)
    return asked.page(
        "obligation_taxpayer.html",
        figure_of=figure,
        obligations=obligation.of_taxpayer(*key),
        outside=obligation.outside(*key),
        filings=income.filings(*key),
        months=obligation.months(*key),
        rules=obligation.rules(asked.warehouse, figure.year, figure.role),
        sales=_known_sales(asked, figure),
        compared=obligation.compared(*key, known_on) if known_on else None,
        known_on=known_on,
        address=asked.addresses(),
    )


def _known_sales(asked: Asked, figure: TaxpayerYear) -> obligation.KnownSales | None:
    """Of a miner; a pool's reward has no obligation to hold them against."""
    if figure.role != "miner":
        return None
    return obligation.known_sales(asked.warehouse, figure.year, figure.taxpayer_id)
