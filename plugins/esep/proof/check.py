"""Looking at everything that figures and verdicts rest on; `bin/esep verify`, and the load before it reads anything.

What is unchanged since it was proved is not read again, unless `full`: a file is known by size, times and inode.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from esep.config import Settings
from esep.file_names import to_text
from esep.office import archive, events
from esep.office.decisions import REFUSAL_OVERRULED
from esep.office.registration import MESSAGES
from esep.proof import chains, looks
from esep.proof.chains import Chain
from esep.proof.looks import UNSETTLED_NS, Job, Progress
from esep.proof.model import (
    RESTORE,
    RESTORE_HEADS,
    RESTORE_RECORDS,
    Cache,
    Damage,
    DamagedHomeError,
    Known,
    Report,
    Standing,
    read_cache,
    write_cache,
)
from esep.proof.named import name_files
from esep.records import append, heads
from esep.records.heads import FOLDER, NAME, Adopted, Beginning, Heads, Line

_FOLDERS = (heads.ARCHIVE, heads.JOURNAL, heads.REFERENCE, "lake", FOLDER)
_MADE_ANEW = ("lake/manifest.parquet",)


def require(settings: Settings, *, full: bool = False) -> Report:
    """The report; raises DamagedHomeError naming every file that keeps the figures from being published."""
    report = check(settings, full=full)
    if report.stopping:
        raise DamagedHomeError(report.stopping)
    return report


def check(settings: Settings, *, full: bool = False, progress: Progress | None = None) -> Report:
    """Prove the home. With `full` every byte is read and strays are listed.

    Heads that lag behind a kill are caught up, and what was proved is remembered, where the folders can be written.
    """
    before = read_cache(settings)
    if full:
        before = Cache(line_count=before.line_count)
    look = _Look(settings, before)
    look.at_all()
    damaged = {job.chain for job, _ in look.hash(progress)}
    look.settle(damaged)
    left = _strays(settings.home, look.known, look.was) if full else ()
    return look.report(left)


@dataclass(slots=True)
class _Look:
    settings: Settings
    before: Cache
    started: int = field(default_factory=time.time_ns)
    after: dict[str, Known] = field(default_factory=dict)
    found: dict[str, Chain] = field(default_factory=dict)
    damages: list[Damage] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    was: Adopted = field(default_factory=Adopted)
    heads: Heads = field(default_factory=Heads)
    has_heads: bool = False
    is_listed: bool = False
    """Whether the list of heads holds."""
    unproved: set[str] = field(default_factory=set)
    caught_up: int = 0

    @property
    def known(self) -> set[str]:
        """Paths that are accounted for."""
        return {path for found in self.found.values() for path in (*found.known, *found.lake)}

    def at_all(self) -> None:
        """Look at each chain; what seems damaged is looked at again while nobody writes."""
        self._read_heads()
        listed = self.heads.by_chain()
        for chain in dict.fromkeys([*heads.chains(self.settings.home), heads.REVISION, *listed]):
            self._at(chain, listed.get(chain, []))
        doubtful = [chain for chain, found in self.found.items() if found.all_damages]
        if doubtful or self.heads.faults:
            with _alone(self.settings):
                self._read_heads()
                listed = self.heads.by_chain()
                for chain in doubtful:
                    self._at(chain, listed.get(chain, []))

    def _read_heads(self) -> None:
        home = self.settings.home
        read = heads.read(home)
        self.heads, self.has_heads = read or Heads(), read is not None
        self.was = heads.adopted(home)

    @property
    def _is_strict(self) -> bool:
        return self.heads.beginning is Beginning.COMPLETE or bool(self.was.lists)

    def _at(self, chain: str, listed: list[Line]) -> None:
        home = self.settings.home
        seen = looks.below(home, chain)
        before = self.before.chains.get(chain)
        context = (len(listed), listed[-1].record if listed else "", self._is_strict, len(self.was.hashes))
        if before and looks.fingerprint([*seen, *looks.of(home, before.lake)], *context) == before.mark:
            self.after[chain] = before
            self._note_unproved(chain, before.is_unproved)
            return
        found = chains.prove(home, chain, listed, self.was, strict=self._is_strict)
        name_files(home, found, seen, self.was, strict=self._is_strict)
        all_seen = [*seen, *looks.of(home, found.lake)]
        found.newest = max((one.changed_ns for one in all_seen), default=0)
        self.found[chain] = found
        self.after[chain] = Known(looks.fingerprint(all_seen, *context), found.lake, found.is_unproved)
        self._note_unproved(chain, found.is_unproved)

    def _note_unproved(self, chain: str, is_unproved: bool) -> None:
        name = chain.rpartition("/")[2] if chain.startswith(f"{heads.ARCHIVE}/") else chain
        (self.unproved.add if is_unproved else self.unproved.discard)(name)

    def hash(self, progress: Progress | None) -> list[tuple[Job, Damage]]:
        """Hash what the records name; the damage is noted."""
        self.jobs = [job for found in self.found.values() for job in found.jobs]
        differing = looks.differing(self.jobs, progress)
        of_files = [one for found in self.found.values() for one in found.file_damages]
        of_files += [damage for _, damage in differing]
        of_message = f"{heads.JOURNAL}/{MESSAGES}/"
        of_package = {
            damage.path
            for damage in of_files
            if f"/{archive.PACKAGE}/" in damage.path or damage.path.startswith(of_message)
        }
        counting = _in_force(self.settings) if of_package else set()
        for damage in [*(one for found in self.found.values() for one in found.damages), *of_files]:
            stops = damage.path not in of_package or damage.path.split("/")[2] in counting
            self.damages.append(replace(damage, stops=stops))
        return differing

    def settle(self, damaged: set[str]) -> None:
        """Judge the list of heads, write lines that are missing, and forget what is not to be remembered."""
        of_heads = self._of_heads()
        self.damages += of_heads
        self.is_listed = not of_heads
        for chain, found in self.found.items():
            is_sound = not (chain in damaged or found.all_damages)
            if not is_sound or found.newest > self.started - UNSETTLED_NS:
                self.after.pop(chain, None)
            if found.unlisted and not found.damages and self.is_listed:
                with suppress(OSError):
                    append.catch_up(self.settings.home, chain)
                    self.caught_up += found.unlisted
        if self.caught_up:
            self._read_heads()

    def _of_heads(self) -> list[Damage]:
        what = list(self.heads.faults)
        is_sealed = any(found.unlisted for found in self.found.values())
        if not self.has_heads and (is_sealed or self.before.line_count):
            what.append("it is missing")
        elif self.heads.beginning is Beginning.LOST:
            what.append("it began anew after an earlier one was lost")
        elif not what and not self._goes_on():
            what.append("it lacks lines that it had at the last look")
        damages = [Damage(NAME, one, RESTORE_HEADS) for one in what]
        gone = self._gone() if not what else 0
        if gone:
            lost = f"{gone} records that it named at the last look are gone, and their lines"
            damages.append(Damage(NAME, lost, RESTORE_RECORDS))
        damages += [Damage(name, one, RESTORE) for name, one in self.was.faults.items()]
        return damages

    def _goes_on(self) -> bool:
        """Whether the list still holds what it held when it was last proved.

        Where everything is read, an older list may have been restored, to which later records are then added again.
        """
        count, line = self.before.line_count, self.before.line
        return not line or (len(self.heads.lines) >= count and self.heads.lines[count - 1].hash == line)

    def _gone(self) -> int:
        """How many records fewer there are than lines at the last look: neither in the list nor to be added to it."""
        unlisted = sum(found.unlisted for found in self.found.values())
        return max(0, self.before.line_count - len(self.heads.lines) - unlisted)

    def report(self, left: tuple[str, ...]) -> Report:
        lines = self.heads.lines
        count, last = self.before.line_count, self.before.line
        if self.is_listed:
            count, last = len(lines), lines[-1].hash if lines else ""
        damages = tuple(sorted(set(self.damages), key=lambda damage: (damage.path, damage.what)))
        with suppress(OSError):
            write_cache(self.settings, Cache(self.after, count, last), Standing(damages, len(self.unproved)))
        records = sum(len(found.records) for found in self.found.values())
        size = sum(job.size for job in self.jobs)
        size += sum(len(content) for found in self.found.values() for content in found.records.values())
        return Report(
            head=self.heads.hash,
            records=len(lines),
            files=len(self.jobs) + records,
            size=size,
            damages=damages,
            unproved=tuple(sorted(self.unproved)),
            strays=left,
            caught_up=self.caught_up,
        )


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """While no record is added; where the lock cannot be had, the look goes on all the same."""
    with ExitStack() as stack:
        with suppress(OSError):
            stack.enter_context(append.adding(settings.home))
        yield


def _strays(home: Path, known: Collection[str], was: Adopted) -> tuple[str, ...]:
    """Files that no record names: what kills left, and what others put there. They do not count, and do no harm.

    Their paths relative to the home, in order. What is being registered now is none.
    """
    counted = {*known, *was.lists, NAME, *_MADE_ANEW}
    building = f"/{archive.STAGING}/"
    return tuple(
        to_text(seen.path)
        for folder in _FOLDERS
        for seen in looks.below(home, folder)
        if seen.path not in counted and building not in seen.path
    )


def _in_force(settings: Settings) -> set[str]:
    """Of each pool and month the last filing that counts as accepted; with them those that cannot be read.

    A filing whose pool or month nobody could read is by itself.
    """
    unreadable, last = set(), {}
    entries = []
    for entry in archive.registered(settings):
        try:
            verdict = entry.verdict
            if verdict and (verdict["verdict"] == "accepted" or events.read(entry.folder, REFUSAL_OVERRULED)):
                pool, period = verdict["pool_id"], verdict["period"]
                identity = (pool, period) if pool and period else (entry.number, None)
                entries.append((archive.arrival_order(entry), entry.number, identity))
        except (ValueError, KeyError, OSError):
            unreadable.add(entry.number)
    for _, number, identity in sorted(entries, key=lambda item: item[0]):
        last[identity] = number
    return unreadable | set(last.values())
