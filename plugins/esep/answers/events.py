"""What people and programs did, over all filings and pools: who, when, what and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import duckdb

from esep.answers.tables import Listed, column
from esep.supervision.knowledge import start_of

COLUMNS = (
    "happened_at",
    "author",
    "event",
    "registration_no",
    "pool_id",
    "period",
    "letter_no",
    "data ->> '$.reason' as event_reason",
    "data::varchar as data",
)
_ABOUT = "concat_ws(' ', registration_no, pool_id, letter_no, data ->> '$.reason')"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which events are asked for; empty: all of them."""

    first: date | None = None
    last: date | None = None
    """Local days, both included."""
    kind: str = ""
    author: str = ""
    about: str = ""
    """A part of a filing's or letter's number, of a pool's BIN, or of the reason."""

    def listed(self) -> Listed:
        """The latest first."""
        asked: dict[str, tuple[str, Any]] = {
            "since": ("happened_at >= $since", start_of(self.first) if self.first else None),
            "until": ("happened_at < $until", start_of(self.last + timedelta(days=1)) if self.last else None),
            "kind": ("event = $kind", self.kind),
            "author": ("author = $author", self.author),
            "about": (f"contains(lower({_ABOUT}), $about)", self.about.strip().lower()),
        }
        chosen = {name: one for name, one in asked.items() if one[1]}
        condition = " and ".join(condition for condition, _ in chosen.values()) or "true"
        values = {name: value for name, (_, value) in chosen.items()}
        return Listed(f"from event where {condition}", "happened_at desc, event_id desc", values, COLUMNS)


def choices(connection: duckdb.DuckDBPyConnection, of: Literal["event", "author"]) -> tuple[str, ...]:
    """What there is to choose from."""
    return column(connection, f"distinct {of}", f"from event order by {of}")
