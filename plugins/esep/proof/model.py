"""What a look at all files finds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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
