"""`bin/esep verify`: every record and every byte that figures rest on, proved by its hash."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from esep import clock
from esep.cli.common import Answer, UnusableError, answering, fields_of, progress, settings_from_environment

if TYPE_CHECKING:
    from esep.config import Settings
    from esep.proof.model import Report

SOUND, DAMAGED = 0, 1
"""Exit codes, beside UNUSABLE."""
LISTED = 20
"""Strays and unproved filings that are named on a terminal; `--json` names all."""


@click.command()
@click.option("--adopt", is_flag=True, help="Record the hashes of what is from before there were any, once.")
@click.option("--author", default=getpass.getuser, help="With --adopt: who does it (default: your user name).")
@click.option(
    "--expect",
    metavar="HASH",
    help="A head hash that was written down: is all that it proves still part of this home, unchanged?",
)
@answering
def verify(adopt: bool, author: str, expect: str | None) -> Answer:
    """Read every byte of archive, journal, lake and accepted reference files, and hold it against the records.

    Prints one head hash. Written down outside of this machine, it proves later that nothing before it has changed:
    bin/esep verify --expect HASH.

    \b
    Exit code: 0 sound, 1 damaged (each file is named with what to do), 2 it cannot be determined.
    Examples:  bin/esep verify
               bin/esep verify --expect 448870b7676cc7592b9068099d5007f1a70ec4fd7ed533fc20d07d396424771a
    """
    from rich.progress import DownloadColumn, TransferSpeedColumn

    from esep.office import sweeps
    from esep.proof import adoption
    from esep.proof.check import check
    from esep.records import heads, offloading

    settings = settings_from_environment()
    if not settings.archive.is_dir() and not settings.journal.is_dir():
        raise UnusableError(f"{settings.home}: no archive is here, so there is nothing to prove. Is ESEP_HOME right?")
    adopted = adoption.adopt(settings, author, clock.now()) if adopt else None
    with progress("Proving", DownloadColumn(), TransferSpeedColumn()) as bar:
        task = bar.add_task("bytes", total=None)
        report = check(settings, full=True, progress=lambda done, total: bar.update(task, completed=done, total=total))
    sweeps.forget(settings)  # what was restored before is taken up at once
    is_part = None if expect is None else _is_known(expect.strip().lower(), heads.read(settings.home))
    absent = len(offloading.offloaded(settings.home))
    plain = as_plain(report) | {"offloaded": absent, "adopted": adopted}
    plain |= {"expected": expect, "expected_is_part": is_part}

    def lines() -> Iterator[str]:
        if adopted is not None:
            yield f"{adopted:,} files from before have their hashes on record now."
        yield from _lines(report, settings)
        if absent:
            yield f"{absent:,} packages are in the store alone and not proved here: each is when it comes back."
        if is_part is not None:
            yield (
                f"{expect}: all that it proves is part of this home, unchanged."
                if is_part
                else f"{expect}: NOT a state of this home. It was changed since, or the hash is of another one."
            )

    return Answer(plain, lines, DAMAGED if report.damages or is_part is False else SOUND)


def as_plain(report: Report) -> dict[str, Any]:
    """The report for programs; keys are stable."""
    return {
        "sound": not report.damages,
        **fields_of(report, "head", "records", "files"),
        "bytes": report.size,
        "damages": [
            fields_of(one, "path", "what", "todo") | {"stops_publication": one.stops} for one in report.damages
        ],
        **fields_of(report, "unproved", "strays", "caught_up"),
    }


def _lines(report: Report, settings: Settings) -> Iterator[str]:
    """Damage first, then what is not proved, what no record names, and the head."""
    yield from map(str, report.damages)
    if report.unproved:
        yield (
            f"{len(report.unproved):,} chains of records are from before there were hashes and are not proved: "
            "bin/esep verify --adopt records them once. " + _some(report.unproved)
        )
    if report.strays:
        yield f"{len(report.strays):,} files that no record names; they do not count: " + _some(report.strays)
    if report.caught_up:
        yield f"{report.caught_up:,} records that a kill had left out of the list of heads are listed now."
    state = f"{len(report.damages):,} damaged files" if report.damages else "sound"
    yield f"{settings.home}: {state}. {report.records:,} records, {report.files:,} files, {report.size:,} bytes."
    yield f"Head: {report.head}"


def _some(names: tuple[str, ...]) -> str:
    more = f", … and {len(names) - LISTED:,} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more


def _is_known(expect: str, found: Any) -> bool:
    """Whether the hash is that of a line of the list of heads, or of the list before its first line."""
    from esep.records.heads import first_hash

    if found is None or found.faults:
        return False
    return expect in {line.hash for line in found.lines} or bool(
        found.beginning and expect == first_hash(found.beginning)
    )
