"""The outputs of docs/queries/ and docs/examples/: what each query gives in the demo stands beside it as .txt.

`make docs-output` writes them. Given files of queries, it prints their answers instead. Home is $ESEP_HOME, default
var/demo, as `make demo` leaves it.
"""

from __future__ import annotations

import os
import sys
from decimal import Decimal
from pathlib import Path

import duckdb

DOCS = Path(__file__).parent
DEMO = DOCS.parent / "var" / "demo"
DEMO_MARKER = ".esep-demo"
TENGE_DECIMALS = 2
SNAPSHOT = Path("warehouse") / "esep.duckdb"


def queries() -> list[Path]:
    """The worked queries in the order of their numbers, then the examples of analyst.md."""
    return [*sorted((DOCS / "queries").glob("*.sql")), *sorted((DOCS / "examples").glob("*.sql"))]


def answer(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """The result as text: a line of column names and one for each row; long decimals without zeros at their end."""
    result = connection.execute(sql)
    names = [column[0] for column in result.description or ()]
    rows = result.fetchall()
    cells = [names, *([_text(value) for value in row] for row in rows)]
    right = [any(isinstance(row[place], int | Decimal) for row in rows) for place in range(len(names))]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in cells
    ]
    return "\n".join(lines) + "\n"


def connect(home: Path) -> duckdb.DuckDBPyConnection:
    """Read-only on the published snapshot of that home, moments in Almaty's time."""
    connection = duckdb.connect(str(home / SNAPSHOT), read_only=True)
    connection.execute("set TimeZone = 'Asia/Almaty'")
    return connection


def write(home: Path) -> None:
    """Write every query's answer beside it."""
    with connect(home) as connection:
        for path in queries():
            text = answer(connection, path.read_text(encoding="utf-8"))
            path.with_suffix(".txt").write_text(text, encoding="utf-8")


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        whole, _, decimals = text.partition(".")
        return text if len(decimals) <= TENGE_DECIMALS else f"{whole}.{decimals.rstrip('0')}".rstrip(".")
    return str(value)


if __name__ == "__main__":
    home = Path(os.environ.get("ESEP_HOME") or DEMO)
    if not (home / SNAPSHOT).is_file():
        sys.exit(f"{home / SNAPSHOT}: no warehouse there. Run `make demo` first.")
    if len(sys.argv) == 1:
        if not (home / DEMO_MARKER).is_file():
            sys.exit(f"{home} is no demo: its data do not belong into the documentation. Unset ESEP_HOME.")
        write(home)
    with connect(home) as connection:
        for name in sys.argv[1:]:
            sys.stdout.write(answer(connection, Path(name).read_text(encoding="utf-8")))
