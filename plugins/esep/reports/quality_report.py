"""The monthly report on quality: what it says in one language, and writing it for a month, or for all that are due.

Personal data are masked for every reader. A report whose content is the same but for its day stays as it is; one that
changed is written anew, and every former version stays beside it under its day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from esep import clock
from esep.answers import duties, open_warehouse
from esep.answers.quality import CLASSES, Arrivals, months_to_report
from esep.answers.viewed import viewed
from esep.clock import months_before
from esep.config import Settings
from esep.documents import charts, html, paper
from esep.documents.model import Block, Chart, ColumnOf, Document, Facts, Items, Kind, Paragraph, Section, Table
from esep.examination import suites
from esep.examination.suites import Rule
from esep.reports import folders, quality_files, quality_sections
from esep.reports.quality_facts import QualityFacts, Words, facts
from esep.texts import LANGUAGES, has
from esep.texts.numbers import month, month_short, percent

MONTHS_AFTER = 2
"""A month is reported in the second month after it: its deadline, refusals and notices are then over."""
WAITING = ("open", "overdue")
NO_FAULT = "not_on_price_list"
"""A gap that no file can close: no official price is published for the asset."""
_TREND_WIDTHS = {"filings": 1.0, "complete_share": 1.1, "refused": 1.25, "late": 1.15, "corrections": 1.45}
"""The width of the columns on paper, as their longest heading asks."""


@dataclass(frozen=True, slots=True)
class Written:
    """A report and where it is."""

    month: date
    as_of: date
    """The day of the report that is there now: an unchanged one keeps its own."""
    folder: Path
    written: bool
    """False: what was there says the same."""

    def file(self, language: str, kind: str) -> Path:
        return self.folder / f"report.{language}.{kind}"


def month_due(as_of: date) -> date:
    """The latest month that is to be reported on a day."""
    return months_before(as_of.replace(day=1), MONTHS_AFTER)


def months(settings: Settings, as_of: date) -> list[date]:
    """The months with filings or with a pool that was to file, up to the latest that is to be reported on the day."""
    with open_warehouse(settings) as connection:
        return [month for month in months_to_report(connection) if month <= month_due(as_of)]


def write(settings: Settings, month: date, as_of: date) -> Written:
    """The report of a month as of a day, which knows what was known before the day began.

    Raises MonthError, UnknownError("month"), and what `open_warehouse` raises.
    """
    with open_warehouse(settings) as connection:
        found = facts(viewed(connection, settings), month, as_of)
    with folders.locked(settings, "quality_report", quality_files.folder(settings)):
        return _write(settings, found)


def _write(settings: Settings, found: QualityFacts) -> Written:
    folder = quality_files.folder_of(settings, found.month)
    current = quality_files.manifest(settings, found.month)
    if current is not None:
        as_then = replace(found, as_of=date.fromisoformat(current["as_of"]), code_version=current["code_version"])
        contents = render(settings, as_then)
        if quality_files.describe(as_then, contents) == current:
            if not quality_files.is_whole(settings, current):
                quality_files.put(folder, current, contents)
            return Written(found.month, as_then.as_of, folder, False)
    contents = render(settings, found)
    quality_files.put(folder, quality_files.describe(found, contents), contents)
    return Written(found.month, found.as_of, folder, True)


def render(settings: Settings, found: QualityFacts) -> dict[str, bytes]:
    """The files of a report by name: HTML and PDF in all languages."""
    clauses = suites.load(settings).by_id()
    contents: dict[str, bytes] = {}
    for language in LANGUAGES:
        said = content(found, clauses, language)
        contents[f"report.{language}.html"] = html.html(said, language)
        contents[f"report.{language}.pdf"] = paper.pdf({language: said}, paper.LOOKS / "report.typ")
    return contents


def content(facts: QualityFacts, clauses: Mapping[str, Sequence[Rule]], language: str) -> Document:
    """The whole report; `clauses` are the expectations of each rule in force."""
    words = Words(facts, clauses, language)
    of_month, as_of = month(facts.month, language), words.day(facts.as_of)
    sections: tuple[tuple[str, Sequence[Block]], ...] = (
        ("quality_report.briefly", [_briefly(words)]),
        ("quality_report.next", [Items(list(_next_steps(words)), words.t("quality_report.next_nothing"))]),
        ("quality_report.due", quality_sections.due(words)),
        ("quality.refusals", [quality_sections.refusals(words)]),
        ("quality.findings", quality_sections.findings(words)),
        ("quality.column_corrections", [quality_sections.corrections(words)]),
        ("quality.terms", quality_sections.deadlines(words)),
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
    came = {"refused": total.refused, "waiting": total.waiting, "unexamined": total.unexamined}
    complete = {"complete": total.complete, "first": total.first_examined}
    cards: Sequence[tuple[str, str, str, Mapping[str, object]]] = (
        ("quality_report.expected", words.count(due_count), "quality_report.expected_note", {"on_time": on_time}),
        ("quality.filings", words.count(total.filings), "quality.filings_note", came),
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
    if facts.found.total.unexamined:
        yield words.t("quality_report.next_examine", count=facts.found.total.unexamined)
    waiting = [duty for duty in facts.found.duties if duty.state in WAITING and duty.kind != duties.EXAMINE]
    for duty in sorted(waiting, key=lambda duty: (duty.due_on, duty.obligation)):
        own = f"quality_report.next_{duty.kind}"
        yield words.t(
            own if has(own) else "quality_report.next_question",
            duty=words.t(f"state.duty_{duty.kind}"),
            number=duty.letter_no or duty.registration_no or "",
            pool=words.pool(duty.pool_id),
            day=words.day(duty.due_on),
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
                object=words.gap(gap, limit=40),
                first=words.day(gap.first_day),
                last=words.day(gap.last_day),
            )
    broken = sum(not one.holds for one in facts.identities)
    if broken:
        yield words.t("quality_report.next_broken", count=broken)


def _trend(words: Words) -> list[Block]:
    """Twelve months side by side: a chart of the findings, left out where there are none, and the table."""
    found, language = words.facts.trend, words.language
    months = list(clock.months(found.scope.first, found.scope.last))
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
    svg = charts.bars(
        rows,
        language,
        x="month",
        y="findings",
        colour="class",
        order=[month_short(one, language) for one in months],
        title=alt,
        y_title=words.t("quality.findings"),
        unit="count",
    )
    return [Chart(str(svg), alt), _trend_table(words, months)]


def _trend_table(words: Words, months: list[date]) -> Table:
    found = words.facts.trend

    def of_class(lane: str, severity: str) -> ColumnOf[date]:
        key = f"quality.class_{lane}_{severity}"
        return key, Kind.COUNT, 1.5, lambda one: found.findings_of_month.get((one, lane, severity), 0)

    def of_counts(name: str, width: float) -> ColumnOf[date]:
        is_share = name == "complete_share"

        def value(month: date) -> str | int:
            count = getattr(found.by_month.get(month, Arrivals()), name)
            return percent(count, words.language) if is_share else int(count)

        return f"quality.column_{name}", Kind.NUMBER if is_share else Kind.COUNT, width, value

    return words.table(
        words.t("quality_report.trend_caption"),
        months,
        ("quality.month", Kind.MONTH, 1.6, lambda one: one),
        *(of_counts(name, width) for name, width in _TREND_WIDTHS.items()),
        *(of_class(lane, severity) for lane, severity in CLASSES),
    )
