"""Where Esep keeps its data and which limits it works under. Read once from the environment, then passed on."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
"""The checkout: the folder that holds dags/, plugins/, expectations/ and sql/."""


class ConfigurationError(ValueError):
    """An environment variable has a value that cannot be used; the text names it and says what is expected."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Folders below one home and the limits of intake. All paths are absolute."""

    home: Path
    inbox_settle_seconds: float = 30.0
    """A package is taken once nothing in it has changed for this long."""
    reader_memory_bytes: int = 2 * 1024**3
    """Address space of the process that reads a filer's file (RLIMIT_AS)."""
    reader_seconds: float = 600.0
    """Wall time after which the reading of one file is given up."""
    findings_cap: int = 1000
    """Findings listed one by one for a rule and a sheet; the rest is told as one line with its true count."""
    expectations: Path = PROJECT / "expectations"
    sql: Path = PROJECT / "sql"

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"

    @property
    def archive(self) -> Path:
        return self.home / "archive"

    @property
    def journal(self) -> Path:
        return self.home / "journal"

    @property
    def lake(self) -> Path:
        return self.home / "lake"

    @property
    def reference(self) -> Path:
        return self.home / "reference"

    @property
    def warehouse(self) -> Path:
        return self.home / "warehouse"

    @property
    def snapshot(self) -> Path:
        """The published, read-only DuckDB file."""
        return self.warehouse / "esep.duckdb"

    @property
    def outbox(self) -> Path:
        return self.home / "outbox"

    @property
    def reports(self) -> Path:
        return self.home / "reports"

    @property
    def locks(self) -> Path:
        return self.home / ".locks"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Settings from ESEP_* variables; raises ConfigurationError naming the variable that is wrong."""
        env = os.environ if environment is None else environment
        defaults = cls(home=Path(env.get("ESEP_HOME") or PROJECT / "var").expanduser().resolve())
        return cls(
            home=defaults.home,
            inbox_settle_seconds=_number(env, "ESEP_INBOX_SETTLE_SECONDS", defaults.inbox_settle_seconds),
            reader_memory_bytes=int(
                _number(env, "ESEP_READER_MEMORY_MB", defaults.reader_memory_bytes / 1024**2) * 1024**2
            ),
            reader_seconds=_number(env, "ESEP_READER_SECONDS", defaults.reader_seconds),
            findings_cap=int(_number(env, "ESEP_FINDINGS_CAP", defaults.findings_cap)),
            expectations=Path(env.get("ESEP_EXPECTATIONS") or defaults.expectations).resolve(),
            sql=defaults.sql,
        )


def _number(env: Mapping[str, str], name: str, default: float) -> float:
    text = env.get(name)
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        raise ConfigurationError(f"{name}={text!r}: a number is expected, for example {default:g}") from None
    if value < 0:
        raise ConfigurationError(f"{name}={text!r}: a number of zero or more is expected")
    return value
