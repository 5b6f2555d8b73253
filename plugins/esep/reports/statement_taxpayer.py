"""The statement of one taxpayer: income by month and asset, what has no value, what is to be sold, sources, doubts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Any

from esep.answers.statement import Statement
from esep.answers.tables import Row
from esep.documents.model import NAME_LIMIT, Amount, Cell, Document, Facts, Kind, Section, Table, Words, listed
from esep.documents.plain import shown
from esep.reports import statement_tables as tables
from esep.reports.statement_tables import RuleWords, Titled, asset_cell, section, table, total_cell, words

_OF_TAXPAYERS = (
    "income", "monthly", "totals", "obligations", "balances", "contributions", "prices", "doubts", "excluded",
)  # fmt: skip
"""Rows of a statement that are each of one taxpayer."""


def parts(statement: Statement, taxpayer_ids: Sequence[str]) -> Iterator[tuple[str, Statement]]:
    """The statement taken apart by taxpayer, in the order of `taxpayer_ids`; each part has all filings."""
    grouped = {name: _grouped(getattr(statement, name)) for name in _OF_TAXPAYERS}
    for one in taxpayer_ids:
        own: dict[str, Any] = {name: rows[one] for name, rows in grouped.items()}
        yield one, replace(statement, **own)


def _grouped(rows: Iterable[Any]) -> Mapping[str | None, tuple[Any, ...]]:
    lists: dict[str | None, list[Any]] = defaultdict(list)
    for row in rows:
        lists[row.taxpayer_id].append(row)
    return defaultdict(tuple, {taxpayer_id: tuple(found) for taxpayer_id, found in lists.items()})


def document(taxpayer_id: str, part: Statement, rule_words: RuleWords) -> Document:
    """The statement of one taxpayer; each role (miner, pool) has its own sections."""
    roles = tuple(sorted({row.role for row in part.totals} | {row.role for row in part.excluded}))
    subject = words("subject", title=taxpayer_id, year=str(part.year))
    return Document(
        title=tables.subject("title_taxpayer", part),
        subtitle=words("subtitle"),
        footer=words("footer", subject=subject, day=tables.day(part.known_on)),
        blocks=(
            Facts(tuple(_facts(taxpayer_id, part, roles))),
            *(one for role in roles for one in _of_role(part, role, is_only=len(roles) == 1)),
            *_sources(part),
            *_doubts(part, rule_words),
            tables.meaning(part),
            tables.made_from(part),
        ),
        day=part.known_on,
    )


def _facts(taxpayer_id: str, part: Statement, roles: Sequence[str]) -> Iterator[tuple[Words, Cell]]:
    state = next((row.taxpayer_id_state for row in part.totals if row.taxpayer_id_state), None)
    yield (
        words("taxpayer"),
        next((shown(row.taxpayer_name, NAME_LIMIT) for row in part.totals if row.taxpayer_name), ""),
    )
    number = shown(taxpayer_id, NAME_LIMIT)
    yield words("taxpayer_id"), (number, words("state_wrong")) if tables.is_flagged(state) else number
    yield words("role"), listed(words(f"role_of_{role}") for role in roles)
    yield words("year"), words("year_value", year=str(part.year))
    yield tables.known_on_fact(part)
    for total in part.totals:
        income = total_cell(total)
        value = words("amount_in_tenge", amount=Amount(income, Kind.MONEY)) if isinstance(income, Decimal) else income
        yield _titled("income", None if len(roles) == 1 else total.role), value
    yield tables.basis_fact(part)
    missing = _amounts((row.asset, row.unvalued_quantity) for row in part.income if row.unvalued_quantity)
    yield words("unvalued"), missing or words("nothing")
    decided = [row for row in part.obligations if row.quantity_to_sell is not None]
    to_sell = _amounts((row.asset, row.quantity_to_sell) for row in decided)
    yield words("quantity_to_sell"), (*to_sell, *tables.share_marks(decided)) or words("nothing")
    undecided = _amounts((row.asset, row.base_quantity) for row in part.obligations if row.quantity_to_sell is None)
    if undecided:
        yield words("state.asset_class_undecided"), undecided


def _titled(key: str, role: str | None) -> Words:
    """A title, of a role where the taxpayer has two."""
    return words("of_role", title=words(key), role=words(f"state.role_{role}")) if role else words(key)


def _amounts(pairs: Iterable[tuple[str | None, Decimal]]) -> tuple[Words, ...]:
    """A line for each asset."""
    return tuple(
        words("amount_of_asset", asset=asset_cell(asset), amount=Amount(quantity, Kind.QUANTITY))
        for asset, quantity in pairs
    )


def _of_role(part: Statement, role: str, *, is_only: bool) -> Iterator[Section]:
    """What depends on the role: income, unvalued quantities, obligation."""

    def titled(key: str) -> Words:
        return _titled(key, None if is_only else role)

    income = [row for row in part.income if row.role == role]
    total = next((total_cell(row) for row in part.totals if row.role == role), None)
    if income:
        yield section("income_by_asset", (), tables.income_table(income, total), titled=titled)
    missing = [row for row in income if row.unvalued_quantity]
    if missing:
        unvalued = table(
            missing,
            ("asset", Kind.TEXT, 14, lambda row: asset_cell(row.asset)),
            ("unvalued_quantity", Kind.QUANTITY, 26, lambda row: row.unvalued_quantity),
        )
        yield section("unvalued", [words("unvalued_why")], unvalued, look="marked", titled=titled)
    monthly = [row for row in part.monthly if row.role == role]
    if monthly:
        yield _by_month(part.year, monthly, total, titled)
    owed = [row for row in part.obligations if row.role == role]
    if owed:
        yield section("obligations", tables.obligation_notes(owed), tables.obligation_table(owed), titled=titled)
    elif role == "miner":
        yield section("obligations", [words("obligations_none")], titled=titled)
    if role == "miner" and (owed or part.balances):
        yield tables.known_sales(part.balances, titled)


def _by_month(year: int, rows: Sequence[Row], total: Cell, titled: Titled) -> Section:
    """Month by asset with the months' totals, and a chart of the months."""
    by_month: dict[date, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.period, row.asset or "")):
        by_month[row.period].append(row)
    lines: list[tuple[Cell, ...]] = []
    looks = {}
    for month, found in by_month.items():
        for row in found:
            unvalued = row.unvalued_quantity or None
            lines.append((month, asset_cell(row.asset), row.quantity, unvalued, tables.income_cell(row)))
        if len(found) > 1:
            looks[len(lines)] = "strong"
            lines.append((month, words("total"), None, None, tables.sum_cell(found)))
    listed_by_month = table(
        lines,
        ("month", Kind.MONTH, 17, itemgetter(0)),
        ("asset", Kind.TEXT, 12, itemgetter(1)),
        ("quantity", Kind.QUANTITY, 26, itemgetter(2)),
        ("unvalued_quantity", Kind.QUANTITY, 24, itemgetter(3)),
        ("income_kzt", Kind.MONEY, 19, itemgetter(4)),
        total=(words("total"), None, None, None, total),
    )
    shown = replace(listed_by_month, looks=looks)
    return section("income_by_month_asset", [words("income_exact")], *tables.bars(year, rows), shown, titled=titled)


