"""Reference files: taken over whole or refused whole; accepted versions are kept with the time of acceptance.

People put files into `reference/` (`reference_folder`). An accepted version is copied to `reference/accepted/<name>/`
as `<accepted_at>-<serial>-<sha8>.csv` with a JSON beside it, written last: a version without its JSON does not count.
Where it was made by adding a part to the version before it, the part's bytes stand beside it as `.part`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from esep import files
from esep.config import Settings
from esep.records import append as records
from esep.records import seal
from esep.warehouse import reference_folder, work
from esep.warehouse.errors import WarehouseError
from esep.warehouse.reference_folder import Drop
from esep.warehouse.reference_proposal import WHOLE, propose
from esep.warehouse.reference_rules import Problem, examine
from esep.warehouse.reference_spec import SPECS, Fault, Row

NAMES = tuple(SPECS)


@dataclass(frozen=True, slots=True)
class Version:
    """An accepted version of a reference file."""

    name: str
    path: Path
    sha256: str
    accepted_at: datetime
    row_count: int


@dataclass(frozen=True, slots=True)
class ReferenceReport:
    """What became of one reference file: `accepted`, `unchanged`, `refused`, `missing` (nobody put one there), or
    `unsettled` (an answer that was written to a moment ago: the next run looks at it)."""

    name: str
    """As the file is called, without `.csv`."""
    state: str
    problems: tuple[Problem, ...] = ()
    """Why it is refused; empty otherwise."""
    warnings: tuple[Problem, ...] = ()
    set_aside: Path | None = None
    """Where another file went that lay in its place and was never accepted."""

    @property
    def file(self) -> str:
        """The file's name in reference/."""
        return self.name if reference_folder.is_table(self.name) else f"{self.name}.csv"


def accept(settings: Settings, now: datetime) -> list[ReferenceReport]:
    """Take over what is new in the reference files; a file with any fault changes nothing. `now` must be aware.

    One report for each of NAMES in order, then those of answers (`price.add.csv`, …) and of files with no such name.
    """
    with work.locked(settings):
        reference_folder.forget_gone(settings)
        answered = [report for name in NAMES for report in _accept_answers(settings, name, now)]
        whole = [accept_drop(settings, reference_folder.drop(settings, name), now) for name in NAMES]
        return [*whole, *answered, *_strangers(settings)]


def _accept_answers(settings: Settings, name: str, now: datetime) -> Iterator[ReferenceReport]:
    """Before the whole file, so that an acceptance that was killed is finished before that is judged."""
    for one in reference_folder.answers(settings, name):
        if reference_folder.is_settled(one, now, settings.inbox_settle_seconds):
            yield accept_drop(settings, one, now)
        else:
            yield ReferenceReport(one.label, "unsettled")


def _strangers(settings: Settings) -> Iterator[ReferenceReport]:
    for one in reference_folder.strangers(settings):
        names = ", ".join(f"{name}.csv" for name in NAMES)
        problem = Problem(0, Fault.UNKNOWN_NAME, found=one.path.name, expected=names)
        reference_folder.tell(settings, one, "", (problem,))
        yield ReferenceReport(one.label, "refused", (problem,))


def in_force(settings: Settings, name: str) -> Version | None:
    """The latest accepted version, or None if none was ever accepted."""
    records = _records(settings, name)
    return _version(name, records[-1]) if records else None


def versions(settings: Settings, name: str) -> list[Version]:
    """All accepted versions in the order of acceptance, the one in force last."""
    return [_version(name, record) for record in _records(settings, name)]


def _records(settings: Settings, name: str) -> list[Path]:
    return sorted(_folder(settings, name).glob("*.json"))


def _version(name: str, path: Path) -> Version:
    try:
        record = seal.read(path)
        accepted_at = datetime.fromisoformat(record["accepted_at"])
        return Version(name, path.with_suffix(".csv"), record["sha256"], accepted_at, int(record["rows"]))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise WarehouseError(_damaged(path, f"it cannot be read ({error!r})")) from error


def version_count(settings: Settings, name: str) -> int:
    """How many versions were accepted in all."""
    return len(_records(settings, name))


def rows_in_force(settings: Settings, name: str) -> list[Row]:
    """Typed rows of the version in force; none if there is no version."""
    version = in_force(settings, name)
    return rows_of(version) if version else []


def content_of(version: Version) -> bytes:
    """The bytes that were accepted; raises WarehouseError if they are missing or damaged."""
    try:
        content = version.path.read_bytes()
    except OSError as error:
        raise WarehouseError(_damaged(version.path, f"it cannot be read ({error.strerror})")) from error
    if sha256(content).hexdigest() != version.sha256:
        raise WarehouseError(_damaged(version.path, "its bytes are not those that were accepted"))
    return content


