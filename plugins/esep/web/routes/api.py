"""The read-only API: filings, findings, figures, events and the calendar as JSON.

Rows are those of the warehouse's relations, with their names. Viewers get the masked snapshot, operators the full one.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from esep.answers import collections
from esep.web.access import OperatorDep
from esep.web.api import openapi, parameters, problems
from esep.web.api.answering import AskedDep, row_of
from esep.web.api.parameters import NumberPath

router = APIRouter(prefix=problems.PREFIX)


@router.get("/filings", responses=openapi.page_of(collections.FILINGS))
def filings(asked: AskedDep, chosen: Annotated[parameters.Filings, Query()]) -> Response:
    """Registered filings, by registration number."""
    return asked.page(collections.FILINGS, chosen)


@router.get("/filings/{number}", responses=openapi.row_of(collections.FILINGS))
def filing(asked: AskedDep, number: NumberPath) -> Response:
    """One registered filing."""
    return asked.answer(
        lambda connection, of: {
            "snapshot": asked.said_of(of),
            "data": row_of(collections.filing(connection, number)),
        }
    )


@router.get("/findings", responses=openapi.page_of(collections.FINDINGS))
def findings(asked: AskedDep, chosen: Annotated[parameters.Findings, Query()]) -> Response:
    """Faults found in filings, by registration number and rule."""
    return asked.page(collections.FINDINGS, chosen)


@router.get("/figures/annual-income", responses=openapi.page_of(collections.ANNUAL_INCOME))
def annual_income(asked: AskedDep, chosen: Annotated[parameters.AnnualIncome, Query()]) -> Response:
    """Annual income from mining as reported by pools (para 3), by year, role, taxpayer and asset."""
    return asked.page(collections.ANNUAL_INCOME, chosen)


@router.get("/figures/monthly-income", responses=openapi.page_of(collections.MONTHLY_INCOME))
def monthly_income(asked: AskedDep, chosen: Annotated[parameters.MonthlyIncome, Query()]) -> Response:
    """The same by month of distribution."""
    return asked.page(collections.MONTHLY_INCOME, chosen)


@router.get("/figures/sale-obligation", responses=openapi.page_of(collections.SALE_OBLIGATION))
def sale_obligation(asked: AskedDep, chosen: Annotated[parameters.SaleObligation, Query()]) -> Response:
    """What must be sold through exchanges licensed in AIFC (para 11), by year, role, taxpayer, asset and share."""
    return asked.page(collections.SALE_OBLIGATION, chosen)


@router.get("/events", responses=openapi.page_of(collections.EVENTS))
def events(asked: AskedDep, _: OperatorDep, chosen: Annotated[parameters.Events, Query()]) -> Response:
    """What people and programs did, in its order; for operators alone."""
    return asked.page(collections.EVENTS, chosen)


@router.get("/calendar", responses=openapi.page_of(collections.CALENDAR))
def calendar(asked: AskedDep, chosen: Annotated[parameters.Calendar, Query()]) -> Response:
    """Pools and months: whether what was due has come (para 5), as of the snapshot's day."""
    return asked.page(collections.CALENDAR, chosen)


@router.get("/openapi.json", include_in_schema=False)
def document(asked: AskedDep) -> Response:
    """This API described: its parameters, and each column as sql/columns.csv explains it."""
    return asked.answer(lambda connection, _: openapi.document(connection, asked.request))
