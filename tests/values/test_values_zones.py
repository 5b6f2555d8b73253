"""Days with a stated zone: the local day in Almaty, held against zoneinfo; what has two readings has none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esep.clock import TIMEZONE
from esep.forms.values import dates, licence
from esep.forms.values.dates import DateState as State

MARCH_1 = date(2025, 3, 1)
FEBRUARY_28 = date(2025, 2, 28)


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-28T20:00:00Z",
        "2025-02-28T20:00:00.123456Z",
        "2025-02-28T20:00:00,5Z",
        "2025-02-28T20:00Z",
        "2025-02-28 20:00:00 UTC",
        "2025-02-28 20:00:00 +0000 UTC",
        "2025-02-28T20:00:00+00:00",
        "2025-02-28T22:00:00+03:00",
        "2025-02-28T22:00:00+0300",
        "2025-02-28T22:00:00+03",
        "2025-02-28 22:00:00 +0300 MSK",
        "2025-02-28T15:00:00-05:00",
        "2025-02-28T15:00-05:00",
        "2025-02-28T15:00:00\u221205:00",
        "2025-02-28T22:00:00+03:00[Europe/Moscow]",
        "2025-02-28 22:00 Europe/Moscow",
        "28.02.2025 22:00 МСК",
        "28.02.2025 22:00 (МСК)",
        "28.02.2025 23:00 МСК+1",
        "28.02.2025, 20:00 (UTC)",
        "28.02.2025 23:30 (UTC+3)",
        "28.02.2025 г. 20:00:00 UTC",
        "28 февраля 2025 г. 20:00 UTC",
        "2025 жылғы 28 ақпан, 20:00 (UTC)",
        "Fri Feb 28 20:00:00 UTC 2025",
        "Fri, 28 Feb 2025 20:00:00 GMT",
        "Fri, 28 Feb 2025 20:00:00 +0000",
        "Fri Feb 28 2025 22:00:00 GMT+0300 (Moscow Standard Time)",
        "Feb 28, 2025, 8:00 PM (UTC)",
        "28/02/2025 8:00 PM UTC",
        "2025-02-28T24:00:00Z",
        "2025-03-01T00:00:00 GMT+5",
        "2025-03-01 23:59 (UTC+05:00)",
        "01.03.2025 23:59 по времени Астаны",
        "28.02.2025 20:00 по UTC",
        "28.02.2025 22:00 по МСК",
        "28.02.2025 в 22:00 по Москве",
        "01.03.2025 00:30 по Алматы",
        "20250228T200000Z",
        "20250228T2000Z",
        "20250228T220000+0300",
        "01.03.2025 23:59 Алматы уақыты",
        "2025-03-01+05:00",
    ],
)
def test_a_stated_zone_gives_the_day_of_almaty(text: str) -> None:
    parsed = dates.parse(text)
    assert (parsed.value, parsed.state) == (MARCH_1, State.OK)


@pytest.mark.parametrize(
    "text",
    ["28.02.2025 20:00", "28.02.2025 24:00", "28.02.2025 15:00-18:00", "пт, 28.02.2025 20:00", "Feb 28, 2025 8:00 PM"],
)
def test_without_a_zone_the_day_is_as_written(text: str) -> None:
    assert dates.parse(text).value == FEBRUARY_28


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-28Z",  # the day in UTC is two days in Almaty
        "2024-02-28+05:00",  # Almaty was at +06:00
        "2025-02-28 20:00 EST",  # New York or Sydney
        "28.02.2025 20:00 CST",
        "28.02.2025 15:00-10:00",  # a span, or ten hours west
        "02/03/2025 8:00 PM",  # 2 March or 3 February
        "2025-02-28T25:00:00Z",
        "2025-02-28T20:61:00Z",
        "2025-02-28T20:00:00+25:00",
        "2025-02-28T20:00:00+03:17",
        "2025-02-28 20:00 Europe/Nowhere",
        "2025-02-28 13:00 PM UTC",
        "1740772800",
    ],
)
def test_what_has_two_readings_or_none_is_left_to_a_person(text: str) -> None:
    parsed = dates.parse(text)
    assert (parsed.value, parsed.state) == (None, State.UNREADABLE)
    assert parsed.note


@pytest.mark.parametrize("text", ["'2025-03-01", "2025-03-01'", "’01.03.2025", "'01.03.2025;", "01.03.2025, "])
def test_an_apostrophe_or_separator_is_no_part_of_a_date(text: str) -> None:
    assert dates.parse(text).value == MARCH_1


def test_the_date_of_a_licence_is_local_too() -> None:
    read = licence.parse("№ 10001 от 2025-02-28T20:00:00Z").value
    assert read is not None
    assert (read.number, read.issued_on) == ("10001", MARCH_1)


def _compact(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S%z}"


STYLES: list[Callable[[datetime], str]] = [
    datetime.isoformat,
    _compact,
    lambda m: f"{m:%d.%m.%Y %H:%M:%S} {m:%z}",
    lambda m: f"{m:%d.%m.%Y}, {m:%H:%M:%S} (UTC{_compact(m)[19:22]}:{_compact(m)[22:24]})",
    lambda m: f"{m:%d %b %Y %H:%M:%S %z}",
    lambda m: f"{m:%a, %d %b %Y %H:%M:%S} GMT{m:%z}",
    lambda m: m.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    lambda m: m.astimezone(UTC).strftime("%a %b %d %H:%M:%S UTC %Y"),
    lambda m: m.astimezone(ZoneInfo("Europe/Moscow")).strftime("%d.%m.%Y %H:%M:%S МСК"),
    lambda m: m.astimezone(TIMEZONE).strftime("%d.%m.%Y %H:%M:%S") + " Алматы",
]
_zones = st.integers(-12 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))
_YEARS = (datetime(2022, 1, 1, tzinfo=UTC), datetime(2029, 12, 31, tzinfo=UTC))
_ALMATY_CHANGES = (datetime(2024, 2, 27, tzinfo=UTC), datetime(2024, 3, 3, tzinfo=UTC))


def _between(first: datetime, last: datetime) -> st.SearchStrategy[datetime]:
    return st.integers(int(first.timestamp()), int(last.timestamp())).map(lambda s: datetime.fromtimestamp(s, UTC))


@given(_between(*_YEARS) | _between(*_ALMATY_CHANGES), _zones, st.sampled_from(STYLES))
def test_every_moment_has_the_day_that_zoneinfo_gives_it(
    moment: datetime, zone: timezone, style: Callable[[datetime], str]
) -> None:
    written = style(moment.astimezone(zone))
    local = moment.astimezone(TIMEZONE)
    if written.endswith("Алматы") and local.fold != 0:
        return  # an hour that Almaty's clocks showed twice; both are the same day
    assert dates.parse(written).value == local.date(), written
