"""`bin/esep backup` and `bin/esep restore`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from esep import clock
from esep.cli.common import Answer, answering, progress, settings_from_environment

if TYPE_CHECKING:
    from esep.backup.restoring import Restored

DAMAGED = 1
"""Exit code of `backup` where something in it is not what was recorded."""
DIFFERENT = 1
"""Exit code of `restore` where the figures are not those of the time of the backup."""
_AGREES = {
    True: "The annual figures are those that were published at the time of the backup.",
    False: "The annual figures are NOT those that were published at the time of the backup: what arrived "
    "after that publication counts now, and so does a change of code. Compare before you go on.",
    None: "No figures were published at the time of the backup.",
}


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@answering
def backup(target: Path) -> Answer:
    """Write everything that cannot be made again into TARGET: a folder, or a file .tar.zst, .tar.gz or .tar.

    Archive, journal, lake, reference data, outbox, reports, the office's looks of letters (looks/), settled packages of
    the inbox, secrets. May run while the office works. Airflow's own database is no part of it: see docs/operating.md.

    \b
    Exit code: 0 written, 1 written, but files of the home are damaged: each is named; keep the older backups,
               2 it could not be written (nothing is left of it).
    Example:   bin/esep backup /backup/esep-2026-03-01.tar.zst
    """
    from esep.backup.saving import save

    settings = settings_from_environment()
    with progress("Keeping files") as bar:
        task = bar.add_task("files", total=None)
        saved = save(
            settings, target, clock.now(), lambda done, total, _: bar.update(task, completed=done, total=total)
        )
    damaged = [str(damage) for damage in saved.damages]
    counts = {"target": str(saved.target), "files": saved.files, "filings": saved.filings, "bytes": saved.size}
    lines = (
        f"{saved.filings:,} filings, {saved.files:,} files, {saved.size:,} bytes in {saved.target}",
        f"Head: {saved.head}",
        "It holds secrets and personal data: keep it where only you can read it.",
    )
    plain = counts | {"head": saved.head, "damaged": damaged}
    return Answer(plain, lambda: lines, DAMAGED if damaged else 0, warnings=damaged)


@click.command()
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path))
@click.argument("home", type=click.Path(path_type=Path))
@answering
def restore(source: Path, home: Path) -> Answer:
    """Restore the backup FILE into the empty folder HOME, check every file, and build the warehouse anew.

    HOME may be a disk, and so may the folders in it. Where this was interrupted, the same command goes on.

    \b
    Exit code: 0 restored, 1 restored, but the annual figures are not those that were published at the time of the
               backup, 2 nothing was restored, or the warehouse could not be built.
    Example:   bin/esep restore /backup/esep-2026-03-01.tar.zst /srv/esep
    """
    from esep.backup.restoring import restore as restore_backup

    settings = settings_from_environment()
    with progress("Restoring files") as bar:
        task = bar.add_task("files", total=None)
        restored = restore_backup(
            source,
            settings,
            home,
            clock.now(),
            lambda done, _: bar.update(task, completed=done),
            lambda place: bar.console.print(
                f"All files are in {place}; now the warehouse is built. If that is interrupted, the same command goes "
                "on.",
                markup=False,
                highlight=False,
                soft_wrap=True,
            ),
        )
    plain = {
        "home": str(restored.home),
        "files": restored.files,
        "filings": restored.filings,
        "made_at": restored.made_at,
        "figures": restored.figures,
        "figures_agree": restored.agrees,
    }
    return Answer(plain, lambda: _lines(restored), DIFFERENT if restored.agrees is False else 0)


def _lines(restored: Restored) -> Iterator[str]:
    yield f"{restored.filings:,} filings, {restored.files:,} files of {restored.made_at} in {restored.home}"
    yield restored.warehouse
    for row in restored.figures or []:
        yield (
            f"{row['year']} {row['role']}: {row['taxpayers']} taxpayers, {row['income_kzt']} KZT, "
            f"without a value: {row['unvalued_quantities']}"
        )
    yield _AGREES[restored.agrees]
