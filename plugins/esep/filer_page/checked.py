"""A package as it came by the form, examined without anything of an office, and said in blocks."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from esep import clock
from esep.config import Settings
from esep.documents.paper import resolved_blocks
from esep.examination.check_report import message_report, report
from esep.examination.check_rows import rows_report
from esep.examination.checked import check_folder
from esep.letters import enclosures

LARGEST_WORKBOOKS = 12 * 1024**2
"""Bytes of all workbooks that are put into an answer."""
SECONDS = "60"
"""For the files of a package, unless ESEP_PACKAGE_SECONDS and ESEP_READER_SECONDS say otherwise."""
_TAKEN = ("ESEP_EXPECTATIONS", "ESEP_FINDINGS_CAP", "ESEP_READER_MEMORY_MB")
_TIMES = ("ESEP_PACKAGE_SECONDS", "ESEP_READER_SECONDS")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows of a package."""

    head: list[dict[str, Any]]
    """Verdict and remarks as resolved blocks."""
    rows: list[dict[str, Any]]
    workbooks: Mapping[str, bytes] = field(default_factory=dict)
    """What a refusal would enclose, by name; empty where nothing was found or it is too large."""
    too_large: bool = False


def settings_without_office(environment: Mapping[str, str] | None = None) -> Settings:
    """Rules and limits as the environment says; a home that is not there; no service to which a file would be sent.

    Raises ConfigurationError.
    """
    env = os.environ if environment is None else environment
    taken = {name: env[name] for name in _TAKEN if name in env}
    times = {name: env.get(name) or SECONDS for name in _TIMES}
    return Settings.from_environment({"ESEP_HOME": os.devnull + "/esep", **taken, **times})


def check(package: Path, language: str, settings: Settings, now: datetime) -> Shown:
    """Examine the files in the folder; raises what `examine` raises for faults of this machine or of the rules."""
    examination, messages = check_folder(package, settings, now)
    if messages:
        return Shown(resolved_blocks(message_report(messages, language, now), language), [])
    with tempfile.TemporaryDirectory(prefix="esep-remarks-") as folder:
        written = enclosures.write(package, examination.findings, Path(folder), clock.local_date(now), settings)
        too_large = sum(path.stat().st_size for path in written) > LARGEST_WORKBOOKS
        workbooks = {} if too_large else {path.name: path.read_bytes() for path in written}
    head = report(examination, language, show_all=False, more="filer_page.more")
    rows = rows_report(examination, language, show_all=False, is_wide=True, more="filer_page.more_rows")
    return Shown(resolved_blocks(head, language), resolved_blocks(rows, language), workbooks, too_large)
