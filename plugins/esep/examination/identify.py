"""Whose filing for which month: enough to link a filing, a refused one too, to the next of its pool and month."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import TypeVar

from esep.detail import Detail
from esep.examination.model import Identity
from esep.examination.register import Pool, named
from esep.forms import annex1, annex2
from esep.forms.document import ApplicationRead, FormRead, PackageRead, Text
from esep.forms.values import identifier
from esep.forms.values import period as periods
from esep.forms.values.dates import fold
from esep.forms.values.identifier import IdentifierCellState
from esep.forms.values.period import Period, PeriodState
from esep.forms.values.text import clean
from esep.signature import SignatureReport, signers_bin

_TWELVE = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")
_WORDS = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(r"(?<![0-9])20 ?[0-9]? ?[0-9]?(?![0-9])")
_WHOLE_YEAR = re.compile(r"(?<![0-9])20 ?([0-9]) ?([0-9])(?![0-9])")
_MORE_PRINTED = "год года году г ж жыл жылы жылғы ай айы айындағы месяц квартал тоқсан есепті кезең отчётный период за"


Reports = Mapping[str, SignatureReport]
"""Path of the signature file → its report."""
Value = TypeVar("Value")
Readings = Sequence[tuple[str, Callable[["Sources"], Value | None]]]
"""Name of a source → how it is asked; the first that gives a value counts."""


@dataclass(frozen=True)
class Sources:
    """The package as read, and the register: all that its identity and the small frames come from."""

    package: PackageRead
    application: ApplicationRead | None
    """The one that counts of those in the package."""
    pools: tuple[Pool, ...]
    reports: Reports

    @cached_property
    def forms(self) -> tuple[FormRead, ...]:
        return self.package.forms


def main_application(package: PackageRead) -> ApplicationRead | None:
    """The application that counts: the one with the most fields filled, the first of several such."""
    return max(package.applications, key=_filled, default=None)


def identify(sources: Sources) -> Identity:
    """Pool and period by the first source that gives them."""
    pool_id, pool_id_source = _first(POOL_SOURCES, sources)
    period, period_source = _first(PERIOD_SOURCES, sources)
    return Identity(pool_id, pool_id_source, _pool_name(sources), period, period_source)


def _first(readings: Readings[Value], sources: Sources) -> tuple[Value | None, str]:
    return next(((value, name) for name, read in readings if (value := read(sources))), (None, "none"))


def field(holder: ApplicationRead | None, name: str) -> str | None:
    """A field of Annex 1 as written, cleaned; None where it is blank or there is no application."""
    return _text(holder.fields, name) if holder else None


def footer(form: FormRead, name: str) -> str | None:
    return _text(form.footer, name)


def header(form: FormRead, name: str) -> str | None:
    return _text(form.header, name)


def read_pool_id(text: str | None) -> tuple[str | None, str | None, str | None]:
    """(number, state, padded reading) of a BIN in a text of Annex 1 or of the footer; three times None if blank."""
    if text is None:
        return None, None, None
    read = identifier.parse(twelve_digits(text) or text)
    padded = read.note or None
    holds = padded and identifier.parse(padded).state is IdentifierCellState.OK
    if read.state is IdentifierCellState.NOT_TWELVE_DIGITS and holds:
        return padded, IdentifierCellState.LOST_ZEROS.value, padded
    return read.value, read.state.value, padded


def twelve_digits(text: str) -> str | None:
    """The only number of twelve digits in a text; None without one or with several."""
    numbers = set(_TWELVE.findall(text))
    return numbers.pop() if len(numbers) == 1 else None


def read_period(text: str | None) -> Period | None:
    """The month or quarter of a phrase; None if nothing readable."""
    return periods.parse(text).value if text else None


def month_of(text: str | None) -> date | None:
    """The month of a phrase, as its first day."""
    read = periods.parse(text) if text else None
    return read.value.month if read and read.value and read.state is PeriodState.OK else None


def storable(text: str) -> str:
    """The text without what no UTF-8 file can hold: halves of surrogate pairs become `?`, NUL goes."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def stored(detail: Detail | None) -> str | None:
    """A detail as the files' frame holds it: code and values as JSON that a UTF-8 file can hold."""
    return None if detail is None else storable(detail.as_json())


def _text(texts: dict[str, Text], name: str) -> str | None:
    found = texts.get(name)
    return (clean(storable(found.text)) or None) if found and found.text else None


def _filled(application: ApplicationRead) -> int:
    return sum(1 for name in application.fields if field(application, name))


def _pool_name(sources: Sources) -> str | None:
    return field(sources.application, "pool_name") or next(
        (name for form in sources.forms if (name := footer(form, "pool_name"))), None
    )


def _twelve_digits_of_application(sources: Sources) -> str | None:
    number, _, _ = read_pool_id(field(sources.application, "pool_id"))
    return number if number and _TWELVE.fullmatch(number) else None


def _register_by_name(sources: Sources) -> str | None:
    names = [field(sources.application, "pool_name"), *(footer(form, "pool_name") for form in sources.forms)]
    for name in names:
        pool = named(sources.pools, name)
        if pool:
            return pool.pool_id
    return None


def _month_of_form(sources: Sources) -> date | None:
    months: Sequence[date] = [month for form in sources.forms if (month := month_of(header(form, "period")))]
    return months[0] if months else None


POOL_SOURCES: Readings[str] = (
    ("application", _twelve_digits_of_application),
    ("signature", lambda sources: signers_bin(tuple(sources.reports.values()))),
    ("register", _register_by_name),
    ("application", lambda sources: read_pool_id(field(sources.application, "pool_id"))[0]),
)
"""In order (facts.md section 1: without a readable Annex 1 the signer's BIN, else the register's pool)."""

PERIOD_SOURCES: Readings[date] = (
    ("application", lambda sources: month_of(field(sources.application, "period"))),
    ("form", _month_of_form),
)


def year_in(text: str | None) -> str | None:
    """The four digits of the only year of this century in a phrase; None without one (`202_`) or with several."""
    years = {f"20{tens}{ones}" for tens, ones in _WHOLE_YEAR.findall(fold(text or ""))}
    return years.pop() if len(years) == 1 else None


def names_a_month(text: str | None) -> bool:
    """Whether the phrase has anything that is neither the year nor printed on the form."""
    rest = _YEAR.sub(" ", fold(text or ""))
    return any(character.isdigit() for character in rest) or bool(set(_WORDS.findall(rest)) - _printed())


@cache
def _printed() -> frozenset[str]:
    texts = [_MORE_PRINTED]
    for language in annex1.LANGUAGES:
        texts += [annex1.REQUEST_BEFORE[language], annex1.REQUEST_AFTER[language], annex1.PERIOD_BLANK[language]]
        texts += [annex1.PERIOD_CAPTION[language], annex2.PERIOD_LABEL[language], annex2.PERIOD_BLANK[language]]
    return frozenset(_WORDS.findall(fold(" ".join(texts))))
