"""The statement in total: both figures, all taxpayers and obligations, the filings behind them, the reconciliation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from esep.answers.statement import Statement
from esep.answers.tables import Row
from esep.documents.model import Amount, ColumnOf, Document, Facts, Kind, Paragraph, Section, Table, Words
from esep.exact import added
from esep.reports import statement_tables as tables
from esep.reports.statement_tables import asset_cell, bars, section, sum_cell, table, total_cell, words

_HALF_A_TIYN = Decimal("0.005")


@dataclass(frozen=True, slots=True)
class Identity:
    """`key` is a text of the catalogue. Sides in tenge, or a checksum of units across assets."""

    key: str
    left: Decimal
    right: Decimal
    allowed: Decimal = Decimal(0)

    @property
    def holds(self) -> bool:
        lower, upper = sorted((self.left, self.right))
        return upper <= added((lower, self.allowed))


def document(statement: Statement) -> Document:
    """The statement of all taxpayers."""
    subject = tables.subject("title_totals", statement)
    facts = (
        (words("income"), tuple(_income_of(statement, role) for role in _roles(statement))),
        tables.basis_fact(statement),
        (words("year"), words("year_value", year=str(statement.year))),
        tables.known_on_fact(statement),
    )
    return Document(
        title=subject,
        subtitle=words("subtitle"),
        footer=words("footer", subject=subject, day=tables.day(statement.known_on)),
        blocks=(Facts(facts), *_sections(statement)),
        day=statement.known_on,
    )


def _sections(statement: Statement) -> Iterator[Section]:
    yield Section(
        words("income"), (*map(Paragraph, _without_year(statement)), _by_role(statement)), words("sheet_figures")
    )
    missing = _unvalued(statement)
    if missing.rows:
        yield section("unvalued", [words("unvalued_why")], missing, look="marked")
    exact = [words("income_exact")]
    yield section("income_by_month", exact, *bars(statement.year, statement.monthly), _by_month(statement))
    yield section("income_by_asset", exact, _by_asset(statement))
    if statement.obligations:
        yield section("obligations", tables.obligation_notes(statement.obligations), _to_sell(statement))
    else:
        yield section("obligations", [words("obligations_none")])
    yield tables.meaning(statement)
    unnamed = any(row.taxpayer_id is None for row in statement.totals)
    yield section("taxpayers", [words("taxpayers_note")] if unnamed else (), _taxpayers(statement))
    if statement.obligations:
        yield section("obligations_of_taxpayers", (), _obligations(statement))
    if statement.obligations or statement.balances:
        yield tables.known_sales(statement.balances, named=True)
    yield tables.filings_section(statement.filings, tables.income_by_filing(statement.contributions))
    if statement.excluded:
        yield tables.excluded_section(statement.excluded)
    yield section("reconciliation", [words("reconciliation_note")], _reconciled(statement))
    yield tables.made_from(statement)


def _income_of(statement: Statement, role: str) -> Words:
    total = added(row.income_kzt for row in statement.totals if row.role == role)
    amount = words("amount_in_tenge", amount=Amount(total, Kind.MONEY))
    return words("of_role", title=words(f"state.role_{role}"), role=amount)


def _without_year(statement: Statement) -> tuple[Words, ...]:
    count = statement.rows_without_year
    return (words("without_year", count=Amount(count, Kind.COUNT)),) if count else ()


def _by_role(statement: Statement) -> Table:
    by_role = {role: [row for row in statement.totals if row.role == role] for role in _roles(statement)}
    return table(
        by_role.items(),
        ("role", Kind.TEXT, 40, lambda of: words(f"role_of_{of[0]}")),
        ("taxpayer_count", Kind.COUNT, 18, lambda of: len(of[1])),
        ("unvalued_taxpayers", Kind.COUNT, 24, lambda of: sum(1 for row in of[1] if row.unvalued_assets)),
        ("income_kzt", Kind.MONEY, 22, lambda of: added(row.income_kzt for row in of[1])),
        total=(words("total"), None, None, _total_of(statement)),
    )


def _total_of(statement: Statement) -> Decimal:
    return added(row.income_kzt for row in statement.totals)


def _roles(statement: Statement) -> tuple[str, ...]:
    return tuple(sorted({row.role for row in statement.totals}))


def _unvalued(statement: Statement) -> Table:
    quantities: dict[tuple[str, str | None], list[Decimal]] = defaultdict(list)
    for row in statement.income:
        if row.unvalued_quantity:
            quantities[row.role, row.asset].append(row.unvalued_quantity)
    return table(
        quantities.items(),
        ("role", Kind.TEXT, 14, lambda of: words(f"state.role_{of[0][0]}")),
        ("asset", Kind.TEXT, 14, lambda of: asset_cell(of[0][1])),
        ("unvalued_quantity", Kind.QUANTITY, 30, lambda of: added(of[1])),
        ("taxpayer_count", Kind.COUNT, 18, lambda of: len(of[1])),
    )


def _by_month(statement: Statement) -> Table:
    """Months by role, and both roles together."""
    roles = _roles(statement)
    months: dict[date, list[Row]] = defaultdict(list)
    for row in statement.monthly:
        months[row.period].append(row)

    def income(rows: Iterable[Row], wanted: Sequence[str]) -> Decimal:
        return added(row.income_kzt for row in rows if row.role in wanted)

    def column(heading: str, wanted: Sequence[str]) -> ColumnOf[tuple[date, list[Row]]]:
        return heading, Kind.MONEY, 22, lambda of: income(of[1], wanted)

    columns = {f"state.role_{role}": (role,) for role in roles} | ({"total": roles} if len(roles) > 1 else {})
    return table(
        sorted(months.items()),
        ("month", Kind.MONTH, 20, lambda of: of[0]),
        *(column(heading, wanted) for heading, wanted in columns.items()),
        total=(words("total"), *(income(statement.totals, wanted) for wanted in columns.values())),
    )


def _by_asset(statement: Statement) -> Table:
    groups: dict[tuple[str, str | None], list[Row]] = defaultdict(list)
    for row in statement.income:
        groups[row.role, row.asset].append(row)
    return table(
        sorted(groups.items(), key=lambda item: (item[0][0], item[0][1] or "")),
        ("role", Kind.TEXT, 12, lambda of: words(f"state.role_{of[0][0]}")),
        ("asset", Kind.TEXT, 14, lambda of: asset_cell(of[0][1])),
        ("quantity", Kind.QUANTITY, 28, lambda of: added(row.quantity for row in of[1])),
        ("unvalued_quantity", Kind.QUANTITY, 28, lambda of: added(row.unvalued_quantity for row in of[1]) or None),
        ("income_kzt", Kind.MONEY, 22, lambda of: sum_cell(of[1])),
        total=(words("total"), None, None, None, _total_of(statement)),
    )


def _to_sell(statement: Statement) -> Table:
    """By asset and share: the taxpayers' obligations added up, each rounded up by itself."""
    groups: dict[tuple[str, str, str, Decimal], list[Row]] = defaultdict(list)
    for row in statement.obligations:
        groups[row.role, row.asset or "", row.asset_class, row.share or Decimal(0)].append(row)
    return table(
        sorted(groups.items()),
        ("role", Kind.TEXT, 12, lambda of: words(f"state.role_{of[0][0]}")),
        ("asset", Kind.TEXT, 12, lambda of: asset_cell(of[1][0].asset)),
        ("share", Kind.SHARE, 10, lambda of: tables.share_cell(of[1][0])),
        ("taxpayer_count", Kind.COUNT, 18, lambda of: len(of[1])),
        ("base_quantity", Kind.QUANTITY, 28, lambda of: added(row.base_quantity for row in of[1])),
        ("quantity_to_sell", Kind.QUANTITY, 28, lambda of: _units_to_sell(of[1])),
    )


