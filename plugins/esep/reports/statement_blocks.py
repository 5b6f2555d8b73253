"""Blocks that the statement in total and those of taxpayers share: ids, kinds, meaning, sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from esep.answers.rule_words import rule_text
from esep.answers.statement import FilingBehind, Statement
from esep.clock import local_date
from esep.examination.suites import Rule, Suites
from esep.reports.statement_document import Amount, Cell, Column, Kind, Section, Table, Words, words
from esep.texts import LANGUAGES

RuleWords = Callable[[str], Words]
"""What a rule says, by its id."""
_RIGHT_NUMBERS = ("ok", "lost_zeros")


def rule_words(suites: Suites) -> RuleWords:
    """Texts of the rules in force; a rule that is gone has none."""
    by_id: dict[str, list[Rule]] = {}
    for rule in suites.rules:
        by_id.setdefault(rule.rule_id, []).append(rule)

    def told(rule_id: str) -> Words:
        clauses = by_id.get(rule_id, [])
        return Words({language: rule_text(clauses, language) if clauses else "" for language in LANGUAGES})

    return told


def column(key: str, kind: Kind, width: int) -> Column:
    return Column(words(key), kind, width)


def is_flagged(state: str | None) -> bool:
    """Whether something is wrong with a number that is kept as written."""
    return state is not None and state not in _RIGHT_NUMBERS


def who(taxpayer_id: str | None, name: str | None, state: str | None) -> tuple[Cell, ...]:
    """Number and name of a taxpayer as two cells; a wrong number says so below itself."""
    if taxpayer_id is None:
        return words("no_number"), words("no_number_name")
    return ((taxpayer_id, words("state_wrong")) if is_flagged(state) else taxpayer_id), name


def asset_cell(asset: str | None) -> Cell:
    return words("unknown_asset") if asset is None else asset


def subject(title: str, statement: Statement) -> Words:
    return words("subject", title=words(title), year=str(statement.year))


def known_on_fact(statement: Statement) -> tuple[Words, Words]:
    return words("known_on"), words("known_on_value", day=day(statement.known_on))


def day(value: date) -> Amount:
    return Amount(value, Kind.DAY)


def kind_of(filing: FilingBehind) -> Words:
    kind = words(f"kind_{filing.kind}")
    return words("kind_replaces", kind=kind, number=filing.replaces) if filing.replaces else kind


def meaning(statement: Statement) -> Section:
    """What the figures are and are not (facts of the law, sections 3 and 4)."""
    return Section(
        words("meaning"),
        words("sheet_meaning"),
        (
            words("meaning_income"),
            words("meaning_unvalued"),
            words("meaning_obligation"),
            words("meaning_known_on", day=day(statement.known_on)),
            words("meaning_law"),
        ),
    )


def provenance(statement: Statement) -> Mapping[str, object]:
    """Code, rules and reference data as the manifest tells them."""
    return {
        "code_version": statement.code_version,
        "rulesets": list(statement.rulesets),
        "references": [
            {"name": one.name, "sha256": one.sha256, "accepted_at": one.accepted_at.isoformat(), "rows": one.row_count}
            for one in statement.references
        ],
    }


def made_from(statement: Statement) -> Section:
    """The same for people."""
    facts: tuple[tuple[Cell, ...], ...] = (
        (words("code_version"), statement.code_version),
        (words("provenance_rulesets"), ", ".join(statement.rulesets)),
        *(
            (
                words("provenance_reference", name=words(f"name_{one.name}"), day=day(local_date(one.accepted_at))),
                f"SHA-256 {one.sha256}",
            )
            for one in statement.references
        ),
    )
    table = Table((column("fact", Kind.TEXT, 44), column("value", Kind.TEXT, 76)), facts)
    return Section(words("provenance"), words("sheet_provenance"), table=table)
