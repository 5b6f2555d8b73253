"""The list of heads, `proof/heads.txt`: a line for each record, in the order in which they were written.

A line is `<hash of the line> <hash of the record> <path of the record>`; the hash of a line is the SHA-256 of the hash
of the line before it, a blank and the rest of its own line. So the last line of a chain names the chain's head, and the
last line of all proves the whole office at that moment: a hash that was written down then is found again later if
nothing before it has changed. The first line says how the list began.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from esep import files
from esep.records.places import chain_of

FOLDER = "proof"
NAME = f"{FOLDER}/heads.txt"
_HASH = 64


class Beginning(StrEnum):
    """The first line of the list."""

    COMPLETE = "esep heads 1: every record of this home is listed"
    FROM_BEFORE = "esep heads 1: records from before are not listed"
    LOST = "esep heads 1: an earlier list was lost"


class Line(NamedTuple):
    hash: str
    record: str
    """Hash of the record."""
    path: str


@dataclass(slots=True)
class Heads:
    """What a list of heads says."""

    beginning: Beginning | None = None
    """None where there is no list, or its first line is damaged."""
    lines: list[Line] = field(default_factory=list)
    size: int = 0
    """Bytes up to the end of the last whole line."""
    faults: list[str] = field(default_factory=list)
    """What is wrong with it, a few words each; empty if it holds."""

    @property
    def hash(self) -> str:
        """Hash of the last line, the head of all."""
        return self.lines[-1].hash if self.lines else first_hash(self.beginning or Beginning.COMPLETE)

    def by_chain(self) -> dict[str, list[Line]]:
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            chain = chain_of(line.path)
            if chain:
                found.setdefault(chain, []).append(line)
        return found


def first_hash(beginning: Beginning) -> str:
    return hashlib.sha256(beginning.encode()).hexdigest()


def line_of(previous: str, record: str, path: str) -> Line:
    return Line(hashlib.sha256(f"{previous} {record} {path}".encode()).hexdigest(), record, path)


def as_text(line: Line) -> str:
    return f"{line.hash} {line.record} {line.path}\n"


def path_of(home: Path) -> Path:
    return home / NAME


def create(home: Path, beginning: Beginning) -> None:
    """Write an empty list; to be called with the lock of `append` held and no list there."""
    with files.replacing(path_of(home)) as temporary:
        temporary.write_text(f"{beginning}\n", encoding="utf-8")


def read(home: Path) -> Heads | None:
    """The list, each line proved; None if there is none. A last line that a power cut left half-written is no fault."""
    try:
        content = path_of(home).read_bytes()
    except FileNotFoundError:
        return None
    return parse(content)


def parse(content: bytes) -> Heads:
    """The same from bytes. After a line that does not hold, the next is judged by what that line says of itself."""
    first, *rest = content[: content.rfind(b"\n") + 1].split(b"\n")
    heads = Heads(size=content.rfind(b"\n") + 1)
    try:
        heads.beginning = Beginning(first.decode())
    except ValueError:
        heads.faults.append("its first line is not one of Esep's")
    previous = first_hash(heads.beginning) if heads.beginning else None
    for number, raw in enumerate(rest[:-1], start=2):
        try:
            line = parse_line(raw)
        except ValueError:
            heads.faults.append(f"line {number} cannot be read")
            previous = None
            continue
        if previous is not None and line_of(previous, line.record, line.path) != line:
            heads.faults.append(f"line {number} is not what was written")
        previous = line.hash
        heads.lines.append(line)
    return heads


def parse_line(raw: bytes) -> Line:
    """One line without its end; raises ValueError for any other form."""
    text = raw.decode()
    line = Line(text[:_HASH], text[_HASH + 1 : 2 * _HASH + 1], text[2 * _HASH + 2 :])
    if as_text(line) != f"{text}\n" or len(line.record) != _HASH or not line.path:
        raise ValueError("no line of a list of heads")
    return line


def add(home: Path, lines: list[Line], size: int) -> None:
    """Write lines after the first `size` bytes, and flush; what a power cut left half-written behind them goes."""
    descriptor = os.open(path_of(home), os.O_WRONLY)
    try:
        os.ftruncate(descriptor, size)
        os.lseek(descriptor, size, os.SEEK_SET)
        data = "".join(map(as_text, lines)).encode()
        while data:
            data = data[os.write(descriptor, data) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
