"""A standalone cluster on this machine, to try the engine and to test it: a master and workers, all on 127.0.0.1.

`python -m esep.warehouse.spark.cluster COMMAND …` runs a command on one (`make cluster`). Who has not the secret of its
spark-defaults.conf can neither give it work nor see its pages.
"""

from __future__ import annotations

import base64
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from esep import files
from esep.config import SPARK
from esep.warehouse.spark.errors import ClusterError
from esep.warehouse.spark.session import require_installed

WORKERS = 2
WORKER_MEMORY = "1500m"
START_SECONDS = 60.0
_HOST = "127.0.0.1"
_MASTER, _WORKER = (f"org.apache.spark.deploy.{name}" for name in ("master.Master", "worker.Worker"))
_STARTED = {_MASTER: "I have been elected leader", _WORKER: "Successfully registered with master"}
"""What each writes into its log once it is ready."""
_PAGES = "org.apache.spark.ui.JWSFilter"
_LOGGING = """\
rootLogger.level = info
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %d %p %c{1}: %m%n
"""


@dataclass(slots=True)
class Cluster:
    """A master that runs, and its workers."""

    folder: Path
    """Of logs, secrets and what the workers write."""
    master: str
    """`spark://127.0.0.1:port`."""
    environment: Mapping[str, str]
    """What a process needs to give it work."""
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    """The master and each worker ever started."""

    def add_worker(self) -> None:
        """A worker of one core, once the master knows it. Raises ClusterError where it does not start."""
        limits = ["--work-dir", str(self.work(len(self.processes))), "--cores", "1", "--memory", WORKER_MEMORY]
        self.start(f"worker-{len(self.processes)}", _WORKER, [*limits, self.master])

    def work(self, number: int) -> Path:
        """Where a worker, 1 for the first, keeps the logs of its executors."""
        return self.folder / f"work-{number}"

    def lose_worker(self) -> None:
        """End the latest worker and all that it runs at once, as a machine does whose power fails."""
        os.killpg(self.processes[-1].pid, signal.SIGKILL)

    def start(self, name: str, kind: str, arguments: Sequence[str]) -> None:
        import pyspark

        program = Path(pyspark.__file__).parent / "bin" / "spark-class"
        command = [str(program), kind, "--host", _HOST, "--webui-port", "0", *arguments]
        log = self.folder / f"{name}.log"
        environment = os.environ | self.environment
        with log.open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=output, env=environment, start_new_session=True)
        self.processes.append(process)
        _wait(log, process, _STARTED[kind])


@contextmanager
def started(folder: Path, workers: int = WORKERS) -> Iterator[Cluster]:
    """A cluster that is ended on leaving.

    Raises ExtraError where Spark or Java is missing, and ClusterError, with the place of the log, for a part that does
    not start.
    """
    require_installed()
    port = _free_port()
    master = f"spark://{_HOST}:{port}"
    _configure(folder)
    found_by = {"SPARK_CONF_DIR": str(folder), "SPARK_LOCAL_IP": _HOST}
    cluster = Cluster(folder, master, {"ESEP_ENGINE": SPARK, "ESEP_SPARK_MASTER": master, **found_by})
    try:
        cluster.start("master", _MASTER, ["--port", str(port)])
        for _ in range(workers):
            cluster.add_worker()
        yield cluster
    finally:
        for process in reversed(cluster.processes):
            _end(process)


def _configure(folder: Path) -> None:
    """Write spark-defaults.conf with fresh secrets, which Spark finds by SPARK_CONF_DIR."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "log4j2.properties").write_text(_LOGGING, encoding="utf-8")
    pages = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    values = {
        "spark.authenticate": "true",
        "spark.authenticate.secret": secrets.token_hex(32),
        "spark.ui.filters": _PAGES,
        f"spark.{_PAGES}.param.secretKey": pages,
        "spark.master.rest.enabled": "false",
        "spark.executor.memory": "1g",
    }
    content = "".join(f"{name} {value}\n" for name, value in values.items())
    files.write_owner_only(folder / "spark-defaults.conf", content)


def _wait(log: Path, process: subprocess.Popen[bytes], line: str) -> None:
    until = time.monotonic() + START_SECONDS
    while line not in log.read_text(encoding="utf-8", errors="replace"):
        if process.poll() is not None or time.monotonic() > until:
            raise ClusterError(f"A part of the cluster on this machine did not start. Its log says why: {log}")
        time.sleep(0.1)


def _end(process: subprocess.Popen[bytes]) -> None:
    for signal_number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, signal_number)
            process.wait(timeout=10)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
        else:
            return


def _free_port() -> int:
    with socket.create_server((_HOST, 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def main(command: list[str]) -> int:
    """Run a command on a cluster that lives as long as it; gives its exit code."""
    with tempfile.TemporaryDirectory(prefix="esep-cluster-") as folder, started(Path(folder)) as cluster:
        print(f"Spark cluster {cluster.master} with {WORKERS} workers", flush=True)
        return subprocess.run(command, env=os.environ | cluster.environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
