"""The office's stamp on a package, office.json: what it may say, and what of it can be relied upon.

It has the incoming number, the moment of arrival, the day on which the data changed, and whether the package is loaded
as history; whoever lets Esep write it is named in it, too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from esep import clock, files
from esep.clock import TIMEZONE
from esep.file_names import to_text

STAMP = "office.json"
"""The stamp at the top of a folder package; `<name>.office.json` beside a zip or a lone file."""
LETTER = "office.eml"
"""At the top of a folder package the letter with which it came by mail, byte for byte."""
OFFICE = frozenset({STAMP, LETTER})
"""What at the top of a folder package is the office's: not the filer's, and no part of the package's identity."""
LARGEST = 64 * 1024
"""A stamp holds four short values; anything beyond this many bytes is something else."""
TOLERANCE = timedelta(minutes=5)
"""The stamping machine's clock may run this much ahead of ours."""
EARLIEST = date(2023, 1, 1)
"""The order is of 26.04.2023: nothing can have arrived under it before that year."""

Value = TypeVar("Value")


class StampFault(StrEnum):
    """What can be wrong with a stamp."""

    TOO_LARGE = "too_large"
    NOT_JSON = "not_json"
    NO_OBJECT = "no_object"
    INCOMING_NO = "incoming_no"
    """It is no text."""
    RECEIVED_AT = "received_at"
    """It is no moment."""
    RECEIVED_LATER = "received_later"
    """It is in the future."""
    RECEIVED_BEFORE_ORDER = "received_before_order"
    CHANGE_DATE = "change_date"
    """It is no day."""
    CHANGE_DATE_OUTSIDE = "change_date_outside"
    """It is before the order, or after the day of arrival."""
    HISTORY = "history"
    """It is neither true nor false."""
    HISTORY_WITHOUT_ARRIVAL = "history_without_arrival"


@dataclass(frozen=True, slots=True)
class Stamp:
    """A stamp as far as it can be relied upon; `error` names the fields that are not used, and why.

    Without a moment of arrival that can be used nothing of it is: the filing counts as unstamped.
    `given` is the JSON value as written (None if it is no JSON); `text` is the file as written, for the log.
    """

    sha256: str
    given: Any = None
    text: str = ""
    incoming_no: str | None = None
    received_at: datetime | None = None
    change_date: date | None = None
    history: bool | None = None
    """Whether the package is loaded as history; None where the stamp does not say."""
    error: str | None = None
    faults: tuple[StampFault, ...] = ()
    """The same by code, for whoever says it in words of his own."""


class StampError(ValueError):
    """What is wrong with a stamp and what to do, in one sentence."""

    def __init__(self, fault: StampFault, words: str) -> None:
        super().__init__(words)
        self.fault = fault


def read_stamp(path: Path, now: datetime) -> Stamp:
    """The stamp in that file, with `error` given instead of raised. Raises OSError if the file cannot be read."""
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
        digest = hashlib.sha256(content)
        for piece in iter(lambda: file.read(1024 * 1024), b""):
            digest.update(piece)
    return _judged(path.name, content, digest.hexdigest(), now)


def written_stamp(values: Mapping[str, object]) -> bytes:
    """The file of a stamp with these values: the schema's, and who or what wrote it. Empty ones are left out."""
    kept = {name: value for name, value in values.items() if value not in (None, "", False)}
    return files.as_json(kept).encode()


def stamp_of(content: bytes, now: datetime) -> Stamp:
    """The stamp in these bytes, as `read_stamp` gives it."""
    return _judged(STAMP, content, hashlib.sha256(content).hexdigest(), now)


