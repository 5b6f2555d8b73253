"""What Airflow keeps of runs long past is removed: rows of its tables and log files older than 90 days.

`python -m esep.orchestration.housekeeping`, in the environment of Airflow's parts; with `--every-week` it stays and
does it again each week (docker-compose.yaml). `make up` does it at a start a week or more after the last time. No DAG
does: a task cannot reach Airflow's tables. Esep's own data is never touched.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from esep import clock
from esep.orchestration import names

log = logging.getLogger(__name__)

KEPT = timedelta(days=90)
WEEK = timedelta(days=7)
MARK = "cleaned"
"""A file whose time says when this was done last."""
TABLES = (
    "asset_event",
    "callback",
    "dag_run",
    "deadline",
    "import_error",
    "job",
    "log",
    "task_instance",
    "task_instance_history",
    "task_reschedule",
    "trigger",
    "xcom",
)
"""What grows with each run."""
WAITING = (names.DISPATCH, names.QUESTION)
"""DAGs of which a run may wait for an officer for longer than KEPT: theirs are kept."""
LOG_FOLDER = "AIRFLOW__LOGGING__BASE_LOG_FOLDER"


def clean_command(now: datetime) -> list[str]:
    """Airflow's own way, as it would be typed."""
    return [
        *(sys.executable, "-m", "airflow", "db", "clean", "--yes", "--skip-archive"),
        *("--clean-before-timestamp", (now - KEPT).isoformat(timespec="seconds")),
        *("--tables", ",".join(TABLES), "--exclude-dag-ids", ",".join(WAITING)),
    ]


def remove_old_logs(folder: Path, now: datetime) -> int:
    """Remove log files not written for KEPT, and the folders that become empty by it; how many files."""
    end = (now - KEPT).timestamp()
    old = [path for path in folder.rglob("*.log*") if path.is_file() and not path.is_symlink()]
    removed = [path for path in old if path.stat().st_mtime < end]
    for path in removed:
        path.unlink(missing_ok=True)
        for above in path.parents:
            if above == folder:
                break
            with suppress(OSError):  # most are not empty
                above.rmdir()
    return len(removed)


def clean(environment: Mapping[str, str], now: datetime, output: int | None = None) -> bool:
    """Clean tables and logs of the Airflow of this environment; whether both could be done. What failed is logged."""
    done = subprocess.run(
        clean_command(now), check=False, env=dict(environment), stdin=subprocess.DEVNULL, stdout=output, stderr=output
    )
    if done.returncode:
        log.error("airflow db clean ended with code %d; its tables keep what they had", done.returncode)
    logs = environment.get(LOG_FOLDER) or str(Path(environment.get("AIRFLOW_HOME", "~/airflow")).expanduser() / "logs")
    removed = remove_old_logs(Path(logs), now)
    log.info("%d log files older than %d days removed from %s", removed, KEPT.days, logs)
    return not done.returncode


def weekly(environment: Mapping[str, str], home: Path, now: datetime, output: int) -> None:
    """`clean`, unless it was done within a week; the first time there is nothing to be cleaned yet."""
    mark = home / MARK
    if mark.exists() and now.timestamp() - mark.stat().st_mtime >= WEEK.total_seconds():
        clean(environment, now, output)
    elif mark.exists():
        return
    mark.touch()


def main(arguments: list[str]) -> int:
    """Once, or week by week; MARK in the folder of temporary files is there while the last time went well."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    mark = Path(tempfile.gettempdir()) / f"esep-{MARK}"
    while True:
        is_done = clean(os.environ, clock.now())
        if "--every-week" not in arguments:
            return 0 if is_done else 1
        if is_done:
            mark.touch()
        else:
            mark.unlink(missing_ok=True)
        time.sleep(WEEK.total_seconds())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
