"""The statement in total: both figures, all taxpayers and obligations, the filings behind them, the reconciliation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from esep.answers.statement import AnnualIncome, MonthlyIncome, Statement
from esep.exact import added
from esep.reports import statement_blocks as blocks
from esep.reports.statement_blocks import asset_cell, column
from esep.reports.statement_document import Amount, Cell, Document, Kind, Section, Table, Words, words
from esep.reports.statement_reconciliation import reconciliation
from esep.reports.statement_tables import bars, excluded_section, filing_table, sum_cell, total_cell


def document(statement: Statement) -> Document:
    """The statement of all taxpayers."""
    subject = blocks.subject("title_totals", statement)
    return Document(
        title=subject,
        subtitle=words("subtitle"),
        footer=words("footer", subject=subject, day=blocks.day(statement.known_on)),
        facts=(
            (words("income"), tuple(_income_of(statement, role) for role in _roles(statement))),
            (words("year"), words("year_value", year=str(statement.year))),
            blocks.known_on_fact(statement),
        ),
        sections=tuple(_sections(statement)),
        day=statement.known_on,
    )


def _sections(statement: Statement) -> Iterator[Section]:
    yield Section(words("income"), words("sheet_figures"), _without_year(statement), _by_role(statement))
    missing = _unvalued(statement)
    if missing.rows:
        yield Section(words("unvalued"), words("sheet_unvalued"), (words("unvalued_why"),), missing, marked=True)
    yield Section(
        words("income_by_month"),
        words("sheet_income_by_month"),
        (words("income_exact"),),
        _by_month(statement),
        bars(statement.year, statement.monthly),
    )
    yield Section(
        words("income_by_asset"), words("sheet_income_by_asset"), (words("income_exact"),), _by_asset(statement)
    )
    if statement.obligations:
        yield Section(
            words("obligations"), words("sheet_obligations"), (words("obligations_note"),), _to_sell(statement)
        )
    else:
        yield Section(words("obligations"), words("sheet_obligations"), (words("obligations_none"),))
    yield blocks.meaning(statement)
    yield Section(
        words("taxpayers"),
        words("sheet_taxpayers"),
        (words("taxpayers_note"),) if any(row.taxpayer_id is None for row in statement.totals) else (),
        _taxpayers(statement),
    )
    if statement.obligations:
        yield Section(
            words("obligations_of_taxpayers"),
            words("sheet_obligations_of_taxpayers"),
            table=_obligations(statement),
        )
    brought: dict[str, list[Decimal]] = defaultdict(list)
    for row in statement.contributions:
        brought[row.registration_no].append(row.income_kzt)
    yield Section(
        words("filings"),
        words("sheet_filings"),
        (words("filings_note"),),
        filing_table(statement.filings, {number: added(values) for number, values in brought.items()}),
    )
    if statement.excluded:
        yield excluded_section(statement.excluded)
    yield Section(
        words("reconciliation"), words("sheet_reconciliation"), (words("reconciliation_note"),), _reconciled(statement)
    )
    yield blocks.made_from(statement)


def _income_of(statement: Statement, role: str) -> Words:
    total = added(row.income_kzt for row in statement.totals if row.role == role)
    return words("of_role", title=words(role), role=words("amount_in_tenge", amount=Amount(total, Kind.MONEY)))


def _without_year(statement: Statement) -> tuple[Words, ...]:
    count = statement.rows_without_year
    return (words("without_year", count=Amount(count, Kind.COUNT)),) if count else ()


def _by_role(statement: Statement) -> Table:
    lines: list[tuple[Cell, ...]] = []
    for role in _roles(statement):
        totals = [row for row in statement.totals if row.role == role]
        lines.append(
            (
                words(f"role_of_{role}"),
                len(totals),
                sum(1 for row in totals if row.unvalued_assets),
                added(row.income_kzt for row in totals),
            )
        )
    return Table(
        (
            column("role", Kind.TEXT, 40),
            column("taxpayer_count", Kind.COUNT, 18),
            column("unvalued_taxpayers", Kind.COUNT, 24),
            column("income_kzt", Kind.MONEY, 22),
        ),
        tuple(lines),
        (words("total"), None, None, added(row.income_kzt for row in statement.totals)),
    )


def _roles(statement: Statement) -> tuple[str, ...]:
    return tuple(sorted({row.role for row in statement.totals}))


def _unvalued(statement: Statement) -> Table:
    quantities: dict[tuple[str, str | None], list[Decimal]] = defaultdict(list)
    for row in statement.income:
        if row.unvalued_quantity:
            quantities[row.role, row.asset].append(row.unvalued_quantity)
    return Table(
        (
            column("role", Kind.TEXT, 14),
            column("asset", Kind.TEXT, 14),
            column("unvalued_quantity", Kind.QUANTITY, 30),
            column("taxpayer_count", Kind.COUNT, 18),
        ),
        tuple(
            (words(role), asset_cell(asset), added(found), len(found)) for (role, asset), found in quantities.items()
        ),
    )


def _by_month(statement: Statement) -> Table:
    """Months by role."""
    roles = _roles(statement)
    sums = {
        month: [added(row.income_kzt for row in rows if row.role == role) for role in roles]
        for month, rows in _months(statement)
    }
    columns = [column("month", Kind.MONTH, 20), *(column(role, Kind.MONEY, 22) for role in roles)]
    total: list[Cell] = [
        words("total"),
        *(added(row.income_kzt for row in statement.totals if row.role == role) for role in roles),
    ]
    rows: list[list[Cell]] = [[month, *values] for month, values in sums.items()]
    if len(roles) > 1:
        columns.append(column("total", Kind.MONEY, 22))
        total.append(added(row.income_kzt for row in statement.totals))
        rows = [[*row, added(values)] for row, values in zip(rows, sums.values(), strict=True)]
    return Table(tuple(columns), tuple(tuple(row) for row in rows), tuple(total))


def _months(statement: Statement) -> list[tuple[date, list[MonthlyIncome]]]:
    found: dict[date, list[MonthlyIncome]] = defaultdict(list)
    for row in statement.monthly:
        found[row.period].append(row)
    return sorted(found.items())


def _by_asset(statement: Statement) -> Table:
    groups: dict[tuple[str, str | None], list[AnnualIncome]] = defaultdict(list)
    for row in statement.income:
        groups[row.role, row.asset].append(row)
    return Table(
        (
            column("role", Kind.TEXT, 12),
            column("asset", Kind.TEXT, 14),
            column("quantity", Kind.QUANTITY, 28),
            column("unvalued_quantity", Kind.QUANTITY, 28),
            column("income_kzt", Kind.MONEY, 22),
        ),
        tuple(
            (
                words(role),
                asset_cell(asset),
                added(row.quantity for row in rows),
                added(row.unvalued_quantity for row in rows) or None,
                sum_cell(rows),
            )
            for (role, asset), rows in sorted(groups.items(), key=lambda item: (item[0][0], item[0][1] or ""))
        ),
        (words("total"), None, None, None, added(row.income_kzt for row in statement.totals)),
    )


def _to_sell(statement: Statement) -> Table:
    """By asset and share: the taxpayers' obligations added up, each rounded up by itself."""
    groups: dict[tuple[str, str, Decimal], list[tuple[Decimal, Decimal]]] = defaultdict(list)
    for row in statement.obligations:
        groups[row.role, row.asset, row.share].append((row.base_quantity, row.quantity_to_sell))
    return Table(
        (
            column("role", Kind.TEXT, 12),
            column("asset", Kind.TEXT, 12),
            column("share", Kind.SHARE, 10),
            column("taxpayer_count", Kind.COUNT, 18),
            column("base_quantity", Kind.QUANTITY, 28),
            column("quantity_to_sell", Kind.QUANTITY, 28),
        ),
        tuple(
            (words(role), asset, share, len(found), *(added(values) for values in zip(*found, strict=True)))
            for (role, asset, share), found in sorted(groups.items())
        ),
    )


