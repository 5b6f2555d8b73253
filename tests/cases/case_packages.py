"""The packages below `packages/`: files as people made them that were once misread, one kind of fault each.

Each is faultless but for what its name says; R-09 (the made-up certificate states no right to sign) is noise in all.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from esep import clock
from esep.examination.examine import check_path
from esep.examination.model import Examination
from examination.package_builder import settings

PACKAGES = Path(__file__).parent / "packages"
NOISE = frozenset({"R-09"})
NOW = datetime(2026, 12, 1, 9, 0, tzinfo=clock.TIMEZONE)
"""After the day on which the packages were signed."""


@cache
def examined(name: str) -> Examination:
    """The examination of a package of this folder, as `bin/esep check` makes it."""
    return check_path(PACKAGES / name, settings(), NOW)


def rules(examination: Examination) -> set[str]:
    """The rules that were found broken, without the noise."""
    return {finding.rule_id for finding in examination.findings} - NOISE


def rows(examination: Examination) -> list[dict[str, Any]]:
    """The data rows by the lake's column names."""
    return examination.distribution.to_pylist()
