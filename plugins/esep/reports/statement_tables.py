"""Words, tables and sections that the statement in total and those of taxpayers share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from esep.answers import valuation_basis
from esep.answers.statement import Balance, Statement
from esep.answers.tables import Row
from esep.clock import local_date
from esep.documents import model
from esep.documents.model import (
    Amount,
    Bars,
    Block,
    Cell,
    ColumnOf,
    Kind,
    One,
    Paragraph,
    Section,
    Table,
    Words,
    table_of,
)
from esep.exact import added
from esep.examination.rule_words import rule_text
from esep.examination.suites import Suites
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
    by_id = suites.by_id()

    def of_rule(rule_id: str) -> Words:
        clauses = by_id.get(rule_id, [])
        return Words({language: rule_text(clauses, language) if clauses else "" for language in LANGUAGES})

    return of_rule


def section(
    key: str, notes: Iterable[Words] = (), *blocks: Block, look: str = "plain", titled: Titled = words
) -> Section:
    """A section whose heading and sheet are named by one key: notes, then a chart or none, then a table or none."""
    return Section(titled(key), (*map(Paragraph, notes), *blocks), titled(f"sheet_{key}"), look)


def table(rows: Iterable[One], *columns: ColumnOf[One], total: Iterable[Cell] = ()) -> Table:
    """A table of the rows, with a total below them or none."""
    return table_of(columns, rows, words, total=tuple(total))


def day(value: date) -> Amount:
    return Amount(value, Kind.DAY)


def subject(title: str, statement: Statement) -> Words:
    return words("subject", title=words(title), year=str(statement.year))


def known_on_fact(statement: Statement) -> tuple[Words, Words]:
    return words("known_on"), words("known_on_value", day=day(statement.known_on))


def is_flagged(state: str | None) -> bool:
    """Whether something is wrong with a number that is kept as written."""
    return state is not None and state not in _RIGHT_NUMBERS


def number_cell(taxpayer_id: str | None, state: str | None) -> Cell:
    """The number of a taxpayer; a wrong one says so below itself."""
    if taxpayer_id is None:
        return words("no_number")
    return (taxpayer_id, words("state_wrong")) if is_flagged(state) else taxpayer_id


def name_cell(taxpayer_id: str | None, name: str | None) -> Cell:
    return words("no_number_name") if taxpayer_id is None else name


def asset_cell(asset: str | None) -> Cell:
    return words("unknown_asset") if asset is None else asset


def income_cell(row: Row) -> Cell:
    """Tenge; a quantity that has no value at all is never given as 0."""
    return words("no_value") if row.unvalued_quantity and not row.valued_quantity else row.income_kzt


def sum_cell(rows: Iterable[Row]) -> Cell:
    """The same for a sum."""
    valued = [row.income_kzt for row in rows if row.valued_quantity]
    return added(valued) if valued else words("no_value")


def total_cell(total: Row) -> Cell:
    """The same for the total of a taxpayer."""
    return words("no_value") if total.unvalued_assets and not total.exact_income_kzt else total.income_kzt


def income_table(rows: Iterable[Row], total: Cell) -> Table:
    """By asset, with the total that the warehouse rounded."""
    return table(
        rows,
        ("asset", Kind.TEXT, 14, lambda row: asset_cell(row.asset)),
        ("quantity", Kind.QUANTITY, 26, lambda row: row.quantity),
        ("unvalued_quantity", Kind.QUANTITY, 26, lambda row: row.unvalued_quantity or None),
        ("income_kzt", Kind.MONEY, 20, income_cell),
        total=(words("total"), None, None, total),
    )


def obligation_table(rows: Iterable[Row]) -> Table:
    """What one taxpayer has to sell."""
    return table(
        rows,
        ("asset", Kind.TEXT, 12, lambda row: asset_cell(row.asset)),
        ("share", Kind.SHARE, 10, share_cell),
        ("base_quantity", Kind.QUANTITY, 26, lambda row: row.base_quantity),
        ("smallest_unit", Kind.QUANTITY, 24, _smallest_unit),
        ("quantity_to_sell", Kind.QUANTITY, 26, lambda row: row.quantity_to_sell),
    )


def share_cell(row: Row) -> Cell:
    """The share; an asset whose class is undecided has none, and says so."""
    return words("state.asset_class_undecided") if row.asset_class == "undecided" else row.share


def share_marks(rows: Iterable[Row]) -> tuple[Words, ...]:
    """What stands beside obligations while nobody has confirmed their share."""
    unconfirmed = any(row.share_state == "not_confirmed" for row in rows)
    return (words("state.share_state_not_confirmed"),) if unconfirmed else ()


def basis_fact(statement: Statement) -> tuple[Words, tuple[Words, ...]]:
    """The orders by which the year's figures in tenge are valued, for the head."""
    return words("income.basis"), valuation_basis.in_words(statement.year)


def obligation_notes(rows: Sequence[Row]) -> list[Words]:
    """What an obligation is and is not; what an undecided class means where there is one."""
    undecided = any(row.asset_class == "undecided" for row in rows)
    return [
        words("obligations_note"),
        *share_marks(rows),
        *([words("obligation.undecided_note")] if undecided else []),
    ]


