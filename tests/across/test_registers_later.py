"""R-74 to R-77: filings in force against the registers of licences and pools as they stand now."""

from __future__ import annotations

from across.across_office import LICENCE, OTHER_LICENCE, AcrossOffice, line
from warehouse.warehouse_office import MINER, OTHER_MINER, OTHER_POOL, POOL, finding

LICENCE_HEAD = "licence_no,miner_id,issued_on,expires_on"
REGISTER_RULES = ("R-74", "R-75")
POOL_HEAD = "pool_id,pool_name,accredited_from,accredited_to,email"


def test_licences_by_the_register(office: AcrossOffice) -> None:
    def filed(month: int, *rows: dict[str, object]) -> str:
        return office.file(f"2025-{month + 1:02}-10", list(rows), period=f"2025-{month:02}-01")

    filed(1, line("2025-01-10", licence_no="kz 000101"), line("2025-02-28", licence_no=LICENCE))
    early = filed(2, line("2025-02-03"), line("2025-02-04", licence_no=OTHER_LICENCE))
    expired = filed(3, line("2025-03-01", licence_no=LICENCE), line("2025-03-02", licence_no=LICENCE))
    unknown = filed(4, line("2025-04-01", licence_no="KZ-999999"), line("2025-04-02", licence_no="KZ-999999"))
    foreign = filed(5, line("2025-05-01", licence_no=OTHER_LICENCE, taxpayer=OTHER_MINER))
    # Reported by the cells themselves, and a number of a taxpayer that is none.
    filed(6, line("2025-06-01", licence_no=LICENCE, licence_date="2022-05-31"))
    filed(7, line("2025-07-01", licence_no=OTHER_LICENCE, taxpayer="990140004653", state="wrong_check_digit"))

    assert [key for _, key in office.keys("2026-01-01") if key.startswith(REGISTER_RULES)] == []  # no register yet
    office.reference(
        "licence", LICENCE_HEAD, f"{LICENCE},{MINER},2025-01-10,2025-02-28", f"{OTHER_LICENCE},{MINER},2025-02-05,"
    )
    held = [one for one in office.held("2026-01-01") if one.key.startswith(REGISTER_RULES)]
    assert [(one.registration_no, one.key, one.finding.row, one.finding.occurrences) for one in held] == [
        (early, "R-75 KZ000202", 12, 1),
        (expired, "R-75 KZ000101", 11, 2),
        (unknown, "R-74 KZ999999", 11, 2),
        (foreign, "R-75 KZ000202", 11, 1),
    ]
    assert held[0].finding.expected == f"{MINER}, 05.02.2025 – 05.02.2028"
    assert (held[2].finding.found, held[2].finding.expected) == ("KZ-999999", None)


def test_a_register_of_pools_that_is_loaded_later_is_heard(office: AcrossOffice) -> None:
    january = office.file("2025-02-10", [line("2025-01-05")])
    february = office.file("2025-03-10", [line("2025-02-05")], period="2025-02-01")
    reported = [finding("R-19"), finding("R-20")]
    office.file("2025-04-10", [line("2025-03-05")], period="2025-03-01", findings=reported)
    stranger = office.file("2025-02-11", [line("2025-01-05")], pool=OTHER_POOL, pool_name="«Пул Ертіс»")
    namesake = office.file("2025-03-11", [line("2025-02-05")], pool=OTHER_POOL, period="2025-02-01")

    assert office.held("2025-05-01") == []
    office.reference("pool", POOL_HEAD, f"{POOL},«ПУЛ АЛАТАУ» ЖШС,2020-01-01,2025-02-01,")
    assert february not in dict(office.keys("2025-05-01"))
    office.reference("pool", POOL_HEAD, f"{POOL},«ПУЛ АЛАТАУ» ЖШС,2020-01-01,2025-01-31,")
    held = office.held("2025-05-01")
    assert [(one.registration_no, one.key) for one in held] == [
        (february, f"R-76 {POOL}"),
        (stranger, f"R-76 {OTHER_POOL}"),
        (namesake, f"R-76 {OTHER_POOL}"),
        (namesake, f"R-77 {OTHER_POOL}"),
    ]
    assert held[3].finding.found == f"{OTHER_POOL} ТОО «Пул Алатау»"
    assert held[3].finding.expected == f"{POOL} «ПУЛ АЛАТАУ» ЖШС"

    office.reference("pool", POOL_HEAD, f"{POOL},Пул Хан Тәңірі,2020-01-01,,", f"{OTHER_POOL},Пул Ертіс,2025-01-31,,")
    held = office.held("2025-05-01")
    assert [(one.registration_no, one.key) for one in held] == [
        (january, f"R-77 {POOL}"),
        (february, f"R-77 {POOL}"),
        (namesake, f"R-77 {OTHER_POOL}"),
    ]
    assert {one.ground for one in held} == {"unreliable"}


def test_a_namesake_is_reported_also_where_the_examination_missed_the_accreditation(office: AcrossOffice) -> None:
    number = office.file("2025-03-11", [line("2025-02-05")], pool=OTHER_POOL, findings=[finding("R-19")])
    office.reference("pool", POOL_HEAD, f"{POOL},Пул Алатау,2020-01-01,,")
    assert office.keys("2025-05-01", "R-76") == []
    assert office.keys("2025-05-01", "R-77", refreshed=True) == [(number, f"R-77 {OTHER_POOL}")]
