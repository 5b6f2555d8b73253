"""The rules, expectations/*.json read as data, checked when loaded.

Each file is a Great Expectations suite; each expectation's `meta` makes it a rule of the order. Lane, severity and
texts are data of the suite, so that a rule can be reworded, moved or removed without code. A rule that is the same for
several columns is written once: its meta has a list `columns` of name, column_no and expected, and `{name}` and
`{column}` in whatever names a column mean those of each. In texts `{column}` is filled by a finding.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeVar

from esep import __version__
from esep.config import PACKAGED, Settings
from esep.examination.frame_columns import COLUMNS, STAGES
from esep.examination.model import Lane, Severity

LANGUAGES = ("kk", "ru", "en")
PLACEHOLDERS = frozenset({"found", "expected", "file", "sheet", "row", "column"})
"""Names that a text may have in braces."""

Word = TypeVar("Word", bound=StrEnum)

_RULE_ID = re.compile(r"[CR]-[0-9]{2,3}")
_TYPE = re.compile(r"expect_[a-z_]+")
_REQUIRED = ("rule", "lane", "severity", "stage", "paragraph", "column_no", "found", "expected", "text", "todo")
_OPTIONAL = ("expected_column", "not_seen", "note", "part")
_OF_COLUMN = {"name", "column_no", "expected"}
_LIBRARY = Path(__file__).resolve().parents[1]
_COUNTED = (".py", ".csv", "annexes.toml")
"""How their names end; the last are the words by which the readers know the forms: other texts change no finding."""
_COLUMN_KWARGS = ("column", "column_A", "column_B")


class Part(StrEnum):
    """Part of a package whose absence a rule of completeness reports; see examination.questions."""

    APPLICATION = "application"
    FORM = "form"
    SIGNATURE = "signature"
    FILE = "file"
    """A file that could not be read, whatever it was meant for."""


class SuiteError(ValueError):
    """A suite that cannot be used; the text names the file, the rule, what is wrong and what to do."""


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One expectation with its citation. `found` and `expected_column` name columns of the stage's frame."""

    rule_id: str
    lane: Lane
    severity: Severity
    stage: str
    paragraph: str
    column_no: str | None
    found: str | None
    expected: str | None
    expected_column: str | None
    text: Mapping[str, str]
    todo: Mapping[str, str]
    not_seen: str | None
    type: str
    kwargs: Mapping[str, Any]
    part: Part | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the frame that the expectation itself looks at."""
        named = [self.kwargs[name] for name in _COLUMN_KWARGS if name in self.kwargs]
        return (*named, *self.kwargs.get("column_list", ()))


@dataclass(frozen=True, slots=True)
class Suites:
    """All rules, by stage, in the order of their files."""

    by_stage: Mapping[str, tuple[Rule, ...]]
    ruleset: str

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(rule for stage in STAGES for rule in self.by_stage[stage])

    def by_id(self) -> dict[str, list[Rule]]:
        """The rules by id: several where one says something else of other files."""
        found: dict[str, list[Rule]] = {}
        for rule in self.rules:
            found.setdefault(rule.rule_id, []).append(rule)
        return found


def ruleset(settings: Settings) -> str:
    """Hash of expectations/: 16 hex digits of SHA-256 over names and bytes of the suites, stored with each verdict."""
    return _hash_of(_contents(settings.expectations))


@cache
def code_version() -> str:
    """Version of Esep and a hash of the library's sources, law tables and forms, as `0.1.0+1a2b3c4d5e6f`."""
    total = hashlib.sha256()
    for parts in sorted(_sources()):
        total.update("/".join(parts).encode() + b"\0")
        total.update(_LIBRARY.joinpath(*parts).read_bytes() + b"\0")
    return f"{__version__}+{total.hexdigest()[:12]}"


def _sources() -> Iterator[tuple[str, ...]]:
    """The parts of each file's path below the library."""
    for folder, _, names in os.walk(_LIBRARY):
        if Path(folder).is_relative_to(PACKAGED):
            continue
        below = Path(folder).relative_to(_LIBRARY).parts
        yield from ((*below, name) for name in names if name.endswith(_COUNTED))


def load(settings: Settings) -> Suites:
    """All suites of settings.expectations; raises SuiteError for the first fault in them."""
    contents = _contents(settings.expectations)
    return _parse(settings.expectations, contents)


def _contents(folder: Path) -> tuple[tuple[str, bytes], ...]:
    contents = []
    for stage in STAGES:
        path = folder / f"{stage}.json"
        try:
            contents.append((stage, path.read_bytes()))
        except OSError as error:
            raise SuiteError(f"{path}: cannot be read ({error.strerror}). Restore the suite of this stage.") from None
    return tuple(contents)


def _hash_of(contents: tuple[tuple[str, bytes], ...]) -> str:
    total = hashlib.sha256()
    for stage, data in contents:
        total.update(f"{stage}:{len(data)}:".encode())
        total.update(data)
    return total.hexdigest()[:16]


@lru_cache(maxsize=4)
def _parse(folder: Path, contents: tuple[tuple[str, bytes], ...]) -> Suites:
    by_stage = {stage: _stage_rules(folder / f"{stage}.json", stage, data) for stage, data in contents}
    _check_ids([rule for rules in by_stage.values() for rule in rules], folder)
    return Suites(by_stage, _hash_of(contents))


