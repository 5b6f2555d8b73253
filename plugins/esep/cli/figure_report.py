"""A taxpayer's income, and why it changed, in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from esep.documents.model import Block, Cell, Items, Kind, Paragraph, Table, titled
from esep.documents.plain import CELL_LIMIT, shown
from esep.exact import added
from esep.texts import text
from esep.texts.numbers import day, moment, month, quantity, signed_quantity, signed_tenge, tenge

if TYPE_CHECKING:
    from esep.answers.change import Change
    from esep.answers.obligation import KnownSales
    from esep.answers.tables import Row

_table = partial(titled, limit=CELL_LIMIT)
TRACE_ROWS = 500
"""Rows that `--trace` prints as a table; what is left out is counted, and `--json` has all."""


def income(figure: dict[str, Any], language: str) -> Iterator[Block]:
    """The figure as `gathered` gives it: total, assets, months, filings, and the trace if it is there."""
    name = shown(figure["taxpayer_name"] or figure["taxpayer_id"])
    yield Paragraph(text("income.of_taxpayer", language, name=name, year=figure["year"]))
    yield Paragraph(f"{shown(figure['taxpayer_id'])}, {text('state.role_' + figure['role'], language)}")
    state = figure["taxpayer_id_state"]
    if state not in (None, "ok", "lost_zeros"):
        yield Paragraph(text("income.state_note", language, state=text(f"state.identifier_{state}", language)))
    has_value = figure["income_kzt"] or not figure["unvalued"]
    total = tenge(figure["income_kzt"], language) if has_value else text("income.no_value", language)
    yield Paragraph(f"{text('income.total', language)}: {total}")
    yield Paragraph(text(f"income.caution_{figure['role']}", language))
    yield from _legal_basis(figure["year"], language)
    yield Paragraph("")
    yield _assets(figure, language)
    if figure["unvalued"]:
        yield _unvalued(figure, language)
    yield _months(figure, language)
    yield from _obligations(figure, language)
    if figure["excluded"]:
        yield Paragraph(f"{text('income.excluded_title', language)}: {len(figure['excluded'])}")
    if figure["known_on"]:
        then = figure["known_on"]
        caption = text("income.reported_caption", language, day=day(then.day, language))
        yield Paragraph(f"{caption}: {tenge(then.then_kzt, language)}; {tenge(then.now_kzt, language)}")
    yield _filings(figure, language)
    if "rows" in figure:
        yield from _trace(figure, language)


def _legal_basis(year: int, language: str) -> Iterator[Block]:
    """The orders by which tenge of the year's days of receipt are valued."""
    from esep.answers import valuation_basis

    yield Paragraph(f"{text('income.basis', language)}:")
    yield Items(valuation_basis.of_year(year, language))


def _assets(figure: dict[str, Any], language: str) -> Table:
    no_value = text("income.no_value", language)
    columns = (("column.asset", Kind.TEXT), ("column.quantity", Kind.QUANTITY), ("column.income_kzt", Kind.MONEY))
    rows = (
        (
            shown(one.asset),
            one.quantity,
            one.income_kzt if one.valued_quantity or not one.unvalued_quantity else no_value,
        )
        for one in figure["assets"]
    )
    return _table("income.by_asset", columns, rows, language)


def _unvalued(figure: dict[str, Any], language: str) -> Table:
    columns = (("column.asset", Kind.TEXT), ("column.unvalued_quantity", Kind.QUANTITY), ("column.reason", Kind.TEXT))
    rows = (
        (shown(one.asset), one.quantity, text(f"state.reason_{one.reason}", language)) for one in figure["unvalued"]
    )
    return _table("income.unvalued_title", columns, rows, language)


def _months(figure: dict[str, Any], language: str) -> Table:
    columns = (("income.month", Kind.MONTH), ("column.income_kzt", Kind.MONEY), ("column.unvalued_assets", Kind.TEXT))
    periods: dict[date, list[Row]] = {}
    for one in figure["months"]:
        periods.setdefault(one.period, []).append(one)
    rows = (
        (
            period,
            added(one.income_kzt for one in of_month),
            ", ".join(shown(one.asset) for one in of_month if one.unvalued_quantity),
        )
        for period, of_month in periods.items()
    )
    return _table("income.by_month", columns, rows, language)


def _obligations(figure: dict[str, Any], language: str) -> Iterator[Block]:
    """What is to be sold by asset; of a class that is undecided the quantity alone."""
    owed = figure["sale_obligation"]
    if not owed:
        return
    undecided = text("state.asset_class_undecided", language)
    columns = (
        ("column.asset", Kind.TEXT),
        ("column.base_quantity", Kind.QUANTITY),
        ("column.share", Kind.SHARE),
        ("column.quantity_to_sell", Kind.QUANTITY),
    )
    rows = (
        (
            shown(one.asset),
            one.base_quantity,
            undecided if one.asset_class == "undecided" else one.share,
            one.quantity_to_sell,
        )
        for one in owed
    )
    yield _table("income.obligation", columns, rows, language)
    if any(one.share_state == "not_confirmed" for one in owed):
        yield Paragraph(text("state.share_state_not_confirmed", language))
    if any(one.asset_class == "undecided" for one in owed):
        yield Paragraph(text("obligation.undecided_note", language))
    if figure["known_sales"]:
        yield from _known_sales(figure["known_sales"], figure["year"], language)


