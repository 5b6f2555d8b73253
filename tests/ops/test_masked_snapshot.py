"""The masked snapshot: nothing of a person is in its bytes, and its figures are those of the full one."""

from __future__ import annotations

import json
import shutil
import stat
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from esep.config import PROJECT, Settings
from esep.lake import schema as lake_schema
from esep.law.identifiers import is_bin
from esep.warehouse import masked, masked_copy, schema, work
from esep.warehouse.errors import MaskingError, NoSnapshotError
from esep.warehouse.masked_values import MASK, Treatment
from filled_demo import home_below, shared_folder
from ops import personal_office
from ops.personal_office import SECRETS, fill
from warehouse.warehouse_office import MINER, Office, moment, row


def query(path: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute("set TimeZone = 'Asia/Almaty'")
        return connection.execute(sql).fetchall()


def texts(path: Path) -> set[str]:
    """Every text of every table; views only read tables."""
    found: set[str] = set()
    with duckdb.connect(str(path), read_only=True) as connection:
        columns = connection.execute(
            "select schema_name, table_name, columns.column_name, columns.data_type from duckdb_columns() as columns "
            "inner join duckdb_tables() as tables using (schema_name, table_name)"
        ).fetchall()
        for schema_name, table, column, data_type in columns:
            if masked_copy.can_hold_text(data_type):
                rows = connection.execute(f'select distinct "{column}"::varchar from {schema_name}.{table}').fetchall()
                found |= {value for (value,) in rows if value is not None}
    return found


def leaks(path: Path, secrets: tuple[str, ...]) -> set[str]:
    """Which of the secrets stand in the file's bytes, or in any of its texts."""
    content = path.read_bytes()
    every = "\n".join(texts(path))
    return {secret for secret in secrets if secret.encode() in content or secret in every}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> Office:
    """An office that has published both snapshots; to be read only."""
    settings = Settings(home=tmp_path_factory.mktemp("published") / "home")
    shutil.copytree(empty_work, work.folder(settings))
    office = Office(settings)
    fill(office)
    office.refresh()
    assert masked.publish(office.settings).published
    return office


@pytest.fixture
def own(published: Office, tmp_path: Path) -> Office:
    """A copy of it that a test may change."""
    shutil.copytree(published.settings.home, tmp_path / "home")
    return Office(Settings(home=tmp_path / "home"), serials=Counter(published.serials))


def test_every_text_column_has_its_word(empty_warehouse_columns: set[tuple[str, str]]) -> None:
    """Whoever adds a column says in sql/columns.csv what becomes of it."""
    without = {place for place in empty_warehouse_columns if not getattr(lake_schema.meaning(*place), "mask", "")}
    assert without == set()


def test_no_mask_is_given_to_what_cannot_hold_a_text(empty_warehouse_columns: set[tuple[str, str]]) -> None:
    names = {column for _, column in empty_warehouse_columns}
    assert {column for (_, column), reported in lake_schema.meanings().items() if reported.mask} - names == set()


@pytest.fixture(scope="module")
def empty_warehouse_columns() -> set[tuple[str, str]]:
    with duckdb.connect() as connection:
        schema.create(connection, PROJECT / "sql")
        return {
            (table, column)
            for table, column, data_type in connection.execute(
                "select c.table_name, c.column_name, c.data_type from duckdb_columns() c "
                "inner join duckdb_tables() t on c.table_name = t.table_name where not c.internal"
            ).fetchall()
            if masked_copy.can_hold_text(data_type)
        }


def test_a_column_that_nobody_classified_is_masked() -> None:
    with duckdb.connect() as connection:
        connection.execute("create table new_table (remark varchar, tags varchar[], day date, notes struct(a varchar))")
        columns = masked_copy.columns_of(connection)["new_table"]
    reported = {column.name: column.treatment for column in columns}
    assert reported == {"remark": Treatment.OTHER, "tags": Treatment.OTHER, "day": None, "notes": Treatment.OTHER}


def test_nothing_of_a_person_is_in_the_file(published: Office) -> None:
    full = published.settings.snapshot
    assert leaks(full, SECRETS) == set(SECRETS), "the full snapshot holds them all, or this test proves nothing"
    assert leaks(published.settings.masked_snapshot, SECRETS) == set()


def test_nothing_of_an_earlier_publication_is_left(own: Office) -> None:
    settings = own.settings
    first = texts(settings.masked_snapshot)
    own.file("2025-05-11", [row("2025-01-06", quantity="1")], period="2025-04-01")
    own.refresh(moment("2026-03-02"))
    assert masked.publish(settings).published
    assert leaks(settings.masked_snapshot, SECRETS) == set()
    pseudonyms = {text for text in first if text.startswith("IIN-")}
    assert pseudonyms
    assert pseudonyms <= texts(settings.masked_snapshot), "a taxpayer keeps the pseudonym"
    assert [path.name for path in settings.public.iterdir()] == [settings.masked_snapshot.name]


def test_figures_are_those_of_the_full_snapshot(published: Office) -> None:
    full, other = published.settings.snapshot, published.settings.masked_snapshot
    by_bin = f"select * from annual_income where taxpayer_id = '{MINER}' order by all"
    assert query(full, by_bin) == query(other, by_bin)
    assert len(query(full, by_bin)) == 1
    totals = "select year, role, sum(income_kzt), sum(unvalued_quantity), count(*) from annual_income group by all"
    assert sorted(query(full, totals)) == sorted(query(other, totals))
    obligation = "select year, asset, sum(quantity_to_sell) from sale_obligation where asset = 'BTC' group by all"
    assert query(full, obligation) == query(other, obligation)
    assert query(other, "select bool_and(holds), count(*) > 0 from reconciliation") == [(True, True)]
    # 0.5 at 10 and 1.25 at 12 USD of 500 tenge, worked out by hand.
    (person,) = query(other, "select taxpayer_id from annual_income where quantity = 1.75")[0]
    assert str(person).startswith("IIN-")
    assert query(other, f"select sum(value_kzt)::decimal(18, 2) from trace_income('{person}', 2025)")[0][0] == 7505


def test_shared_wallets_are_still_seen(published: Office) -> None:
    shared = "select count(distinct taxpayer_id) as holders from distribution where wallet is not null group by wallet"
    full = sorted(query(published.settings.snapshot, shared))
    assert sorted(query(published.settings.masked_snapshot, shared)) == full
    assert full[-1] == (4,)


def test_what_names_nobody_is_kept(published: Office) -> None:
    other = published.settings.masked_snapshot
    names = query(other, "select distinct taxpayer_id, taxpayer_name from annual_income where taxpayer_name <> '***'")
    assert set(names) == {(MINER, "ТОО «Терек»"), ("230640000008", "ТОО «Пул Алатау»")}
    licences = dict(query(other, "select miner_id, licence_no from licence"))
    assert licences.pop(MINER) == personal_office.OPEN_LICENCE
    assert all(str(number).startswith("LICENCE-") for number in licences.values())
    found = query(
        other, "select rule_id, found, expected, message_en from internal.examination_finding order by rule_id"
    )
    assert {rule: (value, expected) for rule, value, expected, _ in found} == {
        "R-37": (MASK, None),
        "R-48": ("02.01.2025", MASK),
        "R-52": (MASK, "0.12345678"),
        "R-56": ("-0.5", "> 0"),
        "R-65": (MASK, MASK),
        "R-99": (MASK, MASK),
    }
    messages = {rule: text for rule, _, _, text in found}
    assert (
        messages["R-37"]
        == f"The check digit of the BIN / IIN is wrong: {MASK}. Please check the number and submit the changed data."
    )
    assert messages["R-99"] == MASK, "a rule that is no more"


def test_events_keep_what_the_procedure_needs(published: Office) -> None:
    other = published.settings.masked_snapshot
    sent = "select letter_no, letter_kind, channel, sent_on::varchar, proof, recorded_by from dispatch"
    number = "2025-000001"
    assert query(other, sent) == [(f"{number}/N-1", "notice", "email", "2025-02-12", MASK, MASK)]
    assert query(other, "select rule_id, waived_until::varchar, reason from waiver") == [("R-37", "2025-12-31", MASK)]
    ((facts,),) = query(other, "select facts from notice")
    reported = json.loads(str(facts))
    ((key,),) = query(other, "select finding_key from internal.across_finding")
    assert reported == [f"{number} {key}", f"{number} R-37"], "a notice and its finding still have one key"
    assert str(key).startswith("R-71 OTHER-")
    obligations = "select count(*) from obligation_due"
    assert query(other, obligations) == query(published.settings.snapshot, obligations)


def test_the_file_is_for_all_and_the_rest_is_not(own: Office, wide_umask: int) -> None:
    settings = own.settings
    settings.masked_snapshot.unlink()
    masked.publish(settings)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (settings.public, settings.masked_snapshot)}
    assert modes == {settings.public: 0o755, settings.masked_snapshot: 0o644}
    assert settings.home.stat().st_mode & 0o001, "others can pass through to it"
    secret = next(settings.secrets.iterdir())
    assert (stat.S_IMODE(settings.secrets.stat().st_mode), stat.S_IMODE(secret.stat().st_mode)) == (0o700, 0o600)
    assert stat.S_IMODE((settings.warehouse / masked.FOLDER).stat().st_mode) == 0o700


