"""What is said where Spark cannot work, without starting it."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from esep.config import Settings
from esep.warehouse.spark import engine, session
from esep.warehouse.spark.errors import ClusterError, ExtraError


def test_the_cluster_is_named_by_a_variable() -> None:
    assert Settings.from_environment({}).spark_master is None
    assert (
        Settings.from_environment({"ESEP_SPARK_MASTER": "spark://cluster:7077"}).spark_master == "spark://cluster:7077"
    )


def test_without_the_extra_the_command_that_installs_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(ExtraError, match="`make spark`"):
        session.require_installed()


def test_without_java_its_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", type(sys)("pyspark"))
    monkeypatch.setattr(sys.modules["pyspark"], "__version__", "4.2.0", raising=False)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(ExtraError, match="openjdk-17-jre-headless"):
        session.require_installed()


def test_a_cluster_that_is_not_there_is_named_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ClusterError, match=f"spark://127.0.0.1:{port}: it cannot be reached.*last snapshot"):
        session._require_reachable(f"spark://127.0.0.1:{port}")


def test_a_worker_of_another_version_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Spark 4.2 said it of a worker of 4.1."""
    monkeypatch.setitem(sys.modules, "pyspark", type(sys)("pyspark"))
    monkeypatch.setattr(sys.modules["pyspark"], "__version__", "4.2.0", raising=False)
    said = (
        "An error occurred while calling o61.collectToPython.\n: org.apache.spark.SparkException: Job aborted due to "
        "stage failure: Task 0 in stage 0.0 failed 4 times, most recent failure: Lost task 0.3 (127.0.0.1 executor 0): "
        "java.io.InvalidClassException: org.apache.spark.rdd.RDD; local class incompatible: stream classdesc "
        "serialVersionUID = 2156047220611086279, local class serialVersionUID = -2646589594477856326"
    )
    assert engine.complaint(said).startswith("A worker of the cluster runs another version than Spark 4.2.0")
    assert "readers keep the last snapshot" in engine.complaint(said)
    assert engine.complaint("x\ny.SomeException: no room on disk").startswith("Spark could not work the figures out")


def test_a_session_needs_somebody_who_ends_it(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="kept"):
        session.opened(Settings(home=tmp_path))
    with session.kept():
        assert session._sessions == {}
