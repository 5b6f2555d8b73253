"""# Supervision: what is late, silent, unreliable or not filed again, day by day

Runs every morning for the day before it: finds faults across filings, months in which an accredited pool stayed silent
(a question to the officer first), and the grounds of a notice (para 10). Records each once, dated by the day of its
detection, drafts one notice for a pool and period, and a reminder some working days before the 25th (para 5).

**A run of day D knows what was received, decided or recorded before D began**, so that history can be replayed: give
`as_of`, or `since` and `as_of` for many days in one run, or `airflow backfill create --dag-id supervision` (not on the
SQLite of `make up`: there `bin/esep supervise --since DAY`). Nothing is noticed twice, and a re-run moves no date.

| task | does | may be repeated because |
|---|---|---|
| `verify` | holds every byte of archive, lake, journal, accepted reference files against the records | it only reads |
| `refresh` | brings the warehouse up to date, decisions included | every step finds its own work |
| `supervise` | records what is new on each of the days, as events | what is recorded stays |
| `letters` | writes the letters of these events into `outbox/` | a letter is written once |
| `publish` | shows it all in the warehouse | every step finds its own work |
| `publish_masked` | shows it without IINs, names of persons and wallets | a copy is renamed |
| `check_figures` | works out all figures again from the lake's rows, by another route | it only reads |

What an officer has to do by when is in `obligation_due`; nothing is sent from here.
"""

from __future__ import annotations

from datetime import datetime

from airflow.sdk import CronTriggerTimetable, Param, chain, dag, get_current_context, task

from esep import clock
from esep.config import Settings
from esep.orchestration import assets, cluster, common, names, shown
from esep.orchestration import periodic as steps
from esep.orchestration.notifier import deadline


@dag(
    dag_id=names.SUPERVISION,
    dag_display_name=shown.dag_name(names.SUPERVISION),
    schedule=CronTriggerTimetable("0 6 * * *", timezone=str(clock.TIMEZONE)),
    start_date=datetime(2024, 1, 1, tzinfo=clock.TIMEZONE),
    catchup=False,
    max_active_runs=1,
    deadline=deadline(names.SUPERVISION),
    default_args=common.task_defaults(),
    params={
        "as_of": Param(
            None,
            title=shown.param_title("as_of"),
            type=["null", "string"],
            format="date",
            description=shown.param_help(names.SUPERVISION, "as_of"),
        ),
        "since": Param(
            None,
            title=shown.param_title("since"),
            type=["null", "string"],
            format="date",
            description=shown.param_help(names.SUPERVISION, "since"),
        ),
    },
    tags=["esep", "procedure"],
    doc_md=__doc__,
)
def supervision() -> None:
    # By itself, so that what is damaged holds up no term; the next load then publishes nothing.
    @task(
        task_display_name=shown.task_name("verify"),
        inlets=[assets.ARCHIVE, assets.JOURNAL, assets.LAKE, assets.REFERENCE_FOLDER],
    )
    def verify() -> str:
        return steps.verify(Settings.from_environment())

    def brought_up() -> str:
        settings, now = cluster.settings(), clock.now()
        with assets.published(settings, now):
            return steps.refresh(settings, now)

    @task(
        task_display_name=shown.task_name("refresh"),
        pool=names.WRITER_POOL,
        outlets=[assets.SNAPSHOT, assets.ESEP_CHANGED],
    )
    def refresh() -> str:
        return brought_up()

    @task(
        task_display_name=shown.task_name("supervise"),
        inlets=[assets.SNAPSHOT],
        outlets=[assets.ARCHIVE, assets.JOURNAL],
    )
    def supervise() -> dict[str, int]:
        context = get_current_context()
        params = context["params"]
        days = steps.supervised_days(params["as_of"], params["since"], context.get("logical_date"), clock.now())
        return steps.supervise(Settings.from_environment(), days)

    @task(
        task_display_name=shown.task_name("letters"),
        inlets=[assets.ARCHIVE, assets.JOURNAL, assets.LAKE],
        outlets=[assets.OUTBOX, assets.ESEP_CHANGED],
    )
    def letters() -> list[str]:
        settings = Settings.from_environment()
        written = steps.letters(settings)
        assets.letters_written(settings, written)
        return written

    @task(
        task_display_name=shown.task_name("publish"),
        pool=names.WRITER_POOL,
        inlets=[assets.ARCHIVE, assets.JOURNAL],
        outlets=[assets.SNAPSHOT, assets.ESEP_CHANGED],
    )
    def publish() -> str:
        return brought_up()

    @task(
        task_display_name=shown.task_name("publish_masked"), inlets=[assets.SNAPSHOT], outlets=[assets.MASKED_SNAPSHOT]
    )
    def publish_masked() -> str:
        return steps.publish_masked(Settings.from_environment())

    @task(task_display_name=shown.task_name("check_figures"), inlets=[assets.SNAPSHOT, assets.LAKE])
    def check_figures() -> str:
        return steps.check_figures(Settings.from_environment(), clock.now())

    verify()
    chain(refresh(), supervise(), letters(), publish(), [publish_masked(), check_figures()])


supervision()
