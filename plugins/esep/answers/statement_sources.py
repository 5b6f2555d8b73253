"""What stands behind the figures of an annual statement: filings, prices and rates, doubts, quantities left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any

import duckdb

from esep.answers import tables
from esep.answers.reconciliation import ReferenceVersion
from esep.answers.statement import (
    Contribution,
    Doubt,
    ExcludedQuantity,
    FilingBehind,
    PriceUse,
    Statement,
    figures,
)
from esep.answers.tables import records, through
from esep.config import Settings
from esep.lake import files as lake_files
from esep.lake.schema import FINDING
from esep.warehouse import duckdb_paths, reference
from esep.warehouse.errors import WarehouseError
from esep.warehouse.reference_rules import examine

_FILINGS = "from statement_filing($year, $reported_on, $earlier) order by period, pool_id, filing_key"
_CONTRIBUTIONS = "from statement_contribution($year, $reported_on) order by role, taxpayer_id, registration_no"
_PRICES = """
    from statement_price($year, $reported_on, $price_sources, $rate_sources) order by taxpayer_id, asset, currency
"""
_DOUBTS = """
    from statement_doubt($year, $reported_on, $earlier)
    order by taxpayer_id, rule_id, registration_no, column_no, severity
"""
_EXCLUDED = """
    from quantity_as_reported_on($reported_on)
    where year(day) = $year and not is_counted
    order by role, taxpayer_id, registration_no, file, sheet, row
"""
_REFERENCES = "from reference_in_force_on($reported_on) where name in ('price', 'exchange_rate') order by name"
_EARLIER = (
    "registration_no", "examination_no", "rule_id", "lane", "severity", "file", "sheet", "row", "column_no",
    "occurrences",
)  # fmt: skip


def statement(connection: duckdb.DuckDBPyConnection, settings: Settings, year: int, known_on: date) -> Statement:
    """The statement of a year as told through the local day `known_on`.

    `settings` because two things lie in truth files only: the sources named in earlier versions of the reference
    files, and the findings of examinations that were made again since. Raises UnknownError for a year without figures,
    WarehouseError for a version of a reference file that is missing or damaged.
    """
    reported = figures(connection, year, known_on)
    reported_on = through(known_on)
    references = records(connection, ReferenceVersion, _REFERENCES, reported_on=reported_on)
    versions = {version.name: version for version in references}
    values = {
        "year": year,
        "reported_on": reported_on,
        "earlier": _earlier_findings(connection, settings, reported_on),
        "price_sources": list(_sources(settings, versions.get("price"), "asset")),
        "rate_sources": list(_sources(settings, versions.get("exchange_rate"), "currency")),
    }
    return Statement(
        year=year,
        known_on=known_on,
        code_version=tables.value(connection, "code_version", "from build"),
        filings=records(connection, FilingBehind, _FILINGS, **values),
        contributions=records(connection, Contribution, _CONTRIBUTIONS, **values),
        prices=records(connection, PriceUse, _PRICES, **values),
        doubts=records(connection, Doubt, _DOUBTS, **values),
        excluded=records(connection, ExcludedQuantity, _EXCLUDED, **values),
        references=references,
        rows_without_year=tables.value(
            connection,
            "count(*)",
            "from quantity_as_reported_on($reported_on) where day is null",
            reported_on=reported_on,
        ),
        **reported,
    )


def _earlier_findings(
    connection: duckdb.DuckDBPyConnection, settings: Settings, reported_on: datetime
) -> list[dict[str, Any]]:
    """The findings of examinations that counted then and were made again since, from the lake."""
    source = "from examined_again($reported_on) order by registration_no"
    again = tables.rows(connection, ("registration_no", "examination_no", "period"), source, reported_on=reported_on)
    paths = [settings.lake / lake_files.path_of(FINDING, period, number, turn) for number, turn, period in again]
    missing = [path for path in paths if not path.is_file()]
    if missing:
        raise WarehouseError(f"{missing[0]}: the findings of an examination are gone. Restore the file from a backup.")
    if not paths:
        return []
    lake = "from read_parquet($paths, hive_partitioning = false)"
    found = tables.rows(connection, _EARLIER, lake, paths=duckdb_paths.parquet(paths))
    return [dict(zip(_EARLIER, row, strict=True)) for row in found]


def _sources(settings: Settings, version: ReferenceVersion | None, key: str) -> Iterator[dict[str, Any]]:
    """Where the values of a version come from, by asset or currency: spans of days with the same source."""
    rows = sorted(_rows_of(settings, version), key=lambda row: (row[key], row["date"]))
    for (name, source), of_one in groupby(rows, lambda row: (row[key], row.get("source"))):
        days = [row["date"] for row in of_one]
        yield {"key": name, "first_day": days[0], "last_day": days[-1], "source": source}


def _rows_of(settings: Settings, version: ReferenceVersion | None) -> Iterable[Mapping[str, Any]]:
    """Rows of an accepted version, also of one that rules made since would refuse."""
    if version is None:
        return []
    for kept in reference.versions(settings, version.name):
        if kept.sha256 == version.sha256:
            return list(examine(version.name, reference.content_of(kept))[0])
    raise WarehouseError(
        f"{settings.reference}: the accepted version {version.sha256[:8]} of {version.name}.csv, which the warehouse "
        "was built from, is gone. Restore reference/accepted/ from a backup."
    )
