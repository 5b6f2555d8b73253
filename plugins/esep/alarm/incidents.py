"""What people know of a failure already: one file a step in `$ESEP_HOME/.alarms/incidents/`.

A run is one message, whatever fails in it. A step that fails again within QUIET is counted, and the count is in the
next message: that of its next failure after QUIET, or, where it stays failed, of the next look after it. That it
works again is reported once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from esep import files
from esep.alarm.kept import folder
from esep.config import Settings

QUIET = timedelta(hours=1)
FORGOTTEN = timedelta(days=30)
"""A step that neither failed nor worked for so long is gone."""
RUNS_KEPT = timedelta(days=14)

_NAME = re.compile(r"[^a-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Incident:
    """A step that failed, or ran late, and what was reported of it."""

    kind: str
    """failed, damaged or late."""
    dag_id: str
    task_id: str
    """Empty where the whole run is meant."""
    run_id: str
    map_index: int
    at: datetime
    """Of the last failure."""
    reason: str
    """The last one, as it may leave the office."""
    reported_at: datetime | None
    """When it was last reported; None if the message of its run was another step's."""
    unreported: int
    """Failures since then."""
    is_open: bool
    """Whether it has not worked since the last failure."""
    is_recovery_due: bool
    """Whether it was reported as failed, and not yet as working again."""


def failed(settings: Settings, new: Incident) -> Incident | None:
    """Note a failure; the incident to be reported, None if nothing is to be reported now.

    The caller holds `locked`, puts the message down, and then calls `note` with what this gave.
    """
    before = _read(_path(settings, new.dag_id, new.task_id, new.kind))
    merged = replace(new, reported_at=None, unreported=1)
    if before is not None:
        merged = replace(
            new,
            reported_at=before.reported_at,
            unreported=before.unreported + 1,
            is_recovery_due=before.is_recovery_due,
        )
    of_run = [
        one.reported_at
        for one in _all(settings)
        if (one.dag_id, one.run_id) == (new.dag_id, new.run_id) and one.reported_at
    ]
    if of_run and merged.reported_at is None:
        note(settings, replace(merged, reported_at=max(of_run), unreported=0))
        return None
    if merged.reported_at and new.at - merged.reported_at < QUIET:
        note(settings, merged)
        return None
    return merged


def note(settings: Settings, incident: Incident) -> None:
    """Keep the incident as it is now."""
    path = _path(settings, incident.dag_id, incident.task_id, incident.kind)
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write_json(path, asdict(incident))


def reported(incident: Incident, at: datetime) -> Incident:
    """The incident once all its failures are reported."""
    return replace(incident, reported_at=at, unreported=0, is_recovery_due=incident.kind != "late")


def note_run(settings: Settings, dag_id: str, run_id: str, at: datetime) -> None:
    """Keep that a run failed, whether it is reported or not. The caller holds `locked`."""
    path = folder(settings) / "failed_runs.json"
    runs = [one for one in _runs(path) if at - datetime.fromisoformat(one["at"]) <= RUNS_KEPT]
    if not any((one["dag_id"], one["run_id"]) == (dag_id, run_id) for one in runs):
        files.write_json(path, [*runs, {"dag_id": dag_id, "run_id": run_id, "at": at.isoformat()}])


def failed_runs(settings: Settings, since: datetime) -> list[tuple[str, str]]:
    """DAG and id of the runs that failed since then, the earliest first."""
    runs = _runs(folder(settings) / "failed_runs.json")
    return [(one["dag_id"], one["run_id"]) for one in runs if datetime.fromisoformat(one["at"]) >= since]


def _runs(path: Path) -> list[dict[str, str]]:
    with suppress(OSError, ValueError):
        return list(files.read_json(path))
    return []


def has_any(settings: Settings) -> bool:
    return any(True for _ in _folder(settings).glob("*.json"))


def worked(settings: Settings, dag_id: str, task_id: str, run_id: str, map_index: int, now: datetime) -> bool:
    """The step has succeeded; whether it is to be reported that the DAG works again.

    One instance of a mapped step says nothing of the others in the same run. The caller holds `locked`, puts the
    message down, and then calls `recovered`.
    """
    for incident in _all(settings):
        is_it = (incident.dag_id, incident.task_id) == (dag_id, task_id) and incident.is_open
        if is_it and (incident.run_id != run_id or incident.map_index == map_index):
            note(settings, replace(incident, is_open=False, at=now, unreported=0))
    of_dag = [one for one in _all(settings) if one.dag_id == dag_id]
    return any(one.is_recovery_due for one in of_dag) and not any(one.is_open for one in of_dag)


def recovered(settings: Settings, dag_id: str) -> None:
    """It was reported that the DAG works again. When the failure was reported stays known for QUIET."""
    for incident in _all(settings):
        if incident.dag_id == dag_id and incident.is_recovery_due:
            note(settings, replace(incident, is_recovery_due=False))


def overdue(settings: Settings, now: datetime) -> list[Incident]:
    """Failures that were only counted, of steps that still fail, once QUIET is over; what is over is removed."""
    found = []
    for incident in _all(settings):
        quiet = incident.reported_at is None or now - incident.reported_at >= QUIET
        if incident.is_open and incident.unreported and quiet:
            found.append(incident)
        elif now - incident.at > FORGOTTEN or (quiet and not incident.is_open and not incident.is_recovery_due):
            _path(settings, incident.dag_id, incident.task_id, incident.kind).unlink(missing_ok=True)
    return found


def locked(settings: Settings) -> Any:
    """The lock under which incidents are read and noted; raises filelock.Timeout after 5 seconds."""
    return files.lock(settings.locks / "alarm.lock").acquire(timeout=5)


def _folder(settings: Settings) -> Path:
    return folder(settings) / "incidents"


def _path(settings: Settings, dag_id: str, task_id: str, kind: str) -> Path:
    name = "late" if kind == "late" else f"task.{_NAME.sub('_', task_id.lower())}"
    return _folder(settings) / f"{_NAME.sub('_', dag_id.lower())}.{name}.json"


def _all(settings: Settings) -> list[Incident]:
    return list(_found(settings))


def _found(settings: Settings) -> Iterator[Incident]:
    for path in sorted(_folder(settings).glob("*.json")):
        if incident := _read(path):
            yield incident


def _read(path: Path) -> Incident | None:
    """None for a file that is not there or cannot be read: it only keeps messages from coming too often."""
    with suppress(OSError, KeyError, TypeError, ValueError):
        value = files.read_json(path)
        reported_at = value.pop("reported_at")
        return Incident(
            **(value | {"at": datetime.fromisoformat(value["at"])}),
            reported_at=datetime.fromisoformat(reported_at) if reported_at else None,
        )
    return None
