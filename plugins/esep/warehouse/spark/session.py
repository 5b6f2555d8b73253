"""A session on a cluster, or on this machine, under which Spark's decimals, moments and errors are as DuckDB's.

pyspark is imported when a session is first needed: it is an extra (`make spark`).
"""

from __future__ import annotations

import logging
import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from esep.config import Settings
from esep.warehouse.spark.errors import ClusterError, ExtraError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

log = logging.getLogger(__name__)

LOCAL = "local[*]"
"""The master where none is named: threads of this process."""
CONNECT_SECONDS = 10.0
DRIVER_MEMORY = "4g"
WORKER_SECONDS = 90.0
"""How long a cluster may take to give this application its first executor."""
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_EXACT = {
    "spark.sql.ansi.enabled": "true",  # an overflow is an error
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",  # no digit is given up for room
    "spark.sql.session.timeZone": "Asia/Almaty",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "false",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}
_QUIET = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}

_sessions: dict[str, SparkSession] = {}
"""Sessions of this process by master."""
_depth = 0
"""How many `kept` are not left yet."""


@contextmanager
def kept() -> Iterator[None]:
    """What is opened inside is shared, and ended when the outermost is left. Nothing is started by this alone."""
    global _depth  # noqa: PLW0603 - a process has one session of a master
    _depth += 1
    try:
        yield
    finally:
        _depth -= 1
        if not _depth:
            for master in list(_sessions):
                _sessions.pop(master).stop()


def opened(settings: Settings) -> SparkSession:
    """A session with the master of the settings; to be called inside of `kept`.

    Raises ExtraError where Spark or Java is missing, and ClusterError where the cluster does not answer or gives no
    worker.
    """
    master = settings.spark_master or LOCAL
    if not _depth:
        raise RuntimeError("a session needs somebody who ends it: call this inside of kept()")
    if master not in _sessions:
        _sessions[master] = _start(master)
    return _sessions[master]


def _start(master: str) -> SparkSession:
    require_installed()
    if master == LOCAL:
        log.info("Spark: no cluster is named (ESEP_SPARK_MASTER), so this machine works as one")
    else:
        log.info("Spark: %s", master)
        _require_reachable(master)
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("esep").master(master)
    for name, value in (_EXACT | _QUIET | _here(master)).items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
        _require_workers(session, master)
    except ClusterError:
        raise
    except Exception as error:  # of Python, of pyspark or of py4j: they have no nearer common ancestor
        raise ClusterError(_complaint(master, f"no session could be started ({_first_line(error)})")) from error
    return session


def require_installed() -> None:
    """Raises ExtraError unless Spark and Java are installed."""
    try:
        import pyspark
    except ImportError:
        raise ExtraError("Spark is not installed. `make spark` installs it into .venv (0.5 GB).") from None
    java = os.environ.get("JAVA_HOME")
    if not (shutil.which("java", path=f"{java}/bin") if java else shutil.which("java")):
        raise ExtraError(
            f"Spark {pyspark.__version__} needs Java 17 or 21, and there is no program java. On "
            "Debian or Ubuntu: apt-get install openjdk-17-jre-headless; elsewhere set JAVA_HOME."
        )


def _here(master: str) -> dict[str, str]:
    """On this machine nothing listens to the network, and a shuffle is small; others have spark-defaults.conf.

    Tables that are joined are held by this process, and where there is no cluster all else as well.
    """
    if not (master.startswith("local") or urlsplit(master).hostname in _THIS_MACHINE):
        return {}
    partitions = str(2 * (os.cpu_count() or 1))
    return {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": DRIVER_MEMORY,
        "spark.sql.shuffle.partitions": partitions,
    }


def _require_reachable(master: str) -> None:
    """Spark itself would try for a minute, and then not say it in one line."""
    if not master.startswith("spark://"):
        return
    for one in master.removeprefix("spark://").split(","):
        address = urlsplit(f"//{one}")
        try:
            socket.create_connection((address.hostname or "", address.port or 7077), timeout=CONNECT_SECONDS).close()
        except (OSError, ValueError) as error:
            reason = str(error)
        else:
            return
    raise ClusterError(_complaint(master, f"it cannot be reached ({reason})"))


def _require_workers(session: SparkSession, master: str) -> None:
    """Wait for the first executor. One of another version does not come, or fails at its first task."""
    if master.startswith("local"):
        return
    context, version = session.sparkContext, session.version
    until = time.monotonic() + WORKER_SECONDS
    while len(context._jsc.sc().statusTracker().getExecutorInfos()) < 2:  # the driver is one of them
        if context._jsc.sc().isStopped() or time.monotonic() > until:
            session.stop()
            raise ClusterError(
                _complaint(
                    master,
                    f"no worker took the work within {WORKER_SECONDS:g} s. There is none, it is busy with other "
                    f"applications, or it runs another version than Spark {version}, which its log says",
                )
            )
        time.sleep(0.2)


def _complaint(master: str, fault: str) -> str:
    return (
        f"Spark cluster {master}: {fault}. Nothing was published and readers keep the last snapshot. Start the cluster "
        "or correct its address (ESEP_SPARK_MASTER), then run again."
    )


def _first_line(error: Exception) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)[:300]
