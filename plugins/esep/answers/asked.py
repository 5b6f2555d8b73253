"""What the office has to say itself: its letterhead, and which readings of the law it confirms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from esep.config import Settings
from esep.letters import issuer
from esep.letters.issuer import LetterheadError
from esep.office import confirmations


@dataclass(frozen=True, slots=True)
class Asked:
    """What nobody has said yet, as of a day."""

    letterhead: Path
    """The file that holds the letterhead, whether it is there or not."""
    letterhead_gaps: tuple[tuple[str, str], ...]
    """Language and part of the letterhead that letters of the day lack."""
    letterhead_fault: str
    """Why the file cannot be used, so that no letter is written; empty where it can."""
    unconfirmed: tuple[tuple[str, str], ...]
    """Table of the law and key of each row in force that nobody has confirmed."""


def asked_of(settings: Settings, day: date) -> Asked:
    """What the office is asked for on a day; raises ArchiveError for an event that cannot be read."""
    gaps: tuple[tuple[str, str], ...] = ()
    fault = ""
    try:
        heads = issuer.letterheads(settings, day)
        gaps = tuple((language, part) for language, head in heads.items() for part in head.gaps)
    except LetterheadError as error:
        fault = str(error)
    return Asked(issuer.path_of(settings), gaps, fault, tuple(confirmations.unconfirmed(settings, day)))
