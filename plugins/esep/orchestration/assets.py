"""The assets that wake the DAGs. An event only says "look again": each task finds its own work.

Needs Airflow at import; of the library only this module, `triggers` and `lineage` do.
"""

from __future__ import annotations

from airflow.sdk import Asset, AssetWatcher

from esep.orchestration.triggers import InboxTrigger, ReferenceTrigger

INBOX = Asset(name="inbox", watchers=[AssetWatcher(name="inbox_watcher", trigger=InboxTrigger())])
"""Packages of the office that nothing has touched for the settling time."""

REFERENCE = Asset(name="reference", watchers=[AssetWatcher(name="reference_watcher", trigger=ReferenceTrigger())])
"""Prices, exchange rates, pools, licences: files that people put into reference/."""

FILINGS = Asset(name="filings")
"""The archive and the lake: registered and examined filings."""
