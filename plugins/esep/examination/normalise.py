"""Raw rows of all parts of a filing → the lake's typed columns and the frame of the row rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from esep.clock import month_after
from esep.examination import across_rows, amounts, typed
from esep.examination.cells import NONE, Codes, Distinct, choose_words, distinct, encoded, one_chunk
from esep.examination.frame_columns import NOT_ASKED
from esep.examination.model import Identity
from esep.forms.document import LATER_FIELDS, RAW_ROWS, ROW_FIELDS, TEXT_FIELDS, FormRead
from esep.lake.schema import DISTRIBUTION
from esep.law import form_versions

_FEW_TEXTS = ("miner_id", "distributed_on", "asset", "wallet", "miner_name", "licence", "reward_asset")
"""Columns in which many rows share few texts."""
_MANY_TEXTS = ("quantity", "reward_quantity")
_ADDED_AT_RECORDING = ("registration_no", "examination_no")
LAKE_SCHEMA = pa.schema([f for f in DISTRIBUTION.arrow_schema if f.name not in _ADDED_AT_RECORDING])
"""Columns of the lake's table before a filing has a number."""


@dataclass(frozen=True)
class Normalised:
    distribution: pa.Table
    """LAKE_SCHEMA, all parts in order."""
    frames: tuple[pa.Table, ...]
    """The rows of each 1-ЦМ sheet with the columns of frame_column.csv."""


def normalise(forms: Sequence[FormRead], identity: Identity, pool_names: Sequence[str]) -> Normalised:
    """Type every row of the filing's 1-ЦМ sheets. No row is dropped: what cannot be read is null beside its text."""
    rows = pa.concat_tables([form.rows for form in forms]).combine_chunks() if forms else RAW_ROWS.empty_table()
    cells = {name: distinct(rows, name) for name in _FEW_TEXTS}
    payers, miner_place = typed.taxpayers(cells["miner_id"], identity.pool_id)
    names = typed.names(cells["miner_name"], miner_place, pool_names)
    # The pool's own distribution: rows under its own number.
    own_rows = pc.fill_null(pc.equal(payers.values, pa.scalar(identity.pool_id, pa.string())), False)
    licences = typed.licences(cells["licence"], own_rows)
    days = typed.distribution_days(cells["distributed_on"])
    asset = typed.asset_names("asset", cells["asset"], days)
    addresses = typed.wallet_addresses(cells["wallet"], miner_place, asset)
    reward_asset = typed.asset_names("reward_asset", cells["reward_asset"], days)
    reads = (payers, names, licences, days, asset, addresses, reward_asset)
    numbers, number_words = amounts.ordinal_numbers(rows)
    quantity = _quantities(forms, rows, "quantity")
    reward = _quantities(forms, rows, "reward_quantity")

    beside = _kept_as_text(rows, identity.period)
    columns: dict[str, Any] = {
        "pool_id": pa.repeat(pa.scalar(identity.pool_id, pa.string()), len(rows)),
        "period": pa.repeat(pa.scalar(identity.period, pa.date32()), len(rows)),
        "row": one_chunk(rows["row"]),
        "row_no": numbers,
        "quantity": quantity.values,
        "reward_quantity": reward.values,
        **{name: column for read in reads for name, column in read.lake.items()},
        **{name: _per_form(forms, name) for name in ("file", "file_sha256", "sheet", "source")},
        **{f"{name}_text": one_chunk(rows[name]) for name in ROW_FIELDS},
        **{f"{name}_text": texts for name, texts in beside.items()},
    }
    without_reward = across_rows.states_no_reward(cells["reward_asset"], lambda: distinct(rows, "reward_quantity"))
    if without_reward:
        columns |= across_rows.no_reward(rows)
    distribution = pa.Table.from_arrays([columns[f.name] for f in LAKE_SCHEMA], schema=LAKE_SCHEMA)

    order = [across_rows.row_order(part, alone=len(forms) == 1) for part in _slices(forms, numbers)]
    owners, first_owner = across_rows.belonging(addresses.codes, payers.codes)
    naming, first_naming = across_rows.belonging(payers.codes, names.codes)
    licensing, first_licensing = across_rows.belonging(payers.codes, licences.codes)
    helpers: dict[str, Any] = {
        "row": columns["row"],
        **{name: one_chunk(rows[name]) for name in ROW_FIELDS},
        **{name: _asked(beside[name], name, identity.period) for name in LATER_FIELDS},
        **{f"{name}_cell": typed.cell_words(rows, name) for name in ROW_FIELDS},
        "licence_or_own_row": pc.if_else(own_rows, pc.coalesce(rows["licence"], pa.scalar("own row")), rows["licence"]),
        "row_no_state": number_words,
        "row_no_order": _joined([words for words, _ in order]),
        "row_no_expected": _joined([expected for _, expected in order]),
        **{name: column for read in reads for name, column in read.frame.items()},
        "licence_age": typed.licence_ages(licences.lake["licence_date"], days.values),
        **typed.wallet_words(addresses, asset),
        "distributed_on_period": _within(days.values, identity.period),
        "period": pa.repeat(pa.scalar(f"{identity.period:%Y-%m}" if identity.period else None, pa.string()), len(rows)),
        **amounts.frame("quantity", quantity, asset, days),
        **amounts.frame("reward_quantity", reward, reward_asset, days),
        "reward_asset_agreement": typed.agreement(asset, reward_asset),
        "duplicate": across_rows.duplicates(_all_but_the_number(rows, cells)),
        "reward_repetition": across_rows.repeated_rewards(asset.codes, days.codes, quantity.values, reward.values),
        "wallet_owner": owners,
        "wallet_first_owner": payers.values.take(first_owner),
        "taxpayer_naming": naming,
        "taxpayer_first_name": names.values.take(first_naming),
        "taxpayer_licensing": licensing,
        "taxpayer_first_licence": licences.values.take(first_licensing),
    }
    if without_reward:
        helpers = across_rows.reward_not_asked(helpers)
    frame = pa.table(across_rows.totals_set_apart(helpers | across_rows.total_columns(rows)))
    return Normalised(across_rows.without_totals(distribution, forms), tuple(_slices(forms, frame)))


