"""The procedure of the demo as people read it: notices, what an officer has to do, what corrections changed, gaps."""

from __future__ import annotations

import duckdb
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from esep.config import Settings
from esep.demo.summary import table_of
from esep.warehouse import read

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
    rows = connection.execute(
        """
        select
            notice.letter_no, notice.pool_id, notice.period, notice.reasons ->> '$[*]', notice.detected_on,
            notice.notice_by, min(dispatch.sent_on)
        from notice left join dispatch on notice.letter_no = dispatch.letter_no
        group by all order by notice.detected_on, notice.letter_no
        """
    ).fetchall()
    for letter, pool, period, reasons, detected, by, sent in rows[-LISTED:]:
        words = ", ".join(reason.replace("_", " ") for reason in reasons)
        late = "\nlate" if sent and sent > by else ""
        when = f"{sent}{late}" if sent else ""
        table.add_row(letter, f"{pool} {period:%Y-%m}", words, str(detected), str(by), when)
    _rest(table, rows)
    return table


def _obligations(connection: duckdb.DuckDBPyConnection) -> Table:
    table = table_of("What an officer has to do (obligation_due)", "What", "Para", "State", ">Count")
    rows = connection.execute(
        "select text_en, paragraph, state, count(*) from obligation_due group by all order by 1, 3"
    ).fetchall()
    for text, paragraph, state, count in rows:
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
    rows = connection.execute(
        """
        with
        changes as (
            select
                registration_no || case verdict when 'refused' then ' (refused)' else '' end as name,
                registration_no, replaces,
                count(*) filter (where change = 'added') as added,
                count(*) filter (where change = 'removed') as removed,
                count(*) filter (where change = 'changed') as changed
            from filing_change group by all
        ),
        effects as (
            select registration_no, sum(income_kzt_difference) filter (where role = 'miner') as difference
            from filing_effect group by all
        )
        select changes.* exclude (registration_no), effects.difference
        from changes left join effects using (registration_no) order by registration_no
        """
    ).fetchall()
    for number, replaces, added, removed, changed, difference in rows[-LISTED:]:
        table.add_row(number, replaces, f"{added:,}", f"{removed:,}", f"{changed:,}", f"{difference or 0:+,.2f}")
    _rest(table, rows)
    return table


def _gaps(connection: duckdb.DuckDBPyConnection) -> Table:
    table = table_of("Gaps of the reference data (reference_gap)", "Kind", "Of", "Why", ">Days", ">Rows")
    rows = connection.execute(
        "select kind, coalesce(asset, currency, pool_id), reason, days, row_count from reference_gap order by all"
    ).fetchall()
    for kind, subject, reason, days, count in rows[-LISTED:]:
        words = (kind.replace("_", " "), escape(str(subject)), reason.replace("_", " "))
        table.add_row(*words, f"{days:,}", f"{count:,}")
    _rest(table, rows)
    return table


def _rest(table: Table, rows: list[tuple[object, ...]]) -> None:
    if len(rows) > LISTED:
        table.caption = f"… and {len(rows) - LISTED} more"
