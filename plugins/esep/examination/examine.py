"""One package examined: read, identified, typed, held against the rules stage by stage, judged by the lanes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from esep import clock
from esep.config import Settings
from esep.examination import amounts, engine, file_frame, frames, questions, same_form, suites, totals_of_parts
from esep.examination.findings import findings_of
from esep.examination.frame_columns import FIELDS
from esep.examination.identify import Sources, field, footer, identify, main_application, storable
from esep.examination.model import Contacts, Examination, Finding, Identity, Lane, RowPlace, Verdict
from esep.examination.normalise import Normalised, normalise
from esep.examination.register import Pool, as_pools, entries_of, pools_of
from esep.examination.suites import Suites, code_version
from esep.forms import annex2
from esep.forms.document import FormRead, PackageRead
from esep.forms.reading import read_package
from esep.law import form_versions
from esep.office import storage
from esep.office.questions import NOT_READABLE, REFUSE, TAKE, TRANSCRIBE, Answer
from esep.office.stamp import OFFICE
from esep.office.storage import LONGEST_KEPT, Contents, scan

MOST_LISTED = 100_000
"""Findings of a package listed one by one; after them each sheet's faults are counted, so that memory suffices."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of a registered filing beside its bytes."""

    has_version_before: Callable[[Identity], bool] = lambda _: False
    """Whether a version of that pool and month that came earlier was accepted: then the filing is a correction."""
    answer: Answer | None = None
    """The officer's answer to the question that the filing waited for."""
    transcription: Path | None = None
    """Folder of what the officer transcribed."""


UNREGISTERED = Circumstances()


def examine(
    folder: Path,
    settings: Settings,
    pools: Iterable[Pool | Mapping[str, Any]],
    now: datetime,
    arrived_at: datetime | None = None,
    circumstances: Circumstances = UNREGISTERED,
) -> Examination:
    """Examine the package in `folder` (bytes as received). No registration is needed, nothing is written.

    `arrived_at`, by which signatures are judged, is the moment of the receipt; for a package that is not registered it
    is `now`. `pools` are rows of reference/pool.csv; without any, no rule compares with the register. Raises SuiteError
    for a suite that cannot be used and EngineError for a rule that cannot be evaluated; a fault of the filing never
    raises.
    """
    rules = suites.load(settings)
    with tempfile.TemporaryDirectory(prefix="esep-") as work:
        package = read_package(folder, Path(work, "package"), settings)
        if circumstances.transcription:
            office = read_package(circumstances.transcription, Path(work, "transcription"), settings)
            package = questions.transcribed(package, office, circumstances.transcription.name)
        return examine_read(package, rules, settings, as_pools(pools), now, arrived_at, circumstances)


def check_path(path: Path, settings: Settings, now: datetime) -> Examination:
    """Examine a package (a folder, a .zip or a lone file) for a filer, before it is registered; leaves nothing behind.

    Raises FileNotFoundError if there is no such path, and OSError if it cannot be read or holds no file.
    """
    with packaged(path) as package:
        return examine(package, settings, pools_of(settings), now)


@contextmanager
def packaged(path: Path) -> Iterator[Path]:
    """A folder with the package at the path as it would be registered, gone at the end; raises what check_path does."""
    if not path.exists():
        raise FileNotFoundError(f"there is no such file or folder: {path}. Give the path of a package.")
    if not path.is_dir() and not path.is_file():
        raise OSError(f"neither a file nor a folder: {path}")
    contents = scan(path, LONGEST_KEPT) if path.is_dir() else None
    if contents and not any(file.path not in OFFICE for file in contents.files):
        raise OSError(f"the folder holds no file: {path}. Put the application, form 1-ЦМ and the signature into it.")
    folder = Path(tempfile.mkdtemp(prefix="esep-check-"))
    try:
        package = folder / "package"
        package.mkdir()
        if contents:
            _copy(contents, path, package)
        else:
            shutil.copyfile(path, package / path.name)
        yield package
    finally:
        storage.remove(folder)


