"""Names that the DAGs, the set-up and the tests share. Imports nothing, so that any of them may read it first."""

from __future__ import annotations

INTAKE = "intake"
WAREHOUSE = "warehouse"
SUPERVISION = "supervision"
DISPATCH = "dispatch"
DISPATCH_QUEUE = "dispatch_queue"
DECISION = "decision"
QUESTION = "question"
QUALITY_REPORT = "quality_report"
ANNUAL_STATEMENT = "annual_statement"
HANDOVER = "handover"
RATES = "rates"
MAIL_INTAKE = "mail_intake"
DIGEST = "digest"
"""Ids of the DAGs."""

NEEDED = (INTAKE, WAREHOUSE, SUPERVISION, DECISION, DISPATCH, DISPATCH_QUEUE, QUESTION)
"""DAGs without which the procedure stands still; the others are reports and what an office switches on."""

WRITER_POOL = "warehouse_writer"
"""Pool of one slot: DuckDB lets one process write. Set up by `make run`, `make up` and docker-compose.yaml."""

DEFAULT_POOL = "default_pool"
"""Airflow's own pool, for tasks that only read."""

WRITER_POOL_TEXT = "DuckDB lets one process write: one slot, never more."
