"""lake/manifest.parquet: which files of the lake count, for engines that read the lake without the warehouse.

The load writes it anew whenever something new was examined. It lies beside the folders of the tables, so that each can
be opened as it is. Who reads the lake by it asks `files_of`, which never gives a file too few or too many.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path, PurePosixPath

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from esep.config import Settings
from esep.lake import files as lake_files
from esep.lake import places
from esep.lake.schema import MANIFEST
from esep.records import append, seal

NAME = PurePosixPath("manifest.parquet")
SHOWN = 20
"""Files that an error names."""
_HIDDEN = (".", "_")
"""What readers of a folder leave out begins with one of these."""


class ManifestError(RuntimeError):
    """The manifest and the lake do not agree, or there is no manifest; the text names the files and what to do."""


class Which(StrEnum):
    """Of which examinations the files are asked for."""

    LATEST = "latest"
    """The latest of each filing, refused ones too."""
    IN_FORCE = "in_force"
    """Of each pool and month the one in force."""
    ALL = "all"
    """Earlier ones too, but for those that were given up."""


def files_of(settings: Settings, relation: str, which: Which = Which.LATEST) -> dict[str, tuple[Path, ...]]:
    """The files of a table of the lake by month, as the key of their folder has it (`2025-03`, `unknown`), in order.

    Raises ManifestError for a file that is gone, for one in the table's folder that no verdict names, and where there
    is no manifest to go by. What was examined since the manifest was made is the next load's and in none of the files.
    """
    rows = read(settings)
    rows = rows.filter(pc.equal(rows["relation"], relation))
    _require_same(settings, set(rows["path"].to_pylist()), _there(settings.lake, relation))
    if which is not Which.ALL:
        rows = rows.filter(rows["is_latest" if which is Which.LATEST else "in_force"])
    found: dict[str, list[Path]] = {}
    for month, path in sorted(zip(rows["month"].to_pylist(), rows["path"].to_pylist(), strict=True)):
        found.setdefault(month, []).append(settings.lake / path)
    return {month: tuple(paths) for month, paths in found.items()}


def read(settings: Settings) -> pa.Table:
    """All rows of the manifest. Raises ManifestError where there is none, or none that can be read."""
    path = path_of(settings)
    try:
        return pq.ParquetFile(path, page_checksum_verification=True).read()
    except FileNotFoundError:
        raise ManifestError(f"{path}: the lake has no manifest. The next load writes it: make run.") from None
    except (OSError, pa.ArrowException) as error:
        raise ManifestError(
            f"{path}: it cannot be read ({error}). Delete it; the next load writes it anew: make run."
        ) from error


def path_of(settings: Settings) -> Path:
    return settings.lake / NAME


def write(settings: Settings, recorded: pa.Table) -> None:
    """Put the manifest in place: rows with the columns of MANIFEST, their paths as the verdicts have them."""
    place = recorded.column_names.index("path")
    found = _found(settings.lake, recorded["path"])
    lake_files.write(settings, MANIFEST, recorded.set_column(place, "path", found), NAME)


def follow(settings: Settings) -> None:
    """Let the paths of a manifest that is there follow files that were moved."""
    if path_of(settings).exists():
        rows = read(settings)
        if not rows["path"].equals(_found(settings.lake, rows["path"])):
            write(settings, rows)


def _found(lake: Path, recorded: pa.ChunkedArray) -> pa.ChunkedArray:
    """Where the files are: under today's key, but for those that still lie under the older one."""
    of_today = pc.replace_substring(recorded, f"/{places.OLDER_KEY}=", f"/{places.KEY}=", max_replacements=1)
    return pc.if_else(pc.is_in(recorded, pa.array(places.older(lake), pa.string())), recorded, of_today)


def _there(lake: Path, relation: str) -> set[str]:
    """All files below a table's folder that a reader would open, relative to the lake."""
    found = set()
    for folder, folders, names in os.walk(lake / relation, followlinks=True):
        folders[:] = [name for name in folders if not name.startswith(_HIDDEN)]
        below = PurePosixPath(Path(folder).relative_to(lake))
        found |= {str(below / name) for name in names if not name.startswith(_HIDDEN)}
    return found


def _require_same(settings: Settings, listed: set[str], there: set[str]) -> None:
    """Raise ManifestError unless the files of a table are those of the manifest, or are named by a newer verdict."""
    missing = sorted(listed - there)
    if missing:
        raise ManifestError(
            f"{_some(settings, missing)}: the manifest of the lake names it, and it is gone. bin/esep verify says what "
            "is damaged and how it is put right."
        )
    unlisted = sorted(there - listed)
    if not unlisted:
        return
    with append.adding(settings.home):  # an examination places its files and its verdict under this lock
        strays = [path for path in unlisted if not _is_named(settings, path)]
    if strays:
        raise ManifestError(
            f"{_some(settings, strays)}: it is in a folder of the lake and no verdict names it. It counts for nothing, "
            "but whoever opens the folder reads it. An examination that was killed leaves such a file until it is made "
            "again (make run); move any other away."
        )


def _is_named(settings: Settings, path: str) -> bool:
    """Whether a verdict names a file of the lake."""
    number = PurePosixPath(path).name.split(".", 1)[0]
    verdicts = (settings.archive / number[:4] / number).glob("verdict*.json")
    return any(places.of_today(path) in map(places.of_today, seal.read(verdict)["lake"]) for verdict in verdicts)


def _some(settings: Settings, paths: Iterable[str]) -> str:
    named = [str(settings.lake / path) for path in paths]
    more = f" and {len(named) - SHOWN} more" if len(named) > SHOWN else ""
    return ", ".join(named[:SHOWN]) + more
