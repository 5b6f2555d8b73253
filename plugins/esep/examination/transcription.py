"""An officer's transcription held against the cells of the original that a machine could read although no form was
recognised in them, such as one without its number row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from esep.examination.questions import TRANSCRIPTION, for_people
from esep.forms.document import PackageRead
from esep.forms.values import quantity
from esep.forms.values.cell import CellKind

_TWELVE = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")
_NUMBER = re.compile(r"[-+]?[0-9.]+(?:e[-+]?[0-9]+)?")


def not_in_original(package: PackageRead, distribution: pa.Table) -> list[str]:
    """What transcribed rows say and no cell of the original does: `row 12: 940140000385`, `row 12: quantity 5`.

    Empty where the original has no readable cells: a scan says nothing to a machine.
    """
    cells = [cell for file in package.files if for_people(file) for cell in file.cells]
    if not cells:
        return []
    identifiers = {number for cell in cells for number in _TWELVE.findall(cell)}
    quantities = set(_quantities(cells))
    rows = distribution.filter(pc.equal(distribution.column("source"), TRANSCRIPTION))
    columns = ("row", "taxpayer_id", "quantity", "reward_quantity")
    return [
        f"row {row['row']}: {words}"
        for row in rows.select(columns).to_pylist()
        for words in _missing(row, identifiers, quantities)
    ]


def _missing(row: dict[str, object], identifiers: set[str], quantities: set[Decimal]) -> Iterator[str]:
    if identifiers and row["taxpayer_id"] not in identifiers:
        yield str(row["taxpayer_id"])
    for name in ("quantity", "reward_quantity"):
        value = row[name]
        if isinstance(value, Decimal) and value and value not in quantities:
            yield f"{name.replace('_', ' ')} {value.normalize():f}"


def _quantities(cells: Iterable[str]) -> Iterator[Decimal]:
    """Each cell as a quantity, read as a number where it is written as one."""
    for cell in cells:
        kind = CellKind.NUMBER if _NUMBER.fullmatch(cell) else CellKind.TEXT
        for read in {kind, CellKind.TEXT}:
            value = quantity.parse(cell, read).value
            if value is not None:
                yield value
