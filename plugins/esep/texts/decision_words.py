"""What a decision says in words: the fields of a run of the DAG `decision`, and the row of the law that it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from esep.texts import NAMES, has, text
from esep.texts.numbers import day, moment, month, percent
from esep.texts.words import answer_words, channel_words, question_words


def field_words(name: str, value: str, language: str) -> str:
    """The value of a field of a decision; one that is not of its field's form is given as it is."""
    try:
        return _FIELDS[name](value, language) if name in _FIELDS else value
    except ValueError:
        return value


def row_words(key: str, language: str) -> str:
    """A row of a table of the law by its key (`office.confirmations.key_of`): what it is of, and since which day."""
    first, *parts = key.split("|")
    since = text("state.reading_since", language, day=day(date.fromisoformat(first), language))
    return ", ".join([*(_part_words(part, language) for part in parts), since])


def content_words(content: Mapping[str, str | None], language: str) -> list[tuple[str, str, str]]:
    """What a row of a table of the law says beside its key: label, value and the value's language, column by column."""
    said = []
    for column, value in content.items():
        own_language = column.removeprefix("text_")
        if value is None:
            continue
        if own_language in NAMES:
            said.append((NAMES[own_language], value, own_language))
        elif has(f"state.reading_column_{column}"):
            words = _COLUMNS[column](value, language) if column in _COLUMNS else value
            said.append((text(f"state.reading_column_{column}", language), words, _WRITTEN_IN.get(column, language)))
    return said


def _part_words(part: str, language: str) -> str:
    """A role or a time limit of the office; another by its own name."""
    known = (f"state.reading_of_{part}", f"state.role_{part}")
    return next((text(key, language) for key in known if has(key)), part)


def _decision(value: str, language: str) -> str:
    key = f"state.decision_{value}"
    return text(key, language) if has(key) else value


def _table(value: str, language: str) -> str:
    key = f"state.reading_{value}"
    return text(key, language) if has(key) else value


def _question(value: str, language: str) -> str:
    kind, _, about = value.partition("/")
    return f"{question_words(kind, language)} {about}".strip()


_COLUMNS: Mapping[str, Callable[[str, str], str]] = {
    "share": lambda value, language: percent(Decimal(value), language, decimals=0),
    "valid_to": lambda value, language: day(date.fromisoformat(value), language),
}
_WRITTEN_IN = {"venue": "en", "source": "en"}
"""Columns whose texts the tables of the law have in one language."""
_FIELDS: Mapping[str, Callable[[str, str], str]] = {
    "decision": _decision,
    "table": _table,
    "key": row_words,
    "question": _question,
    "answer": answer_words,
    "channel": channel_words,
    "period": lambda value, language: month(date.fromisoformat(value), language),
    "until": lambda value, language: day(date.fromisoformat(value), language),
    "confirmed_on": lambda value, language: day(date.fromisoformat(value), language),
    "sent_at": lambda value, language: moment(datetime.fromisoformat(value), language),
}
