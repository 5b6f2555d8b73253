"""The monthly report on quality in one language: facts to blocks. Personal data are masked for every reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from esep.answers import duties
from esep.answers.quality import Arrivals
from esep.answers.quality_summary import CLASSES
from esep.documents.charts import stacked_bars
from esep.documents.model import Block, Cell, Chart, Document, Facts, Items, Kind, Paragraph, Section, Table
from esep.documents.plain import shown
from esep.examination.suites import Rule
from esep.reports import quality_sections
from esep.reports.quality_facts import QualityFacts
from esep.reports.quality_words import Words
from esep.texts.numbers import day, month, month_short, percent

WAITING = ("open", "overdue")
NO_FAULT = "not_on_price_list"
"""A gap that no file can close: no official price is published for the asset."""
_TREND_WIDTHS = {"filings": 1.0, "complete_share": 1.1, "refused": 1.25, "late": 1.15, "corrections": 1.45}
"""The width of the columns on paper, as their longest heading asks."""


def content(facts: QualityFacts, clauses: Mapping[str, Sequence[Rule]], language: str) -> Document:
    """The whole report; `clauses` are the expectations of each rule in force."""
    words = Words(facts, clauses, language)
    of_month, as_of = month(facts.month, language), day(facts.as_of, language)
    sections: tuple[tuple[str, Sequence[Block]], ...] = (
        ("quality_report.briefly", [_briefly(words)]),
        ("quality_report.next", [Items(list(_next_steps(words)), words.t("quality_report.next_nothing"))]),
        ("quality_report.due", quality_sections.due(words)),
        ("quality.refusals", [quality_sections.refusals(words)]),
        ("quality.findings", quality_sections.findings(words)),
        ("quality.column_corrections", [quality_sections.corrections(words)]),
        ("quality.terms", quality_sections.terms(words)),
        ("quality.unvalued", quality_sections.unvalued(words)),
        ("quality_report.trend", _trend(words)),
        ("reconciliation.title", quality_sections.reconciliation(words)),
        ("quality_report.about", [Paragraph(words.t("quality_report.about_text", day=as_of), "caution")]),
    )
    return Document(
        title=words.t("quality_report.title", month=of_month),
        subtitle=words.t("quality_report.subtitle", month=of_month, day=as_of),
        footer=words.t("quality_report.footer", month=of_month, day=as_of, code=facts.code_version),
        blocks=[Section(words.t(heading), blocks) for heading, blocks in sections],
        day=facts.as_of,
    )


def _briefly(words: Words) -> Facts:
    found, total, notices = words.facts.found, words.facts.found.total, words.facts.found.notices
    due_count = sum(one.state != "not_due" for one in found.expected)
    on_time = found.states.get("on_time", 0)
    complete = {"complete": total.complete, "first": total.first_examined}
    cards: Sequence[tuple[str, str, str, Mapping[str, object]]] = (
        ("quality_report.expected", words.count(due_count), "quality_report.expected_note", {"on_time": on_time}),
        (
            "quality.filings",
            words.count(total.filings),
            "quality.filings_note",
            {"refused": total.refused, "waiting": total.waiting},
        ),
        ("quality.complete_share", percent(total.complete_share, words.language), "quality.complete_note", complete),
        ("quality.late", words.count(total.late), "quality.late_note", {}),
        ("quality.findings", words.count(found.findings), "quality.findings_note", {"filings": total.with_findings}),
        (
            "quality_report.notices",
            words.count(notices.all),
            "quality_report.notices_note",
            {"done": notices.done, "overdue": notices.overdue},
        ),
    )
    return Facts([(words.t(label), value, words.t(note, **values)) for label, value, note, values in cards], "cards")


def _next_steps(words: Words) -> Iterator[str]:
    """What the office has to do next about the month: duties by due date, pools, reference data."""
    facts = words.facts
    if facts.found.total.waiting:
        yield words.t("quality_report.next_examine", count=facts.found.total.waiting)
    waiting = [duty for duty in facts.found.duties if duty.state in WAITING and duty.kind != duties.EXAMINE]
    for duty in sorted(waiting, key=lambda duty: (duty.due_on, duty.obligation)):
        yield words.t(
            f"quality_report.next_{duty.kind}",
            number=duty.letter_no or duty.registration_no or "",
            pool=words.pool(duty.pool_id),
            day=day(duty.due_on, words.language),
        )
    for one in facts.found.expected:
        if one.state in ("refused", "not_filed"):
            yield words.t(f"quality_report.next_{one.state}", pool=words.pool(one.pool_id))
    if facts.found.total.excluded:
        yield words.t("quality_report.next_excluded", count=facts.found.total.excluded)
    for gap in facts.gaps:
        if gap.reason != NO_FAULT:
            yield words.t(
                "quality_report.next_gap",
                what=words.t(f"reconciliation.gap_{gap.kind}"),
                object=words.pool(gap.pool_id) if gap.kind == "pool" else gap.currency or shown(gap.asset, 40),
                first=day(gap.first_day, words.language),
                last=day(gap.last_day, words.language),
            )
    broken = sum(not one.holds for one in facts.identities)
    if broken:
        yield words.t("quality_report.next_broken", count=broken)


def _trend(words: Words) -> list[Block]:
    """Twelve months side by side: a chart of the findings, left out where there are none, and the table."""
    found, language = words.facts.trend, words.language
    months = _months(found.scope.first, found.scope.last)
    rows: list[dict[str, Any]] = [
        {
            "month": month_short(one, language),
            "class": words.t(f"quality.class_{lane}_{severity}"),
            "findings": found.findings_of_month[one, lane, severity],
        }
        for lane, severity in CLASSES
        for one in months
        if (one, lane, severity) in found.findings_of_month
    ]
    if not rows:
        return [_trend_table(words, months)]
    alt = words.t("quality_report.chart", first=month(months[0], language), last=month(months[-1], language))
    svg = stacked_bars(
        rows,
        x="month",
        y="findings",
        colour="class",
        order=[month_short(one, language) for one in months],
        title=alt,
        y_title=words.t("quality.findings"),
    )
    return [Chart(str(svg), alt), _trend_table(words, months)]


def _trend_table(words: Words, months: list[date]) -> Table:
    found = words.facts.trend
    columns = (
        words.column("quality.month", Kind.MONTH, 1.6),
        *(
            words.column(f"quality.column_{key}", Kind.NUMBER if key == "complete_share" else Kind.COUNT, width)
            for key, width in _TREND_WIDTHS.items()
        ),
        *(words.column(f"quality.class_{lane}_{severity}", Kind.COUNT, 1.5) for lane, severity in CLASSES),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in months:
        counts = found.by_month.get(one, Arrivals())
        share = percent(counts.complete_share, words.language)
        classes = (found.findings_of_month.get((one, lane, severity), 0) for lane, severity in CLASSES)
        rows.append((one, counts.filings, share, counts.refused, counts.late, counts.corrections, *classes))
    return words.table(words.t("quality_report.trend_caption"), columns, rows)


def _months(first: date, last: date) -> list[date]:
    months = [first]
    while months[-1] < last:
        year, number = months[-1].year, months[-1].month
        months.append(date(year + number // 12, number % 12 + 1, 1))
    return months
