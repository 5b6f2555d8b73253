"""The name under which a worker of the tests takes tasks: several stand in for machines on this one."""

from __future__ import annotations

import os

VARIABLE = "WORKER_OF_THIS_TEST"


def host_name() -> str:
    return os.environ.get(VARIABLE) or "the_other_parts"