def _all_but_the_number(rows: pa.Table, cells: Mapping[str, Distinct]) -> Iterator[Codes]:
    """Codes of the nine cells that make two rows duplicates, the cheapest first."""
    yield from (cells[name].codes for name in _FEW_TEXTS)
    yield from (encoded(rows[name]) for name in _MANY_TEXTS)


def _kept_as_text(rows: pa.Table, period: date | None) -> dict[str, pa.Array]:
    """The columns that are kept as written, null where the period's form has none of the name."""
    nothing = pa.nulls(len(rows), pa.string())
    return {name: one_chunk(rows[name]) if _in_form(name, period) else nothing for name in TEXT_FIELDS}


def _asked(texts: pa.Array, name: str, period: date | None) -> pa.Array:
    """A later column of the form as the rules see it: nothing is lacking where the period's form has no such column."""
    return texts if _in_form(name, period) else pa.repeat(pa.scalar(NOT_ASKED), len(texts))


def _in_form(name: str, period: date | None) -> bool:
    return period is None or any(column.name == name for column in form_versions.columns(period))


def _per_form(forms: Sequence[FormRead], name: str) -> pa.Array:
    """A property of the form, on each of its rows."""
    return _joined([pa.repeat(pa.scalar(getattr(form, name), pa.string()), len(form.rows)) for form in forms])


def _slices(forms: Sequence[FormRead], whole: Any) -> list[Any]:
    """The part of a table or column that belongs to each form."""
    slices, start = [], 0
    for form in forms:
        slices.append(whole.slice(start, len(form.rows)))
        start += len(form.rows)
    return slices


def _quantities(forms: Sequence[FormRead], rows: pa.Table, field: str) -> amounts.Quantities:
    """Read sheet by sheet, because how a column writes thousands is a habit of its sheet."""
    read = [amounts.quantities(form.rows, field) for form in forms or ()]
    if not read:
        return amounts.quantities(RAW_ROWS.empty_table(), field)
    return amounts.counted_in_all(
        amounts.Quantities(
            across_rows.without_figures(_joined([one.values for one in read]), rows),
            _joined([one.words for one in read]),
            _joined([one.rounded for one in read]),
        )
    )


def _joined(arrays: Sequence[pa.Array]) -> pa.Array:
    if not arrays:
        return pa.array([], pa.string())
    if len(arrays) == 1:
        return arrays[0]
    if pa.types.is_dictionary(arrays[0].type):
        return one_chunk(pa.chunked_array(arrays).unify_dictionaries())
    return pa.concat_arrays(arrays)


def _within(days: pa.Array, period: date | None) -> pa.DictionaryArray:
    """`inside` or `outside` the month; null where either is unknown."""
    if period is None:
        return choose_words(np.full(len(days), NONE), "inside", "outside")
    after = month_after(period)
    inside = pc.and_(pc.greater_equal(days, pa.scalar(period)), pc.less(days, pa.scalar(after)))
    choice = np.where(pc.fill_null(inside, False).to_numpy(zero_copy_only=False), 0, 1)
    return choose_words(np.where(days.is_valid().to_numpy(zero_copy_only=False), choice, NONE), "inside", "outside")
