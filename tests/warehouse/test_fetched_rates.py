"""Rates fetched from an address: from a small server on this machine that answers as the Bank does, and worse."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from esep.config import ConfigurationError, Settings
from esep.orchestration import rates as task
from esep.orchestration.periodic import ParameterError
from esep.warehouse import reference, reference_fetch
from esep.warehouse.reference_fetch import FetchError, days_due, fetch_rates
from esep.warehouse.reference_handed import read
from esep.warehouse.reference_proposal import Mode
from esep.warehouse.reference_spec import Fault
from warehouse.bank_feeds import BOMB, HTML, USD, by_day, latest, with_doctype
from warehouse.warehouse_office import NOW

TODAY = date(2026, 3, 1)
Answer = tuple[int, bytes]


class Bank:
    """Answers by the day asked for, and remembers the days."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: Callable[[str], Answer] = lambda day: (200, by_day(day, USD))
        self.seconds = 0.0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                day = parse_qs(urlsplit(self.path).query).get("fdate", [""])[0]
                outer.asked.append(day)
                status, content = outer.answer(day)
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                for piece in (content[:100], content[100:]):
                    self.wfile.write(piece)
                    time.sleep(outer.seconds)

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.root = f"http://127.0.0.1:{self.server.server_port}"
        self.url = self.root + "/rss/get_rates.cfm?fdate={day}"


@pytest.fixture
def bank() -> Iterator[Bank]:
    made = Bank()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


def held(settings: Settings) -> set[tuple[date, str]]:
    return {(row["date"], str(row["kzt_per_unit"])) for row in reference.rows_in_force(settings, "exchange_rate")}


def in_force(settings: Settings, day: str, value: str = "474.2") -> None:
    handed = read(settings, [("x.xml", by_day(day, ("USD", value, "1")))])
    assert reference.add_handed(settings, handed, NOW)[1].state == "accepted"


def test_the_days_since_the_last_one_in_force_are_one_version(office, bank):
    in_force(office.settings, "26.02.2026")
    report = fetch_rates(office.settings, bank.url, NOW)
    assert (report.state, report.checked.count("added")) == ("accepted", 3)
    assert bank.asked == ["27.02.2026", "28.02.2026", "01.03.2026"]
    assert {day for day, _ in held(office.settings)} == {date(2026, 2, 26) + timedelta(days=n) for n in range(4)}
    version = reference.in_force(office.settings, "exchange_rate")
    assert version.author == "rates"
    assert reference.version_count(office.settings, "exchange_rate") == 2


def test_the_same_bytes_again_are_nothing_new(office, bank):
    assert fetch_rates(office.settings, bank.url, NOW).state == "accepted"
    assert fetch_rates(office.settings, bank.url, NOW).state == "unchanged"
    assert bank.asked == ["01.03.2026"] * 2
    assert reference.version_count(office.settings, "exchange_rate") == 1
    assert [path.name for path in office.settings.reference.glob("*.*")] == ["exchange_rate.csv"]


def test_an_address_without_a_day_is_asked_once(office, bank):
    bank.answer = lambda _: (200, latest((*USD, "27.02.2026"), ("EUR", "510", "1", "28.02.2026")))
    assert fetch_rates(office.settings, f"{bank.root}/rss/rates_all.xml", NOW).state == "accepted"
    assert len(bank.asked) == 1
    assert {day for day, _ in held(office.settings)} == {date(2026, 2, 27), date(2026, 2, 28)}


