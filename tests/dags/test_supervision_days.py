"""Which days a run of the DAG supervision means, and what its steps give."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from esep.clock import TIMEZONE
from esep.orchestration import periodic

NOW = datetime(2025, 6, 10, 12, 0, tzinfo=TIMEZONE)


@pytest.mark.parametrize(
    ("as_of", "since", "logical_date", "expected"),
    [
        (None, None, None, ("2025-06-10", "2025-06-10")),  # started by hand: today
        (None, None, datetime(2025, 5, 20, 1, 0, tzinfo=UTC), ("2025-05-20", "2025-05-20")),  # the schedule's 06:00
        (None, None, datetime(2025, 5, 19, 19, 0, tzinfo=UTC), ("2025-05-20", "2025-05-20")),  # local midnight
        ("2025-03-26", None, datetime(2025, 5, 20, 1, 0, tzinfo=UTC), ("2025-03-26", "2025-03-26")),
        ("2025-03-26", "2024-01-01", None, ("2024-01-01", "2025-03-26")),
        (None, "2025-06-10", None, ("2025-06-10", "2025-06-10")),
    ],
)
def test_the_days_that_are_meant(as_of, since, logical_date, expected) -> None:
    meant = periodic.supervised_days(as_of, since, logical_date, NOW)
    assert (meant["since"], meant["as_of"]) == expected


@pytest.mark.parametrize(
    ("as_of", "since", "reported"),
    [
        ("2025-06-11", None, "yet to come"),
        ("26.03.2025", None, "as_of '26.03.2025': a day is written YYYY-MM-DD"),
        ("2025-03-26", "2025-02-30", "since '2025-02-30'"),
        ("2025-03-26", "2025-03-27", "give the earlier day first"),
    ],
)
def test_what_is_no_day_is_reported(as_of, since, reported) -> None:
    with pytest.raises(periodic.ParameterError, match=reported):
        periodic.supervised_days(as_of, since, None, NOW)
