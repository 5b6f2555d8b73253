"""A filing and what belongs to it: its versions, deadlines, examinations and rows (paras 5 to 10), what it brings to
the figures, and what a correction changed in them (paras 3, 6 and 11).
"""

from __future__ import annotations

from typing import Any

import duckdb

from esep.answers import UnknownError, tables
from esep.answers.tables import Listed, Row, records
from esep.config import Settings
from esep.forms.reading.package import Columns, columns_of
from esep.office import archive, questions
from esep.office.archive import ArchiveError, Entry
from esep.store.model import StoreError

_OF = "where registration_no = $number"
_COLUMNS = (
    "registration_no", "status", "verdict", "examined_verdict", "kind", "replaces", "refiles", "pool_id", "pool_name",
    "period", "received_at", "registered_on", "registered_at", "incoming_no", "change_date", "source_name",
    "package_sha256", "is_history", "history_at", "history_by", "history_basis", "stamp_error", "examine_by",
    "decided_at", "due_on", "due_effective_on", "days_late", "within_rollover", "first_days_late",
    "accepted_days_late", "correction_due_on", "correction_timeliness", "notice_by", "row_count", "excluded_count",
    "examination_no", "form_version", "ruleset", "overruled_at", "overruled_by", "overrule_reason",
    "question", "answer", "answered_at", "answered_by", "asked_at", "joins", "is_transcribed",
)  # fmt: skip
_EXAMINATION = (
    "examination_no", "is_latest", "examined_at", "verdict", "row_count", "excluded_count", "form_version", "ruleset",
    "code_version", "pool_id_source", "period_source", "sheets_stated", "question", "answer", "answered_at",
    "answered_by",
)  # fmt: skip


def filing(connection: duckdb.DuckDBPyConnection, number: str) -> Row:
    """The filing of a registration number; raises UnknownError if the warehouse does not hold it."""
    found = records(connection, _COLUMNS, f"from filing {_OF}", number=number)
    if not found:
        raise UnknownError("filing", number)
    return found[0]


def of_incoming_no(connection: duckdb.DuckDBPyConnection, words: str) -> tuple[Row, ...]:
    """Filings whose stamped incoming number is `words`, whatever the letter case; the latest first."""
    source = "from filing where lower(incoming_no) = lower($words) order by received_at desc, registration_no desc"
    return records(connection, _COLUMNS, source, words=words)


def versions(connection: duckdb.DuckDBPyConnection, of: Row) -> tuple[Row, ...]:
    """All filings of its pool and period in order of arrival; one whose pool or period is unknown is alone."""
    if of.pool_id is None or of.period is None:
        return (of,)
    source = "from filing where pool_id = $pool_id and period = $period order by received_at, filing_key"
    return records(connection, _COLUMNS, source, pool_id=of.pool_id, period=of.period)


def joined_by(connection: duckdb.DuckDBPyConnection, number: str) -> tuple[str, ...]:
    """The filings that came after the pool had been asked for a readable copy of this one, in order of arrival."""
    source = "from filing where joins = $number order by received_at, filing_key"
    return tables.column(connection, "registration_no", source, number=number)


def examinations(connection: duckdb.DuckDBPyConnection, number: str) -> tuple[Row, ...]:
    """Its examinations, the first one first; the latest counts."""
    return records(connection, _EXAMINATION, f"from examination {_OF} order by examination_no", number=number)


def handovers(connection: duckdb.DuckDBPyConnection, number: str) -> tuple[Row, ...]:
    """The bundles in which it was handed over to the other body, and what came back, in order (paras 5, 7 and 8)."""
    return records(connection, "*", f"from handover {_OF} order by handed_over_at, bundle", number=number)


def contribution(connection: duckdb.DuckDBPyConnection, number: str) -> tuple[Row, ...]:
    """What the filing brings to the figures now, by year, role and asset; empty unless it is in force."""
    return records(connection, "*", "from filing_contribution($number) order by all", number=number)


def effect_totals(connection: duckdb.DuckDBPyConnection, number: str) -> tuple[Row, ...]:
    """The effects of an accepted correction by role; empty for one that moved no figure."""
    return records(connection, "*", "from filing_effect_total($number) order by role", number=number)


def effects(number: str) -> Listed:
    """What an accepted correction moved by year, role, taxpayer and asset, the largest difference in tenge first."""
    columns = """
        * exclude (registration_no, replaces, pool_id, period, quantity_to_sell_before, quantity_to_sell_after)
    """
    order = "abs(income_kzt_difference) desc, abs(quantity_difference) desc, role, taxpayer_id, asset"
    return Listed(f"from filing_effect {_OF}", order, {"number": number}, columns)


def change_counts(connection: duckdb.DuckDBPyConnection, number: str) -> dict[str, int]:
    """How many distributions a correction adds, removes and changes; empty where none."""
    source = f"from filing_change {_OF} group by change order by change"
    return dict(tables.rows(connection, ("change", "count(*)"), source, number=number))


def changes(number: str) -> Listed:
    """The distributions that a correction changes, in order of the workbook (refused corrections are compared too)."""
    order = "coalesce(new_file, old_file), coalesce(new_sheet, old_sheet), coalesce(new_row, old_row), change"
    return Listed(f"from filing_change {_OF}", order, {"number": number})


def rows(number: str) -> Listed:
    """The rows of its 1-ЦМ sheets as last examined, also those without a quantity that counts, by file, sheet and row.

    `excluded`: the quantities that are in no figure by printed column (8 or 9.2), each with `found` and `reason`.
    """
    return Listed("from filing_row($number)", "rows_before", {"number": number})


def position(
    connection: duckdb.DuckDBPyConnection, number: str, sheet: str, row: int, file: str | None = None
) -> int | None:
    """How many rows are before that worksheet row, in the order of `rows`; None where no data row is there.

    Without `file` the first file with such a sheet and row counts.
    """
    source = """
        from filing_row($number)
        where sheet = $sheet and "row" = $row and file = coalesce($file, file)
        order by rows_before
        limit 1
    """
    found: int | None = tables.value(connection, "rows_before", source, number=number, sheet=sheet, row=row, file=file)
    return found


class Cells:
    """The addresses of the cells of a filing: `G22` for row 22 of the printed column 7.

    The workbooks are looked into when the first address is asked for, and remembered.
    """

    def __init__(self, settings: Settings, number: str) -> None:
        self._settings, self._number = settings, number
        self._columns: Columns | None = None

    def address(self, file: str | None, sheet: str | None, row: int | None, column_no: str | None) -> str | None:
        """The A1 address of a worksheet row and a printed column; None where the workbook does not say."""
        if file is None or sheet is None or row is None or column_no is None:
            return None
        if self._columns is None:
            try:
                self._columns = _columns_of(archive.entry(self._settings, self._number))
            except (ArchiveError, StoreError):
                self._columns = {}
        letters = self._columns.get((file, sheet), {}).get(column_no)
        return f"{letters}{row}" if letters else None

    def of(self, place: Any) -> str | None:
        """The address of a row with these four columns."""
        return self.address(place.file, place.sheet, place.row, place.column_no)


def _columns_of(entry: Entry) -> Columns:
    """Those of the package, and of what an officer transcribed of it."""
    columns = dict(columns_of(entry.package))
    for answer in questions.answers_of(entry):
        if folder := questions.transcription_folder(entry, answer):
            read = columns_of(folder)
            columns |= {(f"{folder.name}/{file}", sheet): of for (file, sheet), of in read.items()}
    return columns
