"""What the columns mean that tell when what was known, and by which entries a figure changed (paras 3, 6 and 11)."""

from __future__ import annotations

from collections.abc import Mapping

_UNIT = "Unit: units of the asset."
_MOVED = "Positive when the entry brings it to the figures, negative when it takes it away."

ENTRY_COLUMNS: Mapping[str, str] = {
    "begun_by": "Why the span began, in the words of income_entry.cause.",
    "begun_by_examination_no": "Examination of begun_by_no that began the span.",
    "begun_by_no": "Filing to which the beginning is due: the span's own, or one that its re-examination took out of "
    "force.",
    "cause": "Why the figure changed: new (a first filing), refiling, correction, overruled (an officer overruled a "
    "refusal), reexamination, price or exchange_rate (a new version of the reference file), code_version (other code "
    "tells it otherwise).",
    "built_at": "Moment as of which the figures were worked out.",
    "code_version_after": "Version of Esep that tells it since the moment.",
    "code_version_before": "Version of Esep that told it until the moment.",
    "counts_from": "Moment from which the examination counts: -infinity for the first, else that of its verdict.",
    "counts_to": "Moment from which the next examination counts; infinity for the latest.",
    "ended_by": "Why the span ended, in the words of income_entry.cause; empty while it lasts.",
    "ended_by_examination_no": "Examination of ended_by_no that ended the span; empty while it lasts.",
    "ended_by_no": "Filing to which the end is due; empty while the span lasts.",
    "exchange_rate_sha256": "SHA-256 of the version of exchange rates accepted at the moment; empty where none was.",
    "figures_from": "Moment from which the examination brings figures: the filing counts as accepted by it; empty if "
    "it never does.",
    "in_force_from": "Moment at which the filing came in force.",
    "in_force_to": "Moment from which it was in force no more; infinity while it is.",
    "known_from": "Moment from which this was told; -infinity for the first accepted version.",
    "known_to": "Moment from which this was told no more; infinity while it is in force.",
    "moment": "Moment at which what is told changed.",
    "price_sha256": "SHA-256 of the version of prices accepted at the moment; empty where none was.",
    "reference": "What caused it: registration number; registration number, 'examination' and its number; 'price' or "
    "'exchange_rate' and the first 8 digits of the version's SHA-256; version of Esep.",
    "revised_by": "Version of Esep that tells it otherwise since known_to; empty for a part of income_part.",
    "revision_no": "Counts the publications by other code that told something otherwise.",
    "rows_lost": "Whether the rows of an earlier examination can no longer be read from the lake; what it told is then "
    "left out of the figures as told.",
    "valued_difference": f"Change of the quantity that has a value. {_UNIT}",
    "unvalued_difference": f"Change of the quantity without a value. {_UNIT}",
    "version_no": "1 for the first accepted version of the file; each later one counts up.",
}

ENTRY_RELATION_COLUMNS: Mapping[tuple[str, str], str] = {
    **{
        (relation, column): text
        for relation in ("income_entry", "income_entry_by_share", "part_turn", "figure_revision")
        for column, text in {
            "income_kzt_difference": f"Change of the income, exact. {_MOVED} Unit: tenge.",
            "period": "Month for which the filing was made.",
            "quantity_difference": f"Change of the quantity received in the role. {_MOVED} {_UNIT}",
            "registration_no": "Filing that caused it; for a price or rate the filing whose quantities it values.",
        }.items()
    },
    ("examination_span", "accepted_from"): "Moment from which the filing counts as accepted by this examination, its "
    "arrival or the overruling, not regarding when it was examined; empty while refused.",
    ("income_entry", "code_version"): "Version of Esep whose examination read the filing; empty for prices and rates.",
    ("income_entry", "quantity_to_sell_difference"): "Change of the year's quantity_to_sell, which is rounded up "
    f"before and after; 0 without an obligation. {_UNIT}",
    ("income_entry", "ruleset"): "Version of the rules that judged the filing; empty for prices and rates.",
    **{
        (relation, "examination_no"): "Examination that read the filing; empty for a price, rate or code version."
        for relation in ("income_entry_by_share", "part_turn")
    },
    ("reference_history", "row_count"): "Rows of the accepted file.",
    ("version_moment", "moment"): "Moment of acceptance.",
}
