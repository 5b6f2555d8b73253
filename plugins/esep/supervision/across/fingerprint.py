"""Whether anything that the rules across filings look at is other than last time."""

from __future__ import annotations

import hashlib
from datetime import date

import duckdb

from esep.config import Settings
from esep.examination import suites
from esep.examination.versions import code_version
from esep.supervision.across.frames import queries
from esep.supervision.knowledge import known_on

_FILINGS = """
select
    filing.registration_no,
    filing.examination_no,
    filing.verdict,
    filing.kind,
    filing.due_effective_on,
    in_force.registration_no is not null as is_in_force
from filing_as_known_on(?::timestamptz) as filing
left join in_force_as_known_on(?::timestamptz) as in_force
    on filing.registration_no = in_force.registration_no
order by filing.registration_no
"""
_REGISTERS = "select name, sha256 from reference_version where name in ('pool', 'licence') order by name"


def fingerprint(connection: duckdb.DuckDBPyConnection, settings: Settings, as_of: date) -> str:
    """32 hex digits over the filings known before `as_of`, the registers in force, the rules and the code.

    Equal fingerprints: `holding` gives the same, and need not be run.
    """
    moment = known_on(as_of)
    filings = connection.execute(_FILINGS, [moment, moment]).fetchall()
    registers = connection.execute(_REGISTERS).fetchall()
    total = hashlib.sha256(repr((filings, registers, suites.ruleset(settings), code_version())).encode())
    for path in queries(settings):
        total.update(path.read_bytes())
    return total.hexdigest()[:32]
