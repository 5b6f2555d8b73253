from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esep.forms.values import licence
from esep.forms.values.cell import CellKind
from esep.forms.values.licence import Licence
from esep.forms.values.licence import LicenceState as State

DAY = date(2024, 2, 1)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("№ 12345 от 01.02.2024", "12345"),
        ("№12345 от 01.02.2024 г.", "12345"),
        ("12345, 01.02.2024", "12345"),
        ("01.02.2024 № 12345", "12345"),
        ("01.02.2024 12345", "12345"),
        ("от 1 февраля 2024 года № 12345", "12345"),
        ("KZ12VNM00001234, 2024-02-01 берілген", "KZ12VNM00001234"),
        ("№ 123/А 01.02.2024 ж. берілген", "123/А"),
        ("2024 жылғы 1 ақпанда берілген № ЦМ-00045", "ЦМ-00045"),
        ("«01» ақпан 2024 ж., № ЦМ-00045 лицензия", "ЦМ-00045"),
        ("Лицензия ЦМ-00045 от 01.02.2024 г.", "ЦМ-00045"),
        ("лицензия серии KZ № 0012345 выдана 01.02.2024", "0012345"),
        ("№ KZ 12345 от 01.02.2024", "KZ 12345"),
        ("N 12345 dated 2024-02-01", "12345"),
        ("12345 (01.02.2024 - 01.02.2027)", "12345"),
        ("до 01.02.2027, выдана 01.02.2024, № 12345", "12345"),
        ("12345/01.02.2024", "12345"),
        ("12345-01.02.2024", "12345"),
        ("NO12AAA00012345, 01.02.2024", "NO12AAA00012345"),
        ("No. 12345 от 01.02.2024", "12345"),
        ("№ 12345/2024-02 01.02.2024", "12345/2024-02"),
        ("KZ12VNM00001234\n01.02.2024", "KZ12VNM00001234"),
        ("№12345 2024-02-01 00:00:00", "12345"),
        ("№ " + "7" * 40 + " от 01.02.2024", "7" * 40),
        ("KZ11 DM000 00101 / 01.02.2024", "KZ11 DM000 00101"),
        ("№ KZ11 DM00000101 от 01.02.2024", "KZ11 DM00000101"),
        ("KZ11DM00000101 категория 2 от 01.02.2024", "KZ11DM00000101"),
        ("KZ11DM00000101 2 категория, 01.02.2024", "KZ11DM00000101"),
    ],
)
def test_number_and_date(text: str, number: str) -> None:
    parsed = licence.parse(text)
    assert (parsed.value, parsed.state) == (Licence(number, DAY), State.OK)


@pytest.mark.parametrize(
    "text", ["12345", "№ 12345 от 31.02.2024", "№ 12345 от 01.02.24", "№ 12345 от ____", "01.02.24 № 12345"]
)
def test_a_number_without_a_date(text: str) -> None:
    parsed = licence.parse(text)
    assert (parsed.value, parsed.state) == (Licence("12345", None), State.NO_DATE)
    assert parsed.note


@pytest.mark.parametrize(
    "text",
    ["01.02.2024", "№ 7 от 01.02.2024", "№ от 01.02.2024", "берілген 01.02.2024 ж.", "№ " + "7" * 41 + " 01.02.2024"],
)
def test_a_date_without_a_number(text: str) -> None:
    parsed = licence.parse(text)
    assert (parsed.value, parsed.state) == (Licence(None, DAY), State.NO_NUMBER)
    assert parsed.note


@pytest.mark.parametrize("text", ["-", "жоқ", "нет", "№", "лицензия", "01.02.24", "31.02.2024", "№ 5"])
def test_neither(text: str) -> None:
    parsed = licence.parse(text)
    assert (parsed.value, parsed.state) == (None, State.UNREADABLE)


@pytest.mark.parametrize(
    ("text", "kind", "state"),
    [
        ("2024-02-01", CellKind.DATE, State.NO_NUMBER),
        ("12345", CellKind.NUMBER, State.NO_DATE),
        ("TRUE", CellKind.BOOLEAN, State.UNREADABLE),
        ("#N/A", CellKind.ERROR, State.ERROR_CELL),
        ("=A1", CellKind.FORMULA, State.UNCALCULATED_FORMULA),
        (None, CellKind.EMPTY, State.EMPTY),
        ("  ", CellKind.TEXT, State.EMPTY),
    ],
)
def test_kinds(text: str | None, kind: CellKind, state: State) -> None:
    assert licence.parse(text, kind).state is state


numbers = st.from_regex(r"\A(?:[A-Z]{2}[0-9]{2}[A-Z]{3}[0-9]{8}|[0-9]{5,9}|ЦМ-[0-9]{4,6}|[0-9]{4}/[0-9]{2}-А)\Z")
layouts = st.sampled_from(
    [
        "№ {n} от {d}",
        "{n}, {d}",
        "{d} № {n}",
        "{n} {d} берілген",
        "{d} ж. берілген № {n}",
        "Лицензия №{n} выдана {d} г.",
    ]
)
day_styles = st.sampled_from(["%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y"])


@given(numbers, st.dates(date(2000, 1, 1), date(2099, 12, 31)), layouts, day_styles)
def test_every_layout_comes_back(number: str, day: date, layout: str, style: str) -> None:
    text = layout.format(n=number, d=day.strftime(style))
    assert licence.parse(text).value == Licence(number, day)
