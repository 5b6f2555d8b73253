"""Annual income straight from the lake's Parquet, by the warehouse's SQL; against a bare scan of the quantities."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
from history import PoolMonth, distribution, months, write_reference
from measure import Figure, alternating, seconds

from esep.clock import now
from esep.config import Settings
from esep.lake import files as lake_files
from esep.lake.schema import DISTRIBUTION
from esep.warehouse import build, load, reference, work

YEAR = 2025
POOLS = 10
TIMES = 5

QUANTITIES = """
create or replace temp table answer as
select year, role, taxpayer_id, asset, sum(quantity) as quantity
from internal.row_value
where role in {roles} and is_latest and known_to = internal.last_moment()
group by all
"""
INCOMES = """
create or replace temp table answer as
select
    year, role, taxpayer_id, asset, sum(quantity) as quantity, sum(valued_quantity) as valued_quantity,
    sum(value_kzt) as income_kzt
from internal.row_value
where role in {roles} and is_latest and known_to = internal.last_moment()
group by all
"""
MINERS, BOTH = "('miner')", "('miner', 'pool')"


def figures(cache: Path, work_folder: Path, *, quick: bool) -> Iterator[Figure]:
    """Four figures: quantities alone and with valuation, of miners and of both roles."""
    rows = 1_000_000 if quick else 10_000_000
    lake = _lake(cache, rows)
    settings = Settings(home=work_folder)
    write_reference(settings.reference, date(YEAR - 1, 12, 25), date(YEAR, 12, 31))
    with _warehouse_over(settings, lake) as connection:

        def run(sql: str) -> Callable[[], float]:
            return lambda: seconds(lambda: connection.execute(sql).fetchall())

        scan, scan_both = "select sum(quantity) from {}", "select sum(quantity), sum(reward_quantity) from {}"
        for roles, bare, whose, base_name in (
            (MINERS, scan, "miners", "sum(quantity)"),
            (BOTH, scan_both, "miners and pools", "sum of both columns"),
        ):
            base, quantities, incomes = alternating(
                TIMES,
                run(bare.format("internal.distribution_row")),
                run(QUANTITIES.format(roles=roles)),
                run(INCOMES.format(roles=roles)),
            )
            _must_agree(connection, rows, roles)
            yield Figure(f"annual quantities of {whose}, {rows:,} rows", base_name, quantities, base, 8.0)
            yield Figure(f"annual income of {whose}, {rows:,} rows", base_name, incomes, base, 50.0)


def _lake(cache: Path, rows: int) -> Path:
    """A year of ten pools in Parquet as the lake has it; made once and kept."""
    settings = Settings(home=cache / f"lake-{rows}")
    done = settings.home / "done"
    if not done.exists():
        for number, month in enumerate(PoolMonth(p, m) for p in range(POOLS) for m in months(YEAR, 12)):
            serial = f"{YEAR}-{number + 1:06}"
            table = distribution(month, rows // (POOLS * 12) + (number < rows % (POOLS * 12)))
            table = table.append_column("registration_no", pa.repeat(pa.scalar(serial), len(table)))
            table = table.append_column("examination_no", pa.repeat(pa.scalar(1, pa.int32()), len(table)))
            path = lake_files.path_of(DISTRIBUTION, month.period, serial, 1)
            lake_files.write(settings, DISTRIBUTION, table, path)
        done.touch()
    return settings.lake


def _warehouse_over(settings: Settings, lake: Path) -> duckdb.DuckDBPyConnection:
    """The relations of sql/ with prices and rates, in which distribution_row reads the lake's files themselves."""
    reference.accept(settings, now())
    load.load(settings, now())
    build.build_marts(settings, now())
    with work.opened(settings):
        pass
    connection = duckdb.connect(str(work.file(settings)))
    connection.execute("set TimeZone = 'Asia/Almaty'")
    connection.execute("drop table internal.distribution_row")
    files = f"'{lake}/{DISTRIBUTION.name}/*/*.parquet'"
    connection.execute(
        "create view internal.distribution_row as select right(registration_no, 6)::bigint as filing_key, * "
        f"from read_parquet({files}, hive_partitioning = false)"
    )
    return connection


def _must_agree(connection: duckdb.DuckDBPyConnection, rows: int, roles: str) -> None:
    """The answer just measured adds up to the lake, and everything in it has a value."""
    column = "quantity + reward_quantity" if roles == BOTH else "quantity"
    (whole,) = connection.execute(f"select sum({column}) from internal.distribution_row").fetchone() or (None,)
    (answer, valued) = connection.execute("select sum(quantity), sum(valued_quantity) from answer").fetchone() or ()
    if not (isinstance(whole, Decimal) and whole == answer == valued):
        raise RuntimeError(f"{rows:,} rows add up to {whole}, the answer to {answer}, of which valued {valued}")
