"""The environment in which Airflow runs Esep's DAGs on one machine, without a line of airflow.cfg.

Airflow reads its configuration when it is first imported, so these variables are set before that. Its database is
SQLite, or the PostgreSQL that `ESEP_DATABASE` names (`postgresql://user:password@host:5432/name`; the driver is the one
that is installed). Secrets are made at random on the first start and kept in files that only their owner can read.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import URL, create_engine, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from esep.config import PROJECT, ConfigurationError, Settings
from esep.files import keep_private, write_owner_only
from esep.orchestration import names

PLUGINS = PROJECT / "plugins"
DAGS = PROJECT / "dags"
_OBSERVING = ("AIRFLOW__METRICS__", "AIRFLOW__OPENLINEAGE__", "AIRFLOW__LOGGING__JSON_LOGS")
DATABASE = "ESEP_DATABASE"
DRIVER = "postgresql+psycopg2"
DATABASE_CONNECTION = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"
CONNECT_SECONDS = 10
EXECUTOR = "esep.orchestration.executor.WarmExecutor"
IDLE_SECONDS = "0.25"
"""Pause of a scheduler that found nothing to do; with Airflow's own of a second every step of a run waits for it."""
_EXAMPLE = "postgresql://esep:password@localhost:5432/airflow"
USER = "admin"
"""Who may sign in under `make up`."""


def airflow_home(settings: Settings, use: str) -> Path:
    """Where Airflow keeps its own data for one use (`run`, `up`): apart, so that neither runs the other's tasks."""
    return settings.home / ".airflow" / use


def prepared(settings: Settings, use: str) -> Path:
    """Make airflow_home and the folders that people put files into; what this process writes is not for others."""
    keep_private(settings.home)
    home = airflow_home(settings, use)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    for folder in (settings.inbox, settings.reference):
        folder.mkdir(parents=True, exist_ok=True)
    return home


def variables(settings: Settings, home: Path) -> dict[str, str]:
    """AIRFLOW_HOME and the AIRFLOW__… that every way of running on one machine shares."""
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PLUGINS),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": "Asia/Almaty",
        DATABASE_CONNECTION: sqlite(home / "airflow.db"),
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        # Airflow's own value keeps its {AIRFLOW_HOME} as it is, and so would the folder be called.
        "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(home / "logs" / "dag_processor"),
        "AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FOLDER_PERMISSIONS": "0o750",
        "AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FILE_PERMISSIONS": "0o640",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "SCARF_ANALYTICS": "false",
        "GX_ANALYTICS_ENABLED": "false",
        "ESEP_HOME": str(settings.home),
        "ESEP_INBOX_SETTLE_SECONDS": repr(settings.inbox_settle_seconds),
        "ESEP_READER_MEMORY_MB": repr(settings.reader_memory_bytes / 1024**2),
        "ESEP_DUCKDB_MEMORY_MB": repr(settings.duckdb_memory_bytes / 1024**2),
        "ESEP_READER_SECONDS": repr(settings.reader_seconds),
        "ESEP_FINDINGS_CAP": str(settings.findings_cap),
        "ESEP_NCANODE_URL": settings.ncanode_url or "",
        "ESEP_NCANODE_SECONDS": repr(settings.ncanode_seconds),
        "ESEP_RATES_URL": settings.rates_url or "",
        "ESEP_ALARM_TO": ",".join(settings.alarm_to),
        "ESEP_ALARM_WEBHOOK": settings.alarm_webhook or "",
        "ESEP_STORE": settings.store or "",
        "ESEP_ENGINE": settings.engine,
        "ESEP_SPARK_MASTER": settings.spark_master or "",
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


class DatabaseError(RuntimeError):
    """The database cannot be used; the text says which, why and what to do, without its password."""


def database_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """Airflow's settings of its database; empty where nothing names one.

    Raises ConfigurationError for what is no address of a PostgreSQL.
    """
    url = _address(environment)
    return {DATABASE_CONNECTION: url.render_as_string(hide_password=False)} if url else {}


def check_database(environment: Mapping[str, str]) -> None:
    """Connect once, so that a wrong name or password is reported before anything starts; raises DatabaseError."""
    url = _address(environment)
    if url is None:
        return
    engine = create_engine(url, connect_args={"connect_timeout": CONNECT_SECONDS})
    try:
        engine.connect().close()
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise DatabaseError(
            f"{DATABASE}: {url.render_as_string()} cannot be reached ({reason}). The database must exist and the user "
            "must be allowed to make tables in it; look at the address, or leave it out for SQLite."
        ) from None
    finally:
        engine.dispose()


def is_sqlite(airflow: Mapping[str, str]) -> bool:
    """Whether Airflow with this environment keeps its data in SQLite."""
    return airflow[DATABASE_CONNECTION].startswith("sqlite")


def _address(environment: Mapping[str, str]) -> URL | None:
    written = environment.get(DATABASE, "").strip()
    if not written:
        return None
    try:
        url = make_url(written)
    except (ArgumentError, ValueError):  # a port that is no number
        url = None
    if url is None or url.drivername.partition("+")[0] not in ("postgresql", "postgres") or not url.database:
        raise ConfigurationError(f"{DATABASE}: an address such as {_EXAMPLE} is expected")
    return url.set(drivername=DRIVER)


def fernet_key() -> str:
    """A key as Airflow encrypts connections with: 32 random bytes, URL-safe base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def kept_secrets(folder: Path) -> dict[str, str]:
    """The secrets of this folder as AIRFLOW__… variables; made when they are not there yet."""
    path = folder / "secrets.json"
    if not path.exists():
        write_owner_only(
            path,
            json.dumps(
                {
                    "AIRFLOW__CORE__FERNET_KEY": fernet_key(),
                    "AIRFLOW__API__SECRET_KEY": secrets.token_urlsafe(32),
                    "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_urlsafe(48),
                },
                indent=2,
            ),
        )
    values = json.loads(path.read_text())
    return {str(name): str(value) for name, value in values.items()}


def password_file(folder: Path) -> Path:
    """The file in which Airflow's simple login finds the password of USER; made with a random one on first use."""
    path = folder / "password.json"
    if not path.exists():
        write_owner_only(path, json.dumps({USER: secrets.token_urlsafe(12)}))
    return path


def set_up() -> None:
    """Create or migrate the tables and set the pool. Needs Airflow's environment to be set before the first import."""
    from airflow.models.pool import Pool
    from airflow.utils import db

    db.initdb()
    Pool.create_or_update_pool(names.WRITER_POOL, 1, names.WRITER_POOL_TEXT, include_deferred=False)


if __name__ == "__main__":
    set_up()
