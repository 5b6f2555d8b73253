"""What the office has to do next about a month: sentences that follow from its facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from esep.answers import duties
from esep.letters.text import shown
from esep.reports.quality_facts import QualityFacts
from esep.texts import text
from esep.texts.numbers import day

WAITING = ("open", "overdue")
NO_FAULT = "not_on_price_list"
"""A gap that no file can close: no official price is published for the asset."""


def next_steps(facts: QualityFacts, pool: Callable[[str | None], str], language: str) -> list[str]:
    """What waits, by term; `pool` gives a pool's words."""
    return [*_duties(facts, pool, language), *_pools(facts, pool, language), *_data(facts, pool, language)]


def _duties(facts: QualityFacts, pool: Callable[[str | None], str], language: str) -> Iterator[str]:
    waiting = [duty for duty in facts.found.duties if duty.state in WAITING]
    if facts.found.total.waiting:
        yield text("quality_report.next_examine", language, count=facts.found.total.waiting)
    for duty in sorted(waiting, key=lambda duty: (duty.due_on, duty.obligation)):
        if duty.kind == duties.EXAMINE:
            continue
        yield text(
            f"quality_report.next_{duty.kind}",
            language,
            number=duty.letter_no or duty.registration_no or "",
            pool=pool(duty.pool_id),
            day=day(duty.due_on, language),
        )


def _pools(facts: QualityFacts, pool: Callable[[str | None], str], language: str) -> Iterator[str]:
    for one in facts.found.expected:
        if one.state in ("refused", "not_filed"):
            yield text(f"quality_report.next_{one.state}", language, pool=pool(one.pool_id))


def _data(facts: QualityFacts, pool: Callable[[str | None], str], language: str) -> Iterator[str]:
    if facts.found.total.excluded:
        yield text("quality_report.next_excluded", language, count=facts.found.total.excluded)
    for gap in facts.gaps:
        if gap.reason != NO_FAULT:
            yield text(
                "quality_report.next_gap",
                language,
                what=text(f"reconciliation.gap_{gap.kind}", language),
                object=pool(gap.pool_id) if gap.kind == "pool" else gap.currency or shown(gap.asset, 40),
                first=day(gap.first_day, language),
                last=day(gap.last_day, language),
            )
    broken = sum(not one.holds for one in facts.identities)
    if broken:
        yield text("quality_report.next_broken", language, count=broken)