def _sources(part: Statement) -> Iterator[Section]:
    """Prices and filings behind the figures."""
    if part.prices:
        yield section("prices", [words("prices_note")], tables.price_table(part.prices))
    income = tables.income_by_filing(part.contributions)
    numbers = {*income, *(row.registration_no for row in part.excluded)}
    yield tables.filings_section([filing for filing in part.filings if filing.registration_no in numbers], income)


def _doubts(part: Statement, rule_words: RuleWords) -> Iterator[Section]:
    """Findings that touch the taxpayer's rows, and what was left out of them."""
    if part.doubts:
        yield section("doubts", [words("doubts_note")], _doubt_table(part.doubts, rule_words))
    else:
        yield section("doubts", [words("doubts_none")])
    if part.excluded:
        yield tables.excluded_section(part.excluded)


def _doubt_table(doubts: Iterable[Row], rule_words: RuleWords) -> Table:
    """By rule, severity and column: in which filings, how often."""
    groups: dict[tuple[str, str, str | None], list[Row]] = defaultdict(list)
    for doubt in doubts:
        groups[doubt.rule_id, doubt.severity, doubt.column_no].append(doubt)
    return table(
        groups.items(),
        ("rule", Kind.TEXT, 9, lambda group: group[0][0]),
        ("meaning_of_rule", Kind.TEXT, 52, lambda group: rule_words(group[0][0])),
        ("severity", Kind.TEXT, 16, lambda group: words(f"state.severity_{group[0][1]}")),
        ("registration_no", Kind.TEXT, 16, _filings_of),
        ("occurrences", Kind.COUNT, 8, lambda group: sum(doubt.occurrences for doubt in group[1])),
    )


def _filings_of(group: tuple[object, list[Row]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(doubt.registration_no for doubt in group[1]))
