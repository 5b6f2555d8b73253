"""Reference files: taken over whole or refused whole; accepted versions are kept with the time of acceptance.

`reference/<name>.csv` is what people put there. An accepted version is copied to `reference/accepted/<name>/` as
`<accepted_at>-<sha8>.csv` with a JSON beside it, written last: a version without its JSON does not count. What a
refused file must mend stands in `reference/<name>.errors.json` and, for people, `reference/<name>.errors.txt`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from esep import files
from esep.config import Settings
from esep.warehouse import work
from esep.warehouse.errors import WarehouseError
from esep.warehouse.reference_rules import SPECS, Problem, Row, examine
from esep.warehouse.reference_texts import ENGLISH, KAZAKH, RUSSIAN, Fault

NAMES = tuple(SPECS)
_HEADS: tuple[tuple[Mapping[Fault, str], str, str], ...] = (
    (KAZAKH, "{name}.csv тұтасымен қабылданбады; соңғы қабылданған нұсқасы күшінде қалады.", "{line}-жол: {text}"),
    (RUSSIAN, "{name}.csv отклонён целиком; действует последняя принятая версия.", "Строка {line}: {text}"),
    (ENGLISH, "{name}.csv is refused as a whole; its last accepted version stays in force.", "Line {line}: {text}"),
)


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
    """What became of one reference file: `accepted`, `unchanged`, `refused` or `missing` (nobody put one there)."""

    name: str
    state: str
    problems: tuple[Problem, ...] = ()
    """Why it is refused; empty otherwise."""
    warnings: tuple[Problem, ...] = ()


def accept(settings: Settings, now: datetime) -> list[ReferenceReport]:
    """Take over what is new in the reference files; a file with any fault changes nothing. `now` must be aware."""
    with work.locked(settings):
        return [_accept(settings, name, now) for name in NAMES]


def accept_one(settings: Settings, name: str, now: datetime) -> ReferenceReport:
    """The same for one file."""
    with work.locked(settings):
        return _accept(settings, name, now)


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
        record = files.read_json(path)
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
        f"{path}: {what}. Accepted versions are never edited: restore this file from a backup, or remove it together "
        "with its .csv or .json; what lies in reference/ is then accepted anew by the next run."
    )


def _accept(settings: Settings, name: str, now: datetime) -> ReferenceReport:
    path = settings.reference / f"{name}.csv"
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        _forget_errors(settings, name)
        return ReferenceReport(name, "missing")
    except OSError as error:
        problem = Problem(1, Fault.UNREADABLE, found=error.strerror or error)
        _tell_errors(settings, name, "", (problem,))
        return ReferenceReport(name, "refused", (problem,))
    digest = sha256(content).hexdigest()
    before = in_force(settings, name)
    if before and before.sha256 == digest:
        _forget_errors(settings, name)
        return ReferenceReport(name, "unchanged")
    rows, found = examine(name, content)
    problems = tuple(problem for problem in found if not problem.is_warning)
    warnings = tuple(problem for problem in found if problem.is_warning)
    if problems:
        _tell_errors(settings, name, digest, problems)
        return ReferenceReport(name, "refused", problems, warnings)
    _keep(settings, name, content, digest, len(rows), warnings, now, before)
    _forget_errors(settings, name)
    return ReferenceReport(name, "accepted", warnings=warnings)


def _keep(
    settings: Settings,
    name: str,
    content: bytes,
    digest: str,
    row_count: int,
    warnings: tuple[Problem, ...],
    now: datetime,
    before: Version | None,
) -> None:
    """Write the version; a clock set back must not put it before the one it replaces."""
    accepted_at = max(now, before.accepted_at) if before else now
    moment = accepted_at.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    serial = len(list(_folder(settings, name).glob(f"{moment}-*.json")))
    path = _folder(settings, name) / f"{moment}-{serial}-{digest[:8]}.csv"
    with files.replacing(path) as temporary:
        temporary.write_bytes(content)
    files.write_json(
        path.with_suffix(".json"),
        {
            "name": name,
            "sha256": digest,
            "accepted_at": accepted_at.isoformat(),
            "rows": row_count,
            "warnings": [warning.as_dict() for warning in warnings],
        },
    )


def _tell_errors(settings: Settings, name: str, digest: str, problems: tuple[Problem, ...]) -> None:
    report = _errors(settings, name, "json")
    if digest and report.exists() and files.read_json(report).get("sha256") == digest:
        return
    blocks = []
    for texts, head, line in _HEADS:
        lines = [line.format(line=problem.line, text=problem.text(texts)) for problem in problems]
        blocks.append("\n".join([head.format(name=name), *lines]))
    with files.replacing(_errors(settings, name, "txt")) as temporary:
        temporary.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    files.write_json(
        report,
        {"name": name, "sha256": digest, "errors": [problem.as_dict() for problem in problems]},
    )


def _forget_errors(settings: Settings, name: str) -> None:
    for kind in ("json", "txt"):
        _errors(settings, name, kind).unlink(missing_ok=True)


def _errors(settings: Settings, name: str, kind: str) -> Path:
    return settings.reference / f"{name}.errors.{kind}"


def _folder(settings: Settings, name: str) -> Path:
    return settings.reference / "accepted" / name
