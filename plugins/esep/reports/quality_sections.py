"""The sections of the quality report: what came for a month, the office's own deadlines, values, reconciliation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from esep.answers.duties import SEND_NOTICE, STATES, Punctuality
from esep.answers.reconciliation import code_of
from esep.answers.tables import Page, Row
from esep.documents.model import NAME_LIMIT, Block, ColumnOf, Kind, Paragraph, Table
from esep.documents.plain import NOTHING, shown
from esep.reports.quality_facts import Words
from esep.texts.numbers import percent


def due(words: Words) -> list[Block]:
    """Each pool with its state, then each filing (para 5)."""
    expected = words.facts.found.expected
    pools = words.table(
        words.t("quality_report.due_caption"),
        expected,
        ("quality.pool", Kind.TEXT, 2.4, lambda one: words.pool(one.pool_id)),
        ("quality.state", Kind.TEXT, 1.4, lambda one: words.t(f"state.month_{one.state}")),
        (
            "quality_report.first_arrival",
            Kind.TEXT,
            1.3,
            lambda one: _arrival(one.first_arrived_on, one.first_days_late, words),
        ),
        (
            "quality_report.accepted_arrival",
            Kind.TEXT,
            1.3,
            lambda one: _arrival(one.accepted_arrived_on, one.accepted_days_late, words),
        ),
        ("quality.filing", Kind.CODE, 1, lambda one: one.registration_no or NOTHING),
    )
    due_on = next((one.due_effective_on for one in expected if one.due_effective_on), None)
    return [
        words.faint("quality_report.due_lead", day=words.day(due_on)),
        pools,
        *_filings(words.facts.filings, words),
    ]


def _arrival(on: date | None, days_late: int | None, words: Words) -> str:
    arrived = words.day(on)
    return words.t("quality_report.late_by", day=arrived, number=days_late) if days_late else arrived


def _filings(listing: Page[Row], words: Words) -> Iterator[Block]:
    yield words.table(
        words.t("quality_report.filings_caption"),
        listing.rows,
        ("quality.filing", Kind.CODE, 1.1, lambda one: one.registration_no),
        ("quality.pool", Kind.TEXT, 2.2, lambda one: words.pool(one.pool_id)),
        ("quality.arrived", Kind.MOMENT, 1.3, lambda one: one.received_at),
        ("quality.kind", Kind.TEXT, 1.1, lambda one: words.t(f"state.kind_{one.kind}")),
        ("quality.status", Kind.TEXT, 1.1, lambda one: _state(one, words)),
        ("quality.rows", Kind.COUNT, 0.8, lambda one: words.count(one.row_count)),
        ("quality.findings", Kind.COUNT, 1, lambda one: one.findings),
    )
    if listing.pages > 1:
        yield words.faint("quality_report.first_hundred", count=words.count(listing.count))


def _state(one: Row, words: Words) -> str:
    """What became of a filing; whether the office transcribed it."""
    state = words.t("state.verdict_waiting" if one.question else f"state.status_{one.status}")
    return f"{state}, {words.t('questions.transcribed')}" if one.is_transcribed else state


def refusals(words: Words) -> Table:
    """Rules by refused filings (para 8)."""
    return words.table(
        words.t("quality.refusals_caption", refused=words.facts.found.total.refused),
        words.facts.found.refusal_reasons,
        ("quality.rule", Kind.CODE, 0.8, lambda line: line.rule_id),
        ("quality.says", Kind.TEXT, 5, lambda line: words.rule(line.rule_id)),
        ("quality.refused_filings", Kind.COUNT, 0.9, lambda line: line.faults.refusals),
    )


def findings(words: Words) -> list[Block]:
    """Rules with examples of places, then pools."""
    found, examples = words.facts.found, words.facts.examples
    return [
        words.faint("quality_report.findings_lead"),
        words.table(
            words.t("quality_report.findings_caption"),
            found.rules,
            ("quality.rule", Kind.CODE, 0.8, lambda line: line.rule_id),
            ("quality.says", Kind.TEXT, 3, lambda line: words.rule(line.rule_id)),
            ("quality.class", Kind.TEXT, 1.25, lambda line: words.t(f"quality.class_{line.lane}_{line.severity}")),
            ("quality.findings", Kind.COUNT, 1.1, lambda line: line.faults.findings),
            ("quality.filings_concerned", Kind.COUNT, 1, lambda line: line.faults.filings),
            (
                "quality_report.examples",
                Kind.TEXT,
                1.8,
                lambda line: "; ".join(_place(place, words) for place in examples.get(line.rule_id, ())),
            ),
        ),
        words.table(
            words.t("quality_report.by_pool_caption"),
            found.by_pool.items(),
            ("quality.pool", Kind.TEXT, 3, lambda of: words.pool(of[0])),
            ("quality.column_filings", Kind.COUNT, 1, lambda of: of[1].filings),
            ("quality.list_faulty", Kind.COUNT, 1, lambda of: of[1].with_findings),
            ("quality.findings", Kind.COUNT, 1, lambda of: found.findings_of_pool.get(of[0], 0)),
        ),
    ]


def _place(place: Row, words: Words) -> str:
    values = {"number": place.registration_no, "row": place.row, "column": place.column_no}
    if place.row is not None and place.column_no:
        return words.t("quality_report.place_row", **values)
    return words.t("quality_report.place_column", **values) if place.column_no else place.registration_no


def corrections(words: Words) -> Table:
    """Filings that replace data accepted before, with their deadline (para 6)."""
    return words.table(
        words.t("quality_report.corrections_caption"),
        words.facts.corrections.rows,
        ("quality.filing", Kind.CODE, 1, lambda one: one.registration_no),
        ("quality.pool", Kind.TEXT, 2, lambda one: words.pool(one.pool_id)),
        ("quality.arrived", Kind.MOMENT, 1.3, lambda one: one.received_at),
        ("quality.status", Kind.TEXT, 1, lambda one: words.t(f"state.status_{one.status}")),
        ("quality_report.in_time_or_late", Kind.TEXT, 2, lambda one: _timeliness(one.days_late, words)),
    )


def _timeliness(days_late: int | None, words: Words) -> str:
    """A correction without a declared day of change has no deadline, so it cannot be judged."""
    if days_late is None:
        return words.t("quality_report.correction_unknown")
    return words.t("quality_report.correction_late", number=days_late) if days_late else words.t("quality.in_time")


def deadlines(words: Words) -> list[Block]:
    """What the office itself had to do in time: examinations, then duties by state; notices by ground too."""
    found = words.facts.found
    blocks: list[Block] = [words.faint("quality.deadlines_lead")]
    if found.total.history:
        blocks.append(Paragraph(words.t("quality.history", count=words.count(found.total.history))))
    if found.examination_days:
        days = ", ".join(
            words.t("quality_report.days_and_filings", number=days, count=words.count(filings))
            for days, filings in found.examination_days.items()
        )
        blocks.append(Paragraph(words.t("quality_report.examined_after", days=days)))
    rows: list[tuple[str, Punctuality]] = []
    for kind, states in found.punctuality.items():
        rows.append((words.t(f"state.duty_{kind}"), states))
        if kind == SEND_NOTICE:
            by_ground = found.notices_by_ground.items()
            rows += [(f"– {words.t(f'quality.ground_{ground}')}", of_ground) for ground, of_ground in by_ground]
    table = words.table(
        words.t("quality.deadlines_caption"),
        rows,
        ("quality.duty", Kind.TEXT, 2, lambda row: row[0]),
        *(_of_state(state) for state in STATES),
    )
    return [*blocks, table]


def _of_state(state: str) -> ColumnOf[tuple[str, Punctuality]]:
    return f"state.duty_state_{state}", Kind.COUNT, 1, lambda row: int(getattr(row[1], state))


def unvalued(words: Words) -> list[Block]:
    """Assets with a part that has no value, then the reference data that are missing."""
    return [
        words.faint("quality.unvalued_lead"),
        words.table(
            words.t("quality.unvalued_caption"),
            [line for line in words.facts.found.unvalued if line.unvalued_quantity],
            ("quality.asset", Kind.TEXT, 1, lambda line: shown(line.asset, NAME_LIMIT)),
            ("quality.quantity", Kind.QUANTITY, 1.4, lambda line: line.quantity),
            ("quality.unvalued_quantity", Kind.QUANTITY, 1.4, lambda line: line.unvalued_quantity),
            (
                "quality.share",
                Kind.NUMBER,
                0.7,
                lambda line: percent(words.facts.found.unvalued_share(line), words.language, 2),
            ),
        ),
        words.table(
            words.t("quality_report.gaps_caption"),
            words.facts.gaps,
            ("reconciliation.what", Kind.TEXT, 1.1, lambda gap: words.t(f"reconciliation.gap_{gap.kind}")),
            ("reconciliation.object", Kind.TEXT, 1.4, words.gap),
            ("reconciliation.reason", Kind.TEXT, 2.2, lambda gap: words.t(f"state.reason_{gap.reason}")),
            (
                "reconciliation.days",
                Kind.TEXT,
                1.5,
                lambda gap: f"{words.day(gap.first_day)} – {words.day(gap.last_day)}",
            ),
            ("reconciliation.rows", Kind.COUNT, 0.8, lambda gap: words.count(gap.row_count)),
        ),
    ]


def reconciliation(words: Words) -> list[Block]:
    """One sentence where all identities hold, else those that do not."""
    broken = [one for one in words.facts.identities if not one.holds]
    if not broken:
        return [Paragraph(words.t("reconciliation.all_hold", count=words.count(len(words.facts.identities))))]

    def name(code: str | None, identity: str) -> str:
        return words.t(f"reconciliation.identity_{code}") if code else identity

    return [
        Paragraph(words.t("reconciliation.broken", count=words.count(len(broken))), "caution"),
        words.table(
            words.t("reconciliation.caption"),
            broken,
            ("reconciliation.identity", Kind.TEXT, 2.5, lambda one: name(code_of(one), one.identity)),
            ("reconciliation.left", Kind.QUANTITY, 1, lambda one: one.left_value),
            ("reconciliation.right", Kind.QUANTITY, 1, lambda one: one.right_value),
            ("reconciliation.difference", Kind.QUANTITY, 1, lambda one: one.difference),
        ),
    ]
