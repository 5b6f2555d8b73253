"""`bin/esep check`: the same examination for a filer, before anything is registered."""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from esep.config import Settings
from esep.examination.examine import examine
from esep.examination.model import Examination
from esep.examination.register import pools_of
from esep.office import storage
from esep.office.stamp import STAMP
from esep.office.storage import LONGEST_KEPT, Contents, scan


def check_path(path: Path, settings: Settings, now: datetime) -> Examination:
    """Examine a package (a folder, a .zip or a lone file) without registering it; leaves nothing behind.

    Raises FileNotFoundError if there is no such path, and OSError if it cannot be read or holds no file.
    """
    if not path.exists():
        raise FileNotFoundError(f"there is no such file or folder: {path}. Give the path of a package.")
    if not path.is_dir() and not path.is_file():
        raise OSError(f"neither a file nor a folder: {path}")
    contents = scan(path, LONGEST_KEPT) if path.is_dir() else None
    if contents and not any(file.path != STAMP for file in contents.files):
        raise OSError(f"the folder holds no file: {path}. Put the application, form 1-ЦМ and the signature into it.")
    folder = Path(tempfile.mkdtemp(prefix="esep-check-"))
    try:
        package = folder / "package"
        package.mkdir()
        if contents:
            _copy(contents, path, package)
        else:
            shutil.copyfile(path, package / path.name)
        return examine(package, settings, pools_of(settings), now)
    finally:
        storage.remove(folder)


def _copy(contents: Contents, source: Path, target: Path) -> None:
    """Folders, files and links as they are, but for the stamp; devices and the like are left out."""
    for relative in contents.folders:
        (target / relative).mkdir()
    for file in contents.files:
        if file.path != STAMP:
            shutil.copyfile(source / file.path, target / file.path)
    for relative, _ in contents.others:
        if (source / relative).is_symlink():
            (target / relative).symlink_to((source / relative).readlink())
