"""What has been said of a failure already: one file a step in `$ESEP_HOME/.alarms/incidents/`.

A run is one message, whatever fails in it. A step that fails again within QUIET is counted, and the count is in the
next message: that of its next failure after QUIET, or, where it stays failed, of the next look after it. Once it
works again that is said once.
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
    """A step that failed, or ran late, and what was said of it."""

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
    said_at: datetime | None
    """When people were last told; None if the message of its run was another step's."""
    unsaid: int
    """Failures since then."""
    stands: bool
    """Whether it has not worked since the last failure."""
    owes_recovery: bool
    """Whether people were told that it failed, and not yet that it works again."""


def failed(settings: Settings, new: Incident) -> Incident | None:
    """Note a failure; the incident to tell people of, None if nothing is to be said now.

    The caller holds `locked`, puts the message down, and then calls `note` with what this gave.
    """
    before = _read(_path(settings, new.dag_id, new.task_id, new.kind))
    if before is None:
        merged = replace(new, said_at=None, unsaid=1)
    else:
        merged = replace(new, said_at=before.said_at, unsaid=before.unsaid + 1, owes_recovery=before.owes_recovery)
    of_run = [one for one in _all(settings) if (one.dag_id, one.run_id) == (new.dag_id, new.run_id) and one.said_at]
    if of_run and merged.said_at is None:
        note(settings, replace(merged, said_at=max(one.said_at for one in of_run if one.said_at), unsaid=0))
        return None
    if merged.said_at and new.at - merged.said_at < QUIET:
        note(settings, merged)
        return None
    return merged


def note(settings: Settings, incident: Incident) -> None:
    """Keep the incident as it is now."""
    path = _path(settings, incident.dag_id, incident.task_id, incident.kind)
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write_json(path, asdict(incident))


def said(incident: Incident, at: datetime) -> Incident:
    """The incident once people are told of all its failures."""
    return replace(incident, said_at=at, unsaid=0, owes_recovery=incident.kind != "late")


def note_run(settings: Settings, dag_id: str, run_id: str, at: datetime) -> None:
    """Keep that a run failed, whether people are told of it or not. The caller holds `locked`."""
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
    """The step has succeeded; whether people are to be told that the DAG works again.

    One instance of a mapped step says nothing of the others in the same run. The caller holds `locked`, puts the
    message down, and then calls `recovered`.
    """
    for incident in _all(settings):
        is_it = (incident.dag_id, incident.task_id) == (dag_id, task_id) and incident.stands
        if is_it and (incident.run_id != run_id or incident.map_index == map_index):
            note(settings, replace(incident, stands=False, at=now, unsaid=0))
    of_dag = [one for one in _all(settings) if one.dag_id == dag_id]
    return any(one.owes_recovery for one in of_dag) and not any(one.stands for one in of_dag)


def recovered(settings: Settings, dag_id: str) -> None:
    """People were told that the DAG works again. When they were told of the failure stays known for QUIET."""
    for incident in _all(settings):
        if incident.dag_id == dag_id and incident.owes_recovery:
            note(settings, replace(incident, owes_recovery=False))


def overdue(settings: Settings, now: datetime) -> list[Incident]:
    """Failures that were only counted, of steps that still fail, once QUIET is over; what is over is removed."""
    found = []
    for incident in _all(settings):
        quiet = incident.said_at is None or now - incident.said_at >= QUIET
        if incident.stands and incident.unsaid and quiet:
            found.append(incident)
        elif now - incident.at > FORGOTTEN or (quiet and not incident.stands and not incident.owes_recovery):
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
        said_at = value.pop("said_at")
        return Incident(
            **(value | {"at": datetime.fromisoformat(value["at"])}),
            said_at=datetime.fromisoformat(said_at) if said_at else None,
        )
    return None
