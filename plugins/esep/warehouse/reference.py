"""Reference files: taken over whole or refused whole; accepted versions are kept with the time of acceptance.

People put files into `reference/` (`reference_folder`). An accepted version is copied to `reference/accepted/<name>/`
as `<accepted_at>-<serial>-<sha8>.csv` with a JSON beside it, written last: a version without its JSON does not count.
Where it was made by adding a part to the version before it, the part's bytes are beside it as `.part`; where its rows
were read out of other files, those are beside it as `.origin.zip` (`reference_origin`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from esep import files
from esep.config import Settings
from esep.records import append as records
from esep.warehouse import reference_folder, reference_origin, sale_register, work
from esep.warehouse.reference_folder import Drop
from esep.warehouse.reference_handed import Handed
from esep.warehouse.reference_origin import Origin
from esep.warehouse.reference_proposal import Coverage, Mode, Proposal, coverage_of, propose
from esep.warehouse.reference_rules import Problem, examine_lines
from esep.warehouse.reference_spec import NAMES, SPECS, Fault
from esep.warehouse.reference_versions import (
    Version,
    content_of,
    folder_of,
    in_force,
    replaceable,
    rows_in_force,
    version_count,
)


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
    """Where another file went that was in its place and was never accepted."""

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
        yield _refused(settings, one, "", Problem(0, Fault.UNKNOWN_NAME, found=one.path.name, expected=names))


def accept_drop(settings: Settings, one: Drop, now: datetime) -> ReferenceReport:
    """Judge one file of the folder and take it over or report why not. To be called under the writer's lock.

    Raises WarehouseError if the version in force cannot be read and is needed.
    """
    name = str(one.name)
    try:
        content = one.path.read_bytes()
    except FileNotFoundError:
        reference_folder.forget(settings, one)
        return ReferenceReport(one.label, "missing")
    except OSError as error:
        return _refused(settings, one, "", Problem(1, Fault.UNREADABLE, found=error.strerror or error))
    digest = sha256(content).hexdigest()
    before = in_force(settings, name)
    if before and before.sha256 == digest:
        return _finished(settings, one, content, ReferenceReport(one.label, "unchanged"))
    count = version_count(settings, name)
    proposal = _propose(settings, name, content, one.mode, before, now)
    if proposal.problems:
        return _refused(settings, one, digest, *proposal.problems, warnings=proposal.warnings)
    if proposal.adds_nothing:
        return _finished(settings, one, content, ReferenceReport(one.label, "unchanged"))
    aside = None if one.mode is Mode.WHOLE else _place_whole(settings, one, proposal.content, digest)
    if not _keep(settings, proposal, content, now, reference_folder.origin_of(one, content), count):
        if one.mode is not Mode.WHOLE:
            _withdraw(settings, name, sha256(proposal.content).hexdigest())
        return accept_drop(settings, one, now)  # another machine was quicker: against what it accepted
    return _finished(
        settings, one, content, ReferenceReport(one.label, "accepted", warnings=proposal.warnings, set_aside=aside)
    )


def _withdraw(settings: Settings, name: str, digest: str) -> None:
    """Put the version in force in place of the whole file with this hash, which was to become one."""
    whole, version = reference_folder.drop(settings, name), in_force(settings, name)
    if version and whole.path.is_file() and files.sha256_of(whole.path) == digest:
        reference_folder.place(whole, content_of(version), frozenset({digest}))


def _refused(
    settings: Settings, one: Drop, digest: str, *problems: Problem, warnings: tuple[Problem, ...] = ()
) -> ReferenceReport:
    reference_folder.report(settings, one, digest, problems)
    return ReferenceReport(one.label, "refused", problems, warnings)


def _propose(
    settings: Settings,
    name: str,
    content: bytes,
    mode: Mode,
    before: Version | None,
    now: datetime | None,
    *,
    asks: bool = False,
) -> Proposal:
    old = (content_of(before), before.accepted_at) if before else ()
    proposal = propose(name, content, mode, *old, asks=asks)
    if name != sale_register.SALE:
        return proposal
    return sale_register.judged(settings, proposal, content, rows_in_force(settings, "exchange"), now)


def _place_whole(settings: Settings, one: Drop, content: bytes, part_digest: str) -> Path | None:
    """The new version as the whole file of its name, before it is recorded: killed in between, nothing is lost.

    A whole file that is there and waits for an answer of its own is left to be judged against the new version.
    """
    name = str(one.name)
    whole = reference_folder.drop(settings, name)
    known = replaceable(settings, name) | {part_digest}
    if one.mode.adds and whole.path.exists() and files.sha256_of(whole.path) not in known:
        return None
    aside = reference_folder.place(whole, content, known)
    reference_folder.forget(settings, whole)
    return aside


def _finished(settings: Settings, one: Drop, content: bytes, report: ReferenceReport) -> ReferenceReport:
    """Take away the report, and an answer that is accepted; one written to meanwhile waits for the next run."""
    with suppress(FileNotFoundError):
        if one.mode is not Mode.WHOLE and one.path.read_bytes() == content:
            one.path.unlink()
    reference_folder.origin_path(one).unlink(missing_ok=True)
    reference_folder.forget(settings, one)
    return report


def _keep(
    settings: Settings, proposal: Proposal, file: bytes, now: datetime, origin: Origin | None, count: int
) -> bool:
    """Write the version; a clock set back must not put it before the one it replaces. `file` are the bytes judged.

    False where there are not `count` versions any more, for it was judged against the last one of these.
    """
    accepted_at = max(now, proposal.since) if proposal.since else now
    moment = accepted_at.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    folder = folder_of(settings, proposal.name)
    digest = sha256(proposal.content).hexdigest()
    path = folder / f"{moment}-{len(list(folder.glob(f'{moment}-*.json')))}-{digest[:8]}.csv"
    part = file if proposal.mode.adds and proposal.content != file else None
    packed = origin.packed(file) if origin and origin.files else None
    for suffix, content in ((".csv", proposal.content), (".part", part), (reference_origin.ENDING, packed)):
        if content is not None:
            with files.replacing(path.with_suffix(suffix)) as temporary:
                temporary.write_bytes(content)
    record = {
        "name": proposal.name,
        "sha256": digest,
        "accepted_at": accepted_at.isoformat(),
        "rows": proposal.row_count,
        "mode": proposal.mode,
        "part_sha256": sha256(part).hexdigest() if part is not None else None,
        "origin_sha256": sha256(packed).hexdigest() if packed is not None else None,
        **(origin.as_dict() if origin else {}),
        "warnings": [warning.as_dict() for warning in proposal.warnings],
    }

    def still() -> bool:
        return version_count(settings, proposal.name) == count

    with records.adding(settings.home) as adder:
        added = still() and adder.add(path.with_suffix(".json"), record, still=still)
    if not added:
        for suffix in (".csv", ".part", reference_origin.ENDING):
            path.with_suffix(suffix).unlink(missing_ok=True)
    return added


def check(
    settings: Settings, name: str, content: bytes, mode: Mode = Mode.WHOLE, now: datetime | None = None
) -> Proposal:
    """What a file would make of the version in force; changes nothing. Without `now` no day in it is to come.

    Raises WarehouseError if the version in force cannot be read.
    """
    return _propose(settings, name, content, mode, in_force(settings, name), now, asks=True)


def check_handed(settings: Settings, handed: Handed, now: datetime | None = None) -> Proposal:
    """The same of what was handed in, with the places of its own files. What cannot be read proposes nothing."""
    faults = tuple(problem for problem in handed.origin.found if not problem.is_warning)
    if not faults:
        return handed.origin.placed(check(settings, handed.name, handed.content, handed.mode, now))
    before = in_force(settings, handed.name)
    held = (content_of(before), before.accepted_at) if before else (None, None)
    warnings = tuple(problem for problem in handed.origin.found if problem.is_warning)
    return Proposal(handed.name, handed.mode, handed.content, 0, (), (), faults, warnings, *held)


def add(
    settings: Settings, name: str, content: bytes, now: datetime, mode: Mode = Mode.WHOLE
) -> tuple[Proposal, ReferenceReport | None]:
    """`add_handed` for the bytes of a reference file itself."""
    return add_handed(settings, Handed(name, content, mode, Origin()), now)


def add_handed(settings: Settings, handed: Handed, now: datetime) -> tuple[Proposal, ReferenceReport | None]:
    """Check what was handed in and, if it has no fault and no open question, put it into reference/ and accept it.

    Else nothing is written. A kill in between leaves the file there, and the next run accepts it as it was meant.
    Raises WarehouseError if the version in force cannot be read.
    """
    name, content = handed.name, handed.content
    with work.locked(settings):
        checked = check_handed(settings, handed, now)
        if checked.problems:
            return checked, None
        target = reference_folder.drop(settings, name, handed.mode)
        if handed.origin.is_known:
            reference_folder.place_origin(target, content, handed.origin)
        aside = reference_folder.place(target, content, replaceable(settings, name))
        report = accept_drop(settings, target, now)
        reference_folder.answered(settings, name, content)
        return checked, replace(report, set_aside=report.set_aside or aside)


def leave(settings: Settings, handed: Handed, now: datetime) -> Path | None:
    """Put what was handed in into reference/, to wait there for a person's answer; None if it was accepted meanwhile.

    What is there and was never accepted is set aside.
    """
    with work.locked(settings):
        target = reference_folder.drop(settings, handed.name, handed.mode)
        reference_folder.place_origin(target, handed.content, handed.origin)
        reference_folder.place(target, handed.content, replaceable(settings, handed.name))
        report = accept_drop(settings, target, now)
        return target.path if report.state == "refused" else None


@dataclass(frozen=True, slots=True)
class Held:
    """A reference file as it is: the version in force, its rows, and what is in the folder reference/."""

    name: str
    version: Version | None
    versions: int
    row_count: int
    coverage: tuple[Coverage, ...]
    waiting: str
    """The file in reference/: `same` as in force, `new` (the next run looks at it), `refused` or `missing`."""


def held(settings: Settings) -> list[Held]:
    """All reference files as they are; raises WarehouseError if a version in force cannot be read."""
    return [_held(settings, name) for name in NAMES]


def _held(settings: Settings, name: str) -> Held:
    version = in_force(settings, name)
    rows = examine_lines(name, content_of(version))[0] if version else []
    coverage = tuple(coverage_of(SPECS[name], rows, []))
    waiting = _waiting(settings.reference / f"{name}.csv", version)
    return Held(name, version, version_count(settings, name), len(rows), coverage, waiting)


def _waiting(path: Path, version: Version | None) -> str:
    try:
        digest = files.sha256_of(path)
        if version and version.sha256 == digest:
            return "same"
        errors = path.with_suffix(".errors.json")
        return "refused" if errors.exists() and files.read_json(errors).get("sha256") == digest else "new"
    except FileNotFoundError:
        return "missing"
    except (OSError, ValueError):
        return "refused"
