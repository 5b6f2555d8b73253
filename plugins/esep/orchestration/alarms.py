"""When people are called: a step failed, a run is late, a reference file was refused; and when it works again.

Off unless ESEP_ALARM_TO or ESEP_ALARM_WEBHOOK is set. Nothing here may fail a run or hold it up: what goes wrong is a
line of the log.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from filelock import Timeout

from esep import files
from esep.alarm import incidents, kept
from esep.alarm.incidents import Incident
from esep.alarm.masking import MASK, masked
from esep.alarm.message import Message, message, run_path
from esep.config import Settings
from esep.documents.model import Facts, Section
from esep.orchestration.alarm_channels import channels
from esep.texts import default_language, text
from esep.texts.numbers import moment

if TYPE_CHECKING:
    from esep.answers.status import RefusedFile

log = logging.getLogger(__name__)

BASE_URL = "AIRFLOW__API__BASE_URL"
DAMAGED_ERROR = "DamagedHomeError"
"""By name: only a step that reads the home imports what raises it."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a run, as far as it is known where the alarm is raised."""

    dag_id: str
    task_id: str
    run_id: str
    map_index: int = -1


def step_of(task_instance: Any) -> Step:
    """The step of Airflow's task instance."""
    index = getattr(task_instance, "map_index", -1)
    return Step(task_instance.dag_id, task_instance.task_id, task_instance.run_id, -1 if index is None else index)


@contextmanager
def harmless() -> Iterator[None]:
    """What an alarm does is never the run's fault."""
    try:
        yield
    except Timeout as error:
        log.warning("an alarm was let go: %s is held by another process", error.lock_file)
    except Exception:
        log.exception("an alarm could not be raised")


def step_failed(settings: Settings, step: Step, error: BaseException | str | None, now: datetime) -> None:
    """Tell people that a step failed for good (its retries are used up). `error` None: it was ended from outside."""
    with harmless():
        kind = "damaged" if type(error).__name__ == DAMAGED_ERROR else "failed"
        _incident(settings, kind, step, _reason(error), now)
        _send(settings, now)


def run_late(settings: Settings, step: Step, now: datetime) -> None:
    """Tell people that a run is not finished in its time. It may go on, and still end well."""
    with harmless():
        _incident(settings, "late", step, "", now)
        _send(settings, now)


def step_worked(settings: Settings, step: Step, now: datetime) -> None:
    """After a step that succeeded or had nothing to do: what works again, what was only counted, what is still kept.

    Costs three looks into folders, most times empty ones.
    """
    with harmless():
        if incidents.has_any(settings):
            with incidents.locked(settings):
                if incidents.worked(settings, step.dag_id, step.task_id, step.run_id, step.map_index, now):
                    _keep(settings, _recovered(step, now), now)
                    incidents.recovered(settings, step.dag_id)
                for incident in incidents.overdue(settings, now):
                    _report(settings, incident, now)
        refused_files(settings, now)
        _send(settings, now)


def refused_files(settings: Settings, now: datetime) -> None:
    """Tell people once of each refusal of a reference file."""
    reports = sorted(settings.reference.glob("*.errors.json"))
    known_path = kept.folder(settings) / "refused.json"
    if not reports and not known_path.exists():
        return
    with incidents.locked(settings):
        known = files.read_json(known_path) if known_path.exists() else {}
        now_there = {path.name: str(path.stat().st_mtime_ns) for path in reports}
        if now_there == known:
            return
        if new := [path for path in reports if known.get(path.name) != now_there[path.name]]:
            from esep.answers import status

            _keep(settings, _refused([status.refused_file(path) for path in new], now), now)
        files.write_json(known_path, now_there)


def _incident(settings: Settings, kind: str, step: Step, reason: str, now: datetime) -> None:
    new = Incident(
        kind=kind,
        dag_id=step.dag_id,
        task_id=step.task_id,
        run_id=step.run_id,
        map_index=step.map_index,
        at=now,
        reason=reason,
        reported_at=None,
        unreported=0,
        is_open=kind != "late",
        is_recovery_due=False,
    )
    with incidents.locked(settings):
        if kind != "late":
            incidents.note_run(settings, step.dag_id, step.run_id, now)
        if to_report := incidents.failed(settings, new):
            _report(settings, to_report, now)


