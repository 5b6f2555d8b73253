"""What all decisions of officers share: their errors, their answer, and that one is recorded at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from filelock import FileLock

from esep import clock
from esep.config import Settings
from esep.office.events import Event

LOCK = "decisions.lock"


class DecisionError(ValueError):
    """A decision that cannot be recorded; the text says what is wrong, where, and what to do."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The event that stands for a decision. `written` is False when the same decision was on record already."""

    event: Event
    written: bool


def stated(reason: str, author: str, at: datetime) -> tuple[str, str]:
    """Reason and author without blanks around; raises DecisionError where one is missing or the moment is naive."""
    reason, author = reason.strip(), author.strip()
    if not reason:
        raise DecisionError("The reason is empty. Say why: it stays on record with the decision.")
    if not author:
        raise DecisionError("The author is empty. Say who decides: the name stays on record with the decision.")
    if at.tzinfo is None:
        raise DecisionError(f"{at.isoformat()}: a moment needs its time zone, for example 2025-04-28T18:30:00+05:00")
    return reason, author


def is_same(event: Event, author: str, data: dict[str, Any]) -> bool:
    return event.author == author and event.data == data


def moment_words(moment: datetime) -> str:
    return f"{moment.astimezone(clock.TIMEZONE):%Y-%m-%d %H:%M}"


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """One decision at a time, so that two of the same find each other."""
    settings.locks.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.locks / LOCK):
        yield
