"""What every relation and column means: the grain from the head of its SQL file, columns from the lake and from here.

A column means the same wherever its name occurs; where it does not, `RELATION_COLUMNS` says so. Units are in the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from esep.lake.schema import TABLES
from esep.warehouse.dictionary_changes import CHANGE_COLUMNS, CHANGE_RELATION_COLUMNS
from esep.warehouse.dictionary_entries import ENTRY_COLUMNS, ENTRY_RELATION_COLUMNS
from esep.warehouse.dictionary_procedure import PROCEDURE_COLUMNS, PROCEDURE_RELATION_COLUMNS

_TAXPAYER = (
    "BIN or IIN of the taxpayer, as written (with lost leading zeros restored where the check digit then holds)."
)

COLUMNS: Mapping[str, str] = {
    **{column.name: column.comment for table in TABLES for column in table.columns},
    **PROCEDURE_COLUMNS,
    **CHANGE_COLUMNS,
    **ENTRY_COLUMNS,
    "accepted_arrived_on": "Local day on which the first filing accepted for the period arrived.",
    "accepted_at": "Moment at which the version was accepted.",
    "accepted_days_late": "Calendar days by which the first accepted filing passed the due day; 0 if in time, empty "
    "if none was accepted or the period is not known.",
    "accredited_from": "First day of the accreditation.",
    "accredited_to": "Last day of the accreditation; empty while it lasts.",
    "alias": "Name or spelling of an asset.",
    "as_of": "Local day as of which due, silent and not due are told.",
    "asset_class": "unbacked or backed; only unbacked assets are sold under para 11.",
    "base_quantity": "Quantity of the days to which the share applies (column 8). Unit: units of the asset.",
    "change_date": "Day on which the data changed (para 6), if declared.",
    "confirmed_by": "Who confirmed the reading of the law; empty while nobody has.",
    "correction_due_on": "Last day for a correction (para 6); empty without a declared day of change.",
    "currency": "Currency of the price (ISO 4217).",
    "date": "Day for which the value was published.",
    "day": "Calendar day.",
    "days_late": "Calendar days by which the arrival passed due_effective_on; 0 if in time, empty if not determinable.",
    "decided_at": "Moment of the verdict of the latest examination.",
    "decimals": "Decimals of the asset's smallest unit.",
    "difference": "left_value minus right_value, exact; 0 when the identity holds.",
    "due_effective_on": "due_on, moved to the next working day when it is a day off (the order is silent).",
    "due_on": "Last day for filing: the 25th of the following month (para 5); for a correction, of para 6.",
    "email": "Address for notices.",
    "exact_income_kzt": "The income before rounding. Unit: tenge.",
    "examine_by": "Last day of the 2 working days for the check of completeness (para 8).",
    "expires_on": "Last day of the licence.",
    "file_count": "Files of the package.",
    "filing_key": "Registration number as one integer, year and serial: sorts by number.",
    "fingerprint": "Hash of the SQL, the tables of the law and the code that built this file.",
    "first_arrived_on": "Local day on which the first filing of the period arrived, refused ones included.",
    "first_days_late": "Calendar days by which the first arrival passed the due day; 0 if in time, empty if the period "
    "is not known.",
    "holds": "Whether both sides are equal.",
    "identity": "What must equal what.",
    "income_kzt": "Income as reported by pools: the sum of its rows' values; 0 where nothing has a value. Unit: tenge.",
    "incoming_no": "Incoming number stamped by the office.",
    "is_latest": "Whether this is the latest examination of the filing, which counts.",
    "issued_on": "First day of the licence.",
    "kind": "new, refiling (only refused ones before it) or correction (an accepted one before it).",
    "kzt_per_unit": "Rate of the National Bank. Unit: tenge per unit of the currency.",
    "language": "Language of the name: en, ru or kk.",
    "largest_quantity": "Largest quantity that is given a value (10^15 tenge). Unit: units of the asset.",
    "left_value": "Left side of the identity.",
    "licence_no": "Number of the mining licence.",
    "miner_id": "BIN or IIN of the licensed miner.",
    "miner_share": "Share of a miner's quantity to be sold; empty without an obligation.",
    "name": "Name of the reference file.",
    "named_on": "Day, row and sheet of the distribution that gives the name, packed into one number.",
    "obliged_role": "Who has to sell: miner or pool.",
    "occurrences": "How many faults the row stands for; they add up.",
    "package_sha256": "SHA-256 of the package: identical bytes are one filing.",
    "path": "Path below lake/.",
    "pool_name": "Name of the pool.",
    "pool_share": "Share of a pool's reward to be sold; empty without an obligation.",
    "price": "Published weighted-average price of one unit. Unit: currency per unit of the asset.",
    "price_date": "Day whose price applies: the day itself if worked, else the working day before it.",
    "quantity_to_sell": "Share of the base, rounded up once at the asset's smallest unit. Unit: units of the asset.",
    "rate": "Rate of the National Bank; 1 for a price in tenge. Unit: tenge per unit of the currency.",
    "rate_date": "Day whose rate applies: the day of receipt, else the last one published before it.",
    "reason": "Why.",
    "received_at": "Moment of arrival: the office's stamp, else the moment of registration.",
    "refused_count": "Refused filings of the pool and period.",
    "registered_at": "Moment at which the machine registered the package.",
    "registered_on": "Local day of arrival, from which terms are counted (para 7).",
    "relation": "Relation of this warehouse.",
    "replaces": "The filing it replaces: for a correction the accepted one before it, for a refiling the last refused.",
    "right_value": "Right side of the identity.",
    "role": "miner (column 8) or pool (its reward, columns 9.1 and 9.2).",
    "sha256": "SHA-256 of the accepted file.",
    "share": "Share to be sold through exchanges holding an AIFC licence, by the day of distribution.",
    "source": "Where the value comes from.",
    "source_name": "Name under which the package lay in the inbox.",
    "sources": "Hash of what the relation was made from.",
    "state": "on_time or late (by the first accepted filing), refused (nothing else so far), registered (not yet "
    "examined), silent (nothing came and the term is over), not_filed (silent, though there were distributions) or "
    "not_due.",
    "status": "registered (not yet examined), accepted, refused, or superseded by a later accepted filing.",
    "taxpayer_id": f"{_TAXPAYER} Form 1-ЦМ column 3.",
    "taxpayer_id_state": "ok, or what is wrong with a number that is kept as written; empty for the pool's own reward.",
    "taxpayer_name": "Name of the taxpayer.",
    "ticker": "Ticker of the asset.",
    "unvalued_asset_count": "Assets of the taxpayer that have quantities without a value.",
    "unvalued_assets": "Tickers of the assets that have quantities without a value, comma-separated; empty when none.",
    "unvalued_quantity": "Part of the quantity without a value: no price, no rate, no readable day, or "
    "worth too much to be true. Unit: units of the asset.",
    "valid_from": "First day on which the row applies.",
    "valid_to": "Last day on which the row applies; empty while it does.",
    "value_kzt": "Quantity x price x rate, rounded half up at the 12th decimal; figures are sums of it. Empty "
    "without a value. Unit: tenge.",
    "valued_quantity": "Part of the quantity that has a value. Unit: units of the asset.",
    "venue": "Where the share is to be sold.",
    "verdict": "accepted or refused (para 8: refused only if incomplete); empty while not examined.",
    "working": "Whether the day is worked.",
    "year": "Calendar year of the day of distribution.",
}

_EXCLUDED = (
    "empty, unreadable, too_large (10^15 units or more, or 10^17 with the others of its filing), or looks_like_total "
    "(a row that R-88 asks about)."
)

RELATION_COLUMNS: Mapping[tuple[str, str], str] = {
    **PROCEDURE_RELATION_COLUMNS,
    **CHANGE_RELATION_COLUMNS,
    **ENTRY_RELATION_COLUMNS,
    ("asset", "source"): "Law or protocol that says so.",
    ("build", "code_version"): "Version of Esep that built this file.",
    ("build_state", "relation"): "Relation that is derived.",
    ("calendar_day", "correction_due_on"): "Last day of the 10 working days for a change of data on the day (para 6).",
    ("calendar_day", "examine_by"): "Last day of the 2 working days for a package that arrives on the day (para 8).",
    ("calendar_day", "notice_by"): "Last day of the 5 working days for a notice of what is found on the day (para 10).",
    ("calendar_day", "reason"): "Holiday, transfer or day of the week; empty for an ordinary working day.",
    ("examination", "examination_no"): "1 for the first examination; each re-examination counts up.",
    ("excluded_row", "asset"): "Ticker of the asset; as written where unknown.",
    ("excluded_row", "column_no"): "8 for the distributed quantity, 9.2 for the pool's reward.",
    ("excluded_row", "found"): "What stands in the cell, as written.",
    ("excluded_row", "reason"): _EXCLUDED,
    ("income_by_pool", "period"): "Month of the day of distribution, as its first day.",
    ("income_by_pool", "quantity"): "Quantity received in the role. Unit: units of the asset.",
    ("loaded_file", "row_count"): "Rows of the Parquet file.",
    ("loaded_file", "quantity"): "Sum of column 8 in the file, across assets: a checksum.",
    ("loaded_file", "reward_quantity"): "Sum of column 9.2 in the file, across assets: a checksum.",
    ("period_term", "due_on"): "The 25th of the following month (para 5).",
    ("pool", "pool_id"): "BIN of the accredited pool.",
    ("reconciliation", "year"): "Year of the figures compared; empty for an identity of the whole warehouse.",
    ("reference_version", "row_count"): "Rows of the accepted file.",
    ("stored_rows", "row_count"): "Rows of the filing in distribution_row.",
    ("stored_rows", "quantity"): "Sum of column 8, across assets: a checksum.",
    ("stored_rows", "reward_quantity"): "Sum of column 9.2, across assets: a checksum.",
    ("unreadable_quantity", "column_no"): "8 for the distributed quantity, 9.2 for the pool's reward.",
    ("unreadable_quantity", "found"): "What stands in the cell, as written.",
    ("unreadable_quantity", "reason"): _EXCLUDED,
    **{
        (relation, "row_count"): "Distributions that the row adds up."
        for relation in ("annual_income", "monthly_income", "income_by_pool", "income_part")
    },
    ("income_ledger", "row_count"): "Distributions that the row adds up, one by one.",
    **{
        (relation, "period"): "Month of the day of distribution, as its first day; the filing's where unreadable."
        for relation in (
            "monthly_income",
            "monthly_sale_obligation",
            "income_part",
            "distribution_value",
            "row_value",
        )
    },
    **{
        (relation, "quantity"): "Quantity received in the role (column 8 or 9.2). Unit: units of the asset."
        for relation in (
            "annual_income",
            "monthly_income",
            "income_part",
            "income_ledger",
            "distribution_value",
            "row_value",
        )
    },
    **{
        (relation, "taxpayer_name"): "Name of the taxpayer in the latest distribution of the year."
        for relation in (
            "annual_income",
            "annual_income_total",
            "monthly_income",
            "sale_obligation",
            "monthly_sale_obligation",
        )
    },
    ("annual_income_total", "income_kzt"): "Income of all assets, rounded half up to 2 decimals. Unit: tenge.",
}


def column_comment(relation: str, column: str) -> str:
    """The text of COMMENT ON COLUMN; raises KeyError for a column nobody described."""
    text = RELATION_COLUMNS.get((relation, column)) or COLUMNS.get(column)
    if text is None:
        raise KeyError(f"{relation}.{column}: nobody described this column; add it to COLUMNS in dictionary.py")
    return text


def grain_of(path: Path) -> str:
    """The head of a SQL file as one text: its grain sentence and what else the reader should know."""
    head = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("--"):
            break
        head.append(line.removeprefix("--").strip())
    return " ".join(part for part in head if part)


def comment_all(connection: duckdb.DuckDBPyConnection, grains: Mapping[str, str]) -> None:
    """Put the comments on relations, their columns, and macros; `grains` by name."""
    kinds = dict(connection.execute(_KINDS).fetchall())
    columns = connection.execute(
        "select table_name, column_name from duckdb_columns() where not internal order by table_name, column_index"
    ).fetchall()
    for relation, grain in grains.items():
        if relation not in kinds:
            raise KeyError(f"{relation}: the SQL file of this name makes no relation of this name")
        connection.execute(f"comment on {kinds[relation]} {relation} is {_quoted(grain)}")
    for relation, column in columns:
        if relation in grains:
            text = _quoted(column_comment(relation, column))
            connection.execute(f'comment on column {relation}."{column}" is {text}')


_KINDS = """
select table_name, 'table' from duckdb_tables() where not internal
union all
select view_name, 'view' from duckdb_views() where not internal
union all
select function_name, case function_type when 'table_macro' then 'macro table' else 'macro' end
from duckdb_functions()
where not internal and function_type in ('macro', 'table_macro')
"""


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
