"""The files that a filing's records name: the bytes that came, the office's stamps, the Parquet files of the lake."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from esep.file_names import from_text, to_text
from esep.office import archive, events
from esep.office.receipt import Receipt
from esep.proof.chains import Chain
from esep.proof.hashing import Job
from esep.proof.looks import Seen, of
from esep.proof.model import RESTORE, RESTORE_PACKAGE, Damage, reexamine
from esep.records.adopted import Adopted
from esep.records.seal import seal_of

LOST = "examination_lost"
"""Kind of the event that gives up an examination whose files cannot be made again; its `data`: examination_no."""

_LAKE = "lake"
_STAMPS = "office*.json"


@dataclass(slots=True)
class Named:
    """The files that the records of one chain name."""

    jobs: list[Job] = field(default_factory=list)
    """Those that are there, or should be, with the hash that they must have."""
    damages: list[Damage] = field(default_factory=list)
    lake: list[str] = field(default_factory=list)
    """Files of the lake, relative to the home."""
    known: set[str] = field(default_factory=set)
    """All paths that are accounted for; any other file of the folder is a stray."""


def named_by(home: Path, chain: str, found: Chain, seen: Iterable[Seen], was: Adopted) -> Named:
    """What receipt and verdicts of a filing name. Records that are damaged name nothing: they are told already."""
    number = chain.rpartition("/")[2]
    there = {one.path: one for one in seen}
    named = Named(known=set(found.records) | {damage.path for damage in found.damages})
    receipt = f"{chain}/{archive.RECEIPT}"
    if receipt in found.records:
        _package(home, chain, number, found.records[receipt], there, was, named)
    elif receipt not in named.known:
        named.damages.append(Damage(receipt, "it is missing", RESTORE))
        named.known |= set(there)
    else:
        named.known |= {path for path in there if not path.endswith(".json")}
    lost = _lost(found.records)
    for path, content in sorted(found.records.items()):
        if path.startswith(f"{chain}/verdict"):
            _verdict(home, chain, path, content, found.records.get(receipt), lost, was, named)
    return named


def lake_files_of(home: Path, path: str, content: bytes) -> list[str]:
    """The files of the lake, relative to the home, that a record names if it is a verdict, as far as they are there."""
    if not path.rpartition("/")[2].startswith("verdict"):
        return []
    places = [f"{_LAKE}/{relative}" for relative in json.loads(content)["lake"]]
    return [place for place in places if (home / place).is_file()]


def lost_examinations(entry: archive.Entry) -> set[int]:
    """Numbers of the examinations of a filing that were given up."""
    return {int(event.data["examination_no"]) for event in events.read(entry.folder, LOST)}


def stamps_of(home: Path, path: str, content: bytes) -> list[str]:
    """The office's stamps, relative to the home, that lie beside a receipt from before receipts named them."""
    folder, _, name = path.rpartition("/")
    if name != archive.RECEIPT or "stamps" in json.loads(content):
        return []
    return sorted(f"{folder}/{stamp.name}" for stamp in (home / folder).glob(_STAMPS) if stamp.is_file())


def _package(
    home: Path, chain: str, number: str, content: bytes, there: Mapping[str, Seen], was: Adopted, named: Named
) -> None:
    path = f"{chain}/{archive.RECEIPT}"
    try:
        receipt = Receipt.from_dict(json.loads(content))
    except (ValueError, KeyError, TypeError):
        named.damages.append(Damage(path, "it is not a receipt that can be read", RESTORE))
        return
    if receipt.registration_no != number:
        named.damages.append(Damage(path, f"it is the receipt of filing {receipt.registration_no}", RESTORE))
    kept = [(f"{chain}/{archive.PACKAGE}/{from_text(file.path)}", file, RESTORE_PACKAGE) for file in receipt.files]
    kept += [(f"{chain}/{file.path}", file, RESTORE) for file in receipt.stamps]
    for place, file, todo in kept:
        named.known.add(place)
        shown = to_text(place)
        is_package = todo is RESTORE_PACKAGE
        seen = there.get(place)
        if seen is None:
            named.damages.append(Damage(shown, "it is missing", todo))
        elif not seen.is_file or seen.size != file.size:
            what = f"it has {seen.size:,} bytes; {file.size:,} came" if seen.is_file else "it is no plain file"
            named.damages.append(Damage(shown, what, todo))
        else:
            named.jobs.append(Job(chain, home / place, file.sha256, seen.size, Damage(shown, "", todo, is_package)))
    if "stamps" not in json.loads(content):  # from before stamps were named
        adopted = [place for place in was.of_chain.get(chain, ()) if PurePath(place).match(f"{chain}/{_STAMPS}")]
        named.known |= {place for place in there if PurePath(place).match(f"{chain}/{_STAMPS}")} | set(adopted)
        for place in adopted:
            size = there[place].size if place in there else 0
            named.jobs.append(Job(chain, home / place, was.hashes[place], size, Damage(place, "", RESTORE)))


def _verdict(
    home: Path,
    chain: str,
    path: str,
    content: bytes,
    receipt: bytes | None,
    lost: set[int],
    was: Adopted,
    named: Named,
) -> None:
    number = chain.rpartition("/")[2]
    try:
        verdict: dict[str, Any] = json.loads(content)
        examination_no = int(verdict["examination_no"])
        hashes: dict[str, str | None] = dict.fromkeys(verdict["lake"]) | verdict.get("lake_sha256", {})
    except (ValueError, KeyError, TypeError):
        named.damages.append(Damage(path, "it is not a verdict that can be read", RESTORE))
        return
    told = verdict.get("receipt_hash")
    seal = seal_of(receipt) if receipt else None
    if told and seal and seal.hash != told:
        named.damages.append(Damage(path, "it was given on another receipt", RESTORE))
    places = [f"{_LAKE}/{relative}" for relative in hashes]
    named.lake += places
    if examination_no in lost:
        return
    sizes = {seen.path: seen.size for seen in of(home, places)}
    for place, recorded in zip(places, hashes.values(), strict=True):
        digest = recorded or was.hashes.get(place)
        if digest is None:  # from before, and not adopted: the load tells of a missing one
            continue
        damage = Damage(place, "", reexamine(number))
        named.jobs.append(Job(chain, home / place, digest, sizes.get(place, 0), damage))


def _lost(records: Mapping[str, bytes]) -> set[int]:
    """Numbers of the examinations that were given up."""
    found = set()
    for path, content in records.items():
        if f"-{LOST}-" in path:
            try:
                found.add(int(json.loads(content)["data"]["examination_no"]))
            except (ValueError, KeyError, TypeError):
                continue
    return found
