"""What tasks import in their functions, at hand before the process is forked in which they run.

Reading a DAG file must stay cheap, so tasks import late. A task runs in a fork of a worker: what the worker's parent
has imported costs each task nothing, and the collector passes over it. Great Expectations alone takes 2.5 to 6 seconds,
longer than the examination of a package.
"""

from __future__ import annotations

import importlib
import logging

from esep import lean

MODULES = (
    "esep.examination.pending",
    "esep.letters.missing",
    "esep.office.intake",
    "esep.orchestration.alarms",
    "esep.orchestration.assets",
    "esep.orchestration.periodic",
    "esep.supervision.daily",
    "esep.warehouse.masked",
    "esep.warehouse.rebuild",
    "great_expectations",
)
log = logging.getLogger(__name__)


def load() -> None:
    """Import MODULES; what cannot be imported is logged and left to the task, which says so."""
    with lean.loading():
        for name in MODULES:
            try:
                importlib.import_module(name)
            except Exception:
                log.exception("%s could not be imported before work comes", name)