def test_an_answer_for_another_day_and_an_empty_one_are_said(office, bank):
    in_force(office.settings, "27.02.2026")
    answers = {"28.02.2026": by_day("27.02.2026", USD), "01.03.2026": b"<rates></rates>"}
    bank.answer = lambda day: (200, answers[day])
    report = fetch_rates(office.settings, bank.url, NOW)
    assert report.state == "unchanged"
    assert [problem.fault for problem in report.checked.warnings] == [Fault.OTHER_DAY, Fault.NO_RATES]
    bank.answer = lambda day: (200, by_day(day, USD))
    assert fetch_rates(office.settings, bank.url, NOW).checked.count("added") == 2  # both are asked for again


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((500, b"error"), "the answer is 500"),
        ((302, b""), "the answer is 302"),
        ((404, HTML), "the answer is 404"),
        ((200, HTML), "these are not the National Bank's rates"),
        ((200, b""), "no XML"),
        ((200, b"USD 474.2"), "no XML"),
        ((200, by_day("01.03.2026", USD)[:-30]), "breaks off"),
        ((200, with_doctype(by_day("01.03.2026", USD), BOMB)), "DOCTYPE"),
        ((200, by_day("01.03.2026", ("USD", "474,2", "1"))), "decimal point"),
        ((200, b"<rates>" + b" " * 5 * 1024**2), "larger than"),
    ],
)
def test_an_answer_that_is_none_changes_nothing_and_says_why(office, bank, answer, words):
    in_force(office.settings, "27.02.2026")
    before = held(office.settings)
    bank.answer = lambda day: answer if day == "01.03.2026" else (200, by_day(day, USD))
    with pytest.raises(FetchError, match=words):
        fetch_rates(office.settings, bank.url, NOW)
    assert held(office.settings) == before
    assert [path.name for path in office.settings.reference.glob("*.*")] == ["exchange_rate.csv"]
    bank.answer = lambda day: (200, by_day(day, USD))
    assert fetch_rates(office.settings, bank.url, NOW).checked.count("added") == 2


def test_a_slow_answer_and_none_at_all(office, bank):
    bank.seconds = 0.5
    with pytest.raises(FetchError, match=r"no whole answer within 0\.2 s"):
        fetch_rates(office.settings, bank.url, NOW, seconds=0.2)
    with pytest.raises(FetchError, match="cannot be reached"):
        fetch_rates(office.settings, "http://127.0.0.1:9/{day}", NOW, seconds=1)
    assert reference.in_force(office.settings, "exchange_rate") is None


def test_other_rates_than_those_in_force_wait_for_a_person(office, bank):
    in_force(office.settings, "01.03.2026", "470")
    with pytest.raises(FetchError, match=r"470 → 474\.2.*exchange_rate\.add\.csv"):
        fetch_rates(office.settings, bank.url, NOW, [TODAY])
    assert held(office.settings) == {(TODAY, "470")}
    waiting = office.settings.reference / "exchange_rate.add.csv"
    waiting.rename(waiting.with_name("exchange_rate.add-replace.csv"))
    states = {one.name: one.state for one in reference.accept(office.settings, NOW + timedelta(hours=1))}
    assert states["exchange_rate.add-replace"] == "accepted"
    assert held(office.settings) == {(TODAY, "474.2")}
    assert reference.in_force(office.settings, "exchange_rate").author == "rates"
    reference.accept(office.settings, NOW + timedelta(hours=2))
    assert [path.name for path in office.settings.reference.glob("*.*")] == ["exchange_rate.csv"]


def test_which_days_are_due(office):
    assert days_due(office.settings, TODAY) == (TODAY,)
    in_force(office.settings, "02.03.2026")  # tomorrow's are published today
    assert days_due(office.settings, TODAY) == (TODAY,)
    reference.add(office.settings, "exchange_rate", b"date,currency,kzt_per_unit,source\n2024-01-01,USD,1,x\n", NOW,
                  Mode.REPLACE)  # fmt: skip
    days = days_due(office.settings, TODAY)
    assert (days[0], len(days)) == (date(2024, 1, 2), reference_fetch.MOST_DAYS)


def test_the_task(office, bank):
    def run(url: str | None, day: str | None = None, at: datetime = NOW) -> dict[str, object]:
        settings = Settings.from_environment({"ESEP_HOME": str(office.settings.home), "ESEP_RATES_URL": url or ""})
        return task.fetch_rates(settings, day, "А. Оспанова", at)

    with pytest.raises(ParameterError, match="ESEP_RATES_URL is not set"):
        run(None)
    done = run(bank.url, "2026-02-03")
    assert (done["days"], done["state"], done["added"]) == (["2026-02-03"], "accepted", 1)
    assert reference.in_force(office.settings, "exchange_rate").author == "А. Оспанова"
    with pytest.raises(ConfigurationError, match="ESEP_RATES_URL"):
        run("http://nationalbank.example/{day}")
