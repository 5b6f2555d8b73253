"""Events that belong to no filing, for example that a pool's silence was confirmed: `journal/`, written once."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from esep.config import Settings
from esep.office import events
from esep.office.events import Event


def append(settings: Settings, kind: str, moment: datetime, author: str, data: dict[str, Any]) -> Path:
    """Add an event; gives its file. Raises EventError for a bad kind or a naive moment."""
    return events.write(settings.journal, kind, moment, author, data)


def read(settings: Settings, kind: str | None = None) -> list[Event]:
    """The journal (of one kind of event), in order of the moments."""
    return events.read_all(settings.journal, kind)