def known_sales(balances: Iterable[Balance], titled: Titled = words, *, named: bool = False) -> Section:
    """Sales known to the office beside the obligation; that there is no register where there is none."""
    rows = list(balances)
    notes = [words("obligation.sales_note")]
    if not rows:
        return section("sales", [*notes, words("obligation.sales_none")], titled=titled)
    who: tuple[ColumnOf[Balance], ...] = (
        ("taxpayer_id", Kind.TEXT, 16, lambda row: number_cell(row.taxpayer_id, None)),
    )
    of_sales = table(
        rows,
        *(who if named else ()),
        ("asset", Kind.TEXT, 12, lambda row: asset_cell(row.asset)),
        ("quantity_to_sell", Kind.QUANTITY, 26, lambda row: row.obligation),
        ("column.sold", Kind.QUANTITY, 26, lambda row: row.sold),
        ("column.open_quantity", Kind.QUANTITY, 26, lambda row: row.open_quantity),
        ("column.sold_above", Kind.QUANTITY, 26, lambda row: row.sold_above),
    )
    return section("sales", notes, of_sales, titled=titled)


def _smallest_unit(row: Row) -> Decimal | None:
    return None if row.decimals is None else Decimal(1).scaleb(-row.decimals)


def bars(year: int, rows: Iterable[Row]) -> tuple[Bars, ...]:
    """All months of the year with their income in tenge; None for a month, and no bars, where nothing has a value."""
    by_month: dict[date, list[Decimal]] = defaultdict(list)
    for row in rows:
        if row.valued_quantity:
            by_month[row.period].append(row.income_kzt)
    months = [date(year, month, 1) for month in range(1, 13)]
    values = tuple((month, added(by_month[month]) if month in by_month else None) for month in months)
    return (Bars(values),) if by_month else ()


def price_table(rows: Iterable[Row]) -> Table:
    """Where the prices and rates come from, and for which days."""
    return table(
        rows,
        ("asset", Kind.TEXT, 10, lambda row: row.asset),
        ("currency", Kind.TEXT, 9, lambda row: row.currency),
        ("price_days", Kind.COUNT, 10, lambda row: row.price_days),
        ("price_span", Kind.TEXT, 25, _span),
        ("price_sources", Kind.TEXT, 28, lambda row: row.price_sources),
        ("rate_sources", Kind.TEXT, 28, lambda row: row.rate_sources),
    )


def _span(row: Row) -> Words:
    return words("price_span_value", first=day(row.first_price_day), last=day(row.last_price_day))


def income_by_filing(rows: Iterable[Row]) -> dict[str, Decimal]:
    """What each filing brings to the income, in tenge."""
    brought: dict[str, list[Decimal]] = defaultdict(list)
    for row in rows:
        brought[row.registration_no].append(row.income_kzt)
    return {number: added(values) for number, values in brought.items()}


def filings_section(filings: Iterable[Row], income: Mapping[str, Decimal]) -> Section:
    """Filings with what each brings to the income in question, in tenge."""
    of_filings = table(
        filings,
        ("registration_no", Kind.TEXT, 14, lambda one: one.registration_no),
        ("pool_column", Kind.TEXT, 26, lambda one: (one.pool_name, one.pool_id)),
        ("month", Kind.MONTH, 16, lambda one: one.period),
        ("received_at", Kind.MOMENT, 17, lambda one: one.received_at),
        ("kind", Kind.TEXT, 23, _kind_of),
        ("income_kzt", Kind.MONEY, 19, lambda one: income.get(one.registration_no) or None),
        ("faults", Kind.COUNT, 13, lambda one: one.faults or None),
    )
    return section("filings", [words("filings_note")], of_filings)


def _kind_of(filing: Row) -> Cell:
    """What it is to earlier filings; one that the office transcribed says so."""
    kind = words(f"state.kind_{filing.kind}")
    kind = words("kind_replaces", kind=kind, number=filing.replaces) if filing.replaces else kind
    return (kind, words("questions.transcribed")) if filing.is_transcribed else kind


def excluded_section(rows: Iterable[Row]) -> Section:
    """Quantities that are in no figure, with the place of each."""
    excluded = table(
        rows,
        ("registration_no", Kind.TEXT, 14, lambda row: row.registration_no),
        ("taxpayer_id", Kind.TEXT, 16, lambda row: number_cell(row.taxpayer_id, None)),
        ("file", Kind.TEXT, 34, lambda row: (row.file, row.sheet)),
        ("row", Kind.COUNT, 8, lambda row: row.row),
        ("column", Kind.TEXT, 9, lambda row: row.column_no),
        ("asset", Kind.TEXT, 12, lambda row: asset_cell(row.asset)),
    )
    return section("excluded", [words("excluded_note")], excluded, look="marked")


def meaning(statement: Statement) -> Section:
    """What the figures are and are not (facts of the law, sections 3 and 4)."""
    notes = ("meaning_income", "meaning_unvalued", "meaning_obligation")
    known_on = words("meaning_known_on", day=day(statement.known_on))
    return section("meaning", [*map(words, notes), known_on, words("meaning_law")])


def made_from(statement: Statement) -> Section:
    """Code, rules and reference data behind the figures."""
    facts: list[tuple[Words, str]] = [
        (words("code_version"), statement.code_version),
        (words("provenance_rulesets"), ", ".join(statement.rulesets)),
    ]
    for one in statement.references:
        accepted_on = day(local_date(one.accepted_at))
        name = words("provenance_reference", name=words(f"name_{one.name}"), day=accepted_on)
        facts.append((name, f"SHA-256 {one.sha256}"))
    of_facts = table(
        facts, ("fact", Kind.TEXT, 44, lambda fact: fact[0]), ("value", Kind.TEXT, 76, lambda fact: fact[1])
    )
    return section("provenance", (), of_facts)
