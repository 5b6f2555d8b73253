"""`bin/esep show`: a filing in a terminal, as its page shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from esep.cli.common import Answer, UnusableError, answering, fields_of, settings_from_environment, today
from esep.cli.filing_report import FilingReport

if TYPE_CHECKING:
    import duckdb

    from esep.answers.tables import Row
    from esep.config import Settings
    from esep.office.events import Event


@click.command()
@click.argument("number")
@click.option(
    "--findings", "listed", type=click.IntRange(0, 100_000), default=3, help="Faults listed of each rule (default: 3)."
)
@answering
def show(number: str, language: str, listed: int) -> Answer:
    """Show the filing NUMBER: its versions and deadlines, verdict, findings, letters, events and effect.

    A filing that the warehouse does not hold yet is shown as the archive has it.

    \b
    Exit code: 0 shown, 2 there is no such filing, or neither warehouse nor archive can be read.
    Examples:  bin/esep show 2025-000017
               bin/esep show 2025-000017 --findings 20 --language ru
               bin/esep show 2025-000017 --json | jq .filing.status
    """
    found = gathered(settings_from_environment(), number, listed)
    return Answer(found, lambda: FilingReport(language).blocks(found))


def gathered(settings: Settings, number: str, listed: int) -> dict[str, Any]:
    """All that is known of a filing; keys are stable. Raises UnusableError for a number that is not there."""
    from esep.answers import UnknownError, WarehouseError, filing_archive

    kept = filing_archive.archived(settings, number)
    reason = None
    warehouse: dict[str, Any] = {}
    try:
        warehouse = _from_warehouse(settings, number, listed)
    except UnknownError:
        if kept is None:
            near = filing_archive.numbers_like(settings, number)
            hint = f" The nearest numbers are {', '.join(near)}." if near else ""
            raise UnusableError(f"{number}: no filing is registered under this number.{hint}") from None
    except WarehouseError as error:
        if kept is None:
            raise
        reason = str(error)
    events = sorted((*(kept.events if kept else ()), *warehouse.pop("month_events", ())), key=lambda event: event.at)
    own_letters, faults = filing_archive.letters(settings, number, events)
    return {
        "registration_no": number,
        "in_warehouse": bool(warehouse),
        "warehouse_error": reason,
        **warehouse,
        "receipt": kept.receipt.as_dict() if kept and kept.receipt else None,
        "last_verdict": kept.verdicts[-1] if kept and kept.verdicts else None,
        "signatures": list(kept.signatures) if kept else [],
        "contacts": list(kept.contacts) if kept else [],
        "transcriptions": filing_archive.transcriptions(kept),
        "letters": [
            {
                **fields_of(one.letter, "letter_no", "kind", "dated", "send_by"),
                **fields_of(one, "dispatches", "decision", "files"),
            }
            for one in own_letters
        ],
        "events": [
            {"event": event.kind, "at": event.at, "author": event.author, "data": event.data} for event in events
        ],
        "damaged": [*(kept.faults if kept else ()), *faults],
    }


def _from_warehouse(settings: Settings, number: str, listed: int) -> dict[str, Any]:
    from esep.answers import duties, filing_findings, open_warehouse, questions
    from esep.answers import filing as filings
    from esep.letters.remarks import Citations

    citations = Citations.of(settings)
    cells = filings.Cells(settings, number)

    def with_cell(fault: Row) -> dict[str, Any]:
        return fields_of(fault) | {"cell": cells.of(fault)}

    with open_warehouse(settings) as connection:
        filing = filings.filing(connection, number)
        first = filing_findings.first_faults(connection, number, listed) if listed else {}
        is_correction = filing.kind == "correction"
        return {
            "filing": filing,
            "versions": filings.versions(connection, filing),
            "duties": duties.of_filing(connection, number),
            "questions": questions.of_filing(connection, number, today()),
            "joined_by": filings.joined_by(connection, number),
            "handovers": filings.handovers(connection, number),
            "examinations": filings.examinations(connection, number),
            "rows": filings.rows(number).count(connection),
            "findings": [
                {**fields_of(group), "faults": [with_cell(fault) for fault in first.get(group.rule_id, ())]}
                for group in filing_findings.groups(connection, number, citations)
            ],
            "month_events": _of_month(connection, filing),
            "contribution": filings.contribution(connection, number),
            "changed_rows": filings.change_counts(connection, number) if is_correction else {},
            "effect": filings.effects(number).rows(connection) if is_correction else [],
        }


def _of_month(connection: duckdb.DuckDBPyConnection, filing: Row) -> list[Event]:
    """What the journal holds of the filing's pool and month, without what is about its other filings."""
    from esep.answers.filing_archive import month_events

    if filing.pool_id is None or filing.period is None:
        return []
    found = month_events(connection, filing.pool_id, filing.period)
    return [event for event in found if event.data.get("registration_no") in (None, filing.registration_no)]
