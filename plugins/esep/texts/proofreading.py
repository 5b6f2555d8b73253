"""Every text of a language as one list that a native speaker corrects, and the corrections put back where they stand.

One line a text: key, the text, the English one beside it. Keys: `<area>.<name>` of the catalogue (with `.one`, … for a
plural form), `rule.<id>.text` and `rule.<id>.todo` of `expectations/*.json`, `law.<table>.<first cell>.<column>` of the
law's tables. What stands several times in a rule or a table is one line; further texts of one key end in `.2`, `.3`.
The words of the blank forms (`forms/annexes.toml`) are the order's, so they are not in the list.
"""

from __future__ import annotations

import csv
import io
import json
import re
import string
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from esep import files
from esep.config import Settings
from esep.law import tables
from esep.texts import catalogue

_CATALOGUES = Path(__file__).parent
_SHOWN = 40
"""Faults of a file that the error names; the others are counted."""


class ProofreadingError(Exception):
    """A file of corrections that cannot be applied; the text lists every line that is wrong."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text that people read. `old` and `english` as they stand now."""

    key: str
    old: str
    english: str


@dataclass(frozen=True, slots=True)
class _Source:
    """A file with texts, and how it looks with some of them replaced (key → new text)."""

    path: Path
    texts: Sequence[Text] = field(default_factory=tuple)
    changed: Callable[[Mapping[str, str]], str] = lambda _: ""


def texts_of(settings: Settings, language: str) -> list[Text]:
    """Every text of the language, catalogues first, in the order of the files."""
    return [one for source in _sources(settings, language) for one in source.texts]


def as_csv(texts: Iterable[Text], language: str) -> str:
    """The list as CSV with a heading: `key`, the language's code, `en`. For English the third column is left out."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["key", *dict.fromkeys((language, "en"))])
    writer.writerows((one.key, one.old) if language == "en" else (one.key, one.old, one.english) for one in texts)
    return out.getvalue()


def apply(settings: Settings, language: str, file: Path) -> list[str]:
    """Put the changed texts of a corrected list back; gives their keys. Without a change no file is touched.

    Lines that were left out stay as they are. Raises ProofreadingError listing every line with an unknown or repeated
    key, an empty text, other placeholders than before or an English text that is another by now; then nothing is
    written. OSError if the list or a catalogue cannot be opened.
    """
    sources = list(_sources(settings, language))
    known = {one.key: one for source in sources for one in source.texts}
    wanted = _corrections(file, language, known)
    made = {}
    for source in sources:
        given = {one.key: wanted[one.key] for one in source.texts if wanted.get(one.key, one.old) != one.old}
        if given:
            made[source.path] = source.changed(given)
    for path, content in made.items():
        with files.replacing(path) as aside:
            aside.write_text(content, encoding="utf-8", newline="")
    catalogue.cache_clear()
    return [key for key, new in wanted.items() if new != known[key].old]


def _corrections(file: Path, language: str, known: Mapping[str, Text]) -> dict[str, str]:
    """Key → text of each line of the list, all of them checked."""
    rows = list(_rows(file, language))
    faults = []
    seen = Counter(row["key"] for _, row in rows)
    for line, row in rows:
        faults += [f"line {line}: {row['key'] or '(no key)'}: {fault}" for fault in _faults(row, language, known, seen)]
    if faults:
        rest = [f"and {len(faults) - _SHOWN} more"] if len(faults) > _SHOWN else []
        listed = "\n  ".join([*faults[:_SHOWN], *rest])
        raise ProofreadingError(f"{file}: {len(faults)} lines cannot be used, nothing is changed:\n  {listed}")
    return {row["key"]: row[language] for _, row in rows}


def _rows(file: Path, language: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Line and cells by heading. A spreadsheet may have put a byte order mark before it, and semicolons between."""
    try:
        content = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ProofreadingError(f"{file}: no UTF-8 text. Save it as “CSV UTF-8”.") from None
    delimiter = ";" if content.partition("\n")[0].count(";") else ","
    reader = csv.DictReader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    try:
        missing = [name for name in ("key", language) if name not in (reader.fieldnames or ())]
        if missing:
            raise ProofreadingError(
                f"{file}: no column {' and '.join(missing)} on line 1. Correct a list that `bin/esep texts --language "
                f"{language}` wrote, and leave its heading as it is."
            )
        for row in reader:
            yield reader.line_num, {name: (cell or "") for name, cell in row.items() if isinstance(name, str)}
    except csv.Error as error:
        raise ProofreadingError(f"{file}: line {reader.line_num}: {error}. Save it as “CSV UTF-8”.") from None


def _faults(row: Mapping[str, str], language: str, known: Mapping[str, Text], seen: Mapping[str, int]) -> Iterator[str]:
    key, new = row["key"], row[language]
    old = known.get(key)
    if old is None:
        yield "no text has this key. Take the line out, or write the list anew"
        return
    if seen[key] > 1:
        yield f"{seen[key]} lines have this key; keep one"
    if new == old.old:
        return
    if new != new.strip() or not new:
        yield "the text is empty" if not new.strip() else "spaces before or after the text"
    if any(not letter.isprintable() for letter in new):
        yield "a line break or another invisible character"
    before, after = _placeholders(old.old), _placeholders(new)
    if after is None:
        yield "a brace without its other half"
    elif after != before:
        yield f"placeholders {_named(after)}, expected {_named(before)}"
    if language != "en" and row.get("en", old.english) != old.english:
        yield f"the English text is another by now: {old.english!r}. Write the list anew and look at the line again"


