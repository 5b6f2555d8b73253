"""Where Esep keeps its data and which limits it works under. Read once from the environment, then passed on."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

PACKAGED = Path(__file__).resolve().with_name("project")
"""In the wheel esep-check: what `check` reads of the checkout (pyproject.toml puts it there)."""
PROJECT = PACKAGED if PACKAGED.is_dir() else Path(__file__).resolve().parents[2]
"""The checkout: the folder that holds dags/, plugins/, expectations/ and sql/."""

_LONGEST_WAIT = 600
_DUCKDB_MB = 512
"""The least that DuckDB may have; its own work on one batch needs about as much."""
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


DUCKDB, SPARK = "duckdb", "spark"
ENGINES = (DUCKDB, SPARK)
"""What works out the figures: DuckDB in the process itself, or Apache Spark."""


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
    duckdb_memory_bytes: int = 2560 * 1024**2
    """What DuckDB keeps in memory while it works out the warehouse, at most (memory_limit); more goes to disk."""
    package_seconds: float = 900.0
    """Wall time for all files of a package together; those it does not suffice for are reported as too large."""
    findings_cap: int = 1000
    """Findings listed one by one for a rule and a sheet; the rest is given as one line with its true count."""
    ncanode_url: str | None = None
    """Address of an external service that verifies signatures (signature/ncanode.py); None: it is off."""
    ncanode_seconds: float = 20.0
    """Time after which that service is given up."""
    handover_to: str | None = None
    """Folder or address to which filings are handed over (handover/target.py); None: none is given."""
    rates_url: str | None = None
    """Address of the National Bank's rates, `{day}` in it for the day (warehouse/reference_fetch.py); None: off."""
    alarm_to: tuple[str, ...] = ()
    """E-mail addresses to which alarms and the daily digest go (orchestration/alarms.py); none: no mail."""
    alarm_webhook: str | None = None
    """Address to which they are posted as JSON; None: none is."""
    store: str | None = None
    """Address of the store that several machines share (store.address); None: this home is the only one."""
    engine: str = DUCKDB
    """One of ENGINES."""
    spark_master: str | None = None
    """Address of the Spark cluster, `spark://host:port`; None: threads of this machine."""
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
    def public(self) -> Path:
        """The only folder that others than the owner and the group may read."""
        return self.home / "public"

    @property
    def masked_snapshot(self) -> Path:
        """The published DuckDB file without IINs, names of persons and wallets."""
        return self.public / "esep_masked.duckdb"

    @property
    def secrets(self) -> Path:
        return self.home / ".secrets"

    @property
    def outbox(self) -> Path:
        return self.home / "outbox"

    @property
    def reports(self) -> Path:
        return self.home / "reports"

    @property
    def looks(self) -> Path:
        """Templates of letters that the office has made its own."""
        return self.home / "looks"

    @property
    def locks(self) -> Path:
        return self.home / ".locks"

    @property
    def answered(self) -> Path:
        """Names of the filings that an officer's answer gives a verdict, until they are examined with it."""
        return self.home / ".answered"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Settings from ESEP_* variables; raises ConfigurationError naming the variable that is wrong."""
        env = os.environ if environment is None else environment
        defaults = cls(home=Path(env.get("ESEP_HOME") or PROJECT / "var").expanduser().resolve())
        return cls(
            home=defaults.home,
            inbox_settle_seconds=_number(env, "ESEP_INBOX_SETTLE_SECONDS", defaults.inbox_settle_seconds),
            reader_memory_bytes=_megabytes(env, "ESEP_READER_MEMORY_MB", defaults.reader_memory_bytes),
            duckdb_memory_bytes=_megabytes(env, "ESEP_DUCKDB_MEMORY_MB", defaults.duckdb_memory_bytes, _DUCKDB_MB),
            reader_seconds=_number(env, "ESEP_READER_SECONDS", defaults.reader_seconds),
            package_seconds=_number(env, "ESEP_PACKAGE_SECONDS", defaults.package_seconds),
            findings_cap=int(_number(env, "ESEP_FINDINGS_CAP", defaults.findings_cap)),
            ncanode_url=_service(env, "ESEP_NCANODE_URL"),
            ncanode_seconds=_seconds(env, "ESEP_NCANODE_SECONDS", defaults.ncanode_seconds),
            handover_to=env.get("ESEP_HANDOVER_TO", "").strip() or None,
            rates_url=_service(env, "ESEP_RATES_URL"),
            alarm_to=_addresses(env, "ESEP_ALARM_TO"),
            alarm_webhook=_webhook(env, "ESEP_ALARM_WEBHOOK"),
            store=env.get("ESEP_STORE", "").strip().rstrip("/") or None,
            engine=_one_of(env, "ESEP_ENGINE", ENGINES),
            spark_master=env.get("ESEP_SPARK_MASTER", "").strip() or None,
            expectations=Path(env.get("ESEP_EXPECTATIONS") or defaults.expectations).resolve(),
            sql=defaults.sql,
        )


def _one_of(env: Mapping[str, str], name: str, words: Sequence[str]) -> str:
    """One of some words, the first of them if none is given."""
    word = env.get(name, "").strip() or words[0]
    if word not in words:
        raise ConfigurationError(f"{name}={word!r}: {' or '.join(words)} is expected")
    return word


_MAIL_ADDRESS = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+")


def _addresses(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    """E-mail addresses between commas."""
    found = tuple(filter(None, map(str.strip, env.get(name, "").split(","))))
    for one in found:
        if not _MAIL_ADDRESS.fullmatch(one):
            raise ConfigurationError(
                f"{name}={env[name]!r}: e-mail addresses between commas are expected, for example it@example.kz"
            )
    return found


def _webhook(env: Mapping[str, str], name: str) -> str | None:
    """An address of any machine, https or http: what is posted there holds no personal data."""
    url = env.get(name, "").strip()
    if not url:
        return None
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("https", "http") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:  # a broken host or port
        is_address = False
    if not is_address:  # the value is not repeated: it is a secret at most services
        raise ConfigurationError(f"{name}: an address that begins with https:// or http:// is expected")
    return url


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


def _megabytes(env: Mapping[str, str], name: str, default: int, least: int = 0) -> int:
    """Bytes of a number of megabytes."""
    value = _number(env, name, default / 1024**2)
    if value < least:
        raise ConfigurationError(f"{name}={env[name]!r}: a number of megabytes of {least} or more is expected")
    return int(value * 1024**2)


def _seconds(env: Mapping[str, str], name: str, default: float) -> float:
    value = _number(env, name, default)
    if not 0 < value <= _LONGEST_WAIT:
        raise ConfigurationError(f"{name}={env[name]!r}: a number of seconds from 1 to {_LONGEST_WAIT} is expected")
    return value


def _service(env: Mapping[str, str], name: str) -> str | None:
    """An address that filings may be sent to, or rates taken from: https, or http on this machine."""
    url = env.get(name, "").strip()
    if not url:
        return None
    try:
        parts = urlsplit(url)
        scheme, host, _ = parts.scheme, parts.hostname, parts.port
    except ValueError:  # a broken host or port
        scheme, host = "", None
    if not host or not (scheme == "https" or (scheme == "http" and host in _THIS_MACHINE)):
        raise ConfigurationError(
            f"{name}={url!r}: an address that begins with https:// is expected, or http:// on this machine, "
            "for example http://localhost:14579"
        )
    return url.rstrip("/")
