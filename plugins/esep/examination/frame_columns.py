"""The columns of the frames that the suites look at, one set for each stage: what a rule may name.

A frame is an Arrow table. Texts are the filer's own; columns that end in `_state` (and the other helpers described
here) hold a short word. A word is null where the question does not arise, so that no rule reports a fault twice: an
empty cell has no state, only the completeness rule of its column sees it.
"""

from __future__ import annotations

from esep.forms.document import LATER_FIELDS, ROW_FIELDS

STAGES = ("files", "package", "application", "form", "rows", "across_filings")
"""Order of examination. A stage sees only what the one before let through; within a stage all faults are found.

The last one is no part of the examination of a package: supervision holds all filings in force against each other.
"""

NOT_ASKED = "–"
"""In place of an empty cell about which no rule asks."""
DETAILS = frozenset({"detail", "unused_detail", "signature_detail", "signature_service_detail"})
"""Columns of the files' frame that hold a Detail: what a rule finds there is put in words by its finding."""

FILES = {
    "file": "Path of the file inside the package.",
    "state": "FileState: what became of reading it.",
    "role": "FileRole: what it turned out to be.",
    "detail": "What is to be said of it: code and values as JSON, which findings put in words; null when nothing is.",
    "detail_code": "Its code alone; null when there is none.",
    "needed_fault": "FileState, if the file could not be read and the package may lack a part without it.",
    "unused": "`lacking` if the file holds no part of a filing while one is lacking that it might be; else null.",
    "unused_detail": "Why nothing of it was used: code and values.",
    "spare_fault": "FileState, if the file could not be read but the package has all its parts without it.",
    "repeated_sheets": "Names of sheets that show the part of the file of an earlier one; null if there are none.",
    "copied_rows": "Where the rows count that this file repeats in full; null if there are none.",
    "shared_rows": "How many rows, quantities aside, it shares with another file or sheet, if most; null otherwise.",
    "shared_with": "That other file, or the two sheets.",
    "hidden_sheets": "Names of hidden sheets that are no 1-ЦМ, joined by commas; null if there are none.",
    "column_numbers": "`missing` where a 1-ЦМ heading stands without the row of column numbers, else `found`.",
    # The rest is null for files that are no signatures; what an invalid one claims about its signer stays null, too.
    "signature_state": "SignatureState: what verifying it came to. None of the words means valid.",
    "signature_detail_code": "Code of `signature_detail` alone; null when there is none.",
    "signature_detail": "What is to be said about the signature: code and values.",
    "signature_verified_by": "`esep`, `service` (the external one confirms it) or `nobody`.",
    "signature_service": "Code of the external service's answer; null where it was not asked.",
    "signature_service_detail": "What that answer says: code and values.",
    "signature_covers": "`file` of the package, or `other_content` that the signature itself holds; null if not known.",
    "signature_content": "SHA-256 and size of the content that the signature itself holds; null for a detached one.",
    "signature_pool": "`agrees`, `differs` or `no_bin`: the certificate's BIN beside the pool's.",
    "signer": "Name of the signer as certified.",
    "signer_bin": "BIN of the certificate.",
    "signer_right": "Right: `first_head`, `right_to_sign` or `other`.",
    "pool_id": "BIN of the pool whose filing it is.",
    "certificate_on_arrival": "`ok`, or `expired` if it was in force at the stated time and no longer on arrival.",
    "signature_time": "`ok`, `signed_in_future`, `certificate_expired` or `certificate_not_yet_valid`.",
    "signed_at": "Local time of signing as the signer states it, else of arrival.",
    "certificate_validity": "First and last local moment of the certificate.",
}

PACKAGE = {
    "form": "`present` or `absent`: a 1-ЦМ (Annex 2), with or without its number row.",
    "application": "`present` or `absent`: an application (Annex 1).",
    "signature": "`present` or `absent`: a non-empty electronic signature file.",
    "signature_over": "`annex`, or `other` if no signature that is followed covers Annex 1 or 1-ЦМ; null without.",
    "signed_files": "What the signatures cover, joined by `, `.",
    "sheets": "`enough`, or `too_few` sheets of paper stated for the 1-ЦМ worksheets; null if unreadable.",
    "sheets_stated": "The number of sheets that Annex 1 states.",
    "sheets_received": "Worksheets with a 1-ЦМ: each prints on one sheet of paper at least.",
    "applications_agree": "`agree` or `differ`: BIN, month and number of sheets in several copies of Annex 1.",
    "filing_month": "`known` or `unknown` from both annexes; null where Annex 1 leaves month or year blank.",
    "applications_differ_in": "What stands in the copies, joined by ` / `; null if they agree.",
}

