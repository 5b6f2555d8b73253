"""A throwaway PostgreSQL cluster on localhost, for the proof that the deployment's database works."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cluster:
    port: int
    user: str
    password: str
    database: str


def binaries() -> Path | None:
    """The folder with initdb and pg_ctl, or None where PostgreSQL's server is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4].split(".")[0]))
    if found:
        return found[-1].parent
    path = shutil.which("initdb")
    return Path(path).resolve().parent if path else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(user: str, database: str) -> Iterator[Cluster]:
    """A new cluster with one user (password asked, as in the image of the compose file) and one empty database.

    It lies directly in the folder for temporary files: PostgreSQL's own user cannot enter root's folders of tests.
    """
    with tempfile.TemporaryDirectory(prefix="esep-pg-") as folder:
        yield from _running(Path(folder), user, database)


def _running(folder: Path, user: str, database: str) -> Iterator[Cluster]:
    programs = binaries()
    assert programs is not None
    password, port = secrets.token_hex(16), free_port()
    password_file = folder / "password"
    password_file.write_text(password)
    prefix: list[str] = []
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres")
        shutil.chown(password_file, "postgres")
        prefix = ["runuser", "-u", "postgres", "--"]
    data = folder / "data"

    def call(program: str, *arguments: str) -> None:
        command = [*prefix, str(programs / program), *arguments]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd="/", timeout=120)
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"

    call("initdb", "-D", str(data), "-U", user, "--auth=scram-sha-256", f"--pwfile={password_file}", "--encoding=UTF8")
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
    # Its output into a file: a pipe held open by the server would never end.
    call("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        _create_database(port, user, password, database)
        yield Cluster(port, user, password, database)
    finally:
        call("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")


def _create_database(port: int, user: str, password: str, database: str) -> None:
    import psycopg2

    connection = psycopg2.connect(host="127.0.0.1", port=port, user=user, password=password, dbname="postgres")
    try:
        connection.autocommit = True
        connection.cursor().execute(f'create database "{database}"')
    finally:
        connection.close()
