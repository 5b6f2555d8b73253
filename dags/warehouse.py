"""# Warehouse: from verdicts and reference data to the two figures

Brings examined filings, prices, exchange rates, pools and licences into the warehouse, builds annual income (para 3)
and the quantities to be sold (para 11), checks them, and publishes them as `$ESEP_HOME/warehouse/esep.duckdb`.

**Starts** when filings or a reference file have changed, and every fifteen minutes in any case: an event only wakes
the DAG, the tasks compare the lake with the warehouse themselves.

| task | does | may be repeated because |
|---|---|---|
| `reference` | takes over new reference files; refuses a faulty one as a whole | the same bytes change nothing |
| `refresh` | the four steps below | each finds its own work |
| `publish_masked` | the same without IINs, names of persons, wallets: `public/` | a copy is renamed |

| step of `refresh` | does | may be repeated because |
|---|---|---|
| load | loads filings that are not in the warehouse yet | it is one transaction |
| marts | rebuilds the figures of the pool-months that changed | it is one transaction |
| checks | looks for bad rows and identities that do not hold | it only reads |
| publish | puts a copy in place of the published file in one step | readers keep the file they opened |

With ESEP_ENGINE=spark marts and checks ask a Spark cluster: that of ESEP_SPARK_MASTER, else of Airflow's connection
`spark_default`, else this machine.

They are one task, because for a few filings the way from task to task takes longer than the work; log and
`bin/esep status` name the step that failed. A failed check stops the publication; readers keep the last good snapshot.
A refused reference file does not: its last good version stays in force, and `reference/` holds the report. All writers
share the pool `warehouse_writer`.

`refresh` looks at every file that figures rest on. It is skipped while nothing was recorded since the last load of the
day and what is published is of this day and masked: so that look is taken on the first sweep of each day, before
anything new is published, and in a run by hand.
"""

from __future__ import annotations

from datetime import datetime

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, chain, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from esep import clock
from esep.config import Settings
from esep.orchestration import assets, cluster, common, names, shown, tasks
from esep.orchestration.assets import FILINGS, REFERENCE
from esep.orchestration.notifier import deadline


@dag(
    dag_id=names.WAREHOUSE,
    dag_display_name=shown.dag_name(names.WAREHOUSE),
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("*/15 * * * *", timezone=str(clock.TIMEZONE)), assets=FILINGS | REFERENCE
    ),
    start_date=datetime(2024, 1, 1, tzinfo=clock.TIMEZONE),
    catchup=False,
    max_active_runs=1,
    deadline=deadline(names.WAREHOUSE),
    default_args=common.task_defaults() | {"pool": names.WRITER_POOL},
    tags=["esep", "figures"],
    doc_md=__doc__,
)
def warehouse() -> None:
    @task(task_display_name=shown.task_name("reference"), inlets=[assets.REFERENCE_FOLDER])
    def reference() -> list[dict[str, object]]:
        return tasks.accept_reference(Settings.from_environment(), clock.now())

    @task(
        task_display_name=shown.task_name("refresh"),
        inlets=[assets.ARCHIVE, assets.JOURNAL, assets.LAKE, assets.REFERENCE_FOLDER],
        outlets=[assets.SNAPSHOT, assets.ESEP_CHANGED],
    )
    def refresh() -> dict[str, str]:
        settings, now = cluster.settings(), clock.now()
        if common.sweep_day(get_current_context(), now) and not tasks.is_due(settings, now):
            raise AirflowSkipException("nothing was recorded since the last load of today")
        with assets.published(settings, now):
            return tasks.refresh(settings, now)

    # It only reads what is published, so it need not hold up the writers.
    @task(
        task_display_name=shown.task_name("publish_masked"),
        pool=names.DEFAULT_POOL,
        inlets=[assets.SNAPSHOT],
        outlets=[assets.MASKED_SNAPSHOT],
    )
    def publish_masked() -> str:
        return tasks.publish_masked(Settings.from_environment())

    chain(reference(), refresh(), publish_masked())


warehouse()
