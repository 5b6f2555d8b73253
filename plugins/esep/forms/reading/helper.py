"""The parent's end of a zygote: one per process and kind of job, started when first needed, again when it dies."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import selectors
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

_GRACE_SECONDS = 60.0
"""Beyond a job's own limit: starting the zygote and reporting the outcome."""
_KEPT_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
_LIBRARY = Path(__file__).resolve().parents[3]


class ReaderUnavailableError(RuntimeError):
    """The reading process cannot be started or does not answer: a fault of this machine, not of a filer's file."""


class Helper:
    """Runs jobs in a zygote, one at a time. `module` is what the zygote is started from; see `zygote.serve`."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.close)
        os.register_at_fork(after_in_child=self.forget)

    def run(self, job: dict[str, Any], *, memory: int, seconds: float) -> str:
        """Do a job; returns `done`, `time`, `memory` or `crash`. Raises ReaderUnavailableError."""
        order = json.dumps({"job": job, "memory": memory, "seconds": seconds}).encode() + b"\n"
        with self._lock:
            for _attempt in range(2):
                answer = self._ask(order, seconds + _GRACE_SECONDS)
                if answer is not None:
                    return str(answer["outcome"])
                self._end()
        raise ReaderUnavailableError(
            "the process that opens filers' files ended twice without an answer; look for memory limits of this "
            f"machine and whether {sys.executable} can import {self._module}"
        )

    def _ask(self, order: bytes, seconds: float) -> dict[str, Any] | None:
        """The answer, or None when the zygote died or hung."""
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(order)
            process.stdin.flush()
        except OSError:
            return None
        received = b""
        deadline = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while not received.endswith(b"\n"):
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    return None
                block = os.read(process.stdout.fileno(), 1 << 16)
                if not block:
                    return None
                received += block
        answer: dict[str, Any] = json.loads(received)
        return answer

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
            environment |= {
                "PYTHONPATH": str(_LIBRARY),
                "PYTHONDONTWRITEBYTECODE": os.environ.get("PYTHONDONTWRITEBYTECODE", ""),
                # Each of these keeps reserved but unused address space away from the child's limit.
                "ARROW_DEFAULT_MEMORY_POOL": "system",
                "MALLOC_ARENA_MAX": "1",
                "OPENBLAS_NUM_THREADS": "1",
                "OMP_NUM_THREADS": "1",
            }
            self._process = subprocess.Popen(
                [sys.executable, "-m", self._module],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment,
            )
        return self._process

    def _end(self) -> None:
        """Close the pipes, at which the zygote ends, and make sure that it did."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        try:
            process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def close(self) -> None:
        with self._lock:
            self._end()

    def forget(self) -> None:
        """In a forked copy of the parent: the zygote belongs to the original."""
        process, self._process = self._process, None
        self._lock = threading.Lock()
        if process is not None:
            process.returncode = 0  # not this process's child: never to be waited for
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    os.close(pipe.fileno())


HELPER = Helper("esep.forms.reading.reading_process")
"""The one that reads files of packages."""
