"""The files that records name, each with the hash that it must have.

A filing's records name the bytes that came, the office's stamps and the Parquet files of the lake; other records the
file beside them: accepted versions of reference files, revisions of figures; the journal the receipts of the other
body. Records that are damaged name nothing: they are reported already.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from esep.file_names import from_text, to_text
from esep.lake import places
from esep.office import archive, events
from esep.office.archive import ArchiveError, Entry
from esep.office.handovers import ACKNOWLEDGED
from esep.office.messages import REPORTED as MESSAGE
from esep.office.questions import ANSWERED
from esep.office.registration import MESSAGES
from esep.proof.chains import Chain
from esep.proof.looks import Job, Seen, below, of, sha256_of
from esep.proof.model import RESTORE, RESTORE_PACKAGE, Damage, reexamine
from esep.records import heads, offloading
from esep.records.heads import Adopted
from esep.records.seal import seal_of

LOST = "examination_lost"
"""Kind of the event that gives up an examination whose files cannot be made again; its `data`: examination_no."""
REMOVE = "Move it away, or restore its record (.json) from a backup; then run bin/esep verify"
PENDING = ".pending"
"""Ending of a revision whose publication is not done; see warehouse.revision."""
_WITH_VERSIONS = {".part": "part_sha256", ".origin.zip": "origin_sha256"}
"""Endings of what lies beside an accepted reference file (warehouse.reference), and where its record has the hash."""
_ENDINGS = {heads.REFERENCE: ".csv", heads.REVISION: ".parquet"}
_LAKE = "lake"
_STAMPS = "office*.json"


def name_files(home: Path, found: Chain, seen: Iterable[Seen], was: Adopted, *, strict: bool) -> None:
    """Put into `found` what its records name. `seen`: the files of the chain's folder; `strict`: see chains.prove."""
    naming = _Naming(home, found, {one.path: one for one in seen}, was)
    found.known = set(found.records) | {damage.path for damage in found.damages}
    if found.name.startswith(f"{heads.ARCHIVE}/"):
        naming.of_filing()
    else:
        naming.of_folder(strict=strict)


def lake_files_of(home: Path, path: str, content: bytes) -> dict[str, Path]:
    """The files of the lake that a record names if it is a verdict, as far as they are there.

    Path relative to the home, as the record says it → where the file is.
    """
    if not path.rpartition("/")[2].startswith("verdict"):
        return {}
    lake = home / _LAKE
    there = {relative: lake / places.found(lake, relative) for relative in json.loads(content)["lake"]}
    return {f"{_LAKE}/{relative}": place for relative, place in there.items() if place.is_file()}


def lost_examinations(entry: Entry) -> set[int]:
    """Numbers of the examinations of a filing that were given up."""
    return {int(event.data["examination_no"]) for event in events.read(entry.folder, LOST)}


def stamps_of(home: Path, path: str, content: bytes) -> list[str]:
    """The office's stamps, relative to the home, that are beside a receipt from before receipts named them."""
    folder, _, name = path.rpartition("/")
    if name != archive.RECEIPT or "stamps" in json.loads(content):
        return []
    return sorted(f"{folder}/{stamp.name}" for stamp in (home / folder).glob(_STAMPS) if stamp.is_file())


def require_package(entry: Entry) -> None:
    """A package is proved before it is examined: a verdict on damaged bytes would look like any other.

    Raises ArchiveError naming a file of the package that is not as it came, is missing, or did not come.
    """
    folder = f"{archive.PACKAGE}/"
    package = entry.package
    there = {seen.path.removeprefix(folder): seen for seen in below(entry.folder, archive.PACKAGE)}
    for file in entry.receipt.files:
        path = from_text(file.path)
        seen = there.pop(path, None)
        what = ""
        if seen is None:
            what = "it is missing"
        elif not seen.is_file or seen.size != file.size or sha256_of(package / path) != file.sha256:
            what = "its bytes are not those that came"
        if what:
            raise ArchiveError(f"{entry.number}: package/{file.path}: {what}. {RESTORE_PACKAGE}.")
    _require_transcriptions(entry)
    for path in there:
        raise ArchiveError(
            f"{entry.number}: package/{to_text(path)}: the receipt does not name it, so it did not come with the "
            "package. Move it away, then run again."
        )


