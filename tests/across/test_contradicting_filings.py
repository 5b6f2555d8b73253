"""R-71 to R-73: filings that tell a wallet's owner, a taxpayer's name or licence otherwise than each other."""

from __future__ import annotations

from across.across_office import LICENCE, OTHER_LICENCE, OTHER_WALLET, WALLET, AcrossOffice, line
from esep.examination.model import Severity
from warehouse.warehouse_office import MINER, OTHER_MINER, OTHER_POOL

THIRD_MINER = "061211600012"


def test_a_wallet_that_changes_its_taxpayer_is_reported_in_the_month_of_the_change(office: AcrossOffice) -> None:
    january = office.file("2025-02-10", [line("2025-01-05", wallet=WALLET)])
    rows = [line("2025-02-04"), line("2025-02-05", taxpayer=OTHER_MINER, wallet=WALLET.upper())]
    february = office.file("2025-03-10", [*rows, rows[1]], period="2025-02-01")
    office.file("2025-04-10", [line("2025-03-05", taxpayer=OTHER_MINER, wallet=WALLET)], period="2025-03-01")
    office.file("2025-04-11", [line("2025-03-05", wallet=OTHER_WALLET)], period="2025-03-01", pool=OTHER_POOL)
    office.file("2025-05-10", [line("2025-04-05", wallet="жоқ")], period="2025-04-01")
    office.file("2025-06-10", [line("2025-05-05", wallet="жоқ", taxpayer=OTHER_MINER)], period="2025-05-01")

    assert office.held("2025-03-10", "R-71") == []
    for day in ("2025-03-11", "2025-07-01"):
        [held] = office.held(day, "R-71", refreshed=True)
        assert (held.registration_no, held.key, held.ground) == (february, f"R-71 {WALLET}", "unreliable")
    finding = held.finding
    assert (finding.file, finding.sheet, finding.row, finding.column_no) == ("1-ЦМ.xlsx", "1-ЦМ", 12, "5")
    assert (finding.found, finding.expected) == (WALLET.upper(), f"{MINER} ({january})")
    assert (finding.severity, finding.occurrences) == (Severity.WARNING, 2)


def test_two_pools_with_one_wallet_are_both_reported_and_learn_nothing_of_each_other_s_miners(
    office: AcrossOffice,
) -> None:
    one = office.file("2025-02-10", [line("2025-01-05", wallet=WALLET)])
    other = office.file("2025-02-20", [line("2025-01-05", taxpayer=OTHER_MINER, wallet=WALLET)], pool=OTHER_POOL)

    assert office.held("2025-02-20") == []
    held = office.held("2025-02-21", refreshed=True)
    assert [(each.registration_no, each.key, each.finding.expected) for each in held] == [
        (one, f"R-71 {WALLET}", other),
        (other, f"R-71 {WALLET}", one),
    ]
    assert OTHER_MINER not in held[0].finding.message_ru

    # The correction that is accepted takes the place of what it corrects; the fault is gone, not moved.
    office.file("2025-03-01", [line("2025-01-05", taxpayer=OTHER_MINER, wallet=OTHER_WALLET)], pool=OTHER_POOL)
    assert office.held("2025-03-02") == []
    assert len(office.held("2025-03-01", refreshed=True)) == 2


def test_what_a_filing_says_of_itself_is_its_examination_s(office: AcrossOffice) -> None:
    both = [line("2025-01-05", wallet=WALLET), line("2025-01-05", wallet=WALLET, taxpayer=OTHER_MINER)]
    office.file("2025-02-10", both)
    office.file("2025-02-11", both, pool=OTHER_POOL)
    assert office.held("2025-02-12", "R-71") == []
    # A filing with one of the two says nothing new; one with a third does.
    office.file("2025-03-10", both[:1], period="2025-02-01")
    third = office.file(
        "2025-03-11", [line("2025-02-05", wallet=WALLET, taxpayer=THIRD_MINER)], period="2025-02-01", pool=OTHER_POOL
    )
    assert office.keys("2025-03-11", "R-71") == []
    assert (third, f"R-71 {WALLET}") in office.keys("2025-03-12", "R-71", refreshed=True)


def test_a_new_name_is_reported_once_and_its_writing_does_not_count(office: AcrossOffice) -> None:
    def filed(month: int, name: str, taxpayer: str = MINER) -> str:
        rows = [line(f"2025-{month:02}-05", name=name, taxpayer=taxpayer)]
        return office.file(f"2025-{month + 1:02}-10", rows, period=f"2025-{month:02}-01")

    filed(1, "ТОО «Терек»")
    filed(2, "терек ЖШС")
    renamed = filed(4, "ТОО «Емен»")
    filed(5, "«ЕМЕН», ТОО")
    filed(6, "ТОО «Терек»", taxpayer=THIRD_MINER)

    [held] = office.held("2025-12-01")
    assert (held.registration_no, held.key) == (renamed, f"R-72 {MINER}")
    assert (held.finding.found, held.finding.column_no) == ("ТОО «Емен»", "2")
    assert held.finding.expected is not None
    assert held.finding.expected.startswith("терек ЖШС (")
    assert held.finding.severity is Severity.WARNING


def test_a_second_licence_counts_while_the_first_is_valid(office: AcrossOffice) -> None:
    def filed(period: str, received: str, number: str | None, issued: str | None, **facts: str) -> str:
        rows = [line(f"{period[:7]}-05", licence_no=number, licence_date=issued, **facts)]
        return office.file(received, rows, period=period)

    filed("2025-01-01", "2025-02-10", LICENCE, "2022-02-05")
    filed("2025-02-01", "2025-03-10", LICENCE.replace("-", " ").lower(), "2022-02-05")
    # Three years after 5 February 2022 the first licence has ended: 5 March 2025 is beyond it.
    filed("2025-03-01", "2025-04-10", OTHER_LICENCE, "2025-02-06")
    parallel = filed("2025-04-01", "2025-05-10", "KZ-000303", "2025-03-30")
    filed("2025-05-01", "2025-06-10", "KZ-000404", None)  # its day is unknown, the other's is not
    filed("2025-06-01", "2025-07-10", "KZ-000303", "2025-03-30")

    held = office.held("2025-12-01", "R-73")
    assert (held[0].registration_no, held[0].key) == (parallel, f"R-73 {MINER}")
    assert (held[0].finding.found, held[0].finding.column_no) == ("KZ-000303", "4")
    assert held[0].finding.expected is not None
    assert held[0].finding.expected.startswith(OTHER_LICENCE)
    assert [one.finding.found for one in held] == ["KZ-000303", "KZ-000404"]
