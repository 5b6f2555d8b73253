"""The rules of expectations/ as records: what a program must know to name and explain a finding."""

from __future__ import annotations

from dataclasses import dataclass

from esep.config import Settings
from esep.examination import suites
from esep.examination.frame_columns import STAGES
from esep.examination.register import needs_register
from esep.examination.rule_words import clause_text, rule_todo
from esep.examination.suites import Rule


@dataclass(frozen=True, slots=True)
class RuleRecord:
    """A rule, once for each column that it is about. In texts `…` stands for what differs between findings."""

    rule_id: str
    lane: str
    severity: str
    stage: str
    paragraph: str
    column_no: str | None
    """Column of form 1-ЦМ as printed."""
    needs: str | None
    """What an office has and a filer's check has not: `register` of pools, or `other_filings`."""
    text_kk: str
    text_ru: str
    text_en: str
    todo_kk: str
    todo_ru: str
    todo_en: str
    ruleset: str


def rules_of(settings: Settings) -> list[RuleRecord]:
    """Every rule in force in the order of the stages, none twice; raises SuiteError."""
    loaded = suites.load(settings)
    return list(dict.fromkeys(_record(rule, loaded.ruleset) for rule in loaded.rules))


def _record(rule: Rule, ruleset: str) -> RuleRecord:
    words = {f"text_{language}": clause_text(rule, language) for language in suites.LANGUAGES}
    advice = {f"todo_{language}": rule_todo([rule], language) for language in suites.LANGUAGES}
    needs = "other_filings" if rule.stage == STAGES[-1] else "register" if needs_register(rule) else None
    return RuleRecord(
        rule_id=rule.rule_id,
        lane=rule.lane.value,
        severity=rule.severity.value,
        stage=rule.stage,
        paragraph=rule.paragraph,
        column_no=rule.column_no,
        needs=needs,
        ruleset=ruleset,
        **words,
        **advice,
    )
