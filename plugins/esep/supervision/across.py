"""Rules across filings: what only shows when the filings in force are held against each other and the registers.

The queries of sql/across/ prepare the frame, one below the other; the suite expectations/across_filings.json judges it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from esep.config import Settings
from esep.examination import engine, suites
from esep.examination.findings import findings_of
from esep.examination.model import Finding
from esep.forms.values.text import normalise_name
from esep.supervision.knowledge import Knowledge, Memory, known_on
from esep.warehouse.calls import rows

STAGE = "across_filings"
FOLDER = "across"
KNOWN_ON = "known_on"
"""Variable of the session that the queries read: the last moment that counts."""
TEXT_KEY = "text_key"
"""Relation that the queries read: kind of text, the text as written, its key for comparison."""
_TEXT_KEY_COLUMNS = pa.schema([("kind", pa.string()), ("written", pa.string()), ("key", pa.string())])
_ANY_CASE = re.compile(r"(?:0x)?[0-9a-f]+|(?:bc1|ltc1|zs1|u1|bitcoincash:)[0-9a-z]+", re.IGNORECASE)
"""Hexadecimal, Bech32 and CashAddr: addresses in which letter case does not distinguish wallets."""
_SHORTEST_ADDRESS = 20
_BITCOIN_CASH = "bitcoincash:"
_NO_SIGN = re.compile(r"[\W_]+")
_LATIN_FOR_CYRILLIC = str.maketrans("АВЕКМНОРСТУХІ", "ABEKMHOPCTYXI")
_VERDICTS = "from internal.known_verdict($moment) order by registration_no"
_OF_VERDICT = ("registration_no", "examination_no", "verdict", "kind", "due_effective_on", "is_in_force")
_REGISTERS = "from reference_version where name in ('pool', 'licence') order by name"


@dataclass(frozen=True, slots=True)
class Held:
    """One fault of one filing that holds."""

    registration_no: str
    key: str
    """Stable from run to run: rule and subject, as `R-71 bc1q…`; unique in the filing."""
    ground: str
    """`late` or `unreliable`: which of para 10's grounds it is."""
    finding: Finding


def holding(connection: duckdb.DuckDBPyConnection, settings: Settings, as_of: date) -> list[Held]:
    """All faults across filings, by what had arrived and been decided before the day `as_of` began (local time).

    Registers count as they are now. Ordered by registration number and key. Raises SuiteError for a suite that
    cannot be used, EngineError for a rule that cannot be evaluated.
    """
    rules = suites.load(settings).by_stage[STAGE]
    frame = across_filings(connection, settings, as_of)
    held = [one for failure in engine.failures(rules, frame, frame.num_rows) for one in _held(failure, frame)]
    return sorted(held, key=lambda one: (one.registration_no, one.key))


def _held(failure: engine.Failure, frame: pa.Table) -> list[Held]:
    rule = failure.rule
    if failure.positions is None:
        raise engine.EngineError(
            f"{rule.rule_id} ({rule.type} in {rule.stage}.json) judges the frame as a whole, so no filing could be "
            "named. Use an expectation on the values of a column."
        )
    rows = frame.select(["registration_no", "subject", "ground", "occurrences"]).take(pa.array(failure.positions))
    return [
        Held(
            registration_no=row["registration_no"],
            key=f"{rule.rule_id} {row['subject']}",
            ground=row["ground"],
            finding=replace(finding, occurrences=row["occurrences"] or 1),
        )
        for row, finding in zip(rows.to_pylist(), findings_of(failure, frame), strict=True)
    ]


def queries(settings: Settings) -> list[Path]:
    """The files of sql/across/, each a query over the warehouse's relations."""
    return sorted((settings.sql / FOLDER).glob("*.sql"))


