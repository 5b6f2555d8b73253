"""The statement of one taxpayer: income by month and asset, what has no value, what is to be sold, sources, doubts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar

from esep.answers.statement import (
    AnnualIncome,
    Contribution,
    Doubt,
    ExcludedQuantity,
    IncomeTotal,
    MonthlyIncome,
    PriceUse,
    SaleObligation,
    Statement,
)
from esep.exact import added
from esep.reports import statement_blocks as blocks
from esep.reports.statement_blocks import RuleWords, asset_cell, column
from esep.reports.statement_document import Amount, Cell, Document, Kind, Section, Table, Words, listed, words
from esep.reports.statement_tables import (
    bars,
    excluded_section,
    filing_table,
    income_cell,
    income_table,
    obligation_table,
    price_table,
    sum_cell,
    total_cell,
)


class _OfTaxpayer(Protocol):
    @property
    def taxpayer_id(self) -> str | None: ...


Row = TypeVar("Row", bound=_OfTaxpayer)


@dataclass(frozen=True, slots=True)
class TaxpayerPart:
    """The rows of a statement that are one taxpayer's."""

    taxpayer_id: str
    income: tuple[AnnualIncome, ...]
    monthly: tuple[MonthlyIncome, ...]
    totals: tuple[IncomeTotal, ...]
    obligations: tuple[SaleObligation, ...]
    contributions: tuple[Contribution, ...]
    prices: tuple[PriceUse, ...]
    doubts: tuple[Doubt, ...]
    excluded: tuple[ExcludedQuantity, ...]

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(sorted({row.role for row in self.totals} | {row.role for row in self.excluded}))

    @property
    def name(self) -> str | None:
        return next((row.taxpayer_name for row in self.totals if row.taxpayer_name), None)

    @property
    def state(self) -> str | None:
        return next((row.taxpayer_id_state for row in self.totals if row.taxpayer_id_state), None)


def parts(statement: Statement, taxpayer_ids: Sequence[str]) -> Iterator[TaxpayerPart]:
    """The statement taken apart by taxpayer, in the order of `taxpayer_ids`."""
    income, monthly, totals = _grouped(statement.income), _grouped(statement.monthly), _grouped(statement.totals)
    obligations, contributions = _grouped(statement.obligations), _grouped(statement.contributions)
    prices, doubts, excluded = _grouped(statement.prices), _grouped(statement.doubts), _grouped(statement.excluded)
    for one in taxpayer_ids:
        yield TaxpayerPart(
            one,
            income[one],
            monthly[one],
            totals[one],
            obligations[one],
            contributions[one],
            prices[one],
            doubts[one],
            excluded[one],
        )


def _grouped(rows: Iterable[Row]) -> Mapping[str | None, tuple[Row, ...]]:
    groups: dict[str | None, tuple[Row, ...]] = defaultdict(tuple)
    lists: dict[str | None, list[Row]] = defaultdict(list)
    for row in rows:
        lists[row.taxpayer_id].append(row)
    groups.update({taxpayer_id: tuple(found) for taxpayer_id, found in lists.items()})
    return groups


def document(statement: Statement, part: TaxpayerPart, rule_words: RuleWords) -> Document:
    """The statement of one taxpayer; each role (miner, pool) is told apart."""
    subject = blocks.subject("title_taxpayer", statement)
    sections = [section for role in part.roles for section in _of_role(statement.year, part, role)]
    return Document(
        title=subject,
        subtitle=words("subtitle"),
        footer=words(
            "footer",
            subject=words("subject", title=part.taxpayer_id, year=str(statement.year)),
            day=blocks.day(statement.known_on),
        ),
        facts=tuple(_facts(statement, part)),
        sections=(
            *sections,
            *_sources(statement, part),
            *_doubts(part, rule_words),
            blocks.meaning(statement),
            blocks.made_from(statement),
        ),
        day=statement.known_on,
    )


def _facts(statement: Statement, part: TaxpayerPart) -> Iterator[tuple[Words, Cell]]:
    yield words("taxpayer"), part.name
    yield (
        words("taxpayer_id"),
        ((part.taxpayer_id, words("state_wrong")) if blocks.is_flagged(part.state) else part.taxpayer_id),
    )
    yield words("role"), listed(words(f"role_of_{role}") for role in part.roles)
    yield words("year"), words("year_value", year=str(statement.year))
    yield blocks.known_on_fact(statement)
    for total in part.totals:
        label = words("income")
        if len(part.roles) > 1:
            label = words("of_role", title=label, role=words(total.role))
        income = total_cell(total)
        yield (
            label,
            words("amount_in_tenge", amount=Amount(income, Kind.MONEY)) if isinstance(income, Decimal) else income,
        )
    missing = [row for row in part.income if row.unvalued_quantity]
    yield words("unvalued"), (_amounts((row.asset, row.unvalued_quantity) for row in missing) or words("nothing"))
    to_sell = _amounts((row.asset, row.quantity_to_sell) for row in part.obligations)
    yield words("quantity_to_sell"), to_sell or words("nothing")


