"""The list of heads in memory, so that an addition reads only what others have added."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from esep.records import heads
from esep.records.heads import Beginning, Line


@dataclass(slots=True)
class Known:
    """Guarded by the lock of `append`."""

    home: Path
    size: int = 0
    end: bytes = b""
    """The last line read, which by its hash stands for all before it."""
    line: str = ""
    last: dict[str, str] = field(default_factory=dict)
    paths: dict[str, set[str]] = field(default_factory=dict)

    def update(self) -> None:
        """Read what is new; all, where the list is another one than before, as after a backup was restored.

        Nothing is proved here: additions go on from what is written, checks report faults.
        """
        with heads.path_of(self.home).open("rb") as file:
            file.seek(self.size - len(self.end))
            content = file.read()
            if self.size and content.startswith(self.end):
                content = content[len(self.end) :]
            else:
                self.size, self.line = 0, ""
                self.last.clear()
                self.paths.clear()
                file.seek(0)
                content = file.read()
        if not self.size:
            first, _, content = content.partition(b"\n")
            self.end = first + b"\n"
            self.size = len(self.end)
            self.line = heads.first_hash(_beginning_in(first))
        whole = content[: content.rfind(b"\n") + 1]
        self.size += len(whole)
        self.end = whole[whole.rfind(b"\n", 0, -1) + 1 :] or self.end
        for raw in whole.split(b"\n")[:-1]:
            try:
                self._take(heads.parse_line(raw))
            except ValueError:
                continue

    def note(self, records: Sequence[tuple[str, str]]) -> None:
        """Write the lines of records, (path, hash) each."""
        self.update()
        lines, previous = [], self.line
        for path, record in records:
            lines.append(heads.line_of(previous, record, path))
            previous = lines[-1].hash
        heads.add(self.home, lines, self.size)
        self.take(lines)

    def take(self, lines: list[Line]) -> None:
        """Lines that were just written."""
        for line in lines:
            self._take(line)
            self.end = heads.as_text(line).encode()
            self.size += len(self.end)

    def _take(self, line: Line) -> None:
        self.line = line.hash
        chain = heads.chain_of(line.path)
        if chain:
            self.last[chain] = line.record
            self.paths.setdefault(chain, set()).add(line.path)


def _beginning_in(first: bytes) -> Beginning:
    try:
        return Beginning(first.decode())
    except ValueError:
        return Beginning.COMPLETE


_lists: dict[Path, Known] = {}
_lists_lock = threading.Lock()


def known_of(home: Path) -> Known:
    with _lists_lock:
        return _lists.setdefault(home, Known(home))
