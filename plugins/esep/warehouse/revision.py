"""What other code tells otherwise: found when it first publishes, kept as a truth of its own, and loaded.

The snapshot that readers have was made by other code if its fingerprint differs. Its parts in force are held against
those that the working file tells for the same knowledge: the same filings, examinations and versions of prices and
rates. The differences go into `lake/figure_revision/<number>-<before>-<after>.parquet`. Until the new snapshot has
taken the old one's place, the file's name ends with `.pending`: after a kill it counts only if the snapshot holds it.
A record beside each, `.json`, holds its SHA-256.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from esep.config import Settings
from esep.files import replacing, sha256_of
from esep.records import append as records
from esep.warehouse import duckdb_paths, work

FOLDER = "figure_revision"
"""Folder of the lake."""
PENDING = ".pending"
_DIFFERENCES = """
with reported_versions as (
    select name, sha256, accepted_at from told.reference_version where name in ('price', 'exchange_rate')
),

knowledge as (
    select
        reported_on,
        (select coalesce(min(moment), 'infinity'::timestamptz) from version_moment where moment > reported_on)
            as reported_until
    from (select coalesce(max(accepted_at), '-infinity'::timestamptz) as reported_on from reported_versions)
),

versions as (
    select reference_history.name, arg_max(reference_history.sha256, reference_history.version_no) as sha256
    from reference_history
    cross join knowledge
    where name in ('price', 'exchange_rate') and known_from <= reported_on
    group by reference_history.name
),

comparable as (
    select examination_span.registration_no, examination_span.filing_key, examination_span.examination_no
    from examination_span
    inner join told.examination as before
        on
            examination_span.filing_key = before.filing_key
            and examination_span.examination_no = before.examination_no
    cross join knowledge
    where
        before.is_latest
        and before.accepted_from is not null
        and examination_span.counts_to = 'infinity'::timestamptz
        and examination_span.figures_from < reported_until
        and not exists (
            (select name, sha256 from versions except select name, sha256 from reported_versions)
            union all
            (select name, sha256 from reported_versions except select name, sha256 from versions)
        )
),

parts as (
    select 1 as sign, income_part.*
    from income_part
    cross join knowledge
    where known_from <= reported_on and (known_to > reported_on or known_to = 'infinity'::timestamptz)
    union all by name
    select -1 as sign, before.*
    from told.income_part as before
    where before.known_to = 'infinity'::timestamptz
)

select
    $revision_no::integer as revision_no,
    made.built_at as moment,
    made_before.code_version as code_version_before,
    made.code_version as code_version_after,
    comparable.registration_no,
    parts.filing_key,
    parts.examination_no,
    parts.year,
    parts.period,
    parts.role,
    parts.taxpayer_id,
    parts.asset,
    parts.share,
    sum(sign * quantity)::decimal(38, 18) as quantity_difference,
    sum(sign * valued_quantity)::decimal(38, 18) as valued_difference,
    sum(sign * unvalued_quantity)::decimal(38, 18) as unvalued_difference,
    sum(sign * income_kzt)::decimal(38, 12) as income_kzt_difference
from parts
inner join comparable
    on parts.filing_key = comparable.filing_key and parts.examination_no = comparable.examination_no
cross join build as made
cross join told.build as made_before
group by all
having
    quantity_difference <> 0 or valued_difference <> 0 or unvalued_difference <> 0 or income_kzt_difference <> 0
order by all
"""


def load(settings: Settings, connection: duckdb.DuckDBPyConnection) -> None:
    """Load the revisions that the working file does not hold. To be called inside a transaction."""
    for path in _new(settings, connection):
        connection.execute(
            "insert into figure_revision by name select * from read_parquet(?)", [duckdb_paths.parquet([path])]
        )


def is_new(settings: Settings, connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether there are revisions that the working file does not hold."""
    _settle(settings, connection)
    return bool(_new(settings, connection))


