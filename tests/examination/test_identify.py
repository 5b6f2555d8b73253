"""Pool and month of a filing: from Annex 1, else from what the other annex and the register tell."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from esep.examination.identify import names_a_month, year_in
from esep.examination.model import Identity
from esep.examination.register import as_pools, pools_of
from esep.file_names import to_text
from esep.forms.document import ApplicationRead, FormRead
from examination.package_builder import (
    POOL,
    POOL_NAME,
    application,
    content_of,
    examined,
    file,
    form,
    found,
    package,
)
from examination.rule_cases import POOLS
from signature import cms_maker

OTHER_POOL = "230640000008"
UNSIGNED = b" "
"""Content of a signature file that tells nothing."""


def identity(
    forms: list[FormRead] | None = None,
    applications: list[ApplicationRead] | None = None,
    register: bool = False,
    cms: bytes | None = UNSIGNED,
) -> Identity:
    return examined(package(forms, applications, cms=cms), POOLS if register else ()).identity


def test_annex_1_tells_both() -> None:
    assert identity() == Identity(POOL, "application", POOL_NAME, date(2025, 3, 1), "application")


def test_without_annex_1_the_register_and_annex_2_tell() -> None:
    assert identity(applications=[], register=True) == Identity(POOL, "register", POOL_NAME, date(2025, 3, 1), "form")


def signed_by(bin_: str | None, content: str = "1-ЦМ.xlsx") -> bytes:
    key = cms_maker.Rsa(cms_maker.rsa_key())
    return cms_maker.sign(key, content_of(content), cms_maker.Holder(bin=bin_))


def test_without_annex_1_the_signer_tells_before_the_register() -> None:
    reported = identity(applications=[], register=True, cms=signed_by(OTHER_POOL))
    assert (reported.pool_id, reported.pool_id_source) == (OTHER_POOL, "signature")


def test_annex_1_tells_before_the_signer() -> None:
    reported = identity(cms=signed_by(OTHER_POOL, "өтініш.docx"))
    assert (reported.pool_id, reported.pool_id_source) == (POOL, "application")


def test_the_signer_tells_before_a_number_that_cannot_be_read() -> None:
    reported = identity(applications=[application(pool_id="жоқ")], cms=signed_by(OTHER_POOL))
    assert (reported.pool_id, reported.pool_id_source) == (OTHER_POOL, "signature")


@pytest.mark.parametrize(
    "cms",
    [signed_by(OTHER_POOL, "another filing's workbook"), signed_by(None), signed_by("230640000009"), b"no signature"],
    ids=["of another file", "natural person", "wrong check digit", "no CMS"],
)
def test_a_signature_that_tells_no_pool_gives_way_to_the_register(cms: bytes) -> None:
    reported = identity(applications=[], register=True, cms=cms)
    assert (reported.pool_id, reported.pool_id_source) == (POOL, "register")


def test_without_a_register_the_pool_stays_unknown() -> None:
    assert identity(applications=[]) == Identity(None, "none", POOL_NAME, date(2025, 3, 1), "form")


def test_nothing_readable() -> None:
    assert identity(forms=[], applications=[]) == Identity(None, "none", None, None, "none")


@pytest.mark.parametrize(
    ("written", "pool_id"),
    [
        (f"БСН {POOL}", POOL),
        ("230640000019", "230640000019"),
        ("61211600012", "061211600012"),
        ("жоқ", "жоқ"),
    ],
)
def test_a_number_counts_as_written_even_if_it_is_wrong(written: str, pool_id: str) -> None:
    assert identity(applications=[application(pool_id=written)]).pool_id == pool_id


def test_an_unreadable_number_gives_way_to_the_register() -> None:
    reported = identity(applications=[application(pool_id="жоқ")], register=True)
    assert (reported.pool_id, reported.pool_id_source) == (POOL, "register")


def test_a_quarter_is_no_month() -> None:
    reported = identity([form(period="2025 жылғы 1 тоқсан")], [application(period="2025 жылғы кірістері")])
    assert (reported.period, reported.period_source) == (None, "none")


@pytest.mark.parametrize(("phrase", "rule"), [("жылғы наурыз кірістері", "C-24"), ("2025 жылғы кірістері", "C-23")])
def test_a_blank_in_the_phrase_is_one_remark(phrase: str, rule: str) -> None:
    findings = examined(package(applications=[application(period=phrase)])).findings
    assert [one.rule_id for one in findings] == [rule]


def test_december_is_no_quarter() -> None:
    reported = identity([form(period="2025 жылғы желтоқсан тоқсан")], [application(period=None)])
    assert reported.period == date(2025, 12, 1)


def test_the_month_of_annex_1_governs() -> None:
    assert identity(applications=[application(period="за март 2024 года")]).period == date(2024, 3, 1)


def test_the_fullest_of_several_applications_counts() -> None:
    blank = application(file="а.docx", **dict.fromkeys(("authority", "pool_id", "period", "head_name")))
    examination = examined(package(applications=[blank, application(file="б.docx")]))
    assert examination.identity.pool_id == POOL
    assert examination.findings == ()


def test_the_same_content_in_two_languages_is_no_contradiction() -> None:
    russian = application(file="б.docx", period="за март 2025 года", pool_name="ТОО «Самал Пул»", sheet_count="3 листа")
    assert examined(package(applications=[application(), russian])).findings == ()


def test_two_applications_for_two_months_contradict() -> None:
    other = application(file="б.docx", period="2025 жылғы сәуір кірістері")
    [finding] = found(examined(package(applications=[application(), other])), "R-04")
    assert finding.found == "2025-03 / 2025-04"


def test_names_that_no_file_can_hold_are_escaped() -> None:
    odd = file(to_text("\udcaf\udce0.pdf"))  # as the reader of a package names it
    examination = examined(
        package(applications=[application(head_name="A\ud800\x00", pool_name="Б\udc80")], more=[odd])
    )
    assert examination.identity.pool_name == "Б?"


@pytest.mark.parametrize(
    ("phrase", "year", "month"),
    [
        ("2025 жылғы наурыз кірістері", "2025", True),
        ("202__ жылғы _________ кірістері", None, False),
        ("20 25 жылғы тоқсан", "2025", False),
        ("за март 2025 года", "2025", True),
        ("03.2025", "2025", True),
        ("2025 жылғы нурыз", "2025", True),
        ("наурыз", None, True),
        (None, None, False),
    ],
)
def test_what_a_phrase_fills_in(phrase: str | None, year: str | None, month: bool) -> None:
    assert (year_in(phrase), names_a_month(phrase)) == (year, month)


def test_the_register_is_read_from_its_file(tmp_path: Path) -> None:
    from examination.package_builder import settings

    home = settings(tmp_path)
    assert pools_of(home) == ()
    home.reference.mkdir()
    path = home.reference / "pool.csv"
    header = "pool_id;pool_name;accredited_from;accredited_to;email\n"
    path.write_text("\ufeff" + header + f"{POOL};Самал;2024-01-01;;a@b.example\n", encoding="utf-8")
    [pool] = pools_of(home)
    assert (pool.pool_id, pool.accredited_from, pool.accredited_to) == (POOL, date(2024, 1, 1), None)
    accepted = home.reference / "accepted" / "pool"
    accepted.mkdir(parents=True)
    (accepted / "20250101T000000-aa.csv").write_text(header + "1;Ескі;;;\n", encoding="utf-8")
    (accepted / "20250201T000000-bb.csv").write_text(header + "2;Жаңа;;;\n", encoding="utf-8")
    path.write_text(header + f"{POOL};Самал;биыл;;\n", encoding="utf-8")
    assert [pool.pool_id for pool in pools_of(home)] == ["2"]
    (accepted / "20250101T000000-aa.json").write_text("{}", encoding="utf-8")
    path.write_text(header, encoding="utf-8")  # a file that lost its rows counts only once it is accepted
    assert [pool.pool_id for pool in pools_of(home)] == ["1"]


def test_an_accreditation_covers_any_day_of_the_month() -> None:
    [pool] = as_pools([{**POOLS[0], "accredited_from": "2024-12-31", "accredited_to": "2025-01-01"}])
    covered = [period for month in (11, 12) if pool.accredited_in(period := date(2024, month, 1))]
    assert covered == [date(2024, 12, 1)]
    assert pool.accredited_in(date(2025, 1, 1))
    assert not pool.accredited_in(date(2025, 2, 1))
