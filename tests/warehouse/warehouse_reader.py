"""Run by itself: `warehouse_reader.py SNAPSHOT UNTIL` opens the snapshot again and again until the file UNTIL exists.

Each opening must show whole loads: every filing has exactly three rows of one unit. Prints JSON: reads, faults, seen.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import duckdb

QUESTION = """
select
    (select count(*) from filing),
    (select count(*) from distribution),
    (select coalesce(sum(quantity), 0) from annual_income where role = 'miner')
"""


def main(snapshot: str, until: str) -> None:
    reads, faults, seen = 0, [], set()
    while not Path(until).exists():
        try:
            with duckdb.connect(snapshot, read_only=True, config={"threads": 1}) as connection:
                filings, rows, income = connection.execute(QUESTION).fetchone()
            if rows != 3 * filings or income != 3 * filings:
                faults.append(f"{filings} filings, {rows} rows, {income} units")
            seen.add(filings)
        except duckdb.Error as error:
            faults.append(str(error))
        reads += 1
        time.sleep(0.05)  # leaves the loads some of the processor
    print(json.dumps({"reads": reads, "faults": faults[:5], "seen": sorted(seen)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
