"""Bringing into the working file what archive, lake, journal and reference data hold and it does not.

Receipts and verdicts are written once, so a filing is known by its number and an examination by its count: nothing
that is loaded is read again. Everything new comes in within one transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from esep.config import Settings
from esep.lake import manifest
from esep.lake.schema import FILING
from esep.law import calendar
from esep.office import archive
from esep.proof import check as proof_check
from esep.proof import model as proof
from esep.proof.named import LOST
from esep.warehouse import calls, event_load, lake_load, lake_rows, reference_load, revision, work
from esep.warehouse.errors import DamagedHomeError, LoadError
from esep.warehouse.schema import insert, query

_DERIVED = frozenset({"registration_no", "examination_no", "examined_at", "period", "question"})
"""Columns of the lake's table filing that are not taken from the verdict as it writes them."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What was new."""

    registered: tuple[str, ...]
    examined: tuple[str, ...]
    reference: tuple[str, ...]
    events: int = 0

    def __str__(self) -> str:
        if not (self.registered or self.examined or self.reference or self.events):
            return "nothing new to load"
        reference = f", reference files: {', '.join(self.reference)}" if self.reference else ""
        return (
            f"loaded {len(self.registered)} registered and {len(self.examined)} examined filings, "
            f"{self.events} events{reference}"
        )


@dataclass(frozen=True, slots=True)
class _Filing:
    """A filing of the archive with what is new of it."""

    entry: archive.Entry
    is_new: bool
    verdicts: tuple[dict[str, Any], ...]
    """All verdicts, the latest last; empty when none is new."""
    known_verdicts: int

    @property
    def key(self) -> int:
        return work.filing_key(self.entry.number)

    @property
    def was_accepted(self) -> bool:
        """Whether any of its examinations accepted it."""
        return any(verdict["verdict"] == "accepted" for verdict in self.verdicts)


def load(settings: Settings, now: datetime) -> LoadReport:
    """Load new receipts, verdicts with their Parquet files, and reference versions. `now` dates the figures.

    Raises DamagedHomeError naming every damaged file that the figures rest on, and LoadError for what cannot be loaded
    all the same; nothing is loaded then.
    """
    require_sound(settings)
    with work.opened(settings) as connection:
        work.mark_listing(settings)
        events = event_load.new_events(settings, connection)
        given_up = {file.entry.number for file in events if file.entry and f"-{LOST}-" in file.path.name}
        filings = _new(settings, connection, given_up)
        reference = reference_load.new_versions(settings, connection)
        is_listed = manifest.path_of(settings).exists()
        is_elsewhere = is_listed and lake_rows.are_elsewhere(settings, connection)
        if filings or events or reference or not is_listed or is_elsewhere or revision.is_new(settings, connection):
            work.mark_changed(settings)
            with work.transaction(connection):
                _load_filings(settings, connection, filings)
                event_load.load(connection, events)
                event_load.apply_decisions(settings, connection)
                event_load.apply_confirmations(settings, connection)
                for version in reference:
                    reference_load.replace(settings, connection, version)
                revision.load(settings, connection)
                if filings or events or not is_listed:  # before the commit: a load that was killed writes it again
                    rows = connection.sql(query(settings.sql, "load/manifest")).to_arrow_table()
                    manifest.write(settings, rows)
                lake_rows.show(settings, connection)
        work.mark_loaded(settings)
        return LoadReport(
            tuple(filing.entry.number for filing in filings if filing.is_new),
            tuple(filing.entry.number for filing in filings if filing.verdicts),
            tuple(version.name for version in reference),
            len(events),
        )


def require_sound(settings: Settings, *, full: bool = False) -> None:
    """Prove archive, journal, lake and accepted reference files; raises DamagedHomeError naming what is damaged.

    With `full` every byte is read, else only what changed since it was proved. Nothing is loaded while a file that
    figures rest on is damaged: leaving it out would lower somebody's total.
    """
    try:
        proof_check.require(settings, full=full)
    except proof.DamagedHomeError as error:
        raise DamagedHomeError(str(error)) from error


def _new(settings: Settings, connection: duckdb.DuckDBPyConnection, given_up: Collection[str]) -> list[_Filing]:
    """Filings of which something is new; those of which an examination was given up are loaded anew."""
    registered = set(calls.column(connection, "registration_no", "from internal.registered"))
    source = "from examination group by registration_no"
    examined: dict[str, int] = dict(calls.rows(connection, ("registration_no", "count(*)"), source))
    found = []
    for entry in archive.registered(settings):
        is_new = entry.number not in registered
        known_verdicts = examined.get(entry.number, 0)
        has_new_verdicts = len(entry.verdict_paths) > known_verdicts or entry.number in given_up
        if is_new or has_new_verdicts:
            found.append(_Filing(entry, is_new, entry.verdicts if has_new_verdicts else (), known_verdicts))
    return found


