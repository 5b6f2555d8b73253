"""Relations answered by Spark from the tables of a snapshot, against DuckDB's own rows, to the last digit."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from answers import figure_office
from esep.warehouse import calls, published
from esep.warehouse.spark import session, tables
from esep.warehouse.spark.engine import Engine
from esep.warehouse.spark.errors import ExtraError
from esep.warehouse.spark.translate import Relations

ASKED = ("annual_income", "annual_income_total", "distribution_value", "excluded_row", "internal.in_force_span")


def test_spark_answers_as_duckdb_does(tmp_path: Path, empty_work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        session.require_installed()
    except ExtraError as error:
        pytest.skip(str(error))
    # The JVM lives for minutes: it need not be compiled for hours.
    monkeypatch.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    settings = figure_office.filled(tmp_path / "home", empty_work).settings
    compared = 0
    with published.opened(settings) as connection, session.kept():
        spark = session.opened(settings)
        relations = Relations(settings.sql, connection)
        with tables.place(settings) as place:
            engine = Engine(spark, relations, tables.Tables(spark, connection, place, {}))
            answers = {relation: engine.relation(relation) for relation in ASKED}
        for relation, answer in answers.items():
            compared += _compared(connection, relation, answer)
    print(f"{compared} rows compared, none differs")


def _compared(connection: object, relation: str, answer: pa.Table) -> int:
    described = connection.execute(f"describe from {relation}").fetchall()  # type: ignore[attr-defined]
    columns = ", ".join(f'"{name}"::{kind} as "{name}"' for name, kind, *_ in described)
    reader = connection.cursor()  # type: ignore[attr-defined]
    reader.register("answer", answer)
    ours, theirs = f"select {columns} from {relation}", f"select {columns} from answer"
    differing = f"from (({ours} except all {theirs}) union all ({theirs} except all {ours}))"
    assert calls.value(reader, "count(*)", differing) == 0, relation
    rows: int = calls.value(reader, "count(*)", f"from {relation}")
    assert rows, relation
    return rows
