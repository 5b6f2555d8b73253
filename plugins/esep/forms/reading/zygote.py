"""A process that has imported its libraries once and forks a limited child for each job, and its parent's end.

A module that is started with `python -m` imports what its jobs need and calls `serve` (see `jobs`). One JSON object a
line: a job on standard input, its outcome on standard output. The process ends when its standard input ends, that is,
when the process that started it is gone.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import resource
import select
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from esep import lean

Run = Callable[[dict[str, Any]], None]
"""Does one job. What it raises is the job's crash; its traceback is left in `crash.txt` of the job's folder `out`."""

_GRACE_SECONDS = 60.0
"""Beyond a job's own limit: starting the zygote and reporting the outcome."""
_KEPT_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
_LIBRARY = Path(__file__).resolve().parents[3]
_OUT_OF_MEMORY = 3
_SPARE_CPU_SECONDS = 5
"""The wall limit ends a child first; the limit on processor time is there for a zygote that was killed itself."""


def serve(run: Run, before: Run = lambda _: None) -> None:
    """Do jobs until standard input ends. To be called once everything is imported that most of them need.

    `before` is done here, not in the child, for what the children after it are to have as well.
    """
    gc.collect()
    gc.freeze()
    answers = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints must not get among the answers
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, which ends this process by its pipe
    pending = b""
    while True:
        while b"\n" not in pending:
            block = os.read(0, 1 << 16)
            if not block:
                return
            pending += block
        line, pending = pending.split(b"\n", 1)
        order = json.loads(line)
        before(order["job"])
        outcome = _serve(run, order, answers)
        os.write(answers, json.dumps({"outcome": outcome}).encode() + b"\n")


def _serve(run: Run, order: dict[str, Any], answers: int) -> str:
    """How the child ended; standard input ends when the process that asked for it does, and then all does."""
    outcome = _in_child(run, order, closed=(answers,), ends=(0,))
    if outcome == "abandoned":
        sys.exit(0)
    return outcome


def _in_child(run: Run, order: dict[str, Any], closed: Sequence[int] = (), ends: Sequence[int] = ()) -> str:
    """Fork, wait, say how it ended: `done`, `time`, `memory` or `crash`; `abandoned` if one of `ends` did first.

    `closed`: descriptors that the child is not to have.
    """
    alive, held_by_child = os.pipe()
    child = os.fork()
    if child == 0:
        for descriptor in (alive, *closed):
            os.close(descriptor)
        _be_child(run, order)
    os.close(held_by_child)
    deadline = time.monotonic() + order["seconds"]
    outcome = "time"
    try:
        while (left := deadline - time.monotonic()) > 0:
            ready, _, _ = select.select([alive, *ends], [], [], left)
            if ready:
                outcome = "ended" if alive in ready else "abandoned"  # the pipe ends when the child does
                break
    finally:
        os.close(alive)
        if outcome != "ended":
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    return _outcome_of(status) if outcome == "ended" else outcome


def _outcome_of(status: int) -> str:
    if os.WIFSIGNALED(status):
        # Rust aborts when an allocation fails; the kernel kills when memory or processor time runs out.
        return "time" if os.WTERMSIG(status) == signal.SIGXCPU else "memory"
    code = os.WEXITSTATUS(status)
    return {0: "done", _OUT_OF_MEMORY: "memory"}.get(code, "crash")


def _be_child(run: Run, order: dict[str, Any]) -> None:
    code = 1
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)
        seconds = int(order["seconds"]) + _SPARE_CPU_SECONDS
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (order["memory"], order["memory"]))
        gc.disable()  # nothing read here has cycles, and the child lives for one file
        run(order["job"])
        code = 0
    except MemoryError:
        code = _OUT_OF_MEMORY
    except BaseException as error:
        _leave_note(order, error)
    finally:
        os._exit(code)


def _leave_note(order: dict[str, Any], error: BaseException) -> None:
    """The traceback of a crash, for the parent to report."""
    import traceback

    note = "".join(traceback.format_exception(error))
    with (Path(order["job"]["out"]) / "crash.txt").open("w", encoding="utf-8") as file:
        file.write(note)


class ReaderUnavailableError(RuntimeError):
    """The reading process cannot be started or does not answer: a fault of this machine, not of a filer's file."""


class Helper:
    """Runs jobs one at a time in a zygote of `module`, which is started when first needed and again when it dies."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._own: Run | None = None
        atexit.register(self.close)
        os.register_at_fork(after_in_child=self.forget)

    def run(self, job: dict[str, Any], *, memory: int, seconds: float) -> str:
        """Do a job; returns `done`, `time`, `memory` or `crash`. Raises ReaderUnavailableError."""
        limited = {"job": job, "memory": memory, "seconds": seconds}
        if self._own is not None:
            return _in_child(self._own, limited)
        order = json.dumps(limited).encode() + b"\n"
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

    @contextlib.contextmanager
    def forking_here(self, run: Run) -> Iterator[None]:
        """Inside of it this process forks the limited children itself, which saves the start of a second one.

        For a command that reads one package and ends: it has no other threads, and nothing in memory that a filer's
        file should be kept from.
        """
        self._own = run
        try:
            yield
        finally:
            self._own = None

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
                **lean.ENVIRONMENT,
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


HELPER = Helper("esep.forms.reading.jobs")
"""The one that reads files of packages."""
