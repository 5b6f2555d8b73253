"""The terms that the office itself had to keep (paras 8 and 10)."""

from __future__ import annotations

from esep.answers.duties import SEND_NOTICE, STATES, Punctuality
from esep.reports.blocks import Block, Column, Paragraph, Table
from esep.reports.quality_words import Words


def terms(words: Words) -> list[Block]:
    """How long examinations took, then the duties by state; notices by ground too."""
    found = words.facts.found
    times = found.examinations
    blocks: list[Block] = [Paragraph(words.t("quality.terms_lead"), "faint")]
    if times.history:
        blocks.append(Paragraph(words.t("quality.history", count=words.count(times.history))))
    if times.filings_by_days:
        days = ", ".join(
            words.t("quality_report.days_and_filings", days=days, count=words.count(filings))
            for days, filings in times.filings_by_days.items()
        )
        blocks.append(Paragraph(words.t("quality_report.examined_after", days=days)))
    rows: list[tuple[str, ...]] = []
    for kind, states in found.punctuality.items():
        rows.append((words.t(f"quality.duty_{kind}"), *_states(states, words)))
        if kind == SEND_NOTICE:
            rows += [
                (f"– {words.t(f'quality.ground_{ground}')}", *_states(of_ground, words))
                for ground, of_ground in found.notices_by_ground.items()
            ]
    columns = (
        Column(words.t("quality.duty"), share=2),
        *(Column(words.t(f"quality.state_{state}"), is_number=True) for state in STATES),
    )
    return [*blocks, Table(words.t("quality.terms_caption"), columns, rows, words.t("common.nothing"))]


def _states(states: Punctuality, words: Words) -> tuple[str, ...]:
    return tuple(words.count(getattr(states, state)) for state in STATES)
