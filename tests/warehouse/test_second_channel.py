"""Another form by another channel is a reader that ends in the same rows: same figures, each row says its source."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from esep.config import Settings
from esep.examination.model import Verdict
from esep.examination.pending import record
from esep.forms.document import FORM_1CM, PackageRead
from esep.lake import files as lake_files
from esep.lake.schema import DISTRIBUTION
from esep.office import archive
from esep.warehouse import calls, work
from esep.warehouse.lake_rows import rows_of
from examination.package_builder import (
    APPLICATION,
    FOOTER,
    POOL,
    SIGNATURE,
    examined,
    faultless_signature,
    form,
    package,
    row,
)
from warehouse.tax_channel import SOURCE, read_message
from warehouse.warehouse_office import Office

FIGURES = (
    "select * from annual_income order by all",
    "select * from monthly_income order by all",
    "select * from sale_obligation order by all",
    "select registration_no, taxpayer_id, taxpayer_name, licence_no, licence_date, wallet, distributed_on, asset, "
    "quantity, reward_asset, reward_quantity from distribution order by all",
)
ROWS = [
    row(1, quantity="0,5", licence="№ 10001, 2024-02-01"),
    row(2, quantity="1.00000001", licence="№ 10002, 2024-02-01"),
    row(
        3,
        asset="LTC",
        reward_asset="LTC",
        quantity="3",
        wallet="ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9",
        licence="№ 10003, 2024-02-01",
    ),
]


def message(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The same filing as the channel would bring it."""

    def text(cell: Any) -> str:
        return str(cell[0] if isinstance(cell, tuple) else cell)

    records = []
    for cells in rows:
        said = {name: text(cell) for name, cell in cells.items()}
        number, _, issued_on = said["licence"].removeprefix("№ ").partition(", ")
        records.append(
            {
                "no": int(said["row_no"]),
                "taxpayer": {"id": said["miner_id"], "name": said["miner_name"]},
                "licence": {"no": number, "issued_on": issued_on},
                "wallet": said["wallet"],
                "received_on": said["distributed_on"],
                "asset": said["asset"],
                "quantity": said["quantity"],
                "reward": {"asset": said["reward_asset"], "quantity": said["reward_quantity"]},
            }
        )
    pool = {"bin": POOL, "name": FOOTER["pool_name"], **{name: FOOTER[name] for name in ("address", "phone", "email")}}
    return {
        "form_version": "2026-01",
        "addressee": APPLICATION["authority"],
        "pool": pool,
        "period": "март 2025 года",
        "sheets": 3,
        "completed_on": "2025-04-10",
        "head": FOOTER["head"],
        "executor": FOOTER["executor"],
        "declared": {"truth": True, "consent": True},
        "records": records,
    }


def by_channel(path: Path) -> PackageRead:
    name = "message.json"
    path.write_text(json.dumps(message(ROWS)), encoding="utf-8")
    made = package([], [], [read_message(path, name)], cms=faultless_signature(name))
    assert made.files[-1] == SIGNATURE
    return made


def filed(home: Path, empty_work: Path, read: PackageRead) -> tuple[Office, Path]:
    """An office in which this is the only filing, and the lake's file of its rows."""
    settings = Settings(home=home)
    shutil.copytree(empty_work, work.folder(settings))
    office = Office(settings)
    office.prices(*(f"2025-03-0{day},{asset},100,USD" for day in (1, 3) for asset in ("BTC", "LTC")))
    office.rates("2025-03-01,USD,500.25")
    number = office.register("2025-04-10")
    examination = examined(read)
    assert [one.message_en for one in examination.findings] == []
    assert examination.verdict is Verdict.ACCEPTED
    assert record(archive.entry(settings, number), examination, settings)
    office.refresh()
    [path] = (settings.lake / DISTRIBUTION.name).rglob("*.parquet")
    return office, path


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> dict[str, tuple[Office, Path]]:
    folder = tmp_path_factory.mktemp("channels")
    return {
        FORM_1CM: filed(folder / "form", empty_work, package([form(ROWS)])),
        SOURCE: filed(folder / "channel", empty_work, by_channel(folder / "message.json")),
    }


@pytest.mark.parametrize("query", FIGURES)
def test_the_figures_are_those_of_the_form(offices: dict[str, tuple[Office, Path]], query: str) -> None:
    (office, _), (other, _) = offices.values()
    assert office.query(query)
    assert other.query(query) == office.query(query)


def test_each_row_says_where_it_came_from(offices: dict[str, tuple[Office, Path]]) -> None:
    for source, (office, path) in offices.items():
        assert set(pq.ParquetFile(path).read(columns=["source"])["source"].to_pylist()) == {source}
        assert office.query("select distinct source from internal.distribution_row") == [(source,)]


def test_what_older_files_do_not_say_came_by_the_form(offices: dict[str, tuple[Office, Path]], tmp_path: Path) -> None:
    _, path = offices[SOURCE]
    old = pq.ParquetFile(path).read().drop_columns("source")
    pq.write_table(old, tmp_path / "old.parquet")
    settings = Settings(home=tmp_path)
    settings.lake.symlink_to(tmp_path)
    assert lake_files.read(settings, DISTRIBUTION, "old.parquet")["source"].unique().to_pylist() == [FORM_1CM]
    for files, sources in (
        ([tmp_path / "old.parquet"], [FORM_1CM]),
        ([tmp_path / "old.parquet", path], [FORM_1CM, SOURCE]),
    ):
        with duckdb.connect() as connection:
            calls.set_variables(connection, files=[str(file) for file in files])
            query = f"from ({rows_of(settings.sql, DISTRIBUTION)}) group by all order by all"
            found = calls.rows(connection, ("source", "count(quantity)"), query)
        assert found == [(source, len(ROWS)) for source in sources]
