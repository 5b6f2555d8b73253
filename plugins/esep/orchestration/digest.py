"""The daily digest: what arrived, what is due, what waits and what failed, from what `bin/esep status` shows.

The mail goes to the office and holds it all. A webhook gets numbers by name: a chat may be another country's server.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from esep import clock, files
from esep.alarm import incidents, kept
from esep.alarm.message import Message, message
from esep.config import Settings
from esep.documents.model import Block, Items, Kind, Paragraph, Section, titled
from esep.documents.plain import NOTHING
from esep.law.calendar import working_calendar
from esep.orchestration.alarm_channels import channels
from esep.orchestration.alarms import run_url
from esep.orchestration.common import reported
from esep.orchestration.periodic import ParameterError
from esep.reports.status_report import report
from esep.texts import default_language, numbers, text

if TYPE_CHECKING:
    from esep.answers.status import IdleDags, Status
    from esep.answers.tables import Row

log = logging.getLogger(__name__)

DAY = timedelta(days=1)
VERDICTS = ("accepted", "refused", "waiting", "unexamined")


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything of one morning. Without a published warehouse `status` is None, and nothing is known of duties."""

    now: datetime
    since: datetime
    """The digest before, or a day earlier."""
    arrived: Counter[str]
    """Filings registered since then, by verdict."""
    status: Status | None
    idle: IdleDags | None
    """None where Airflow does not say."""
    due_this_week: tuple[Row, ...]
    """Of `open_duty_on`: due from tomorrow to Sunday."""
    failed_runs: tuple[tuple[str, str], ...]
    """DAG and id, since the digest before."""
    unsent: tuple[kept.Kept, ...]


def send(settings: Settings, now: datetime, idle: IdleDags | None, *, by_hand: bool) -> dict[str, int | str]:
    """Send the digest of the day, and what could not be sent before; `sent` and `kept` messages.

    One a day, however often this runs; by hand, and on days off, only if a person asks. Raises ParameterError where
    there is nothing to do.
    """
    day = clock.local_date(now)
    if not channels(settings):
        raise ParameterError("ESEP_ALARM_TO and ESEP_ALARM_WEBHOOK are not set: there is nobody to send a digest to.")
    with reported("digest", settings):
        sent, left = kept.send(settings, channels(settings), now, all_of_them=True)
        last = _last(settings)
        is_due = by_hand or (working_calendar().is_working(day) and (last is None or clock.local_date(last) < day))
        if is_due:
            found = digest(settings, now, max(last or now - DAY, now - 7 * DAY), idle)
            # Put down, then noted: a kill between them makes the same message again, under the same id.
            event = (now if by_hand else day).isoformat()
            kept.keep(settings, digest_message(found, default_language(), event), list(channels(settings)), now)
            files.write_json(_mark(settings), {"at": now.isoformat()})
            more, left = kept.send(settings, channels(settings), now, all_of_them=True)
            sent += more
    if not is_due and not sent + left:
        raise ParameterError(f"{day}: no working day, or its digest was sent")
    return {"sent": sent, "kept": left}


def digest(settings: Settings, now: datetime, since: datetime, idle: IdleDags | None) -> Digest:
    """What there is to say at this moment."""
    from esep.answers import duties, open_warehouse
    from esep.answers.status import status
    from esep.warehouse.errors import WarehouseError

    found: Status | None = None
    week: tuple[Row, ...] = ()
    today = clock.local_date(now)
    try:
        with open_warehouse(settings) as connection:
            found = replace(status(connection, settings, now), idle_dags=idle)
            sunday = today + timedelta(days=6 - today.weekday())
            week = tuple(row for row in duties.open_on(today).rows(connection) if today < row.due_on <= sunday)
    except WarehouseError as error:
        log.warning("no published warehouse to read: %s", error)
    return Digest(
        now,
        since,
        Counter(_verdicts(settings, since)),
        found,
        idle,
        week,
        tuple(incidents.failed_runs(settings, since)),
        tuple(kept.waiting(settings)),
    )


