"""# Handover: what was registered goes to the other body, a bundle a day

Para 5 of the order sends application and data to the authorised body and to the tax authority, and paras 7 and 8 have
both register and check. What this office registered is written as a bundle to the place that the other body reads
(`ESEP_HANDOVER_TO`, or `to`): packages as received, receipts, the rows as last examined, and lists of hashes, which
`sha256sum -c SHA256SUMS` proves. A bundle is there as a whole or not at all, once, and is recorded in the journal.

**Starts** every evening at 23:30: handing over on the day of registration is a reading of the order, counted only once
the office has switched it on (`bin/esep handover switch`). What is registered after that comes with the next run, as a
further bundle of its day. By hand for any `day`. Without a place to hand over to, a run by schedule is skipped.

| task | does | may be repeated because |
|---|---|---|
| `hand_over` | writes the bundles of the days that are due and records them | what a bundle holds is on record |

What was written and not recorded, because the run was killed, is found in its place, proved, and recorded.
A damaged filing is left and named, the others go, and the task fails. A place that is full, gone or closed makes it
fail, too: nothing half is visible there, and the same run again goes on. What comes back is recorded by
`bin/esep handover received`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from airflow.sdk import CronTriggerTimetable, Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from esep import clock
from esep.config import Settings
from esep.orchestration import assets, common, names, shown
from esep.orchestration import handover as steps
from esep.orchestration.assets import FILINGS
from esep.orchestration.periodic import ParameterError


@dag(
    dag_id=names.HANDOVER,
    dag_display_name=shown.dag_name(names.HANDOVER),
    schedule=CronTriggerTimetable("30 23 * * *", timezone=str(clock.TIMEZONE)),
    start_date=datetime(2024, 1, 1, tzinfo=clock.TIMEZONE),
    catchup=False,
    max_active_runs=1,
    default_args=common.task_defaults(),
    params={
        "day": Param(
            None,
            title=shown.param_title("day"),
            type=["null", "string"],
            format="date",
            description=shown.param_help(names.HANDOVER, "day"),
        ),
        "to": Param(
            None,
            title=shown.param_title("to"),
            type=["null", "string"],
            description=shown.param_help(names.HANDOVER, "to"),
        ),
    },
    tags=["esep", "procedure"],
    doc_md=__doc__,
)
def handover() -> None:
    @task(
        task_display_name=shown.task_name("hand_over"),
        inlets=[assets.ARCHIVE, assets.LAKE],
        outlets=[FILINGS, assets.JOURNAL],
    )
    def hand_over() -> list[dict[str, Any]]:
        context = get_current_context()
        params, user = context["params"], context["dag_run"].triggering_user_name
        try:
            return steps.hand_over(Settings.from_environment(), params["day"], params["to"], user, clock.now)
        except ParameterError as error:
            raise (AirflowFailException if user else AirflowSkipException)(str(error)) from error

    hand_over()


handover()
