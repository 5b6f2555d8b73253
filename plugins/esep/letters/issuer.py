"""What every letter says of the office that issues it, and where its decision can be appealed.

The letterhead is the office's own file, `$ESEP_HOME/looks/letterhead.toml`: a table for each time that something in it
changes, each in Kazakh and Russian. A letter bears the one of its own day; the first holds for all days before it, too.
What is not set is empty, and the letter says that it is. The appeal is a row of `law/tables/appeal.csv`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from esep.config import Settings
from esep.law import tables
from esep.office.confirmations import Confirmation, confirmed, key_of
from esep.texts import LANGUAGES

FILE = "letterhead.toml"
LETTER_LANGUAGES = ("kk", "ru")
"""The languages of the procedure."""
APPEAL = "appeal"
_TABLE = "letterhead"
_FIRST = date.min


class LetterheadError(ValueError):
    """The file of the letterhead cannot be used; the text names it, what is wrong, and what to do."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose letter it is, in one language; what the office has not set is empty."""

    body: str = ""
    """Name of the issuing body."""
    address: str = ""
    contact: str = ""
    """Telephone, e-mail."""
    executor: str = ""
    """Who drew the letter up, with a telephone."""

    @property
    def gaps(self) -> tuple[str, ...]:
        """Names of what is not set."""
        return tuple(name for name in PARTS if not getattr(self, name))


PARTS = tuple(field.name for field in fields(Letterhead))


@dataclass(frozen=True, slots=True)
class Appeal:
    """Where and until when a decision can be appealed."""

    text: Mapping[str, str]
    """By language."""
    confirmation: Confirmation | None
    """None while the office has not confirmed the text."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """The letterhead by language, and the appeal in letters that name it, where a row of it is in force."""

    letterheads: Mapping[str, Letterhead]
    appeal: Appeal | None


def issuer_on(settings: Settings, day: date, *, appealed: bool) -> Issuer:
    """What a letter of that day bears; the appeal only where it is asked for. Raises LetterheadError, TableError."""
    return Issuer(letterheads(settings, day), appeal_on(settings, day) if appealed else None)


def path_of(settings: Settings) -> Path:
    return settings.looks / FILE


def letterheads(settings: Settings, day: date) -> dict[str, Letterhead]:
    """The letterhead of a day by language; raises LetterheadError for a file that cannot be used."""
    given = _read(path_of(settings))
    begun = [since for since in given if since <= day] or sorted(given)[:1]
    return given[max(begun)] if begun else {language: Letterhead() for language in LETTER_LANGUAGES}


def appeal_on(settings: Settings, day: date) -> Appeal | None:
    """The row in force on the day, and whether it was confirmed by then."""
    row = next((row for row in tables.read(APPEAL) if tables.in_force(row, day)), None)
    if row is None:
        return None
    texts = {language: row[f"text_{language}"] for language in LANGUAGES}
    return Appeal(texts, confirmed(settings, APPEAL, by=day).get(key_of(APPEAL, row)))


def _read(path: Path) -> dict[date, dict[str, Letterhead]]:
    """Letterheads by their first day; none where there is no file."""
    try:
        value = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise _fault(path, f"cannot be read as TOML ({error})") from None
    entries = value.get(_TABLE)
    if set(value) != {_TABLE} or not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise _fault(path, f"tables [[{_TABLE}]] and nothing else are expected")
    given: dict[date, dict[str, Letterhead]] = {}
    for number, entry in enumerate(entries, start=1):
        where = f"table {number}"
        since = entry.pop("valid_from", _FIRST)
        if not isinstance(since, date) or isinstance(since, datetime):
            raise _fault(path, f"{where}: valid_from is {since!r}; a day is expected, for example 2026-01-01")
        if since in given:
            again = "has no valid_from, as the one before" if since == _FIRST else f"begins on {since}, as another one"
            raise _fault(path, f"{where} {again}; each begins on a day of its own")
        if unknown := set(entry) - set(LETTER_LANGUAGES):
            raise _fault(path, f"{where}: {', '.join(sorted(unknown))} is not known; there are valid_from, kk and ru")
        given[since] = {one: _letterhead(path, f"{where}, {one}", entry.get(one, {})) for one in LETTER_LANGUAGES}
    return given


def _letterhead(path: Path, where: str, value: Any) -> Letterhead:
    if not isinstance(value, dict) or (unknown := set(value) - set(PARTS)):
        named = f"{', '.join(sorted(unknown))} is not known" if isinstance(value, dict) else "a table is expected"
        raise _fault(path, f"{where}: {named}; there are {', '.join(PARTS)}")
    for name, text in value.items():
        if not isinstance(text, str):
            raise _fault(path, f"{where}, {name}: a text in quotation marks is expected, found {text!r}")
    return Letterhead(**{name: " ".join(text.split()) for name, text in value.items()})


def _fault(path: Path, what: str) -> LetterheadError:
    return LetterheadError(f"{path}: {what}. Correct the file: no letter is written meanwhile (docs/operating.md).")
