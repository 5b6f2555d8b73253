"""What a look at all files finds, and what of it is remembered in `warehouse/.proof/`: it spares hashing what has not
changed. Both files there may be deleted: the next look then reads everything."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import NamedTuple

from esep import files
from esep.config import Settings

SHOWN = 200
"""Damaged files that an error names; `bin/esep verify` names all."""

RESTORE = "Restore the file from a backup, then run bin/esep verify"
RESTORE_HEADS = (
    "Restore the file from a backup, an older one too: records that came later are listed again by themselves. Then "
    "run bin/esep verify"
)
RESTORE_RECORDS = (
    "Restore archive, journal, reference/accepted and proof from the newest backup, then run bin/esep verify. If this "
    "home was put back to an earlier state on purpose, delete warehouse/.proof first"
)
RESTORE_PACKAGE = (
    "Restore the file from a backup, then run bin/esep verify: nothing else holds the bytes that came, so the filing "
    "cannot be examined again before"
)


def reexamine(number: str) -> str:
    """What to do about a damaged file of the lake."""
    return (
        f"Make it again from the archive's bytes: bin/esep reexamine {number} --apply; or restore the file from a "
        "backup. Then run bin/esep verify"
    )


@dataclass(frozen=True, slots=True)
class Damage:
    """A file that is not what was recorded."""

    path: str
    """Relative to the home, as file_names.to_text writes it."""
    what: str
    todo: str
    stops: bool = True
    """Whether figures may depend on it, so that nothing is published."""

    def __str__(self) -> str:
        return f"{self.path}: {self.what}. {self.todo}."


@dataclass(frozen=True, slots=True)
class Report:
    """The state of a home at one moment."""

    head: str
    """Hash of the last line of the list of heads: the proof of everything that is listed."""
    records: int
    """Lines of the list."""
    files: int
    size: int
    """Files and bytes that were hashed; what is unchanged since the last look is hashed only if all is asked for."""
    damages: tuple[Damage, ...]
    unproved: tuple[str, ...] = ()
    """Chains from before there were hashes, which nobody has adopted: filings by number, and the other folders."""
    strays: tuple[str, ...] = ()
    """Files that no record names."""
    caught_up: int = 0
    """Records whose line in the list of heads a kill had left unwritten."""

    @property
    def stopping(self) -> tuple[Damage, ...]:
        return tuple(damage for damage in self.damages if damage.stops)


class DamagedHomeError(RuntimeError):
    """Files on which figures depend are damaged; the text names them and says what to do."""

    def __init__(self, damages: Iterable[Damage]) -> None:
        self.damages = tuple(damages)
        shown = "\n".join(f"  {damage}" for damage in self.damages[:SHOWN])
        more = f"\n  … and {len(self.damages) - SHOWN} more" if len(self.damages) > SHOWN else ""
        super().__init__(
            f"{len(self.damages)} damaged files, so nothing was loaded or published and readers keep the last "
            f"snapshot:\n{shown}{more}"
        )


FOLDER = ".proof"
FORMAT = 2
_CACHE = "cache.json"
_DAMAGE = "damage.json"


class Known(NamedTuple):
    """`mark`: fingerprint of its files. `lake`: files of the lake, relative to the home, that its verdicts name."""

    mark: str
    lake: list[str]
    is_unproved: bool


@dataclass(slots=True)
class Cache:
    """What is known of each chain that was sound."""

    chains: dict[str, Known] = field(default_factory=dict)
    line_count: int = 0
    line: str = ""
    """How many lines the list of heads had, and the hash of the last of them."""


class Standing(NamedTuple):
    """What the last look at everything found, for pages that do not look themselves."""

    damages: tuple[Damage, ...] = ()
    unproved: int = 0


def read_cache(settings: Settings) -> Cache:
    """What was proved; nothing, where the file is missing, is not as it was written, or of another format."""
    try:
        content, _, digest = _path(settings, _CACHE).read_bytes().rpartition(b"\n")
    except OSError:
        return Cache()
    if _digest(content) != digest:
        return Cache()
    value = json.loads(content)
    if value["format"] != FORMAT:
        return Cache()
    chains = {chain: Known(*known) for chain, known in value["chains"].items()}
    return Cache(chains, value["line_count"], value["line"])


def write_cache(settings: Settings, cache: Cache, standing: Standing) -> None:
    """Remember both; raises OSError where the folder cannot be written."""
    if not settings.home.is_dir():
        return
    value = {"format": FORMAT, "line_count": cache.line_count, "line": cache.line, "chains": cache.chains}
    with files.replacing(_path(settings, _CACHE)) as temporary:
        content = json.dumps(value).encode()
        temporary.write_bytes(content + b"\n" + _digest(content))
    found = {"damages": [asdict(damage) for damage in standing.damages], "unproved": standing.unproved}
    files.write_json(_path(settings, _DAMAGE), found)


def standing(settings: Settings) -> Standing:
    """What the last look found; nothing, where there was none."""
    try:
        value = files.read_json(_path(settings, _DAMAGE))
        return Standing(tuple(Damage(**damage) for damage in value["damages"]), int(value["unproved"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Standing()


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def _path(settings: Settings, name: str) -> Path:
    return settings.warehouse / FOLDER / name
