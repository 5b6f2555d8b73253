"""The office's stamp, office.json: incoming number, moment of arrival, day on which the data changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from esep.clock import TIMEZONE
from esep.file_names import to_text

STAMP = "office.json"
"""The stamp at the top of a folder package; `<name>.office.json` beside a zip or a lone file."""
LARGEST = 64 * 1024
"""A stamp holds three short values; anything beyond this many bytes is something else."""
TOLERANCE = timedelta(minutes=5)
"""The stamping machine's clock may run this much ahead of ours."""
EARLIEST = date(2023, 1, 1)
"""The order is of 26.04.2023: nothing can have arrived under it before that year."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A stamp as far as it can be relied upon; `error` tells which fields are not used, and why.

    Without a moment of arrival that can be used nothing of it is: the filing counts as unstamped.
    `given` is the JSON value as written (None if it is no JSON); `text` is the file as written, for the log.
    """

    sha256: str
    given: Any = None
    text: str = ""
    incoming_no: str | None = None
    received_at: datetime | None = None
    change_date: date | None = None
    error: str | None = None


class StampError(ValueError):
    """What is wrong with a stamp and what to do, in one sentence."""


def read(path: Path, now: datetime) -> Stamp:
    """The stamp in that file, with `error` told instead of raised. Raises OSError if the file cannot be read."""
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
        digest = hashlib.sha256(content)
        for piece in iter(lambda: file.read(1024 * 1024), b""):
            digest.update(piece)
    stamp = Stamp(digest.hexdigest(), text=content[:LARGEST].decode("utf-8", "backslashreplace"))
    given = None
    try:
        if len(content) > LARGEST:
            raise StampError(f"is larger than {LARGEST} bytes and so no stamp")
        given = _json(content)
        if not isinstance(given, dict):
            raise StampError('holds no JSON object {"incoming_no": …, "received_at": …, "change_date": …}')
        received_at = _received_at(given.get("received_at"), now)
    except StampError as error:
        fault = f"{error}; the moment of registration is used instead"
        return Stamp(stamp.sha256, given, stamp.text, error=_told(path, [fault]))
    faults: list[str] = []
    incoming_no = _or_left_out(faults, lambda: _incoming_no(given.get("incoming_no")))
    change_date = _or_left_out(faults, lambda: _change_date(given.get("change_date"), received_at or now))
    told = _told(path, faults) if faults else None
    return Stamp(stamp.sha256, given, stamp.text, incoming_no, received_at, change_date, told)


def _or_left_out(faults: list[str], field: Callable[[], Value]) -> Value | None:
    """A field of the stamp, or None and its fault: what is wrong with one field does not take the others along."""
    try:
        return field()
    except StampError as error:
        faults.append(f"{error}; it is left out")
        return None


def _told(path: Path, faults: list[str]) -> str:
    return (
        f"{to_text(path.name)} {' and '.join(faults)}. "
        "Correct the stamp and tell whoever keeps the register: a receipt is never changed."
    )


def _json(content: bytes) -> Any:
    try:
        value = json.loads(content)
        # Python reads more than it may write: NaN, 1e999 and halves of surrogate pairs cannot go into the receipt.
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except json.JSONDecodeError as error:
        raise StampError(f"is not valid JSON (line {error.lineno}, column {error.colno})") from None
    except (ValueError, RecursionError):
        raise StampError("is not valid JSON") from None
    return value


def _incoming_no(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise StampError(f'has incoming_no {_brief(value)}; text such as "ВХ-128" is expected')
    return value.strip() or None


def _received_at(value: Any, now: datetime) -> datetime | None:
    if value is None:
        return None
    expected = 'an ISO moment such as "2025-02-20T10:15:00+05:00" is expected'
    if not isinstance(value, str):
        raise StampError(f"has received_at {_brief(value)}; {expected}")
    try:
        moment = datetime.fromisoformat(value.strip())
        local = moment.replace(tzinfo=TIMEZONE) if moment.tzinfo is None else moment.astimezone(TIMEZONE)
    except (ValueError, OverflowError):
        raise StampError(f"has received_at {_brief(value)}; {expected}") from None
    if local > now + TOLERANCE:
        raise StampError(f"has received_at {_brief(value)}, which lies in the future of {now.isoformat()}")
    if local.date() < EARLIEST:
        raise StampError(f"has received_at {_brief(value)}, which lies before the order of {EARLIEST.year}")
    return local


def _change_date(value: Any, arrived_at: datetime) -> date | None:
    if value is None:
        return None
    try:
        day = date.fromisoformat(value.strip())
    except (AttributeError, ValueError):
        raise StampError(f'has change_date {_brief(value)}; an ISO day such as "2025-02-11" is expected') from None
    if not EARLIEST <= day <= arrived_at.astimezone(TIMEZONE).date():
        raise StampError(f"has change_date {day}, which does not lie between {EARLIEST} and the day of arrival")
    return day


def _brief(value: object) -> str:
    return repr(value)[:100]
