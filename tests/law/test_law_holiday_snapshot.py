"""The snapshot of holidays: what it holds, and whether the installed package still says the same."""

from __future__ import annotations

from datetime import date

import pytest

from esep.law import holiday_snapshot, tables
from esep.law.holiday_snapshot import SnapshotError


@pytest.fixture(scope="module")
def package() -> list[dict[str, object]]:
    return holiday_snapshot.taken()


def test_the_installed_package_agrees_with_the_snapshot(package) -> None:
    """If this fails after an upgrade: the package moved days. Look at each against the acts, then take the snapshot
    anew with `python -m esep.law.holiday_snapshot --write`, or put a row above it into calendar_override.csv."""
    assert holiday_snapshot.differences(tables.read("holiday"), package) == []


def test_a_moved_day_is_reported(package) -> None:
    held = tables.read("holiday")
    held = [row for row in held if row["date"] not in (date(2026, 7, 6), date(2025, 1, 5))]
    assert holiday_snapshot.differences(held, package) == [
        "2025-01-05: day off in the snapshot, worked now",
        "2026-07-06: worked in the snapshot, day off now",
    ]


def test_the_days_off_of_a_year_as_the_law_lists_them() -> None:
    """Weekdays off in 2029, by hand from Law No 267-II and the move of Sunday's 16 December; Kurban Ait estimated."""
    weekdays = {
        f"{row['date']:%d.%m}"
        for row in tables.read("holiday")
        if row["date"].year == 2029 and row["date"].weekday() < 5 and not row["working"]
    }
    listed = "01.01 02.01 08.03 15.03 21.03 22.03 23.03 24.04 01.05 07.05 09.05 06.07 25.10 17.12"
    assert weekdays == set(listed.split())


def test_the_snapshot_reaches_one_year_over_both_ends() -> None:
    years = [row["date"].year for row in tables.read("holiday")]
    assert (min(years), max(years)) == (2019, 2036)
    assert years == sorted(years)


def test_a_row_that_stays_keeps_its_source(package) -> None:
    held = [row | {"source": "before"} for row in package[:3]]
    text = holiday_snapshot.text(package[:5], held, "after")
    assert [line.rsplit(",", 1)[1] for line in text.splitlines()] == ["source", *["before"] * 3, *["after"] * 2]


def test_the_written_table_reads_back(package, tmp_path) -> None:
    (tmp_path / "holiday.csv").write_text(holiday_snapshot.text(package, [], "test"), encoding="utf-8")
    assert [row | {"source": "x"} for row in tables.read("holiday", tmp_path)] == [
        row | {"source": "x"} for row in package
    ]


def test_a_holiday_without_words_is_named(monkeypatch) -> None:
    monkeypatch.delitem(holiday_snapshot._NAMES, "Capital Day")
    with pytest.raises(SnapshotError, match="Capital Day"):
        holiday_snapshot.taken(range(2026, 2027))
