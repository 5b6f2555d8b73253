"""What a second reckoning covered and found, kept as JSON so that its sample can be drawn again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from esep import files
from esep.config import Settings

PUBLICATION = "reckoning.json"
EVERYTHING = "reckoning-all.json"
"""Files of the folder of the warehouse."""
SHOWN = 20
"""Differences that are listed one by one."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One value of the warehouse that is not what the rows give."""

    relation: str
    year: int | None
    role: str | None
    taxpayer_id: str | None
    asset: str | None
    column: str
    stored: object
    reckoned: object
    files: tuple[str, ...] = ()
    """Parquet files of the lake whose rows make it up, or the file that cannot be read."""

    def __str__(self) -> str:
        place = " ".join(str(part) for part in (self.year, self.role, self.taxpayer_id, self.asset) if part is not None)
        rows = f" (rows: {', '.join(self.files)})" if self.files else ""
        return f"{self.relation} {place}: {self.column} is {self.stored}, by the rows {self.reckoned}{rows}"


def damage(file: str, error: Exception) -> Difference:
    """A file of archive or lake that cannot be read; what it holds is part of somebody's figure."""
    return Difference("file", None, None, None, None, "what it holds", "not readable", type(error).__name__, (file,))


@contextmanager
def damage_noted(found: list[Difference], files: tuple[str, ...]) -> Iterator[None]:
    """Files of the lake that cannot be read inside are one more difference."""
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        found.append(damage(", ".join(files), error))


@dataclass(frozen=True, slots=True)
class Reckoned:
    """How much was worked out again, and what differs. The same seed on the same content gives the same sample."""

    seed: int | None
    """None where nothing was sampled, because everything was looked at."""
    filings: int
    """Filings whose rows were added up anew."""
    rows: int
    taxpayers: int
    """Years x taxpayers whose figures were compared."""
    traced: int
    """Of these, how many were compared with trace_income."""
    differences: tuple[Difference, ...] = ()

    def __str__(self) -> str:
        sample = "everything" if self.seed is None else f"seed {self.seed}"
        return (
            f"figures of {self.taxpayers} taxpayers and years worked out again from {self.rows} rows of "
            f"{self.filings} filings ({sample}): {len(self.differences)} differences"
        )

    def lines(self) -> list[str]:
        """The result and its differences, for people."""
        listed = [f"  {difference}" for difference in self.differences[:SHOWN]]
        more = ["  … and more"] if len(self.differences) > SHOWN else []
        return [str(self), *listed, *more]

    def as_plain(self) -> dict[str, object]:
        """For JSON; quantities and money as text."""
        counts = {name: value for name, value in asdict(self).items() if name != "differences"}
        shown = [
            asdict(one) | {"stored": str(one.stored), "reckoned": str(one.reckoned)} for one in self.differences[:SHOWN]
        ]
        return counts | {"difference_count": len(self.differences), "differences": shown}


def path_of(settings: Settings, name: str) -> Path:
    return settings.warehouse / name


def keep(settings: Settings, name: str, at: datetime, result: Reckoned) -> None:
    """Write the result in place of the one before it."""
    files.write_json(path_of(settings, name), {"at": at.isoformat(), **result.as_plain()})