def _judged(name: str, content: bytes, sha256: str, now: datetime) -> Stamp:
    stamp = Stamp(sha256, text=content[:LARGEST].decode("utf-8", "backslashreplace"))
    given = None
    try:
        if len(content) > LARGEST:
            raise StampError(StampFault.TOO_LARGE, f"is larger than {LARGEST} bytes and so no stamp")
        given = _json(content)
        if not isinstance(given, dict):
            raise StampError(
                StampFault.NO_OBJECT,
                'holds no JSON object {"incoming_no": …, "received_at": …, "change_date": …, "history": …}',
            )
        received_at = _received_at(given.get("received_at"), now)
    except StampError as error:
        words = f"{error}; the moment of registration is used instead"
        return Stamp(sha256, given, stamp.text, error=_remark(name, [words]), faults=(error.fault,))
    faults: list[StampError] = []
    incoming_no = _or_left_out(faults, lambda: _incoming_no(given.get("incoming_no")))
    change_date = _or_left_out(faults, lambda: _change_date(given.get("change_date"), received_at or now))
    history = _or_left_out(faults, lambda: _history(given, received_at))
    remark = _remark(name, [f"{error}; it is left out" for error in faults]) if faults else None
    codes = tuple(error.fault for error in faults)
    return Stamp(sha256, given, stamp.text, incoming_no, received_at, change_date, history, remark, codes)


def _or_left_out(faults: list[StampError], field: Callable[[], Value]) -> Value | None:
    """A field of the stamp, or None and its fault: what is wrong with one field does not take the others along."""
    try:
        return field()
    except StampError as error:
        faults.append(error)
        return None


def _remark(name: str, faults: list[str]) -> str:
    return (
        f"{to_text(name)} {' and '.join(faults)}. "
        "Correct the stamp and inform whoever keeps the register: a receipt is never changed."
    )


def _json(content: bytes) -> Any:
    try:
        value = json.loads(content)
        # Python reads more than it may write: NaN, 1e999 and halves of surrogate pairs cannot go into the receipt.
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except json.JSONDecodeError as error:
        words = f"is not valid JSON (line {error.lineno}, column {error.colno})"
        raise StampError(StampFault.NOT_JSON, words) from None
    except (ValueError, RecursionError):
        raise StampError(StampFault.NOT_JSON, "is not valid JSON") from None
    return value


def _incoming_no(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise StampError(StampFault.INCOMING_NO, f'has incoming_no {_brief(value)}; text such as "ВХ-128" is expected')
    return value.strip() or None


def _received_at(value: Any, now: datetime) -> datetime | None:
    if value is None:
        return None
    expected = 'an ISO moment such as "2025-02-20T10:15:00+05:00" is expected'
    unreadable = StampError(StampFault.RECEIVED_AT, f"has received_at {_brief(value)}; {expected}")
    if not isinstance(value, str):
        raise unreadable
    try:
        local = clock.moment_of(value.strip())
    except ValueError:
        raise unreadable from None
    if local > now + TOLERANCE:
        words = f"has received_at {_brief(value)}, which is in the future of {now.isoformat()}"
        raise StampError(StampFault.RECEIVED_LATER, words)
    if local.date() < EARLIEST:
        words = f"has received_at {_brief(value)}, which is before the order of {EARLIEST.year}"
        raise StampError(StampFault.RECEIVED_BEFORE_ORDER, words)
    return local


def _change_date(value: Any, arrived_at: datetime) -> date | None:
    if value is None:
        return None
    try:
        day = date.fromisoformat(value.strip())
    except (AttributeError, ValueError):
        words = f'has change_date {_brief(value)}; an ISO day such as "2025-02-11" is expected'
        raise StampError(StampFault.CHANGE_DATE, words) from None
    if not EARLIEST <= day <= arrived_at.astimezone(TIMEZONE).date():
        words = f"has change_date {day}, which does not lie between {EARLIEST} and the day of arrival"
        raise StampError(StampFault.CHANGE_DATE_OUTSIDE, words)
    return day


def _history(given: dict[str, Any], received_at: datetime | None) -> bool | None:
    """Without its former moment of arrival a package arrives now, and the term of para 8 runs for it."""
    if "history" not in given:
        return None
    value = given["history"]
    if not isinstance(value, bool):
        written = json.dumps(value, ensure_ascii=False)[:100]
        raise StampError(StampFault.HISTORY, f"has history {written}; true or false is expected")
    if value and received_at is None:
        words = "has history true without received_at, the moment of the former receipt"
        raise StampError(StampFault.HISTORY_WITHOUT_ARRIVAL, words)
    return value


def _brief(value: object) -> str:
    return repr(value)[:100]
