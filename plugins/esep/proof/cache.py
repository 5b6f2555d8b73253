"""What the last look proved, in `warehouse/.proof/`: it spares the hashing of what has not changed.

Both files may be deleted: the next look then reads everything.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import NamedTuple

from esep import files
from esep.config import Settings
from esep.proof.model import Damage

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
    """What the last look at everything told, for pages that do not look themselves."""

    damages: tuple[Damage, ...] = ()
    unproved: int = 0


def read(settings: Settings) -> Cache:
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


def write(settings: Settings, cache: Cache, standing: Standing) -> None:
    """Remember both; raises OSError where the folder cannot be written."""
    if not settings.home.is_dir():
        return
    value = {"format": FORMAT, "line_count": cache.line_count, "line": cache.line, "chains": cache.chains}
    with files.replacing(_path(settings, _CACHE)) as temporary:
        content = json.dumps(value).encode()
        temporary.write_bytes(content + b"\n" + _digest(content))
    told = {"damages": [asdict(damage) for damage in standing.damages], "unproved": standing.unproved}
    files.write_json(_path(settings, _DAMAGE), told)


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
