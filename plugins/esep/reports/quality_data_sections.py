"""What the figures lack and whether they add up: unvalued quantities, missing reference data, reconciliation."""

from __future__ import annotations

from esep.letters.text import shown
from esep.reports.blocks import Block, Column, Paragraph, Table
from esep.reports.quality_words import NAME_LIMIT, Words
from esep.texts.numbers import day, percent, quantity


def unvalued(words: Words) -> list[Block]:
    """Assets with a part that has no value, then the reference data that are missing."""
    language, nothing = words.language, words.t("common.nothing")
    rows = [
        (
            shown(line.asset, NAME_LIMIT),
            quantity(line.quantity, language),
            quantity(line.unvalued_quantity, language),
            percent(line.share, language, 2),
        )
        for line in words.facts.found.unvalued
        if line.unvalued_quantity
    ]
    columns = (
        Column(words.t("quality.asset")),
        Column(words.t("quality.quantity"), is_number=True, share=1.4),
        Column(words.t("quality.unvalued_quantity"), is_number=True, share=1.4),
        Column(words.t("quality.share"), is_number=True, share=0.7),
    )
    gap_rows = [
        (
            words.t(f"reconciliation.gap_{gap.kind}"),
            words.pool(gap.pool_id) if gap.kind == "pool" else gap.currency or shown(gap.asset, NAME_LIMIT),
            words.t(f"reconciliation.reason_{gap.reason}"),
            f"{day(gap.first_day, language)} – {day(gap.last_day, language)}",
            words.count(gap.row_count),
        )
        for gap in words.facts.gaps
    ]
    gap_columns = (
        Column(words.t("reconciliation.what"), share=1.1),
        Column(words.t("reconciliation.object"), share=1.4),
        Column(words.t("reconciliation.reason"), share=2.2),
        Column(words.t("reconciliation.days"), share=1.5),
        Column(words.t("reconciliation.rows"), is_number=True, share=0.8),
    )
    return [
        Paragraph(words.t("quality.unvalued_lead"), "faint"),
        Table(words.t("quality.unvalued_caption"), columns, rows, nothing),
        Table(words.t("quality_report.gaps_caption"), gap_columns, gap_rows, nothing),
    ]


def reconciliation(words: Words) -> list[Block]:
    """One sentence where all identities hold, else those that do not."""
    broken = [one for one in words.facts.identities if not one.holds]
    if not broken:
        return [Paragraph(words.t("reconciliation.all_hold", count=words.count(len(words.facts.identities))))]
    rows = [
        (
            words.t(f"reconciliation.identity_{one.code}") if one.code else one.identity,
            quantity(one.left_value, words.language),
            quantity(one.right_value, words.language),
            quantity(one.difference, words.language),
        )
        for one in broken
    ]
    columns = (
        Column(words.t("reconciliation.identity"), share=2.5),
        Column(words.t("reconciliation.left"), is_number=True),
        Column(words.t("reconciliation.right"), is_number=True),
        Column(words.t("reconciliation.difference"), is_number=True),
    )
    told = words.t("reconciliation.broken", count=words.count(len(broken)))
    return [Paragraph(told, "caution"), Table(words.t("reconciliation.caption"), columns, rows, told)]
