"""What a library says of a file, and where the server keeps it, reaches no record, letter, page, answer or report.

`tests/forms/test_nothing_leaks.py` asks the reader alone, over every use of a library. Here a filing is made of each
kind of failure and goes all the way: registered, examined, answered by letters, loaded, published, shown.
"""

from __future__ import annotations

import importlib
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pypdf
import pytest
from click.testing import CliRunner

from cases.case_packages import NOW, PACKAGES
from esep import clock
from esep.cli.main import main
from esep.config import PROJECT, Settings
from esep.forms.reading import jobs, limits, package
from esep.forms.reading.result import RESULTS
from esep.letters import annotate, annotate_child
from esep.orchestration import tasks
from esep.reports import quality_report
from esep.warehouse import work
from forms.failing_libraries import MARKER, SAMPLES, failing
from forms.form_workbooks import FIXTURES
from ops.test_masked_snapshot import texts as texts_of_snapshot

READING = {
    "esep.forms.reading.zip_files.zipfile": FIXTURES / "epoch_1904.xlsx",
    "esep.forms.reading.fast_reader.CalamineWorkbook": FIXTURES / "libreoffice.xls",
    "esep.forms.reading.kinds.zipfile": FIXTURES / "libreoffice.ods",
    "esep.forms.reading.xls.xlrd": SAMPLES[-1],
    "esep.forms.reading.ooxml.sheet.etree": PACKAGES / "01-v-comment" / "1-ЦМ.xlsx",
    "esep.forms.reading.ooxml.book.zipfile": FIXTURES / "epoch_1904_libreoffice.xlsx",
    "esep.forms.reading.pdf_text.PdfReader": FIXTURES / "application.pdf",
    "esep.forms.reading.zip_files.zlib": PACKAGES / "28-zip-unicode-path.zip",
    "esep.forms.reading.word_document.etree": PACKAGES / "04-signature-p7b" / "Заявление.docx",
    "esep.forms.reading.web_page.etree": PACKAGES / "18-html-xls" / "1-ЦМ.xls",
    "esep.forms.reading.safe_xml.etree": PACKAGES / "19-xml2003-xls" / "1-ЦМ.xls",
    "msoffcrypto.OfficeFile": PACKAGES / "21-default-password" / "1-ЦМ.xlsx",
    "time": PACKAGES / "09-float-over-18" / "1-ЦМ.xlsx",
    "memory": PACKAGES / "10-float-tail-visible" / "1-ЦМ.xlsx",
    "esep.letters.marking.load_workbook": PACKAGES / "24-wallet-wrapped" / "1-ЦМ.xlsx",
    "nothing": FIXTURES / "libreoffice.xlsx",
}
"""What fails → the file that meets it, in a folder of that name: all in one filing.

Among them are workbooks with faulty cells, to be marked."""
CHECKING = ("esep.signature.algorithms.hashes", "esep.signature.cms_file.cms", "esep.signature.verification.x509")
"""What fails while a filing's signatures are checked: a filing for each."""
OUTCOMES = {
    *("file_damaged", "zip_truncated", "workbook_damaged", "pdf_damaged", "encrypted"),
    *("crash", "time", "memory"),
}
"""Codes of the files' faults that failing libraries lead to, and how the reading of a file alone may end."""
CLASS_NAME = re.compile(r"\b[A-Z]\w*(?:Error|Exception)\b|\bTold\b|Traceback")
"""Names of exceptions: of libraries and of Python, and of what `failing_libraries` raises."""
MONTH, REPORTED_ON = date(2025, 3, 1), date(2026, 12, 15)


@contextmanager
def without(use: str) -> Iterator[None]:
    """While that use of a library fails; any other text changes nothing."""
    module, _, name = use.rpartition(".")
    with pytest.MonkeyPatch.context() as patch:
        if module:
            holder = importlib.import_module(module)
            patch.setattr(holder, name, failing(getattr(holder, name)))
        yield


@dataclass
class InThisProcess:
    """Does the jobs of a child here, each file with its library failing, and remembers how they ended."""

    job: Callable[[dict[str, Any]], None]
    ends: set[str] = field(default_factory=set)

    def run(self, job: dict[str, Any], *, memory: int, seconds: float) -> str:
        outcome = self._outcome(job)
        self.ends.add(outcome)
        results = Path(job["out"]) / RESULTS
        for line in results.read_text(encoding="utf-8").splitlines() if results.exists() else ():
            details = [one["detail"] for one in json.loads(line).get("files", ())]
            self.ends |= {str(detail["code"]) for detail in details if detail}
        return outcome

    def _outcome(self, job: dict[str, Any]) -> str:
        name = (job["files"][0] if "files" in job else job)["name"]
        use = name.partition("/")[0]
        if use in ("time", "memory"):
            return use
        try:
            with without(use if use in READING else ""):
                self.job(job)
        except Exception:  # the zygote makes a crash of it
            return "crash"
        return "done"


