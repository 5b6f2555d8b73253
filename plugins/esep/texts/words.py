"""Sentences that pages, letters and commands share: events of a filing, places of its faults, details of what is wrong.

A detail in words is the last step from a code and its values to a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from esep.detail import Detail
from esep.forms.phrases import is_table_name
from esep.texts import catalogue, has, text
from esep.texts.numbers import day, moment

_LETTER_FILE = re.compile(
    r"(?P<kind>receipt|refusal|request|notice|reminder|findings|workbook|status)"
    r"(?:-(?P<number>[0-9]+))?(?:-[A-Z]-[0-9]+)?\.(?P<form>[a-z]+)"
)
CHANNELS = ("smtp", "information_system", "email", "post", "in_person")


def event_words(kind: str, data: Mapping[str, Any], language: str) -> str:
    """What an event of archive or journal says, without its reason; an unknown kind is given by its name."""
    key = f"filing.event_{kind}"
    if not has(key):
        return kind
    stamp = data.get("stamp")
    if isinstance(stamp, Mapping) and stamp.get("handed_in_by") and has(f"{key}_by"):
        key = f"{key}_by"
    return text(key, language, **_event_values(data, language))


def event_kind_words(kind: str, language: str) -> str:
    """A kind of event by its sentence, with a gap where an event has values; an unknown kind by its name."""
    key = f"filing.event_{kind}"
    return text(key, language, **dict.fromkeys(_event_values({}, language), "…")) if has(key) else kind


def _event_values(data: Mapping[str, Any], language: str) -> dict[str, str]:
    stamp = data.get("stamp")
    return {
        "letter": data.get("letter_no") or "–",
        "rule": data.get("rule_id") or "–",
        "until": _day(data.get("until"), language),
        "detected": _day(data.get("detected_on"), language),
        "channel": channel_words(data.get("channel"), language),
        "sent": _moment(data.get("sent_at"), language),
        "name": data.get("source_name") or "–",
        "by": (stamp.get("handed_in_by") if isinstance(stamp, Mapping) else None) or "–",
        "bundle": data.get("bundle") or "–",
        "since": _day(data.get("since"), language),
        "question": question_words(data.get("question"), language),
        "answer": answer_words(data.get("answer"), language),
    }


def author_words(author: str, language: str) -> str:
    """Who recorded an event: a part of the system by what it does, a person by the name."""
    key = f"state.author_{author.removeprefix('esep.')}"
    return text(key, language) if author.startswith("esep.") and has(key) else author


def question_words(kind: str | None, language: str) -> str:
    """A kind of question; an unknown one by its own name."""
    key = f"state.question_{kind}"
    return text(key, language) if has(key) else kind or "–"


def answer_words(answer: str | None, language: str) -> str:
    """An officer's answer; an unknown one by its own name."""
    key = f"state.answer_{answer}"
    return text(key, language) if has(key) else answer or "–"


def channel_words(channel: str | None, language: str) -> str:
    """How a letter was sent; an unknown channel by its own name."""
    return text(f"filing.channel_{channel}", language) if channel in CHANNELS else channel or "–"


def letter_file_words(name: str, language: str) -> str:
    """What a file of the outbox is, and its form; another by its name."""
    found = _LETTER_FILE.fullmatch(name)
    if not found:
        return name
    kind = found["kind"] if has(f"filing.file_{found['kind']}") else "letter"
    number = f" ({found['number']})" if found["number"] else ""
    return f"{text(f'filing.file_{kind}', language)}{number}, {found['form'].upper()}"


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


_AREA = "detail."


def detail_words(detail: Detail, language: str) -> str:
    """The sentence of a detail; raises KeyError for a code that the catalogue does not have."""
    return text(f"detail.{detail.code}", language, **detail.values)


def found_words(found: str | None, detail: Detail | None, language: str, *, is_of_cell: bool = True) -> str | None:
    """What a finding found: a cell as written; of a file, what is wrong with it in words of the language.

    `is_of_cell`: whether the finding has a place inside a file. Findings recorded before there were codes hold the
    English sentence alone: one without values is known by the catalogue, another is shown as it is.
    """
    if detail is None and found is not None and not is_of_cell:
        detail = _sentences().get(found)
    return detail_words(detail, language) if detail else found


@cache
def _sentences() -> Mapping[str, Detail]:
    """English sentence without values → its detail: all that old records need, and no more (docs/decisions.md)."""
    words = {key.removeprefix(_AREA): by["en"] for key, by in catalogue().items() if key.startswith(_AREA)}
    return {
        sentence: Detail(code) for code, sentence in words.items() if isinstance(sentence, str) and "{" not in sentence
    }
