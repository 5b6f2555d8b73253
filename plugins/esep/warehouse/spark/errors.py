"""What can go wrong with Spark; each text says what, where, and what to do."""

from __future__ import annotations

from esep.warehouse.errors import WarehouseError


class ExtraError(WarehouseError):
    """Spark, or the Java that it needs, is not installed."""


class ClusterError(WarehouseError):
    """The cluster does not answer, gives no worker, or ended the work."""


class UntranslatedError(WarehouseError):
    """A query uses what has no counterpart in Spark SQL here."""
