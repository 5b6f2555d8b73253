"""`bin/esep show`: a filing in a terminal, as its page tells it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from esep.cli.common import UnusableError, json_option, language_option, print_json, settings_from_environment

if TYPE_CHECKING:
    import duckdb

    from esep.answers.filing import Filing
    from esep.config import Settings
    from esep.office.events import Event


@click.command()
@click.argument("number")
@json_option
@language_option
@click.option(
    "--findings", "listed", type=click.IntRange(0, 100_000), default=3, help="Faults listed of each rule (default: 3)."
)
def show(number: str, as_json: bool, language: str, listed: int) -> None:
    """Show the filing NUMBER: its versions and terms, verdict, findings, letters, events and effect.

    A filing that the warehouse does not hold yet is shown as the archive has it.

    \b
    Exit code: 0 shown, 2 there is no such filing, or neither warehouse nor archive can be read.
    Examples:  bin/esep show 2025-000017
               bin/esep show 2025-000017 --findings 20 --language ru
               bin/esep show 2025-000017 --json | jq .filing.status
    """
    settings = settings_from_environment()
    told = gathered(settings, number, listed)
    if as_json:
        print_json(told)
        return
    from esep.cli.show_report import report
    from esep.documents import terminal

    terminal.show(report(told, language), language)


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
            raise UnusableError(str(error)) from None
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
        "letters": [
            {
                "letter_no": one.letter.letter_no,
                "kind": one.letter.kind,
                "dated": one.letter.dated,
                "send_by": one.letter.send_by,
                "dispatches": [asdict(dispatch) for dispatch in one.dispatches],
                "decision": one.decision,
                "files": [str(path) for path in one.files],
            }
            for one in own_letters
        ],
        "events": [
            {"event": event.kind, "at": event.at, "author": event.author, "data": event.data} for event in events
        ],
        "damaged": [*(kept.faults if kept else ()), *faults],
    }


def _from_warehouse(settings: Settings, number: str, listed: int) -> dict[str, Any]:
    from esep.answers import filing as filings
    from esep.answers import filing_findings, filing_rows, open_warehouse
    from esep.answers.filing_rows import Cells

    rules = filing_findings.Rules(settings)
    cells = Cells(settings, number)
    with open_warehouse(settings) as connection:
        shown = filings.filing(connection, number)
        first = filing_findings.first_faults(connection, number, listed) if listed else {}
        is_correction = shown.kind == "correction"
        return {
            "filing": asdict(shown),
            "versions": [asdict(version) for version in filings.versions(connection, shown)],
            "duties": [asdict(duty) for duty in filings.duties(connection, number)],
            "examinations": [asdict(one) for one in filings.examinations(connection, number)],
            "rows": filing_rows.count(connection, number),
            "findings": [
                {
                    **asdict(group),
                    "faults": [
                        {
                            **asdict(fault),
                            "cell": cells.address(fault.file, fault.sheet, fault.row, fault.column_no),
                        }
                        for fault in first.get(group.rule_id, ())
                    ],
                }
                for group in filing_findings.groups(connection, number, rules)
            ],
            "month_events": _of_month(connection, shown),
            "contribution": [asdict(part) for part in filings.contribution(connection, number)],
            "changed_rows": filings.change_counts(connection, number) if is_correction else {},
            "effect": [asdict(effect) for effect in filings.effects(connection, number, offset=0, limit=1_000_000)]
            if is_correction
            else [],
        }


def _of_month(connection: duckdb.DuckDBPyConnection, shown: Filing) -> list[Event]:
    """What the journal holds of the filing's pool and month, without what is about its other filings."""
    from esep.answers.filing_archive import month_events

    if shown.pool_id is None or shown.period is None:
        return []
    told = month_events(connection, shown.pool_id, shown.period)
    return [event for event in told if event.data.get("registration_no") in (None, shown.registration_no)]
