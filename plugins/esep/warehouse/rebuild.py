"""Making the warehouse anew from archive, lake and reference data: the same content by another way."""

from __future__ import annotations

from datetime import datetime

from esep.config import Settings
from esep.warehouse import work
from esep.warehouse.refresh import RefreshReport, refresh


def rebuild(settings: Settings, now: datetime) -> RefreshReport:
    """Throw the working file away and refresh. Readers keep the last snapshot until the new one is published."""
    with work.locked(settings):
        work.discard(settings)
        return refresh(settings, now)
