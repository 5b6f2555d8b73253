"""A package that is not registered, examined as it would be: a filing, or a message that nothing was distributed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from esep.config import Settings
from esep.examination.examine import UNREGISTERED, Circumstances, examine, packaged
from esep.examination.model import Examination
from esep.examination.register import pools_of

if TYPE_CHECKING:
    from esep.office.messages import Message


class Checked(NamedTuple):
    """What the examination would find."""

    examination: Examination
    messages: tuple[Message, ...]
    """The messages of a package that is no filing; none of a filing."""


def check(
    path: Path,
    settings: Settings,
    now: datetime,
    arrived_at: datetime | None = None,
    circumstances: Circumstances = UNREGISTERED,
) -> Checked:
    """Examine a folder, .zip or lone file as if it had arrived at `arrived_at` (default: now); nothing is kept.

    Raises what `packaged` raises.
    """
    with packaged(path) as folder:
        return check_folder(folder, settings, now, arrived_at, circumstances)


def check_folder(
    folder: Path,
    settings: Settings,
    now: datetime,
    arrived_at: datetime | None = None,
    circumstances: Circumstances = UNREGISTERED,
) -> Checked:
    """The same of a folder with a package as it would be registered (examine.packaged)."""
    examination = examine(folder, settings, pools_of(settings), now, arrived_at, circumstances)
    if examination.row_count:
        return Checked(examination, ())
    from esep.examination.message import messages_at  # a filing needs nothing of it

    return Checked(examination, messages_at(folder, settings, now))
