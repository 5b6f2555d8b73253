"""The terminal while `make run` is at work: what Airflow prints goes to a log file, people read the outcome."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from esep.config import Settings

if TYPE_CHECKING:
    from esep.orchestration.run import RunReport

LISTED = 20
"""Longer lists are cut, with the number of the rest."""


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


def print_report(report: RunReport, settings: Settings, console: Console) -> None:
    """Counts, then whatever needs a person, then where things are."""
    counts = Table(box=None, show_header=False, pad_edge=False)
    counts.add_column(justify="right", style="bold")
    counts.add_column()
    for number, text, always in (
        (len(report.registered), _span("registered", report.registered), True),
        (len(report.accepted), "accepted", True),
        (len(report.refused), _listing("refused as incomplete", report.refused), True),
        (len(report.duplicates), "received before (the same bytes): the first receipt holds", False),
        (len(report.left), "left in the inbox", False),
    ):
        if number or always:
            counts.add_row(f"{number:,}", escape(text))
    console.print(counts)
    for package in report.left[:LISTED]:
        console.print(f"  left: {escape(package.name)}: {escape(package.reason)}", soft_wrap=True)
    _rest(len(report.left), console)
    for file in report.refused_reference:
        console.print(
            f"[bold]{escape(str(file['name']))} was refused as a whole[/]; its last good version stays in force:"
        )
        for problem in file["problems"][:LISTED]:
            console.print(f"  {escape(str(problem))}", soft_wrap=True)
        _rest(len(file["problems"]), console)
    new = [f"{count:,} {name.replace('_', ' ')}" for name, count in report.supervised.items() if count]
    if new:
        console.print(f"Supervision found, new: {', '.join(new)}. What is to be done by when: obligation_due")
    for failure in report.failures:
        console.print(f"[bold red]Failed: task {failure.task} of DAG {failure.dag}[/]")
        for reason in failure.reasons:
            console.print(f"  {escape(reason)}", soft_wrap=True)
    if report.snapshot:
        console.print(f"Warehouse: {escape(str(report.snapshot))}", soft_wrap=True)
    else:
        console.print("Warehouse: nothing published yet")
    console.print(f"Letters: {escape(str(settings.outbox))}", soft_wrap=True)
    console.print(f"Filings: {escape(str(settings.archive))}", soft_wrap=True)
    console.print(f"Took {report.seconds:.0f} s. Log: {escape(str(report.log))}", soft_wrap=True)


def _span(text: str, numbers: list[str]) -> str:
    if not numbers:
        return text
    return f"{text}: {numbers[0]}" if len(numbers) == 1 else f"{text}: {min(numbers)} … {max(numbers)}"


def _listing(text: str, numbers: list[str]) -> str:
    shown = ", ".join(numbers[:4])
    more = f" and {len(numbers) - 4} more" if len(numbers) > 4 else ""
    return f"{text}: {shown}{more}" if numbers else text


def _rest(count: int, console: Console) -> None:
    if count > LISTED:
        console.print(f"  … and {count - LISTED} more")
