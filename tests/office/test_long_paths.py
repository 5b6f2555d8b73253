"""A package whose paths the archive cannot take waits in the inbox, with the true reason and what to do."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from pathlib import Path

from esep import clock
from esep.answers import office_state
from esep.config import Settings
from esep.texts import LANGUAGES, text


def test_a_path_that_is_too_long_is_told_as_that(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, inbox_settle_seconds=0)
    settings.inbox.mkdir(parents=True)
    with ExitStack() as open_folders:
        parent = os.open(settings.inbox, os.O_RDONLY)
        open_folders.callback(os.close, parent)
        for name in ("package", *["d" * 200] * 20):  # step by step, because the path as a whole is too long to name
            os.mkdir(name, dir_fd=parent)
            parent = os.open(name, os.O_RDONLY, dir_fd=parent)
            open_folders.callback(os.close, parent)
        os.close(os.open("1-ЦМ.xlsx", os.O_CREAT, dir_fd=parent))
    try:
        found = office_state.inbox_of(settings, clock.now())
    finally:
        shutil.rmtree(settings.inbox)  # pytest's own removal goes by whole paths
    [item] = found.attention
    assert (item.name, item.cause) == ("package", "path_too_long")
    for language in LANGUAGES:
        assert ".zip" in text(f"status.cause_{item.cause}", language)
