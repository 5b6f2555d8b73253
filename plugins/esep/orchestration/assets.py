"""What wakes the DAGs (assets), and what their tasks read and write (files, for OpenLineage).

An event of an asset only says "look again": each task finds its own work. The files are inlets and outlets of tasks, as
`file` datasets below $ESEP_HOME: nothing is scheduled by them, and where no lineage is collected nobody reads them.
Needs Airflow at import; of the library only this module, `operators` and `triggers` do.
"""

from __future__ import annotations

from pathlib import Path

from airflow.providers.common.compat.lineage.entities import File
from airflow.sdk import Asset, AssetAlias, AssetWatcher

from esep.config import ConfigurationError, Settings
from esep.orchestration.triggers import InboxTrigger, ReferenceTrigger

INBOX = Asset(name="inbox", watchers=[AssetWatcher(name="inbox_watcher", trigger=InboxTrigger())])
"""Packages of the office that nothing has touched for the settling time."""

REFERENCE = Asset(name="reference", watchers=[AssetWatcher(name="reference_watcher", trigger=ReferenceTrigger())])
"""Prices, exchange rates, pools, licences: files that people put into reference/."""

FILINGS = Asset(name="filings")
"""The archive and the lake: registered and examined filings."""

CHANGED = AssetAlias(name="filings_changed")
"""Outlet of tasks that may have changed FILINGS: they add its event only where they did."""

PUBLISHED = Asset(name="warehouse")
"""The published warehouse: what waits for an officer is read from it."""


def _home() -> Settings:
    """Settings for the paths alone; the task that uses a wrong variable reports it, no parse of a DAG."""
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
