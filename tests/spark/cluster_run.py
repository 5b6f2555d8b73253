"""Run by itself: `cluster_run.py HOME` brings a warehouse up to date by the environment's engine, at NOW of the tests.

Prints what was published, or the one line of the error and ends with 1. Waits for a worker for a few seconds only.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from esep.config import Settings
from esep.warehouse.errors import WarehouseError
from esep.warehouse.rebuild import refresh
from esep.warehouse.spark import session
from warehouse.warehouse_office import NOW


def main(home: Path) -> int:
    session.WORKER_SECONDS = 5.0
    try:
        print(refresh(replace(Settings.from_environment(), home=home), NOW).publish)
    except WarehouseError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