def rows_of(version: Version) -> list[Row]:
    """Typed rows of an accepted version; raises WarehouseError if it is damaged or refused by the rules of today."""
    rows, problems = examine(version.name, content_of(version))
    faults = [problem for problem in problems if not problem.is_warning]
    if faults:
        raise WarehouseError(
            f"{version.path}: this version was accepted, but would be refused now ({faults[0]}). Put a corrected "
            f"{version.name}.csv into the folder reference/ and run again."
        )
    return rows


def _damaged(path: Path, what: str) -> str:
    return (
        f"{path}: {what}. Accepted versions are never edited or removed, because older figures rest on them: restore "
        "the file from a backup."
    )


def accept_drop(settings: Settings, one: Drop, now: datetime) -> ReferenceReport:
    """Judge one file of the folder and take it over or tell why not. To be called under the writer's lock.

    Raises WarehouseError if the version in force cannot be read and is needed.
    """
    name = str(one.name)
    try:
        content = one.path.read_bytes()
    except FileNotFoundError:
        reference_folder.forget(settings, one)
        return ReferenceReport(one.label, "missing")
    except OSError as error:
        problem = Problem(1, Fault.UNREADABLE, found=error.strerror or error)
        reference_folder.tell(settings, one, "", (problem,))
        return ReferenceReport(one.label, "refused", (problem,))
    digest = sha256(content).hexdigest()
    before = in_force(settings, name)
    if before and before.sha256 == digest:
        return _finished(settings, one, content, ReferenceReport(one.label, "unchanged"))
    proposal = propose(name, content, one.mode, content_of(before) if before else None)
    if proposal.problems:
        reference_folder.tell(settings, one, digest, proposal.problems)
        return ReferenceReport(one.label, "refused", proposal.problems, proposal.warnings)
    whole_digest = sha256(proposal.content).hexdigest()
    aside = None
    if one.mode != WHOLE:
        if before and one.mode.adds and all(line == 0 for line, _ in proposal.rows):
            return _finished(settings, one, content, ReferenceReport(one.label, "unchanged"))
        aside = _place_whole(settings, one, proposal.content, whole_digest, digest)
    part = content if one.mode.adds and proposal.content != content else None
    _keep(settings, one, proposal.content, whole_digest, part, len(proposal.rows), proposal.warnings, now, before)
    return _finished(
        settings, one, content, ReferenceReport(one.label, "accepted", warnings=proposal.warnings, set_aside=aside)
    )


def _place_whole(settings: Settings, one: Drop, content: bytes, digest: str, part_digest: str) -> Path | None:
    """The new version as the whole file of its name, before it is recorded: killed in between, nothing is lost.

    A whole file that waits there for an answer of its own is left to be judged against the new version.
    """
    name = str(one.name)
    whole = reference_folder.drop(settings, name)
    known = replaceable(settings, name) | {part_digest}
    if one.mode.adds and whole.path.exists() and files.sha256_of(whole.path) not in known:
        return None
    aside = reference_folder.place(whole, content, known, digest)
    reference_folder.forget(settings, whole)
    return aside


def _finished(settings: Settings, one: Drop, content: bytes, report: ReferenceReport) -> ReferenceReport:
    """Take away the report, and an answer that is accepted; one written to meanwhile waits for the next run."""
    with suppress(FileNotFoundError):
        if one.mode != WHOLE and one.path.read_bytes() == content:
            one.path.unlink()
    reference_folder.forget(settings, one)
    return report


def replaceable(settings: Settings, name: str) -> frozenset[str]:
    """Hashes of the bytes that are kept as accepted versions, so that a file with them may be written over."""
    return frozenset(version.sha256 for version in versions(settings, name))


def _keep(
    settings: Settings,
    one: Drop,
    content: bytes,
    digest: str,
    part: bytes | None,
    row_count: int,
    warnings: tuple[Problem, ...],
    now: datetime,
    before: Version | None,
) -> None:
    """Write the version; a clock set back must not put it before the one it replaces."""
    name = str(one.name)
    accepted_at = max(now, before.accepted_at) if before else now
    moment = accepted_at.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    serial = len(list(_folder(settings, name).glob(f"{moment}-*.json")))
    path = _folder(settings, name) / f"{moment}-{serial}-{digest[:8]}.csv"
    for suffix, content_of_it in ((".csv", content), (".part", part)):
        if content_of_it is not None:
            with files.replacing(path.with_suffix(suffix)) as temporary:
                temporary.write_bytes(content_of_it)
    records.add(
        path.with_suffix(".json"),
        {
            "name": name,
            "sha256": digest,
            "accepted_at": accepted_at.isoformat(),
            "rows": row_count,
            "mode": one.mode.label,
            "part_sha256": sha256(part).hexdigest() if part is not None else None,
            "warnings": [warning.as_dict() for warning in warnings],
        },
    )


def _folder(settings: Settings, name: str) -> Path:
    return settings.reference / "accepted" / name
