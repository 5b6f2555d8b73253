"""What a process does that has imported its libraries once and forks a limited child for each file.

A module that is started with `python -m` imports what its jobs need and calls `serve` (see `reading_process`). One JSON
object a line: a job on standard input, its outcome on standard output. The process ends when its standard input ends,
that is, when the process that started it is gone.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

Run = Callable[[dict[str, Any]], None]
"""Does one job. What it raises is the job's crash; its traceback is left in `crash.txt` of the job's folder `out`."""

_OUT_OF_MEMORY = 3
_SPARE_CPU_SECONDS = 5
"""The wall limit ends a child first; the limit on processor time is there for a zygote that was killed itself."""


def serve(run: Run) -> None:
    """Do jobs until standard input ends. To be called once everything is imported that they need."""
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
        outcome = _serve(run, json.loads(line), answers)
        os.write(answers, json.dumps({"outcome": outcome}).encode() + b"\n")


def _serve(run: Run, order: dict[str, Any], answers: int) -> str:
    """Fork, wait, tell how it ended: `done`, `time`, `memory` or `crash`."""
    alive, held_by_child = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(alive)
        os.close(answers)
        _be_child(run, order)
    os.close(held_by_child)
    deadline = time.monotonic() + order["seconds"]
    outcome = "time"
    while (left := deadline - time.monotonic()) > 0:
        # The pipe ends when the child ends; standard input ends when the parent does.
        ready, _, _ = select.select([alive, 0], [], [], left)
        if alive in ready:
            outcome = "ended"
            break
        if 0 in ready:
            outcome = "abandoned"
            break
    os.close(alive)
    if outcome != "ended":
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if outcome == "abandoned":
        sys.exit(0)
    return _told(status) if outcome == "ended" else outcome


def _told(status: int) -> str:
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
    """The traceback of a crash, for the parent to tell."""
    import traceback

    note = "".join(traceback.format_exception(error))
    with open(os.path.join(order["job"]["out"], "crash.txt"), "w", encoding="utf-8") as file:  # noqa: PTH118, PTH123
        file.write(note)
