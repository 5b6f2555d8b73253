"""The monthly report on quality in one language: facts to sections. Personal data are masked for every reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from esep.examination.suites import Rule
from esep.reports.blocks import Block, Document, Figures, Items, Paragraph, Section
from esep.reports.quality_data_sections import reconciliation, unvalued
from esep.reports.quality_facts import QualityFacts
from esep.reports.quality_filing_sections import corrections, due, findings, refusals
from esep.reports.quality_next import next_steps
from esep.reports.quality_term_sections import terms
from esep.reports.quality_trend import trend_blocks
from esep.reports.quality_words import Words
from esep.texts.numbers import day, month, percent


def content(facts: QualityFacts, clauses: Mapping[str, Sequence[Rule]], language: str) -> Document:
    """The whole report; `clauses` are the expectations of each rule in force."""
    words = Words(facts, clauses, language)
    told_month, told_day = month(facts.month, language), day(facts.as_of, language)
    steps = next_steps(facts, words.pool, language)
    sections: tuple[tuple[str, Sequence[Block]], ...] = (
        ("quality_report.briefly", [_briefly(words)]),
        ("quality_report.next", [Items(steps, words.t("quality_report.next_nothing"))]),
        ("quality_report.due", due(words)),
        ("quality.refusals", [refusals(words)]),
        ("quality.findings", findings(words)),
        ("quality.column_corrections", corrections(words)),
        ("quality.terms", terms(words)),
        ("quality.unvalued", unvalued(words)),
        ("quality_report.trend", trend_blocks(facts.trend, language)),
        ("reconciliation.title", reconciliation(words)),
        ("quality_report.about", [Paragraph(words.t("quality_report.about_text", day=told_day), "caution")]),
    )
    return Document(
        language=language,
        title=words.t("quality_report.title", month=told_month),
        subtitle=words.t("quality_report.subtitle", month=told_month, day=told_day),
        footer=words.t("quality_report.footer", month=told_month, day=told_day, code=facts.code_version),
        sections=[Section(words.t(heading), blocks) for heading, blocks in sections],
    )


def _briefly(words: Words) -> Block:
    found, total = words.facts.found, words.facts.found.total
    due_count = sum(one.state != "not_due" for one in found.expected)
    notices = found.notices
    return Figures(
        [
            (
                words.t("quality_report.expected"),
                words.count(due_count),
                words.t("quality_report.expected_note", on_time=found.states.get("on_time", 0)),
            ),
            (
                words.t("quality.filings"),
                words.count(total.filings),
                words.t("quality.filings_note", refused=total.refused, waiting=total.waiting),
            ),
            (
                words.t("quality.complete_share"),
                percent(total.complete_share, words.language),
                words.t("quality.complete_note", complete=total.complete, first=total.first_examined),
            ),
            (words.t("quality.late"), words.count(total.late), words.t("quality.late_note")),
            (
                words.t("quality.findings"),
                words.count(found.findings),
                words.t("quality.findings_note", filings=total.with_findings),
            ),
            (
                words.t("quality_report.notices"),
                words.count(notices.all),
                words.t("quality_report.notices_note", done=notices.done, overdue=notices.overdue),
            ),
        ]
    )
