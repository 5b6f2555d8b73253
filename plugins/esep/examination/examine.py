"""One package examined: read, identified, typed, held against the rules stage by stage, judged by the lanes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from esep import clock
from esep.config import Settings
from esep.examination import amounts, engine, frames, parts, same_form, signatures, suites
from esep.examination.findings import findings_of
from esep.examination.identify import Parties, field, footer, identify, main_application, storable
from esep.examination.model import Examination, Finding, Identity, Lane, RowPlace, Verdict
from esep.examination.normalise import Normalised, normalise
from esep.examination.register import Pool, as_pools, entries_of
from esep.examination.signatures import Reports
from esep.examination.suites import Suites
from esep.examination.versions import code_version
from esep.forms.document import ApplicationRead, PackageRead
from esep.forms.reading import read_package
from esep.law import form_versions

MOST_LISTED = 100_000
"""Findings of a package listed one by one; after them each sheet's faults are counted, so that memory suffices."""


def examine(
    folder: Path,
    settings: Settings,
    pools: Iterable[Pool | Mapping[str, Any]],
    now: datetime,
    arrived_at: datetime | None = None,
) -> Examination:
    """Examine the package in `folder` (bytes as received). No registration is needed, nothing is written.

    `arrived_at`, by which signatures are judged, is the moment of the receipt; for a package that is not registered it
    is `now`. `pools` are rows of reference/pool.csv; without any, no rule compares with the register. Raises SuiteError
    for a suite that cannot be used and EngineError for a rule that cannot be evaluated; a fault of the filing never
    raises.
    """
    rules = suites.load(settings)
    with tempfile.TemporaryDirectory(prefix="esep-") as work:
        package = read_package(folder, Path(work), settings)
        return examine_read(package, rules, settings, as_pools(pools), now, arrived_at)


def examine_read(
    package: PackageRead,
    rules: Suites,
    settings: Settings,
    pools: tuple[Pool, ...],
    now: datetime,
    arrived_at: datetime | None = None,
) -> Examination:
    """Examine what was read of a package. Each stage sees what the one before let through:

    all files; the package of those that could be read; its application and 1-ЦМ sheets; the rows of these sheets.
    """
    package = _with_storable_names(package)
    application = main_application(package)
    reports = signatures.verify_signatures(package, settings, arrived_at or now, now)
    parties, identity, normalised = _typed(package, application, pools, reports)
    once = same_form.counted_once(package, normalised.distribution)
    if len(once.forms) != len(package.forms):
        parties, identity, normalised = _typed(once, application, pools, reports)
    package = once
    reports = signatures.seen_from(reports, identity.pool_id)
    findings = _findings(package, parties, identity, reports, normalised, rules, settings.findings_cap)
    refused = any(finding.lane is Lane.COMPLETENESS for finding in findings)
    distribution = normalised.distribution
    return Examination(
        identity=identity,
        verdict=Verdict.REFUSED if refused else Verdict.ACCEPTED,
        findings=tuple(findings),
        distribution=distribution,
        row_count=distribution.num_rows,
        excluded_count=amounts.not_counted(distribution.column("quantity")),
        sheets_stated=frames.sheets_stated(application),
        form_version=form_versions.in_force(identity.period or clock.local_date(now)).form_version,
        ruleset=rules.ruleset,
        code_version=code_version(),
        examined_at=now,
        signatures=signatures.records(reports),
        total_rows=tuple(RowPlace(form.file, form.sheet, row) for form in package.forms for row in form.total_rows),
    )


def _typed(
    package: PackageRead, application: ApplicationRead | None, pools: tuple[Pool, ...], reports: Reports
) -> tuple[Parties, Identity, Normalised]:
    parties = Parties(application, package.forms, pools, tuple(reports.values()))
    identity = identify(parties)
    return parties, identity, normalise(package.forms, identity, _pool_names(parties, identity))


def _with_storable_names(package: PackageRead) -> PackageRead:
    """Names of sheets without what no UTF-8 file can hold."""
    named = []
    for file in package.files:
        forms = tuple(replace(form, sheet=storable(form.sheet)) for form in file.forms)
        applications = tuple(
            replace(one, sheet=None if one.sheet is None else storable(one.sheet)) for one in file.applications
        )
        hidden = tuple(map(storable, file.hidden_sheets))
        repeated = tuple(map(storable, file.repeated_sheets))
        named.append(
            replace(
                file,
                forms=forms,
                applications=applications,
                hidden_sheets=hidden,
                repeated_sheets=repeated,
            )
        )
    return replace(package, files=tuple(named))


def _findings(
    package: PackageRead,
    parties: Parties,
    identity: Identity,
    reports: Reports,
    normalised: Normalised,
    rules: Suites,
    cap: int,
) -> list[Finding]:
    stages: tuple[tuple[str, pa.Table], ...] = (
        ("files", frames.files_frame(package, reports, identity)),
        ("package", frames.package_frame(package, parties, reports, identity)),
        ("application", frames.application_frame(parties, identity)),
        ("form", frames.form_frame(parties, identity)),
    )
    found: list[Finding] = []
    for stage, table in stages:
        for failure in engine.failures(rules.by_stage[stage], table, cap):
            found += findings_of(failure, table)
    by_part = parts.failures_by_part(rules.by_stage["rows"], [part.frame for part in normalised.parts], cap)
    for part, failures in zip(normalised.parts, by_part, strict=True):
        for failure in failures:
            listed = failure.listing(MOST_LISTED - len(found))
            found += findings_of(listed, part.frame, file=part.form.file, sheet=part.form.sheet)
    return found


def _pool_names(parties: Parties, identity: Identity) -> tuple[str, ...]:
    """Every name under which the pool may stand in a cell beside a miner's."""
    names = [field(parties.application, "pool_name"), *(footer(form, "pool_name") for form in parties.forms)]
    names += [pool.pool_name for pool in entries_of(parties.pools, identity.pool_id)]
    return tuple(dict.fromkeys(name for name in names if name))