_APPLICATION_TEXTS = ("authority", "pool_name", "pool_id", "period", "sheet_count", "head_name", "completed_on")

APPLICATION = {
    "file": "Path of the file that holds the application.",
    "sheet": "Worksheet of the application; null in a .docx or .pdf.",
    **{name: f"Text of the field {name} as written; null if blank." for name in _APPLICATION_TEXTS},
    **{f"{name}_row": f"Worksheet row of {name}; null in a .docx or .pdf." for name in _APPLICATION_TEXTS},
    "year": "Year of the request, four digits; null if none can be read.",
    "month": "Month of the request, two digits, else what stands in its place; null if blank.",
    "month_state": "`ok` or `unreadable` (a quarter is not a month); null where month or year is blank.",
    "pool_id_state": "State of the BIN: ok, lost_zeros or what is wrong with the number.",
    "pool_id_padded": "The BIN with its lost zeros restored.",
    "pool_id_kind": "`bin` or `iin` for a right number.",
    "sheet_count_state": "`ok` for a positive whole number, else `unreadable`.",
    "completed_on_state": "State of the completion date.",
    "truth": "`declared` or `missing`.",
    "consent": "`declared` or `missing`.",
    "register_state": "`accredited`, `unknown` or `not_accredited_then`; null without a register.",
    "register_name": "Name of the pool in the register.",
    "register_name_state": "`agrees` or `differs`.",
}

_FORM_TEXTS = ("period", "pool_name", "address", "phone", "email", "executor", "head")

FORM = {
    "file": "Path of the workbook.",
    "sheet": "Name of the worksheet.",
    **{name: f"Text of {name} as written, from another part of the filing if blank here." for name in _FORM_TEXTS},
    **{f"{name}_row": f"Worksheet row of {name}; null where another part has it." for name in _FORM_TEXTS},
    "data_rows": "`present` or `absent`, in all parts of the filing together.",
    "visibility": "`visible` or `hidden`.",
    "period_state": "`month`, `quarter` or `unreadable`.",
    "period_agreement": "`agrees` or `differs`: the month of Annex 1 is this month or lies in this quarter.",
    "application_period": "Month of Annex 1, YYYY-MM.",
    "pool_name_agreement": "`agrees` or `differs`: the name of Annex 1.",
    "application_pool_name": "Name of the pool in Annex 1.",
    "pool_id": "BIN that stands beside the name, if any.",
    "pool_id_agreement": "`agrees` or `differs`: the BIN of Annex 1.",
    "application_pool_id": "BIN of the pool in Annex 1.",
    "register_name": "Name of the pool in the register.",
    "register_name_state": "`agrees` or `differs`.",
}

