"""Fields of log lines: what is logged inside the block carries them, whoever logs it, by plain `logging` too.

Airflow writes its logs by structlog, which puts these fields beside the text: as keys where lines are JSON (always in
the log of a task, everywhere with AIRFLOW__LOGGING__JSON_LOGS=True), as `key=value` after the text otherwise. Without
Airflow nothing reads them.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

from structlog.contextvars import bound_contextvars


def log_fields(**fields: str) -> AbstractContextManager[None]:
    """Bind the fields for the block: `with log_fields(registration_no="2025-000017"): …`."""
    return bound_contextvars(**fields)
