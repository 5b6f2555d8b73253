"""What Airflow calls after a step, and when a run is late. Needs Airflow at import, as `assets` and `operators` do.

Every DAG file imports this: what raises an alarm is imported only where alarms are on.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from airflow.sdk import DAG
from airflow.sdk.bases.notifier import BaseNotifier
from airflow.sdk.definitions.callback import SyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference

from esep import clock
from esep.config import ConfigurationError, Settings
from esep.orchestration import names

log = logging.getLogger(__name__)

WITHIN: Mapping[str, timedelta] = {
    names.INTAKE: timedelta(minutes=30),
    names.WAREHOUSE: timedelta(hours=1),
    names.SUPERVISION: timedelta(hours=2),
}
"""Time from the queueing of a run in which it has to be finished."""


def _settings() -> Settings | None:
    """The settings where alarms are on; None where they are off, or cannot be read."""
    try:
        settings = Settings.from_environment()
    except ConfigurationError as error:
        log.warning("no alarm can be raised: %s", error)
        return None
    return settings if settings.alarm_to or settings.alarm_webhook else None


class FailureNotifier(BaseNotifier):
    """A step has failed for good."""

    def notify(self, context: Any) -> None:
        if settings := _settings():
            from esep.orchestration import alarms

            alarms.step_failed(settings, alarms.step_of(context["ti"]), context.get("exception"), clock.now())


class SuccessNotifier(BaseNotifier):
    """A step has succeeded, or had nothing to do."""

    def notify(self, context: Any) -> None:
        if settings := _settings():
            from esep.orchestration import alarms

            alarms.step_worked(settings, alarms.step_of(context["ti"]), clock.now())


def had_nothing_to_do(task_instance: Any, *task_ids: str) -> None:
    """Steps mapped over nothing end without a callback: what they had failed over was done by another since."""
    if settings := _settings():
        from esep.orchestration import alarms

        for task_id in task_ids:
            step = replace(alarms.step_of(task_instance), task_id=task_id)
            alarms.step_worked(settings, step, clock.now())


class LateNotifier(BaseNotifier):
    """A run is not finished in its time.

    The context is the run as the scheduler saw it: one that failed is not late, and was reported by its step.
    """

    def notify(self, context: Any) -> None:
        run = context["dag_run"]
        if run.get("state") in ("queued", "running") and (settings := _settings()):
            from esep.orchestration import alarms

            alarms.run_late(settings, alarms.Step(run["dag_id"], "", run["dag_run_id"]), clock.now())


def deadline(dag_id: str) -> DeadlineAlert | None:
    """The alert of a DAG of WITHIN, None where alarms are off. An executor runs it: that takes a free worker.

    `DAG.test()` of Airflow 3.3 cannot end a run of a DAG that has one (`without_deadlines`).
    """
    if _settings() is None:
        return None
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT, interval=WITHIN[dag_id], callback=SyncCallback(LateNotifier)
    )


def without_deadlines(dags: Iterable[DAG]) -> None:
    """For runs by `DAG.test()`: it looks the alerts up in the database by what they are instead of by their ids."""
    for dag in dags:
        dag.deadline = None
