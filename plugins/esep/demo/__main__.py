"""`python -m esep.demo [--home DIR]`: a made-up office, run through Airflow, compared with its expected figures.

Exit codes: 0 the published figures are the expected ones; 1 they differ, or a task failed; 2 it could not be run.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from esep import files
from esep.cli.common import progress
from esep.config import PROJECT, ConfigurationError, Settings
from esep.demo.generate import SEED, Demo, NotADemoHomeError, fresh_home, generate

DEFAULT_HOME = PROJECT / "var" / "demo"


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m esep.demo", description=__doc__)
    parser.add_argument("--home", type=Path, default=DEFAULT_HOME, help="folder of the demo, made anew (var/demo)")
    parser.add_argument("--seed", type=int, default=SEED, help=f"seed of the made-up data ({SEED})")
    parser.add_argument("--only-generate", action="store_true", help="write the packages and stop there")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    console = Console(width=None if sys.stdout.isatty() else 100)
    options = _arguments(arguments)
    started = time.monotonic()
    os.umask(files.UMASK)
    try:
        home = fresh_home(options.home)
        # Nobody else writes into this inbox, so there is nothing to wait for.
        settings = replace(Settings.from_environment(), home=home, inbox_settle_seconds=0.0)
        demo = _generate(home, options.seed)
    except (NotADemoHomeError, ConfigurationError, OSError) as error:
        console.print(f"[bold red]Cannot run the demo:[/] {escape(str(error))}", soft_wrap=True)
        return 2
    _print_plan(demo, home, console)
    if options.only_generate:
        return 0
    code = _run_and_compare(settings, demo, console)
    console.print(f"\nThe demo took {time.monotonic() - started:.0f} s.")
    return code


def _generate(home: Path, seed: int) -> Demo:
    with progress("Writing made-up filings") as bar:
        task = bar.add_task("packages", total=None)
        return generate(home, seed, progress=lambda done, total: bar.update(task, completed=done, total=total))


def _print_plan(demo: Demo, home: Path, console: Console) -> None:
    rows = sum(len(entry.package.rows) for entry in demo.ledger.entries)
    console.print(
        f"Made up {len(demo.plan.packages):,} packages of {len(demo.plan.pools)} fictional pools "
        f"with {rows:,} distributions, in {escape(str(home))}/inbox",
        soft_wrap=True,
        highlight=False,
    )


def _run_and_compare(settings: Settings, demo: Demo, console: Console) -> int:
    from esep.demo import officer, summary
    from esep.demo.expected import compare
    from esep.orchestration.run import RunError, drain
    from esep.orchestration.run_report import print_report

    try:
        officer.confirm_silences(settings, demo.plan)
        report = drain(settings, console, supervised=officer.supervised(demo.plan))
        officer.dispatch_letters(settings)
    except RunError as error:
        console.print(f"[bold red]Cannot run the DAGs:[/] {escape(str(error))}", soft_wrap=True)
        return 2
    if not report.ok or report.left or report.snapshot is None:
        print_report(report, settings, console)
        return 1
    console.print(
        f"Airflow ran intake, warehouse and supervision in {report.seconds:.0f} s: "
        f"{len(report.registered):,} filings registered, {len(report.accepted):,} complete, "
        f"{len(report.refused):,} refused as incomplete, {len(report.waiting):,} waiting for an officer, "
        f"{len(report.duplicates):,} duplicates.",
        highlight=False,
    )
    summary.print_tables(settings, (*summary.FIGURES, *summary.PROCEDURE), console)
    comparison = compare(settings)
    summary.print_comparison(comparison, console)
    summary.print_places(settings, console)
    return 0 if comparison.agrees else 1


if __name__ == "__main__":
    sys.exit(main())