def _placeholders(words: str) -> set[str] | None:
    """`{name}` and the like, each as it is written; None where braces do not fit."""
    try:
        parts = list(string.Formatter().parse(words))
    except ValueError:
        return None
    return {
        f"{{{name}{'!' + conversion if conversion else ''}{':' + form if form else ''}}}"
        for _, name, form, conversion in parts
        if name is not None
    }


def _named(placeholders: set[str] | None) -> str:
    return ", ".join(sorted(placeholders or ())) or "none"


def _sources(settings: Settings, language: str) -> Iterator[_Source]:
    for path in sorted(_CATALOGUES.glob("*.toml")):
        yield _catalogue(path, language)
    for path in sorted(settings.expectations.glob("*.json")):
        yield _suite(path, language)
    for path in sorted(tables.FOLDER.glob("*.csv")):
        yield _table(path, language)


def _catalogue(path: Path, language: str) -> _Source:
    content = path.read_text(encoding="utf-8")
    texts, places = [], {}
    for name, by_language in tomllib.loads(content).items():
        words, english = by_language.get(language), by_language.get("en", "")
        if words is None:
            continue
        for form, one in {"": words}.items() if isinstance(words, str) else words.items():
            key = f"{path.stem}.{name}{'.' if form else ''}{form}"
            beside = english if isinstance(english, str) else english.get(form, english["other"])
            texts.append(Text(key, one, beside))
            places[key] = (name, f"{language}.{form}" if form else language)

    def changed(given: Mapping[str, str]) -> str:
        made = content
        for key, new in given.items():
            name, label = places[key]
            pattern = rf"(^\[{re.escape(name)}\]\n(?:(?!\[).*\n)*?{re.escape(label)} = ).*$"
            before = re.search(pattern, made, flags=re.MULTILINE)
            if before:  # what JSON escapes, TOML writes alike
                made = made[: before.end(1)] + json.dumps(new, ensure_ascii=False) + made[before.end() :]
            if not before or _at(tomllib.loads(made)[name], label) != new:
                raise ProofreadingError(f"{path}: {key} is not on a line of its own. Correct it there by hand.")
        return made

    return _Source(path, texts, changed)


def _at(by_language: Mapping[str, Any], label: str) -> object:
    language, _, form = label.partition(".")
    return by_language[language][form] if form else by_language[language]


def _suite(path: Path, language: str) -> _Source:
    suite = json.loads(path.read_text(encoding="utf-8"))
    metas = [item["meta"] for item in suite["expectations"]]
    groups: dict[str, list[dict[str, str]]] = {}
    keys = _Keys()
    for meta in metas:
        for part in ("text", "todo"):
            words = meta[part]
            key = keys.of(f"rule.{meta['rule']}.{part}", (words[language], words["en"]))
            groups.setdefault(key, []).append(words)
    texts = [Text(key, words[0][language], words[0]["en"]) for key, words in groups.items()]

    def changed(given: Mapping[str, str]) -> str:
        for key, new in given.items():
            for words in groups[key]:
                words[language] = new
        return json.dumps(suite, ensure_ascii=False, indent=2) + "\n"

    return _Source(path, texts, changed)


def _table(path: Path, language: str) -> _Source:
    """A law table; its columns of texts end in the language's code, or in none for the English one."""
    content = path.read_bytes().decode()
    lines = content.splitlines(keepends=True)
    heading, *rows = list(csv.reader(lines))
    stems = [name.removesuffix("_kk") for name in heading if name.endswith("_kk")]
    columns = {stem: _column(heading, stem, language) for stem in stems}
    places: dict[str, list[tuple[int, int]]] = {}
    texts = []
    keys = _Keys(by_value=True)
    for number, row in enumerate(rows, start=1):
        for stem, column in columns.items():
            value = (row[column], row[_column(heading, stem, "en")])
            key = keys.of(f"law.{path.stem}.{row[0]}.{stem}", value)
            if key not in places:
                texts.append(Text(key, *value))
            places.setdefault(key, []).append((number, column))

    def changed(given: Mapping[str, str]) -> str:
        if len(lines) != len(rows) + 1:
            raise ProofreadingError(f"{path}: a cell with a line break. Correct the table by hand.")
        touched = {number for key in given for number, _ in places[key]}
        for key, new in given.items():
            for number, column in places[key]:
                rows[number - 1][column] = new
        ends = "\r\n" if content.endswith("\r\n") else "\n"
        made = [_row(rows[number - 1], ends) if number in touched else line for number, line in enumerate(lines)]
        return "".join(made)

    return _Source(path, texts, changed)


def _column(heading: Sequence[str], stem: str, language: str) -> int:
    return heading.index(f"{stem}_{language}" if f"{stem}_{language}" in heading else stem)


def _row(cells: Sequence[str], end: str) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator=end).writerow(cells)
    return out.getvalue()


class _Keys:
    """Gives each text a key of its own: the wanted one, or with `.2`, `.3` where another text has it.

    `by_value`: a text that was there under another key keeps that one.
    """

    def __init__(self, *, by_value: bool = False) -> None:
        self._by_value = by_value
        self._key_of: dict[tuple[str, tuple[str, str]], str] = {}
        self._taken: Counter[str] = Counter()

    def of(self, wanted: str, value: tuple[str, str]) -> str:
        place = ("" if self._by_value else wanted, value)
        if place not in self._key_of:
            self._taken[wanted] += 1
            number = self._taken[wanted]
            self._key_of[place] = wanted if number == 1 else f"{wanted}.{number}"
        return self._key_of[place]
