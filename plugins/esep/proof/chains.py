"""One chain of records held against the list of heads."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from esep.proof.looks import Job
from esep.proof.model import RESTORE, Damage
from esep.records import append, heads
from esep.records.heads import ADOPTION, Adopted, Line
from esep.records.seal import DamagedRecordError, Seal, seal_of

_HASHLESS = "it has no hash, though the records beside it have theirs"
_NO_PLACE = "it follows no record of its chain, so it was not written by Esep, or one before it is gone"


@dataclass(slots=True)
class Chain:
    """What was found of one chain: its records, held against their lines, and the files that they name (`named`)."""

    name: str
    records: dict[str, bytes] = field(default_factory=dict)
    """The bytes of those that are as recorded, by path."""
    damages: list[Damage] = field(default_factory=list)
    """Records that are not."""
    unlisted: int = 0
    """Sound records whose line in the list of heads is still to be written."""
    is_unproved: bool = False
    """Whether its records are from before there were hashes, and nobody has adopted them."""
    jobs: list[Job] = field(default_factory=list)
    """The named files that are there, or should be, with the hash that they must have."""
    file_damages: list[Damage] = field(default_factory=list)
    """Named files that are not what was recorded, as far as it shows without hashing."""
    lake: list[str] = field(default_factory=list)
    """Files of the lake, relative to the home."""
    known: set[str] = field(default_factory=set)
    """All paths that are accounted for; any other file of the folder is a stray."""
    newest: int = 0
    """Nanoseconds since the epoch of the last change of any of its files."""

    @property
    def all_damages(self) -> list[Damage]:
        return self.damages + self.file_damages


def prove(home: Path, chain: str, listed: list[Line], was: Adopted, *, strict: bool) -> Chain:
    """Hold the records of a chain against their lines, in order.

    `strict`: no record may be without a hash, because the home never had such, or had them adopted.
    """
    found = Chain(chain)
    seals: dict[str, Seal] = {}
    hashless: dict[str, bytes] = {}
    start: str | None = None
    for path in sorted(heads.records_of(home, chain)):
        try:
            content = (home / path).read_bytes()
            seal = seal_of(content)
        except DamagedRecordError as error:
            found.damages.append(Damage(path, str(error), RESTORE))
            seals[path] = Seal("", None)
            continue
        except OSError as error:
            found.damages.append(Damage(path, f"it cannot be read ({error.strerror})", RESTORE))
            seals[path] = Seal("", None)
            continue
        if seal is not None:
            seals[path], found.records[path] = seal, content
        elif path in was.hashes:
            if hashlib.sha256(content).hexdigest() == was.hashes[path]:
                found.records[path] = content
            else:
                found.damages.append(Damage(path, "its content is not what was adopted", RESTORE))
            start = was.acts[path]
        else:
            hashless[path] = content
    start = start or next((was.acts[path] for path in was.of_chain.get(chain, ())), None)
    if start in {seal.hash for seal in seals.values()}:
        start = None  # the chain of the act itself, which begins with it
    found.damages += _missing_adopted(home, chain, was, found)
    last = _follow(found, seals, [*hashless], listed, start)
    _take_unlisted(found, seals, listed, last)
    if hashless and (strict or listed or _is_sealed(seals)):
        found.damages += [Damage(path, _HASHLESS, RESTORE) for path in hashless]
    else:
        found.is_unproved = bool(hashless)
        found.records |= hashless
    return found


def _is_sealed(seals: dict[str, Seal]) -> bool:
    """Whether the chain has records with hashes; an act of adoption, which begins one, does not count."""
    return any(f"-{ADOPTION}-" not in path for path in seals)


def _missing_adopted(home: Path, chain: str, was: Adopted, found: Chain) -> list[Damage]:
    damaged = {damage.path for damage in found.damages}
    return [
        Damage(path, "it is missing", RESTORE)
        for path in was.of_chain.get(chain, ())
        if path not in found.records and path not in damaged and heads.chain_of(path) == chain
    ]


def _follow(
    found: Chain, seals: dict[str, Seal], hashless: list[str], listed: list[Line], start: str | None
) -> str | None:
    """Walk the lines of the chain; gives the hash from which it goes on. Records without a hash are elsewhere."""
    last, reported = start, {*(damage.path for damage in found.damages), *hashless}
    seen: set[str] = set()
    for line in listed:
        seal = seals.get(line.path)
        what = None
        if line.path in seen:
            what = "it was recorded twice: the first one was removed"
        elif seal is None:
            what = "it is missing" if line.path not in found.records else "it was adopted, and recorded again"
        elif seal.hash != line.record:
            what = "another record is in its place"
        elif seal.previous != last:
            what = "it does not follow the record before it"
        if what and line.path not in reported:
            reported.add(line.path)
            found.damages.append(Damage(line.path, what, RESTORE))
            found.records.pop(line.path, None)
        seen.add(line.path)
        last = line.record
    return last


def _take_unlisted(found: Chain, seals: dict[str, Seal], listed: list[Line], last: str | None) -> None:
    """Records without a line: sound if they go on from the last one that has a line."""
    known = {line.path for line in listed}
    unlisted = {path: seal for path, seal in seals.items() if path not in known and seal.hash}
    following = append.in_order(last, unlisted)
    found.unlisted = len(following)
    for path in unlisted.keys() - {path for path, _ in following}:
        found.damages.append(Damage(path, _NO_PLACE, RESTORE))
        found.records.pop(path, None)
