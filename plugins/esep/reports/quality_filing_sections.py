"""What came for a month: what was due, the filings, refusals, findings, corrections (paras 5, 6, 8, 10)."""

from __future__ import annotations

from datetime import date

from esep.answers.quality_rows import FilingRow, Listing, Place
from esep.letters.text import NOTHING
from esep.reports.blocks import Block, Column, Paragraph, Table
from esep.reports.quality_words import Words
from esep.texts.numbers import day, moment


def due(words: Words) -> list[Block]:
    """Each pool with its state, then each filing."""
    expected = words.facts.found.expected
    rows = [
        (
            words.pool(one.pool_id),
            words.t(f"quality_report.state_{one.state}"),
            _arrival(one.first_arrived_on, one.first_days_late, words),
            _arrival(one.accepted_arrived_on, one.accepted_days_late, words),
            one.registration_no or NOTHING,
        )
        for one in expected
    ]
    columns = (
        Column(words.t("quality.pool"), share=2.4),
        Column(words.t("quality.state"), share=1.4),
        Column(words.t("quality_report.first_arrival"), share=1.3),
        Column(words.t("quality_report.accepted_arrival"), share=1.3),
        Column(words.t("quality.filing"), is_code=True),
    )
    due_on = next((one.due_effective_on for one in expected if one.due_effective_on), None)
    return [
        Paragraph(words.t("quality_report.due_lead", day=day(due_on, words.language)), "faint"),
        Table(words.t("quality_report.due_caption"), columns, rows, words.t("common.nothing")),
        *_filings(words.facts.filings, words),
    ]


def _arrival(on: date | None, days_late: int | None, words: Words) -> str:
    told = day(on, words.language)
    return words.t("quality_report.late_by", day=told, days=days_late) if days_late else told


def _filings(listing: Listing[FilingRow], words: Words) -> list[Block]:
    rows = [
        (
            one.registration_no,
            words.pool(one.pool_id),
            moment(one.received_at, words.language),
            words.t(f"quality.kind_{one.kind}"),
            words.t(f"quality.status_{one.status}"),
            words.count(one.row_count),
            words.count(one.findings),
        )
        for one in listing.rows
    ]
    columns = (
        Column(words.t("quality.filing"), is_code=True, share=1.1),
        Column(words.t("quality.pool"), share=2.2),
        Column(words.t("quality.arrived"), share=1.3),
        Column(words.t("quality.kind"), share=1.1),
        Column(words.t("quality.status"), share=1.1),
        Column(words.t("quality.rows"), is_number=True, share=0.8),
        Column(words.t("quality.findings"), is_number=True, share=1),
    )
    blocks: list[Block] = [Table(words.t("quality_report.filings_caption"), columns, rows, words.t("common.nothing"))]
    if listing.pages > 1:
        blocks.append(Paragraph(words.t("quality_report.first_hundred", count=words.count(listing.count)), "faint"))
    return blocks


def refusals(words: Words) -> Block:
    """Rules by refused filings."""
    rows = [
        (line.rule_id, words.rule(line.rule_id), words.count(line.faults.refusals))
        for line in words.facts.found.refusal_reasons
    ]
    columns = (
        Column(words.t("quality.rule"), is_code=True, share=0.8),
        Column(words.t("quality.says"), share=5),
        Column(words.t("quality.refused_filings"), is_number=True, share=0.9),
    )
    caption = words.t("quality.refusals_caption", refused=words.facts.found.total.refused)
    return Table(caption, columns, rows, words.t("common.nothing"))


def findings(words: Words) -> list[Block]:
    """Rules with examples of places, then pools."""
    found, nothing = words.facts.found, words.t("common.nothing")
    rows = [
        (
            line.rule_id,
            words.rule(line.rule_id),
            words.t(f"quality.class_{line.lane}_{line.severity}"),
            words.count(line.faults.findings),
            words.count(line.faults.filings),
            "; ".join(_place(place, words) for place in words.facts.examples.get(line.rule_id, ())),
        )
        for line in found.rules
    ]
    columns = (
        Column(words.t("quality.rule"), is_code=True, share=0.8),
        Column(words.t("quality.says"), share=3),
        Column(words.t("quality.class"), share=1.25),
        Column(words.t("quality.findings"), is_number=True, share=1.1),
        Column(words.t("quality.filings_concerned"), is_number=True),
        Column(words.t("quality_report.examples"), share=1.8),
    )
    by_pool = [
        (
            words.pool(pool_id),
            words.count(counts.filings),
            words.count(counts.with_findings),
            words.count(found.findings_of_pool.get(pool_id, 0)),
        )
        for pool_id, counts in found.by_pool.items()
    ]
    pool_columns = (
        Column(words.t("quality.pool"), share=3),
        Column(words.t("quality.column_filings"), is_number=True),
        Column(words.t("quality.list_faulty"), is_number=True),
        Column(words.t("quality.findings"), is_number=True),
    )
    return [
        Paragraph(words.t("quality_report.findings_lead"), "faint"),
        Table(words.t("quality_report.findings_caption"), columns, rows, nothing),
        Table(words.t("quality_report.by_pool_caption"), pool_columns, by_pool, nothing),
    ]


def _place(place: Place, words: Words) -> str:
    values = {"number": place.registration_no, "row": place.row, "column": place.column_no}
    if place.row is not None and place.column_no:
        return words.t("quality_report.place_row", **values)
    return words.t("quality_report.place_column", **values) if place.column_no else place.registration_no


def corrections(words: Words) -> list[Block]:
    """Filings that replace data accepted before, with their term."""
    rows = [
        (
            one.registration_no,
            words.pool(one.pool_id),
            moment(one.received_at, words.language),
            words.t(f"quality.status_{one.status}"),
            _timeliness(one.days_late, words),
        )
        for one in words.facts.corrections.rows
    ]
    columns = (
        Column(words.t("quality.filing"), is_code=True),
        Column(words.t("quality.pool"), share=2),
        Column(words.t("quality.arrived"), share=1.3),
        Column(words.t("quality.status")),
        Column(words.t("quality_report.in_time_or_late"), share=2),
    )
    return [Table(words.t("quality_report.corrections_caption"), columns, rows, words.t("common.nothing"))]


def _timeliness(days_late: int | None, words: Words) -> str:
    """A correction without a declared day of change has no term, so nobody can tell."""
    if days_late is None:
        return words.t("quality_report.correction_unknown")
    return words.t("quality_report.correction_late", days=days_late) if days_late else words.t("quality.in_time")