def _taxpayers(statement: Statement) -> Table:
    return Table(
        (
            column("taxpayer_id", Kind.TEXT, 16),
            column("taxpayer", Kind.TEXT, 40),
            column("role", Kind.TEXT, 10),
            column("unvalued_quantity", Kind.TEXT, 22),
            column("income_kzt", Kind.MONEY, 20),
        ),
        tuple(
            (
                *blocks.who(row.taxpayer_id, row.taxpayer_name, row.taxpayer_id_state),
                words(row.role),
                row.unvalued_assets,
                total_cell(row),
            )
            for row in statement.totals
        ),
        (words("total"), None, None, None, added(row.income_kzt for row in statement.totals)),
    )


def _obligations(statement: Statement) -> Table:
    return Table(
        (
            column("taxpayer_id", Kind.TEXT, 16),
            column("taxpayer", Kind.TEXT, 34),
            column("asset", Kind.TEXT, 11),
            column("share", Kind.SHARE, 9),
            column("base_quantity", Kind.QUANTITY, 26),
            column("quantity_to_sell", Kind.QUANTITY, 26),
        ),
        tuple(
            (
                *blocks.who(row.taxpayer_id, row.taxpayer_name, row.taxpayer_id_state),
                row.asset,
                row.share,
                row.base_quantity,
                row.quantity_to_sell,
            )
            for row in statement.obligations
        ),
    )


def _reconciled(statement: Statement) -> Table:
    """The identities as a table."""
    return Table(
        (
            column("identity", Kind.TEXT, 40),
            column("left_side", Kind.QUANTITY, 42),
            column("right_side", Kind.QUANTITY, 42),
            column("holds", Kind.TEXT, 14),
        ),
        tuple(
            (words(one.key), one.left, one.right, words("yes" if one.holds else "no"))
            for one in reconciliation(statement)
        ),
    )