ROWS = {
    "row": "Worksheet row, counted from 1.",
    **{name: f"Text of the cell {name}; null if empty." for name in ROW_FIELDS},
    **{name: f"Text of the cell {name}; `–` in a period whose form has none." for name in LATER_FIELDS},
    **{
        f"{name}_cell": f"What the cell {name} is: `filled`, `error` or `formula` (never calculated)."
        for name in ROW_FIELDS
    },
    "licence_or_own_row": "Text of the licence cell; `own row` for the pool's own distribution without a licence.",
    "row_kind": "`data`, or `looks_like_total` (on which no other column holds a word).",
    "total_found": "Figures of a row that looks like a total, as written; null for data.",
    "total_expected": "What they would be if it were one: the sums of the rows above it; null for data.",
    "row_no_state": "`ok` for a positive whole number, else `unreadable`.",
    "row_no_order": "`ok`, `gap` (not the number before plus one) or `repeated` (stood before on this sheet).",
    "row_no_expected": "The number before plus one.",
    "miner_id_state": "ok, lost_zeros, foreign_digits or what is wrong with the number.",
    "miner_id_padded": "The number with its lost zeros restored.",
    "miner_id_lookalikes": "What stands in place of digits, as `«О» (12) → 0`; null where nothing does.",
    "licence_state": "State of the licence cell; null on the pool's own rows.",
    "licence_letters": "`one_alphabet`, or `mixed` where the licence number holds letters that look like others.",
    "licence_lookalikes": "These letters, as `«К» (1) → K`; null where there are none.",
    "licence_age": "`valid`, `issued_after` the distribution or `expired` (older than three years at it).",
    "wallet_state": "State of the address for the asset of column 7; cyrillic_letters or foreign_letters for any.",
    "wallet_lookalikes": "Its letters that are not Latin, as `«с» (2) → c`; null where there are none.",
    "distributed_on_state": "State of the date.",
    "distributed_on_period": "`inside` or `outside` the month of the filing.",
    "period": "The month of the filing, YYYY-MM.",
    "asset_state": "`ok`, `lookalike` (letters of another alphabet), `unknown` or `not_in_force` on the day.",
    "asset_ticker": "The ticker that it was read as; as written where unknown.",
    "reward_asset_state": "The same for the asset of the reward.",
    "reward_asset_ticker": "The ticker that it was read as; as written where unknown.",
    "quantity_state": "State of the quantity.",
    "quantity_sign": "`positive`, `zero` or `negative`.",
    "quantity_unit": "`whole`, or `remainder` below the asset's smallest unit; null where either is not known.",
    "reward_quantity_state": "State of the reward.",
    "reward_quantity_sign": "`positive`, `zero` or `negative`.",
    "reward_quantity_unit": "As `quantity_unit`, of the reward and its asset.",
    "reward_asset_agreement": "`same` or `other` than the distributed asset.",
    "duplicate": "`first` or `repeated`: the ten cells but the ordinal number equal those of a row above.",
    "reward_repetition": "`repeated` on the first of several rows of an asset and day that all state one reward.",
    "wallet_owner": "`first` taxpayer of the wallet in this filing, or `other`.",
    "wallet_first_owner": "The first taxpayer of the wallet in this filing.",
    "taxpayer_naming": "`first` name of the taxpayer in this filing, or `other`.",
    "taxpayer_first_name": "The first name of the taxpayer in this filing.",
    "taxpayer_licensing": "`first` licence of the taxpayer in this filing, or `other`.",
    "taxpayer_first_licence": "The first licence number of the taxpayer in this filing.",
}

ACROSS_FILINGS = {
    "registration_no": "Registration number of the filing that the row judges.",
    "subject": "What of the filing is judged: wallet, taxpayer, licence, pool, asset, asset and day, or month.",
    "ground": "`late` or `unreliable`: the ground of para 10 if a rule on the row does not hold.",
    "file": "Path of the workbook of the first row that tells it; null where no row of the form does.",
    "sheet": "Its worksheet.",
    "row": "Its worksheet row, counted from 1.",
    "found": "What the filing says.",
    "expected": "What the other filings, the registers or the calendar say.",
    "occurrences": "Rows of the form that tell it; null where no row of the form does.",
    "arrival": "`in_time`, `late`, or `late_refiling`: accepted after the last day, when a refusal had come before.",
    "month_filed": "`over`, or `not_over` when the filing arrived before its month had ended.",
    "version_before": "Where a day of change is declared: `there`, or `missing` if nothing was accepted before.",
    "wallet_owner": "`differs`: another filing has the wallet for another taxpayer.",
    "taxpayer_name": "`differs`: another filing has another name for the taxpayer.",
    "taxpayer_licence": "`differs`: another filing has another licence, valid at the same time.",
    "licence_in_register": "`unknown`, or what the register says: `of_another`, `not_yet_issued`, `expired`.",
    "pool_accreditation": "`accredited` or `not_accredited` in the month, by the register in force.",
    "pool_name": "`agrees`, `differs`, or `of_another_pool`: the register has the name under another BIN only.",
    "reward_repetition": "`varies`, or where one reward stands on all rows: `on_each_sheet`, `in_several_filings`.",
    "quantity_distance": "Distance of the month's quantity from the pool's own months before, in robust deviations.",
}

COLUMNS = {
    "files": FILES,
    "package": PACKAGE,
    "application": APPLICATION,
    "form": FORM,
    "rows": ROWS,
    "across_filings": ACROSS_FILINGS,
}
"""Stage → column → what it holds."""
