"""The rules, each rule, and whether the warehouse adds up."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Response

from esep.answers import masking, quality, reconciliation
from esep.answers import rules as answers
from esep.answers.quality import Faults, Scope
from esep.answers.rules import RuleFacts
from esep.answers.tables import Row
from esep.examination import rule_words
from esep.examination.frame_columns import STAGES
from esep.letters.wording import citation
from esep.web.access import Reader
from esep.web.queries import YearQuery
from esep.web.rendering import AskedDep
from esep.web.routes.quality import shown_pools

router = APIRouter()

GONE = "gone"
"""In place of the stage of rules that are not in the suites any more."""
_FIRST, _LAST = date(1, 1, 1), date(9999, 12, 1)

RulePath = Annotated[str, Path(pattern=r"^[CR]-[0-9]{2,3}$")]


@router.get("/rules")
def rules(asked: AskedDep) -> Response:
    """All rules by stage, with how often each found something."""
    year = quality.latest_year(asked.warehouse)
    found = answers.rules(asked.warehouse, asked.settings, year)
    by_stage: dict[str, list[RuleFacts]] = {stage: [] for stage in (*STAGES, GONE)}
    for one in found.rules:
        by_stage[one.stage or GONE].append(one)
    return asked.page(
        "rules.html",
        found=found,
        by_stage=by_stage,
        others=sum(count for ruleset, count in found.rulesets.items() if ruleset != found.ruleset),
        year=year,
        rule_text=lambda rule: rule_words.rule_text(rule.clauses, asked.language) if rule.clauses else "",
        rule_todo=lambda rule: rule_words.rule_todo(rule.clauses, asked.language),
        citation=lambda paragraph: citation(paragraph, asked.language),
    )


@router.get("/rules/{rule_id}")
def rule(asked: AskedDep, rule_id: RulePath, year: YearQuery = None) -> Response:
    """One rule whole, and its findings by month and pool of a year."""
    found = answers.rule(asked.warehouse, asked.settings, rule_id, year)
    counts = quality.rule_counts(asked.warehouse, Scope(_FIRST, _LAST), rule_id)
    by_year = quality.added_up(Faults, counts, lambda one: one.month.year)
    shown = year or max(by_year, default=None)
    named = shown_pools(asked, shown) if shown else {}
    cells: Counter[tuple[str, int]] = Counter()
    for one in counts:
        if one.month.year == shown:
            cells[one.pool_id, one.month.month] += one.findings
    return asked.page(
        "rules_rule.html",
        rule=found,
        by_year=dict(sorted(by_year.items(), reverse=True)),
        year=shown,
        cells=cells,
        pools={pool_id: named[pool_id] for pool_id, _ in cells},
        clauses=[
            (clause, rule_words.clause_text(clause, asked.language), rule_words.rule_todo([clause], asked.language))
            for clause in found.words
        ],
        citation=lambda paragraph: citation(paragraph, asked.language),
        address=asked.addresses(year=shown),
    )


@router.get("/reconciliation")
def reconciled(asked: AskedDep) -> Response:
    """The identities, the reference data in force and what is missing of it."""
    identities = reconciliation.identities(asked.warehouse)
    return asked.page(
        "rules_reconciliation.html",
        identities=[(one, reconciliation.code_of(one)) for one in identities],
        broken=[one for one in identities if not one.holds],
        versions=reconciliation.reference_versions(asked.warehouse),
        gaps=[(gap, _object(gap, asked.reader)) for gap in reconciliation.gaps(asked.warehouse)],
    )


def _object(gap: Row, reader: Reader) -> str | None:
    """What is missing: the asset, the currency, or the pool as this reader may see it."""
    if gap.kind != "pool":
        return gap.currency or gap.asset
    return gap.pool_id if reader.is_operator else masking.masked_taxpayer(gap.pool_id, None)[0]
