"""What all tasks of the DAGs share: retries, rights, and errors under the name of the step that failed."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from esep import clock, failures, files
from esep.config import Settings

log = logging.getLogger(__name__)

RETRY_SECONDS = "ESEP_RETRY_SECONDS"
"""Variable with the pause before a failed task is tried again."""


def task_defaults() -> dict[str, Any]:
    """What all tasks of all DAGs share. Retries are safe, because every task takes up what is not done yet.

    After its last retry a failed task calls people, and one that works again says so (orchestration.alarms).
    """
    from esep.orchestration.notifier import FailureNotifier, SuccessNotifier  # needs Airflow, as whoever calls this

    pause = timedelta(seconds=float(os.environ.get(RETRY_SECONDS) or 15))
    worked = SuccessNotifier()
    return {
        "owner": "esep",
        "retries": 2,
        "retry_delay": pause,
        "pre_execute": enter,
        "on_failure_callback": FailureNotifier(),
        "on_success_callback": worked,
        "on_skipped_callback": worked,
    }


def enter(context: Mapping[str, Any]) -> None:
    """Before a task: what it writes is for owner and group only, and it sees what other machines have recorded."""
    from esep.records import turns

    home = Settings.from_environment().home
    files.keep_private(home)
    turns.take_in(home)


def sweep_day(context: Mapping[str, Any], now: datetime) -> date | None:
    """The local day, for a task that sweeps (office.sweeps); None in a run by hand: it looks at everything."""
    return None if context["dag_run"].run_type == "manual" else clock.local_date(now)


class StepError(RuntimeError):
    """A task could not do all of its work; the text names what is left and what to do."""


@contextmanager
def reported(
    step: str,
    settings: Settings | None = None,
    *,
    alone: bool = True,
    no_failure: tuple[type[Exception], ...] = (),
) -> Iterator[None]:
    """Log an error under the step's name before Airflow sees it, so that every reader of the log finds it there.

    With `settings` the failure is also kept for `bin/esep status` until the step succeeds; a step that runs side by
    side with itself is not `alone`, and its success says nothing about the others. `no_failure` are errors that only
    say that there was nothing to do.
    """
    try:
        yield
    except no_failure:
        raise
    except Exception as error:
        log.exception("%s failed: %s", step, error)
        if settings:
            failures.record(settings, step, clock.now(), error)
        raise
    if settings and alone:
        failures.forget(settings, step)
