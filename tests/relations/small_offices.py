"""Small offices that together have a bit of everything that relations are made of."""

from __future__ import annotations

import shutil
from pathlib import Path

from answers import figure_office
from esep.config import Settings
from esep.office import handovers
from esep.warehouse import work
from supervision.supervised_office import OFFICER, SupervisedOffice
from warehouse import reckoned_office
from warehouse.warehouse_office import MINER, OTHER_MINER, OTHER_POOL, POOL, Office, day, finding, moment, row

INCOMPLETE = [finding("C-45", lane="completeness")]
WALLET = {"wallet": "t1NJehRLTprqNNtUh9cfMKppFoJrNxuQ1hc"}


def changing_figures(home: Path, empty_work: Path) -> Office:
    """Figures that change by filings, corrections, prices and rates."""
    return figure_office.filled(home, empty_work)


def odd_figures(home: Path, empty_work: Path) -> Office:
    """Two years, days off, refusals, unreadable and absurd cells, assets off the price list, a later price and rate."""
    office = reckoned_office.filled(home, empty_work)
    office.file("2025-04-10", [row("2025-03-03", quantity="400000000000000"), row("2025-03-03")], period="2025-03-01")
    office.refresh()
    office.prices("2025-01-06,BTC,101,USD", "2025-02-03,LTC,7,EUR", "2025-03-03,BTC,60000,USD", file="price.replace")
    office.rates("2024-12-20,USD,500.5", "2025-02-03,EUR,550", file="exchange_rate.replace")
    office.refresh(moment("2026-03-02"))
    return office


def supervised(home: Path, empty_work: Path) -> SupervisedOffice:
    """Late, silent, refused, unreliable and contradicting filings; waivers, dispatches, decisions, two examinations."""
    settings = Settings(home=home)
    shutil.copytree(empty_work, work.folder(settings))
    office = SupervisedOffice(settings, live=True)
    office.register_of_pools(f"{POOL},ТОО «Пул Алатау»,2024-12-01,", f"{OTHER_POOL},ЖШС «Өзен»,2025-01-01,2025-03-31")
    office.reference(
        "licence",
        "licence_no,miner_id,issued_on,expires_on",
        f"KZ-01,{MINER},2024-02-01,2025-02-10",
        f"KZ-02,{OTHER_MINER},2024-02-01,",
    )
    office.prices("2025-01-06,BTC,100,KZT", "2025-02-03,BTC,110,KZT", "2025-03-03,BTC,120,KZT")
    january = [row("2025-01-06") | WALLET, row("2025-01-06", quantity="2", taxpayer=OTHER_MINER)]
    refused = office.file("2025-02-10", january, verdict="refused", findings=INCOMPLETE)
    office.decide(refused, "dispatched", "2025-02-13", **dispatch(f"{refused}/R-1", "2025-02-13 09:00"))
    office.file("2025-02-27 12:00", january, findings=[finding("R-37"), finding("R-48")])
    other = [row("2025-01-06", taxpayer=OTHER_MINER) | WALLET]
    overruled = office.file("2025-02-20", other, pool=OTHER_POOL, verdict="refused", findings=INCOMPLETE)
    office.decide(overruled, "refusal_overruled", "2025-02-24 09:00", reason="the wallet is in the annex")
    february = office.file(
        "2025-03-20", [row("2025-02-03", quantity="5")], period="2025-02-01", findings=[finding("R-37")]
    )
    again = office.file("2025-04-20", [row("2025-03-03")], period="2025-03-01", findings=[finding("R-48")])
    office.examine(
        again,
        [row("2025-03-03")],
        period="2025-03-01",
        verdict="refused",
        findings=INCOMPLETE,
        examination_no=2,
        examined_at=moment("2025-05-06 10:00"),
    )
    office.supervise("2025-04-30", since="2025-02-01")
    office.decide(february, "rule_waived", "2025-05-02 09:00", rule_id="R-37", until="2025-05-20", reason="asked")
    office.decide_silence("silence_explained", "2025-05-05 10:00", "2025-02-01", OTHER_POOL)
    office.file("2025-05-07", [row("2025-02-03", quantity="4")], period="2025-02-01", change_date="2025-04-28")
    handed_over(office, again)
    office.register("2025-05-12 18:00")
    office.supervise("2025-05-12")
    return office


def handed_over(office: SupervisedOffice, number: str) -> None:
    """Handing over is due from April; one filing went late, in a bundle that the other body received."""
    handovers.switch_on(office.settings, day("2025-04-01"), "protocol 7", OFFICER, moment("2025-04-01"))
    at = moment("2025-04-21 23:30")
    handovers.record(office.settings, "2025-04-20", [number], "s3://other/krc", "ab" * 32, "esep.handover", at)
    handovers.acknowledge(office.settings, "2025-04-20", "КР-118", day("2025-04-22"), OFFICER, moment("2025-04-22"))


def dispatch(letter_no: str, sent_at: str) -> dict[str, object]:
    return {
        "letter_no": letter_no,
        "letter_kind": "refusal",
        "channel": "post",
        "sent_at": moment(sent_at).isoformat(),
        "proof": "KZ-000",
        "recipients": [],
        "recorded_by": OFFICER,
    }


OFFICES = {"changing_figures": changing_figures, "odd_figures": odd_figures, "supervised": supervised}
