"""`bin/esep check` of a small package, start of Python included: CPU seconds of the command and its children."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from measure import Figure, alternating, cpu_seconds
from workbook import write_package

from esep.config import PROJECT

_ROWS = 100
_TIMES = 5
_WITHOUT_SPARK = "import sys; sys.modules['pyspark'] = None"
"""The base is the import in an installation without that extra, where it costs less."""


def figures(cache: Path, work: Path, *, quick: bool) -> Iterator[Figure]:
    """The check without faults beside the imports that nothing can do without; with faults beside the rules' engine."""
    packages = {faulty: cache / f"package-{_ROWS}{'-faulty' if faulty else ''}" for faulty in (False, True)}
    for faulty, package in packages.items():
        write_package(package, _ROWS, faulty=faulty)
    clean, arrow = alternating(
        3 if quick else _TIMES,
        _cost(work, "-m", "esep.cli", "check", str(packages[False])),
        _cost(work, "-c", "import click, numpy, pyarrow.compute"),
    )
    yield Figure(f"bin/esep check of {_ROWS} rows", "imports alone", clean, arrow, None, 1.2, "CPU s")
    wrong, engine = alternating(
        1 if quick else 3,
        _cost(work, "-m", "esep.cli", "check", str(packages[True])),
        _cost(work, "-c", f"{_WITHOUT_SPARK}; import great_expectations"),
    )
    yield Figure(
        f"bin/esep check of {_ROWS} rows, each with five faults",
        "the import of Great Expectations + 1",
        wrong,
        engine + 1,
        1.0,
        unit="CPU s",
    )


def _cost(home: Path, *arguments: str) -> partial[float]:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "plugins"), "ESEP_HOME": str(home)}
    return partial(
        cpu_seconds,
        partial(
            subprocess.run,
            [sys.executable, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=False,  # 1 says that there are faults
        ),
    )
