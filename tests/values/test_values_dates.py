from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esep.forms.values import dates
from esep.forms.values.cell import CellKind
from esep.forms.values.dates import DateState as State

KAZAKH = tuple(
    "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан".split()  # noqa: SIM905
)
RUSSIAN = tuple(
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()  # noqa: SIM905
)
MARCH_5 = date(2025, 3, 5)


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-05",
        "2025-03-05 00:00:00",
        "2025-03-05T10:15:00+05:00",
        "2025-03-05 10:15:00.123",
        "2025.03.05",
        "2025/3/5",
        "05.03.2025",
        "5.3.2025",
        "05/03/2025",
        "05-03-2025",
        " 05.03.2025\u00a0",
        "05.03.2025 12:30",
        "05.03.2025 г.",
        "05.03.2025ж.",
        "05.03.2025.",
        "05 . 03 . 2025",
        "5 наурыз 2025 ж.",
        "5 наурыз 2025",
        "5 НАУРЫЗ 2025 ЖЫЛ",
        "«05» наурыз 2025 жыл",
        '"5" наурыз 2025 ж.',
        "2025 жылғы 5 наурыз",
        "2025 жылғы «05» наурыз",
        "2025 ж. 5 наурыз",
        "2025 жылғы 5 наурызда",
        "5-наурыз 2025 ж.",
        "5 марта 2025 г.",
        "5 марта 2025 года",
        "«5» марта 2025",
        "05 Март 2025 г",
        "5 мар. 2025",
        "5 March 2025",
        "«05» 03 2025 ж.",
        "05 03 2025",
        "5\u00a0марта\u00a02025\u00a0г.",
    ],
)
def test_one_day_in_many_ways(text: str) -> None:
    parsed = dates.parse(text)
    assert (parsed.value, parsed.state) == (MARCH_5, State.OK)


@pytest.mark.parametrize(
    "text",
    [
        "31.02.2025",
        "29.02.2025",
        "00.03.2025",
        "2025-13-01",
        "2025-02-30",
        "03/25/2025",
        "05.03.25",
        "5 март",
        "март 2025",
        "05.03",
        "05.03-2025",
        "5 foo 2025",
        "1.05.03.2025",
        "05.03.20255",
        "05.03.0025",
        "9999-12-31",
        "45721",
        "٠٥.٠٣.٢٠٢٥",
        "05.03.2025 06.03.2025",
        "abc",
        "-",
    ],
)
def test_unreadable_with_a_reason(text: str) -> None:
    parsed = dates.parse(text)
    assert (parsed.value, parsed.state) == (None, State.UNREADABLE)
    assert parsed.note


def test_why_a_date_is_unreadable() -> None:
    assert dates.parse("05.03.25").note == "the year needs four digits"
    assert dates.parse("31.02.2025").note == "there is no such day"


@pytest.mark.parametrize(
    ("number", "day"),
    [("45721", "2025-03-05"), ("45721.75", "2025-03-05"), ("36526", "2000-01-01"), ("60000", "2064-04-08")],
)
def test_bare_serial_numbers(number: str, day: str) -> None:
    parsed = dates.parse(number, CellKind.NUMBER)
    assert (str(parsed.value), parsed.state) == (day, State.SERIAL_NUMBER)


@pytest.mark.parametrize("number", ["36525", "60001", "5", "-45721", "20250305", "4.5721e+04"])
def test_other_numbers_are_no_dates(number: str) -> None:
    assert dates.parse(number, CellKind.NUMBER).state is State.UNREADABLE


@pytest.mark.parametrize(
    ("text", "kind", "state"),
    [
        ("2025-03-05", CellKind.DATE, State.OK),
        ("2025-03-05 23:59:59", CellKind.DATE, State.OK),
        ("12:30:00", CellKind.DATE, State.UNREADABLE),
        ("#N/A", CellKind.ERROR, State.ERROR_CELL),
        ("=TODAY()", CellKind.FORMULA, State.UNCALCULATED_FORMULA),
        (None, CellKind.EMPTY, State.EMPTY),
        ("", CellKind.TEXT, State.EMPTY),
        ("TRUE", CellKind.BOOLEAN, State.UNREADABLE),
    ],
)
def test_kinds(text: str | None, kind: CellKind, state: State) -> None:
    assert dates.parse(text, kind).state is state


styles = st.sampled_from(
    [
        lambda d: d.isoformat(),
        lambda d: f"{d:%d.%m.%Y}",
        lambda d: f"{d.day}/{d.month}/{d.year}",
        lambda d: f"{d.day} {KAZAKH[d.month - 1]} {d.year} ж.",
        lambda d: f"{d.year} жылғы «{d:%d}» {KAZAKH[d.month - 1]}",
        lambda d: f"{d.day} {RUSSIAN[d.month - 1].upper()} {d.year} Г.",
        lambda d: f"«{d:%d}» {RUSSIAN[d.month - 1]} {d.year} года",
    ]
)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), styles)
def test_every_style_comes_back(day: date, style) -> None:  # type: ignore[no-untyped-def]
    assert dates.parse(style(day)).value == day


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.times())
def test_the_time_of_day_is_left_out(day: date, at: time) -> None:
    moment = datetime.combine(day, at)
    assert dates.parse(moment.isoformat(" ")).value == moment.date()
    assert dates.parse(f"{moment:%d.%m.%Y %H:%M}").value == moment.date()


@given(st.integers(1, 40), st.integers(1, 20), st.integers(1990, 2040))
def test_figures_name_a_day_that_exists_or_none(day: int, month: int, year: int) -> None:
    parsed = dates.parse(f"{day}.{month}.{year}")
    try:
        expected = date(year, month, day)
    except ValueError:
        expected = None
    assert parsed.value == expected
    assert parsed.state is (State.OK if expected else State.UNREADABLE)
