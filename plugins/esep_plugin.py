"""Registers Esep's pages with Airflow: an application at /esep, an entry in the menu, a tab on the page of a run.

Airflow imports this module in every process that looks for plugins, so it imports nothing of the library itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from functools import cache
from typing import Any, ClassVar

from airflow.configuration import conf
from airflow.plugins_manager import AirflowPlugin

PREFIX = "/esep"

Message = MutableMapping[str, Any]


@cache
def _application() -> Any:
    from esep.web.app import create_app

    return create_app()


async def pages(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """The ASGI application, made at the first request: only the api-server ever makes it."""
    await _application()(scope, receive, send)


def one_writer(app: Any) -> Any:
    """The application behind `esep.web.one_writer`."""
    from esep.web.one_writer import OneWriter

    return OneWriter(app, apart=PREFIX)


def _middlewares() -> list[dict[str, Any]]:
    """Of the api-server, where Airflow's data is in SQLite."""
    is_sqlite = conf.get("database", "sql_alchemy_conn").startswith("sqlite")
    return [{"middleware": one_writer, "name": "Esep: one writer at a time"}] if is_sqlite else []


class EsepPlugin(AirflowPlugin):
    """What Airflow finds in plugins/."""

    name = "esep"
    fastapi_apps: ClassVar[list[dict[str, Any]]] = [{"app": pages, "url_prefix": PREFIX, "name": "Esep"}]
    fastapi_root_middlewares: ClassVar[list[dict[str, Any]]] = _middlewares()
    external_views: ClassVar[list[dict[str, str]]] = [
        {"name": "Esep", "href": f"{PREFIX}/", "url_route": "esep", "destination": "nav"},
        {
            "name": "Filings",
            "href": f"{PREFIX}/run?dag_id={{DAG_ID}}&run_id={{RUN_ID}}",
            "url_route": "esep-filings",
            "destination": "dag_run",
        },
    ]
