"""Messages that are still to be sent: one file each in `$ESEP_HOME/.alarms/waiting/`, gone once every channel has it.

A message is written before anything is tried, so a kill or a server that is down delays it and loses nothing. A kill
between a server's answer and the note of it sends a message once more, under the same id.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from filelock import Timeout

from esep import files
from esep.alarm.message import Message
from esep.config import Settings

log = logging.getLogger(__name__)

FOLDER = ".alarms"
AGAIN = timedelta(minutes=15)
"""A message that could not be sent is tried again after this time, at the next step of any DAG."""
AT_ONCE = 20
"""Messages tried in one go: a step's process has 20 seconds for everything that comes after its work."""

Channels = Mapping[str, Callable[[Message], None]]
"""By name, what sends a message; it raises where it cannot."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A message with the channels that have not got it yet."""

    path: Path
    message: Message
    left: tuple[str, ...]
    kept_at: datetime
    tried_at: datetime | None
    fault: str
    """Why the last attempt failed; empty before the first."""


def folder(settings: Settings) -> Path:
    return settings.home / FOLDER


def keep(settings: Settings, message: Message, channels: Sequence[str], now: datetime) -> None:
    """Put the message down for these channels; one of the same id is put in its place."""
    path = _waiting(settings) / f"{now:%Y%m%dT%H%M%S}-{message.id}.json"
    for same in _waiting(settings).glob(f"*-{message.id}.json"):
        path = same
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(Kept(path, message, tuple(channels), now, None, ""))


def waiting(settings: Settings) -> list[Kept]:
    """What is still to be sent, the oldest first; a file that cannot be read is none."""
    return list(_read(settings))


def send(settings: Settings, channels: Channels, now: datetime, *, all_of_them: bool = False) -> tuple[int, int]:
    """Send what has not been tried lately, or everything; how many messages went out whole, and how many are left.

    One process sends at a time; another leaves its messages to the next step. A channel that failed is not asked again
    in this go.
    """
    if not any(True for _ in _waiting(settings).glob("*.json")):
        return 0, 0
    try:
        with files.lock(settings.locks / "alarm_sending.lock").acquire(timeout=0):
            return _send(settings, channels, now, all_of_them)
    except Timeout:
        return 0, len(waiting(settings))


def _send(settings: Settings, channels: Channels, now: datetime, all_of_them: bool) -> tuple[int, int]:
    found = waiting(settings)
    due = [one for one in found if all_of_them or one.tried_at is None or now - one.tried_at >= AGAIN]
    down: dict[str, str] = {}
    sent = 0
    for one in due[: None if all_of_them else AT_ONCE]:
        left = [name for name in one.left if name in channels]
        for name in tuple(left):
            if name in down:
                continue
            try:
                channels[name](one.message)
            except Exception as error:
                down[name] = f"{name}: {error or type(error).__name__}"
                log.warning("%s could not be sent and is kept (%s)", one.message.subject, down[name])
                continue
            left.remove(name)
            log.info("%s sent by %s", one.message.subject, name)
            _write(replace(one, left=tuple(left), tried_at=now, fault=""))
        if left:
            _write(replace(one, left=tuple(left), tried_at=now, fault="; ".join(down.get(name, "") for name in left)))
        else:
            one.path.unlink(missing_ok=True)
            sent += 1
    return sent, len(found) - sent


def _waiting(settings: Settings) -> Path:
    return folder(settings) / "waiting"


def _read(settings: Settings) -> Iterator[Kept]:
    for path in sorted(_waiting(settings).glob("*.json")):
        with suppress(OSError, KeyError, TypeError, ValueError):
            value: dict[str, Any] = files.read_json(path)
            tried = value["tried_at"]
            yield Kept(
                path,
                Message(**value["message"]),
                tuple(value["left"]),
                datetime.fromisoformat(value["kept_at"]),
                datetime.fromisoformat(tried) if tried else None,
                str(value["fault"]),
            )


def _write(one: Kept) -> None:
    files.write_json(
        one.path,
        {
            "message": asdict(one.message),
            "left": list(one.left),
            "kept_at": one.kept_at.isoformat(),
            "tried_at": one.tried_at.isoformat() if one.tried_at else None,
            "fault": one.fault,
        },
    )
