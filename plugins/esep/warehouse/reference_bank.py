"""The National Bank's exchange rates as it publishes them: XML by day (`get_rates.cfm`) and latest (`rates_all.xml`).

    <rates>…<date>31.07.2026</date><item><title>USD</title><description>474.2</description><quant>1</quant>…</rates>
    <rss><channel>…<item><title>USD</title><pubDate>31.07.2026</pubDate><description>…</description><quant>…

The rate of one unit is description / quant; quant (1 … 10000) changes over the years. The day is the feed's own: the
answer to a question about a day may be for an earlier one, or empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

from lxml import etree

from esep.exact import PRECISION, plain
from esep.forms.reading.safe_xml import safe_parser
from esep.warehouse.reference_origin import Original, Place
from esep.warehouse.reference_rules import Problem
from esep.warehouse.reference_spec import Fault

SOURCE = "National Bank of Kazakhstan"
MAX_BYTES = 4 * 1024**2
"""A day of all currencies is 10 kB."""
_DAY = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})")
_ASKED = re.compile(r"fdate\W{0,3}([0-9]{2}\.[0-9]{2}\.[0-9]{4})", re.IGNORECASE)
_NUMBER = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?")
_QUANT = re.compile(r"[0-9]{1,9}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
_MARKUP = re.compile(rb"<[?!A-Za-z]")
_DAILY, _LATEST = "rates", "rss"


@dataclass(frozen=True, slots=True)
class Rate:
    """Tenge of one unit of a currency on a day, as published: `description` for `quant` units."""

    place: Place
    day: date
    currency: str
    description: str
    quant: str

    @property
    def kzt_per_unit(self) -> Decimal:
        """Exact: a Rate is made only of a quant that divides without a rest."""
        with localcontext(prec=PRECISION):
            return Decimal(self.description) / Decimal(self.quant)

    @property
    def cells(self) -> tuple[str, ...]:
        """A line of exchange_rate.csv; the source says what was published."""
        of = "" if self.quant == "1" else f": {self.description} / {self.quant}"
        return self.day.isoformat(), self.currency, plain(self.kzt_per_unit), SOURCE + of


def is_xml(content: bytes) -> bool:
    """Whether a file can only be meant as XML (or as a web page in its place)."""
    return _MARKUP.match(content[:64].lstrip(_BEFORE_XML).replace(b"\0", b"")) is not None


def read(file: Original, asked: date | None = None) -> tuple[list[Rate], list[Problem]]:
    """The rates of one file, and what is wrong with it. `asked` is the day that was asked for, if it is known."""
    if len(file.content) > MAX_BYTES:
        return [], [Problem(0, Fault.TOO_LARGE, found=len(file.content), expected=MAX_BYTES, file=file.name)]
    try:
        root = etree.fromstring(file.content, safe_parser())
    except etree.XMLSyntaxError as error:
        if re.match(rb"<(?:!doctype\s+)?html", file.content.lstrip(_BEFORE_XML), re.IGNORECASE):
            return [], [Problem(0, Fault.OTHER_XML, found="html", file=file.name)]
        if "entity" in str(error).lower():
            return [], [Problem(error.lineno or 0, Fault.XML_DTD, file=file.name)]
        return [], [Problem(error.lineno or 0, Fault.XML_DAMAGED, file=file.name)]
    if root.tag.lower() == "html":
        return [], [Problem(0, Fault.OTHER_XML, found="html", file=file.name)]
    if root.getroottree().docinfo.doctype:
        return [], [Problem(0, Fault.XML_DTD, file=file.name)]
    if root.tag not in (_DAILY, _LATEST):
        return [], [Problem(root.sourceline or 1, Fault.OTHER_XML, found=root.tag, file=file.name)]
    rates: list[Rate] = []
    problems: list[Problem] = []
    for one in _rates(file.name, root):
        if isinstance(one, Rate):
            rates.append(one)
        else:
            problems.append(one)
    if not rates and not problems:
        problems.append(Problem(0, Fault.NO_RATES, file=file.name))
    problems += _of_another_day(file.name, rates, asked or asked_in(file.name))
    return rates, problems


def asked_in(name: str) -> date | None:
    """The day in a file's name such as `get_rates.cfm?fdate=31.07.2026`, as programs save an address."""
    found = _ASKED.search(name)
    return _day(found[1]) if found else None


def _of_another_day(file: str, rates: list[Rate], asked: date | None) -> Iterator[Problem]:
    days = sorted({rate.day for rate in rates})
    if asked and days and days != [asked]:
        shown = days[0] if len(days) == 1 else f"{days[0]} … {days[-1]}"
        yield Problem(0, Fault.OTHER_DAY, "date", shown, asked, file=file)


def _rates(file: str, root: Any) -> Iterator[Rate | Problem]:
    day = None
    items = root.findall("channel/item") if root.tag == _LATEST else root.findall("item")
    if root.tag == _LATEST and not items and root.find("channel") is None:
        yield Problem(root.sourceline or 1, Fault.OTHER_XML, found=root.tag, file=file)
        return
    if root.tag == _DAILY and items:
        written = _text(root, "date")
        day = _day(written)
        if day is None:
            fault = Fault.FEED_DATE if written else Fault.EMPTY
            yield Problem(_line(root, "date"), fault, "date", written, file=file)
            return
    for item in items:
        yield _rate(file, item, day)


def _rate(file: str, item: Any, day: date | None) -> Rate | Problem:
    """The rate of an item, or the first fault of it; `day` is that of the whole file if it has one."""
    currency, description, quant = (_text(item, name) for name in ("title", "description", "quant"))
    written = _text(item, "pubDate")
    of_item = day or _day(written)
    faults = (
        ("title", currency, None if _CURRENCY.fullmatch(currency) else Fault.CURRENCY),
        ("pubDate", "" if day is None and not written else "x", None if of_item else Fault.FEED_DATE),
        ("description", description, _fault_of_number(description)),
        ("quant", quant, None if _QUANT.fullmatch(quant) and int(quant) else Fault.QUANT),
    )
    for name, cell, fault in faults:
        if fault or not cell:
            found = written if name == "pubDate" else f"{currency} {cell}".strip() if name != "title" else cell
            return Problem(_line(item, name), fault if cell and fault else Fault.EMPTY, name, found, file=file)
    rest = int(quant)
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
    if rest != 1 or of_item is None:
        return Problem(_line(item, "quant"), Fault.QUANT, "quant", f"{currency} {quant}", file=file)
    return Rate(Place(file, item.sourceline or 0), of_item, currency, description, str(int(quant)))


def _fault_of_number(written: str) -> Fault | None:
    if not _NUMBER.fullmatch(written):
        return Fault.FEED_NUMBER
    return None if Decimal(written) > 0 else Fault.NOT_POSITIVE


def _text(parent: Any, name: str) -> str:
    """The text of a child; empty where there is none, and where there are more of them or elements inside."""
    found = parent.findall(name)
    if len(found) != 1 or len(found[0]):
        return ""
    return (found[0].text or "").strip()


def _line(parent: Any, name: str) -> int:
    found = parent.find(name)
    return (parent if found is None else found).sourceline or 0


def _day(written: str) -> date | None:
    found = _DAY.fullmatch(written)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None
