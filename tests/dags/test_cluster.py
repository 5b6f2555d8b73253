"""The cluster that a task's figures are worked out on."""

from __future__ import annotations

import pytest

from esep.orchestration import cluster

pytest.importorskip("airflow.providers.apache.spark")


def named(monkeypatch: pytest.MonkeyPatch, **variables: str) -> str | None:
    for name in ("ESEP_ENGINE", "ESEP_SPARK_MASTER", "AIRFLOW_CONN_SPARK_DEFAULT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return cluster.settings().spark_master


def test_the_connection_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for uri in ("spark://cluster:7077", '{"conn_type": "spark", "host": "spark://cluster", "port": 7077}'):
        master = named(monkeypatch, ESEP_ENGINE="spark", AIRFLOW_CONN_SPARK_DEFAULT=uri)
        assert master == "spark://cluster:7077"


def test_the_variable_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = "spark://cluster:7077"
    master = named(
        monkeypatch, ESEP_ENGINE="spark", ESEP_SPARK_MASTER="spark://other:1", AIRFLOW_CONN_SPARK_DEFAULT=connection
    )
    assert master == "spark://other:1"


def test_without_a_connection_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow.providers.apache.spark.hooks.spark_submit import SparkSubmitHook
    from airflow.sdk.exceptions import AirflowNotFoundException

    def missing(name: str) -> None:
        raise AirflowNotFoundException(name)

    monkeypatch.setattr(SparkSubmitHook, "get_connection", missing)
    assert named(monkeypatch, ESEP_ENGINE="spark") is None


def test_duckdb_asks_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert named(monkeypatch, AIRFLOW_CONN_SPARK_DEFAULT="spark://cluster:7077") is None
