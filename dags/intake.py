"""# Intake: from the office's inbox to a verdict

Takes every settled package of `$ESEP_HOME/inbox`, registers it on the local day of its arrival (paras 5 and 7 of the
Rules), examines what has no verdict yet (paras 8 and 9), wakes the warehouse where filings have changed, and writes
receipts and refusals into the outbox.

**Starts** when the inbox's watcher sees a settled package, and every five minutes in any case: an event only wakes the
DAG, the tasks find their own work in the folders.

| task | does | may be repeated because |
|---|---|---|
| `register` | copies packages into `archive/`, numbered; examines at once what is few | an arrival is recognised |
| `batches` | lists filings without a verdict, most times none | it only reads |
| `examine` | runs the suites over a batch of many, writes `lake/` and the verdict | a verdict is written once |
| `summary` | counts what became of them | it only reads |
| `batch_letters` | writes receipts and refusals of a batch of many, side by side | a letter is written once |
| `letters` | writes the receipts and refusals that `outbox/` still lacks, most times all | a letter is written once |
| `outcome` | makes the run a failed one if a package or a filing was left behind | it does nothing |

A package or filing that cannot be dealt with never holds up the others: they go on, and the run ends as failed with
the reason in the log of `register`, `examine` or `letters`. Broken files of a filer are no such case: they are refused.
The warehouse does not wait for letters, and a few packages not for batches: it wakes as soon as they have a verdict.
`register`, `batches` and `letters` look at what was recorded since their last sweep and at what it left; on the first
sweep of a day, and in a run by hand, at every filing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import chain
from typing import Any

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from esep import clock
from esep.config import Settings
from esep.orchestration import assets, common, names, shown, tasks
from esep.orchestration.assets import CHANGED, ESEP_CHANGED, INBOX
from esep.orchestration.notifier import deadline, had_nothing_to_do


@dag(
    dag_id=names.INTAKE,
    dag_display_name=shown.dag_name(names.INTAKE),
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("*/5 * * * *", timezone=str(clock.TIMEZONE)), assets=[INBOX]
    ),
    start_date=datetime(2024, 1, 1, tzinfo=clock.TIMEZONE),
    catchup=False,
    max_active_runs=1,
    deadline=deadline(names.INTAKE),
    default_args=common.task_defaults(),
    tags=["esep", "filings"],
    doc_md=__doc__,
)
def intake() -> None:
    @task(
        task_display_name=shown.task_name("register"),
        inlets=[assets.INBOX_FOLDER],
        outlets=[assets.ARCHIVE, assets.LAKE, CHANGED, ESEP_CHANGED],
    )
    def register() -> dict[str, Any]:
        day = common.sweep_day(get_current_context(), clock.now())
        done = tasks.take_in(Settings.from_environment(), clock.now, day)
        if any(done.values()):
            assets.filings_changed(Settings.from_environment(), tasks.concerned(done, None))
        return done

    @task(task_display_name=shown.task_name("batches"), trigger_rule="all_done")
    def batches() -> list[list[str]]:
        context = get_current_context()
        waiting = tasks.batches(Settings.from_environment(), common.sweep_day(context, clock.now()))
        if not waiting:
            had_nothing_to_do(context["ti"], "examine", "batch_letters")
        return waiting

    @task(
        task_display_name=shown.task_name("examine"),
        max_active_tis_per_dagrun=4,
        inlets=[assets.ARCHIVE],
        outlets=[assets.LAKE],
    )
    def examine(numbers: list[str]) -> dict[str, str]:
        return tasks.examine(Settings.from_environment(), clock.now(), numbers)

    @task(task_display_name=shown.task_name("summary"), trigger_rule="all_done", outlets=[CHANGED, ESEP_CHANGED])
    def summary(registered: dict[str, Any] | None, waiting: list[list[str]] | None) -> dict[str, int]:
        counts = tasks.summary(Settings.from_environment(), registered, waiting)
        if not any(counts.values()):
            raise AirflowSkipException("nothing new")
        if waiting:
            assets.filings_changed(Settings.from_environment(), tasks.concerned(None, waiting))
        return counts

    @task(
        task_display_name=shown.task_name("batch_letters"),
        trigger_rule="all_done",
        max_active_tis_per_dagrun=4,
        inlets=[assets.ARCHIVE, assets.LAKE],
        outlets=[assets.OUTBOX],
    )
    def batch_letters(numbers: list[str]) -> list[str]:
        return tasks.batch_letters(Settings.from_environment(), numbers)

    @task(
        task_display_name=shown.task_name("letters"),
        trigger_rule="all_done",
        inlets=[assets.ARCHIVE, assets.LAKE],
        outlets=[assets.OUTBOX, ESEP_CHANGED],
    )
    def letters(side_by_side: Iterable[list[str]] | None) -> list[str]:
        settings = Settings.from_environment()
        written = tasks.letters(settings, common.sweep_day(get_current_context(), clock.now()))
        assets.letters_written(settings, [*chain.from_iterable(side_by_side or ()), *written])
        return written

    # Without a callback the scheduler itself marks it; with one it would be a process more.
    outcome = EmptyOperator(
        task_id="outcome",
        task_display_name=shown.task_name("outcome"),
        trigger_rule="none_failed",
        on_success_callback=None,
    )

    registered, waiting = register(), batches()
    examined = examine.expand(numbers=waiting)
    written_side_by_side = batch_letters.expand(numbers=waiting)
    written = letters(written_side_by_side)
    registered >> waiting
    examined >> summary(registered, waiting)
    examined >> written_side_by_side
    [registered, waiting, examined, written_side_by_side, written] >> outcome


intake()
