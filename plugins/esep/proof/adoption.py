"""Giving hashes to what is from before there were any: one act of an officer, on record with author and moment."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from esep.config import Settings
from esep.office import events
from esep.proof import check, looks
from esep.proof.looks import sha256_of
from esep.proof.named import lake_files_of, stamps_of
from esep.records import append, heads
from esep.records.heads import ADOPTION
from esep.records.seal import seal_of


class AdoptionError(ValueError):
    """Hashes cannot be recorded now; the text says why and what to do."""


def adopt(settings: Settings, author: str, now: datetime) -> int:
    """Record the SHA-256 of every record, stamp and lake file that has none; how many: 0 where all have theirs.

    Raises AdoptionError for a home that is damaged, in which it was done before, or that never had such records: what
    has no hash there was not written by Esep.
    """
    home = settings.home
    report = check.check(settings, full=True)
    if report.damages:
        named = "\n".join(f"  {damage}" for damage in report.damages)
        raise AdoptionError(f"{home}: damaged files have to be put right before the others are adopted:\n{named}")
    if not report.unproved:
        return 0
    if not author.strip():
        raise AdoptionError("The author is empty. Say who adopts: the name stays on record.")
    with append.adding(home) as adder:  # so that no record comes in between
        hashes = {path: sha256_of(place) for path, place in _without_hash(settings).items()}
        name = heads.free_list_name(home)
        content = "".join(f"{digest}  {path}\n" for path, digest in sorted(hashes.items())).encode()
        append.put(home / name, content)
        data = {"list": name, "sha256": hashlib.sha256(content).hexdigest(), "files": len(hashes)}
        settings.journal.mkdir(exist_ok=True)
        event = events.content_of(ADOPTION, now, author.strip(), data)
        adder.add(settings.journal / events.name_of(ADOPTION, now), event)
    return len(hashes)


def _without_hash(settings: Settings) -> dict[str, Path]:
    """Records without a hash and the files that they name: path relative to the home, as recorded → where it is."""
    home = settings.home
    found: dict[str, Path] = {}
    for chain in dict.fromkeys([*heads.chains(home), heads.REVISION]):
        for path in heads.records_of(home, chain):
            content = (home / path).read_bytes()
            if seal_of(content) is None:
                found[path] = home / path
                found |= lake_files_of(home, path, content)
                found |= {stamp: home / stamp for stamp in stamps_of(home, path, content)}
    revisions = {seen.path for seen in looks.below(home, heads.REVISION)}
    return found | {
        path: home / path
        for path in revisions
        if path.endswith(".parquet") and f"{path.removesuffix('.parquet')}.json" not in revisions
    }