def examine_read(
    package: PackageRead,
    rules: Suites,
    settings: Settings,
    pools: tuple[Pool, ...],
    now: datetime,
    arrived_at: datetime | None = None,
    circumstances: Circumstances = UNREGISTERED,
) -> Examination:
    """Examine what was read of a package. Each stage sees what the one before let through:

    all files; the package of those that could be read; its application and 1-ЦМ sheets; the rows of these sheets.
    """
    package = totals_of_parts.left_out(_with_storable_names(package))
    application = main_application(package)
    reports = file_frame.verify_signatures(package, settings, arrived_at or now, now)
    read = Sources(package, application, pools, reports)
    identity, normalised = _typed(read)
    sources = replace(read, package=same_form.counted_once(package, normalised.distribution))
    if len(sources.forms) != len(read.forms):
        identity, normalised = _typed(sources)
    sources = replace(sources, reports=file_frame.seen_from(reports, identity.pool_id))
    findings = _findings(sources, identity, normalised, rules, settings.findings_cap)
    question = questions.open_question(
        sources.package, findings, rules, lambda: circumstances.has_version_before(identity)
    )
    answer = circumstances.answer
    distribution = normalised.distribution
    return Examination(
        identity=identity,
        verdict=_verdict(findings, question, answer),
        findings=tuple(findings),
        distribution=distribution,
        row_count=distribution.num_rows,
        excluded_count=amounts.not_counted(distribution.column("quantity")),
        sheets_stated=frames.sheets_stated(application),
        form_version=form_versions.in_force(identity.period or clock.local_date(now)),
        ruleset=rules.ruleset,
        code_version=code_version(),
        examined_at=now,
        signatures=file_frame.records(sources.reports),
        total_rows=tuple(RowPlace(form.file, form.sheet, row) for form in sources.forms for row in form.total_rows),
        contacts=tuple(_contacts(form) for form in sources.forms if any(text.text for text in form.footer.values())),
        question=NOT_READABLE if answer and answer.answer == TRANSCRIBE else question,
        answer=answer,
    )


def _contacts(form: FormRead) -> Contacts:
    lines = {name: footer(form, name) for name in (*FIELDS["form"], annex2.EXECUTOR_PHONE.key) if name != "period"}
    return Contacts(form.file, form.sheet, **lines)


def _verdict(findings: Iterable[Finding], question: str | None, answer: Answer | None) -> Verdict | None:
    """By the rules, but for what an officer answered: a question without an answer leaves none."""
    if question and answer and answer.answer in (TAKE, REFUSE):
        return Verdict.ACCEPTED if answer.answer == TAKE else Verdict.REFUSED
    if question:
        return None
    refused = any(finding.lane is Lane.COMPLETENESS for finding in findings)
    return Verdict.REFUSED if refused else Verdict.ACCEPTED


def _typed(sources: Sources) -> tuple[Identity, Normalised]:
    identity = identify(sources)
    return identity, normalise(sources.forms, identity, _pool_names(sources, identity))


def _with_storable_names(package: PackageRead) -> PackageRead:
    """Names of sheets without what no UTF-8 file can hold."""
    named = []
    for file in package.files:
        forms = tuple(replace(form, sheet=storable(form.sheet)) for form in file.forms)
        applications = tuple(
            replace(one, sheet=None if one.sheet is None else storable(one.sheet)) for one in file.applications
        )
        hidden, repeated = (tuple(map(storable, names)) for names in (file.hidden_sheets, file.repeated_sheets))
        named.append(
            replace(file, forms=forms, applications=applications, hidden_sheets=hidden, repeated_sheets=repeated)
        )
    return replace(package, files=tuple(named))


def _findings(sources: Sources, identity: Identity, normalised: Normalised, rules: Suites, cap: int) -> list[Finding]:
    frame_of_stage = {
        "files": file_frame.files_frame,
        "package": frames.package_frame,
        "application": frames.application_frame,
        "form": frames.form_frame,
    }
    found: list[Finding] = []
    for stage, frame_of in frame_of_stage.items():
        table = frame_of(sources, identity)
        for failure in engine.failures(rules.by_stage[stage], table, cap):
            found += findings_of(failure, table)
    by_part = engine.failures_by_part(rules.by_stage["rows"], normalised.frames, cap)
    for form, frame, failures in zip(sources.forms, normalised.frames, by_part, strict=True):
        for failure in failures:
            listed = failure.listing(MOST_LISTED - len(found))
            found += findings_of(listed, frame, file=form.file, sheet=form.sheet)
    return found


def _pool_names(sources: Sources, identity: Identity) -> tuple[str, ...]:
    """Every name under which the pool may be in a cell beside a miner's."""
    names = [field(sources.application, "pool_name"), *(footer(form, "pool_name") for form in sources.forms)]
    names += [pool.pool_name for pool in entries_of(sources.pools, identity.pool_id)]
    return tuple(dict.fromkeys(name for name in names if name))


def _copy(contents: Contents, source: Path, target: Path) -> None:
    """Folders, files and links as they are, but for the office's own; devices and the like are left out."""
    for relative in contents.folders:
        (target / relative).mkdir()
    for file in contents.files:
        if file.path not in OFFICE:
            shutil.copyfile(source / file.path, target / file.path)
    for relative, _ in contents.others:
        if (source / relative).is_symlink():
            (target / relative).symlink_to((source / relative).readlink())