def record(settings: Settings, connection: duckdb.DuckDBPyConnection) -> None:
    """Before a publication: write down and load what the published snapshot told otherwise, if other code made it.

    A snapshot whose relations are of another shape cannot be compared; nothing is recorded of it.
    """
    _settle(settings, connection)
    with _attached(connection, settings.snapshot) as told:
        after = work.fingerprint(settings.sql)
        if told is None or told.fingerprint == after:
            return
        numbers = [number for number, _ in _files(settings)]
        number = max([told.revisions, *numbers]) + 1
        name = f"{told.fingerprint[:8]}-{after[:8]}.parquet"
        if (_folder(settings) / f"{told.revisions + 1:06d}-{name}").exists():  # an old snapshot was put back
            return
        with work.transaction(connection):
            connection.execute(
                "delete from figure_revision where not list_contains(?::integer[], revision_no)", [numbers]
            )
            connection.execute(f"create temp table revised as {_DIFFERENCES}", {"revision_no": number})
            if connection.execute("select count(*) from revised").fetchall() != [(0,)]:
                with replacing(_folder(settings) / f"{number:06d}-{name}{PENDING}") as temporary:
                    connection.execute("copy revised to $path (format parquet)", {"path": str(temporary)})
                connection.execute("insert into figure_revision by name select * from revised")
            connection.execute("drop table revised")


def confirm(settings: Settings) -> None:
    """After the publication: what was recorded for it counts from now on."""
    for path in _folder(settings).glob(f"*{PENDING}"):
        final = path.with_name(path.name.removesuffix(PENDING))
        if not _record(final).exists():
            records.add(_record(final), {"file": final.name, "sha256": sha256_of(path)})
        path.replace(final)


def _record(revision: Path) -> Path:
    """The record of a revision, which holds its hash and proves it as one of a chain."""
    return revision.with_suffix(".json")


def _settle(settings: Settings, connection: duckdb.DuckDBPyConnection) -> None:
    """What a kill left pending counts if it was published or is on record, and is thrown away if it was not."""
    for path in _folder(settings).glob(f"*{PENDING}"):
        final = path.with_name(path.name.removesuffix(PENDING))
        if _record(final).exists():
            path.replace(final)
    pending = list(_folder(settings).glob(f"*{PENDING}"))
    if not pending:
        return
    with _attached(connection, settings.snapshot) as told:
        if told is not None and _number(pending[0]) <= told.revisions:
            confirm(settings)
    for path in pending:
        path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _Snapshot:
    fingerprint: str
    revisions: int
    """Number of the last revision that it holds."""


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, snapshot: Path) -> Iterator[_Snapshot | None]:
    """The published snapshot, attached as `told`; None if it cannot be read or has other relations."""
    try:
        duckdb_paths.attach(connection, snapshot, "told")
    except duckdb.Error:
        yield None
        return
    try:
        yield _describe(connection)
    finally:
        connection.execute("detach told")


def _describe(connection: duckdb.DuckDBPyConnection) -> _Snapshot | None:
    try:
        connection.execute("select known_to, examination_no from told.income_part limit 0").fetchall()
        ((fingerprint,),) = connection.execute("select fingerprint from told.build").fetchall()
        ((revisions,),) = connection.execute(
            "select coalesce(max(revision_no), 0) from told.figure_revision"
        ).fetchall()
    except duckdb.Error:
        return None
    return _Snapshot(fingerprint, revisions)


def _folder(settings: Settings) -> Path:
    return settings.lake / FOLDER


def _files(settings: Settings) -> list[tuple[int, Path]]:
    """Number and file of each revision that counts, in order."""
    return [(_number(path), path) for path in sorted(_folder(settings).glob("*.parquet"))]


def _number(path: Path) -> int:
    return int(path.name.partition("-")[0])


def _new(settings: Settings, connection: duckdb.DuckDBPyConnection) -> list[Path]:
    held = connection.execute("select distinct revision_no from figure_revision").fetchall()
    return [path for number, path in _files(settings) if (number,) not in held]
