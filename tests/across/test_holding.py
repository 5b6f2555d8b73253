"""What the rules across filings promise to those who call them: order, keys, sameness, texts, a clean connection."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from across.across_office import OTHER_WALLET, WALLET, AcrossOffice, line
from esep.config import PROJECT, Settings
from esep.examination import suites
from esep.examination.engine import EngineError
from esep.examination.frame_columns import COLUMNS
from esep.examination.model import Lane
from esep.forms.values.text import normalise_name
from esep.supervision.across import across_filings, holding, licence_key, wallet_key
from esep.warehouse import published
from warehouse.warehouse_office import OTHER_MINER, OTHER_POOL, day

RULES = suites.load(Settings(home=Path("/"))).by_stage["across_filings"]


def test_each_rule_once_and_none_refuses() -> None:
    assert [rule.rule_id for rule in RULES] == ["R-70", "R-80", *(f"R-{number}" for number in (*range(71, 80), 81, 82))]
    assert {rule.lane for rule in RULES} == {Lane.RELIABILITY}
    assert all(rule.not_seen for rule in RULES)


def test_two_runs_are_one_and_leave_nothing_behind(office: AcrossOffice) -> None:
    office.file("2025-02-10", [line("2025-01-05", wallet=WALLET)])
    office.file("2025-02-26", [line("2025-01-05", taxpayer=OTHER_MINER, wallet=WALLET)], pool=OTHER_POOL)
    office.refresh()
    connection = published.connect(office.settings)
    try:
        before = connection.execute("select count(*) from duckdb_functions()").fetchone()
        first = holding(connection, office.settings, day("2025-03-01"))
        assert holding(connection, office.settings, day("2025-03-01")) == first
        assert connection.execute("select count(*), getvariable('known_on') from duckdb_functions()").fetchone() == (
            *before,
            None,
        )
        assert set(across_filings(connection, office.settings, day("2025-03-01")).column_names) == set(
            COLUMNS["across_filings"]
        )
    finally:
        connection.close()
    assert [one.key for one in first] == [f"R-71 {WALLET}", "R-70 2025-01", f"R-71 {WALLET}"]
    assert len({(one.registration_no, one.key) for one in first}) == len(first)


def test_nothing_in_the_warehouse_holds_nothing(office: AcrossOffice) -> None:
    assert office.held("2025-03-01") == []


def test_the_fingerprint_follows_what_the_rules_see(office: AcrossOffice) -> None:
    office.file("2025-02-10", [line("2025-01-05", wallet=WALLET)])
    office.refresh()
    first = office.fingerprint("2025-02-11")
    assert office.fingerprint("2025-03-01") == first != office.fingerprint("2025-02-10")

    office.file("2025-02-20", [line("2025-01-05", wallet=OTHER_WALLET)])
    office.prices("2025-01-06,BTC,100,USD")
    office.refresh()
    assert office.fingerprint("2025-02-20") == first != office.fingerprint("2025-02-21")

    office.reference("licence", "licence_no,miner_id,issued_on", f"KZ-000101,{OTHER_MINER},2025-01-01")
    office.refresh()
    assert office.fingerprint("2025-02-20") != first


def test_a_rule_is_reworded_moved_or_removed_in_its_file(office: AcrossOffice, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(PROJECT / "expectations", tmp_path / "rules"))
    path = folder / "across_filings.json"
    suite = json.loads(path.read_text(encoding="utf-8"))
    late = suite["expectations"][0]
    late["meta"] |= {"severity": "warning"}
    late["meta"]["text"]["en"] = "Late: {found}."
    suite["expectations"] = [late]
    path.write_text(json.dumps(suite, ensure_ascii=False), encoding="utf-8")
    settings = Settings(home=office.settings.home, expectations=folder)

    office.file("2025-02-26", [line("2025-01-05")])
    office.refresh()
    connection = published.connect(settings)
    try:
        [held] = holding(connection, settings, day("2025-03-01"))
        assert held.finding.message_en.startswith("Late: 26.02.2025 (1).")
        assert held.finding.severity == "warning"

        late["type"], late["kwargs"] = "expect_table_row_count_to_be_between", {"max_value": 0}
        path.write_text(json.dumps(suite, ensure_ascii=False), encoding="utf-8")
        with pytest.raises(EngineError, match=r"R-70.*as a whole"):
            holding(connection, settings, day("2025-03-01"))
    finally:
        connection.close()


def test_an_error_in_a_query_leaves_the_connection_clean(office: AcrossOffice, tmp_path: Path) -> None:
    (tmp_path / "sql" / "across").mkdir(parents=True)
    (tmp_path / "sql" / "across" / "wrong.sql").write_text("select nothing", encoding="utf-8")
    office.refresh()
    connection = published.connect(office.settings)
    try:
        with pytest.raises(duckdb.Error, match="nothing"):
            across_filings(connection, Settings(home=tmp_path, sql=tmp_path / "sql"), day("2025-03-01"))
        assert holding(connection, office.settings, day("2025-03-01")) == []
    finally:
        connection.close()


def test_what_is_too_short_or_says_nothing_has_no_key() -> None:
    assert wallet_key("жоқ") == licence_key("№ – /") == ""


def test_each_query_tells_its_grain() -> None:
    files = sorted((PROJECT / "sql" / "across").glob("*.sql"))
    assert len(files) == 7
    assert all(path.read_text(encoding="utf-8").startswith("-- One row per ") for path in files)


@pytest.mark.parametrize(
    ("function", "one", "other", "same"),
    [
        (wallet_key, WALLET, WALLET.upper(), True),
        (wallet_key, "0xAbCdef0123AbCdef0123", "0xabcdef0123abcdef0123", True),
        (wallet_key, "bitcoincash:qpm2qsznhks23z7629m", "BITCOINCASH:QPM2QSZNHKS23Z7629M", True),
        (wallet_key, "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "1bvbmseystwetqtfn5au4m4gfg7xjanvn2", False),
        (normalise_name, "ТОО «Терек»", "терек ЖШС", True),
        (normalise_name, "ТОО «Терек»", "ТОО «Терек-2»", False),
        (licence_key, "KZ-12 345", "kz12345", True),
        (licence_key, "АВ-12 345", "ab12345", True),  # Cyrillic А and В
        (licence_key, "KZ-12345", "KZ-12346", False),
    ],
)
def test_keys(function, one: str, other: str, same: bool) -> None:
    assert (function(one) == function(other)) is same