def test_it_has_the_same_relations_and_comments(published: Office) -> None:
    described = (
        "select schema_name, table_name, comment from duckdb_tables() union all "
        "select schema_name, view_name, comment from duckdb_views() where not internal union all "
        "select distinct schema_name, function_name, comment from duckdb_functions() where not internal order by all"
    )
    assert query(published.settings.snapshot, described) == query(published.settings.masked_snapshot, described)


def test_what_is_unchanged_is_not_made_again(own: Office) -> None:
    assert masked.publish(own.settings).published, "a copied home has other files"
    inode = own.settings.masked_snapshot.stat().st_ino
    assert not masked.publish(own.settings).published
    assert own.settings.masked_snapshot.stat().st_ino == inode


def test_pseudonyms_hang_on_the_secret(own: Office) -> None:
    settings = own.settings
    first = {text for text in texts(settings.masked_snapshot) if text.startswith(("IIN-", "WALLET-"))}
    (settings.secrets / "pseudonyms.key").unlink()
    assert masked.publish(settings).published
    second = {text for text in texts(settings.masked_snapshot) if text.startswith(("IIN-", "WALLET-"))}
    assert len(first) == len(second)
    assert not first & second


@pytest.mark.parametrize("content", ["", "not hexadecimal", "abcd"])
def test_a_secret_that_cannot_be_read_changes_nothing(own: Office, content: str) -> None:
    settings = own.settings
    before = settings.masked_snapshot.read_bytes()
    (settings.secrets / "pseudonyms.key").write_text(content)
    with pytest.raises(MaskingError, match=r"pseudonyms\.key.*Restore it from a backup"):
        masked.publish(settings)
    assert settings.masked_snapshot.read_bytes() == before


