"""Where the rows of a reference file came from: who handed them in, and the files as they were published.

A file that is no reference file itself (the Bank's XML, a price list) is kept as it came: `<version>.origin.zip` beside
the accepted version holds its bytes, its name and who handed it in; the version's record holds the hash of that.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any

from esep.warehouse.reference_proposal import Proposal, RowChange
from esep.warehouse.reference_rules import Problem
from esep.warehouse.reference_spec import Fault

ENDING = ".origin.zip"
_RECORD = "origin.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment of a zip: the same origin gives the same bytes."""
_NAME_LENGTH = 150


@dataclass(frozen=True, slots=True)
class Original:
    """A file as it was handed in; `name` without folders."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: the file, and its line or worksheet row, 1-based."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Who handed rows in, and the files that they were read out of; without `files` they were handed in as they are."""

    author: str = ""
    files: tuple[Original, ...] = ()
    found: tuple[Problem, ...] = ()
    """Faults and warnings of the files themselves; with a fault nothing is proposed."""
    places: tuple[Place, ...] = ()
    """Of each row below the heading."""
    mapping: Mapping[str, Any] | None = None
    """How the columns of a list were read (reference_mapping)."""
    note: str = ""
    """What a day is in these files (UTC, Almaty), in the office's words."""

    @property
    def is_known(self) -> bool:
        """Whether there is anything to be kept of it."""
        return bool(self.author or self.files or self.note)

    def packed(self, content: bytes) -> bytes:
        """The origin of these rows as a zip, the same bytes for the same origin."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            record = {"content_sha256": sha256(content).hexdigest(), **self.as_dict()}
            _write(archive, _RECORD, json.dumps(record, ensure_ascii=False, indent=2).encode())
            for member, one in zip(_members(self.files), self.files, strict=True):
                _write(archive, member, one.content)
        return packed.getvalue()

    def as_dict(self) -> dict[str, Any]:
        """Plain values for records."""
        return {
            "author": self.author,
            "note": self.note,
            "mapping": self.mapping,
            "files": [
                {"name": one.name, "member": member, "sha256": sha256(one.content).hexdigest()}
                for member, one in zip(_members(self.files), self.files, strict=True)
            ],
        }

    def placed(self, proposal: Proposal) -> Proposal:
        """The proposal with the places of the files instead of the lines of the rows that were read out of them."""
        if not self.files:
            return proposal
        name_file = len(self.files) > 1
        return replace(
            proposal,
            problems=tuple(self._placed(problem, name_file) for problem in proposal.problems),
            warnings=(*self.found, *(self._placed(problem, name_file) for problem in proposal.warnings)),
            changes=tuple(self._placed_change(change) for change in proposal.changes),
        )

    def _placed(self, problem: Problem, name_file: bool) -> Problem:
        if problem.fault in (Fault.DOUBLED, Fault.CONTRADICTORY) and isinstance(problem.expected, int):
            other = self.place_of(problem.expected)
            where: object = f"{other.line} ({other.file})" if other and name_file else other.line if other else ""
            problem = replace(problem, expected=where)
        place = self.place_of(problem.line)
        if place is None:
            return replace(problem, line=0)
        return replace(problem, line=place.line, file=place.file if name_file else "")

    def _placed_change(self, change: RowChange) -> RowChange:
        place = self.place_of(change.line or 0)
        return replace(change, line=place.line if place else None)

    def place_of(self, line: int) -> Place | None:
        """The place of a line of the rows; None for the heading and for a file as a whole."""
        return self.places[line - 2] if 2 <= line < len(self.places) + 2 else None


def of_zip(packed: bytes, content: bytes) -> Origin | None:
    """The origin that was packed with these rows; None for what is not the origin of them."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            record = json.loads(archive.read(_RECORD))
            if record["content_sha256"] != sha256(content).hexdigest():
                return None
            originals = tuple(Original(one["name"], archive.read(one["member"])) for one in record["files"])
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, TypeError):
        return None
    return Origin(str(record["author"]), originals, mapping=record["mapping"], note=str(record["note"]))


def plain_name(name: str) -> str:
    """The last part of a path of any system, without signs that do not print."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(sign for sign in last if sign.isprintable())[-_NAME_LENGTH:] or "file"


def _members(files: Sequence[Original]) -> Iterable[str]:
    return [f"{number}-{one.name}" for number, one in enumerate(files, start=1)]


def _write(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    member = zipfile.ZipInfo(name, _EPOCH)
    member.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(member, content)