def _stage_rules(path: Path, stage: str, data: bytes) -> tuple[Rule, ...]:
    try:
        suite = json.loads(data)
    except ValueError as error:
        raise SuiteError(f"{path}: not JSON ({error}). Correct the file.") from None
    expectations = suite.get("expectations") if isinstance(suite, dict) else None
    if not isinstance(expectations, list) or not isinstance(suite.get("name"), str):
        raise SuiteError(f'{path}: a suite is an object with "name" and a list "expectations"')
    rules: list[Rule] = []
    for number, item in enumerate(expectations, start=1):
        meta = item.get("meta") if isinstance(item, dict) else None
        try:
            _require(isinstance(meta, dict), 'has no object "meta"')
            rules += [_rule(stage, of_column) for of_column in _of_columns(item)]
        except SuiteError as fault:
            rule_id = meta.get("rule", "no rule id") if isinstance(meta, dict) else "no rule id"
            raise SuiteError(f"{path}: expectation {number} ({rule_id}): {fault}") from None
    return tuple(rules)


def _require(holds: bool, fault: str) -> None:
    if not holds:
        raise SuiteError(fault)


def _of_columns(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The expectation once for each of its columns; as it is where it has no such list."""
    meta = item["meta"]
    if "columns" not in meta:
        yield item
        return
    columns = meta["columns"]
    known = isinstance(columns, list) and all(isinstance(one, dict) and set(one) == _OF_COLUMN for one in columns)
    _require(known, f"columns must be a list of objects with {', '.join(sorted(_OF_COLUMN))}")
    texts = {key: meta[key] for key in ("text", "todo") if key in meta}
    for one in columns:
        names = {"{name}": str(one["name"]), "{column}": str(one["column_no"])}
        filled = _filled({**item, "meta": {key: meta[key] for key in meta.keys() - {*texts, "columns"}}}, names)
        yield {**filled, "meta": filled["meta"] | texts | {"expected": one["expected"]}}


def _filled(value: Any, names: Mapping[str, str]) -> Any:
    """The same with words in braces replaced by names, at any depth."""
    if isinstance(value, dict):
        return {key: _filled(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, names) for one in value]
    if isinstance(value, str):
        for word, name in names.items():
            value = value.replace(word, name)
    return value


def _rule(stage: str, item: dict[str, Any]) -> Rule:
    meta, kind, kwargs = item["meta"], item.get("type"), item.get("kwargs")
    missing = [key for key in _REQUIRED if key not in meta]
    _require(not missing, f"meta lacks {', '.join(missing)}; write null where there is none")
    unknown = sorted(set(meta) - {*_REQUIRED, *_OPTIONAL})
    known = ", ".join((*_REQUIRED, *_OPTIONAL, "columns"))
    _require(not unknown, f"meta has unknown keys {', '.join(unknown)}; known: {known}")
    _require(_matches(_RULE_ID, meta["rule"]), "a rule id is written C-nn or R-nn")
    _require(meta["stage"] == stage, f"stage {meta['stage']!r} is in the suite of {stage!r}; move it or correct it")
    _require(_matches(_TYPE, kind), '"type" must be the name of an expectation, as expect_column_values_to_be_in_set')
    _require(isinstance(kwargs, dict), '"kwargs" must be an object')
    texts: dict[str, Any] = {
        key: None if meta.get(key) is None else _text(key, meta[key])
        for key in ("column_no", "found", "expected", "expected_column", "not_seen")
    }
    rule = Rule(
        rule_id=meta["rule"],
        lane=_member(Lane, "lane", meta["lane"]),
        severity=_member(Severity, "severity", meta["severity"]),
        stage=stage,
        paragraph=_text("paragraph", meta["paragraph"]),
        text=_sentences("text", meta["text"]),
        todo=_sentences("todo", meta["todo"]),
        type=item["type"],
        kwargs=item["kwargs"],
        part=_member(Part, "part", meta["part"]) if "part" in meta else None,
        **texts,
    )
    columns = COLUMNS[stage]
    for column in (*rule.columns, rule.found, rule.expected_column):
        fault = f"the stage {stage} has no column {column!r}; it has {', '.join(columns)}"
        _require(column is None or column in columns, fault)
    return rule


def _matches(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _member(words: type[Word], key: str, value: Any) -> Word:
    _require(value in list(words), f"{key} {value!r}; one of {', '.join(words)} is expected")
    return words(value)


def _text(key: str, value: Any) -> str:
    _require(isinstance(value, str) and bool(value.strip()), f"{key} must be a text that is not empty")
    return str(value)


def _sentences(key: str, value: Any) -> Mapping[str, str]:
    known = isinstance(value, dict) and set(value) == set(LANGUAGES)
    _require(known, f"{key} needs exactly the languages {', '.join(LANGUAGES)}")
    for language, sentence in value.items():
        _text(f"{key}.{language}", sentence)
        try:
            named = {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}
        except ValueError as error:
            raise SuiteError(f"{key}.{language}: {error}; write {{{{ for a brace") from None
        wrong, known_names = ", ".join(sorted(named - PLACEHOLDERS)), ", ".join(sorted(PLACEHOLDERS))
        _require(not wrong, f"{key}.{language}: unknown {{{wrong}}}; known: {known_names}")
    return dict(value)


def _check_ids(rules: list[Rule], folder: Path) -> None:
    """A rule may be several expectations (one for each column), but has one lane and one severity."""
    first: dict[str, Rule] = {}
    for rule in rules:
        other = first.setdefault(rule.rule_id, rule)
        if (rule.lane, rule.severity, rule.stage) != (other.lane, other.severity, other.stage):
            raise SuiteError(
                f"{folder}: {rule.rule_id} is {other.lane}/{other.severity} in {other.stage} and "
                f"{rule.lane}/{rule.severity} in {rule.stage}; a rule has one lane, severity and stage"
            )
