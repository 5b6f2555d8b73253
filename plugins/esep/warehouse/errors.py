"""What can go wrong in the warehouse; each text says what, where, and what to do."""

from __future__ import annotations


class WarehouseError(RuntimeError):
    """The warehouse could not do what was asked."""


class WarehouseBusyError(WarehouseError):
    """Another process has held the writer's lock, or the working file, for too long."""


class LoadError(WarehouseError):
    """A verdict names Parquet files that are missing, damaged or of another filing."""


class DamagedHomeError(LoadError):
    """Files on which the figures rest are not what was recorded; the text names all of them."""


class CheckError(WarehouseError):
    """Checks found bad rows; nothing is published and readers keep the last snapshot."""


class DamagedFileError(WarehouseError):
    """The working file was damaged and has been thrown away; the next run builds it anew."""


class NotLoadedError(WarehouseError):
    """The working file was made anew and holds nothing yet; running all steps again fills it."""


class NotCheckedError(WarehouseError):
    """The warehouse changed since its checks last passed, so it is not published."""


class NoSnapshotError(WarehouseError):
    """There is no published warehouse yet."""


class OlderSnapshotError(WarehouseError):
    """The published warehouse was built by other code than the code that reads it."""


class MaskingError(WarehouseError):
    """The masked snapshot could not be made; the full one is published, and the masked one stays as it was."""
