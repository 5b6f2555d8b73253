"""Workers of `make up` and of Celery: what tasks import is there before one is forked, and nothing stops the start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deployment.test_compose import SERVICES
from esep.config import PROJECT

IMPORTS = "AIRFLOW__CELERY__EXTRA_CELERY_CONFIG"

LOOK = """
import sys
from esep.orchestration import warm
warm.MODULES = (*warm.MODULES, "esep.no_such_module")
def show(*arguments):
    print("RESULT", [name for name in warm.MODULES if name not in sys.modules])
"""
LOCAL = """
from airflow.executors.local_executor import LocalExecutor
from esep.orchestration.executor import WarmExecutor
LocalExecutor.start = show
WarmExecutor().start()
"""
CELERY = """
from airflow.providers.celery.executors.celery_executor_utils import app
app.loader.init_worker()  # what the worker does before it forks
show()
"""


@pytest.mark.parametrize("program", [LOCAL, CELERY], ids=["local", "celery"])
def test_what_tasks_import_is_there_before_a_worker_is(tmp_path: Path, program: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOOK + program],
        env=os.environ
        | {
            "AIRFLOW_HOME": str(tmp_path),
            "PYTHONPATH": str(PROJECT / "plugins"),
            IMPORTS: SERVICES["worker"]["environment"][IMPORTS],
        },
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert "RESULT ['esep.no_such_module']" in done.stdout, done.stdout + done.stderr
