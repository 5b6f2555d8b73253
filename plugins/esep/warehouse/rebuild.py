"""Making the warehouse anew from archive, lake and reference data: the same content by another way."""

from __future__ import annotations

from datetime import datetime

from esep.config import Settings
from esep.warehouse import work
from esep.warehouse.refresh import RefreshReport, refresh
from esep.warehouse.sound import require_sound


def rebuild(settings: Settings, now: datetime) -> RefreshReport:
    """Prove every byte, throw the working file away, and refresh.

    Readers keep the last snapshot until the new one is published. Raises DamagedHomeError before anything is thrown
    away.
    """
    with work.locked(settings):
        require_sound(settings, full=True)
        work.discard(settings)
        return refresh(settings, now)
