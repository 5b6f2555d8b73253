"""Cells that were misread: each is read as the person meant it."""

from __future__ import annotations

from datetime import date

from cases.case_packages import examined, rows, rules


def test_a_moment_in_utc_is_the_day_of_almaty() -> None:
    package = examined("12-utc-before-month")
    assert not rules(package)
    assert rows(package)[0]["distributed_on"] == date(2025, 3, 1)
