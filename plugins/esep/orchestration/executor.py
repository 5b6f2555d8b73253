"""Airflow's LocalExecutor, with what tasks import at hand. Needs Airflow at import.

A task runs in a fork of a worker, which is a fork of the scheduler: what is imported before the first fork costs each
task nothing, and the collector passes over it. Great Expectations alone takes 2.5 to 6 seconds, longer than the
examination of a package.
"""

from __future__ import annotations

import importlib
import logging

from airflow.executors.local_executor import LocalExecutor

from esep import lean

MODULES = (
    "esep.examination.pending",
    "esep.letters.missing",
    "esep.office.intake",
    "esep.orchestration.alarms",
    "esep.orchestration.assets",
    "esep.orchestration.periodic",
    "esep.supervision.daily",
    "esep.warehouse.masked",
    "esep.warehouse.rebuild",
    "great_expectations",
)
"""What tasks import in their functions, since reading a DAG file must stay cheap."""
log = logging.getLogger(__name__)


class WarmExecutor(LocalExecutor):
    """Imports MODULES before its workers start; what cannot be imported is left to the task, which says so."""

    def start(self) -> None:
        with lean.loading():
            for name in MODULES:
                try:
                    importlib.import_module(name)
                except Exception:
                    log.exception("%s could not be imported before work comes", name)
        super().start()
