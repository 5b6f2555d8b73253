"""What becomes of each text column in the masked snapshot: one word a column, its mask in sql/columns.csv.

A filer writes what he likes into his cells, so a column is kept only if its words are Esep's own, the law's, or of a
public register. A column without a mask is masked (`OTHER`), and a test names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from esep.lake.columns import meaning

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


def treatment(table: str, column: str) -> Treatment:
    """What becomes of a column that can hold a text; a pseudonym where sql/columns.csv has no mask for it."""
    said = meaning(table, column)
    return Treatment(said.mask) if said and said.mask else Treatment.OTHER
