"""The terminal while `make run` is at work: what Airflow prints goes to a log file, people read the outcome."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console


@contextmanager
def output_to(path: Path, console: Console) -> Iterator[None]:
    """Send standard output and error to a file (of child processes too); `console` keeps writing where it did."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    kept = {1: os.dup(1), 2: os.dup(2)}
    own_file = console.file
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    terminal = None
    try:
        if own_file is sys.stdout or own_file is sys.stderr:
            terminal = os.fdopen(os.dup(1 if own_file is sys.stdout else 2), "w", encoding="utf-8", errors="replace")
            console.file = terminal
        os.dup2(log, 1)
        os.dup2(log, 2)
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        for descriptor, original in kept.items():
            os.dup2(original, descriptor)
            os.close(original)
        os.close(log)
        if terminal is not None:
            terminal.flush()
            console.file = own_file
            terminal.close()


class Listener(logging.Handler):
    """Passes each message of Esep's own log on to a function, and keeps the errors."""

    def __init__(self, pass_on: Callable[[str], None]) -> None:
        super().__init__(logging.INFO)
        self._pass_on = pass_on
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if record.levelno >= logging.ERROR:
            self.errors.append(message)
        self._pass_on(message)


@contextmanager
def listening(pass_on: Callable[[str], None]) -> Iterator[Listener]:
    """Listen to the logger `esep` while the block runs."""
    logger = logging.getLogger("esep")
    listener = Listener(pass_on)
    level = logger.level
    logger.addHandler(listener)
    logger.setLevel(logging.INFO)
    try:
        yield listener
    finally:
        logger.removeHandler(listener)
        logger.setLevel(level)
