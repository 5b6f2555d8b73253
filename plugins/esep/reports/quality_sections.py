"""The sections of the quality report: what came for a month, the office's own terms, values, reconciliation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from esep.answers.duties import SEND_NOTICE, STATES, Punctuality
from esep.answers.quality_lists import FilingRow, Listing, Place
from esep.documents.model import Block, Cell, Kind, Paragraph, Table
from esep.documents.plain import NOTHING, shown
from esep.reports.quality_words import NAME_LIMIT, Words
from esep.texts.numbers import day, percent


def due(words: Words) -> list[Block]:
    """Each pool with its state, then each filing (para 5)."""
    expected = words.facts.found.expected
    rows = [
        (
            words.pool(one.pool_id),
            words.t(f"state.month_{one.state}"),
            _arrival(one.first_arrived_on, one.first_days_late, words),
            _arrival(one.accepted_arrived_on, one.accepted_days_late, words),
            one.registration_no or NOTHING,
        )
        for one in expected
    ]
    columns = (
        words.column("quality.pool", width=2.4),
        words.column("quality.state", width=1.4),
        words.column("quality_report.first_arrival", width=1.3),
        words.column("quality_report.accepted_arrival", width=1.3),
        words.column("quality.filing", Kind.CODE),
    )
    due_on = next((one.due_effective_on for one in expected if one.due_effective_on), None)
    return [
        words.faint("quality_report.due_lead", day=day(due_on, words.language)),
        words.table(words.t("quality_report.due_caption"), columns, rows),
        *_filings(words.facts.filings, words),
    ]


def _arrival(on: date | None, days_late: int | None, words: Words) -> str:
    arrived = day(on, words.language)
    return words.t("quality_report.late_by", day=arrived, days=days_late) if days_late else arrived


def _filings(listing: Listing[FilingRow], words: Words) -> Iterator[Block]:
    columns = (
        words.column("quality.filing", Kind.CODE, 1.1),
        words.column("quality.pool", width=2.2),
        words.column("quality.arrived", Kind.MOMENT, 1.3),
        words.column("quality.kind", width=1.1),
        words.column("quality.status", width=1.1),
        words.column("quality.rows", Kind.COUNT, 0.8),
        words.column("quality.findings", Kind.COUNT),
    )
    rows = [
        (
            one.registration_no,
            words.pool(one.pool_id),
            one.received_at,
            words.t(f"state.kind_{one.kind}"),
            words.t(f"state.status_{one.status}"),
            words.count(one.row_count),
            one.findings,
        )
        for one in listing.rows
    ]
    yield words.table(words.t("quality_report.filings_caption"), columns, rows)
    if listing.pages > 1:
        yield words.faint("quality_report.first_hundred", count=words.count(listing.count))


def refusals(words: Words) -> Table:
    """Rules by refused filings (para 8)."""
    columns = (
        words.column("quality.rule", Kind.CODE, 0.8),
        words.column("quality.says", width=5),
        words.column("quality.refused_filings", Kind.COUNT, 0.9),
    )
    rows = [
        (line.rule_id, words.rule(line.rule_id), line.faults.refusals) for line in words.facts.found.refusal_reasons
    ]
    caption = words.t("quality.refusals_caption", refused=words.facts.found.total.refused)
    return words.table(caption, columns, rows)


def findings(words: Words) -> list[Block]:
    """Rules with examples of places, then pools."""
    found = words.facts.found
    columns = (
        words.column("quality.rule", Kind.CODE, 0.8),
        words.column("quality.says", width=3),
        words.column("quality.class", width=1.25),
        words.column("quality.findings", Kind.COUNT, 1.1),
        words.column("quality.filings_concerned", Kind.COUNT),
        words.column("quality_report.examples", width=1.8),
    )
    rows = [
        (
            line.rule_id,
            words.rule(line.rule_id),
            words.t(f"quality.class_{line.lane}_{line.severity}"),
            line.faults.findings,
            line.faults.filings,
            "; ".join(_place(place, words) for place in words.facts.examples.get(line.rule_id, ())),
        )
        for line in found.rules
    ]
    pool_columns = (
        words.column("quality.pool", width=3),
        words.column("quality.column_filings", Kind.COUNT),
        words.column("quality.list_faulty", Kind.COUNT),
        words.column("quality.findings", Kind.COUNT),
    )
    pool_rows = [
        (words.pool(pool_id), counts.filings, counts.with_findings, found.findings_of_pool.get(pool_id, 0))
        for pool_id, counts in found.by_pool.items()
    ]
    return [
        words.faint("quality_report.findings_lead"),
        words.table(words.t("quality_report.findings_caption"), columns, rows),
        words.table(words.t("quality_report.by_pool_caption"), pool_columns, pool_rows),
    ]


def _place(place: Place, words: Words) -> str:
    values = {"number": place.registration_no, "row": place.row, "column": place.column_no}
    if place.row is not None and place.column_no:
        return words.t("quality_report.place_row", **values)
    return words.t("quality_report.place_column", **values) if place.column_no else place.registration_no


def corrections(words: Words) -> Table:
    """Filings that replace data accepted before, with their term (para 6)."""
    columns = (
        words.column("quality.filing", Kind.CODE),
        words.column("quality.pool", width=2),
        words.column("quality.arrived", Kind.MOMENT, 1.3),
        words.column("quality.status"),
        words.column("quality_report.in_time_or_late", width=2),
    )
    rows = [
        (
            one.registration_no,
            words.pool(one.pool_id),
            one.received_at,
            words.t(f"state.status_{one.status}"),
            _timeliness(one.days_late, words),
        )
        for one in words.facts.corrections.rows
    ]
    return words.table(words.t("quality_report.corrections_caption"), columns, rows)


def _timeliness(days_late: int | None, words: Words) -> str:
    """A correction without a declared day of change has no term, so nobody can tell."""
    if days_late is None:
        return words.t("quality_report.correction_unknown")
    return words.t("quality_report.correction_late", days=days_late) if days_late else words.t("quality.in_time")


def terms(words: Words) -> list[Block]:
    """The terms that the office itself had to keep: examinations, then duties by state; notices by ground too."""
    found, times = words.facts.found, words.facts.found.examinations
    blocks: list[Block] = [words.faint("quality.terms_lead")]
    if times.history:
        blocks.append(Paragraph(words.t("quality.history", count=words.count(times.history))))
    if times.filings_by_days:
        days = ", ".join(
            words.t("quality_report.days_and_filings", days=days, count=words.count(filings))
            for days, filings in times.filings_by_days.items()
        )
        blocks.append(Paragraph(words.t("quality_report.examined_after", days=days)))
    rows: list[tuple[Cell, ...]] = []
    for kind, states in found.punctuality.items():
        rows.append((words.t(f"state.duty_{kind}"), *_states(states)))
        if kind == SEND_NOTICE:
            rows += [
                (f"– {words.t(f'quality.ground_{ground}')}", *_states(of_ground))
                for ground, of_ground in found.notices_by_ground.items()
            ]
    columns = (
        words.column("quality.duty", width=2),
        *(words.column(f"state.duty_state_{state}", Kind.COUNT) for state in STATES),
    )
    return [*blocks, words.table(words.t("quality.terms_caption"), columns, rows)]


def _states(states: Punctuality) -> tuple[int, ...]:
    return tuple(getattr(states, state) for state in STATES)


def unvalued(words: Words) -> list[Block]:
    """Assets with a part that has no value, then the reference data that are missing."""
    columns = (
        words.column("quality.asset"),
        words.column("quality.quantity", Kind.QUANTITY, 1.4),
        words.column("quality.unvalued_quantity", Kind.QUANTITY, 1.4),
        words.column("quality.share", Kind.NUMBER, 0.7),
    )
    rows = [
        (shown(line.asset, NAME_LIMIT), line.quantity, line.unvalued_quantity, percent(line.share, words.language, 2))
        for line in words.facts.found.unvalued
        if line.unvalued_quantity
    ]
    gap_columns = (
        words.column("reconciliation.what", width=1.1),
        words.column("reconciliation.object", width=1.4),
        words.column("reconciliation.reason", width=2.2),
        words.column("reconciliation.days", width=1.5),
        words.column("reconciliation.rows", Kind.COUNT, 0.8),
    )
    gap_rows = [
        (
            words.t(f"reconciliation.gap_{gap.kind}"),
            words.pool(gap.pool_id) if gap.kind == "pool" else gap.currency or shown(gap.asset, NAME_LIMIT),
            words.t(f"state.reason_{gap.reason}"),
            f"{day(gap.first_day, words.language)} – {day(gap.last_day, words.language)}",
            words.count(gap.row_count),
        )
        for gap in words.facts.gaps
    ]
    return [
        words.faint("quality.unvalued_lead"),
        words.table(words.t("quality.unvalued_caption"), columns, rows),
        words.table(words.t("quality_report.gaps_caption"), gap_columns, gap_rows),
    ]


def reconciliation(words: Words) -> list[Block]:
    """One sentence where all identities hold, else those that do not."""
    broken = [one for one in words.facts.identities if not one.holds]
    if not broken:
        return [Paragraph(words.t("reconciliation.all_hold", count=words.count(len(words.facts.identities))))]
    columns = (
        words.column("reconciliation.identity", width=2.5),
        words.column("reconciliation.left", Kind.QUANTITY),
        words.column("reconciliation.right", Kind.QUANTITY),
        words.column("reconciliation.difference", Kind.QUANTITY),
    )
    rows = [
        (
            words.t(f"reconciliation.identity_{one.code}") if one.code else one.identity,
            one.left_value,
            one.right_value,
            one.difference,
        )
        for one in broken
    ]
    warning = Paragraph(words.t("reconciliation.broken", count=words.count(len(broken))), "caution")
    return [warning, words.table(words.t("reconciliation.caption"), columns, rows)]
