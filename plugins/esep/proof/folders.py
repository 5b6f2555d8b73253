"""The files that other records name: accepted versions of reference files, and revisions of figures."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from esep.file_names import to_text
from esep.proof.chains import Chain
from esep.proof.filings import Named
from esep.proof.hashing import Job
from esep.proof.looks import Seen
from esep.proof.model import RESTORE, Damage
from esep.records import places
from esep.records.adopted import Adopted

REMOVE = "Move it away, or restore its record (.json) from a backup; then run bin/esep verify"
PENDING = ".pending"
"""Ending of a revision whose publication is not done; see warehouse.revision."""
PART = ".part"
"""Ending of what was added to the version before; its hash is in the record too."""
_ENDINGS = {places.REFERENCE: ".csv", places.REVISION: ".parquet"}


def named_by(home: Path, chain: str, found: Chain, seen: Iterable[Seen], was: Adopted, *, strict: bool) -> Named:
    """What the records of journal, reference versions or revisions name: each the file beside it."""
    there = {one.path: one for one in seen}
    named = Named(known=set(found.records) | {damage.path for damage in found.damages})
    named.known |= {path for path in there if path.endswith(PENDING)}
    ending = _ENDINGS.get(chain)
    if ending is None:
        return named
    for path, content in sorted(found.records.items()):
        beside = path.removesuffix(".json") + ending
        named.known.add(beside)
        try:
            value = json.loads(content)
            digest, part = str(value["sha256"]), value.get("part_sha256")
        except (ValueError, KeyError, TypeError):
            named.damages.append(Damage(path, "it is not a record that can be read", RESTORE))
            continue
        _job(home, chain, beside, digest, there, named)
        if part is not None:
            named.known.add(path.removesuffix(".json") + PART)
            _job(home, chain, path.removesuffix(".json") + PART, str(part), there, named)
    for damage in found.damages:  # what a damaged record is about is no stray
        named.known |= {damage.path.removesuffix(".json") + one for one in (ending, PART)}
    for path in sorted(path for path in was.hashes if path.startswith(f"{chain}/") and path.endswith(ending)):
        if path not in named.known:
            named.known.add(path)
            _job(home, chain, path, was.hashes[path], there, named)
    if chain == places.REVISION:
        _without_record(found, there, named, strict=strict)
    return named


def _without_record(found: Chain, there: Iterable[str], named: Named, *, strict: bool) -> None:
    """Revisions that no record names: from before there were any, else put there by somebody."""
    left = sorted(path for path in there if path.endswith(".parquet") and path not in named.known)
    named.known |= set(left)
    if strict:
        named.damages += [Damage(path, "no record names it, so it is none of Esep's", REMOVE) for path in left]
    else:
        found.is_unproved |= bool(left)


def _job(home: Path, chain: str, path: str, digest: str, there: dict[str, Seen], named: Named) -> None:
    if path not in there and f"{path}{PENDING}" in there:
        path += PENDING  # a kill between the record and the file's own name; the next publication gives it
    size = there[path].size if path in there else 0
    named.jobs.append(Job(chain, home / path, digest, size, Damage(to_text(path), "", RESTORE)))
