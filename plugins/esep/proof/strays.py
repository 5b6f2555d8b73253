"""Files that no record names: what kills left, and what others put there. They do not count, and do no harm."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from esep.file_names import to_text
from esep.office import archive
from esep.proof import looks
from esep.records import places
from esep.records.adopted import Adopted
from esep.records.heads import FOLDER, NAME

_FOLDERS = (places.ARCHIVE, places.JOURNAL, places.REFERENCE, "lake", FOLDER)
_MADE_ANEW = ("lake/manifest.parquet",)


def of(home: Path, known: Collection[str], was: Adopted) -> tuple[str, ...]:
    """Their paths relative to the home, in order. What is being registered now is none."""
    counted = {*known, *was.lists, NAME, *_MADE_ANEW}
    building = f"/{archive.STAGING}/"
    return tuple(
        to_text(seen.path)
        for folder in _FOLDERS
        for seen in looks.below(home, folder)
        if seen.path not in counted and building not in seen.path
    )