def _amounts(pairs: Iterable[tuple[str | None, Decimal]]) -> tuple[Words, ...]:
    """A line for each asset."""
    return tuple(
        words(
            "amount_of_asset",
            asset=words("unknown_asset") if asset is None else asset,
            amount=Amount(quantity, Kind.QUANTITY),
        )
        for asset, quantity in pairs
    )


def _of_role(year: int, part: TaxpayerPart, role: str) -> Iterator[Section]:
    """What depends on the role: income, unvalued quantities, obligation."""

    def titled(key: str) -> Words:
        return words(key) if len(part.roles) == 1 else words("of_role", title=words(key), role=words(role))

    income = [row for row in part.income if row.role == role]
    monthly = [row for row in part.monthly if row.role == role]
    total = next((total_cell(row) for row in part.totals if row.role == role), None)
    if income:
        yield Section(titled("income_by_asset"), titled("sheet_income_by_asset"), table=income_table(income, total))
    missing = [row for row in income if row.unvalued_quantity]
    if missing:
        yield Section(
            titled("unvalued"),
            titled("sheet_unvalued"),
            (words("unvalued_why"),),
            Table(
                (column("asset", Kind.TEXT, 14), column("unvalued_quantity", Kind.QUANTITY, 26)),
                tuple((asset_cell(row.asset), row.unvalued_quantity) for row in missing),
            ),
            marked=True,
        )
    if monthly:
        yield _by_month(year, monthly, total, titled("income_by_month_asset"), titled("sheet_income_by_month_asset"))
    owed = [row for row in part.obligations if row.role == role]
    if owed:
        yield Section(
            titled("obligations"), titled("sheet_obligations"), (words("obligations_note"),), obligation_table(owed)
        )
    elif role == "miner":
        yield Section(titled("obligations"), titled("sheet_obligations"), (words("obligations_none"),))


def _by_month(year: int, rows: Sequence[MonthlyIncome], total: Cell, title: Words, sheet: Words) -> Section:
    """Month by asset with the months' totals, and a chart of the months."""
    by_month: dict[date, list[MonthlyIncome]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.period, row.asset or "")):
        by_month[row.period].append(row)
    lines: list[tuple[Cell, ...]] = []
    strong = set()
    for month, found in by_month.items():
        for row in found:
            lines.append((month, asset_cell(row.asset), row.quantity, row.unvalued_quantity or None, income_cell(row)))
        if len(found) > 1:
            strong.add(len(lines))
            lines.append((month, words("total"), None, None, sum_cell(found)))
    table = Table(
        (
            column("month", Kind.MONTH, 17),
            column("asset", Kind.TEXT, 12),
            column("quantity", Kind.QUANTITY, 26),
            column("unvalued_quantity", Kind.QUANTITY, 24),
            column("income_kzt", Kind.MONEY, 19),
        ),
        tuple(lines),
        (words("total"), None, None, None, total),
        frozenset(strong),
    )
    return Section(title, sheet, (words("income_exact"),), table, bars(year, rows))


def _sources(statement: Statement, part: TaxpayerPart) -> Iterator[Section]:
    """Prices and filings behind the figures."""
    if part.prices:
        yield Section(
            words("prices"),
            words("sheet_prices"),
            (words("prices_note"),),
            price_table(part.prices),
        )
    brought: dict[str, list[Decimal]] = defaultdict(list)
    for row in part.contributions:
        brought[row.registration_no].append(row.income_kzt)
    numbers = {*brought, *(row.registration_no for row in part.excluded)}
    behind = [filing for filing in statement.filings if filing.registration_no in numbers]
    yield Section(
        words("filings"),
        words("sheet_filings"),
        (words("filings_note"),),
        filing_table(behind, {number: added(values) for number, values in brought.items()}),
    )


def _doubts(part: TaxpayerPart, rule_words: RuleWords) -> Iterator[Section]:
    """Findings that touch the taxpayer's rows, and what was left out of them."""
    if not part.doubts:
        yield Section(words("doubts"), words("sheet_doubts"), (words("doubts_none"),))
    else:
        counts: dict[tuple[str, str, str | None], int] = defaultdict(int)
        filings: dict[tuple[str, str, str | None], dict[str, None]] = defaultdict(dict)
        for doubt in part.doubts:
            key = (doubt.rule_id, doubt.severity, doubt.column_no)
            counts[key] += doubt.occurrences
            filings[key][doubt.registration_no] = None
        table = Table(
            (
                column("rule", Kind.TEXT, 9),
                column("meaning_of_rule", Kind.TEXT, 52),
                column("severity", Kind.TEXT, 16),
                column("registration_no", Kind.TEXT, 16),
                column("occurrences", Kind.COUNT, 8),
            ),
            tuple(
                (key[0], rule_words(key[0]), words(f"severity_{key[1]}"), tuple(filings[key]), count)
                for key, count in counts.items()
            ),
        )
        yield Section(words("doubts"), words("sheet_doubts"), (words("doubts_note"),), table)
    if part.excluded:
        yield excluded_section(part.excluded)
