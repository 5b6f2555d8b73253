"""What a run of `make run` did, and how the terminal shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from esep.config import Settings

LISTED = 20
"""Longer lists are cut, with the number of the rest."""


class Failure(NamedTuple):
    """A task that did not succeed."""

    dag: str
    task: str
    reasons: tuple[str, ...]
    """What Esep said about it, each once; empty where only the log knows."""


class Left(NamedTuple):
    """A package that stays in the inbox, and why."""

    name: str
    reason: str


@dataclass(slots=True)
class RunReport:
    """What became of everything that was there."""

    registered: list[str] = field(default_factory=list)
    """Registration numbers given in this run, in order of arrival."""
    duplicates: list[tuple[str, str]] = field(default_factory=list)
    """(name in the inbox, number of the filing with the same bytes)."""
    examined: dict[str, str] = field(default_factory=dict)
    """Registration number → `accepted`, `refused` or `waiting`, for filings that had no verdict before this run."""
    left: list[Left] = field(default_factory=list)
    refused_reference: list[dict[str, Any]] = field(default_factory=list)
    """Reference files that were refused as a whole: `name`, `problems` (texts with line numbers), `report` (path)."""
    supervised: dict[str, int] = field(default_factory=dict)
    """What supervision found that was new, by kind; see orchestration.periodic.supervise."""
    failures: list[Failure] = field(default_factory=list)
    snapshot: Path | None = None
    """The published warehouse, None while there is none."""
    log: Path = Path()
    seconds: float = 0.0

    @property
    def accepted(self) -> list[str]:
        return [number for number, verdict in self.examined.items() if verdict == "accepted"]

    @property
    def refused(self) -> list[str]:
        return [number for number, verdict in self.examined.items() if verdict == "refused"]

    @property
    def waiting(self) -> list[str]:
        return [number for number, verdict in self.examined.items() if verdict == "waiting"]

    @property
    def ok(self) -> bool:
        """Whether all that could be done is done. Refusals and packages that still change are no faults."""
        return not self.failures


def print_report(report: RunReport, settings: Settings, console: Console) -> None:
    """Counts, then whatever needs a person, then where things are."""
    counts = Table(box=None, show_header=False, pad_edge=False)
    counts.add_column(justify="right", style="bold")
    counts.add_column()
    for number, text, always in (
        (len(report.registered), _span("registered", report.registered), True),
        (len(report.accepted), "complete", True),
        (len(report.refused), _listing("refused as incomplete", report.refused), True),
        (len(report.waiting), _listing("wait for an officer (bin/esep questions)", report.waiting), False),
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
