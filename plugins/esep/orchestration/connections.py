"""Airflow's connections. Airflow is imported only where one is looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airflow.sdk import BaseHook


def is_there(hook: type[BaseHook], name: str) -> bool:
    """Whether Airflow has the connection that a hook of this kind asks for."""
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        hook.get_connection(name)
    except AirflowNotFoundException:
        return False
    return True
