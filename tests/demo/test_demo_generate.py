"""The generator: the same files each time, and everything in them that a demo has to show."""

import csv
import hashlib
import json
import random
import zipfile
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from esep.clock import TIMEZONE
from esep.demo import documents
from esep.demo.documents import pdf_bytes
from esep.demo.generate import SEED, generate
from esep.demo.ledger import make_ledger
from esep.demo.packages import detached_signature, quantity
from esep.demo.people import ASSETS, make_pools
from esep.demo.plan import PLANTED, Fault
from esep.demo.scenario import FULL, SMALL, make_plan
from esep.law import assets, identifiers, wallets
from esep.signature import PoolAgreement, Right, SignatureState, verify


def contents(home):
    files = [path for path in home.rglob("*") if path.is_file()]
    return {str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    home = tmp_path_factory.mktemp("demo")
    return home, generate(home, story=SMALL)


@pytest.fixture(scope="module")
def full_plan():
    return make_plan(random.Random(SEED), FULL)


def test_one_seed_gives_the_same_bytes(demo, tmp_path):
    generate(tmp_path, story=SMALL)
    assert contents(tmp_path) == contents(demo[0])


def test_another_seed_gives_other_filings():
    first, second = (make_plan(random.Random(seed), SMALL) for seed in (1, 2))
    assert first.packages[0].rows != second.packages[0].rows


def test_every_package_has_a_stamp(demo):
    home, made = demo
    for package in made.plan.packages:
        path = home / "inbox" / package.name
        stamp = path / "office.json" if path.is_dir() else path.with_name(f"{path.name}.office.json")
        reported = json.loads(stamp.read_text(encoding="utf-8"))
        assert datetime.fromisoformat(reported["received_at"]) == package.received_at
        assert reported["incoming_no"] == package.incoming_no


def test_repeated_packages_have_the_same_bytes(demo):
    home, made = demo
    repeated = [package for package in made.plan.packages if package.repeats]
    assert {(home / "inbox" / package.name).is_dir() for package in repeated} == {True, False}
    for package in repeated:
        one, other = home / "inbox" / package.name, home / "inbox" / package.repeats
        if one.is_file():
            assert one.read_bytes() == other.read_bytes()
        else:
            first, second = contents(one), contents(other)
            assert first.pop("office.json") != second.pop("office.json")
            assert first == second


def test_made_up_data_say_so(demo):
    home, _ = demo
    for name in ("price.csv", "exchange_rate.csv"):
        with (home / "reference" / name).open(encoding="utf-8") as file:
            assert all("made up" in row["source"] for row in csv.DictReader(file))


def test_the_full_story_has_everything(full_plan):
    ledger = make_ledger(full_plan)
    assert len(full_plan.pools) == 4
    receivers = {row.taxpayer for package in full_plan.packages for row in package.rows}
    assert len(receivers) > 36
    filed = {row.asset for package in full_plan.packages for row in package.rows}
    assert set(ASSETS) < filed
    assert {package.fault for package in full_plan.packages} == {None, *Fault}
    assert {package.hostile for package in full_plan.packages} == {None, *documents.HOSTILE}
    assert {name for names in FULL.planted.values() for name in names} == set(PLANTED)
    kinds = Counter((entry.kind, entry.status) for entry in ledger.entries)
    wanted = {("new", "accepted"), ("new", "refused"), ("new", "superseded"), ("refiling", "accepted")}
    wanted |= {("correction", "accepted"), ("correction", "registered"), ("correction", "superseded")}
    assert set(kinds) == wanted
    assert len(ledger.duplicates) == len(FULL.duplicated)
    assert {entry.registration_no[:4] for entry in ledger.entries} == {"2024", "2025", "2026"}
    assert 80 <= len(full_plan.packages) <= 95


@pytest.mark.parametrize("seed", range(5))
def test_any_seed_makes_a_plan(seed):
    plan = make_plan(random.Random(seed), FULL)
    assert len(make_ledger(plan).entries) > 80


def test_numbers_and_wallets_are_well_formed():
    pools = make_pools(random.Random(SEED))
    miners = {miner.number: miner for pool in pools for miner in pool.miners}
    assert len(miners) == 36
    assert all(identifiers.state_of(number).value == "ok" for number in miners)
    assert all(identifiers.is_bin(pool.number) for pool in pools)
    states = {wallets.state_of(asset, wallet).value for m in miners.values() for asset, wallet in m.wallets.items()}
    assert states == {"ok", "shape_only"}


def test_asset_names_are_known_to_the_law():
    from esep.demo import packages

    for names in packages._NAMES.values():
        assert {name: assets.resolve(name) for name in names.values()} == {name: key for key, name in names.items()}


@pytest.mark.parametrize(
    ("manner", "text", "written"),
    [
        ("comma", "1234.50", "1234,50"),
        ("point", "1234.50", "1234.50"),
        ("spaces", "1234567.5", "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567,5"),
        ("spaces", "12", "12"),
        ("number", "0.25", 0.25),
        ("number", "9.95", "9.95"),
        ("number", "1.000000000000000001", "1.000000000000000001"),
    ],
)
def test_manners_of_writing_a_quantity(manner, text, written):
    assert quantity(Decimal(text), manner) == written


def test_the_pdf_carries_its_text_in_any_letters():
    page = PdfReader(BytesIO(pdf_bytes(["Қазақша мәтін: әңғүұқөһі", "По-русски: ёжик №7"]))).pages[0]
    assert "Қазақша мәтін: әңғүұқөһі" in page.extract_text()
    assert "По-русски: ёжик №7" in page.extract_text()


def test_long_paragraphs_of_the_pdf_are_wrapped():
    text = PdfReader(BytesIO(pdf_bytes(["слово " * 60]))).pages[0].extract_text()
    assert max(len(line) for line in text.splitlines()) <= 84
    assert text.split() == ["слово"] * 60


def test_the_signature_holds_over_its_content_only():
    signed_at = datetime(2025, 4, 10, 10, 0, tzinfo=TIMEZONE)
    data = detached_signature(b"annex 1", "230640000008", "«Ойдан Пул» ЖШС", "Үлгілі А. Ү.", signed_at)
    assert data == detached_signature(b"annex 1", "230640000008", "«Ойдан Пул» ЖШС", "Үлгілі А. Ү.", signed_at)
    arrival = signed_at + timedelta(minutes=20)
    report = verify(data, {"a": b"annex 1", "b": b"another"}, "230640000008", arrival)
    assert (report.state, report.file, report.detail_code) == (SignatureState.VERIFIED_CHAIN_NOT_CHECKED, "a", "")
    assert (report.pool_agreement, report.signer.right) == (PoolAgreement.AGREES, Right.FIRST_HEAD)
    assert (report.signer.signed_at, report.signer.name) == (signed_at, "Үлгілі А. Ү.")
    assert verify(data, {"b": b"another"}, None, arrival).state is SignatureState.INVALID


def test_hostile_files_are_what_they_say():
    made = {key: make() for key, (_, make) in documents.HOSTILE.items()}
    assert made["empty"] == b""
    assert made["password"].startswith(bytes.fromhex("d0cf11e0a1b11ae1"))
    assert "EncryptedPackage".encode("utf-16-le") in made["password"]
    assert not zipfile.is_zipfile(BytesIO(made["truncated_zip"]))
    assert zipfile.ZipFile(BytesIO(made["path_traversal"])).namelist()[0].startswith("../")
    assert b"<!ENTITY" in zipfile.ZipFile(BytesIO(made["xml_bomb"])).read("xl/worksheets/sheet1.xml")
    assert max(map(len, made.values())) < 20_000
