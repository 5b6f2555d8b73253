"""What stands behind the figures of an annual statement: filings, prices and rates, doubts, quantities left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from esep.answers.statement import (
    Contribution,
    Doubt,
    ExcludedQuantity,
    FilingBehind,
    PriceUse,
    ReferenceVersion,
    Statement,
    figures,
    last_moment,
)
from esep.config import Settings
from esep.lake import files as lake_files
from esep.lake.schema import FINDING
from esep.warehouse import duckdb_paths, reference
from esep.warehouse.errors import WarehouseError
from esep.warehouse.reference_rules import examine

_IN_FORCE = "create or replace temp table statement_filing as from in_force_at($told_on, $told_on)"

_ROWS = """
create or replace temp table statement_row as
with examined as (
    select
        examined_row.*,
        coalesce(examined_row.distributed_on, examined_row.period) as day,
        statement_filing.pool_id as filed_by
    from examined_row
    inner join statement_filing
        on
            examined_row.filing_key = statement_filing.filing_key
            and examined_row.examination_no = statement_filing.examination_no
)

select 'miner' as role, registration_no, file, sheet, row, '8' as column_no, day, distributed_on,
    taxpayer_id, asset, quantity
from examined
union all
select 'pool' as role, registration_no, file, sheet, row, '9.2' as column_no, day, distributed_on,
    filed_by as taxpayer_id, reward_asset as asset, reward_quantity as quantity
from examined
"""

_FINDINGS = """
create or replace temp table statement_finding as
with latest as (
    select
        registration_no,
        data ->> '$.key' as finding_key,
        arg_max(event, happened_at) as event,
        arg_max(data, happened_at) as data
    from event
    where event in ('finding_detected', 'finding_withdrawn') and happened_at <= $told_on
    group by registration_no, finding_key
),

told as (
    select finding.registration_no, rule_id, lane, severity, file, sheet, row, column_no, occurrences
    from ({examined}) as finding
    inner join statement_filing
        on
            finding.registration_no = statement_filing.registration_no
            and finding.examination_no = statement_filing.examination_no
    union all
    select
        latest.registration_no,
        data ->> '$.rule_id' as rule_id,
        data ->> '$.lane' as lane,
        data ->> '$.severity' as severity,
        data ->> '$.file' as file,
        data ->> '$.sheet' as sheet,
        (data ->> '$.row')::integer as row,
        data ->> '$.column_no' as column_no,
        (data ->> '$.occurrences')::integer as occurrences
    from latest
    inner join statement_filing on latest.registration_no = statement_filing.registration_no
    where event = 'finding_detected'
)

select *, row_number() over () as finding_no from told where lane = 'reliability'
"""
_COLUMNS = "registration_no, examination_no, rule_id, lane, severity, file, sheet, row, column_no, occurrences"

_FILINGS = """
with of_year as (
    select distinct registration_no from statement_row where year(day) = $year
),

faults as (
    select registration_no, sum(occurrences)::bigint as faults from statement_finding group by registration_no
)

select
    statement_filing.registration_no,
    statement_filing.pool_id,
    statement_filing.pool_name,
    statement_filing.period,
    statement_filing.received_at,
    filing.kind,
    filing.replaces,
    statement_filing.examination_no,
    examination.ruleset,
    coalesce(faults.faults, 0) as faults
from statement_filing
inner join of_year on statement_filing.registration_no = of_year.registration_no
inner join filing_as_known_on($told_on) as filing on statement_filing.filing_key = filing.filing_key
inner join examination
    on
        statement_filing.filing_key = examination.filing_key
        and statement_filing.examination_no = examination.examination_no
left join faults on statement_filing.registration_no = faults.registration_no
order by statement_filing.period, statement_filing.pool_id, statement_filing.filing_key
"""

_CONTRIBUTIONS = """
select statement_filing.registration_no, role, taxpayer_id, sum(income_kzt)::decimal(38, 12) as income_kzt
from income_part_at($told_on, $told_on) as part
inner join statement_filing on part.named_by.filing_key = statement_filing.filing_key
where year = $year
group by statement_filing.registration_no, role, taxpayer_id
order by role, taxpayer_id, registration_no
"""

_PRICES = """
with used as (
    select distinct
        statement_row.taxpayer_id, statement_row.asset,
        daily_asset.price_date, daily_asset.currency, daily_asset.rate_date
    from statement_row
    inner join daily_asset on statement_row.distributed_on = daily_asset.day and statement_row.asset = daily_asset.asset
    where
        year(statement_row.distributed_on) = $year
        and abs(statement_row.quantity) <= daily_asset.largest_quantity
        and daily_asset.known_from <= $told_on
        and daily_asset.known_to > $told_on
        and daily_asset.price is not null
        and daily_asset.rate is not null
)

select
    used.taxpayer_id,
    used.asset,
    used.currency,
    count(distinct used.price_date)::integer as price_days,
    min(used.price_date) as first_price_day,
    max(used.price_date) as last_price_day,
    coalesce(string_agg(distinct price.source, '; ' order by price.source), '') as price_sources,
    coalesce(string_agg(distinct rate.source, '; ' order by rate.source), '') as rate_sources
