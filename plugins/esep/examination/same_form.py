"""One form filed in two files: a copy's rows count once, and two versions of one form are asked about (para 10).

A filer may enclose the workbook once more as a Word document, a CSV or in an older format. Rows are held against each
other as they were read, whatever the format. Bytes that are equal never come here (forms/reading/package.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from esep.detail import Detail
from esep.examination.across_rows import rows_of_filing
from esep.examination.cells import Codes, encoded, joined, one_chunk
from esep.forms.document import FileRead, FileRole, FileState, FormRead, PackageRead

SAME_ROWS = "same_rows"
"""Code of a file of which no row counts, because another file of the package holds the same ones."""
_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".xlsb"})
_TAXPAYER = (("taxpayer_id",), "miner_id_text")
_NAME = (("taxpayer_name",), "miner_name_text")
_TYPED_AND_TEXTS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("licence_no", "licence_date"), "licence_text"),
    (("wallet",), "wallet_text"),
    (("distributed_on",), "distributed_on_text"),
    (("asset",), "asset_text"),
    (("reward_asset",), "reward_asset_text"),
)
"""Of each cell but number, taxpayer and quantities: the lake's typed columns, and its text for where they are null."""
_QUANTITIES = (("quantity", "quantity_text"), ("reward_quantity", "reward_quantity_text"))
_DIGITS_OF_NUMBERS = 15
_FEWEST_SHARED = 2
"""One row that two longer files share is a repeated row (R-63), or paid twice, and says nothing of the files."""
_COMPARED = 8
"""With so many files before it that hold the same row each file is compared: the cost stays linear to the rows."""


def counted_once(package: PackageRead, distribution: pa.Table) -> PackageRead:
    """The package with the rows of copies left out, each copy and each overlap noted at its file.

    `distribution` holds the typed rows of `package.forms`, in their order, but for totals that do not agree. The
    package itself is returned where no form repeats another one.
    """
    forms = package.forms
    if len(forms) < 2:
        return package
    lengths = [rows_of_filing(form) for form in forms]
    owners = np.repeat(np.arange(len(forms)), lengths)
    alike = _keys_without_quantities(distribution)
    shared = _in_several(alike, owners)
    if not shared.any():
        return package
    exact = _exact_keys(distribution, alike, np.flatnonzero(shared))
    ends = np.cumsum(lengths)
    copies = _copies(forms, [np.sort(one) for one in np.split(exact, ends[:-1])])
    kept = ~np.isin(owners, list(copies))
    overlaps = _overlaps(forms, alike[kept], owners[kept])
    if not copies and not overlaps:
        return package
    place_of = {id(forms[copy]): forms[first] for copy, first in copies.items()}
    return replace(package, files=tuple(_noted(file, place_of, overlaps) for file in package.files))


def _keys_without_quantities(rows: pa.Table) -> Codes:
    """For each row a number: equal for one taxpayer, licence, wallet, day and pair of assets. A name may be spelt anew.

    Two versions of a form may differ in every quantity: corrected, in another unit, or rounded as a cell shows it.
    """
    key = encoded(pc.coalesce(_as_read(rows, *_TAXPAYER), _as_read(rows, *_NAME)))
    for typed, text in _TYPED_AND_TEXTS:
        key = joined(key, encoded(_as_read(rows, typed, text)))
    return key


def _exact_keys(rows: pa.Table, alike: Codes, places: Codes) -> Codes:
    """For each row a number that is equal for equal rows; names and quantities are looked at only at `places`.

    A number cell holds 15 significant digits, so that a copy as text may hold more: that many are compared.
    """
    some = rows.take(pa.array(places))
    exact = joined(alike[places], encoded(_as_read(some, *_NAME)))
    for typed, text in _QUANTITIES:
        exact = joined(exact, encoded(_rounded(some, typed, text, _DIGITS_OF_NUMBERS)))
    return _put(exact, places, alike)


def _put(some: Codes, places: Codes, key: Codes) -> Codes:
    """The rows that only one form has keep a number of their own, beyond those of the others."""
    keys = key + int(some.max(initial=0)) + 1
    keys[places] = some
    return keys


def _in_several(key: Codes, owners: Codes) -> npt.NDArray[np.bool_]:
    """The rows whose key more than one form has."""
    first = np.zeros(int(key.max(initial=0)) + 1, np.int64)
    first[key[::-1]] = owners[::-1]
    several = np.zeros(len(first), bool)
    several[key[owners != first[key]]] = True
    return several[key]


def _as_read(rows: pa.Table, typed: Sequence[str], text: str) -> pa.Array:
    columns = [one_chunk(rows[name]).cast(pa.string()) for name in typed]
    value = columns[0] if len(columns) == 1 else pc.binary_join_element_wise(*columns, " ")
    return pc.coalesce(value, pc.utf8_trim_whitespace(one_chunk(rows[text])))


def _rounded(rows: pa.Table, typed: str, text: str, digits: int) -> pa.Array:
    values = one_chunk(rows[typed]).to_pylist()
    shown = pa.array([None if value is None else f"{value:.{digits - 1}e}" for value in values], pa.string())
    return pc.coalesce(shown, pc.utf8_trim_whitespace(one_chunk(rows[text])))


