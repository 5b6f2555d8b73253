"""The masked snapshot brought up to date is the one made anew: every row of every table, and no trace of a person."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import duckdb
import pytest

from esep.config import Settings
from esep.office import archive, events
from esep.warehouse import masked, masked_copy, work
from ops.personal_office import BROKEN_IIN, IIN, LICENCE, OPEN_LICENCE, PERSON, SECRETS, WALLET, fill, finding
from ops.test_masked_snapshot import leaks
from warehouse.warehouse_office import MINER, OTHER_MINER, Office, moment, row

LICENCES = (LICENCE, OPEN_LICENCE, "KZ22ЛИЦ5", "KZ33ЛИЦ6", IIN)
HOLDERS = (MINER, MINER, OTHER_MINER, IIN, BROKEN_IIN)
PRICES = ("2025-01-06,BTC,10,KZT", "2025-01-08,BTC,12,USD")
TICKERS = ("LTC", "ETH", "DOGE")


@pytest.fixture
def office(tmp_path: Path, empty_work: Path) -> Office:
    settings = Settings(home=tmp_path / "home")
    shutil.copytree(empty_work, work.folder(settings))
    office = Office(settings)
    fill(office)
    office.refresh()
    masked.publish(settings)
    return office


@pytest.fixture
def made_anew(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Gets a path each time that a masked snapshot is made from nothing."""
    made: list[Path] = []
    from_nothing = masked._made_anew

    def noted(folder: Path, *arguments: object) -> set[str]:
        made.append(folder)
        return from_nothing(folder, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(masked, "_made_anew", noted)
    return made


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows of every table, sorted."""
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute("set TimeZone = 'Asia/Almaty'")
        return {
            table: connection.execute(f"from {table} order by all").fetchall()
            for table in masked_copy.columns_of(connection)
        }


def publish_and_compare(office: Office) -> None:
    """Bring it up to date, make it from nothing beside that, and go on from what was brought up to date."""
    settings = office.settings
    assert masked.publish(settings).published
    by_increment = content(settings.masked_snapshot)
    assert leaks(settings.masked_snapshot, SECRETS) == set()
    kept, aside = settings.warehouse / masked.FOLDER, settings.warehouse / "aside"
    kept.rename(aside)
    (settings.warehouse / masked.STATE).unlink()
    masked.publish(settings)
    assert by_increment == content(settings.masked_snapshot)
    masked.require_same_figures(settings)
    shutil.rmtree(kept)
    aside.rename(kept)


def some_row(random: Random, **changes: object) -> dict[str, object]:
    own = {"licence_no": random.choice(LICENCES), "wallet": random.choice([WALLET, "bc1qother", None])}
    day = f"2025-01-{random.randint(1, 28):02}"
    asset = random.choice(["BTC", "LTC", "ETH", PERSON])
    taxpayer = random.choice(HOLDERS)
    return row(day, quantity=str(random.randint(1, 99)), taxpayer=taxpayer, asset=asset) | own | changes


def test_up_to_date_is_made_anew(office: Office, made_anew: list[Path]) -> None:
    """Filings, corrections, examinations, prices, licences and events at random."""
    random = Random(11)
    numbers = [f"{year}-{serial:06}" for year, count in office.serials.items() for serial in range(1, count + 1)]

    def rows() -> list[dict[str, object]]:
        return [some_row(random) for _ in range(random.randint(1, 4))]

    def new_filing() -> None:
        period = f"2025-{random.randint(1, 4):02}-01"
        verdict = random.choice(["accepted", "accepted", "refused"])
        found = [finding("R-37", "3", BROKEN_IIN, None, file=f"{PERSON}.xlsx", sheet=PERSON, row=12)]
        numbers.append(office.file("2025-05-12", rows(), period=period, verdict=verdict, findings=found))

    def examination() -> None:
        number = random.choice(numbers)
        examined = len(archive.entry(office.settings, number).verdict_paths)
        office.examine(number, rows(), examination_no=examined + 1, examined_at=moment("2025-05-13"))

    def prices() -> None:
        more = [
            f"2025-01-{random.randint(9, 30):02},{random.choice(TICKERS)},3,KZT",
            f"2025-01-07,BTC,{random.random()},KZT",
        ]
        office.prices(*PRICES, *more, file="price.replace")

    def licences() -> None:
        lines = [f"{LICENCE},{IIN},2024-01-01,2027-01-01", f"KZ44,{random.choice(HOLDERS)},2024-01-01,2027-01-01"]
        office.reference("licence.replace", "licence_no,miner_id,issued_on,expires_on", *lines)

    def decision() -> None:
        folder = archive.entry(office.settings, random.choice(numbers)).folder
        waiver = {"rule_id": "R-37", "until": "2025-12-31", "reason": f"звонил {PERSON}"}
        events.append(folder, "rule_waived", moment("2025-05-14"), PERSON, waiver)

    changes: list[tuple[Callable[[], None], ...]] = [
        (new_filing, decision),
        (prices, licences),
        (examination, new_filing),
    ]
    for number, change in enumerate(changes):
        for step in change:
            step()
        office.refresh(moment(f"2026-03-{number + 2:02}"))
        publish_and_compare(office)
    assert 2 * len(changes) > len(made_anew) > len(changes), "some were brought up to date, the others made anew"


def test_a_licence_that_was_shown_is_hidden_everywhere(office: Office, made_anew: list[Path]) -> None:
    shown = f"select count(*) from distribution where licence_no = '{OPEN_LICENCE}'"
    office.file("2025-05-11", [row("2025-01-06", quantity="1")], period="2025-03-01")
    office.refresh(moment("2026-03-02"))
    masked.publish(office.settings)
    assert not made_anew
    with duckdb.connect(str(office.settings.masked_snapshot), read_only=True) as connection:
        assert connection.execute(shown).fetchall() == [(1,)]
    office.file(
        "2025-05-12",
        [row("2025-01-06", quantity="1", taxpayer=IIN) | {"licence_no": OPEN_LICENCE}],
        period="2025-04-01",
    )
    office.refresh(moment("2026-03-03"))
    masked.publish(office.settings)
    assert len(made_anew) == 1
    with duckdb.connect(str(office.settings.masked_snapshot), read_only=True) as connection:
        assert connection.execute(shown).fetchall() == [(0,)]


def test_a_kill_in_between_makes_it_anew(office: Office, made_anew: list[Path]) -> None:
    (office.settings.warehouse / masked.FOLDER / masked.KEPT).unlink()
    office.file("2025-05-11", [row("2025-01-06", quantity="1")], period="2025-03-01")
    office.refresh(moment("2026-03-02"))
    publish_and_compare(office)
    assert len(made_anew) == 2


def test_a_kept_file_that_is_damaged_is_made_anew(office: Office, made_anew: list[Path]) -> None:
    (office.settings.warehouse / masked.FOLDER / office.settings.masked_snapshot.name).write_bytes(b"no database")
    office.file("2025-05-11", [row("2025-01-06", quantity="1")], period="2025-03-01")
    office.refresh(moment("2026-03-02"))
    publish_and_compare(office)
    assert len(made_anew) == 2
