"""`python -m esep.orchestration.setup`: Airflow's tables and the writer's pool, in the environment's database.

Only adds what is missing, so that it may run before every start.
"""

from __future__ import annotations

from esep.orchestration import names


def set_up() -> None:
    """Create or migrate the tables and set the pool. Needs Airflow's environment to be set before the first import."""
    from airflow.models.pool import Pool
    from airflow.utils import db

    db.initdb()
    Pool.create_or_update_pool(names.WRITER_POOL, 1, names.WRITER_POOL_TEXT, include_deferred=False)


if __name__ == "__main__":
    set_up()