def _units_to_sell(rows: Iterable[Row]) -> Decimal | None:
    """None, not 0, where the class of the asset is undecided."""
    decided = [row.quantity_to_sell for row in rows if row.quantity_to_sell is not None]
    return added(decided) if decided else None


def _taxpayers(statement: Statement) -> Table:
    return table(
        statement.totals,
        ("taxpayer_id", Kind.TEXT, 16, lambda row: tables.number_cell(row.taxpayer_id, row.taxpayer_id_state)),
        ("taxpayer", Kind.TEXT, 40, lambda row: tables.name_cell(row.taxpayer_id, row.taxpayer_name)),
        ("role", Kind.TEXT, 10, lambda row: words(f"state.role_{row.role}")),
        ("unvalued_quantity", Kind.TEXT, 22, lambda row: row.unvalued_assets),
        ("income_kzt", Kind.MONEY, 20, total_cell),
        total=(words("total"), None, None, None, _total_of(statement)),
    )


def _obligations(statement: Statement) -> Table:
    return table(
        statement.obligations,
        ("taxpayer_id", Kind.TEXT, 16, lambda row: tables.number_cell(row.taxpayer_id, row.taxpayer_id_state)),
        ("taxpayer", Kind.TEXT, 34, lambda row: tables.name_cell(row.taxpayer_id, row.taxpayer_name)),
        ("asset", Kind.TEXT, 11, lambda row: asset_cell(row.asset)),
        ("share", Kind.SHARE, 9, tables.share_cell),
        ("base_quantity", Kind.QUANTITY, 26, lambda row: row.base_quantity),
        ("quantity_to_sell", Kind.QUANTITY, 26, lambda row: row.quantity_to_sell),
    )


def _reconciled(statement: Statement) -> Table:
    """The identities as a table."""
    return table(
        reconciliation(statement),
        ("identity", Kind.TEXT, 40, lambda one: words(one.key)),
        ("left_side", Kind.QUANTITY, 42, lambda one: one.left),
        ("right_side", Kind.QUANTITY, 42, lambda one: one.right),
        ("holds", Kind.TEXT, 14, lambda one: words("yes" if one.holds else "no")),
    )


def reconciliation(statement: Statement) -> tuple[Identity, ...]:
    """All identities; what they compare comes from different relations of the warehouse."""
    income = added(row.income_kzt for row in statement.income)
    rounded = added(row.income_kzt for row in statement.totals)
    parts = added(value for row in statement.income for value in (row.valued_quantity, row.unvalued_quantity))
    return (
        Identity("identity_months", added(row.income_kzt for row in statement.monthly), income),
        Identity("identity_totals", added(row.exact_income_kzt for row in statement.totals), income),
        Identity("identity_filings", added(row.income_kzt for row in statement.contributions), income),
        Identity("identity_quantity", parts, added(row.quantity for row in statement.income)),
        Identity("identity_rounded", rounded, income, _HALF_A_TIYN * len(statement.totals)),
    )
