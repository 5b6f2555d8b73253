"""What wakes the DAGs (assets), and what their tasks read and write (files, for OpenLineage).

An event of an asset only says "look again": each task finds its own work. `ESEP_…` are for other offices' DAGs: their
names and URIs stay, and their events say what changed (`asset_events`). The files are inlets and outlets of tasks, as
`file` datasets below $ESEP_HOME: nothing is scheduled by them, and where no lineage is collected nobody reads them.
Needs Airflow at import; of the library only this module, `operators` and `triggers` do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from airflow.providers.common.compat.lineage.entities import File
from airflow.sdk import Asset, AssetAlias, AssetWatcher, get_current_context

from esep import clock
from esep.config import ConfigurationError, Settings
from esep.orchestration import asset_events
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


def _for_others(name: str) -> Asset:
    return Asset(name=f"esep_{name}", uri=f"x-esep://{name}", group="esep")


ESEP_LAKE = _for_others("lake")
"""Filings have a verdict, and their rows and findings are in lake/."""
ESEP_SNAPSHOT = _for_others("snapshot")
"""The warehouse was published anew."""
ESEP_LETTERS = _for_others("letters")
"""Letters were written into outbox/."""
ESEP_REPORTS = _for_others("reports")
"""A quality report or an annual statement was written into reports/."""

ESEP_CHANGED = AssetAlias(name="esep_changed")
"""Outlet of tasks that may have changed what ESEP_… name."""


def filings_changed(settings: Settings, numbers: list[str]) -> None:
    """Called by a task with the outlets CHANGED and ESEP_CHANGED that registered or examined these filings.

    Wakes the warehouse, and tells other offices' DAGs of those that have a verdict.
    """
    now = clock.now()
    get_current_context()["outlet_events"][CHANGED].add(FILINGS, extra=asset_events.of_filings(settings, numbers, now))
    if examined := asset_events.examined(settings, numbers):
        _add(ESEP_LAKE, asset_events.of_filings(settings, examined, now))


def letters_written(settings: Settings, letter_nos: list[str]) -> None:
    """Called by a task with the outlet ESEP_CHANGED that wrote these letters."""
    if letter_nos:
        _add(ESEP_LETTERS, asset_events.of_letters(settings, letter_nos, clock.now()))


@contextmanager
def published(settings: Settings, now: datetime) -> Iterator[None]:
    """Around what may publish, in a task with the outlet ESEP_CHANGED: an event where a new snapshot took its place."""
    before = asset_events.readable(settings)
    yield
    extra = asset_events.of_snapshot(settings, before, now)
    if extra:
        _add(PUBLISHED, extra)
        _add(ESEP_SNAPSHOT, extra)


def report_written(months: Iterable[date]) -> None:
    """Called by a task with the outlet ESEP_CHANGED that wrote a report or statement about these months."""
    _add(ESEP_REPORTS, asset_events.of_months(months, clock.now()))


def _add(asset: Asset, extra: asset_events.Extra) -> None:
    get_current_context()["outlet_events"][ESEP_CHANGED].add(asset, extra=extra)


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
