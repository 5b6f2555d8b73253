"""The rules as the suites hold them, how often each found something, and what a rule says without a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from esep.answers import UnknownError, tables
from esep.config import Settings
from esep.examination import suites
from esep.examination.rule_words import rule_text
from esep.examination.suites import Rule


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """A rule with its counts. A rule may be several expectations, one for each column."""

    rule_id: str
    lane: str
    severity: str
    stage: str | None
    """None for a rule that is not in the suites any more."""
    clauses: tuple[Rule, ...]
    findings: int
    filings: int
    findings_of_year: int

    @property
    def is_on(self) -> bool:
        """Whether it is in expectations/; a rule is switched off by taking it out."""
        return bool(self.clauses)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(clause.paragraph for clause in self.clauses))

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the form as printed."""
        return tuple(dict.fromkeys(clause.column_no for clause in self.clauses if clause.column_no))

    @property
    def words(self) -> tuple[Rule, ...]:
        """The clauses whose texts differ, if only in the column that they name, each once."""
        return tuple(
            {clause.text["en"].replace("{column}", str(clause.column_no)): clause for clause in self.clauses}.values()
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules in the order of the stages, then those that are no longer in force."""

    ruleset: str
    """Hash of expectations/ as they are now."""
    rulesets: Mapping[str, int]
    """Filings by the ruleset of their latest examination."""
    rules: tuple[RuleFacts, ...]


def rules(connection: duckdb.DuckDBPyConnection, settings: Settings, year: int | None) -> Rules:
    """All rules, with the findings of all filings and of the filings of a year of distribution.

    Raises SuiteError where expectations/ cannot be read.
    """
    loaded = suites.load(settings)
    clauses = loaded.by_id()
    counts = {one.rule_id: one for one in tables.records(connection, "*", "from rule_findings($year)", year=year)}
    in_force = [
        RuleFacts(rule_id, str(first.lane), str(first.severity), first.stage, tuple(of_rule), *_counts(counts, rule_id))
        for rule_id, of_rule in clauses.items()
        for first in of_rule[:1]
    ]
    gone = [
        RuleFacts(rule_id, one.lane, one.severity, None, (), *_counts(counts, rule_id))
        for rule_id, one in sorted(counts.items())
        if rule_id not in clauses
    ]
    return Rules(loaded.ruleset, _rulesets(connection), (*in_force, *gone))


def rule(connection: duckdb.DuckDBPyConnection, settings: Settings, rule_id: str, year: int | None) -> RuleFacts:
    """One rule; raises UnknownError("rule") if neither the suites nor the findings know it."""
    found = next((one for one in rules(connection, settings, year).rules if one.rule_id == rule_id), None)
    if found is None:
        raise UnknownError("rule", rule_id)
    return found


def _counts(found: Mapping[str, tables.Row], rule_id: str) -> tuple[int, int, int]:
    one = found.get(rule_id)
    return (one.findings, one.filings, one.findings_of_year) if one else (0, 0, 0)


def _rulesets(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    source = "from examination where is_latest group by ruleset order by count(*) desc, ruleset"
    return dict(tables.rows(connection, ("ruleset", "count(*)"), source))


def rule_texts(settings: Settings, language: str) -> dict[str, str]:
    """What each rule in force says, in general."""
    return {rule_id: rule_text(clauses, language) for rule_id, clauses in suites.load(settings).by_id().items()}
