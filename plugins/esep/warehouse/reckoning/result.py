"""What a second reckoning covered and found, kept as JSON so that its sample can be drawn again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from esep import files
from esep.config import Settings
from esep.warehouse.reckoning.told import Difference

PUBLICATION = "reckoning.json"
EVERYTHING = "reckoning-all.json"
"""Files of the folder of the warehouse."""
SHOWN = 20
"""Differences that are told one by one."""


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
    """Of these, how many were held against trace_income."""
    differences: tuple[Difference, ...] = ()

    def __str__(self) -> str:
        sample = "everything" if self.seed is None else f"seed {self.seed}"
        return (
            f"figures of {self.taxpayers} taxpayers and years worked out again from {self.rows} rows of "
            f"{self.filings} filings ({sample}): {len(self.differences)} differences"
        )

    def lines(self) -> list[str]:
        """The result and its differences, for people."""
        told = [f"  {difference}" for difference in self.differences[:SHOWN]]
        more = ["  … and more"] if len(self.differences) > SHOWN else []
        return [str(self), *told, *more]

    def as_plain(self) -> dict[str, object]:
        """For JSON; quantities and money as text."""
        return {
            "seed": self.seed,
            "filings": self.filings,
            "rows": self.rows,
            "taxpayers": self.taxpayers,
            "traced": self.traced,
            "difference_count": len(self.differences),
            "differences": [
                {
                    "relation": one.relation,
                    "year": one.year,
                    "role": one.role,
                    "taxpayer_id": one.taxpayer_id,
                    "asset": one.asset,
                    "column": one.column,
                    "told": str(one.told),
                    "reckoned": str(one.reckoned),
                    "files": list(one.files),
                }
                for one in self.differences[:SHOWN]
            ],
        }


def path_of(settings: Settings, name: str) -> Path:
    return settings.warehouse / name


def keep(settings: Settings, name: str, at: datetime, result: Reckoned) -> None:
    """Write the result in place of the one before it."""
    files.write_json(path_of(settings, name), {"at": at.isoformat(), **result.as_plain()})
