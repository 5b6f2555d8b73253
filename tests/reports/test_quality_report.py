"""The monthly report: what it says, that it repeats byte for byte, and what becomes of a former one."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pypdf
import pytest

from answers.quality_office import PERSON, PERSON_NAME, SECRET, Filled, quality_filings
from esep import files
from esep.answers import NoSnapshotError, UnknownError
from esep.clock import months_before
from esep.config import Settings
from esep.reports import quality_files, quality_report
from esep.reports.quality_facts import MonthError
from esep.texts import LANGUAGES

__all__ = ["quality_filings"]

JANUARY = date(2025, 1, 1)
DAY = date(2025, 4, 15)


def copied(source: Settings, home: Path) -> Settings:
    """The office's published warehouse in a home of its own."""
    settings = replace(source, home=home)
    settings.warehouse.mkdir()
    shutil.copy(source.snapshot, settings.snapshot)
    return settings


@pytest.fixture
def home(quality_filings: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home whose reports are written in Russian alone, which is quicker."""
    monkeypatch.setattr(quality_report, "LANGUAGES", ("ru",))
    return copied(quality_filings[0].settings, tmp_path)


@pytest.fixture(scope="module")
def written(quality_filings: Filled, tmp_path_factory: pytest.TempPathFactory) -> quality_report.Written:
    return quality_report.write(copied(quality_filings[0].settings, tmp_path_factory.mktemp("report")), JANUARY, DAY)


def words(path: Path) -> str:
    """The words of a report in HTML, without style and tags."""
    body = path.read_text(encoding="utf-8").partition("<body>")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<svg.*?</svg>", " ", body, flags=re.DOTALL))).split())


def paper(path: Path) -> str:
    """The words of a report in PDF; chances to break long words are taken out."""
    reported = " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    return " ".join(reported.split())


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_it_says_what_happened_in_the_month(written: quality_report.Written, quality_filings: Filled) -> None:
    numbers = quality_filings[1]
    reported = words(written.file("en", "html"))
    assert "Report on the quality of filings: January 2025" in reported
    assert "Complete at once 50.0% 2 of 4 first filings complete" in reported
    assert "Pools that were to file 3 on time: 2" in reported
    assert "«Мөлдір Бұлақ» ЖШС (230640000018) late 2025-02-27 (2 days late)" in reported
    assert f"{numbers['refiled']}, row 11, column 3" in reported
    assert f"{numbers['correction']} ТОО «Пул Алатау» (230640000008) 2025-04-10 10:00 complete 8 days late" in reported
    assert "Send the notice 1 0 0 1 0" in reported
    assert "0 days: 1, 1 day: 3, 2 days: 1, 3 days: 1" in reported
    assert "ETH 4 4 100.00%" in reported
    assert "All 18 identities hold." in reported
    assert f"Send the notice: {numbers['late']}/N-1, «Мөлдір Бұлақ» ЖШС (230640000018) (by 2025-03-14)." in reported
    assert "Ask for a correction of the quantities that cannot be read; left out of the figures: 1." in reported
    assert "Load reference data: register of pools, М. (06••••••••12), 2025-01-01 – 2025-01-31." in reported


@pytest.mark.parametrize("language", LANGUAGES)
def test_pdf_says_the_same_as_html(written: quality_report.Written, language: str) -> None:
    on_screen, on_paper = words(written.file(language, "html")), paper(written.file(language, "pdf"))
    for number in ("2025-000004", "R-37", "C-33", "230640000018", "06••••••••12"):
        assert number in on_screen
        assert number in on_paper
    assert on_screen[:25] in on_paper, "the title"


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_holds_no_personal_data_and_fetches_nothing(written: quality_report.Written, language: str) -> None:
    html = written.file(language, "html").read_text(encoding="utf-8")
    for secret in (PERSON, PERSON_NAME, "Мысалов", "Ержан", SECRET, "061211600013"):
        assert secret not in html
        assert secret not in paper(written.file(language, "pdf"))
    assert "<script" not in html
    assert not re.search(r"""(src|href)=|url\(|@import""", html.replace("xlink:href", ""))
    assert set(re.findall(r"https?://[^\"' <]+", html)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert f'<html lang="{language}">' in html


def test_two_homes_give_the_same_bytes(
    written: quality_report.Written, quality_filings: Filled, tmp_path: Path
) -> None:
    again = quality_report.write(copied(quality_filings[0].settings, tmp_path), JANUARY, DAY)
    assert contents(again.folder) == contents(written.folder)
    assert files.read_json(again.folder / "report.json")["files"].keys() == set(quality_files.NAMES)


def test_an_unchanged_report_keeps_its_day(home: Settings) -> None:
    first = quality_report.write(home, JANUARY, DAY)
    before = contents(first.folder)
    again = quality_report.write(home, JANUARY, date(2025, 4, 20))
    assert (again.written, again.as_of) == (False, DAY)
    assert contents(first.folder) == before


def test_a_changed_report_is_written_beside_the_former(home: Settings) -> None:
    """On 5 March neither the correction nor the lateness was known."""
    first = quality_report.write(home, JANUARY, date(2025, 3, 5))
    former = first.file("ru", "html").read_bytes()
    second = quality_report.write(home, JANUARY, DAY)
    assert second.written
    assert second.file("ru", "html").read_bytes() != former
    assert (second.folder / "as-of-2025-03-05" / "report.ru.html").read_bytes() == former
    assert (second.folder / "as-of-2025-04-15" / "report.ru.html").read_bytes() == second.file(
        "ru", "html"
    ).read_bytes()


def test_what_a_kill_left_is_mended(home: Settings) -> None:
    done = quality_report.write(home, JANUARY, DAY)
    whole = contents(done.folder)
    done.file("ru", "pdf").write_bytes(b"half")
    done.file("ru", "html").unlink()
    assert not quality_report.write(home, JANUARY, DAY).written
    assert contents(done.folder) == whole
    (done.folder / "report.json").unlink()  # killed before the last file
    quality_report.write(home, JANUARY, DAY)
    assert contents(done.folder) == whole
    (done.folder / "report.json").write_text("{", encoding="utf-8")
    quality_report.write(home, JANUARY, DAY)
    assert contents(done.folder) == whole


def test_other_content_of_the_same_day_gets_a_number(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    first = quality_report.write(home, JANUARY, DAY)
    former = first.file("ru", "html").read_bytes()
    monkeypatch.setattr(quality_report.html, "html", lambda said, language: b"reworded")
    second = quality_report.write(home, JANUARY, DAY)
    assert second.written
    assert second.file("ru", "html").read_bytes() == b"reworded"
    assert (second.folder / "as-of-2025-04-15" / "report.ru.html").read_bytes() == former
    assert (second.folder / "as-of-2025-04-15-2" / "report.ru.html").read_bytes() == b"reworded"


def test_months_that_have_a_report(home: Settings) -> None:
    assert quality_files.months(home) == {}
    quality_report.write(home, JANUARY, DAY)
    (quality_files.folder(home) / "2025-13").mkdir()
    names = ("report.ru.html", "report.ru.pdf")
    assert quality_files.months(home) == {JANUARY: names}
    assert tuple(quality_files.files_of(home, "2025-01")) == names
    for hostile in ("..", "2025-13", "2025-01/as-of-2025-04-15", "", "2024-01"):
        assert quality_files.files_of(home, hostile) == {}


def test_a_month_that_is_not_over_or_unknown_is_reported(home: Settings) -> None:
    with pytest.raises(MonthError, match="2025-04 is not over on 2025-04-15"):
        quality_report.write(home, date(2025, 4, 1), DAY)
    with pytest.raises(UnknownError, match="month 2019-01"):
        quality_report.write(home, date(2019, 1, 1), DAY)
    with pytest.raises(NoSnapshotError):
        quality_report.write(replace(home, home=home.home / "empty"), JANUARY, DAY)
    assert quality_files.months(home) == {}


def test_which_months_are_due(home: Settings) -> None:
    """On 28 April that of February; January and February have filings here, one of them not examined."""
    assert quality_report.month_due(date(2025, 4, 28)) == date(2025, 2, 1)
    assert quality_report.month_due(date(2025, 1, 28)) == date(2024, 11, 1)
    assert quality_report.months(home, date(2025, 4, 15)) == [JANUARY, date(2025, 2, 1)]
    assert quality_report.months(home, date(2025, 3, 31)) == [JANUARY]
    assert months_before(date(2025, 2, 1), 11) == date(2024, 3, 1)
