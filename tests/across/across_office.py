"""Filings row by row, and the faults across them that hold on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from esep.supervision.across import Held, fingerprint, holding
from esep.warehouse import published
from warehouse.warehouse_office import Office, day, row

WALLET = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
OTHER_WALLET = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"
LICENCE, OTHER_LICENCE = "KZ-000101", "KZ-000202"


def line(day_text: str | None, **facts: Any) -> dict[str, Any]:
    """One distribution. Further to `row`: `wallet`, `licence_no`, `licence_date`, `file`, `sheet` and `row`."""
    more = {"licence_date", "wallet", "licence_no", "file", "sheet", "row"}
    extra = {name: facts.pop(name) for name in more & facts.keys()}
    if isinstance(extra.get("licence_date"), str):
        extra["licence_date"] = day(extra["licence_date"])
    return row(day_text, **facts) | extra


class AcrossOffice(Office):
    """An office whose filings are held against each other."""

    def held(self, as_of: str, rule: str | None = None, *, refreshed: bool = False) -> list[Held]:
        """What holds on the day, of one rule if named; the warehouse is brought up to date first."""
        if not refreshed:
            self.refresh()
        connection = published.connect(self.settings)
        try:
            found = holding(connection, self.settings, day(as_of))
        finally:
            connection.close()
        return [one for one in found if rule is None or one.finding.rule_id == rule]

    def keys(self, as_of: str, rule: str | None = None, **how: bool) -> list[tuple[str, str]]:
        """(registration number, key) of what holds on the day."""
        return [(one.registration_no, one.key) for one in self.held(as_of, rule, **how)]

    def fingerprint(self, as_of: str | date) -> str:
        connection = published.connect(self.settings)
        try:
            return fingerprint(connection, self.settings, day(str(as_of)))
        finally:
            connection.close()
