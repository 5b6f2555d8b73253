"""Where the lake's files lie: what their folders are called, and where a file is now that a record names.

A verdict names its files by path and hash and is never rewritten. Lakes from before had another name in their folders:
such a file is still where it was, or where `bin/esep lake move` put it.
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

KEY = "month"
"""Hive key of the folders of a table. No column of the lake is called so: readers would mix both up."""
OLDER_KEY = "period"
"""The key in lakes from before; it is also a column, of another type."""
UNKNOWN = "unknown"
"""Value of the key where no month could be read."""
_ANY_KEY = re.compile(rf"/(?:{KEY}|{OLDER_KEY})=")


def found(lake: Path, recorded: str) -> str:
    """Where a file of a table is, relative to the lake: as recorded, else under the other key.

    What is at neither place is given as recorded, for whoever opens it to name it.
    """
    if (lake / recorded).is_file():
        return recorded
    other = _under(OLDER_KEY if f"/{KEY}=" in recorded else KEY, recorded)
    return other if (lake / other).is_file() else recorded


def of_today(recorded: str) -> str:
    """The path under today's key."""
    return _under(KEY, recorded)


def older_folders(lake: Path) -> list[Path]:
    """The folders of months under the older key; none in a lake that is made today, or was moved."""
    return sorted(lake.glob(f"*/{OLDER_KEY}=*/"))


def older(lake: Path) -> list[str]:
    """The files that still lie under the older key, relative to the lake, in order."""
    return sorted(path.relative_to(lake).as_posix() for folder in older_folders(lake) for path in folder.iterdir())


def remove_empty(lake: Path) -> None:
    """Remove the folders under the older key that hold nothing."""
    for folder in older_folders(lake):
        with suppress(OSError):
            folder.rmdir()


def _under(key: str, path: str) -> str:
    return _ANY_KEY.sub(f"/{key}=", path, count=1)
