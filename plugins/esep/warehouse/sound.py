"""Nothing is loaded while a file that figures rest on is damaged: leaving it out would lower somebody's total."""

from __future__ import annotations

from esep.config import Settings
from esep.proof import check
from esep.proof import model as proof
from esep.warehouse.errors import DamagedHomeError


def require_sound(settings: Settings, *, full: bool = False) -> None:
    """Prove archive, journal, lake and accepted reference files; raises DamagedHomeError naming what is damaged.

    With `full` every byte is read, else only what changed since it was proved.
    """
    try:
        check.require(settings, full=full)
    except proof.DamagedHomeError as error:
        raise DamagedHomeError(str(error)) from error
