"""The folder of a demo: made anew at each run, and never mistaken for an office's own home."""

from __future__ import annotations

import shutil
from pathlib import Path

MARKER = ".esep-demo"


class NotADemoHomeError(ValueError):
    """The folder holds something that the demo did not put there; nothing was deleted."""


def fresh_home(home: Path) -> Path:
    """An empty demo home at that path; what an earlier demo left there is deleted.

    Raises NotADemoHomeError if the folder holds anything and is not marked as a demo's.
    """
    home = home.expanduser().resolve()
    marker = home / MARKER
    if home.is_dir() and any(home.iterdir()) and not marker.is_file():
        raise NotADemoHomeError(
            f"{home} is not empty and was not made by the demo, so it is left as it is. "
            "Choose another folder: python -m esep.demo --home DIR"
        )
    if home.exists() and not home.is_dir():
        raise NotADemoHomeError(f"{home} is a file. Choose a folder: python -m esep.demo --home DIR")
    if home.is_dir():
        for item in home.iterdir():
            # The marker goes last: a demo that is killed here leaves a folder that the next one still knows.
            if item.name == MARKER:
                continue
            if item.is_dir() and not item.is_symlink():
                shutil.rmtree(item)
            else:
                item.unlink()
    home.mkdir(parents=True, exist_ok=True)
    marker.write_text("Made by the demo of Esep; the next demo deletes everything in this folder.\n", encoding="utf-8")
    return home
