"""Sentences about a filing that pages and commands share: its events, the places of its faults."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from esep.forms.phrases import is_table_name
from esep.texts import has, text
from esep.texts.numbers import day, moment

CHANNELS = ("smtp", "information_system", "email", "post", "in_person")


def event_words(kind: str, data: Mapping[str, Any], language: str) -> str:
    """What an event of archive or journal says, without its reason; an unknown kind is told by its name."""
    key = f"filing.event_{kind}"
    if not has(key):
        return kind
    return text(
        key,
        language,
        letter=data.get("letter_no") or "–",
        rule=data.get("rule_id") or "–",
        until=_day(data.get("until"), language),
        detected=_day(data.get("detected_on"), language),
        channel=channel_words(data.get("channel"), language),
        sent=_moment(data.get("sent_at"), language),
        name=data.get("source_name") or "–",
    )


def channel_words(channel: str | None, language: str) -> str:
    """How a letter was sent; an unknown channel by its own name."""
    return text(f"filing.channel_{channel}", language) if channel in CHANNELS else channel or "–"


def place_words(
    language: str, *, file: str | None, sheet: str | None, row: int | None, column_no: str | None, cell: str | None
) -> str:
    """File, sheet, cell or row, and column of the form, as far as they are known; else the package as a whole."""
    parts = [file] if file else []
    if sheet:
        parts.append(sheet if is_table_name(sheet) else text("filing.place_sheet", language, sheet=sheet))
    if cell:
        parts.append(text("filing.place_cell", language, cell=cell))
    elif row is not None:
        parts.append(text("filing.place_row", language, row=row))
    if column_no:
        parts.append(text("filing.place_column", language, column=column_no))
    return ", ".join(parts) or text("filing.place_package", language)


def _day(value: object, language: str) -> str:
    try:
        return day(date.fromisoformat(str(value)), language)
    except ValueError:
        return "–"


def _moment(value: object, language: str) -> str:
    try:
        return moment(datetime.fromisoformat(str(value)), language)
    except ValueError:
        return "–"
