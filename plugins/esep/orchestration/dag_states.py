"""DAGs that Esep needs and Airflow does not run: paused, or in a file that cannot be imported. From Airflow's tables.

The tables are read by their names, without Airflow's own code: a command that shows the status must stay quick.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import PurePath

from filelock import FileLock, Timeout
from sqlalchemy import Connection, column, create_engine, not_, select, table
from sqlalchemy.exc import SQLAlchemyError

from esep.answers.status import IdleDags
from esep.config import ConfigurationError, Settings
from esep.orchestration import environment, names

_DAGS = table("dag", column("dag_id"), column("is_paused"), column("is_stale"))
_ERRORS = table("import_error", column("filename"))
_SECONDS = 3


def idle_dags(connection: Connection) -> IdleDags:
    """What the tables say; raises SQLAlchemyError where they are not there or of another Airflow."""
    paused = select(_DAGS.c.dag_id).where(
        _DAGS.c.dag_id.in_(names.NEEDED), _DAGS.c.is_paused.is_(True), not_(_DAGS.c.is_stale.is_(True))
    )
    files = {PurePath(str(name)).name for name in connection.scalars(select(_ERRORS.c.filename))}
    return IdleDags(tuple(sorted(connection.scalars(paused))), tuple(sorted(files)))


def reachable(settings: Settings, variables: Mapping[str, str] | None = None) -> IdleDags | None:
    """The same for a command, from the database that its environment names, else from that of `make up` while it runs.

    None where there is none, or it cannot be read: then nothing is said rather than guessed.
    """
    env = os.environ if variables is None else variables
    url = env.get(environment.DATABASE_CONNECTION) or _of_esep(env) or _while_up(settings)
    if url is None:
        return None
    waits = "timeout" if url.startswith("sqlite") else "connect_timeout"
    try:
        engine = create_engine(url, connect_args={waits: _SECONDS})
    except (SQLAlchemyError, ImportError, ValueError):
        return None
    try:
        with engine.connect() as connection:
            return idle_dags(connection)
    except SQLAlchemyError:
        return None
    finally:
        engine.dispose()


def _of_esep(env: Mapping[str, str]) -> str | None:
    try:
        return environment.database_variables(env).get(environment.DATABASE_CONNECTION)
    except ConfigurationError:
        return None


def _while_up(settings: Settings) -> str | None:
    """The SQLite of `make up`, if something holds its lock: that of another time says nothing of now."""
    home = environment.airflow_home(settings, "up")
    path = home / "airflow.db"
    if not path.is_file():
        return None
    try:
        with FileLock(home / "up.lock").acquire(timeout=0):
            return None
    except Timeout:
        return environment.sqlite(path)
    except OSError:
        return None
