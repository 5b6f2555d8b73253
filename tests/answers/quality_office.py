"""An office with good and bad filings of January 2025, for what is reported of their quality. All names are made up.

POOL    10.02 refused (C-12 once, C-33 twice), 20.02 filed again and accepted (R-37 three times, R-52),
        10.04 corrected, eight days after the due date of the declared day of change; 20.03 a filing of February that
        nobody has examined yet; a notice about the second of them was sent in time
OTHER   27.02 accepted, two days after the due date, examined a day late; its notice on two grounds was not sent
PERSON  11.02 accepted: its pool wrote an IIN where its BIN belongs, and marks of HTML into its name
nobody  15.02 refused: neither pool nor month can be read
"""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from esep.config import Settings
from esep.office import events
from esep.warehouse import work
from supervision.supervised_office import SupervisedOffice
from warehouse.warehouse_office import OTHER_POOL, POOL, finding, moment, row

PERSON = "061211600012"
PERSON_NAME = "<b>Ержан Мысалов</b>"
SECRET = "bc1qexampleofawalletthatviewersmustnotsee"
NOW = moment("2025-04-15 09:00")


Filled = tuple[SupervisedOffice, dict[str, str]]


@pytest.fixture(scope="session")
def quality_filings(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> Filled:
    """The office and the numbers of its filings by short name, made once; read it only."""
    return quality_office(tmp_path_factory.mktemp("quality"), empty_work)


def quality_office(home: Path, empty_work: Path) -> Filled:
    """The office, loaded and supervised, and the numbers of its filings by short name."""
    settings = Settings(home=home)
    shutil.copytree(empty_work, work.folder(settings))
    office = SupervisedOffice(settings, live=True)
    office.register_of_pools(
        f"{POOL},ТОО «Пул Алатау»,2025-01-01,", f"{OTHER_POOL},«Мөлдір Бұлақ» ЖШС,2025-01-01,2025-01-31"
    )
    office.prices("2025-01-10,BTC,50000000,KZT")
    good, bad = row("2025-01-10", "BTC", "2"), row("2025-01-10", "BTC", None, quantity_text="көп")
    numbers = {
        "refused": _file(office, "2025-02-10 10:00", "2025-02-12 11:00", [good], verdict="refused", findings=[
            finding("C-12", lane="completeness"),
            _placed("C-33", 2, lane="completeness"),
        ]),
        "person": _file(office, "2025-02-11 10:00", "2025-02-11 10:05", [good], pool=PERSON, pool_name=PERSON_NAME,
                        findings=[_placed("R-65", 1, row=11, column_no="5", found=SECRET, expected=PERSON)]),
        "unread": _file(office, "2025-02-15 10:00", "2025-02-17 09:00", [], pool=None, period=None, verdict="refused",
                        findings=[finding("C-01", lane="completeness")]),
        "refiled": _file(office, "2025-02-20 10:00", "2025-02-21 09:00", [good, bad, bad], findings=[
            _placed("R-37", 3, row=11, column_no="3", found="061211600013"),
            _placed("R-52", 1, row=12, column_no="8", found="көп"),
        ]),
        "late": _file(office, "2025-02-27 10:00", "2025-03-04 09:00", [row("2025-01-11", "ETH", "4")],
                      pool=OTHER_POOL, pool_name="«Мөлдір Бұлақ» ЖШС"),
        "waiting": office.register("2025-03-20 10:00"),
    }  # fmt: skip
    numbers["correction"] = _file(
        office, "2025-04-10 10:00", "2025-04-11 09:00", [good, bad], change_date="2025-03-14",
        findings=[finding("R-36") | {"severity": "warning"}],
    )  # fmt: skip
    late, refiled = numbers["late"], numbers["refiled"]
    _detected(office, late, "R-70", "2025-03-06")
    _notice(office, refiled, POOL, ["unreliable"], "2025-02-21")
    _notice(office, late, OTHER_POOL, ["late", "unreliable"], "2025-03-06")
    office.decide(
        refiled,
        "dispatched",
        "2025-02-27 12:00",
        letter_no=f"{refiled}/N-1",
        letter_kind="notice",
        channel="email",
        sent_at=moment("2025-02-27 12:00").isoformat(),
        proof="p",
        recipients=["pool"],
    )
    office.refresh(NOW)
    return office, numbers


def _file(
    office: SupervisedOffice, received: str, examined: str, rows: list[dict[str, Any]], *,
    change_date: str | None = None, **facts: Any,
) -> str:  # fmt: skip
    number = office.register(received, change_date)
    at: datetime = moment(examined)
    office.examine(number, rows, examined_at=at, **facts)
    return number


def _notice(office: SupervisedOffice, number: str, pool: str, reasons: list[str], detected_on: str) -> None:
    """What supervision records when it drafts a notice."""
    identity = {"pool_id": pool, "period": "2025-01-01"}
    data = {"letter_no": f"{number}/N-1", "registration_no": number, "serial": 1, "reasons": reasons, "facts": []}
    days = {"detected_on": detected_on, "dated": detected_on, "grounds": []}
    events.append_to_journal(
        office.settings, "notice_drafted", moment(detected_on), "esep.supervision", identity | data | days
    )


def _detected(office: SupervisedOffice, number: str, rule: str, detected_on: str) -> None:
    """What supervision records when it finds a fault across filings."""
    data = finding(rule) | {"key": f"{number} {rule}", "registration_no": number, "detected_on": detected_on}
    office.decide(number, "finding_detected", detected_on, **data, ground="late")


def _placed(rule: str, occurrences: int, lane: str = "reliability", **place: Any) -> dict[str, Any]:
    return finding(rule, occurrences, lane) | {"file": "Мысалов.xlsx", "sheet": "1-ЦМ"} | place
