"""The executor of `make up`: what tasks import is there before a worker is forked, and nothing stops its start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from esep.config import PROJECT

LOOK = """
import sys
from airflow.executors.local_executor import LocalExecutor
from esep.orchestration import executor
executor.MODULES = (*executor.MODULES, "esep.no_such_module")
LocalExecutor.start = lambda self: print("RESULT", [name for name in executor.MODULES if name not in sys.modules])
executor.WarmExecutor().start()
"""


def test_what_tasks_import_is_there_before_a_worker_is(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        env=os.environ | {"AIRFLOW_HOME": str(tmp_path), "PYTHONPATH": str(PROJECT / "plugins")},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert "RESULT ['esep.no_such_module']" in done.stdout, done.stdout + done.stderr
