"""The sums of a statement held against each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from esep.answers.statement import Statement
from esep.exact import added

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


def reconciliation(statement: Statement) -> tuple[Identity, ...]:
    """All identities; what they compare comes from different relations of the warehouse."""
    return tuple(_identities(statement))


def _identities(statement: Statement) -> Iterator[Identity]:
    income = added(row.income_kzt for row in statement.income)
    yield Identity("identity_months", added(row.income_kzt for row in statement.monthly), income)
    yield Identity("identity_totals", added(row.exact_income_kzt for row in statement.totals), income)
    yield Identity("identity_filings", added(row.income_kzt for row in statement.contributions), income)
    yield Identity(
        "identity_quantity",
        added(value for row in statement.income for value in (row.valued_quantity, row.unvalued_quantity)),
        added(row.quantity for row in statement.income),
    )
    yield Identity(
        "identity_rounded",
        added(row.income_kzt for row in statement.totals),
        income,
        _HALF_A_TIYN * len(statement.totals),
    )