def counts(found: Digest) -> dict[str, int | None]:
    """The numbers of the digest by name; None for what is not known without a warehouse or without Airflow's tables."""
    state = found.status
    return {
        "arrived": found.arrived.total(),
        **{f"arrived_{verdict}": found.arrived[verdict] for verdict in VERDICTS},
        "overdue": state.overdue if state else None,
        "due_today": state.due_today if state else None,
        "due_this_week": len(found.due_this_week) if state else None,
        "open_questions": len(state.open_questions) if state else None,
        "approved_not_sent": len(state.approved_letters) if state else None,
        "inbox_attention": len(state.inbox.attention) if state else None,
        "refused_files": len(state.refused_files) if state else None,
        "damaged_files": len(state.damages) if state else None,
        "failed_steps": len(state.failures) if state else None,
        "failed_runs": len(found.failed_runs),
        "paused_dags": len(found.idle.paused) if found.idle else None,
        "messages_not_sent": len(found.unsent),
    }


def digest_message(found: Digest, language: str, event: str) -> Message:
    """The digest in one language; `event` makes its id."""
    numbers_of = counts(found)
    today = clock.local_date(found.now)
    rows = [(text(f"digest.count_{name}", language), count) for name, count in numbers_of.items() if count is not None]
    columns = (("digest.what", Kind.SAID), ("digest.count", Kind.COUNT))
    summary: list[Block] = [titled("", columns, rows, language)]
    if found.status is None:
        summary.append(Paragraph(text("digest.no_warehouse", language), "bad"))
    public = [Section(text("digest.in_numbers", language), summary)]
    subject = text(
        "digest.subject",
        language,
        day=numbers.day(today, language),
        overdue=NOTHING if numbers_of["overdue"] is None else numbers_of["overdue"],
        today=NOTHING if numbers_of["due_today"] is None else numbers_of["due_today"],
    )
    sections = [*public, *_sections(found, language)]
    values: dict[str, Any] = {"digest": {"day": today.isoformat(), **numbers_of}}
    return message("digest", found.now, subject, sections, language, values, event, shown_to_all=public)


def _sections(found: Digest, language: str) -> Iterator[Section]:
    if found.due_this_week:
        yield Section(text("digest.count_due_this_week", language), [_week(found.due_this_week, language)])
    if found.status:
        yield Section(text("status.title", language), list(report(found.status, language)))
    if found.failed_runs:
        lines = [run_url(*run) or ": ".join(run) for run in found.failed_runs]
        yield Section(text("digest.count_failed_runs", language), [Items(lines)])
    if found.unsent:
        lines = [
            f"{one.message.subject} ({one.fault or numbers.moment(one.kept_at, language)})" for one in found.unsent
        ]
        yield Section(text("digest.count_messages_not_sent", language), [Items(lines)])


def _week(rows: Sequence[Row], language: str) -> Block:
    columns = (
        ("digest.due_on", Kind.DAY),
        ("status.duty", Kind.SAID),
        ("digest.about", Kind.TEXT),
        ("digest.pool", Kind.TEXT),
    )
    made = [
        (
            row.due_on,
            row.words[language],
            row.letter_no or row.registration_no or "",
            row.pool_name or row.pool_id or "",
        )
        for row in rows
    ]
    return titled("", columns, made, language)


def _verdicts(settings: Settings, since: datetime) -> Iterable[str]:
    """Verdicts of the filings that the machine registered since then: numbers are given in that order."""
    from esep.office import archive, questions

    for entry in reversed(list(archive.registered(settings))):
        try:
            if entry.receipt.registered_at < since:
                return
            yield questions.verdict_word(entry.verdict)
        except archive.ArchiveError:  # named by the examination
            continue


def _mark(settings: Settings) -> Any:
    return kept.folder(settings) / "digest.json"


def _last(settings: Settings) -> datetime | None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        return datetime.fromisoformat(files.read_json(_mark(settings))["at"])
    return None


def needed_dags_paused(task_instance: Any) -> IdleDags | None:
    """Which needed DAGs are paused, as Airflow tells a task; None where it does not."""
    from esep.answers.status import IdleDags
    from esep.orchestration import names

    try:
        return IdleDags(tuple(name for name in names.NEEDED if task_instance.get_dag(name).is_paused), ())
    except Exception as error:
        log.warning("whether DAGs are paused is not known: %s", error)
        return None
