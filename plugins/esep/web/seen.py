"""What a reader may see: taxpayers, pools and texts that can hold personal data; a fault of the server by its place.

Operators see all. Of findings, which quote cells, viewers see what is in columns of numbers, days and assets, as long
as it is a number, a day or a known asset; of everything else they see that there is a fault, by which rule and where,
in the rule's own words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from types import SimpleNamespace
from typing import Any

from fastapi import HTTPException

from esep.answers import NoSnapshotError, OlderSnapshotError, masking
from esep.answers.filing_findings import RuleGroup, general, remark
from esep.answers.quality import UNREAD
from esep.answers.tables import Row
from esep.config import Settings
from esep.detail import Detail
from esep.law import form_versions
from esep.letters.remarks import Citations
from esep.texts import text
from esep.texts.words import found_words
from esep.web.access import Reader


def check_may_see(reader: Reader, number: str) -> None:
    """403 where a viewer asks for a number that may be a person's."""
    if not reader.is_operator and masking.is_person(number):
        raise HTTPException(403)


def number_and_name(reader: Reader, number: str | None, name: str | None) -> tuple[str | None, str | None]:
    """Number and name of a taxpayer or pool as this reader may see them."""
    return (number, name) if reader.is_operator else masking.masked_taxpayer(number, name)


def named(reader: Reader, number: str | None, name: str | None = None) -> str:
    """What a title calls somebody: the name, else the number, as this reader may see it."""
    number, name = number_and_name(reader, number, name)
    return name or number or "–"


def pool_of(filing: Row, reader: Reader) -> tuple[str | None, str | None]:
    """BIN and name of a filing's pool as this reader may see them."""
    pool = filing.pool_id, filing.pool_name
    return pool if filing.pool_id is None else number_and_name(reader, *pool)


def pools_as_seen(rows: Sequence[Any], reader: Reader) -> tuple[Any, ...]:
    """The same rows, with `pool_id` and `pool_name`, masked where this reader must not see them."""
    return tuple(pool_as_seen(row, reader) for row in rows)


def pool_as_seen(row: Any, reader: Reader) -> Any:
    if reader.is_operator or not masking.is_person(row.pool_id):
        return row
    number, name = masking.masked_taxpayer(row.pool_id, row.pool_name)
    return replace(row, pool_id=number, pool_name=name)


POOL_UNREAD = "unread"
"""The pool of filings whose pool nobody could read, in addresses."""


@dataclass(frozen=True, slots=True)
class ShownPool:
    """A pool as this reader may see it; `query` names it in addresses, None where the address would hold an IIN."""

    query: str | None
    label: str


def shown_pool(reader: Reader, number: str, name: str | None) -> ShownPool:
    """A pool with its number, masked for viewers where the number may be a person's."""
    if number == UNREAD:
        return ShownPool(POOL_UNREAD, text("quality.pool_unread", reader.language))
    if reader.is_operator or not masking.is_person(number):
        return ShownPool(number, f"{name or '–'} ({number})")
    shown, shown_name = masking.masked_taxpayer(number, name)
    return ShownPool(None, f"{shown_name or '–'} ({shown})")


@cache
def _impersonal_columns() -> frozenset[str]:
    """Printed columns of Annex 2 that hold no name, number, licence or wallet of a taxpayer."""
    columns = form_versions.by_name().values()
    return frozenset(column.column_no for column in columns if column.is_open or column.kind == "asset")


def fault_as_seen(fault: Row, citations: Citations, reader: Reader) -> SimpleNamespace:
    """The fault as a page prints it, with its `remark`; `hidden` where `found` and `expected` are withheld."""
    impersonal = fault.column_no in _impersonal_columns() and masking.is_impersonal(fault.found)
    hidden = not (reader.is_operator or impersonal)
    if hidden:
        words = general(citations.clauses(fault.rule_id, fault.lane, fault.column_no)[:1])
        shown: dict[str, str | None] = {"found": None, "expected": None}
    else:
        words = remark(fault, citations)
        shown = {"found": _found(fault, reader.language)}
    said = words[reader.language] if words else text("filing.remark_hidden", reader.language)
    return SimpleNamespace(**asdict(fault) | shown, remark=said, hidden=hidden)


def group_remark(group: RuleGroup, reader: Reader) -> str:
    """One remark for all faults of a rule: that of each where all are the same, else the rule's own text."""
    words = (group.common if reader.is_operator else None) or group.general
    return words[reader.language] if words else text("filing.remark_hidden", reader.language)


def _found(fault: Row, language: str) -> str | None:
    """What was found; of a whole file, what is wrong with it in words of the language."""
    of_cell = fault.row is not None or fault.sheet is not None
    return found_words(fault.found, Detail.from_json(fault.found_detail), language, is_of_cell=of_cell)


def places(faults: Iterable[str], settings: Settings) -> tuple[str, ...]:
    """The files that faults begin with, below the home; "" for a fault of none.

    What follows may quote a library; commands and the log have it.
    """
    home = f"{settings.home}/"
    return tuple(fault.removeprefix(home).partition(": ")[0] if fault.startswith(home) else "" for fault in faults)


def without_home(words: str, settings: Settings) -> str:
    """Words of a step or a check with their paths below the home."""
    return words.replace(f"{settings.home}/", "").replace(str(settings.home), "$ESEP_HOME")


def warehouse_key(error: Exception) -> str:
    """Key of the text that says why the warehouse does not answer; with `_todo`, of what to do about it."""
    if isinstance(error, NoSnapshotError):
        return "error.no_snapshot"
    return "error.older_snapshot" if isinstance(error, OlderSnapshotError) else "error.warehouse"
