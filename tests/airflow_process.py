"""Scripts that run Airflow in a process of their own: it reads its settings once, when it is first imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from esep.config import PROJECT

BEGINNING = "RESULT "
"""Of the line that such a script prints, followed by its result as JSON."""


def environment(**variables: str) -> dict[str, str]:
    """What a process gets that knows neither the settings of this one's Airflow nor Esep's; the library's path, and
    the tests', is in it."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "ESEP", "OPENLINEAGE"))
    }
    return kept | {"PYTHONPATH": os.pathsep.join([str(PROJECT / "plugins"), str(PROJECT / "tests")])} | variables


def result_of(*words: str, **variables: str) -> dict[str, Any]:
    """What a script says in its line RESULT; all that it printed is the failure where there is no such line."""
    done = subprocess.run(
        [sys.executable, *words],
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=600,
        stdin=subprocess.DEVNULL,
    )
    return result_in(done)


def result_in(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The same of a process that has ended."""
    line = next((line for line in done.stdout.splitlines() if line.startswith(BEGINNING)), None)
    assert line, done.stdout[-5000:] + done.stderr[-5000:]
    result: dict[str, Any] = json.loads(line.removeprefix(BEGINNING))
    return result
