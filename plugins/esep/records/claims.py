"""Additions of a home that shares a store: claimed there before they are made here, after what others added before.

All of it is done under the lock of `append`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from esep.records import heads, taking
from esep.records.announcing import announce, withdraw
from esep.records.known import Known
from esep.records.sharing import Entry, Shared
from esep.store.lease import Lease
from esep.store.model import StoreError

turns: dict[Path, dict[str, Lease]] = {}
"""The turns that this process holds, by home and name (`turns.turn`)."""


class Claims:
    """What a home adds to the store, and takes in from there."""

    def __init__(self, shared: Shared, known: Known) -> None:
        self._shared = shared
        self._known = known

    def claim(self, records: Sequence[tuple[str, bytes]], sources: Mapping[str, Path]) -> bool:
        """Whether these records come next; else what came instead was taken in. Then put them in place: `claimed`."""
        self._shared.keep(records, sources)
        return self._claim(Entry(self._last_line(), tuple(records)))

    def claimed(self) -> None:
        """What was claimed is in place."""
        self._shared.move_to(self._shared.position + 1)

    def fence(self, name: str, number: int) -> None:
        """See append.Adder.fence."""
        while not self._claim(Entry(self._last_line(), (), (name, number))):
            pass
        self._shared.fenced(name, number)
        self.claimed()

    def take_in(self) -> int:
        """Take in all that other machines have added; how many additions."""
        count = 0
        for number, entry in self._shared.after():
            self._take(number, entry)
            count += 1
        return count

    def _claim(self, entry: Entry) -> bool:
        shared = self._shared
        held = list(turns.get(shared.home, {}).values())  # other threads take and give back turns meanwhile
        try:
            for turn in held:
                if turn.is_lost or shared.fences.get(turn.name, 0) > turn.number:
                    raise StoreError(
                        f"{shared.store.address}: another machine took over the turn {turn.name}, because this one did "
                        "not answer for a while. Nothing was recorded; run the same again."
                    )
            if shared.claim(entry):
                return True
            self._take(shared.position + 1, shared.next())
        except StoreError:
            for turn in held:  # the write that failed may arrive after all
                turn.is_in_doubt = True
            raise
        return False

    def _take(self, number: int, entry: Entry) -> None:
        shared = self._shared
        self._known.update()
        lines = [(path, taking.hash_of(content)) for path, content in entry.records]
        chain = heads.chain_of(lines[0][0]) if lines else None
        new = [line for line in lines if line[0] not in self._known.paths.get(chain or "", ())]
        if len(new) == len(lines) and entry.before != self._known.line:
            raise StoreError(
                f"{shared.home} does not go on where entry {number} of {shared.store.address} does: it is no copy of "
                "that office, or was put back to an earlier state. Nothing was changed. Let an empty home join "
                "(bin/esep store join), and move the inbox there. Where that stops at the same entry, the entry is "
                "damaged: restore it from an earlier version or a backup of the bucket."
            )
        if chain:
            announce(shared.home, chain)
        taking.place(shared, entry)
        if new:
            self._known.note(new)
        if entry.fence:
            shared.fenced(*entry.fence)
        shared.move_to(number)
        if chain:
            withdraw(shared.home, chain)

    def _last_line(self) -> str:
        self._known.update()
        return self._known.line
