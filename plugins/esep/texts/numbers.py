"""Numbers, days and months as people of each language write them. Only `tenge` and `percent` round."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from esep.clock import TIMEZONE
from esep.forms.phrases import KAZAKH, RUSSIAN_GENITIVE

NARROW_SPACE = "\u202f"
NOTHING = "–"

_ENGLISH = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_RUSSIAN = (
    "январь", "февраль", "март", "апрель", "май", "июнь",
    "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip
_SHORT = {
    "kk": ("қаң", "ақп", "нау", "сәу", "мам", "мау", "шіл", "там", "қыр", "қаз", "қар", "жел"),
    "ru": ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_WEEKDAYS = {
    "kk": ("дс", "сс", "ср", "бс", "жм", "сб", "жс"),
    "ru": ("пн", "вт", "ср", "чт", "пт", "сб", "вс"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


def quantity(value: Decimal | None, language: str) -> str:
    """Units of an asset with every decimal they have: `1 234,000500` loses only the zeros at its end."""
    if value is None:
        return NOTHING
    whole, _, fraction = f"{value:f}".partition(".")
    return _written(whole, fraction.rstrip("0"), language)


def tenge(value: Decimal | None, language: str) -> str:
    """Tenge rounded half up to 2 decimals, as the annual total is (the exact value stays in the warehouse)."""
    if value is None:
        return NOTHING
    whole, _, fraction = f"{value.quantize(Decimal('0.01'), ROUND_HALF_UP):f}".partition(".")
    return _written(whole, fraction, language)


def signed_tenge(value: Decimal | None, language: str) -> str:
    """A difference in tenge, with its sign; a difference that rounds to nothing has none."""
    return _signed(tenge(value, language), value)


def signed_quantity(value: Decimal | None, language: str) -> str:
    """A difference in units, with its sign."""
    return _signed(quantity(value, language), value)


def count(value: int, language: str) -> str:
    return _written(str(value), "", language)


def percent(share: Decimal | float | None, language: str, decimals: int = 1) -> str:
    """A share from 0 to 1 as per cent."""
    if share is None:
        return NOTHING
    whole, _, fraction = f"{share * 100:.{decimals}f}".partition(".")
    return f"{_written(whole, fraction, language)}{marks(language)[2]}"


def marks(language: str) -> tuple[str, str, str]:
    """What stands between thousands, before decimals, and after a number of per cent."""
    return (",", ".", "%") if language == "en" else (NARROW_SPACE, ",", "\xa0%")


def day(value: date | None, language: str) -> str:
    """`2025-03-25` in English, `25.03.2025` in Kazakh and Russian."""
    if value is None:
        return NOTHING
    return value.isoformat() if language == "en" else f"{value:%d.%m.%Y}"


def day_and_weekday(value: date | None, language: str) -> str:
    return NOTHING if value is None else f"{day(value, language)}, {_WEEKDAYS[language][value.weekday()]}"


def day_of_year(value: date, language: str) -> str:
    """`01-26 Mon`, `26.01 пн`: where the year is in the title."""
    written = f"{value:%m-%d}" if language == "en" else f"{value:%d.%m}"
    return f"{written} {_WEEKDAYS[language][value.weekday()]}"


def moment(value: datetime | None, language: str) -> str:
    """Day and time in Asia/Almaty, to the minute."""
    if value is None:
        return NOTHING
    local = value.astimezone(TIMEZONE)
    return f"{day(local.date(), language)} {local:%H:%M}"


def month(value: date | None, language: str) -> str:
    """`наурыз 2025`, `март 2025`, `March 2025`."""
    if value is None:
        return NOTHING
    names = {"kk": KAZAKH, "ru": _RUSSIAN, "en": _ENGLISH}[language]
    return f"{names[value.month - 1]} {value.year}"


def month_short(value: date, language: str) -> str:
    """The month's name alone in three letters, for headings of columns and charts."""
    return _SHORT[language][value.month - 1]


def day_in_words(value: date | None, language: str) -> str:
    """`2025 жылғы 3 наурыз`, `3 марта 2025 года`, `3 March 2025`."""
    if value is None:
        return NOTHING
    if language == "kk":
        return f"{value.year} жылғы {value.day} {KAZAKH[value.month - 1]}"
    if language == "ru":
        return f"{value.day} {RUSSIAN_GENITIVE[value.month - 1]} {value.year} года"
    return f"{value.day} {_ENGLISH[value.month - 1]} {value.year}"


def _signed(written: str, value: Decimal | None) -> str:
    if value is None or not any(sign in "123456789" for sign in written):
        return written.removeprefix("−")
    return written if value < 0 else f"+{written}"


def _written(whole: str, fraction: str, language: str) -> str:
    """Thousands apart, decimals after the language's mark, a true minus sign."""
    minus = "−" if whole.startswith("-") else ""
    thousands, decimal, _ = marks(language)
    grouped = f"{int(whole.lstrip('-') or '0'):,}".replace(",", thousands)
    return f"{minus}{grouped}{decimal}{fraction}" if fraction else f"{minus}{grouped}"
