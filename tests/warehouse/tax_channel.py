"""A reader of another form and channel, as small as one can be: a made-up JSON of the tax side's form (order of 2026).

It ends in the same rows as form 1-ЦМ, with a `source` of its own; examination, lake, warehouse and figures are those of
any filing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from esep.forms.document import RAW_ROWS, ROW_FIELDS, ApplicationRead, FileRead, FileRole, FileState, FormRead, Text
from esep.forms.values.cell import CellKind

SOURCE = "tax-form/qoldau.kz"
_APPLICATION = {
    "authority": ("addressee",),
    "pool_name": ("pool", "name"),
    "pool_id": ("pool", "bin"),
    "period": ("period",),
    "sheet_count": ("sheets",),
    "head_name": ("head",),
    "completed_on": ("completed_on",),
}
"""Field of Annex 1 → where the message says the same."""
_FOOTER = {
    "pool_name": ("pool", "name"),
    "address": ("pool", "address"),
    "phone": ("pool", "phone"),
    "email": ("pool", "email"),
    "executor": ("executor",),
    "head": ("head",),
}
_CELLS = {
    "row_no": ("no",),
    "miner_name": ("taxpayer", "name"),
    "miner_id": ("taxpayer", "id"),
    "wallet": ("wallet",),
    "distributed_on": ("received_on",),
    "asset": ("asset",),
    "quantity": ("quantity",),
    "reward_asset": ("reward", "asset"),
    "reward_quantity": ("reward", "quantity"),
}
"""Field of a row → where a record says the same; the licence is put together from its two parts."""


def read_message(path: Path, name: str) -> FileRead:
    """A message of the channel as a file of a package; raises KeyError and ValueError for what is none."""
    content = path.read_bytes()
    message = json.loads(content)
    sha256 = hashlib.sha256(content).hexdigest()
    records = [_cells(record) for record in message["records"]]
    form = FormRead(
        file=name,
        file_sha256=sha256,
        sheet="records",
        hidden=False,
        language="ru",
        numbering="",
        number_row=0,
        number_row_repeats=(),
        total_rows=(),
        header=_texts(message, {"period": ("period",)}),
        footer=_texts(message, _FOOTER),
        rows=_rows(records),
        source=SOURCE,
    )
    declared = message["declared"]
    application = ApplicationRead(
        name, None, "ru", _texts(message, _APPLICATION), declared["truth"], declared["consent"]
    )
    return FileRead(
        name,
        sha256,
        len(content),
        FileState.READ,
        FileRole.FORM_AND_APPLICATION,
        forms=(form,),
        applications=(application,),
    )


def _at(message: Mapping[str, Any], place: tuple[str, ...]) -> str | None:
    value: Any = message
    for name in place:
        value = value.get(name) if value else None
    return None if value is None else str(value)


def _texts(message: Mapping[str, Any], places: Mapping[str, tuple[str, ...]]) -> dict[str, Text]:
    return {field: Text(_at(message, place)) for field, place in places.items()}


def _cells(record: Mapping[str, Any]) -> dict[str, str | None]:
    licence = record["licence"]
    cells = {field: _at(record, place) for field, place in _CELLS.items()}
    return cells | {"licence": f"№ {licence['no']}, {licence['issued_on']}" if licence else None}


def _rows(records: list[dict[str, str | None]]) -> pa.Table:
    """Rows counted from 1; every cell is a text."""
    columns: dict[str, Any] = {"row": range(1, len(records) + 1)}
    for field in ROW_FIELDS:
        columns[field] = [record[field] for record in records]
        columns[f"{field}_kind"] = [CellKind.EMPTY if text is None else CellKind.TEXT for text in columns[field]]
    return pa.table({f.name: pa.array(columns.get(f.name, [None] * len(records)), f.type) for f in RAW_ROWS})
