"""Whether the warehouse may be behind: the DAG `warehouse` then runs its steps, each of which finds its own work.

It is not behind if nothing was recorded since the last load of this local day, what is published is of this day, of
this code and engine, and masked, and the lake has its manifest. Reference files that wait in reference/ are accepted
before, and an accepted one is a record.
"""

from __future__ import annotations

from datetime import date, datetime

from esep import clock
from esep.config import Settings
from esep.lake import manifest
from esep.office import sweeps
from esep.office.sweeps import Sweep
from esep.warehouse import calls, masked, published, work
from esep.warehouse.errors import WarehouseError


def load_sweep(settings: Settings, now: datetime) -> Sweep:
    """To be begun before a load, and done after it: the load itself always looks at everything."""
    return sweeps.begin(settings, "load", clock.local_date(now), work.fingerprint(settings.sql))


def is_due(settings: Settings, now: datetime) -> bool:
    """Whether load, figures, checks and publications could find anything to do."""
    return (
        load_sweep(settings, now).chains != frozenset()
        or work.is_pending(settings)
        or not manifest.path_of(settings).exists()
        or _published_on(settings) != clock.local_date(now)
        or not masked.is_current(settings)
    )


def _published_on(settings: Settings) -> date | None:
    """The day of the published figures; None where there are none of this engine that this code can read."""
    try:
        with published.opened(settings) as connection:
            by_engine = "from build where engine = $engine"
            day: date | None = calls.value(connection, "as_of", by_engine, engine=settings.engine)
            return day
    except WarehouseError:
        return None
