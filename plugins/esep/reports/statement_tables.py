"""Words, tables and sections that the statement in total and those of taxpayers share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal

from esep.answers.rule_words import rule_text
from esep.answers.statement import (
    AnnualIncome,
    Contribution,
    ExcludedQuantity,
    FilingBehind,
    IncomeTotal,
    MonthlyIncome,
    PriceUse,
    SaleObligation,
    Statement,
)
from esep.clock import local_date
from esep.documents import model
from esep.documents.model import Amount, Bars, Block, Cell, Column, Kind, Paragraph, Section, Table, Words
from esep.exact import added
from esep.examination.suites import Rule, Suites
from esep.texts import LANGUAGES

RuleWords = Callable[[str], Words]
"""What a rule says, by its id."""
Titled = Callable[[str], Words]
"""A title by its key."""
_RIGHT_NUMBERS = ("ok", "lost_zeros")


def words(key: str, **values: object) -> Words:
    """A text of the catalogue `statement`."""
    return model.words(key if "." in key else f"statement.{key}", **values)


def rule_words(suites: Suites) -> RuleWords:
    """Texts of the rules in force; a rule that is gone has none."""
    by_id: dict[str, list[Rule]] = {}
    for rule in suites.rules:
        by_id.setdefault(rule.rule_id, []).append(rule)

    def of_rule(rule_id: str) -> Words:
        clauses = by_id.get(rule_id, [])
        return Words({language: rule_text(clauses, language) if clauses else "" for language in LANGUAGES})

    return of_rule


def section(
    key: str, notes: Iterable[Words] = (), *blocks: Block, look: str = "plain", titled: Titled = words
) -> Section:
    """A section whose heading and sheet are named by one key: notes, then a chart or none, then a table or none."""
    return Section(titled(key), (*map(Paragraph, notes), *blocks), titled(f"sheet_{key}"), look)


def table(
    columns: Iterable[tuple[str, Kind, int]], rows: Iterable[tuple[Cell, ...]], total: Iterable[Cell] = ()
) -> Table:
    """A table of (key of the heading, kind, width in characters) columns."""
    return Table(tuple(Column(words(key), kind, width) for key, kind, width in columns), tuple(rows), tuple(total))


def day(value: date) -> Amount:
    return Amount(value, Kind.DAY)


def subject(title: str, statement: Statement) -> Words:
    return words("subject", title=words(title), year=str(statement.year))


def known_on_fact(statement: Statement) -> tuple[Words, Words]:
    return words("known_on"), words("known_on_value", day=day(statement.known_on))


def is_flagged(state: str | None) -> bool:
    """Whether something is wrong with a number that is kept as written."""
    return state is not None and state not in _RIGHT_NUMBERS


def who(taxpayer_id: str | None, name: str | None, state: str | None) -> tuple[Cell, ...]:
    """Number and name of a taxpayer as two cells; a wrong number says so below itself."""
    if taxpayer_id is None:
        return words("no_number"), words("no_number_name")
    return ((taxpayer_id, words("state_wrong")) if is_flagged(state) else taxpayer_id), name


def asset_cell(asset: str | None) -> Cell:
    return words("unknown_asset") if asset is None else asset


def income_cell(row: AnnualIncome | MonthlyIncome) -> Cell:
    """Tenge; a quantity that has no value at all is never given as 0."""
    return words("no_value") if row.unvalued_quantity and not row.valued_quantity else row.income_kzt


def sum_cell(rows: Iterable[AnnualIncome | MonthlyIncome]) -> Cell:
    """The same for a sum."""
    valued = [row.income_kzt for row in rows if row.valued_quantity]
    return added(valued) if valued else words("no_value")


def total_cell(total: IncomeTotal) -> Cell:
    """The same for the total of a taxpayer."""
    return words("no_value") if total.unvalued_assets and not total.exact_income_kzt else total.income_kzt


def income_table(rows: Iterable[AnnualIncome], total: Cell) -> Table:
    """By asset, with the total that the warehouse rounded."""
    return table(
        (
            ("asset", Kind.TEXT, 14),
            ("quantity", Kind.QUANTITY, 26),
            ("unvalued_quantity", Kind.QUANTITY, 26),
            ("income_kzt", Kind.MONEY, 20),
        ),
        ((asset_cell(row.asset), row.quantity, row.unvalued_quantity or None, income_cell(row)) for row in rows),
        (words("total"), None, None, total),
    )


def obligation_table(rows: Iterable[SaleObligation]) -> Table:
    """What one taxpayer has to sell."""
    return table(
        (
            ("asset", Kind.TEXT, 12),
            ("share", Kind.SHARE, 10),
            ("base_quantity", Kind.QUANTITY, 26),
            ("smallest_unit", Kind.QUANTITY, 24),
            ("quantity_to_sell", Kind.QUANTITY, 26),
        ),
        (
            (row.asset, row.share, row.base_quantity, Decimal(1).scaleb(-row.decimals), row.quantity_to_sell)
            for row in rows
        ),
    )


def bars(year: int, rows: Iterable[MonthlyIncome]) -> tuple[Bars, ...]:
    """All months of the year with their income in tenge; None for a month, and no bars, where nothing has a value."""
    by_month: dict[date, list[Decimal]] = defaultdict(list)
    for row in rows:
        if row.valued_quantity:
            by_month[row.period].append(row.income_kzt)
    months = [date(year, month, 1) for month in range(1, 13)]
    values = tuple((month, added(by_month[month]) if month in by_month else None) for month in months)
    return (Bars(values),) if by_month else ()


def price_table(rows: Iterable[PriceUse]) -> Table:
    """Where the prices and rates come from, and for which days."""
    return table(
        (
            ("asset", Kind.TEXT, 10),
            ("currency", Kind.TEXT, 9),
            ("price_days", Kind.COUNT, 10),
            ("price_span", Kind.TEXT, 25),
            ("price_sources", Kind.TEXT, 28),
            ("rate_sources", Kind.TEXT, 28),
        ),
        (_price_row(row) for row in rows),
    )


def _price_row(row: PriceUse) -> tuple[Cell, ...]:
    span = words("price_span_value", first=day(row.first_price_day), last=day(row.last_price_day))
    return row.asset, row.currency, row.price_days, span, row.price_sources, row.rate_sources


def income_by_filing(rows: Iterable[Contribution]) -> dict[str, Decimal]:
    """What each filing brings to the income, in tenge."""
    brought: dict[str, list[Decimal]] = defaultdict(list)
    for row in rows:
        brought[row.registration_no].append(row.income_kzt)
    return {number: added(values) for number, values in brought.items()}


def filings_section(filings: Iterable[FilingBehind], income: Mapping[str, Decimal]) -> Section:
    """Filings with what each brings to the income in question, in tenge."""
    of_filings = table(
        (
            ("registration_no", Kind.TEXT, 14),
            ("pool_column", Kind.TEXT, 26),
            ("month", Kind.MONTH, 16),
            ("received_at", Kind.MOMENT, 17),
            ("kind", Kind.TEXT, 23),
            ("income_kzt", Kind.MONEY, 19),
            ("faults", Kind.COUNT, 13),
        ),
        (
            (
                filing.registration_no,
                (filing.pool_name, filing.pool_id),
                filing.period,
                filing.received_at,
                _kind_of(filing),
                income.get(filing.registration_no) or None,
                filing.faults or None,
            )
            for filing in filings
        ),
    )
    return section("filings", [words("filings_note")], of_filings)


def _kind_of(filing: FilingBehind) -> Words:
    kind = words(f"state.kind_{filing.kind}")
    return words("kind_replaces", kind=kind, number=filing.replaces) if filing.replaces else kind


def excluded_section(rows: Iterable[ExcludedQuantity]) -> Section:
    """Quantities that are in no figure, with the place of each."""
    excluded = table(
        (
            ("registration_no", Kind.TEXT, 14),
            ("taxpayer_id", Kind.TEXT, 16),
            ("file", Kind.TEXT, 34),
            ("row", Kind.COUNT, 8),
            ("column", Kind.TEXT, 9),
            ("asset", Kind.TEXT, 12),
        ),
        (
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
    )
    return section("excluded", [words("excluded_note")], excluded, look="marked")


def meaning(statement: Statement) -> Section:
    """What the figures are and are not (facts of the law, sections 3 and 4)."""
    notes = ("meaning_income", "meaning_unvalued", "meaning_obligation")
    known_on = words("meaning_known_on", day=day(statement.known_on))
    return section("meaning", [*map(words, notes), known_on, words("meaning_law")])


def made_from(statement: Statement) -> Section:
    """Code, rules and reference data behind the figures."""
    rows: tuple[tuple[Cell, ...], ...] = (
        (words("code_version"), statement.code_version),
        (words("provenance_rulesets"), ", ".join(statement.rulesets)),
        *(
            (
                words("provenance_reference", name=words(f"name_{one.name}"), day=day(local_date(one.accepted_at))),
                f"SHA-256 {one.sha256}",
            )
            for one in statement.references
        ),
    )
    return section("provenance", (), table((("fact", Kind.TEXT, 44), ("value", Kind.TEXT, 76)), rows))
