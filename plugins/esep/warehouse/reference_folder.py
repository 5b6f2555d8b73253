"""The folder `reference/`: which files people put there, and the reports about those that were refused.

`price.csv` is a whole version. `price.add.csv` is a part that is added to the version in force, `price.replace.csv` a
whole version that may let days go, `price.add-replace.csv` a part whose values count against those in force; these
three are answers of a person and are taken away once they are accepted. Beside a file that a command puts there lies
its origin (`price.add.origin.zip`) until it is accepted. Any other table there is reported.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from esep import files
from esep.config import Settings
from esep.texts import LANGUAGES, text
from esep.warehouse import reference_origin
from esep.warehouse.reference_origin import Origin
from esep.warehouse.reference_proposal import Mode
from esep.warehouse.reference_rules import Problem
from esep.warehouse.reference_spec import SPECS, todo

_TABLES = frozenset({".csv", ".tsv", ".txt", ".xml", ".xls", ".xlsx", ".xlsm", ".ods", ".zip", ".json"})
_REPORTS = (".errors.json", ".errors.txt")
_UNFINISHED = (".part", files.TEMPORARY)
_OWN = (*_REPORTS, *_UNFINISHED, reference_origin.ENDING)
_SET_ASIDE = "set-aside"


@dataclass(frozen=True, slots=True)
class Drop:
    """A file that somebody may put into `reference/`."""

    path: Path
    name: str | None
    """The reference file that it is; None for one whose name is none of theirs."""
    mode: Mode = Mode.WHOLE

    @property
    def label(self) -> str:
        """The name of reports about it: the file's, without `.csv`."""
        return self.path.name.removesuffix(".csv")


def drop(settings: Settings, name: str, mode: Mode = Mode.WHOLE) -> Drop:
    """The place for a file of this name and meaning, whether there is one or not."""
    suffix = "" if mode is Mode.WHOLE else f".{mode}"
    return Drop(settings.reference / f"{name}{suffix}.csv", name, mode)


def answers(settings: Settings, name: str) -> list[Drop]:
    """The files of this name that are there beside the whole one."""
    drops = (drop(settings, name, mode) for mode in Mode if mode is not Mode.WHOLE)
    return [one for one in drops if one.path.is_file()]


def strangers(settings: Settings) -> list[Drop]:
    """Tables in `reference/` under other names, so that nobody believes them to be in force."""
    known = {drop(settings, name, mode).path.name for name in SPECS for mode in Mode}
    if not settings.reference.is_dir():
        return []
    return [
        Drop(path, None)
        for path in sorted(settings.reference.iterdir())
        if path.name not in known
        and is_table(path.name)
        and not path.name.startswith((".", "~$"))
        and not path.name.endswith(_OWN)
        and path.is_file()
    ]


def is_table(file: str) -> bool:
    """Whether a file of this name may be meant as a reference file."""
    return Path(file).suffix.lower() in _TABLES


def is_settled(one: Drop, now: datetime, seconds: float) -> bool:
    """Whether nobody has written to the file for so long. One that is taken away must be whole."""
    try:
        age = now.timestamp() - one.path.stat().st_mtime
    except FileNotFoundError:
        return False
    return not 0 <= age < seconds


def place(target: Drop, content: bytes, replaceable: frozenset[str]) -> Path | None:
    """Put `content` there in one step; what was there and is no version of it (`replaceable` hashes) is set aside.

    Gives the path of what was set aside, None if nothing was.
    """
    aside = None
    if target.path.is_file():
        before = target.path.read_bytes()
        if before == content:
            return None
        digest = sha256(before).hexdigest()
        if digest not in replaceable:
            aside = target.path.parent / _SET_ASIDE / f"{target.label}-{digest[:8]}.csv"
            with files.replacing(aside) as temporary:
                temporary.write_bytes(before)
    with files.replacing(target.path) as temporary:
        temporary.write_bytes(content)
    return aside


def origin_path(one: Drop) -> Path:
    """Where the origin of a file lies until that is accepted."""
    return one.path.with_name(one.label + reference_origin.ENDING)


def place_origin(target: Drop, content: bytes, origin: Origin) -> None:
    """Put the origin of these bytes there, before them: they are never accepted without it."""
    with files.replacing(origin_path(target)) as temporary:
        temporary.write_bytes(origin.packed(content))


def origin_of(one: Drop, content: bytes) -> Origin | None:
    """The origin of a file with these bytes, which a person may have renamed; None for one that a person put there."""
    for path in sorted(one.path.parent.glob(f"{one.name}.*{reference_origin.ENDING[1:]}")):
        with suppress(OSError):
            if origin := reference_origin.of_zip(path.read_bytes(), content):
                return origin
    return None


def answered(settings: Settings, name: str, content: bytes) -> None:
    """Take away files of this name with the very bytes that a person has just handed in by a command."""
    for one in answers(settings, name):
        if one.path.read_bytes() == content:
            one.path.unlink()
    forget_gone(settings)


def report(settings: Settings, one: Drop, digest: str, problems: tuple[Problem, ...]) -> None:
    """Write the report of a refused file; one that says the same already is left, with the moment of the refusal."""
    errors = [problem.as_dict() for problem in problems]
    path = _report(settings, one.label, "json")
    value = {"name": one.name or one.label, "file": one.path.name, "sha256": digest, "errors": errors}
    with suppress(OSError, ValueError):
        if files.read_json(path) == value:
            return
    blocks = []
    for language in LANGUAGES:
        head = text("reference.refused_file", language, file=one.path.name)
        lines = [problem.sentence(language) for problem in problems]
        steps = todo([problem.fault for problem in problems], one.name or "", reference_path(one.path.name), language)
        blocks.append("\n".join([head, *lines, *steps]))
    with files.replacing(_report(settings, one.label, "txt")) as temporary:
        temporary.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    files.write_json(path, value)


def reference_path(file: str) -> str:
    """A file of this folder as texts name it: the path of the home is nobody's business."""
    return f"$ESEP_HOME/reference/{file}"


def forget(settings: Settings, one: Drop) -> None:
    """Take away the report of a file that was accepted or is gone."""
    for kind in ("json", "txt"):
        _report(settings, one.label, kind).unlink(missing_ok=True)


def forget_gone(settings: Settings) -> None:
    """Take away the reports and origins of files that are not there any more."""
    for origin in settings.reference.glob(f"*{reference_origin.ENDING}"):
        label = origin.name.removesuffix(reference_origin.ENDING)
        name, _, mode = label.partition(".")
        if not (origin.with_name(f"{label}.csv").exists() or (mode and answers(settings, name))):
            origin.unlink(missing_ok=True)
    for report in settings.reference.glob("*.errors.json"):
        label = report.name.removesuffix(".errors.json")
        if not any((settings.reference / name).exists() for name in (label, f"{label}.csv")):
            forget(settings, Drop(settings.reference / f"{label}.csv", None))


def _report(settings: Settings, label: str, kind: str) -> Path:
    return settings.reference / f"{label}.errors.{kind}"
