"""The faults of a filing, by rule and one by one, with what an officer set aside (paras 8 and 10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from esep.answers.tables import Listed, Row, records
from esep.examination.rule_words import rule_text
from esep.examination.suites import LANGUAGES, Rule
from esep.letters.remarks import Citations

_FAULT = (
    "rule_id", "lane", "severity", "file", "sheet", "row", "column_no", "found", "found_detail", "expected",
    "message_kk", "message_ru", "message_en", "occurrences", "examination_no", "detected_on",
)  # fmt: skip
_WAIVED = ("rule_id", "waived_until", "waived_at", "waived_by", "reason")


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """All faults of one rule. `count` is true; `listed` of them are one by one."""

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
    waived: Row | None
    """The row of `waiver` that reaches furthest."""


def groups(connection: duckdb.DuckDBPyConnection, number: str, citations: Citations) -> tuple[RuleGroup, ...]:
    """The faults by rule: completeness first, then errors, then rule."""
    found = records(connection, "*", "from filing_rule($number) order by lane, severity, rule_id", number=number)
    first, waived = first_faults(connection, number, 1), _waived(connection, number)
    return tuple(
        RuleGroup(
            rule_id=one.rule_id,
            lane=one.lane,
            severity=one.severity,
            paragraph=clauses[0].paragraph if clauses else citations.paragraph(first[one.rule_id][0]),
            general=general(clauses),
            todo=clauses[0].todo if clauses else None,
            count=one.count,
            listed=one.listed,
            is_across=one.is_across,
            detected_on=one.detected_on,
            common=remark(first[one.rule_id][0], citations) if one.message_kk is not None else None,
            waived=waived.get(one.rule_id),
        )
        for one in found
        for clauses in [citations.clauses(one.rule_id, one.lane)]
    )


def general(clauses: list[Rule]) -> Mapping[str, str] | None:
    """What a rule says of any fault, by language; None for a rule that is gone."""
    return {language: rule_text(clauses, language) for language in LANGUAGES} if clauses else None


def remark(fault: Row, citations: Citations) -> Mapping[str, str]:
    """What is wrong, by language, without the advice."""
    return {language: citations.parts(fault, language)[0] for language in LANGUAGES}


def _waived(connection: duckdb.DuckDBPyConnection, number: str) -> dict[str, Row]:
    """The waiver that reaches furthest, by rule."""
    source = "from waiver where registration_no = $number order by waived_until, waived_at"
    return {waiver.rule_id: waiver for waiver in records(connection, _WAIVED, source, number=number)}


def first_faults(connection: duckdb.DuckDBPyConnection, number: str, of_each: int) -> dict[str, tuple[Row, ...]]:
    """The first faults of every rule, in order of their places."""
    found: dict[str, tuple[Row, ...]] = {}
    source = "from filing_first_finding($number, $of_each)"
    for fault in records(connection, _FAULT, source, number=number, of_each=of_each):
        found[fault.rule_id] = (*found.get(fault.rule_id, ()), fault)
    return found


def faults(number: str, rule_id: str | None = None) -> Listed:
    """The faults one by one (of one rule), in order of rule and place."""
    source = "from finding where registration_no = $number and rule_id = coalesce($rule_id, rule_id)"
    order = "rule_id, file, sheet, row, column_no, found"
    return Listed(source, order, {"number": number, "rule_id": rule_id}, _FAULT)


def withdrawn(connection: duckdb.DuckDBPyConnection, number: str) -> tuple[Row, ...]:
    """Faults found across filings that hold no longer, with `withdrawn_at`."""
    return records(connection, "*", "from withdrawn_finding($number) order by withdrawn_at", number=number)
