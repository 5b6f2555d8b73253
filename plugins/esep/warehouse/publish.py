"""Publication: a copy of the working file takes the place of the snapshot in one step."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from esep import files
from esep.config import Settings
from esep.warehouse import revision, work
from esep.warehouse.errors import NotCheckedError


@dataclass(frozen=True, slots=True)
class PublishReport:
    published: bool
    """False when readers have the latest content already."""

    def __str__(self) -> str:
        return "published" if self.published else "nothing new to publish"


def publish(settings: Settings) -> PublishReport:
    """Publish what is new and checked; the snapshot is made again if it is missing or cannot be opened.

    Readers that have the old file open keep it; the next to open get the new one. Raises NotCheckedError when the
    working file changed since the checks last passed.
    """
    with work.locked(settings):
        if not work.file(settings).exists() or work.is_changed(settings):
            raise NotCheckedError(
                f"{work.file(settings)}: the warehouse has changes that no check has seen, so readers keep the last "
                "snapshot. Run the checks (`make run` runs all steps) and publish again."
            )
        files.remove_unfinished(settings.snapshot)
        if _can_be_opened(settings.snapshot) and not work.is_checked(settings):
            return PublishReport(published=False)
        with work.opened(settings) as connection:
            revision.record(settings, connection)
            connection.execute("force checkpoint")
        with files.replacing(settings.snapshot) as temporary:
            shutil.copyfile(work.file(settings), temporary)
        revision.confirm(settings)
        work.mark_published(settings)
        return PublishReport(published=True)


def _can_be_opened(snapshot: Path) -> bool:
    try:
        duckdb.connect(str(snapshot), read_only=True).close()
    except duckdb.Error:
        return False
    return True