def _known_sales(sales: KnownSales, year: int, language: str) -> Iterator[Block]:
    """Sales known to the office beside the obligation, and what they are not."""
    if sales.accepted_at is None:
        yield Paragraph(text("obligation.sales_none", language))
        return
    names = ("obligation", "sold", "open_quantity", "sold_above")
    columns = (("column.asset", Kind.TEXT), *((f"column.{name}", Kind.QUANTITY) for name in names))
    columns += (("column.doubt", Kind.TEXT),)
    rows = (
        (
            shown(one.asset),
            *(getattr(one, name) for name in names),
            text(f"state.doubt_{one.doubt}", language) if one.doubt else "",
        )
        for one in sales.rows
    )
    yield _table("obligation.sales_title", columns, rows, language, year=year)
    yield Paragraph(text("obligation.sales_note", language))


def _filings(figure: dict[str, Any], language: str) -> Table:
    columns = (
        ("income.filing", Kind.CODE),
        ("income.month", Kind.MONTH),
        ("income.received", Kind.DAY),
        ("income.pool", Kind.TEXT),
        ("column.income_kzt", Kind.MONEY),
    )
    rows = (
        (
            _number(one, language),
            one.period,
            one.received_at.date(),
            one.pool_name or one.pool_id,
            one.income_kzt,
        )
        for one in figure["filings"]
    )
    return _table("income.filings", columns, rows, language)


def _number(one: Row, language: str) -> str | tuple[str, str]:
    """A filing's number; whether the office transcribed it."""
    number = str(one.registration_no)
    return (number, text("questions.transcribed", language)) if one.is_transcribed else number


def _trace(figure: dict[str, Any], language: str) -> Iterator[Block]:
    """The first rows behind the figure, and whether all of them add up to it."""
    columns = (("income.filing", Kind.TEXT), ("column.row", Kind.TEXT), ("column.value_kzt", Kind.NUMBER))
    rows = (
        (
            (one.registration_no, one.distributed_on or "–"),
            _place(one, language),
            _calculation(one, language),
        )
        for one in figure["rows"][:TRACE_ROWS]
    )
    count = len(figure["rows"])
    yield _table("income.rows_caption", columns, rows, language, count=count)
    if count > TRACE_ROWS:
        yield Paragraph(text("income.command_more", language, number=count - TRACE_ROWS))
    exact = added(one.income_kzt for one in figure["assets"])
    value, total = quantity(figure["rows_value_kzt"], language), quantity(exact, language)
    key = "income.check_holds" if figure["rows_add_up"] else "income.check_fails"
    yield Paragraph(text(key, language, value=value, figure=total))


def _place(one: Row, language: str) -> tuple[str, ...]:
    """Sheet, row and column; whether the office transcribed the row."""
    place = one.sheet or "–", text("income.place", language, row=one.row, column=one.column_no)
    return (*place, text("questions.transcribed", language)) if one.is_transcribed else place


def _calculation(one: Row, language: str) -> tuple[str, ...]:
    """`0.004 BTC × 50,135.9 USD × 465.11`, and the value on a line of its own."""
    units = f"{quantity(one.quantity, language)} {shown(one.asset)}"
    if one.reason:
        return units, f"{text('income.no_value', language)}: {text('state.reason_' + one.reason, language)}"
    price = f"{quantity(one.price, language)} {shown(one.currency)}"
    return units, f"× {price} × {quantity(one.rate, language)}", f"= {quantity(one.value_kzt, language)}"


def change(found: Change, taxpayer: str, year: int, language: str) -> Iterator[Block]:
    """Both figures, their difference and the steps between them."""
    since, until = day(found.span.since, language), day(found.span.until, language)
    yield Paragraph(text("change.of_taxpayer", language, name=shown(taxpayer), year=year))
    yield Paragraph(text("change.caution", language))
    yield from _legal_basis(year, language)
    yield Paragraph(f"{text('change.reported_since', language, day=since)}: {tenge(found.since_kzt, language)}")
    yield Paragraph(f"{text('change.reported_until', language, day=until)}: {tenge(found.until_kzt, language)}")
    yield Paragraph(f"{text('change.difference', language)}: {signed_tenge(found.difference_kzt, language)}")
    if not found.steps:
        span = text("change.span", language, since=since, until=until)
        yield Paragraph(f"{text('change.no_steps', language)} ({span})")
        return
    columns = (
        ("column.moment", Kind.TEXT),
        ("change.what", Kind.TEXT),
        ("change.step_units", Kind.NUMBER),
        ("change.step_income", Kind.NUMBER),
    )
    yield _table("", columns, (_step(step, language) for step in found.steps), language)
    key = "change.check_holds" if found.holds else "change.check_fails"
    sums = {"sum": quantity(found.sum_kzt, language), "difference": quantity(found.difference_kzt, language)}
    yield Paragraph(text(key, language, **sums))


def _step(step: Row, language: str) -> tuple[Cell, ...]:
    what = [text(f"state.cause_{step.cause}", language)]
    what += [shown(step.reference)] if step.reference else []
    what += [month(step.period, language)] if step.period else []
    return (
        tuple(moment(step.moment, language).split(" ")),
        tuple(what),
        tuple(f"{signed_quantity(one['quantity'], language)} {shown(one['asset'])}" for one in step.assets),
        (signed_tenge(step.income_kzt, language), f"= {tenge(step.running_kzt, language)}"),
    )