def across_filings(connection: duckdb.DuckDBPyConnection, settings: Settings, as_of: date) -> pa.Table:
    """All frames one below the other, columns as in frame_column.csv.

    A column is null in the rows of a query that does not have it: where the question does not arise.
    """
    with prepared(connection, as_of):
        tables = [connection.sql(path.read_text(encoding="utf-8")).to_arrow_table() for path in queries(settings)]
    return pa.concat_tables(tables, promote_options="default").combine_chunks()


@contextmanager
def prepared(connection: duckdb.DuckDBPyConnection, as_of: date) -> Iterator[None]:
    """The connection with the moment and the keys that the queries read; both are gone afterwards."""
    connection.execute(f"set variable {KNOWN_ON} = ?::timestamptz", [known_on(as_of)])
    connection.register(TEXT_KEY, _text_keys(connection))
    try:
        yield
    finally:
        with suppress(duckdb.TransactionException):  # the caller's transaction has failed and takes them with it
            connection.unregister(TEXT_KEY)
            connection.execute(f"reset variable {KNOWN_ON}")


def wallet_key(address: str) -> str:
    """The address as it is compared: case kept only where it matters (Base58), without the prefix `bitcoincash:`.

    Empty for a text too short to be an address of any asset.
    """
    if len(address) < _SHORTEST_ADDRESS:
        return ""
    key = address.lower() if _ANY_CASE.fullmatch(address) else address
    return key.removeprefix(_BITCOIN_CASH)


def licence_key(number: str) -> str:
    """The number as it is compared: capital letters and figures only, Cyrillic letters as the Latin ones they resemble.

    `KZ-12 345` and `kz12345` are one number.
    """
    return _NO_SIGN.sub("", number).upper().translate(_LATIN_FOR_CYRILLIC)


_KEYS: Mapping[str, Callable[[str], str]] = {"wallet": wallet_key, "licence": licence_key, "name": normalise_name}


def _text_keys(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """The key of each text that the queries compare; a text without a sign that counts has none."""
    texts = rows(connection, ("kind", "written"), "from internal.compared_text()")
    found = ({"kind": kind, "written": written, "key": _KEYS[kind](written)} for kind, written in texts)
    return pa.Table.from_pylist([one for one in found if one["key"]], _TEXT_KEY_COLUMNS)


def fingerprint(connection: duckdb.DuckDBPyConnection, settings: Settings, as_of: date) -> str:
    """32 hex digits over the filings known before `as_of`, the registers in force, the rules and the code.

    Equal fingerprints: `holding` gives the same, and need not be run.
    """
    filings = rows(connection, _OF_VERDICT, _VERDICTS, moment=known_on(as_of))
    registers = rows(connection, ("name", "sha256"), _REGISTERS)
    total = hashlib.sha256(repr((filings, registers, suites.ruleset(settings), suites.code_version())).encode())
    for path in queries(settings):
        total.update(path.read_bytes())
    return total.hexdigest()[:32]


def record_detected(memory: Memory, known: Knowledge, held: Iterable[Held]) -> int:
    """Record what is new and what no longer holds among the filings in force; gives how many faults are new.

    A fault is dated by the day on which a run first saw it; a later run does not move that day.

    A run of an earlier day than one that saw the fault leaves what that one recorded.
    """
    seen = {(one.registration_no, one.key): one for one in held}
    new = 0
    for place, one in sorted(seen.items()):
        before = memory.detections.get(place)
        if before is None or (not before.holds and before.last < known.as_of):
            first = before.detected_on if before else known.as_of
            data = one.finding.as_dict() | {"ground": one.ground, "detected_on": first.isoformat()}
            memory.detect(*place, data, known.as_of, holds=True)
            new += before is None
    for place, detection in list(memory.detections.items()):
        filing = known.filings.get(place[0])
        in_force = filing is not None and filing.status == "accepted"
        if detection.holds and detection.last < known.as_of and in_force and place not in seen:
            memory.detect(*place, {"detected_on": detection.detected_on.isoformat()}, known.as_of, holds=False)
    return new
