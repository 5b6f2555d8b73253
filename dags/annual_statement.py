"""# Annual statement: a year's figures as files that stay

Writes, for the year of distribution, `reports/statement/<year>/as-known-on-<day>/`: annual income (para 3) and the
quantities to be sold (para 11) in total as workbook and PDF, a PDF and a workbook for each taxpayer, the figures as
Parquet, and `statement.json` with the hash of each file. PDFs are in Kazakh and Russian.

**Starts** on 1 March at 06:00 for the year before: the filings of December are due on 25 January, prices are published
after the month, and refusals and corrections need their terms. Trigger it for another `year`, day (`known_on`) or one
`taxpayer`; `bin/esep statement` does the same by hand.

| task | does | may be repeated because |
|---|---|---|
| `choose` | says which year, and as known on which day | it only reads the clock |
| `write` | writes the statement | one with equal content is verified and left alone, never written over |

It says what was known at the end of `known_on`; by default that is the day before the run, the last one that
is over, so a run repeated years later writes the same bytes. What would differ, because code changed, is written beside
with a number. Where there are no figures, a run by schedule is skipped, and one that was asked for something fails at
once and says so. It only reads the published warehouse; a statement holds personal data.
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
    dag_id=names.ANNUAL_STATEMENT,
    dag_display_name=shown.dag_name(names.ANNUAL_STATEMENT),
    schedule=CronTriggerTimetable("0 6 1 3 *", timezone=str(clock.TIMEZONE)),
    start_date=datetime(2024, 1, 1, tzinfo=clock.TIMEZONE),
    catchup=False,
    max_active_runs=1,
    default_args=common.task_defaults(),
    params={
        "year": Param(
            None,
            title=shown.param_title("year"),
            type=["null", "integer"],
            minimum=2000,
            maximum=2999,
            description=shown.param_help(names.ANNUAL_STATEMENT, "year"),
        ),
        "known_on": Param(
            None,
            title=shown.param_title("known_on"),
            type=["null", "string"],
            format="date",
            description=shown.param_help(names.ANNUAL_STATEMENT, "known_on"),
        ),
        "taxpayer": Param(
            None,
            title=shown.param_title("taxpayer"),
            type=["null", "string"],
            description=shown.param_help(names.ANNUAL_STATEMENT, "taxpayer"),
        ),
    },
    tags=["esep", "reports"],
    doc_md=__doc__,
)
def annual_statement() -> None:
    @task(task_display_name=shown.task_name("choose"))
    def choose() -> dict[str, int | str | None]:
        context = get_current_context()
        params = context["params"]
        try:
            return steps.statement_year(
                params["year"], params["known_on"], params["taxpayer"], context.get("logical_date"), clock.now()
            )
        except steps.ParameterError as error:
            raise AirflowFailException(str(error)) from error

    @task(task_display_name=shown.task_name("write"), inlets=[assets.SNAPSHOT], outlets=[assets.ESEP_CHANGED])
    def write(chosen: dict[str, int | str | None]) -> dict[str, str | int | bool]:
        try:
            done = steps.write_statement(Settings.from_environment(), chosen)
        except steps.ParameterError as error:
            asked = any(value is not None for value in get_current_context()["params"].values())
            raise (AirflowFailException if asked else AirflowSkipException)(str(error)) from error
        if done["written"]:
            assets.report_written(steps.months_of(chosen))
        return done

    write(choose())


annual_statement()
