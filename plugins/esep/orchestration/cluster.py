"""The Spark cluster of a task: Airflow's connection `spark_default` names it where ESEP_SPARK_MASTER does not.

The warehouse itself knows nothing of Airflow. The connection is read as Airflow's provider for Spark reads it: type
`spark`, host `spark://cluster` and port, or the address as one.
"""

from __future__ import annotations

from dataclasses import replace

from esep.config import SPARK, Settings
from esep.orchestration import connections

CONNECTION = "spark_default"


def settings() -> Settings:
    """Settings from the environment, with the connection's cluster where the engine is Spark and no other is named."""
    found = Settings.from_environment()
    if found.engine != SPARK or found.spark_master:
        return found
    return replace(found, spark_master=_master())


def _master() -> str | None:
    """None where there is no such connection, and without the provider: Spark is not installed, as its session says."""
    try:
        from airflow.providers.apache.spark.hooks.spark_submit import SparkSubmitHook
    except ImportError:
        return None
    if not connections.is_there(SparkSubmitHook, CONNECTION):
        return None
    master: str = SparkSubmitHook(conn_id=CONNECTION)._connection["master"]
    return master
