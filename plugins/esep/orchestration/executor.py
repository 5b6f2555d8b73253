"""Airflow's LocalExecutor, with what tasks import at hand (orchestration.warm). Needs Airflow at import."""

from __future__ import annotations

from airflow.executors.local_executor import LocalExecutor

from esep.orchestration import warm


class WarmExecutor(LocalExecutor):
    """Imports what tasks need before its workers start: they are forks of the scheduler, and tasks forks of them."""

    def start(self) -> None:
        warm.load()
        super().start()
