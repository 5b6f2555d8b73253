"""From rules that failed to findings: place, what was found, what was expected, and the text in three languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from esep.detail import Detail
from esep.examination.engine import Failure
from esep.examination.frame_columns import DETAILS
from esep.examination.model import Finding
from esep.examination.suites import LANGUAGES, Rule
from esep.texts.details import detail_words

_LONGEST_IN_TEXT = 120
"""Characters of a cell that a message quotes; the finding itself keeps the whole text."""
_NOTHING = "–"
_MORE = {
    "kk": "Осы парақта тағы осындай жағдай саны: {count} (бір-бірлеп көрсетілмеген).",
    "ru": "Ещё таких случаев на этом листе: {count} (по одному не перечислены).",
    "en": "More such cases on this sheet: {count} (not listed one by one).",
}
_MORE_FILES = {
    "kk": "Тағы осындай файлдар саны: {count} (бір-бірлеп көрсетілмеген).",
    "ru": "Ещё таких файлов: {count} (по одному не перечислены).",
    "en": "More such files: {count} (not listed one by one).",
}


def findings_of(
    failure: Failure, table: pa.Table, *, file: str | None = None, sheet: str | None = None
) -> Iterator[Finding]:
    """The listed cases one by one, then one finding without a row for the rest: occurrences add up to the count.

    `file` and `sheet` are the place of frames that have no such columns.
    """
    place = {"file": file, "sheet": sheet}
    if failure.positions is None:
        yield _finding(failure.rule, place)
        return
    for case in _cases(failure.rule, table, failure.positions):
        yield _finding(failure.rule, place | case)
    rest = failure.count - len(failure.positions)
    if rest:
        yield _rest(failure.rule, rest, place)


def _cases(rule: Rule, table: pa.Table, positions: tuple[int, ...]) -> list[dict[str, Any]]:
    """Place, found and expected of each position, as far as the frame has columns for them."""
    row_column = f"{rule.found}_row" if f"{rule.found}_row" in table.column_names else "row"
    wanted = {
        "file": "file",
        "sheet": "sheet",
        "row": row_column,
        "found": rule.found,
        "expected": rule.expected_column,
    }
    present = {key: name for key, name in wanted.items() if name and name in table.column_names}
    picked = table.select(sorted(set(present.values()))).take(pa.array(positions, pa.int64()))
    columns = {key: picked.column(name).to_pylist() for key, name in present.items()}
    return [{key: values[number] for key, values in columns.items()} for number in range(len(positions))]


def _finding(rule: Rule, case: dict[str, Any]) -> Finding:
    detail = Detail.from_json(case.get("found")) if rule.found in DETAILS and rule.stage == "files" else None
    found = detail_words(detail, "en") if detail else case.get("found")
    expected = case.get("expected") or rule.expected
    values = {
        "found": _quoted(found),
        "expected": _quoted(expected),
        "file": _quoted(case.get("file")),
        "sheet": _quoted(case.get("sheet")),
        "row": _quoted(case.get("row")),
        "column": _quoted(rule.column_no),
    }
    messages = {
        language: f"{rule.text[language].format_map(values)} {rule.todo[language].format_map(values)}"
        for language in LANGUAGES
    }
    return _build(rule, messages, case, found, expected, 1, detail)


def _rest(rule: Rule, count: int, place: dict[str, Any]) -> Finding:
    more = _MORE if place["sheet"] else _MORE_FILES
    values = dict.fromkeys(("found", "row"), _NOTHING) | {
        "expected": _quoted(rule.expected),
        "file": _quoted(place["file"]),
        "sheet": _quoted(place["sheet"]),
        "column": _quoted(rule.column_no),
    }
    messages = {
        language: f"{more[language].format(count=count)} {rule.todo[language].format_map(values)}"
        for language in LANGUAGES
    }
    return _build(rule, messages, place, None, rule.expected, count)


def _build(
    rule: Rule,
    messages: dict[str, str],
    case: dict[str, Any],
    found: Any,
    expected: Any,
    occurrences: int,
    detail: Detail | None = None,
) -> Finding:
    return Finding(
        rule_id=rule.rule_id,
        lane=rule.lane,
        severity=rule.severity,
        message_kk=messages["kk"],
        message_ru=messages["ru"],
        message_en=messages["en"],
        file=case.get("file"),
        sheet=case.get("sheet"),
        row=case.get("row"),
        column_no=rule.column_no,
        found=None if found is None else str(found),
        expected=None if expected is None else str(expected),
        occurrences=occurrences,
        found_detail=detail,
    )


def _quoted(value: Any) -> str:
    text = _NOTHING if value is None else " ".join(str(value).split())
    return text if len(text) <= _LONGEST_IN_TEXT else f"{text[:_LONGEST_IN_TEXT]}…"
