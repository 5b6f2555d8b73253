"""Totals over several forms of a package: of all sheets of a workbook, or of all workbooks that make up the filing.

A sheet is read by itself, so that the total of all on the last one does not agree with its own rows. Where it is what
the rows of the parts come to it is a total as any other, and nothing is to be asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext

import pyarrow as pa
import pyarrow.compute as pc

from esep.examination.across_rows import wrong_totals
from esep.examination.amounts import quantities
from esep.examination.cells import one_chunk
from esep.forms.document import FormRead, PackageRead
from esep.forms.reading.sums import PRECISION
from esep.forms.reading.total_candidate import AMOUNTS, is_amount
from esep.forms.reading.totals import is_same
from esep.forms.values import quantity
from esep.forms.values.cell import CellKind

Sums = tuple[Decimal, ...]
"""Of each of AMOUNTS."""


def left_out(package: PackageRead) -> PackageRead:
    """The package without the rows of such totals. The package itself where there are none."""
    forms = package.forms
    doubtful = [wrong_totals(form) for form in forms]
    if len(forms) < 2 or not any(doubtful):
        return package
    with localcontext() as context:
        context.prec = PRECISION
        sums = [_sums(form) for form in forms]
        agreed = {
            id(form): {row for row in rows if _agrees(form, row, list(_of_parts(forms, sums, place)))}
            for place, (form, rows) in enumerate(zip(forms, doubtful, strict=True))
        }
    if not any(agreed.values()):
        return package
    files = (
        replace(file, forms=tuple(_without(form, agreed[id(form)]) for form in file.forms)) if file.forms else file
        for file in package.files
    )
    return replace(package, files=tuple(files))


def _sums(form: FormRead) -> Sums:
    data = form.rows.filter(form.rows["total_expected"].is_null())
    columns = (quantities(data, name).values.to_pylist() for name in AMOUNTS)
    return tuple(sum((value for value in values if value is not None), Decimal(0)) for values in columns)


def _of_parts(forms: Sequence[FormRead], sums: Sequence[Sums], place: int) -> Iterator[Sums]:
    """What all forms come to, and those of the file; each as a whole, and up to the form at `place`."""
    of_file = [number for number, form in enumerate(forms) if form.file == forms[place].file]
    for numbers in (range(len(forms)), of_file):
        for some in (numbers, [number for number in numbers if number <= place]):
            yield tuple(sum(column, Decimal(0)) for column in zip(*(sums[number] for number in some), strict=True))


def _agrees(form: FormRead, row: int, parts: Sequence[Sums]) -> bool:
    [cells] = form.rows.filter(pc.equal(form.rows["row"], row)).slice(0, 1).to_pylist()
    filled = [place for place, name in enumerate(AMOUNTS) if is_amount(cells[name])]
    kinds = [CellKind(cells[f"{name}_kind"]) for name in AMOUNTS]
    values = [quantity.parse(cells[name], kind).value for name, kind in zip(AMOUNTS, kinds, strict=True)]

    def same(place: int, part: Sums) -> bool:
        value = values[place]
        return value is not None and is_same(value, kinds[place], part[place])

    return bool(filled) and any(all(same(place, part) for place in filled) for part in parts)


def _without(form: FormRead, rows: set[int]) -> FormRead:
    if not rows:
        return form
    kept = pc.invert(pc.is_in(one_chunk(form.rows["row"]), pa.array(sorted(rows), pa.int32())))
    return replace(form, rows=form.rows.filter(kept))