def _report(settings: Settings, incident: Incident, now: datetime) -> None:
    """The message first, then the note of it: a kill between them reports a thing twice, and never not at all."""
    _keep(settings, _failure_message(incident, now), now)
    incidents.note(settings, incidents.reported(incident, now))


def _keep(settings: Settings, one: Message, now: datetime) -> None:
    kept.keep(settings, one, list(channels(settings)), now)
    log.warning("%s", one.subject)


def _send(settings: Settings, now: datetime) -> None:
    kept.send(settings, channels(settings), now)


def _reason(error: BaseException | str | None) -> str:
    """What failed, without personal data; empty where nothing is known."""
    if error is None:
        return ""
    if isinstance(error, OSError) and error.strerror:  # without the path
        return f"{type(error).__name__}: {error.strerror}"
    return masked(error if isinstance(error, str) else f"{type(error).__name__}: {error}")


def _failure_message(incident: Incident, now: datetime) -> Message:
    language = default_language()
    url = run_url(incident.dag_id, incident.run_id)
    names = {"dag": incident.dag_id, "task": incident.task_id}
    rows = [
        ("dag", incident.dag_id),
        ("task", incident.task_id),
        ("at", moment(incident.at, language)),
        ("reason", incident.reason or ("" if incident.kind == "late" else text("alarm.ended_from_outside", language))),
        ("count", str(incident.unreported) if incident.unreported > 1 else ""),
        ("run", url or incident.run_id),
        ("next", text(f"alarm.next_{incident.kind}", language, **names)),
    ]
    values = {
        "dag_id": incident.dag_id,
        "task_id": incident.task_id or None,
        "run_id": incident.run_id,
        "url": url,
        "reason": incident.reason or None,
        "count": incident.unreported,
    }
    subject = text(f"alarm.{incident.kind}", language, **names)
    event = f"{incident.dag_id}|{incident.task_id}|{incident.run_id}|{now.isoformat()}"
    return message(incident.kind, now, subject, [_facts(rows, language)], language, values, event)


def _recovered(step: Step, now: datetime) -> Message:
    language = default_language()
    url = run_url(step.dag_id, step.run_id)
    rows = [("dag", step.dag_id), ("at", moment(now, language)), ("run", url or step.run_id)]
    values = {"dag_id": step.dag_id, "task_id": step.task_id, "run_id": step.run_id, "url": url}
    subject = text("alarm.recovered", language, dag=step.dag_id)
    return message(
        "recovered", now, subject, [_facts(rows, language)], language, values, f"{step.dag_id}|{now.isoformat()}"
    )


def _refused(found: Sequence[RefusedFile], now: datetime) -> Message:
    """Names and numbers only: a report quotes the file."""
    from esep.warehouse.reference_spec import SPECS

    language = default_language()
    names = [one.name if one.name in SPECS else MASK for one in found]
    listed = [
        text("alarm.refused_one", language, name=name, number=one.fault_count)
        for name, one in zip(names, found, strict=True)
    ]
    rows = [("at", moment(now, language)), ("files", "; ".join(listed)), ("next", text("alarm.next_refused", language))]
    values = {"files": [{"name": name, "faults": one.fault_count} for name, one in zip(names, found, strict=True)]}
    subject = text("alarm.refused", language, names=", ".join(names))
    return message("refused_file", now, subject, [_facts(rows, language)], language, values, now.isoformat())


def _facts(rows: Sequence[tuple[str, str]], language: str) -> Section:
    return Section("", [Facts([(text(f"alarm.row_{key}", language), value) for key, value in rows if value])])


def run_url(dag_id: str, run_id: str) -> str | None:
    """The run's page in Airflow's UI; None where its address is not known."""
    base = os.environ.get(BASE_URL, "").rstrip("/")
    return f"{base}{run_path(dag_id, run_id)}" if base else None
