from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esep.forms.values import period
from esep.forms.values.cell import CellKind
from esep.forms.values.dates import fold, month_of
from esep.forms.values.period import Period
from esep.forms.values.period import PeriodState as State

MONTHS = {
    1: "қаңтар январь январе января январём қаңтары қаңтарында қаңтарындағы қаңтардың қаңтарға",
    2: "ақпан февраль феврале февраля ақпанның ақпандағы ақпаны акпан",
    3: "наурыз март марта марте марту мартом наурызы наурызындағы наурыздағы наурыздың наурызға наурызда наурыздан",
    4: "сәуір апрель апреля апреле сәуірі сәуірдегі сәуірдің сәуірде сауир",
    5: "мамыр май мая мае маю маем мамырдағы мамырының мамырда",
    6: "маусым июнь июня июне маусымның маусымдағы маусымы маусымында",
    7: "шілде июль июля июле шілдедегі шілденің шілдесі шілдесіндегі шилде",
    8: "тамыз август августа августе августом тамыздағы тамызы тамызындағы",
    9: "қыркүйек сентябрь сентября сентябре қыркүйектегі қыркүйектің қыркүйегі кыркуйек",
    10: "қазан октябрь октября октябре қазандағы қазанның қазаны казан",
    11: "қараша ноябрь ноября ноябре қарашадағы қарашаның қарашасы карашасында караша",
    12: "желтоқсан декабрь декабря декабре желтоқсандағы желтоқсанның желтоқсаны желтоксан желтоқсанында",
}
WORDS = [(word, number) for number, words in MONTHS.items() for word in words.split()]
NOMINATIVE = {number: words.split()[:2] for number, words in MONTHS.items()}


@pytest.mark.parametrize(("word", "number"), WORDS)
def test_months_in_any_case_form(word: str, number: int) -> None:
    assert month_of(fold(word)) == number
    assert month_of(fold(word.upper())) == number


@pytest.mark.parametrize(
    "word",
    [
        "тоқсан",
        "жыл",
        "айы",
        "мартен",
        "майнер",
        "майнинг",
        "майнингтік",
        "пул",
        "казанский",
        "тамыр",
        "шілдер",
        "маус",
        "наур",
        "июнька",
        "кірістері",
        "ай",
    ],
)
def test_words_that_are_no_months(word: str) -> None:
    assert month_of(fold(word)) is None


@pytest.mark.parametrize(
    "text",
    [
        "Салық салу мақсаттары үшін цифрлық майнерлер мен цифрлық майнингтік пулдардың 2025 жылғы наурыз кірістері "
        "туралы мәліметтерді қабылдауды сұраймын",
        "Прошу принять сведения о доходах цифровых майнеров и цифровых майнинговых пулов за март 2025 года",
        "2025 жылғы «наурыз» айы",
        "2025 жылғы «  наурыз  » кірістері",
        "2025 жылғы __наурыз__ кірістері",
        "202 5 жылғы наурыз",
        "20 25 жылғы наурыз",
        "2025 жылдың наурызы",
        "2025 жылдың наурызындағы",
        "наурыз 2025",
        "Наурыз, 2025 жыл",
        "НАУРЫЗ 2025 Ж.",
        "2025ж.наурыз",
        "март2025",
        "март 2025 г.",
        "за март месяц 2025 года",
        "в марте 2025",
        "марта 2025",
        "2025, март",
        "2025 год, месяц март",
        "03.2025",
        "3.2025",
        "03/2025",
        "03-2025",
        "2025-03",
        "2025.03",
        "2025 жылғы 03 кірістері туралы мәліметтерді",
        "2025 жылғы «03» айы",
        "за 03 месяц 2025 года",
        "03 2025",
        "2025-03-01",
        "01.03.2025",
        "2025-03-01 00:00:00",
        "с 01.03.2025 по 31.03.2025",
        "01.03.2025-31.03.2025",
        "с 1 по 31 марта 2025 года",
        "2025 жылғы 1 наурыз - 31 наурыз",
        "Есепті кезең: 20 25 жылғы _наурыз_ тоқсан.",
        "2025 жылғы наурыз тоқсан",
        "Отчётный период: март квартал 2025 года",
        "2025 жылғы 1 тоқсан, наурыз",
        "26.04.2023 № 166/НҚ бұйрыққа сәйкес 2025 жылғы наурыз",
        "Приказ от 26 апреля 2023 года, период: март 2025 года",
        "2025 жылғы н\u0430урыз",
        "2025 жылғы нaурыз",  # a Latin letter a
    ],
)
def test_march_2025(text: str) -> None:
    parsed = period.parse(text)
    assert (parsed.value, parsed.state) == (Period(date(2025, 3, 1), date(2025, 3, 1)), State.OK)
    assert parsed.value is not None
    assert parsed.value.month == date(2025, 3, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2025 жылғы желтоқсан",
        "2025 жылғы желтоқсан тоқсан",
        "2025 жылғы ЖЕЛТОҚСАН ТОҚСАН",
        "20 25 жылғы желтоксан тоқсан",
        "2025 жылғы жел-тоқсан",
        "2025 жылғы жел\nтоқсан",
        "желтоқсан 2025",
        "12.2025",
        "декабрь 2025",
        "2025 жылғы 4 тоқсан, желтоқсан",
    ],
)
def test_december_is_no_quarter(text: str) -> None:
    parsed = period.parse(text)
    assert parsed.state is State.OK
    assert parsed.value == Period(date(2025, 12, 1), date(2025, 12, 1))


