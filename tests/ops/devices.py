"""Folders as devices of their own: renames and links between them fail as rename(2) and link(2) say."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TOP = (
    "inbox",
    "archive",
    "journal",
    "lake",
    "reference",
    "warehouse",
    "public",
    "outbox",
    "reports",
    ".locks",
    ".secrets",
    ".failures",
)
DEEPER = (
    "archive/2024",
    "archive/2025",
    "lake/distribution",
    "lake/filing",
    "lake/finding",
    "reference/accepted",
    "reports/statement",
    "reports/quality",
    "reports/statement/2025",
    "warehouse/.work",
)


class Devices:
    """What is mounted where, and what was refused because of it."""

    def __init__(self, roots: list[Path], *, links: bool) -> None:
        self._roots = sorted(map(str, roots), key=len, reverse=True)
        self._links = links
        self.refused: list[str] = []

    def device_of(self, path: Any) -> str:
        place = self._place(path)
        return next((root for root in self._roots if place == root or place.startswith(f"{root}/")), "")

    def _place(self, path: Any) -> str:
        """Where the name itself lies: links of its folders are followed, the last one is not."""
        asked = Path(os.fsdecode(path))
        return str(asked.parent.resolve() / asked.name)

    def guarded(self, act: Callable[..., None], *, links: bool) -> Callable[..., None]:
        def guard(source: Any, target: Any, **kwargs: Any) -> None:
            code = None
            if {self._place(source), self._place(target)} & set(self._roots):
                code = errno.EBUSY
            elif self.device_of(source) != self.device_of(target):
                code = errno.EXDEV
            elif links and not self._links:
                code = errno.EPERM
            if code is not None:
                self.refused.append(f"{source} → {target}")
                raise OSError(code, os.strerror(code), os.fsdecode(source), None, os.fsdecode(target))
            act(source, target, **kwargs)

        return guard


def mount(monkeypatch: pytest.MonkeyPatch, roots: list[Path], *, links: bool = True) -> Devices:
    """Make each of `roots` a device of its own from now on; without `links` none of them has hard links."""
    devices = Devices(roots, links=links)
    for name in ("rename", "replace", "link"):
        monkeypatch.setattr(os, name, devices.guarded(getattr(os, name), links=name == "link"))
    return devices
