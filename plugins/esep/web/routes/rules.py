"""The rules, each rule, and whether the warehouse adds up."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from esep.answers import masking, open_warehouse, quality, reconciliation, rule_words
from esep.answers import rules as answers
from esep.answers.quality_scope import Scope, latest_year, of_year, pools
from esep.answers.rules import RuleFacts
from esep.answers.snapshot import snapshot
from esep.examination.frame_columns import STAGES
from esep.letters.wording import citation
from esep.web.access import Reader, ReaderDep
from esep.web.addresses import Addresses
from esep.web.quality_filter import YearQuery, shown_pool
from esep.web.rendering import render, root

router = APIRouter()

GONE = "gone"
"""Stands for the stage of rules that are not in the suites any more."""
_FIRST, _LAST = date(1, 1, 1), date(9999, 12, 1)

RulePath = Annotated[str, Path(pattern=r"^[CR]-[0-9]{2,3}$")]


@router.get("/rules")
def rules(request: Request, reader: ReaderDep) -> Response:
    """All rules by stage, with how often each found something."""
    with open_warehouse(reader.settings) as connection:
        year = latest_year(connection)
        found = answers.rules(connection, reader.settings, year)
        told = snapshot(connection)
    by_stage: dict[str, list[RuleFacts]] = {stage: [] for stage in (*STAGES, GONE)}
    for one in found.rules:
        by_stage[one.stage or GONE].append(one)
    return render(
        request,
        reader,
        "rules.html",
        found=found,
        by_stage=by_stage,
        others=sum(count for ruleset, count in found.rulesets.items() if ruleset != found.ruleset),
        year=year,
        rule_text=lambda rule: rule_words.rule_text(rule.clauses, reader.language) if rule.clauses else "",
        rule_todo=lambda rule: _todos(rule, reader.language),
        citation=lambda paragraph: citation(paragraph, reader.language),
        build=told,
    )


@router.get("/rules/{rule_id}")
def rule(request: Request, reader: ReaderDep, rule_id: RulePath, year: YearQuery = None) -> Response:
    """One rule whole, and its findings by month and pool of a year."""
    with open_warehouse(reader.settings) as connection:
        found = answers.rule(connection, reader.settings, rule_id, year)
        counts = quality.rule_counts(connection, Scope(_FIRST, _LAST), rule_id)
        by_year = quality.faults_by(counts, lambda one: one.month.year)
        shown = year or max(by_year, default=None)
        of_that_year = [one for one in counts if one.month.year == shown]
        named = {pool.pool_id: shown_pool(pool, reader) for pool in pools(connection, of_year(shown))} if shown else {}
        told = snapshot(connection)
    cells: dict[tuple[str, int], int] = defaultdict(int)
    for one in of_that_year:
        cells[one.pool_id, one.month.month] += one.findings
    return render(
        request,
        reader,
        "rules_rule.html",
        rule=found,
        by_year=dict(sorted(by_year.items(), reverse=True)),
        year=shown,
        cells=cells,
        pools={pool_id: named[pool_id] for pool_id in dict.fromkeys(one.pool_id for one in of_that_year)},
        clauses=[
            (clause, rule_words.clause_text(clause, reader.language), rule_words.clause_todo(clause, reader.language))
            for clause in found.words
        ],
        citation=lambda paragraph: citation(paragraph, reader.language),
        address=Addresses(root(request), year=shown),
        build=told,
    )


@router.get("/reconciliation")
def reconciled(request: Request, reader: ReaderDep) -> Response:
    """The identities, the reference data in force and what is missing of it."""
    with open_warehouse(reader.settings) as connection:
        identities = reconciliation.identities(connection)
        versions = reconciliation.reference_versions(connection)
        gaps = reconciliation.gaps(connection)
        told = snapshot(connection)
    return render(
        request,
        reader,
        "rules_reconciliation.html",
        identities=identities,
        broken=[one for one in identities if not one.holds],
        versions=versions,
        gaps=[(gap, _object(gap, reader)) for gap in gaps],
        build=told,
    )


def _object(gap: reconciliation.Gap, reader: Reader) -> str | None:
    """What is missing: the asset, the currency, or the pool as this reader may see it."""
    if gap.kind != "pool":
        return gap.currency or gap.asset
    return gap.pool_id if reader.is_operator else masking.masked_taxpayer(gap.pool_id, None)[0]


def _todos(rule: RuleFacts, language: str) -> str:
    return " / ".join(dict.fromkeys(rule_words.clause_todo(clause, language) for clause in rule.clauses))