@dataclass(frozen=True)
class LeakOffice:
    """A home in which all of this happened, and how the reading of the files ended."""

    settings: Settings
    numbers: list[str]
    ends: set[str]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> LeakOffice:
    settings = Settings(
        home=tmp_path_factory.mktemp("leaks") / "home",
        inbox_settle_seconds=0,
        reader_memory_bytes=1 << 40,  # this process has no limit, and may be larger than a child's
    )
    shutil.copytree(empty_work, work.folder(settings))
    for use, path in READING.items():
        target = settings.inbox / "reading" / use / f"{path.stem}{path.suffix or '.xls'}"
        target.parent.mkdir(parents=True)
        shutil.copyfile(path, target)
    for use in CHECKING:
        for case in ("04-signature-p7b", "08-signature-xmldsig-xml"):
            shutil.copytree(PACKAGES / case, settings.inbox / use / case)
        (settings.inbox / use / "note.txt").write_text(use, encoding="utf-8")  # else the packages were one
    sources = {item["number"]: item["source"] for item in tasks.register(settings, NOW)["registered"]}
    reader = InThisProcess(jobs.run)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(package, "HELPER", reader)
        patch.setattr(annotate, "HELPER", InThisProcess(annotate_child.run))
        patch.setattr(limits, "BATCH_FILES", 1)
        patch.setattr(quality_report, "LANGUAGES", ("en",))
        for number, source in sources.items():
            with without(source):
                tasks.examine(settings, NOW, [number])
        tasks.letters(settings)
        for step in (tasks.load, tasks.build_marts, tasks.check):
            step(settings, NOW)
        tasks.publish(settings)
        tasks.publish_masked(settings)
        quality_report.write(settings, MONTH, REPORTED_ON)
    return LeakOffice(settings, list(sources), reader.ends)


def leaks(office: LeakOffice, text: str) -> list[str]:
    """What a text tells that it must not: breaks of lines are no hiding place."""
    close = re.sub(r"[\s\u200b]+", "", text)
    places = {str(office.settings.home), str(office.settings.home.parent), tempfile.gettempdir() + "/", str(PROJECT)}
    found = [secret for secret in (MARKER, "/srv/esep", *places) if re.sub(r"\s+", "", secret) in close]
    return found + CLASS_NAME.findall(text)


def texts_of(path: Path) -> str:
    """All texts of a file, hidden ones too."""
    if path.suffix == ".pdf":
        pdf = pypdf.PdfReader(path)
        return " ".join([*(page.extract_text() for page in pdf.pages), str(pdf.metadata)])
    if path.suffix in (".xlsx", ".docx", ".zip"):
        with zipfile.ZipFile(path) as archive:
            return " ".join(f"{name} {archive.read(name).decode('utf-8', 'replace')}" for name in archive.namelist())
    if path.suffix == ".parquet":
        return json.dumps(pq.ParquetFile(path).read().to_pylist(), ensure_ascii=False, default=str)
    return path.read_text(encoding="utf-8")


def test_every_way_to_fail_is_here(office: LeakOffice) -> None:
    assert office.ends >= OUTCOMES
    reported = " ".join(path.read_text(encoding="utf-8") for path in office.settings.outbox.rglob("status.json"))
    assert '"outcome": "unreadable"' in reported
    assert '"outcome": "annotated"' in reported


def test_a_leak_would_be_seen(office: LeakOffice) -> None:
    broken = "\u200b\n".join(MARKER)
    for words in (broken, f"see {office.settings.home}/inbox", f"{PROJECT}/plugins", "XMLSyntaxError: line 1"):
        assert leaks(office, words)
    assert not leaks(office, "The file is damaged: an error of 2 rows.")


@pytest.mark.parametrize("folder", ["archive", "journal", "lake", "outbox", "reports"])
def test_no_file_tells_it(office: LeakOffice, folder: str) -> None:
    below = [path for path in (office.settings.home / folder).rglob("*") if path.is_file()]
    written = [path for path in below if "package" not in path.relative_to(office.settings.home).parts]
    assert written or folder == "journal"
    reported = {str(path): found for path in written if (found := leaks(office, texts_of(path)))}
    assert reported == {}


def test_no_snapshot_tells_it(office: LeakOffice) -> None:
    for path in (office.settings.snapshot, office.settings.masked_snapshot):
        assert leaks(office, "\n".join(texts_of_snapshot(path))) == []


@pytest.mark.parametrize(("language", "operator"), [("kk", True), ("en", False)])
def test_no_page_tells_it(office: LeakOffice, pages: Callable[..., Any], language: str, operator: bool) -> None:
    client = pages(office.settings, operator=operator, language=language)
    of_filings = [f"/filing/{number}{part}" for number in office.numbers for part in ("", "/findings")]
    for address in (*of_filings, "/status", *(["/letters"] if operator else [])):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert leaks(office, unescape(answer.text)) == [], address


@pytest.mark.parametrize("language", ["ru", "json"])
def test_no_command_tells_it(office: LeakOffice, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    for arguments in (["status"], *(["show", number] for number in office.numbers)):
        options = ["--json"] if language == "json" else ["--language", language]
        environment = {"ESEP_HOME": str(office.settings.home), "COLUMNS": "300"}
        done = CliRunner().invoke(main, [*arguments, *options], env=environment)
        assert done.exit_code in (0, 1), done.output
        reported = done.output
        if language == "json":
            value = json.loads(reported)
            for letter in value.get("letters", ()):
                letter.pop("files")  # where a person at this machine opens them
            reported = json.dumps(value, ensure_ascii=False)
        assert leaks(office, reported) == [], arguments
