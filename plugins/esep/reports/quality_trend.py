"""Twelve months of quality side by side: a chart of the findings and the same figures as a table."""

from __future__ import annotations

from datetime import date
from typing import Any

from esep.answers.quality import Arrivals
from esep.answers.quality_summary import CLASSES, Summary
from esep.reports.blocks import Block, Chart, Column, Table
from esep.reports.charts import stacked_bars
from esep.texts import text
from esep.texts.numbers import count, month, month_short, percent

_SHARES = {"filings": 1.0, "complete_share": 1.1, "refused": 1.25, "late": 1.15, "corrections": 1.45}
"""The width of the columns on paper, as their longest heading asks."""


def trend_blocks(found: Summary, language: str) -> list[Block]:
    """The chart, left out where nothing was found, and the table."""
    months = _months(found.scope.first, found.scope.last)
    findings = found.findings_of_month
    rows: list[dict[str, Any]] = [
        {
            "month": month_short(one, language),
            "class": text(f"quality.class_{lane}_{severity}", language),
            "findings": findings[one, lane, severity],
        }
        for lane, severity in CLASSES
        for one in months
        if (one, lane, severity) in findings
    ]
    blocks: list[Block] = []
    if rows:
        alt = text("quality_report.chart", language, first=month(months[0], language), last=month(months[-1], language))
        svg = stacked_bars(
            rows,
            x="month",
            y="findings",
            colour="class",
            order=[month_short(one, language) for one in months],
            title=alt,
            y_title=text("quality.findings", language),
        )
        blocks.append(Chart(str(svg), alt))
    return [*blocks, _table(found, months, language)]


def _table(found: Summary, months: list[date], language: str) -> Table:
    findings, by_month = found.findings_of_month, found.by_month
    rows = []
    for one in months:
        counts = by_month.get(one, Arrivals())
        numbers = (counts.filings, counts.refused, counts.late, counts.corrections)
        classes = (findings.get((one, lane, severity), 0) for lane, severity in CLASSES)
        rows.append((
            month(one, language),
            count(numbers[0], language),
            percent(counts.complete_share, language),
            *(count(number, language) for number in (*numbers[1:], *classes)),
        ))  # fmt: skip
    columns = (
        Column(text("quality.month", language), share=1.6),
        *(
            Column(text(f"quality.column_{key}", language), is_number=True, share=share)
            for key, share in _SHARES.items()
        ),
        *(
            Column(text(f"quality.class_{lane}_{severity}", language), is_number=True, share=1.5)
            for lane, severity in CLASSES
        ),
    )
    return Table(text("quality_report.trend_caption", language), columns, rows, text("common.nothing", language))


def _months(first: date, last: date) -> list[date]:
    months = [first]
    while months[-1] < last:
        year, number = months[-1].year, months[-1].month
        months.append(date(year + number // 12, number % 12 + 1, 1))
    return months
