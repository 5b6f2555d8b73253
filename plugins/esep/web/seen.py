"""Pools as a reader may see them: a number that is no valid BIN may be a person's, and a viewer sees it masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from esep.answers import masking
from esep.web.access import Reader


def pools_as_seen(rows: Sequence[Any], reader: Reader) -> tuple[Any, ...]:
    """The same rows, dataclasses with `pool_id` and `pool_name`, masked where this reader must not see them."""
    if reader.is_operator:
        return tuple(rows)
    return tuple(replace(row, **_masked(row)) if masking.is_person(row.pool_id) else row for row in rows)


def _masked(row: Any) -> dict[str, str | None]:
    number, name = masking.masked_taxpayer(row.pool_id, row.pool_name)
    return {"pool_id": number, "pool_name": name}
