"""The procedure of the demo as people read it: notices, what an officer has to do, what corrections changed, gaps."""

from __future__ import annotations

import duckdb
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from esep.config import Settings
from esep.demo.summary import table_of
from esep.warehouse import read
from esep.warehouse.calls import rows

LISTED = 16


def print_procedure(settings: Settings, console: Console) -> None:
    """Notices, open obligations, corrections and gaps of the reference data, from the published snapshot."""
    connection = read.connect(settings)
    try:
        for table in (_notices(connection), _obligations(connection), _corrections(connection), _gaps(connection)):
            console.print()
            console.print(table)
    finally:
        connection.close()


def _notices(connection: duckdb.DuckDBPyConnection) -> Table:
    table = table_of(
        "Notices drafted (para 10), the day of detection and the last day to send",
        "Letter",
        "Pool, month",
        "Grounds",
        "Detected",
        "Send by",
        "Sent",
    )
    columns = ("letter_no", "pool_id", "period", "grounds", "detected_on", "notice_by", "sent_on")
    found = rows(connection, columns, "from notice_sent() order by detected_on, letter_no")
    for letter, pool, period, reasons, detected, by, sent in found[-LISTED:]:
        words = ", ".join(reason.replace("_", " ") for reason in reasons)
        late = "\nlate" if sent and sent > by else ""
        when = f"{sent}{late}" if sent else ""
        table.add_row(letter, f"{pool} {period:%Y-%m}", words, str(detected), str(by), when)
    _rest(table, found)
    return table


def _obligations(connection: duckdb.DuckDBPyConnection) -> Table:
    table = table_of("What an officer has to do (obligation_due)", "What", "Para", "State", ">Count")
    columns = ("text_en", "paragraph", "state", "count(*)")
    duties = "from obligation_due group by text_en, paragraph, state order by text_en, state"
    for text, paragraph, state, count in rows(connection, columns, duties):
        table.add_row(escape(text), paragraph, state.replace("_", " "), f"{count:,}")
    return table


def _corrections(connection: duckdb.DuckDBPyConnection) -> Table:
    table = table_of(
        "What corrections changed against the version before (filing_change, filing_effect)",
        "Correction",
        "of",
        ">Added",
        ">Removed",
        ">Changed",
        ">Income, tenge",
    )
    columns = ("registration_no", "verdict", "replaces", "added", "removed", "changed", "income_kzt_difference")
    found = rows(connection, columns, "from correction_summary() order by registration_no")
    for number, verdict, replaces, added, removed, changed, difference in found[-LISTED:]:
        name = f"{number} (refused)" if verdict == "refused" else number
        table.add_row(name, replaces, f"{added:,}", f"{removed:,}", f"{changed:,}", f"{difference:+,.2f}")
    _rest(table, found)
    return table


def _gaps(connection: duckdb.DuckDBPyConnection) -> Table:
    table = table_of("Gaps of the reference data (reference_gap)", "Kind", "Of", "Why", ">Days", ">Rows")
    columns = ("kind", "coalesce(asset, currency, pool_id)", "reason", "days", "row_count")
    found = rows(connection, columns, "from reference_gap order by all")
    for kind, subject, reason, days, count in found[-LISTED:]:
        words = (kind.replace("_", " "), escape(str(subject)), reason.replace("_", " "))
        table.add_row(*words, f"{days:,}", f"{count:,}")
    _rest(table, found)
    return table


def _rest(table: Table, rows: list[tuple[object, ...]]) -> None:
    if len(rows) > LISTED:
        table.caption = f"… and {len(rows) - LISTED} more"
