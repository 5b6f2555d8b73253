"""The demo's home with one filing more: names that attack, taken in as any package is, and its receipt."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from openpyxl import load_workbook

from end_to_end import filer
from esep import clock
from esep.config import Settings
from esep.examination.pending import examine_pending, identity_of
from esep.letters import outbox
from esep.office import archive, hand_in
from esep.office.intake import register_waiting
from esep.office.stamp import STAMP
from esep.warehouse import published
from esep.warehouse.rebuild import refresh

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
FORMULA = '=HYPERLINK("http://evil.example/";"pay here")'
TURNED = "ТОО «\u202eкод.exe»"
TURNED_SHOWN = "ТОО «[U+202E]код.exe»"
LONG = "ӘжеҚұлын" * 60
MISTYPED = "<b>061211600099</b>"
"""What stands where a number is expected; taken for a person's until it proves otherwise."""

MINERS = {"230640000018": SCRIPT, "940140000385": FORMULA, "990140004654": TURNED, "230640000028": LONG}
"""BIN → name, all with incomes above any of the demo, so that they head every list."""


@dataclass(frozen=True, slots=True)
class Hostile:
    """The filing that was taken in."""

    number: str


def add_hostile_filing(home: Path) -> Hostile:
    """A package with these names through the inbox, the examination and the warehouse."""
    settings = Settings(home=home, inbox_settle_seconds=0.0)
    rows = [
        filer.row(at, miner_id=number, miner_name="name", quantity=f"{9000 - at}")
        for at, number in enumerate([*MINERS, MISTYPED], start=1)
    ]
    filing = filer.Filing(rows=rows, pool_name="«Қара Пул» ЖШС")
    package = filer.write(filing, settings.inbox / "<b>hostile", "2025-04-07T10:00:00+05:00")
    _name_the_miners(package / "1-CM.xlsx")
    before = {entry.number for entry in archive.registered(settings)}
    now = clock.now()
    register_waiting(settings, now, identity_of(settings, now))
    examine_pending(settings, now)
    refresh(settings, now)
    (number,) = {entry.number for entry in archive.registered(settings)} - before
    _hand_in_again(settings, archive.entry(settings, number).package)
    outbox.write_receipt(settings, archive.entry(settings, number), clock.local_date(now))
    return Hostile(number)


def _hand_in_again(settings: Settings, package: Path) -> None:
    """The same files by the page; they only repeat the filing."""
    now = clock.now()
    named = [(path.name, io.BytesIO(path.read_bytes())) for path in package.iterdir()]
    key = hand_in.lay_out(settings, named, [(STAMP, b"{}")], now)
    hand_in.put_in(settings, key, "", SCRIPT, now)
    register_waiting(settings, now, identity_of(settings, now))


def ask(home: Path, query: str) -> list[tuple[Any, ...]]:
    """Rows of the published warehouse."""
    with published.connect(Settings(home=home)) as warehouse:
        return warehouse.execute(query).fetchall()


def make_older(whole: Path, path: Path) -> None:
    """A snapshot that another version of the code built: nothing of it is read but its fingerprint."""
    with duckdb.connect(str(path)) as made:
        made.execute(f"attach '{whole}' as whole (read_only)")
        made.execute("create table build as select * replace ('of other code' as fingerprint) from whole.build")


def _name_the_miners(path: Path) -> None:
    """Names as text cells: openpyxl would make a formula of one that begins with the sign of equality."""
    book = load_workbook(path)
    names = iter([*MINERS.values(), SCRIPT])
    for cells in book.worksheets[0].iter_rows():
        if cells[1].value == "name":
            cells[1].value = next(names)
            cells[1].data_type = "s"
    book.save(path)
