"""The environment in which Airflow runs Esep's DAGs on one machine, without a line of airflow.cfg.

Airflow reads its configuration when it is first imported, so these variables are set before that.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import URL

from esep.config import PROJECT, Settings

PLUGINS = PROJECT / "plugins"
DAGS = PROJECT / "dags"
_OBSERVING = ("AIRFLOW__METRICS__", "AIRFLOW__OPENLINEAGE__", "AIRFLOW__LOGGING__JSON_LOGS")


def airflow_home(settings: Settings, use: str) -> Path:
    """Where Airflow keeps its own data for one use (`run`, `up`): apart, so that neither runs the other's tasks."""
    return settings.home / ".airflow" / use


def variables(settings: Settings, home: Path) -> dict[str, str]:
    """AIRFLOW_HOME and the AIRFLOW__… that every way of running on one machine shares."""
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PLUGINS),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": "Asia/Almaty",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": sqlite(home / "airflow.db"),
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FOLDER_PERMISSIONS": "0o750",
        "AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FILE_PERMISSIONS": "0o640",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "SCARF_ANALYTICS": "false",
        "GX_ANALYTICS_ENABLED": "false",
        "ESEP_HOME": str(settings.home),
        "ESEP_INBOX_SETTLE_SECONDS": repr(settings.inbox_settle_seconds),
        "ESEP_READER_MEMORY_MB": repr(settings.reader_memory_bytes / 1024**2),
        "ESEP_READER_SECONDS": repr(settings.reader_seconds),
        "ESEP_FINDINGS_CAP": str(settings.findings_cap),
        "ESEP_NCANODE_URL": settings.ncanode_url or "",
        "ESEP_NCANODE_SECONDS": repr(settings.ncanode_seconds),
        "ESEP_EXPECTATIONS": str(settings.expectations),
    }


def sqlite(path: Path) -> str:
    """The address of an SQLite file; `?`, `#` and `%` in its path are written out."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def cleaned(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without settings of another Airflow, and with plugins/ on the path of child processes.

    What switches metrics, lines of JSON and lineage on is kept (docs/operating.md).
    """
    kept = {
        name: value
        for name, value in environment.items()
        if name.startswith(_OBSERVING)
        or (not name.startswith("AIRFLOW__") and name not in ("AIRFLOW_HOME", "AIRFLOW_CONFIG"))
    }
    paths = [str(PLUGINS), *filter(None, kept.get("PYTHONPATH", "").split(os.pathsep))]
    return kept | {"PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))}