def _require_transcriptions(entry: Entry) -> None:
    for event in events.read(entry.folder, ANSWERED):
        folder = event.data.get("transcription")
        if not folder:
            continue
        kept = {f"{folder}/{name}": digest for name, digest in event.data["files"].items()}
        for path, digest in kept.items():
            if not (entry.folder / path).is_file() or sha256_of(entry.folder / path) != digest:
                raise ArchiveError(f"{entry.number}: {path}: it is not as the officer handed it in. {RESTORE}.")
        for seen in below(entry.folder, folder):
            if seen.path not in kept:
                todo = "Move it away, then run again"
                raise ArchiveError(f"{entry.number}: {to_text(seen.path)}: the officer did not hand it in. {todo}.")


@dataclass(frozen=True, slots=True)
class _Naming:
    home: Path
    found: Chain
    there: Mapping[str, Seen]
    """The files of the chain's folder by path."""
    was: Adopted

    def of_filing(self) -> None:
        """What receipt and verdicts of a filing name."""
        found = self.found
        receipt = f"{found.name}/{archive.RECEIPT}"
        if receipt in found.records:
            self._package(receipt)
        elif receipt not in found.known:
            self._fault(receipt, "it is missing")
            found.known |= set(self.there)
        else:
            found.known |= {path for path in self.there if not path.endswith(".json")}
        self._transcriptions()
        lost = _lost(found.records)
        for path in sorted(found.records):
            if path.startswith(f"{found.name}/verdict"):
                self._verdict(path, found.records.get(receipt), lost)

    def of_folder(self, *, strict: bool) -> None:
        """What the records of journal, reference versions or revisions name: each the file beside it."""
        found, chain = self.found, self.found.name
        found.known |= {path for path in self.there if path.endswith(PENDING)}
        if chain == heads.JOURNAL:
            self._of_journal()
            self._messages()
        ending = _ENDINGS.get(chain)
        if ending is None:
            return
        for path, content in sorted(found.records.items()):
            stem = path.removesuffix(".json")
            found.known.add(stem + ending)
            try:
                value = json.loads(content)
                digest = str(value["sha256"])
                beside = {end: value.get(key) for end, key in _WITH_VERSIONS.items()}
            except (ValueError, KeyError, TypeError):
                self._fault(path, "it is not a record that can be read")
                continue
            self._beside(stem + ending, digest)
            for end, known in beside.items():
                if known is not None:
                    found.known.add(stem + end)
                    self._beside(stem + end, str(known))
        for damage in found.damages:  # what a damaged record is about is no stray
            found.known |= {damage.path.removesuffix(".json") + one for one in (ending, *_WITH_VERSIONS)}
        for path in sorted(path for path in self.was.hashes if path.startswith(f"{chain}/") and path.endswith(ending)):
            if path not in found.known:
                found.known.add(path)
                self._beside(path, self.was.hashes[path])
        if chain == heads.REVISION:
            self._without_record(strict=strict)

    def _of_journal(self) -> None:
        """The receipts of the other body, which events name (office.handovers)."""
        for path, content in self.found.records.items():
            if f"-{ACKNOWLEDGED}-" not in path:
                continue
            try:
                data = json.loads(content)["data"]
                kept, digest = data.get("file_path"), data.get("file_sha256")
            except (ValueError, KeyError, AttributeError):
                continue  # the load reports it
            if kept and digest:
                place = f"{heads.JOURNAL}/{kept}"
                self.found.known.add(place)
                self._beside(place, str(digest))

    def _messages(self) -> None:
        """The bytes of the messages that the journal holds; no figure depends on them."""
        for path, content in sorted(self.found.records.items()):
            if f"-{MESSAGE}-" not in path:
                continue
            try:
                data = json.loads(content)["data"]
                folder = f"{heads.JOURNAL}/{MESSAGES}/{data['message_id']}"
                named = [
                    (f"{folder}/{archive.PACKAGE}/{from_text(file['path'])}", file) for file in data.get("files") or ()
                ]
                named += [(f"{folder}/{from_text(file['path'])}", file) for file in data.get("stamps") or ()]
                for place, file in named:
                    self.found.known.add(place)
                    size = self.there[place].size if place in self.there else 0
                    damage = Damage(to_text(place), "", RESTORE, stops=False)
                    self._job(place, str(file["sha256"]), size, damage)
            except (ValueError, KeyError, TypeError):
                self._fault(path, "it is not a message that can be read")

    def _package(self, path: str) -> None:
        found, chain, content = self.found, self.found.name, self.found.records[path]
        try:
            receipt = archive.receipt_of(json.loads(content))
        except ValueError:
            self._fault(path, "it is not a receipt that can be read")
            return
        if receipt.registration_no != chain.rpartition("/")[2]:
            self._fault(path, f"it is the receipt of filing {receipt.registration_no}")
        kept = [(f"{chain}/{archive.PACKAGE}/{from_text(file.path)}", file, RESTORE_PACKAGE) for file in receipt.files]
        kept += [(f"{chain}/{file.path}", file, RESTORE) for file in receipt.stamps]
        is_offloaded = offloading.is_offloaded(self.home, receipt.registration_no)
        for place, file, todo in kept:
            found.known.add(place)
            seen = self.there.get(place)
            if seen is None and is_offloaded and todo is RESTORE_PACKAGE:
                continue  # it is proved when it comes back
            if seen is None:
                self._fault(to_text(place), "it is missing", todo)
            elif not seen.is_file or seen.size != file.size:
                what = f"it has {seen.size:,} bytes; {file.size:,} came" if seen.is_file else "it is no plain file"
                self._fault(to_text(place), what, todo)
            else:
                stops = todo is RESTORE_PACKAGE
                self._job(place, file.sha256, seen.size, Damage(to_text(place), "", todo, stops))
        if "stamps" not in json.loads(content):  # from before stamps were named
            self._stamps_from_before()

    def _transcriptions(self) -> None:
        """What an officer transcribed, named by the event of the answer."""
        for path, content in sorted(self.found.records.items()):
            if f"-{ANSWERED}-" not in path:
                continue
            try:
                data = json.loads(content)["data"]
                kept = {f"{data['transcription']}/{name}": digest for name, digest in data.get("files", {}).items()}
            except (ValueError, KeyError, TypeError):
                continue  # an answer without a transcription
            for name, digest in kept.items():
                place = f"{self.found.name}/{name}"
                self.found.known.add(place)
                size = self.there[place].size if place in self.there else 0
                self._job(place, digest, size, Damage(to_text(place), "", RESTORE))

    def _stamps_from_before(self) -> None:
        pattern = f"{self.found.name}/{_STAMPS}"
        adopted = [path for path in self.was.of_chain.get(self.found.name, ()) if PurePath(path).match(pattern)]
        self.found.known |= {path for path in self.there if PurePath(path).match(pattern)} | set(adopted)
        for path in adopted:
            size = self.there[path].size if path in self.there else 0
            self._job(path, self.was.hashes[path], size, Damage(path, "", RESTORE))

    def _verdict(self, path: str, receipt: bytes | None, lost: set[int]) -> None:
        try:
            verdict: dict[str, Any] = json.loads(self.found.records[path])
            examination_no = int(verdict["examination_no"])
            hashes: dict[str, str | None] = dict.fromkeys(verdict["lake"]) | verdict.get("lake_sha256", {})
        except (ValueError, KeyError, TypeError):
            self._fault(path, "it is not a verdict that can be read")
            return
        given_on = verdict.get("receipt_hash")
        seal = seal_of(receipt) if receipt else None
        if given_on and seal and seal.hash != given_on:
            self._fault(path, "it was given on another receipt")
        lake = self.home / _LAKE
        named = [f"{_LAKE}/{places.found(lake, relative)}" for relative in hashes]
        self.found.lake += named
        if examination_no in lost:
            return
        sizes = {seen.path: seen.size for seen in of(self.home, named)}
        todo = reexamine(self.found.name.rpartition("/")[2])
        for place, (relative, recorded) in zip(named, hashes.items(), strict=True):
            digest = recorded or self.was.hashes.get(f"{_LAKE}/{relative}")
            if digest is not None:  # else from before, and not adopted: the load reports a missing one
                self._job(place, digest, sizes.get(place, 0), Damage(place, "", todo))

    def _without_record(self, *, strict: bool) -> None:
        """Revisions that no record names: from before there were any, else put there by somebody."""
        left = sorted(path for path in self.there if path.endswith(".parquet") and path not in self.found.known)
        self.found.known |= set(left)
        if strict:
            for path in left:
                self._fault(path, "no record names it, so it is none of Esep's", REMOVE)
        else:
            self.found.is_unproved |= bool(left)

    def _beside(self, path: str, digest: str) -> None:
        if path not in self.there and f"{path}{PENDING}" in self.there:
            path += PENDING  # a kill between the record and the file's own name; the next publication gives it
        size = self.there[path].size if path in self.there else 0
        self._job(path, digest, size, Damage(to_text(path), "", RESTORE))

    def _job(self, path: str, digest: str, size: int, damage: Damage) -> None:
        self.found.jobs.append(Job(self.found.name, self.home / path, digest, size, damage))

    def _fault(self, path: str, what: str, todo: str = RESTORE) -> None:
        self.found.file_damages.append(Damage(path, what, todo))


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
