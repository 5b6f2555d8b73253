"""What is said where Spark cannot work, without starting it."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from esep.config import Settings
from esep.warehouse.spark import session
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


def test_a_session_needs_somebody_who_ends_it(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="kept"):
        session.opened(Settings(home=tmp_path))
    with session.kept():
        assert session._sessions == {}