def _copies(forms: Sequence[FormRead], keys: Sequence[Codes]) -> dict[int, int]:
    """Number of each form that is a copy → of the one whose rows count: whole files first, then sheet by sheet."""
    best_first = sorted(range(len(forms)), key=lambda number: _rank(forms[number], number))
    of_file: dict[str, list[int]] = defaultdict(list)
    for number, form in enumerate(forms):
        of_file[form.file].append(number)
    copies: dict[int, int] = {}
    seen: dict[bytes, int] = {}
    for file in dict.fromkeys(forms[number].file for number in best_first):
        numbers = of_file[file]
        rows = np.sort(np.concatenate([keys[number] for number in numbers]))
        first = seen.setdefault(rows.tobytes(), numbers[0]) if len(rows) else numbers[0]
        if first != numbers[0]:
            copies.update(dict.fromkeys(numbers, first))
    seen = {}
    for number in best_first:
        if number not in copies and len(keys[number]):
            first = seen.setdefault(keys[number].tobytes(), number)
            if first != number:
                copies[number] = first
    return copies


def _rank(form: FormRead, number: int) -> tuple[Any, ...]:
    """Of equal forms the workbook's counts, a sheet that can be seen, the file outside of archives and signatures."""
    workbook = PurePosixPath(form.file).suffix.lower() in _WORKBOOKS and not form.in_document
    return (not workbook, form.hidden, form.file.count("/"), number)


def _overlaps(forms: Sequence[FormRead], keys: Codes, owners: Codes) -> dict[str, list[tuple[str, int]]]:
    """By file the one before it that it shares most rows with, quantities aside, and how many they are.

    After that the sheets of it, two by two, that do so.
    """
    names = list(dict.fromkeys(form.file for form in forms))
    place = {name: number for number, name in enumerate(names)}
    files = np.array([place[form.file] for form in forms], np.int64)
    overlaps: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for one, other, rows in _alike(keys, files[owners]):
        overlaps[names[one]].append((names[other], rows))
    if len(names) < len(forms):
        for one, other, rows in _alike(keys * len(names) + files[owners], owners):
            overlaps[forms[one].file].append((_sheets(forms[one], forms[other]), rows))
    return overlaps


def _alike(keys: Codes, owners: Codes) -> list[tuple[int, int, int]]:
    """(owner, one before it, rows they share): most rows of the smaller one, each row once for each time both hold it.

    An owner is named once, beside the one that it shares most with. A single row is enough where neither holds more.
    """
    width = int(owners.max(initial=0)) + 1
    held, times = np.unique(keys * width + owners, return_counts=True)
    key, owner = held // width, held % width
    pairs, rows = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for step in range(1, _COMPARED + 1):
        same = np.flatnonzero(key[step:] == key[:-step])
        pairs.append(owner[same + step] * width + owner[same])
        rows.append(np.minimum(times[same + step], times[same]))
    pair, place = np.unique(np.concatenate(pairs), return_inverse=True)
    shared = np.bincount(place, np.concatenate(rows), len(pair)).astype(np.int64)
    later, earlier = pair // width, pair % width
    total = np.bincount(owners, minlength=width)
    smaller, larger = np.minimum(total[later], total[earlier]), np.maximum(total[later], total[earlier])
    most = (2 * shared > smaller) & ((shared >= _FEWEST_SHARED) | (larger == 1))
    found: dict[int, tuple[int, int]] = {}
    for one, other, count in zip(later[most].tolist(), earlier[most].tolist(), shared[most].tolist(), strict=True):
        if one not in found or found[one][1] < count:
            found[one] = other, count
    return [(one, other, count) for one, (other, count) in found.items()]


def _noted(
    file: FileRead, copied_from: dict[int, FormRead], overlaps: Mapping[str, Sequence[tuple[str, int]]]
) -> FileRead:
    shared = tuple(overlaps.get(file.path, ()))
    copied = [form for form in file.forms if id(form) in copied_from]
    if not copied:
        return replace(file, shared_rows=shared) if shared else file
    forms = tuple(form for form in file.forms if id(form) not in copied_from)
    names = tuple(dict.fromkeys(_place(form, copied_from[id(form)], whole=not forms) for form in copied))
    noted = replace(file, forms=forms, copied_rows=names, shared_rows=shared)
    if forms:
        return noted
    if file.applications:
        return replace(noted, role=FileRole.APPLICATION)
    detail = Detail.of(SAME_ROWS, file=", ".join(names))
    return replace(noted, role=FileRole.ATTACHMENT, state=FileState.NOT_READ, detail=detail)


def _place(copy: FormRead, first: FormRead, *, whole: bool) -> str:
    """The other file; with the sheets where the copy is one of several of its file."""
    return first.file if whole and copy.file != first.file else _sheets(copy, first)


def _sheets(one: FormRead, first: FormRead) -> str:
    return f"{one.sheet} = {first.file}, {first.sheet}"
