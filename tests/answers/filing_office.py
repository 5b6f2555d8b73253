"""An office with filings of every state, small enough to be worked out by hand, for tests of answers and pages."""

from __future__ import annotations

import io
import shutil
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from esep.config import Settings
from esep.examination import suites
from esep.office import events
from esep.warehouse import work
from office.outbox_office import OutboxOffice
from warehouse.warehouse_office import MINER, NOW, OTHER_MINER, POOL, Office, day, moment, row

PERSON, PERSON_NAME = "061211600012", "ЖК Айдарова Сәуле"
HOSTILE = "ТОО <script>alert(1)</script> \u202eгруппа"
WALLET = "t1NJehRLTprqNNtUh9cfMKppFoJrNxuQ1hc"
FORM = "1-ЦМ.xlsx"
SILENT = date(2025, 3, 1)
FIRST, CORRECTION, REFUSED, WAITING, UNLOADED = (f"2025-00000{serial}" for serial in range(1, 6))
"""Numbers in order of arrival."""
INCOMPLETE_ROWS = 12
"""Faults of C-42 in the refused filing."""


def reported(office: Office, rule_id: str, **place: Any) -> dict[str, Any]:
    """A finding as the examination writes it: text and advice of the suite."""
    rule = next(rule for rule in suites.load(office.settings).rules if rule.rule_id == rule_id)
    values = {"found": place.get("found"), "expected": place.get("expected"), "file": "", "sheet": "", "row": ""}
    values["column"] = rule.column_no
    messages = {
        f"message_{language}": f"{rule.text[language].format_map(values)} {rule.todo[language]}"
        for language in ("kk", "ru", "en")
    }
    place = {"file": FORM, "sheet": "1-ЦМ", "occurrences": 1, **place}
    return {"rule_id": rule_id, "lane": rule.lane.value, "severity": rule.severity.value, **messages, **place}


def fill(office: Office) -> Office:
    """Register, examine and load everything but the last filing."""
    office.prices("2025-01-06,BTC,100,USD", "2025-01-07,BTC,110,USD", "2025-01-10,BTC,120,USD")
    office.rates("2025-01-06,USD,500")
    office.reference(
        "pool",
        "pool_id,pool_name,accredited_from,accredited_to,email",
        f"{POOL},ТОО «Пул Алатау»,2025-01-01,,",
    )
    of_first = [
        row("2025-01-06", quantity="2", taxpayer=PERSON, name=PERSON_NAME) | {"wallet": WALLET},
        row("2025-01-07", quantity="1", reward="0.1"),
        row("2025-01-10", quantity=None, quantity_text="сколько-то", taxpayer=OTHER_MINER, name=HOSTILE),
    ]
    findings = [
        reported(office, "R-65", row=11, column_no="5", found=WALLET, expected=MINER),
        reported(office, "R-36", row=11, column_no="3", found="61211600012", expected=PERSON),
        reported(office, "R-40", row=13, column_no="8", found="сколько-то", expected=None),
    ]
    office.packages[FIRST] = _package()
    assert office.file("2025-02-20 10:15", of_first, findings=findings) == FIRST
    of_correction = [
        row("2025-01-06", quantity="3", taxpayer=PERSON, name=PERSON_NAME) | {"wallet": WALLET},
        row("2025-01-07", quantity="1", reward="0.1"),
        row("2025-01-10", quantity="4", taxpayer=OTHER_MINER, name="ТОО «Ертіс»"),
    ]
    assert office.file("2025-03-04 09:00", of_correction, change_date="2025-02-24") == CORRECTION
    empty = [reported(office, "C-42", row=11 + index, column_no="2") for index in range(INCOMPLETE_ROWS)]
    assert (
        office.file(
            "2025-03-20 12:00",
            [row("2025-02-03", name="") for _ in range(INCOMPLETE_ROWS)],
            period="2025-02-01",
            verdict="refused",
            findings=empty,
        )
        == REFUSED
    )
    assert office.register("2025-04-21 16:00") == WAITING
    _letters_and_events(office)
    office.refresh(NOW)
    assert office.register("2025-05-21 16:00") == UNLOADED
    return office


def _package() -> bytes:
    """The workbook of the first filing, its table beginning in column B."""
    book = Workbook()
    sheet = book.active
    sheet.title = "1-ЦМ"
    for position, number in enumerate(("1", "2", "3", "4", "5", "6", "7", "8", "9.1", "9.2"), start=2):
        sheet.cell(10, position, number)
        sheet.cell(11, position, "х")
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _letters_and_events(office: Office) -> None:
    outbox = OutboxOffice(office.settings.home)
    outbox.letter(f"{REFUSED}/R-1", "refusal", day("2025-03-21"))
    outbox.letter(f"{POOL}-2025-03/M-1", "reminder", day("2025-04-18"), pool_id=POOL)
    events.append(
        office.folder(FIRST),
        "rule_waived",
        moment("2025-03-01 11:00"),
        "А. Бекова",
        {"rule_id": "R-36", "until": "2099-12-31", "reason": "хат К-12"},
    )
    events.append(
        office.folder(REFUSED),
        "dispatched",
        moment("2025-03-22 11:00"),
        "А. Бекова",
        {
            "letter_no": f"{REFUSED}/R-1",
            "letter_kind": "refusal",
            "channel": "post",
            "sent_at": "2025-03-22T10:30:00+05:00",
            "proof": "RR123",
            "recipients": ["a@example.kz"],
        },
    )
    events.append_to_journal(
        office.settings,
        "silence_found",
        moment("2025-04-26 00:00"),
        "esep.supervision",
        {"pool_id": POOL, "period": SILENT.isoformat(), "detected_on": "2025-04-26", "decide_by": "2025-05-02"},
    )


def filled(home: Path, empty_work: Path) -> Office:
    """A new office in `home`, filled."""
    settings = Settings(home=home)
    shutil.copytree(empty_work, work.folder(settings))
    return fill(Office(settings))


def copied(office: Office, folder: Path) -> Office:
    """The same office in a folder of its own, to be changed."""
    home = folder / "home"
    shutil.copytree(office.settings.home, home, symlinks=True)
    return Office(Settings(home=home), serials=office.serials.copy())
