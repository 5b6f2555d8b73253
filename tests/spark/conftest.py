"""Spark in this process, for queries over a few rows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from esep.warehouse.spark import session
from esep.warehouse.spark.errors import ExtraError

QUICK = "spark.sql.codegen.wholeStage false\nspark.sql.codegen.factoryMode NO_CODEGEN\n"
"""For queries over a few rows: compiling them takes longer than they do."""


@pytest.fixture(scope="module")
def quick_spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One session for the tests of a module; they are skipped where the extra is not installed."""
    try:
        session.require_installed()
    except ExtraError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("spark")
    (folder / "spark-defaults.conf").write_text(QUICK)
    with pytest.MonkeyPatch.context() as patch, session.kept():
        patch.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:ReservedCodeCacheSize=240m")
        patch.setenv("SPARK_CONF_DIR", str(folder))
        yield
