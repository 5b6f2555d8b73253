"""Three pools and four months with every state of the calendar, small enough to be worked out by hand.

Terms of 2025: January by 25 February, February by 26 March (21 to 25 March were days off), March by 25 April, April by
26 May (the 25th is a Sunday). Registered on Friday 2 May: to be examined by Tuesday 6 May. Registered on Monday
21 April: to be refused by Wednesday 23 April.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from esep.config import Settings
from esep.office import events
from esep.warehouse import work
from supervision.supervised_office import SupervisedOffice
from warehouse.warehouse_office import OTHER_POOL, POOL, moment, row

UNLISTED_POOL = "230640000028"
HOSTILE = "ТОО <b>Пул</b> \u202eлупА"
TODAY = moment("2025-05-06 10:30")
ON_TIME, UNLISTED, LATE, REFUSED, WAITING, UNLOADED = (f"2025-00000{serial}" for serial in range(1, 7))
"""Numbers in order of registration."""


def empty(home: Path, empty_work: Path) -> SupervisedOffice:
    """Nothing filed, nobody accredited; published."""
    office = SupervisedOffice(Settings(home=home), live=True)
    shutil.copytree(empty_work, work.folder(office.settings))
    office.refresh()
    return office


def silent(office: SupervisedOffice, period: str, detected_on: str, decide_by: str) -> None:
    """The silence of the other pool as supervision finds it."""
    data = {"pool_id": OTHER_POOL, "period": period, "detected_on": detected_on, "decide_by": decide_by}
    events.append_to_journal(office.settings, "silence_found", moment(detected_on), "esep.supervision", data)


def fill(home: Path, empty_work: Path) -> SupervisedOffice:
    """Everything but the last filing is loaded; of what supervision finds there are two silences and a notice."""
    settings = Settings(home=home)
    shutil.copytree(empty_work, work.folder(settings))
    office = SupervisedOffice(settings, live=True)
    office.register_of_pools(
        f"{POOL},ТОО «Пул Алатау»,2025-01-01,", f"{OTHER_POOL},«Ертіс Пул» ЖШС,2025-01-01,2025-03-31"
    )
    office.prices("2025-01-06,BTC,100,USD")
    office.rates("2025-01-06,USD,500")
    assert office.file("2025-02-20", [row("2025-01-06")]) == ON_TIME
    of_february = {"period": "2025-02-01"}
    assert (
        office.file("2025-03-20", [row("2025-02-03")], pool=UNLISTED_POOL, pool_name=HOSTILE, **of_february) == UNLISTED
    )
    assert office.file("2025-03-28", [row("2025-02-03")], **of_february) == LATE
    assert office.file("2025-04-21", [row("2025-03-03")], period="2025-03-01", verdict="refused") == REFUSED
    assert office.register("2025-05-02 09:00") == WAITING
    silent(office, "2025-01-01", "2025-02-26", "2025-03-05")
    silent(office, "2025-02-01", "2025-03-27", "2025-04-03")
    of_pool = {"pool_id": POOL, "period": "2025-02-01", "registration_no": LATE}
    drafted = {"letter_no": f"{LATE}/N-1", "serial": 1, "reasons": ["late"], "facts": ["late"]}
    drafted |= {"grounds": [{"registration_no": LATE, "rule_id": "R-37"}]}
    days = {"detected_on": "2025-04-28", "dated": "2025-04-28"}
    events.append_to_journal(
        office.settings, "notice_drafted", moment("2025-04-28"), "esep.supervision", of_pool | drafted | days
    )
    office.decide_silence("silence_confirmed", "2025-03-03 11:00", "2025-01-01", OTHER_POOL)
    office.decide_silence("silence_explained", "2025-04-28 11:00", "2025-03-01", OTHER_POOL)
    office.refresh()
    assert office.register("2025-05-06 08:00") == UNLOADED
    return office
