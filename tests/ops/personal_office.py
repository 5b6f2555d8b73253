"""An office whose filings hold personal data in every place that a filer or an officer can write to."""

from __future__ import annotations

from typing import Any

from esep.office import archive, events
from warehouse.warehouse_office import MINER, NOW, OTHER_MINER, Office, moment, row

IIN = "061211600012"
BROKEN_IIN = "061211600013"
"""The check digit is wrong, so it may be anybody's."""
SHORT_IIN = "61211600012"
PERSON = "Омарова Айгерім Серікқызы"
OTHER_PERSON = "ИП Ким Виктор Петрович"
WALLET = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
OTHER_WALLET = "0x52908400098527886E0F7030069857D2E4169EE7"
LICENCE = "KZ77ЛИЦ00112233"
OPEN_LICENCE = "KZ11ЛИЦ99887766"
OFFICER = "Нұрланова Дана Ержанқызы"
EMAIL = "aigerim.omarova@example.kz"
ORGANISATION = "ТОО «Терек»"

SECRETS = (
    IIN,
    BROKEN_IIN,
    SHORT_IIN,
    PERSON,
    "Омарова",
    OTHER_PERSON,
    "Виктор",
    WALLET,
    OTHER_WALLET,
    LICENCE,
    OFFICER,
    "Нұрланова",
    EMAIL,
)
"""Texts of which no trace may be in the masked file."""


def person_row(day: str, quantity: str, **changes: Any) -> dict[str, Any]:
    """A distribution to a person."""
    own = {"taxpayer_name": PERSON, "wallet": WALLET, "licence_no": LICENCE}
    return row(day, quantity=quantity, taxpayer=IIN) | own | changes


def finding(rule: str, column: str | None, found: str | None, expected: str | None, **place: Any) -> dict[str, Any]:
    texts = {f"message_{language}": f"{found} {expected} {place}" for language in ("kk", "ru", "en")}
    lane = "reliability" if rule.startswith("R") else "completeness"
    facts = {"rule_id": rule, "lane": lane, "severity": "error", "occurrences": 1, "column_no": column}
    return facts | {"found": found, "expected": expected} | place | texts


FINDINGS = (
    finding("R-37", "3", BROKEN_IIN, None, file=f"{PERSON}.xlsx", sheet=PERSON, row=12),
    finding("R-65", "5", WALLET, IIN, file="1-ЦМ.xlsx", sheet="1-ЦМ", row=13),
    finding("R-56", "8", "-0.5", "> 0", file="1-ЦМ.xlsx", sheet="1-ЦМ", row=14),
    finding("R-52", "8", f"{IIN}", "0.12345678", file="1-ЦМ.xlsx", sheet="1-ЦМ", row=15),
    finding("R-48", "6", "02.01.2025", "2024-12", file="1-ЦМ.xlsx", sheet="1-ЦМ", row=16),
    finding("R-99", None, PERSON, EMAIL),
)


def fill(office: Office) -> str:
    """Filings, findings, decisions, dispatches, detections and reference files; gives the number of the first."""
    office.prices("2025-01-06,BTC,10,KZT", "2025-01-08,BTC,12,USD")
    office.rates("2025-01-08,USD,500")
    office.reference(
        "pool",
        "pool_id,pool_name,accredited_from,accredited_to,email",
        f"230640000008,ТОО «Пул Алатау»,2024-01-01,,{EMAIL}",
    )
    office.reference(
        "licence",
        "licence_no,miner_id,issued_on,expires_on",
        f"{LICENCE},{IIN},2024-01-01,2027-01-01",
        f"{OPEN_LICENCE},{MINER},2024-01-01,2027-01-01",
    )
    number = office.file(
        "2025-02-11",
        [
            person_row("2025-01-06", "0.5"),
            person_row("2025-01-08", "1.25", taxpayer_name=f"{PERSON} ({WALLET})"),
            person_row("2025-01-08", "2", taxpayer_id=BROKEN_IIN, taxpayer_id_state="wrong_check_digit"),
            person_row("2025-01-06", "3", taxpayer_id=SHORT_IIN, taxpayer_id_state="not_twelve_digits"),
            row("2025-01-06", quantity="7") | {"wallet": OTHER_WALLET, "licence_no": OPEN_LICENCE},
            row("2025-01-08", quantity="11", taxpayer=OTHER_MINER, name=OTHER_PERSON) | {"wallet": WALLET},
            person_row("2025-01-06", "13", asset=PERSON, reward_asset=WALLET),
            row("2025-01-06", quantity=None, quantity_text=f"спросить {PERSON}", taxpayer=IIN),
        ],
        findings=list(FINDINGS),
    )
    office.file("2025-03-11", [person_row("2025-01-06", "17")], verdict="refused", pool=IIN, pool_name=PERSON)
    _events(office, number)
    return number


def _events(office: Office, number: str) -> None:
    folder = archive.entry(office.settings, number).folder
    at = moment("2025-02-12")
    arrival = {"source_name": f"{PERSON}.zip", "stamp_text": EMAIL, "package_sha256": "ab" * 32}
    events.append(folder, "arrived", at, "esep.office", arrival)
    waiver = {"rule_id": "R-37", "until": "2025-12-31", "reason": f"звонил {PERSON}"}
    events.append(folder, "rule_waived", at, OFFICER, waiver)
    sent = {"letter_kind": "notice", "channel": "email", "sent_at": at.isoformat(), "proof": EMAIL}
    letter = f"{number}/N-1"
    events.append(folder, "dispatched", at, OFFICER, {"letter_no": letter, "recipients": [EMAIL]} | sent)
    detected = {"key": f"R-71 {WALLET}", "detected_on": "2025-02-12", "ground": "unreliable", "row": 12}
    found = finding("R-71", "5", WALLET, IIN, file=f"{PERSON}.xlsx", sheet=PERSON)
    events.append(folder, "finding_detected", at, "esep.supervision", found | detected)
    drafted = {
        "letter_no": letter,
        "pool_id": "230640000008",
        "period": "2025-01-01",
        "registration_no": number,
        "serial": 1,
        "reasons": ["unreliable"],
        "facts": [f"{number} R-71 {WALLET}", f"{number} R-37"],
        "grounds": [{"key": f"{number} R-71 {WALLET}"}],
        "detected_on": "2025-02-12",
        "dated": "2025-02-12",
    }
    events.append_to_journal(office.settings, "notice_drafted", at, "esep.supervision", drafted)
    silence = {"pool_id": IIN, "period": "2025-01-01", "reason": f"написал {EMAIL}", "letter_no": f"{IIN}-2025-01/M-1"}
    events.append_to_journal(office.settings, "silence_explained", NOW, OFFICER, silence)
