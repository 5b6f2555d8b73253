"""The list of heads as the journal that sweeps follow: in which chains something was recorded since a place in it.

A line is written after its record, so a kill between the two would hide the record from whoever follows the lines.
Therefore a record is announced first, by an empty file named after its chain, which goes once the line is written. At
each moment a record that is in place has its line, or its chain is announced; `list_announced` writes what kills left
unwritten. The announcement is not flushed: on one file system it is on disk when the record is. A power cut may part
them where archive and locks are on different disks, and people put folders in place by hand: both are found by the
walk over everything that each consumer of the journal makes once a day (office.sweeps).
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from esep.files import names_in
from esep.records import announcing, append, heads
from esep.records.heads import ADOPTION, Beginning


class Mark(NamedTuple):
    """A place in the list: the last line before it, and at which byte that line begins.

    Each line holds the hash of the one before it, so a list that has this line there has all lines before it, too.
    """

    at: int
    line: str


def list_announced(home: Path) -> None:
    """Write the lines of records whose writers were killed before they could; what is being written is waited for."""
    for chain in announcing.announced(home):
        if heads.records_of(home, chain):
            append.catch_up(home, chain)


def since(home: Path, mark: Mark | None) -> tuple[Mark | None, frozenset[str] | None]:
    """The end of the list, and the chains named after `mark`; None for chains: all have to be looked at.

    So it is without a mark, where the list is not one that had this mark (another home's, a restored one), and where a
    line cannot be read. A home with records that have no hash has no journal, and then there is no end either.
    """
    try:
        content = heads.path_of(home).read_bytes() if mark is None else _from(home, mark.at)
    except FileNotFoundError:
        return None, None
    content = content[: content.rfind(b"\n") + 1]
    before = f"{mark.line}\n".encode() if mark else b""
    if not content.startswith(before):
        return since(home, None)
    if not content or not _is_complete(home):
        return None, None
    last = content.rfind(b"\n", 0, -1) + 1
    end = Mark((mark.at if mark else 0) + last, content[last:-1].decode(errors="replace"))
    if mark is None:
        return end, None
    try:
        lines = [heads.parse_line(raw) for raw in content[len(before) :].split(b"\n")[:-1]]
    except ValueError:
        return end, None
    return end, frozenset(heads.chain_of(line.path) or line.path for line in lines)


def _from(home: Path, at: int) -> bytes:
    with heads.path_of(home).open("rb") as file:
        file.seek(at)
        return file.read()


def _is_complete(home: Path) -> bool:
    """Whether each record has a line: the home never had others, or an officer had them adopted."""
    with heads.path_of(home).open("rb") as file:
        if file.readline() == f"{Beginning.COMPLETE}\n".encode():
            return True
    return any(f"-{ADOPTION}-" in name for name in names_in(home / heads.JOURNAL))