from used
left join statement_price_source as price on used.price_date = price.date and used.asset = price.key
left join statement_rate_source as rate on used.rate_date = rate.date and used.currency = rate.key
group by used.taxpayer_id, used.asset, used.currency
order by used.taxpayer_id, used.asset, used.currency
"""

_DOUBTS = """
with touching as (
    select distinct
        statement_row.taxpayer_id, finding.finding_no, finding.registration_no, finding.rule_id, finding.severity,
        finding.column_no, finding.occurrences
    from statement_finding as finding
    inner join statement_row
        on
            finding.registration_no = statement_row.registration_no
            and finding.file = statement_row.file
            and finding.sheet = statement_row.sheet
            and finding.row = statement_row.row
    where
        year(statement_row.day) = $year
        and case
            when finding.column_no like '9%' then statement_row.role = 'pool'
            when finding.column_no = '6' then true
            else statement_row.role = 'miner'
        end
)

select taxpayer_id, registration_no, rule_id, severity, column_no, sum(occurrences)::bigint as occurrences
from touching
group by all
order by taxpayer_id, rule_id, registration_no, column_no, severity
"""

_EXCLUDED = """
select role, taxpayer_id, registration_no, file, sheet, row, column_no, asset
from statement_row
where year(day) = $year and counted_quantity(quantity) is null
order by role, taxpayer_id, registration_no, file, sheet, row
"""

_REFERENCES = """
select name, sha256, accepted_at, row_count
from reference_history
where known_from <= $told_on and name in ('price', 'exchange_rate')
qualify row_number() over (partition by name order by version_no desc) = 1
order by name
"""

_SOURCE = pa.schema([("date", pa.date32()), ("key", pa.string()), ("source", pa.string())])


def statement(connection: duckdb.DuckDBPyConnection, settings: Settings, year: int, known_on: date) -> Statement:
    """The statement of a year as told through the local day `known_on`.

    `settings` because two things lie in truth files only: the sources named in earlier versions of the reference
    files, and the findings of examinations that were made again since. Raises UnknownError for a year without figures,
    WarehouseError for a version of a reference file that is missing or damaged.
    """
    told = figures(connection, year, known_on)
    moment = {"told_on": last_moment(known_on)}
    both = {"year": year, **moment}
    connection.execute(_IN_FORCE, moment)
    connection.execute(_ROWS)
    connection.execute(_FINDINGS.format(examined=_examined(connection, settings)), moment)
    references = _all(connection, ReferenceVersion, _REFERENCES, moment)
    _keep_sources(connection, settings, references)
    return Statement(
        year=year,
        known_on=known_on,
        code_version=_one(connection, "select code_version from build"),
        filings=_all(connection, FilingBehind, _FILINGS, both),
        contributions=_all(connection, Contribution, _CONTRIBUTIONS, both),
        prices=_all(connection, PriceUse, _PRICES, both),
        doubts=_all(connection, Doubt, _DOUBTS, {"year": year}),
        excluded=_all(connection, ExcludedQuantity, _EXCLUDED, {"year": year}),
        references=references,
        rows_without_year=_one(connection, "select count(*) from statement_row where day is null"),
        **told,  # type: ignore[arg-type]
    )


def _examined(connection: duckdb.DuckDBPyConnection, settings: Settings) -> str:
    """A query of the findings of examinations: of the latest from the warehouse, of earlier ones from the lake."""
    earlier = connection.execute(
        """
        select statement_filing.registration_no, statement_filing.examination_no, examination.period
        from statement_filing
        inner join examination using (filing_key, examination_no)
        where not examination.is_latest
        order by statement_filing.registration_no
        """
    ).fetchall()
    paths = [settings.lake / lake_files.path_of(FINDING, period, number, turn) for number, turn, period in earlier]
    missing = [path for path in paths if not path.is_file()]
    if missing:
        raise WarehouseError(f"{missing[0]}: the findings of an examination are gone. Restore the file from a backup.")
    queries = [f"select {_COLUMNS} from examination_finding"]  # noqa: S608 - names of this module
    if paths:
        quoted = ", ".join(map(duckdb_paths.quoted, duckdb_paths.parquet(paths)))
        source = f"read_parquet([{quoted}], hive_partitioning = false)"
        queries.append(f"select {_COLUMNS} from {source}")  # noqa: S608 - paths of the lake, quoted
    return " union all ".join(queries)


def _keep_sources(
    connection: duckdb.DuckDBPyConnection, settings: Settings, references: Iterable[ReferenceVersion]
) -> None:
    """The sources of prices (date, asset) and rates (date, currency) in the versions that counted, as temp tables."""
    by_name = {version.name: version for version in references}
    for table, name, key in (
        ("statement_price_source", "price", "asset"),
        ("statement_rate_source", "exchange_rate", "currency"),
    ):
        rows = [
            {"date": row["date"], "key": row[key], "source": row.get("source")}
            for row in _rows_of(settings, by_name.get(name))
        ]
        connection.register("statement_source", pa.Table.from_pylist(rows, _SOURCE))
        connection.execute(f"create or replace temp table {table} as from statement_source")
        connection.unregister("statement_source")


def _rows_of(settings: Settings, version: ReferenceVersion | None) -> list[Mapping[str, object]]:
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


Row = TypeVar("Row")


def _all(
    connection: duckdb.DuckDBPyConnection, shape: type[Row], query: str, values: Mapping[str, object]
) -> tuple[Row, ...]:
    cursor = connection.execute(query, dict(values))
    names = [column[0] for column in cursor.description or ()]
    wanted = [field.name for field in fields(shape)]  # type: ignore[arg-type]
    if names != wanted:
        raise TypeError(f"{shape.__name__}: the query gives {names}, the type has {wanted}")
    return tuple(shape(*row) for row in cursor.fetchall())


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None
