"""The columns of the frames that the suites look at, one set for each stage: what a rule may name.

A frame is an Arrow table; frame_column.csv says what each column holds. Texts are the filer's own; columns that end in
`_state` (and the other helpers described there) hold a short word. A word is null where the question does not arise, so
that no rule reports a fault twice: an empty cell has no state, only the completeness rule of its column sees it. Those
about signatures are null for files that are none; what an invalid one claims about its signer stays null, too.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from esep.forms.document import LATER_FIELDS, ROW_FIELDS

STAGES = ("files", "package", "application", "form", "rows", "across_filings")
"""Order of examination. A stage sees only what the one before let through; within a stage all faults are found.

The last one is no part of the examination of a package: supervision holds all filings in force against each other.
"""
NOT_ASKED = "–"
"""In place of an empty cell about which no rule asks."""
DETAILS = frozenset({"detail", "unused_detail", "signature_detail", "signature_service_detail"})
"""Columns of the files' frame that hold a Detail: what a rule finds there is put in words by its finding."""
FIELDS = {
    "application": ("authority", "pool_name", "pool_id", "period", "sheet_count", "head_name", "completed_on"),
    "form": ("period", "pool_name", "address", "phone", "email", "executor", "head"),
    "rows": ROW_FIELDS,
}
"""What `<field>` in frame_column.csv is one after the other, by stage; `<later>` is each later column of the form."""


def _columns(stage: str) -> Iterator[tuple[str, str]]:
    """Each column of a stage's frame, and what it holds."""
    with Path(__file__).with_name("frame_column.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["stage"] != stage:
                continue
            column, holds = row["column"], row["holds"]
            family = "<later>" if "<later>" in column else "<field>"
            names = LATER_FIELDS if family == "<later>" else FIELDS.get(stage, ()) if family in column else ("",)
            for name in names:
                yield column.replace(family, name), holds.replace(family, name)


COLUMNS = {stage: dict(_columns(stage)) for stage in STAGES}
"""Stage → column → what it holds."""
