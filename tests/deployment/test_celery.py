"""The profile `celery` of docker-compose.yaml without an engine: its executor is imported with what the lock installs,
and every address that the file writes is used, on a PostgreSQL of this machine.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from deployment import compose_file, postgres_cluster
from deployment.test_compose import SERVICES
from deployment.test_postgres import native_environment
from esep.orchestration import environment as airflow_environment

pytestmark = pytest.mark.skipif(
    postgres_cluster.binaries() is None,
    reason="PostgreSQL's server is not installed here (scripts/debian-packages.sh installs it)",
)

PROGRAM = """
import json

from airflow.executors.executor_loader import ExecutorLoader
from airflow.providers.celery.executors import celery_executor
from airflow.settings import engine

found = {"executor": ExecutorLoader.get_default_executor().__class__.__name__}
with engine.connect() as connection:
    found["airflow"] = connection.exec_driver_sql("select current_database()").scalar()

from airflow.providers.celery.executors.celery_executor_utils import app

app.backend.store_result("of-this-test", {"rows": 3}, "SUCCESS")
found["result"] = app.backend.get_result("of-this-test")
with app.connection_for_write() as broker:
    found["broker"] = [type(broker.transport).__module__, broker.hostname, broker.port, broker.virtual_host]
    found["password"] = broker.password
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with postgres_cluster.running("esep", "airflow") as cluster:
        folder = tmp_path_factory.mktemp("celery")
        yield native_environment(folder, cluster, 8080) | {"AIRFLOW__CORE__EXECUTOR": "CeleryExecutor"}


def test_executor_and_addresses_of_the_compose_file_work(environment: dict[str, str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, cwd=tmp_path, timeout=300
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "executor": "CeleryExecutor",
        "airflow": "airflow",
        "result": {"rows": 3},
        "broker": ["kombu.transport.redis", "redis", 6379, "0"],
        "password": "unused",
    }


def test_no_other_address_is_written() -> None:
    """What a new variable with an address brings in belongs into the test above."""
    values = compose_file.interpolated(SERVICES["worker"]["environment"], dict.fromkeys(compose_file.required(), "x"))
    addresses = {name: urlsplit(value).scheme for name, value in values.items() if "://" in value}
    assert addresses == {
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "postgresql+psycopg2",
        "AIRFLOW__CELERY__BROKER_URL": "redis",
        "AIRFLOW__CELERY__RESULT_BACKEND": "db+postgresql+psycopg2",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": "http",
        "AIRFLOW__API__BASE_URL": "http",
    }


def test_make_up_connects_to_the_postgresql_that_is_named(environment: dict[str, str]) -> None:
    address = environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].replace("+psycopg2", "")
    airflow_environment.check_database({"ESEP_DATABASE": address})
    with pytest.raises(airflow_environment.DatabaseError, match=r"airflow cannot be reached.*password") as reported:
        airflow_environment.check_database({"ESEP_DATABASE": address.replace("esep:", "esep:wrong-")})
    assert "wrong-" not in str(reported.value)
    with pytest.raises(airflow_environment.DatabaseError, match='database "elsewhere" does not exist'):
        airflow_environment.check_database({"ESEP_DATABASE": f"{address.removesuffix('airflow')}elsewhere"})
