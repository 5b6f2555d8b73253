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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

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


@dataclass(frozen=True, slots=True)
class Cluster:
    master: str
    """`spark://127.0.0.1:port`."""
    environment: Mapping[str, str]
    """What a process needs to give it work."""
    workers: tuple[subprocess.Popen[bytes], ...]

    def lose_worker(self, number: int) -> None:
        """End a worker and all that it runs at once, as a machine does whose power fails."""
        os.killpg(self.workers[number].pid, signal.SIGKILL)


@contextmanager
def started(folder: Path, workers: int = WORKERS) -> Iterator[Cluster]:
    """A cluster whose logs and secrets are in a folder, ended on leaving; each worker has one core.

    Raises ExtraError where Spark or Java is missing, and ClusterError, with the place of the log, for a part that does
    not start.
    """
    require_installed()
    environment = os.environ | _configuration(folder)
    port = _free_port()
    master = f"spark://{_HOST}:{port}"
    running: list[subprocess.Popen[bytes]] = []
    try:
        parts = [("master", [_MASTER, "--port", str(port)])]
        limits = ["--cores", "1", "--memory", WORKER_MEMORY]
        parts += [
            (f"worker-{n}", [_WORKER, "--work-dir", str(folder / "work"), *limits, master]) for n in range(workers)
        ]
        for name, (kind, *arguments) in parts:
            running.append(_start(folder / f"{name}.log", kind, arguments, environment))
            if kind == _MASTER:
                _wait(folder / f"{name}.log", running[-1], _STARTED[kind])
        for number, worker in enumerate(running[1:]):
            _wait(folder / f"worker-{number}.log", worker, _STARTED[_WORKER])
        given = {"ESEP_ENGINE": "spark", "ESEP_SPARK_MASTER": master, **_configuration_of(folder)}
        yield Cluster(master, given, tuple(running[1:]))
    finally:
        for process in reversed(running):
            _end(process)


def _configuration(folder: Path) -> dict[str, str]:
    """Write spark-defaults.conf with fresh secrets; gives the environment by which Spark finds it."""
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
    path = folder / "spark-defaults.conf"
    path.touch(mode=0o600)
    path.write_text("".join(f"{name} {value}\n" for name, value in values.items()), encoding="utf-8")
    return _configuration_of(folder)


def _configuration_of(folder: Path) -> dict[str, str]:
    return {"SPARK_CONF_DIR": str(folder), "SPARK_LOCAL_IP": _HOST}


def _start(log: Path, kind: str, arguments: list[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    import pyspark

    command = [str(Path(pyspark.__file__).parent / "bin" / "spark-class"), kind, "--host", _HOST, "--webui-port", "0"]
    with log.open("wb") as output:
        return subprocess.Popen(
            [*command, *arguments], stdout=output, stderr=output, env=environment, start_new_session=True
        )


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
        print(f"Spark cluster {cluster.master} with {len(cluster.workers)} workers", flush=True)
        return subprocess.run(command, env=os.environ | cluster.environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
