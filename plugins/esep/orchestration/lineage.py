"""What the tasks read and write, for OpenLineage: folders and files of $ESEP_HOME as `file` datasets.

Given as inlets and outlets of a task. They are no assets: nothing is scheduled by them, and where no lineage is
collected nobody reads them.
"""

from __future__ import annotations

from pathlib import Path

from airflow.providers.common.compat.lineage.entities import File

from esep.config import ConfigurationError, Settings


def _home() -> Settings:
    """Settings for the paths alone; a wrong variable is told by the task that uses it, not by the parse of a DAG."""
    try:
        return Settings.from_environment()
    except ConfigurationError:
        return Settings(home=Path("/"))


def _file(path: Path) -> File:
    return File(url=path.as_uri())


_SETTINGS = _home()
INBOX_FOLDER = _file(_SETTINGS.inbox)
ARCHIVE = _file(_SETTINGS.archive)
JOURNAL = _file(_SETTINGS.journal)
LAKE = _file(_SETTINGS.lake)
REFERENCE_FOLDER = _file(_SETTINGS.reference)
OUTBOX = _file(_SETTINGS.outbox)
SNAPSHOT = _file(_SETTINGS.snapshot)
MASKED_SNAPSHOT = _file(_SETTINGS.masked_snapshot)
