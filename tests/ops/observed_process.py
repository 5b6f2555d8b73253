"""Runs intake and warehouse over a home in a process with an Airflow of its own, and prints the tasks' states as JSON.

`python observed_process.py HOME`. Umask, lineage, logs and metrics are what the caller's environment says.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main(home: Path) -> None:
    from esep.config import Settings
    from esep.orchestration import environment

    settings = Settings(home=home, inbox_settle_seconds=0)
    os.environ.update(environment.variables(settings, home / ".airflow"))
    os.environ["ESEP_RETRY_SECONDS"] = "0"
    from esep.orchestration.environment import set_up

    set_up()
    from airflow.dag_processing.dagbag import DagBag

    dags = DagBag(environment.DAGS)
    states = {"errors": {str(path): str(error) for path, error in dags.import_errors.items()}}
    for name in ("intake", "warehouse"):
        run = dags.dags[name].test()
        states[name] = {task.task_id: str(task.state) for task in run.get_task_instances()}
    print("RESULT " + json.dumps(states))


if __name__ == "__main__":
    os.umask(int(sys.argv[2], 8))
    main(Path(sys.argv[1]))
