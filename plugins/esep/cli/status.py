"""`bin/esep status`: what is waiting, due and failed, for officers and engineers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from esep import clock
from esep.cli.common import Answer, answering, fields_of, settings_from_environment
from esep.cli.reference_report import refused_as_plain
from esep.reports.status_report import report

if TYPE_CHECKING:
    from esep.answers.status import Status

CALM, ATTENTION = 0, 1
"""Exit codes, beside UNUSABLE."""


@click.command()
@answering
def status(language: str) -> Answer:
    """Show what is waiting, due, failed and damaged: duties with their deadlines, inbox, reference files, warehouse.

    \b
    Exit code: 0 nothing is overdue and nothing has failed, 1 something is or has,
               2 it cannot be determined (no warehouse, or one of other code).
    Examples:  bin/esep status
               bin/esep status --language kk
               bin/esep status --json | jq .overdue
    """
    from esep.answers import open_warehouse
    from esep.answers.status import status as status_now
    from esep.office import file_system
    from esep.orchestration import dag_states
    from esep.proof.check import check

    settings = settings_from_environment()
    check(settings)
    with open_warehouse(settings) as connection:
        found = status_now(connection, settings, clock.now())
    found = replace(found, file_systems=tuple(file_system.faults(settings)), idle_dags=dag_states.reachable(settings))
    is_calm = not (found.overdue or found.has_failed)
    return Answer(as_plain(found), lambda: report(found, language), CALM if is_calm else ATTENTION)


def as_plain(found: Status) -> dict[str, Any]:
    """Everything for programs; keys are stable."""
    return {
        "as_of": found.now,
        **fields_of(found, "overdue", "due_today"),
        "failed": found.has_failed,
        "duties": [
            fields_of(duty, "kind", "paragraph", "overdue", "due_today", "later", "earliest") for duty in found.duties
        ],
        "open_questions": [fields_of(row, "question", "due_on", "state") for row in found.open_questions],
        "approved_not_sent": [
            fields_of(row, "letter_no", "approved_at", "approved_by", "due_on", "state")
            for row in found.approved_letters
        ],
        **fields_of(found.backlog, "unexamined", "unloaded"),
        "inbox_readable": found.inbox.is_readable,
        "inbox": [fields_of(item, "name", "cause", "since", "needs_attention") for item in found.inbox.items],
        "refused_files": [refused_as_plain(file) for file in found.refused_files],
        "letters": [fields_of(one, "path", "outcome", "received_at", "sender", "subject") for one in found.letters],
        "unvalued": [
            fields_of(gap, "asset", "reason", "first_period", "last_period") | {"months": gap.month_count}
            for gap in found.unvalued
        ],
        "unused_prices": found.unused_prices,
        "not_handed_over": found.not_handed_over,
        "failures": [fields_of(failure, "step", "at", "text", "dag_id", "run_id") for failure in found.failures],
        "paused_dags": found.idle_dags.paused if found.idle_dags else None,
        "broken_dag_files": found.idle_dags.broken if found.idle_dags else None,
        "letterhead_gaps": [{"language": language, "part": part} for language, part in found.asked.letterhead_gaps],
        "letterhead_fault": found.asked.letterhead_fault or None,
        "unconfirmed": [{"table": table, "key": key} for table, key in found.asked.unconfirmed],
        "damaged": [fields_of(one, "path", "what", "todo") for one in found.damages],
        "file_systems": [fields_of(one, "folder", "lack", "detail") for one in found.file_systems],
        "unproved": found.unproved,
        "older_folders": found.older_folders,
        "warehouse": fields_of(found.snapshot, "as_of", "published_at", "code_version") | {"stale": found.is_stale},
    }
