"""A small office with every kind of record and file that a proof covers, and ways to damage it."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

from esep import files
from esep.config import Settings
from esep.lake import manifest
from esep.lake.places import KEY, OLDER_KEY
from esep.lake.schema import DISTRIBUTION
from esep.office import events
from esep.records import append as records
from esep.records import heads
from esep.records.heads import chain_of
from esep.records.seal import sealed
from warehouse.warehouse_office import NOW, Office, finding, row

REVISION = "lake/figure_revision/000001-00000000-11111111"


def fill(home: Path, folder: Path | None = None) -> Office:
    """Two accepted filings, one of them examined twice, a refused one, events, journal, prices, rates, a revision.

    `folder` is an empty working folder of the warehouse to be copied.
    """
    settings = Settings(home=home)
    if folder:
        shutil.copytree(folder, settings.warehouse / ".work")
    office = Office(settings, as_history=False)
    office.prices("2025-01-06,BTC,10,KZT", "2025-02-06,BTC,11,USD")
    office.rates("2025-02-06,USD,500")
    first = office.file("2025-02-11", [row("2025-01-06", quantity="2")], findings=[finding()])
    office.examine(first, [row("2025-01-06", quantity="2.5")], examination_no=2)
    second = office.file("2025-03-11", [row("2025-02-06", quantity="3")], period="2025-02-01")
    refused = office.file("2025-03-12", [row("2025-02-06", quantity="4")], period="2025-02-01", verdict="refused")
    for number in (first, second, refused):
        events.append(office.folder(number), "arrived", NOW, "esep.office", {"source_name": f"{number} «ә»"})
    events.append_to_journal(
        settings, "reminder_drafted", NOW, "esep.supervision", {"letter_no": "x/M-1", "dated": "2025-01-01"}
    )
    events.append_to_journal(
        settings, "reminder_drafted", NOW + timedelta(1), "esep", {"letter_no": "y/M-1", "dated": "2025-01-02"}
    )
    return office


def add_revision(office: Office) -> None:
    """A revision of figures as a publication by other code leaves it; it holds no row."""
    import duckdb

    from esep.files import sha256_of
    from esep.warehouse import work

    path = office.settings.home / f"{REVISION}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    with work.opened(office.settings) as connection:
        connection.execute(f"copy (from internal.figure_revision limit 0) to '{path}' (format parquet)")
    records.add(path.with_suffix(".json"), {"file": path.name, "sha256": sha256_of(path)})
    assert duckdb.sql(f"select count(*) from '{path}'").fetchall() == [(0,)]


def proved(home: Path) -> list[Path]:
    """Every file that must be as it was recorded, in order."""
    folders = ("archive", "journal", "proof", "lake", "reference/accepted")
    found = (path for folder in folders for path in (home / folder).rglob("*") if path.is_file())
    return sorted(path for path in found if path != home / "lake" / manifest.NAME)


def kind_of(home: Path, path: Path) -> str:
    """What a file is, for the figures of the test."""
    relative = path.relative_to(home).as_posix()
    for part, kind in (
        ("/package/", "package"),
        ("/events/", "event"),
        ("journal/", "journal"),
        ("receipt.json", "receipt"),
        ("office.json", "stamp"),
        ("/verdict", "verdict"),
        ("reference/accepted", f"reference {path.suffix[1:]}"),
        ("figure_revision", f"revision {path.suffix[1:]}"),
        ("heads.txt", "heads"),
        ("adopted-", "adopted list"),
        (f"lake/{DISTRIBUTION.name}/", "lake distribution"),
        ("lake/finding/", "lake finding"),
        ("lake/filing/", "lake filing"),
    ):
        if part in relative:
            return kind
    raise AssertionError(relative)


def flip(path: Path, bit: int) -> None:
    """Flip one bit of a file, counted from its first byte."""
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


def reseal(home: Path) -> None:
    """Give every listed record its hash anew, so that what a test rewrote is as if it had been recorded so."""
    found = heads.read(home)
    assert found
    assert found.beginning
    last: dict[str, str] = {}
    text, previous = f"{found.beginning}\n", heads.first_hash(found.beginning)
    for line in found.lines:
        chain = chain_of(line.path)
        assert chain
        value = json.loads((home / line.path).read_bytes())
        plain = {name: item for name, item in value.items() if name not in ("hash", "previous")}
        content, last[chain] = sealed(plain, last.get(chain))
        (home / line.path).write_bytes(content)
        again = heads.line_of(previous, last[chain], line.path)
        text, previous = text + heads.as_text(again), again.hash
    with files.replacing(heads.path_of(home)) as temporary:  # as another file, of which writers remember nothing
        temporary.write_text(text)


def make_older(home: Path) -> None:
    """Make a lake as one from before is: under the older key, by its verdicts too."""
    for path in (home / "archive").glob("*/*/verdict*.json"):
        path.write_text(path.read_text(encoding="utf-8").replace(f"/{KEY}=", f"/{OLDER_KEY}="), encoding="utf-8")
    reseal(home)
    move(home, OLDER_KEY)


def move(home: Path, key: str, pattern: str = "*") -> None:
    """Put the lake's files of a pattern under a key by hand."""
    for path in list((home / "lake").glob(f"*/*=*/{pattern}.parquet")):
        folder = path.parent.with_name(f"{key}={path.parent.name.partition('=')[2]}")
        folder.mkdir(exist_ok=True)
        path.rename(folder / path.name)
