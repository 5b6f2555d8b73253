"""# Rates: the National Bank's exchange rates, as it publishes them

Fetches the rates from the address that the office sets (`ESEP_RATES_URL`, for example
`https://…/get_rates.cfm?fdate={day}`) and hands them in at the reference desk, as `bin/esep reference add` does. Off
without an address: a run by schedule is then skipped.

**Starts** every evening at 18:15 and asks for every day since the last one in force, 31 at most, so that days on which
nothing ran are made up for. By hand for any `day`.

| task | does | may be repeated because |
|---|---|---|
| `fetch_rates` | fetches and accepts the rates of days due; skipped if none is new | the same bytes change nothing |

A rate counts for the day that the answer names, not for the one asked for. An answer that is no XML of the Bank, is
cut off, too large or too slow makes the task fail with the reason, and changes nothing. Rates that differ from those in
force are left in `reference/` as a question to the office. What is accepted wakes the DAG `warehouse`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from airflow.sdk import CronTriggerTimetable, Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from esep import clock
from esep.config import Settings
from esep.orchestration import assets, common, names, rates, shown
from esep.orchestration.periodic import ParameterError


@dag(
    dag_id=names.RATES,
    dag_display_name=shown.dag_name(names.RATES),
    schedule=CronTriggerTimetable("15 18 * * *", timezone=str(clock.TIMEZONE)),
    start_date=datetime(2024, 1, 1, tzinfo=clock.TIMEZONE),
    catchup=False,
    max_active_runs=1,
    default_args=common.task_defaults() | {"pool": names.WRITER_POOL},
    params={
        "day": Param(
            None,
            title=shown.param_title("day"),
            type=["null", "string"],
            format="date",
            description=shown.param_help(names.RATES, "day"),
        ),
    },
    tags=["esep", "reference"],
    doc_md=__doc__,
)
def fetch() -> None:
    @task(task_display_name=shown.task_name("fetch_rates"), outlets=[assets.REFERENCE, assets.REFERENCE_FOLDER])
    def fetch_rates() -> dict[str, Any]:
        context = get_current_context()
        day, user = context["params"]["day"], context["dag_run"].triggering_user_name
        try:
            done = rates.fetch_rates(Settings.from_environment(), day, user, clock.now())
        except ParameterError as error:
            raise (AirflowFailException if user else AirflowSkipException)(str(error)) from error
        if done["state"] == "unchanged":
            raise AirflowSkipException("nothing is new")
        return done

    fetch_rates()


fetch()
