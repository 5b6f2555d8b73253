"""The figures of what changed: unit prices, parts of the filings on the work list, reconciliation of their years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from esep import clock
from esep.config import Settings
from esep.warehouse import load, valuation, work
from esep.warehouse.calls import column


@dataclass(frozen=True, slots=True)
class BuildReport:
    filings: int
    """Filings whose figures were worked out."""
    unit_prices: int
    """Days x assets whose price, rate or share changed."""
    as_of: date

    def __str__(self) -> str:
        return (
            f"figures of {self.filings} filings worked out, {self.unit_prices} unit prices changed, as of {self.as_of}"
        )


def build_marts(settings: Settings, now: datetime) -> BuildReport:
    """Work out what load and reference data left to do, in one transaction. `now` must be aware."""
    as_of = clock.local_date(now)
    with work.opened(settings) as connection:
        if work.is_unloaded(settings):  # it was lost, or other code came, since the load
            load.load(settings, now)
        if not _is_due(connection, as_of, changed=work.is_changed(settings)):
            return BuildReport(0, 0, as_of)
        work.mark_changed(settings)
        with work.transaction(connection):
            connection.execute("update build set as_of = ?, built_at = ?", [as_of, now])
            unit_prices = valuation.refresh(connection)
            filings = _refresh_parts(connection)
            _refresh_reconciliation(connection)
        return BuildReport(filings, unit_prices, as_of)


def _is_due(connection: duckdb.DuckDBPyConnection, as_of: date, *, changed: bool) -> bool:
    return changed or connection.execute("select as_of from build").fetchone() != (as_of,)


def _refresh_parts(connection: duckdb.DuckDBPyConnection) -> int:
    """Replace the parts and the ledger of the filings on the work list, and empty it.

    First of all which of their rows are worth too much to be true: these are left without a value.
    """
    row = connection.execute("select count(*), min(filing_key), max(filing_key) from filing_to_value").fetchone()
    count, first, last = row or (0, None, None)
    if count:
        for relation in ("row_beyond_value", "income_part", "income_ledger"):
            connection.execute(
                f"delete from {relation} where filing_key in (select filing_key from filing_to_value)"  # noqa: S608 - above
            )
        _leave_without_value(connection, int(first), int(last))
        for relation in ("income_part", "income_ledger"):
            source = f"{relation}_due({int(first)}, {int(last)})"
            connection.execute(f"insert into {relation} by name select * from {source}")  # noqa: S608 - integers
        connection.execute("insert or ignore into filing_unchecked select filing_key from filing_to_value")
        connection.execute("delete from filing_to_value")
    return int(count)


def _leave_without_value(connection: duckdb.DuckDBPyConnection, first: int, last: int) -> None:
    """Hardly ever is a filing worth so much that its rows must be looked at; a rough sum tells."""
    row = connection.execute(
        f"select min(filing_key), max(filing_key) from filing_beyond_value({first}, {last})"  # noqa: S608 - integers
    ).fetchone()
    if row and row[0] is not None:
        source = f"row_beyond_value_due({int(row[0])}, {int(row[1])})"
        connection.execute(f"insert into row_beyond_value by name select * from {source}")  # noqa: S608 - integers


def _refresh_reconciliation(connection: duckdb.DuckDBPyConnection) -> None:
    """Compare anew: the whole warehouse, and the years that changed filings, or those they replace, have a part in."""
    years = column(connection, "year", "from year_unchecked()")
    connection.execute("create temp table reconciled as select * from reconciliation_overall")
    for year in years:
        source = f"reconciliation_of_year({int(year)})"  # a constant lets DuckDB skip the other years
        connection.execute(f"insert into reconciled by name select * from {source}")  # noqa: S608 - integers
    connection.execute("delete from reconciliation where identity in (select identity from reconciled)")
    connection.execute(
        "delete from reconciliation where year not in (select year from income_ledger where year is not null)"
    )
    connection.execute("insert into reconciliation by name select * from reconciled")
    connection.execute("drop table reconciled")
