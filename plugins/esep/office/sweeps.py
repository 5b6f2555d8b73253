"""What a sweep has to look at: what was recorded since its consumer's last sweep, and what that one left to be done.

A consumer is a task that finds its work among all filings: examination, letters, the warehouse. Each keeps a checkpoint
in `warehouse/.sweeps/`: its place in the list of heads (records.journal), and the chains that were still open there. A
checkpoint counts on the local day on which it was written, with the same code, for the list that has this place.
Otherwise everything is looked at: so at least once a day, and what people put in place by hand is found. The files may
be deleted at any time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import esep
from esep import files
from esep.config import Settings
from esep.records import heads, journal
from esep.records.journal import Mark

FOLDER = ".sweeps"


@dataclass(frozen=True, slots=True)
class Sweep:
    """One sweep of a consumer. Records that come meanwhile are the next one's, which may look at something twice."""

    path: Path
    """The checkpoint."""
    context: dict[str, str]
    """What must be the same at the next sweep."""
    mark: Mark | None
    chains: frozenset[str] | None
    """What to look at; None for everything."""

    @property
    def numbers(self) -> frozenset[str] | None:
        """The registration numbers to look at; None for all. A filing of such a number need not be there."""
        return None if self.chains is None else numbers_of(self.chains)

    def done(self, left: Iterable[str] = ()) -> None:
        """Everything was looked at; `left` are the chains still open, which the next sweep looks at again.

        A checkpoint that cannot be written is no fault: the next sweep looks at more.
        """
        value = {"context": self.context, "mark": self.mark, "left": sorted(left)}
        if self.mark is not None and value != _read(self.path):
            with suppress(OSError):
                files.write_json(self.path, value)


def begin(settings: Settings, consumer: str, day: date, code: str = esep.__version__) -> Sweep:
    """A sweep on a local day. `code` names all that decides what the consumer makes of a record."""
    path = settings.warehouse / FOLDER / f"{consumer}.json"
    context = {"day": day.isoformat(), "code": code}
    before = _read(path)
    with suppress(OSError):  # a home that cannot be written: the walk shows it
        journal.list_announced(settings.home)
    if not before or before["context"] != context:
        mark, _ = journal.since(settings.home, None)
        return Sweep(path, context, mark, None)
    mark, chains = journal.since(settings.home, before["mark"])
    return Sweep(path, context, mark, None if chains is None else chains | frozenset(before["left"]))


def numbers_of(chains: Iterable[str]) -> frozenset[str]:
    """The filings among chains."""
    prefix = f"{heads.ARCHIVE}/"
    return frozenset(chain.rpartition("/")[2] for chain in chains if chain.startswith(prefix))


def forget(settings: Settings) -> None:
    """Let every consumer look at everything the next time."""
    for name in files.names_in(settings.warehouse / FOLDER):
        (settings.warehouse / FOLDER / name).unlink(missing_ok=True)


def _read(path: Path) -> dict[str, Any] | None:
    """The checkpoint; None where there is none of this form."""
    try:
        value = json.loads(path.read_bytes())
        at, line = value["mark"]
        return {
            "context": dict(value["context"]),
            "mark": Mark(int(at), str(line)),
            "left": [str(one) for one in value["left"]],
        }
    except (OSError, ValueError, KeyError, TypeError):
        return None