def _load_filings(settings: Settings, connection: duckdb.DuckDBPyConnection, filings: list[_Filing]) -> None:
    insert(connection, "internal.registered", [_registered(filing.entry) for filing in filings if filing.is_new])
    examined = [filing for filing in filings if filing.verdicts]
    _forget_earlier(settings, connection, [filing.key for filing in examined if filing.known_verdicts])
    replaced = [filing.key for filing in examined if 0 < filing.known_verdicts < len(filing.verdicts)]
    connection.execute(
        "update examination set is_latest = false where filing_key in (select unnest(?::bigint[]))", [replaced]
    )
    examinations = [
        _examination(filing.entry, number, verdict, is_latest=number == len(filing.verdicts))
        for filing in examined
        for number, verdict in enumerate(filing.verdicts, start=1)
        if number > filing.known_verdicts
    ]
    insert(connection, "examination", examinations)
    insert(connection, "internal.named_file", [row for filing in examined for row in _named_files(filing)])
    lake_load.load(settings, connection, {filing.entry.number: filing.verdicts[-1] for filing in examined})
    lake_load.load_earlier(settings, connection, {filing.entry.number: filing.verdicts[:-1] for filing in examined})
    work.put_on(connection, "filing_unchecked", [filing.key for filing in filings])
    work.put_on(connection, "filing_to_value", [filing.key for filing in examined if filing.was_accepted])


def _forget_earlier(settings: Settings, connection: duckdb.DuckDBPyConnection, keys: list[int]) -> None:
    """Take out what an earlier examination of these filings brought in. Rare, so everything is checked anew after."""
    if not keys:
        return
    work.put_on(connection, "filing_unchecked", calls.column(connection, "filing_key", "from internal.registered"))
    source = "from internal.registered where filing_key in (select unnest($keys::bigint[]))"
    numbers = list(calls.column(connection, "registration_no", source, keys=keys))
    for relation, column in work.OF_FILING.items():
        if relation in (lake_rows.LATEST, lake_rows.EARLIER) and not lake_rows.are_kept(settings):
            continue
        named, kind = (keys, "bigint") if column == "filing_key" else (numbers, "varchar")
        connection.execute(
            f"delete from internal.{relation} where {column} in (select unnest(?::{kind}[]))",  # noqa: S608 - ours
            [named],
        )


def _registered(entry: archive.Entry) -> dict[str, Any]:
    """The receipt's fields, of which `insert` takes those that are columns, and what follows from them."""
    receipt = entry.receipt
    return {name: getattr(receipt, name) for name in archive.Receipt.__dataclass_fields__} | {
        "registration_no": entry.number,
        "filing_key": work.filing_key(entry.number),
        "examine_by": calendar.examine_by(receipt.registered_on),
        "correction_due_on": calendar.correction_due(receipt.change_date) if receipt.change_date else None,
        "file_count": len(receipt.files),
        "is_history": receipt.history is not None,
    }


def _named_files(filing: _Filing) -> Iterator[dict[str, Any]]:
    """What the verdicts say of their files in the lake."""
    for examination_no, verdict in enumerate(filing.verdicts, start=1):
        hashes = verdict.get("lake_sha256", {})
        for path in verdict["lake"]:
            yield {
                "path": path,
                "registration_no": filing.entry.number,
                "examination_no": examination_no,
                "sha256": hashes.get(path),
            }


def _answer(answer: dict[str, str]) -> dict[str, Any]:
    """The officer's answer by which the verdict was given; nothing of older verdicts and most others."""
    at = answer.get("at")
    answered_at = datetime.fromisoformat(at) if at else None
    return {"answer": answer.get("answer"), "answered_at": answered_at, "answered_by": answer.get("author")}


def _examination(
    entry: archive.Entry, examination_no: int, verdict: dict[str, Any], *, is_latest: bool
) -> dict[str, Any]:
    try:
        period = verdict["period"]
        return {
            "registration_no": entry.number,
            "filing_key": work.filing_key(entry.number),
            "examination_no": examination_no,
            "is_latest": is_latest,
            "examined_at": datetime.fromisoformat(verdict["examined_at"]),
            "period": date.fromisoformat(period if len(period) > len("YYYY-MM") else f"{period}-01")
            if period
            else None,
            "accepted_from": entry.receipt.received_at if verdict["verdict"] == "accepted" else None,
            **{column.name: verdict[column.name] for column in FILING.arrow_schema if column.name not in _DERIVED},
            "question": verdict.get("question"),
            **_answer(verdict.get("answer") or {}),
        }
    except (KeyError, TypeError, ValueError) as error:
        raise LoadError(
            f"{entry.number}: verdict {examination_no} in the archive is not as the examination writes it ({error!r}). "
            "Restore the file from a backup."
        ) from error
