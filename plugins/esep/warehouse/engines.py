"""What the steps of the warehouse do alike whatever works the figures out. Spark is imported where it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from esep.config import SPARK, Settings


@contextmanager
def kept(settings: Settings) -> Iterator[None]:
    """Steps inside share one session of Spark, which is started when the first of them needs it."""
    if settings.engine != SPARK:
        yield
        return
    from esep.warehouse.spark import session

    with session.kept():
        yield