def test_a_failure_keeps_the_last_one(own: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = own.settings
    before = settings.masked_snapshot.read_bytes()
    own.file("2025-05-11", [row("2025-01-06", quantity="1")], period="2025-04-01")
    own.refresh(moment("2026-03-02"))
    monkeypatch.setitem(
        lake_schema.meanings(), ("examination", "verdict"), lake_schema.Meaning("", mask=Treatment.DROPPED)
    )
    monkeypatch.setitem(
        lake_schema.meanings(), ("income_part", "taxpayer_id"), lake_schema.Meaning("", mask=Treatment.DROPPED)
    )
    with pytest.raises(MaskingError, match="the last one stays"):
        masked.publish(settings)
    assert settings.masked_snapshot.read_bytes() == before
    assert query(settings.snapshot, "select count(*) from filing") == [(3,)], "the full one is published"
    assert not list(settings.warehouse.glob(masked.FOLDER))
    monkeypatch.undo()
    assert masked.publish(settings).published


def test_without_a_snapshot_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoSnapshotError):
        masked.publish(Settings(home=tmp_path))


@pytest.mark.slow
def test_the_demo_masked_holds_no_person(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    full = Settings(home=home_below(shared_folder(tmp_path_factory))).snapshot
    settings = Settings(home=tmp_path)
    settings.warehouse.mkdir()
    settings.snapshot.symlink_to(full)
    masked.publish(settings)
    rows = query(full, "select distinct taxpayer_id, taxpayer_name, wallet from internal.distribution_row")
    persons = {(number, name) for number, name, _ in rows if number and not is_bin(str(number))}
    assert len(persons) > 5
    secrets = {str(value) for pair in persons for value in pair} | {str(wallet) for *_, wallet in rows if wallet}
    assert leaks(settings.masked_snapshot, tuple(secrets)) == set()
    columns = "year, role, taxpayer_id, quantity, unvalued_quantity, income_kzt"
    bins = [row for row in query(full, f"select {columns} from annual_income") if is_bin(str(row[2]))]
    shown = f"select {columns} from annual_income where not starts_with(taxpayer_id, 'IIN-')"
    assert sorted(query(settings.masked_snapshot, shown)) == sorted(bins)
    assert query(settings.masked_snapshot, "select bool_and(holds) from reconciliation") == [(True,)]
