"""The annual statement: figures by another route, the same bytes again, nothing lost, nothing hostile let through."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from pypdf import PdfReader

from esep.answers import open_warehouse
from esep.answers.statement import statement as reported
from esep.config import Settings
from esep.reports import folders, statement_files
from esep.reports import statement as report
from esep.reports.statement_files import StatementError, stem_of
from esep.reports.statement_totals import reconciliation
from esep.warehouse.rebuild import rebuild
from letters import workbook_print
from reports.statement_office import (
    BTC,
    EARLY,
    EXPECTED,
    HOSTILE_NUMBER,
    LATE,
    QUANTITY,
    RATE,
    WRONG_NUMBER,
    first_filings,
    later_events,
)
from warehouse.warehouse_office import MINER, NOW, OTHER_MINER, Office

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def early_home(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> Path:
    return first_filings(tmp_path_factory.mktemp("statement") / "home", empty_work).settings.home


@pytest.fixture(scope="module")
def early(early_home: Path) -> Files:
    """The files of the statement as known early."""
    return files_of(report.write(Settings(home=early_home), 2025, EARLY).folder)


@pytest.fixture
def office(early_home: Path, early: Files, tmp_path: Path) -> Office:
    """A home of its own with the finished statement in it."""
    shutil.copytree(early_home, tmp_path / "home")
    office = Office(Settings(home=tmp_path / "home"))
    office.serials[2025] = 2
    return office


def files_of(folder: Path) -> Files:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def pdf_text(data: bytes) -> str:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
    return re.sub(r"\s+", " ", " ".join(pages))


def anew(office: Office) -> Files:
    """The statement as known early, written once more."""
    shutil.rmtree(office.settings.reports)
    return files_of(report.write(office.settings, 2025, EARLY).folder)


def apart_from_the_head(files: Files) -> dict[str, object]:
    """What a statement tells; the head hash in its manifest is that of the office on the day of writing."""
    manifest = json.loads(files["statement.json"])
    assert len(manifest.pop("head")) == 64
    return {**files, "statement.json": manifest}


def tiyn(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_figures_are_those_of_the_rows_multiplied_by_hand(early_home: Path) -> None:
    with open_warehouse(Settings(home=early_home)) as connection:
        statement = reported(connection, Settings(home=early_home), 2025, EARLY)
    assert {(row.role, row.taxpayer_id): row.exact_income_kzt for row in statement.totals} == EXPECTED
    assert {(row.role, row.taxpayer_id): row.income_kzt for row in statement.totals} == {
        key: tiyn(value) for key, value in EXPECTED.items()
    }


def test_totals_are_those_of_the_warehouse_and_of_the_trace_to_the_tiyn(early_home: Path, early: Files) -> None:
    office = Office(Settings(home=early_home))
    totals = office.query("select taxpayer_id, income_kzt from annual_income_total where role = 'miner'")
    shown = pdf_text(early["totals.ru.pdf"])
    for taxpayer_id, income in totals:
        if taxpayer_id is None or not income:
            continue
        traced = office.query("select value_kzt from trace_income(?, 2025) where role = 'miner'", taxpayer_id)
        with localcontext(prec=60):
            assert tiyn(sum(value for (value,) in traced if value is not None)) == income
        assert f"{income:,}".replace(",", " ").replace(".", ",") in shown


def test_parquet_holds_the_exact_figures(early: Files) -> None:
    table = pq.read_table(io.BytesIO(early["annual_income.parquet"]))
    assert not any(str(field.type) in ("double", "float") for field in table.schema)
    rows = {(row["role"], row["taxpayer_id"], row["asset"]): row for row in table.to_pylist()}
    mine = rows["miner", MINER, "BTC"]
    assert mine["quantity"] == QUANTITY + 1
    assert mine["income_kzt"] == EXPECTED["miner", MINER]
    eth = rows["miner", OTHER_MINER, "ETH"]
    assert (eth["valued_quantity"], eth["unvalued_quantity"]) == (0, Decimal("2.5"))
    owed = pq.read_table(io.BytesIO(early["sale_obligation.parquet"])).to_pylist()
    by_hand = {MINER: Decimal("0.84259260"), OTHER_MINER: Decimal("1.875"), WRONG_NUMBER: Decimal("2.25")}
    assert {row["taxpayer_id"]: row["quantity_to_sell"] for row in owed if row["taxpayer_id"] in by_hand} == by_hand
    filings = pq.read_table(io.BytesIO(early["filing.parquet"])).to_pylist()
    assert [row["registration_no"] for row in filings] == ["2025-000001", "2025-000002"]


def test_the_reconciliation_holds_and_would_tell_a_difference(early_home: Path) -> None:
    from dataclasses import replace

    with open_warehouse(Settings(home=early_home)) as connection:
        statement = reported(connection, Settings(home=early_home), 2025, EARLY)
    assert all(one.holds for one in reconciliation(statement))
    broken = replace(statement, monthly=statement.monthly[1:])
    assert [one.key for one in reconciliation(broken) if not one.holds] == ["identity_months"]


def test_what_has_no_value_is_never_reported_as_zero(early: Files) -> None:
    shown = pdf_text(early[f"taxpayer/{OTHER_MINER}.ru.pdf"])
    assert "Годовой доход не оценено" in shown
    assert "ETH: 2,5" in shown
    assert not re.search(r"(?<![0-9 ])0,00(?![0-9])", shown)


def test_quantities_that_cannot_be_read_are_listed(early: Files) -> None:
    shown = pdf_text(early[f"taxpayer/{MINER}.ru.pdf"])
    assert "Количества, не вошедшие в показатели" in shown
    assert f"2025-000001 {MINER} 1-ЦМ.xlsx 1-ЦМ 16 8 BTC" in shown


def test_doubts_are_counted_for_the_taxpayer_whose_row_it_is(early: Files) -> None:
    assert "R-37" in pdf_text(early[f"taxpayer/{WRONG_NUMBER}.ru.pdf"])
    assert "R-37" not in pdf_text(early[f"taxpayer/{MINER}.ru.pdf"])
    assert "контрольный разряд или структура неверны" in pdf_text(early[f"taxpayer/{WRONG_NUMBER}.ru.pdf"])


def test_rows_without_a_number_are_in_the_totals_only(early: Files) -> None:
    shown = pdf_text(early["totals.ru.pdf"])
    income = f"{tiyn(EXPECTED['miner', None]):,}".replace(",", " ").replace(".", ",")
    assert f"номер не прочитан все строки без прочитанного номера майнер {income}" in shown
    assert len([name for name in early if name.endswith(".xlsx") and name.startswith("taxpayer/")]) == 6


def test_hostile_texts_name_no_file_and_stay_text(early: Files) -> None:
    names = [name for name in early if name.startswith("taxpayer/")]
    assert all(re.fullmatch(r"taxpayer/[0-9A-Za-z-]+\.(kk\.pdf|ru\.pdf|xlsx)", name) for name in names)
    stem = stem_of(HOSTILE_NUMBER)
    assert {f"taxpayer/{stem}.xlsx", f"taxpayer/{stem}.kk.pdf", f"taxpayer/{stem}.ru.pdf"} <= set(names)
    assert "[U+202E]" in pdf_text(early[f"taxpayer/{stem}.ru.pdf"])
    for name in ("totals.xlsx", f"taxpayer/{stem}.xlsx"):
        with zipfile.ZipFile(io.BytesIO(early[name])) as archive:
            sheets = [archive.read(member) for member in archive.namelist() if "worksheets/" in member]
        assert not any(b"<f>" in sheet or b"\xe2\x80\xae" in sheet for sheet in sheets), name
        book = openpyxl.load_workbook(io.BytesIO(early[name]))
        assert [found for sheet in book for found in workbook_print.complaints(sheet)] == [], name
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
        risky = [cell for cell in cells if str(cell.value)[0] in "=+-@" and isinstance(cell.value, str)]
        assert risky, name
        assert all(cell.data_type == "s" and cell.quotePrefix for cell in risky), name


def test_a_number_that_a_spreadsheet_would_change_is_text(early: Files) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(early[f"taxpayer/{MINER}.xlsx"])).worksheets[1]
    (line,) = (row for row in sheet.iter_rows(values_only=True) if row[0] == "BTC")
    assert line[1] == "1.123456789012345678"
    assert line[3] == float(tiyn((QUANTITY + 1) * BTC * RATE))


def test_what_comes_later_changes_only_later_statements(early: Files, office: Office) -> None:
    """Another home, a correction, another version of prices, a re-examination, a rebuild: the same bytes each time."""
    later_events(office)
    assert apart_from_the_head(anew(office)) == apart_from_the_head(early)
    late = files_of(report.write(office.settings, 2025, LATE).folder)
    assert pq.read_table(io.BytesIO(late["annual_income.parquet"]))["income_kzt"].to_pylist() != (
        pq.read_table(io.BytesIO(early["annual_income.parquet"]))["income_kzt"].to_pylist()
    )
    shown = pdf_text(late[f"taxpayer/{MINER}.ru.pdf"])
    assert "another source" in shown
    assert "R-56" in shown
    assert "изменённые, взамен 2025-000002" in shown
    rebuild(office.settings, NOW)
    assert apart_from_the_head(anew(office)) == apart_from_the_head(early)


def test_a_finished_statement_is_verified_and_left_alone(office: Office) -> None:
    folder = office.settings.reports / "statement" / "2025" / f"as-known-on-{EARLY}"
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    again = report.write(office.settings, 2025, EARLY)
    assert (again.folder, again.written) == (folder, False)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_a_statement_that_was_changed_is_named(office: Office) -> None:
    folder = office.settings.reports / "statement" / "2025" / f"as-known-on-{EARLY}"
    (folder / "annual_income.parquet").write_bytes(b"other")
    with pytest.raises(StatementError, match=r"annual_income\.parquet: is not what was written"):
        report.write(office.settings, 2025, EARLY)
    (folder / "statement.json").unlink()
    with pytest.raises(StatementError, match=r"statement\.json: cannot be read"):
        report.write(office.settings, 2025, EARLY)


def test_other_code_writes_beside(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    first = report.write(office.settings, 2025, EARLY, taxpayer_id=MINER)
    before = files_of(first.folder)
    monkeypatch.setattr(statement_files, "look", lambda: "other code")
    beside = report.write(office.settings, 2025, EARLY, taxpayer_id=MINER)
    assert (beside.folder, beside.written) == (first.folder.with_name(f"{first.folder.name}-2"), True)
    assert files_of(first.folder) == before
    assert not report.write(office.settings, 2025, EARLY, taxpayer_id=MINER).written


def test_a_kill_leaves_nothing_that_looks_finished(
    early: Files, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(office.settings.reports)
    with monkeypatch.context() as patch:
        patch.setattr(folders, "put_in_place", _killed)
        patch.setattr(folders.shutil, "rmtree", lambda *_, **__: None)  # a kill tidies nothing up
        with pytest.raises(KeyboardInterrupt):
            report.write(office.settings, 2025, EARLY)
    year = office.settings.reports / "statement" / "2025"
    assert [path.name for path in year.iterdir()] == [folders.STAGING]
    assert files_of(report.write(office.settings, 2025, EARLY).folder) == early
    assert not (year / folders.STAGING).exists()


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_the_statement_of_one_taxpayer_is_that_of_all(early: Files, office: Office) -> None:
    one = report.write(office.settings, 2025, EARLY, taxpayer_id=HOSTILE_NUMBER)
    assert one.folder.name == f"as-known-on-{EARLY}-taxpayer-{stem_of(HOSTILE_NUMBER)}"
    written = files_of(one.folder)
    assert set(written) == {name for name in early if stem_of(HOSTILE_NUMBER) in name} | {"statement.json"}
    assert all(early[name] == data for name, data in written.items() if name != "statement.json")


def test_the_manifest_names_what_the_statement_is_made_from(early: Files) -> None:
    manifest = json.loads(early["statement.json"])
    assert (manifest["year"], manifest["known_on"]) == (2025, EARLY.isoformat())
    assert manifest["rulesets"] == ["rules"]
    assert [one["name"] for one in manifest["references"]] == ["exchange_rate", "price"]
    assert {one["name"] for one in manifest["files"]} == set(early) - {"statement.json"}


def test_a_year_or_taxpayer_without_figures_is_reported(office: Office) -> None:
    with pytest.raises(report.NoFiguresError, match="years with figures: 2025"):
        report.write(office.settings, 2031, EARLY)
    with pytest.raises(report.NoFiguresError, match="nothing had come by then"):
        report.write(office.settings, 2025, date(2025, 2, 9))
    with pytest.raises(report.NoFiguresError, match="no rows of this taxpayer"):
        report.write(office.settings, 2025, EARLY, taxpayer_id="940140000386")


def test_names_of_files_are_safe_and_differ() -> None:
    numbers = [MINER, "..", "", "a/b", "a\\b", "a:b", "A:B", "٩٤٠١٤٠٠٠٠٣٨٥", "940140000385 ", "x" * 500, "\ud800"]
    stems = [stem_of(number) for number in numbers]
    assert stems[0] == MINER
    assert all(re.fullmatch(r"id-[0-9A-Za-z-]{1,40}", stem) for stem in stems[1:])
    assert len({stem.casefold() for stem in stems}) == len(numbers)