@pytest.mark.parametrize(
    ("text", "first_month"),
    [
        ("2025 жылғы 1 тоқсан", 1),
        ("2025 жылғы 1-тоқсан", 1),
        ("20 25 жылғы __1__ тоқсан.", 1),
        ("2025 жылғы I тоқсан", 1),
        ("2025 жылғы ІІ тоқсан", 4),  # Cyrillic letters І
        ("2025 жылғы III-тоқсан", 7),
        ("2025 жылғы IV тоқсан", 10),
        ("2025 жылғы 4-ші тоқсан", 10),
        ("2025 жылғы бірінші тоқсан", 1),
        ("2025 жылғы төртінші тоқсаны", 10),
        ("1 тоқсан 2025", 1),
        ("1 квартал 2025", 1),
        ("за I квартал 2025 года", 1),
        ("за II квартал 2025", 4),
        ("за 3-й квартал 2025 г.", 7),
        ("за четвёртый квартал 2025 года", 10),
        ("второй квартал 2025", 4),
        ("1 кв. 2025 г.", 1),
        ("Q3 2025", 7),
        ("қаңтар-наурыз 2025", 1),
        ("апрель - июнь 2025 года", 4),
        ("01.07.2025 - 30.09.2025", 7),
    ],
)
def test_quarters(text: str, first_month: int) -> None:
    parsed = period.parse(text)
    assert parsed.state is State.QUARTER
    assert parsed.value == Period(date(2025, first_month, 1), date(2025, first_month + 2, 1))
    assert parsed.value.month is None


@pytest.mark.parametrize(
    "text",
    [
        "2025",
        "2025 жылғы ____ тоқсан",
        "202_ жылғы ____ кірістері",
        "наурыз",
        "2019 жылғы наурыз",
        "март 2030 года",
        "2019-03-05",
        "13.2025",
        "0.2025",
        "март, апрель 2025",
        "наурыз - шілде 2025",
        "март 2024, март 2025",
        "декабрь 2024 - январь 2025",
        "2025 жылғы I-II тоқсан",
        "2025 жылғы 5 тоқсан",
        "2025 жылғы 03 тоқсан",
        "2025 жылғы 3 ай",
        "за 3 месяца 2025 года",
        "2025 тоқсан",
        "2025 жылғы 1 тоқсан, сәуір",
        "05.04.2025 наурыз",
        "март 25",
        "٢٠٢٥ наурыз",
        "abc",
    ],
)
def test_unreadable(text: str) -> None:
    parsed = period.parse(text)
    assert (parsed.value, parsed.state) == (None, State.UNREADABLE)
    assert parsed.note


@pytest.mark.parametrize(
    ("text", "kind", "state"),
    [
        ("2025-03-01", CellKind.DATE, State.OK),
        ("45717", CellKind.NUMBER, State.OK),
        ("3.2025", CellKind.NUMBER, State.OK),
        ("5", CellKind.NUMBER, State.UNREADABLE),
        ("36526", CellKind.NUMBER, State.UNREADABLE),
        (None, CellKind.EMPTY, State.EMPTY),
        ("#REF!", CellKind.ERROR, State.ERROR_CELL),
        ("=A1", CellKind.FORMULA, State.UNCALCULATED_FORMULA),
    ],
)
def test_kinds(text: str | None, kind: CellKind, state: State) -> None:
    assert period.parse(text, kind).state is state


styles = st.sampled_from(
    [
        "2{y} жылғы {kk} кірістері туралы",
        "за {ru} 2{y} года",
        "{kk} 2{y}",
        "{m:02d}.2{y}",
        "2{y}-{m:02d}",
        "2{y} жылғы {kk} тоқсан",
        "«{ru}» 2{y} г.",
    ]
)


@given(st.integers(2020, 2029), st.integers(1, 12), styles, st.booleans())
def test_every_month_comes_back(year: int, month: int, style: str, upper: bool) -> None:
    kk, ru = NOMINATIVE[month]
    text = style.format(y=str(year)[1:], m=month, kk=kk, ru=ru)
    first = date(year, month, 1)
    assert period.parse(text.upper() if upper else text).value == Period(first, first)


@given(st.dates(date(2020, 1, 1), date(2029, 12, 31)))
def test_a_period_contains_its_days(day: date) -> None:
    first = (day.month - 1) // 3 * 3 + 1
    quarter = Period(date(day.year, first, 1), date(day.year, first + 2, 1))
    assert quarter.contains(day)
    assert not quarter.contains(day.replace(day=1, month=first % 12 + 4 if first < 10 else 1))
