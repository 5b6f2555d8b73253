"""Shares of mined assets that must be sold through licensed exchanges (para 11), by distribution date and role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from esep.law import tables


@dataclass(frozen=True, slots=True)
class SaleRule:
    """One row of sale_rule.csv. `share` is a fraction of the distributed quantity, above 0 and up to 1."""

    valid_from: date
    valid_to: date | None
    obliged_role: str
    share: Decimal
    venue: str
    source: str
    confirmed_by: str


@cache
def rules() -> tuple[SaleRule, ...]:
    """All rules, in file order."""
    return tuple(SaleRule(**row) for row in tables.read("sale_rule"))


def in_force(role: str, day: date) -> SaleRule | None:
    """The rule for a role on the day of distribution; None where there is no obligation."""
    for rule in rules():
        if rule.obliged_role == role and rule.valid_from <= day and (rule.valid_to is None or day <= rule.valid_to):
            return rule
    return None
