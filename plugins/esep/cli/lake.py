"""`bin/esep lake`: the folder of Parquet files that others open."""

from __future__ import annotations

from collections.abc import Iterator

import click

from esep.cli.common import Answer, answering, fields_of, progress, settings_from_environment

DONE, LEFT = 0, 1
"""Exit codes, beside UNUSABLE."""


@click.group()
def lake() -> None:
    """Look after the lake, the folder of Parquet files."""


@lake.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@answering
def move(*, dry_run: bool) -> Answer:
    """Move a lake from before, with folders period=…, to the folders month=… that other programs open as they are.

    Byte for byte, each hash proved before and after; figures and snapshot stay as they are. A run that was killed is
    gone on with by the next, and where all is moved nothing is done. Loads wait meanwhile.

    \b
    Exit code: 0 all files are where they belong, 1 some are left (each is named with what to do), 2 not possible.
    Examples:  bin/esep lake move --dry-run
               bin/esep lake move
    """
    from esep.warehouse import lake_move

    settings = settings_from_environment()
    with progress("Moving") as bar:
        task = bar.add_task("files", total=None)
        report = lake_move.move(
            settings,
            is_trial=dry_run,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    plain = {
        "dry_run": dry_run,
        **fields_of(report, "moved", "doubles"),
        "left": [fields_of(one, "path", "why") for one in report.left],
    }

    def lines() -> Iterator[str]:
        for one in report.left:
            yield f"lake/{one.path}: {one.why}."
        would = " would be" if dry_run else ""
        yield f"{settings.lake}: {len(report.moved):,} files{would} moved, {len(report.left):,} left where they were."
        if report.doubles:
            yield f"{len(report.doubles):,} were at the new place already; the older copies{would} removed."

    return Answer(plain, lines, LEFT if report.left else DONE)
