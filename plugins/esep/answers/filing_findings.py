"""The faults of a filing, by rule and one by one, with what an officer set aside (paras 8 and 10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

import duckdb

from esep.answers import tables
from esep.answers.tables import records
from esep.config import Settings
from esep.examination import suites
from esep.examination.suites import LANGUAGES, PLACEHOLDERS, Rule

VARIES = "…"
"""Stands in a rule's text for what differs between its faults."""
_GROUP = (
    "rule_id", "lane", "severity", "count", "listed", "is_across", "detected_on", "message_kk", "message_ru",
    "message_en",
)  # fmt: skip
_PARAGRAPH_OF_LANE = MappingProxyType({"completeness": "8", "reliability": "10"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding: its place, what stands there, what was expected, and the remark in three languages."""

    rule_id: str
    lane: str
    severity: str
    file: str | None
    sheet: str | None
    row: int | None
    column_no: str | None
    found: str | None
    found_detail: str | None
    """Code and values of `found` as JSON (esep.detail), where that is a sentence about a file."""
    expected: str | None
    message_kk: str
    message_ru: str
    message_en: str
    occurrences: int
    examination_no: int | None
    """None for a fault found across filings."""
    detected_on: date | None

    def message(self, language: str) -> str:
        return {"kk": self.message_kk, "ru": self.message_ru, "en": self.message_en}[language]


@dataclass(frozen=True, slots=True)
class Waived:
    """A rule that an officer set aside for the filing through `waived_until`."""

    rule_id: str
    waived_until: date
    waived_at: datetime
    waived_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """All faults of one rule. `count` is true; `listed` of them stand one by one."""

    rule_id: str
    lane: str
    severity: str
    paragraph: str
    """As the suite cites it, `8; Annex 2, column 5`; by the lane where the rule is gone."""
    general: Mapping[str, str] | None
    """The rule's own text by language with `…` for what differs; None where the rule is gone."""
    todo: Mapping[str, str] | None
    """What to do, by language."""
    count: int
    listed: int
    is_across: bool
    detected_on: date | None
    common: Mapping[str, str] | None
    """The remark by language, where all faults have the same one."""
    waived: Waived | None


class Rules:
    """The suites in force, asked by rule and lane."""

    def __init__(self, settings: Settings) -> None:
        """Raises suites.SuiteError when the suites cannot be used."""
        self._rules: dict[tuple[str, str], Rule] = {}
        for rule in suites.load(settings).rules:
            self._rules.setdefault((rule.rule_id, rule.lane.value), rule)

    def paragraph(self, rule_id: str, lane: str) -> str:
        rule = self._rules.get((rule_id, lane))
        return rule.paragraph if rule else _PARAGRAPH_OF_LANE[lane]

    def general(self, rule_id: str, lane: str) -> Mapping[str, str] | None:
        rule = self._rules.get((rule_id, lane))
        if rule is None:
            return None
        values = dict.fromkeys(PLACEHOLDERS, VARIES)
        values |= {"expected": rule.expected or VARIES, "column": rule.column_no or VARIES}
        return {language: rule.text[language].format_map(values) for language in LANGUAGES}

    def todo(self, rule_id: str, lane: str) -> Mapping[str, str] | None:
        rule = self._rules.get((rule_id, lane))
        return rule.todo if rule else None

    def remark(self, rule_id: str, lane: str, language: str, message: str) -> str:
        """A message without the advice at its end, if the suite still words it so."""
        todo = self.todo(rule_id, lane)
        return message.removesuffix(f" {todo[language]}") if todo else message


def groups(connection: duckdb.DuckDBPyConnection, number: str, rules: Rules) -> tuple[RuleGroup, ...]:
    """The faults by rule: completeness first, then errors, then rule."""
    source = "from filing_rule($number) order by lane, severity, rule_id"
    waived = _waived(connection, number)
    return tuple(
        RuleGroup(
            rule_id=rule_id,
            lane=lane,
            severity=severity,
            paragraph=rules.paragraph(rule_id, lane),
            general=rules.general(rule_id, lane),
            todo=rules.todo(rule_id, lane),
            count=count,
            listed=listed,
            is_across=is_across,
            detected_on=detected_on,
            common=_common(rules, rule_id, lane, messages) if messages[0] is not None else None,
            waived=waived.get(rule_id),
        )
        for rule_id, lane, severity, count, listed, is_across, detected_on, *messages in tables.rows(
            connection, _GROUP, source, number=number
        )
    )


def _common(rules: Rules, rule_id: str, lane: str, messages: list[str]) -> Mapping[str, str]:
    by_language = zip(("kk", "ru", "en"), messages, strict=True)
    return {language: rules.remark(rule_id, lane, language, message) for language, message in by_language}


def _waived(connection: duckdb.DuckDBPyConnection, number: str) -> dict[str, Waived]:
    """The waiver that reaches furthest, by rule."""
    source = "from waiver where registration_no = $number order by waived_until, waived_at"
    return {waiver.rule_id: waiver for waiver in records(connection, Waived, source, number=number)}


def first_faults(connection: duckdb.DuckDBPyConnection, number: str, of_each: int) -> dict[str, tuple[Fault, ...]]:
    """The first faults of every rule, in order of their places."""
    found: dict[str, tuple[Fault, ...]] = {}
    source = "from filing_first_finding($number, $of_each)"
    for fault in records(connection, Fault, source, number=number, of_each=of_each):
        found[fault.rule_id] = (*found.get(fault.rule_id, ()), fault)
    return found


def faults(
    connection: duckdb.DuckDBPyConnection, number: str, rule_id: str | None, *, offset: int, limit: int
) -> tuple[Fault, ...]:
    """The faults one by one (of one rule), in order of rule and place."""
    source = """
        from finding
        where registration_no = $number and rule_id = coalesce($rule_id, rule_id)
        order by rule_id, file, sheet, row, column_no, found
        limit $limit offset $offset
    """
    return records(connection, Fault, source, number=number, rule_id=rule_id, limit=limit, offset=offset)


def withdrawn(connection: duckdb.DuckDBPyConnection, number: str) -> tuple[tuple[Fault, datetime], ...]:
    """Faults found across filings that hold no longer, with the moment since when."""
    source = "from withdrawn_finding($number) order by withdrawn_at"
    columns = (*Fault.__dataclass_fields__, "withdrawn_at")
    found = tables.rows(connection, columns, source, number=number)
    return tuple((Fault(*row[:-1]), row[-1]) for row in found)
