"""Airflow's own database under `make up`: SQLite, or the PostgreSQL that `ESEP_DATABASE` names.

`postgresql://user:password@host:5432/name`; the driver is the one that is installed, whichever the address names.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import URL, create_engine, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from esep.config import ConfigurationError

VARIABLE = "ESEP_DATABASE"
DRIVER = "postgresql+psycopg2"
CONNECTION = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"
CONNECT_SECONDS = 10
_EXAMPLE = "postgresql://esep:password@localhost:5432/airflow"


class DatabaseError(RuntimeError):
    """The database cannot be used; the text says which, why and what to do, without its password."""


def variables(environment: Mapping[str, str]) -> dict[str, str]:
    """What Airflow is told of its database; empty where nothing names one.

    Raises ConfigurationError for what is no address of a PostgreSQL.
    """
    url = _address(environment)
    return {CONNECTION: url.render_as_string(hide_password=False)} if url else {}


def check(environment: Mapping[str, str]) -> None:
    """Connect once, so that a wrong name or password is told before anything starts; raises DatabaseError."""
    url = _address(environment)
    if url is None:
        return
    engine = create_engine(url, connect_args={"connect_timeout": CONNECT_SECONDS})
    try:
        engine.connect().close()
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise DatabaseError(
            f"{VARIABLE}: {url.render_as_string()} cannot be reached ({reason}). The database must exist and the user "
            "must be allowed to make tables in it; look at the address, or leave it out for SQLite."
        ) from None
    finally:
        engine.dispose()


def is_sqlite(airflow: Mapping[str, str]) -> bool:
    """Whether Airflow with this environment keeps its data in SQLite."""
    return airflow[CONNECTION].startswith("sqlite")


def _address(environment: Mapping[str, str]) -> URL | None:
    written = environment.get(VARIABLE, "").strip()
    if not written:
        return None
    try:
        url = make_url(written)
    except (ArgumentError, ValueError):  # a port that is no number
        url = None
    if url is None or url.drivername.partition("+")[0] not in ("postgresql", "postgres") or not url.database:
        raise ConfigurationError(f"{VARIABLE}: an address such as {_EXAMPLE} is expected")
    return url.set(drivername=DRIVER)
