"""The National Bank's feeds of exchange rates as they are published, for tests."""

from __future__ import annotations

from esep.warehouse.reference_spec import Fault

USD = ("USD", "474.2", "1")
IRR = ("IRR", "0.11", "10000")


def item(title: str, description: str, quant: str, day: str = "") -> str:
    published = f"<pubDate>{day}</pubDate>" if day else ""
    return (
        f"<item><fullname>Валюта</fullname><title>{title}</title>{published}"
        f"<description>{description}</description><quant>{quant}</quant><index>UP</index><change>+0.51</change></item>"
    )


def by_day(day: str, *rates: tuple[str, str, str]) -> bytes:
    """The answer of get_rates.cfm; `day` is DD.MM.YYYY, a rate is title, description, quant. An item a line, from 3."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f"<rates><generator>Alternate RSS Builder</generator><title>Official exchange rates</title><link>www</link>"
        f"<description>Official exchange rates of National Bank</description><date>{day}</date>",
        *(item(*rate) for rate in rates),
        "</rates>",
    ]
    return "\n".join(lines).encode()


def latest(*rates: tuple[str, str, str, str]) -> bytes:
    """rates_all.xml; a rate is title, description, quant, day. An item a line, from 3."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<rss version="2.0"><channel><generator/><title>Rates</title><description>All of them</description>',
        *(item(*rate) for rate in rates),
        "</channel></rss>",
    ]
    return "\n".join(lines).encode()


def with_doctype(feed: bytes, doctype: str) -> bytes:
    first, rest = feed.split(b"\n", 1)
    return b"\n".join((first, doctype.encode(), rest))


GOOD = by_day("31.07.2026", USD, IRR)
ALL = latest((*USD, "31.07.2026"), ("EUR", "510.07", "1", "30.07.2026"))
HTML = b"<!DOCTYPE html>\n<html><head><title>503</title></head><body><p>Service unavailable<br></body></html>"
ECB = (
    b'<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"><Cube><Cube time="2026-07-31">'
    b'<Cube currency="USD" rate="1.08"/></Cube></Cube></gesmes:Envelope>'
)
BOMB = '<!DOCTYPE rates [<!ENTITY a "1"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
FAULTY = [
    (with_doctype(GOOD, BOMB), 0, Fault.XML_DTD),
    (with_doctype(GOOD, BOMB).replace(b"474.2", b"&c;"), None, Fault.XML_DTD),
    (with_doctype(GOOD, '<!DOCTYPE rates SYSTEM "http://localhost:9/x.dtd">'), 0, Fault.XML_DTD),
    (GOOD.replace(b"474.2", b"&unknown;"), 3, Fault.XML_DTD),
    (HTML, 0, Fault.OTHER_XML),
    (HTML.removeprefix(b"<!DOCTYPE html>\n"), 0, Fault.OTHER_XML),
    (ECB, 1, Fault.OTHER_XML),
    (b'<rss version="2.0"/>', 1, Fault.OTHER_XML),
    (GOOD[:-20], None, Fault.XML_DAMAGED),
    (b"<r", 1, Fault.XML_DAMAGED),
    (by_day("2026-07-31", USD), 2, Fault.FEED_DATE),
    (by_day("31.02.2026", USD), 2, Fault.FEED_DATE),
    (by_day("", USD), 2, Fault.EMPTY),
    (latest(USD), 3, Fault.EMPTY),
    (latest((*USD, "July 31")), 3, Fault.FEED_DATE),
    (by_day("31.07.2026", ("", "1", "1")), 3, Fault.EMPTY),
    (by_day("31.07.2026", ("usd", "1", "1")), 3, Fault.CURRENCY),
    (by_day("31.07.2026", USD, ("EUR", "510,07", "1")), 4, Fault.FEED_NUMBER),
    (by_day("31.07.2026", ("EUR", "", "1")), 3, Fault.EMPTY),
    (by_day("31.07.2026", ("EUR", "0.00", "1")), 3, Fault.NOT_POSITIVE),
    (by_day("31.07.2026", ("EUR", "-510.07", "1")), 3, Fault.NOT_POSITIVE),
    (by_day("31.07.2026", ("EUR", "5e2", "1")), 3, Fault.FEED_NUMBER),
    (by_day("31.07.2026", ("EUR", "510.07<b>1</b>", "1")), 3, Fault.EMPTY),
    (by_day("31.07.2026", ("EUR", "510.07", "0")), 3, Fault.QUANT),
    (by_day("31.07.2026", ("EUR", "510.07", "-1")), 3, Fault.QUANT),
    (by_day("31.07.2026", ("EUR", "510.07", "1.5")), 3, Fault.QUANT),
    (by_day("31.07.2026", ("EUR", "510.07", "3")), 3, Fault.QUANT),
    (by_day("31.07.2026", ("EUR", "510.07", "")), 3, Fault.EMPTY),
    (by_day("31.07.2026", USD, ("USD", "474.3", "1")), 4, Fault.CONTRADICTORY),
    (by_day("31.07.2026", ("KZT", "2", "1")), 3, Fault.KZT_RATE),
    (by_day("31.07.2026", ("IRR", "0.001", "10000")), 3, Fault.ROUNDED_TO_ZERO),
    (by_day("31.07.2026", ("USD", "1234567.00", "1")), 3, Fault.NUMBER),
    (GOOD + b" " * 4 * 1024**2, 0, Fault.TOO_LARGE),
]
FAULTS_OF_FEEDS = {fault for *_, fault in FAULTY}
