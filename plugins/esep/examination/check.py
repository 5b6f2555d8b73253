"""`bin/esep check`: the same examination for a filer, before anything is registered."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from esep.config import Settings
from esep.examination.examine import examine
from esep.examination.model import Examination
from esep.examination.register import pools_of

STAMP = "office.json"
"""The office's stamp: never part of a package."""


def check_path(path: Path, settings: Settings, now: datetime) -> Examination:
    """Examine a package (a folder, a .zip or a lone file) without registering it; leaves nothing behind.

    Raises FileNotFoundError if there is no such path, and OSError if it cannot be read or holds no file.
    """
    if not path.exists():
        raise FileNotFoundError(f"there is no such file or folder: {path}. Give the path of a package.")
    if not path.is_dir() and not path.is_file():
        raise OSError(f"neither a file nor a folder: {path}")
    if path.is_dir() and not any(item.is_file() for item in path.rglob("*") if item != path / STAMP):
        raise OSError(f"the folder holds no file: {path}. Put the application, form 1-ЦМ and the signature into it.")
    with tempfile.TemporaryDirectory(prefix="esep-check-") as folder:
        package = Path(folder) / "package"
        if path.is_dir():
            shutil.copytree(path, package, symlinks=True, ignore=_stamp_of(path))
        else:
            package.mkdir()
            shutil.copyfile(path, package / path.name)
        return examine(package, settings, pools_of(settings), now)


def _stamp_of(top: Path) -> Callable[[str, list[str]], list[str]]:
    def ignored(folder: str, names: list[str]) -> list[str]:
        return [STAMP] if Path(folder) == top and STAMP in names else []

    return ignored
