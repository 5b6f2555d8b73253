"""From rules that failed to findings: place, what was found, what was expected, and the text in three languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import pyarrow as pa

from esep.detail import Detail
from esep.examination.engine import Failure
from esep.examination.frame_columns import DETAILS
from esep.examination.model import Finding
from esep.examination.suites import Rule
from esep.texts import text
from esep.texts.words import detail_words

_LONGEST_IN_TEXT = 120
"""Characters of a cell that a message quotes; the finding itself keeps the whole text."""
_NOTHING = "–"

Remark = Callable[[Finding, Rule, str], str]
"""The remark on a finding of a rule, in a language."""


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
        yield _finding(failure.rule, place, rest, _more_of)


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


def _finding(rule: Rule, case: dict[str, Any], count: int = 1, remark: Remark | None = None) -> Finding:
    detail = Detail.from_json(case.get("found")) if rule.found in DETAILS and rule.stage == "files" else None
    found = detail_words(detail, "en") if detail else case.get("found")
    expected = case.get("expected") or rule.expected
    finding = Finding(
        rule_id=rule.rule_id,
        lane=rule.lane,
        severity=rule.severity,
        file=case.get("file"),
        sheet=case.get("sheet"),
        row=case.get("row"),
        column_no=rule.column_no,
        found=None if found is None else str(found),
        expected=None if expected is None else str(expected),
        occurrences=count,
        found_detail=detail,
    )
    remark = remark or remark_of
    kk, ru, en = (
        f"{remark(finding, rule, language)} {advice_of(finding, rule, language)}" for language in ("kk", "ru", "en")
    )
    return replace(finding, message_kk=kk, message_ru=ru, message_en=en)


def parts_of(finding: Finding, rules: Iterable[Rule], language: str) -> tuple[str, str]:
    """A finding's message in its two parts, the remark and the advice, as one of the rules words them now.

    The message as a whole and no advice where the suites word it otherwise. A row of the relation `finding` will do.
    """
    message = getattr(finding, f"message_{language}")
    for rule in rules:
        advice = advice_of(finding, rule, language)
        for remark in (remark_of(finding, rule, language), _more_of(finding, rule, language)):
            if message == f"{remark} {advice}":
                return remark, advice
    return message, ""


def remark_of(finding: Finding, rule: Rule, language: str) -> str:
    """The remark, as the rule words it."""
    return rule.text[language].format_map(_values(finding))


def advice_of(finding: Finding, rule: Rule, language: str) -> str:
    """The advice to the filer."""
    return rule.todo[language].format_map(_values(finding))


def _more_of(finding: Finding, _: Rule, language: str) -> str:
    """That there are more faults than are listed."""
    key = "finding.more_cases" if finding.sheet else "finding.more_files"
    return text(key, language, count=finding.occurrences)


def _values(finding: Finding) -> dict[str, str]:
    """Values for the placeholders in texts of rules (suites.PLACEHOLDERS)."""
    return {
        "found": _quoted(finding.found),
        "expected": _quoted(finding.expected),
        "file": _quoted(finding.file),
        "sheet": _quoted(finding.sheet),
        "row": _quoted(finding.row),
        "column": _quoted(finding.column_no),
    }


def _quoted(value: Any) -> str:
    words = _NOTHING if value is None else " ".join(str(value).split())
    return words if len(words) <= _LONGEST_IN_TEXT else f"{words[:_LONGEST_IN_TEXT]}…"
