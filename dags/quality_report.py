"""# Quality report: how good the filings of a month were

Writes the report on the quality of the filings of one month of distribution as HTML and PDF in Kazakh, Russian and
English into `reports/quality/<YYYY-MM>/`: what was due and came, refusals, findings by rule and pool, corrections, the
terms that the office itself had to keep, what has no value, and what to do next. It holds no personal data.

**Starts** on the 28th at 06:00 for the month before the last one: on 28 April for February, whose term ended on
25 March, and whose refusals and notices are sent by then. Give `month` for another one. The page *Quality* links to the
reports; `bin/esep report` writes them by hand.

| task | does | may be repeated because |
|---|---|---|
| `choose` | says which month, and as of which day | it only reads the clock |
| `write` | writes the report, if it says anything new | an unchanged report is left alone, a former one stays beside |

It knows what was known before the day began. It only reads the published warehouse. Where there is nothing to report
yet, a run by schedule is skipped; one that was asked for a month fails and says so.
"""

from __future__ import annotations

from datetime import datetime

from airflow.sdk import CronTriggerTimetable, Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from esep import clock
from esep.config import Settings
from esep.orchestration import assets, common, names, shown
from esep.orchestration import periodic as steps


@dag(
    dag_id=names.QUALITY_REPORT,
    dag_display_name=shown.dag_name(names.QUALITY_REPORT),
    schedule=CronTriggerTimetable("0 6 28 * *", timezone=str(clock.TIMEZONE)),
    start_date=datetime(2024, 1, 1, tzinfo=clock.TIMEZONE),
    catchup=False,
    max_active_runs=1,
    default_args=common.task_defaults(),
    params={
        "month": Param(
            None,
            title=shown.param_title("month"),
            type=["null", "string"],
            pattern="^[0-9]{4}-(0[1-9]|1[0-2])$",
            description=shown.param_help(names.QUALITY_REPORT, "month"),
        )
    },
    tags=["esep", "reports"],
    doc_md=__doc__,
)
def quality_report() -> None:
    @task(task_display_name=shown.task_name("choose"))
    def choose() -> dict[str, str]:
        context = get_current_context()
        try:
            return steps.report_month(context["params"]["month"], context.get("logical_date"), clock.now())
        except steps.ParameterError as error:
            raise AirflowFailException(str(error)) from error

    @task(task_display_name=shown.task_name("write"), inlets=[assets.SNAPSHOT], outlets=[assets.ESEP_CHANGED])
    def write(chosen: dict[str, str]) -> dict[str, str | bool]:
        try:
            done = steps.write_report(Settings.from_environment(), chosen)
        except steps.ParameterError as error:
            asked = get_current_context()["params"]["month"] is not None
            raise (AirflowFailException if asked else AirflowSkipException)(str(error)) from error
        if done["written"]:
            assets.report_written(steps.months_of(chosen))
        return done

    write(choose())


quality_report()
