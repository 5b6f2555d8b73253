"""What becomes of each text column in the masked snapshot: one word a column, for every column that can hold a text.

A filer writes what he likes into his cells, so a column is kept only if its words are Esep's own, the law's, or of a
public register. A column that is missing here is masked (`OTHER`), and a test names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

MASK = "***"
"""Stands where something was taken out."""


class Treatment(StrEnum):
    KEPT = "kept"
    """As it is: words of Esep and of the law, numbers of filings, hashes of files, public registers."""
    TAXPAYER = "taxpayer"
    """A BIN whose check digit holds is kept; anything else may be an IIN and becomes `IIN-…`."""
    NAME = "name"
    """Kept if it is the name of an organisation and stands beside a BIN (`HOLDERS`); else taken out."""
    LICENCE = "licence"
    """Kept if it looks like a number and is always stated beside a BIN (`HOLDERS`); else `LICENCE-…`."""
    ASSET = "asset"
    """A ticker of the law's table or the price list is kept; another word becomes `ASSET-…`."""
    WALLET = "wallet"
    FILE = "file"
    SHEET = "sheet"
    PACKAGE = "package"
    OTHER = "other"
    """These five become a pseudonym with their own word before it, `WALLET-…`, so that what is shared is still seen."""
    CELL = "cell"
    """Kept if it is a number or a date of columns 6, 8, 9, 9.1, 9.2; else taken out."""
    EXPECTED = "expected"
    """The same; the rule's own constant is kept, too."""
    MESSAGE = "message"
    """The text of the rule, with what was filled in taken out. The column's name ends with the language."""
    AUTHOR = "author"
    """A part of the program is kept, a person is taken out."""
    LETTER = "letter"
    """The number of a letter; the BIN in it is treated as a taxpayer."""
    EVENT_DATA = "event_data"
    """JSON of an event: only keys of masked_events, each value of a fixed form."""
    DROPPED = "dropped"
    """Taken out."""


PSEUDONYMS = (
    Treatment.TAXPAYER,
    Treatment.LICENCE,
    Treatment.ASSET,
    Treatment.WALLET,
    Treatment.FILE,
    Treatment.SHEET,
    Treatment.PACKAGE,
    Treatment.OTHER,
)
PREFIX: Mapping[Treatment, str] = {kind: kind.upper() for kind in PSEUDONYMS} | {Treatment.TAXPAYER: "IIN"}
HOLDERS: Mapping[str, tuple[str, ...]] = {
    "taxpayer_name": ("taxpayer_id",),
    "pool_name": ("pool_id",),
    "licence_no": ("taxpayer_id", "miner_id"),
}
"""Name or licence → the column of the same table that says whose it is (the first that the table has)."""

_FINDING = {
    "kept": "registration_no rule_id lane severity column_no",
    "taxpayer": "pool_id",
    "file": "file",
    "sheet": "sheet",
    "cell": "found",
    "expected": "expected",
    "message": "message_kk message_ru message_en",
}
_ROW = {
    "kept": "registration_no file_sha256 taxpayer_id_state",
    "taxpayer": "pool_id taxpayer_id",
    "name": "taxpayer_name",
    "licence": "licence_no",
    "wallet": "wallet",
    "asset": "asset reward_asset",
    "file": "file",
    "sheet": "sheet",
}
_TABLES: Mapping[str, Mapping[str, str]] = {
    "asset": {"kept": "ticker asset_class source"},
    "asset_alias": {"kept": "alias ticker language source"},
    "build": {"kept": "fingerprint code_version"},
    "build_state": {"kept": "relation sources"},
    "calendar_day": {"kept": "reason source"},
    "daily_asset": {"asset": "asset", "kept": "currency"},
    "distribution_row": _ROW,
    "earlier_row": _ROW,
    "event": {
        "kept": "event_id registration_no event",
        "taxpayer": "pool_id",
        "author": "author",
        "letter": "letter_no",
        "event_data": "data",
    },
    "examination": {
        "kept": "registration_no verdict pool_id_source period_source form_version ruleset code_version",
        "taxpayer": "pool_id",
        "name": "pool_name",
    },
    "examination_finding": _FINDING,
    "exchange": {"kept": "name licence_no"},
    "exchange_rate": {"kept": "currency", "dropped": "source"},
    "exchange_rate_history": {"kept": "currency"},
    "figure_revision": {
        "kept": "code_version_before code_version_after registration_no role",
        "taxpayer": "taxpayer_id",
        "asset": "asset",
    },
    "income_ledger": {"kept": "role"},
    "income_part": {
        "kept": "role taxpayer_id_state",
        "taxpayer": "taxpayer_id",
        "asset": "asset",
        "name": "taxpayer_name",
    },
    "licence": {"licence": "licence_no", "taxpayer": "miner_id"},
    "loaded_file": {"kept": "path registration_no relation"},
    "obligation_kind": {"kept": "kind paragraph text_kk text_ru text_en source"},
    "pool": {"taxpayer": "pool_id", "name": "pool_name", "dropped": "email"},
    "price": {"asset": "asset", "kept": "currency", "dropped": "source"},
    "price_history": {"asset": "asset", "kept": "currency"},
    "price_list": {"kept": "ticker source"},
    "reconciliation": {"kept": "identity"},
    "reference_history": {"kept": "name sha256"},
    "reference_version": {"kept": "name sha256"},
    "registered": {
        "kept": "registration_no package_sha256",
        "package": "source_name",
        "dropped": "incoming_no stamp_error",
    },
    "row_beyond_value": {"kept": "role", "file": "file", "sheet": "sheet"},
    "sale_rule": {"kept": "obliged_role venue source confirmed_by"},
    "unreadable_quantity": {
        "kept": "registration_no column_no reason",
        "taxpayer": "taxpayer_id",
        "asset": "asset",
        "file": "file",
        "sheet": "sheet",
        "cell": "found",
    },
}
COLUMNS: Mapping[tuple[str, str], Treatment] = {
    (table, column): Treatment(kind)
    for table, kinds in _TABLES.items()
    for kind, columns in kinds.items()
    for column in columns.split()
}
"""(table, column) → what becomes of it."""
