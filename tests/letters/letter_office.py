"""A filing in an archive of its own, as registration and examination leave it, and findings to write letters about."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow as pa
from docx import Document
from pypdf import PdfReader

from esep import files
from esep.clock import TIMEZONE
from esep.config import Settings
from esep.examination.model import Finding, Lane, Severity
from esep.forms import templates
from esep.lake import files as lake_files
from esep.lake.schema import FINDING
from esep.letters import placing
from esep.letters.placing import Letter
from esep.office import archive
from esep.office.archive import RECIPIENTS, Entry, Receipt, ReceivedFile

NUMBER = "2025-000017"
POOL_NAME = "ЖШС «Самал Пул»"
WORKBOOK = "1-ЦМ.xlsx"
SHEET = "1-ЦМ"
SCHEMA = json.loads(Path(placing.__file__).with_name("status.schema.json").read_text(encoding="utf-8"))


class Office:
    """An $ESEP_HOME with one filing."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings(home=home)
        self.package = self.settings.archive / "2025" / NUMBER / "package"
        self.package.mkdir(parents=True)

    def workbook(self, name: str = WORKBOOK, folder: Path | None = None, **content: Any) -> Path:
        """The two annexes as sheets of one .xlsx, with three data rows."""
        rows = [
            (n, "Майнер", "940140000385", "№ 1 от 01.02.2024", "", date(2025, 3, n), "BTC", "0.5", "BTC", "0.01")
            for n in (1, 2, 3)
        ]
        path = (folder or self.package) / name
        templates.write_form(path, **{"sheet": SHEET, "rows": rows, "pool_name": POOL_NAME, **content})
        return path

    def register(self, number: str = NUMBER, *, registered_on: date = date(2025, 4, 28), **verdict: Any) -> Entry:
        """A filing with one verdict; every further number gets a copy of the first one's package."""
        folder = self.settings.archive / number[:4] / number
        if folder != self.package.parent:
            shutil.copytree(self.package, folder / "package")
        received_at = datetime.combine(registered_on, time(18, 30), TIMEZONE)
        received = tuple(
            ReceivedFile(path.relative_to(self.package).as_posix(), files.sha256_of(path), path.stat().st_size)
            for path in sorted(self.package.rglob("*"))
            if path.is_file()
        )
        receipt = Receipt(
            registration_no=number,
            received_at=received_at,
            registered_on=registered_on,
            registered_at=verdict.pop("registered_at", received_at + timedelta(seconds=5)),
            incoming_no="К-12",
            change_date=None,
            stamp=None,
            stamp_error=None,
            source_name=verdict.pop("source_name", "samal-2025-03"),
            package_sha256=hashlib.sha256(b"package").hexdigest(),
            files=received,
            left_out=(),
            recipients=RECIPIENTS,
            arrival_id="0" * 64,
            code_version="test",
        )
        files.write_json(folder / "receipt.json", receipt.as_dict())
        value = {
            "registration_no": number,
            "examination_no": 1,
            "examined_at": "2025-04-29T10:00:00+05:00",
            "verdict": "refused",
            "pool_id": "230640000018",
            "pool_name": POOL_NAME,
            "period": "2025-03-01",
            "row_count": 3,
            "ruleset": "0123456789abcdef",
            **verdict,
        }
        files.write_json(folder / "verdict.json", value)
        return archive.entry(self.settings, number)


def finding(rule_id: str = "C-45", **values: Any) -> Finding:
    """A fault of one cell; keywords replace what it says."""
    lane = Lane.COMPLETENESS if rule_id.startswith("C") else Lane.RELIABILITY
    plain: dict[str, Any] = {
        "lane": lane,
        "severity": Severity.ERROR,
        "message_kk": "Ұяшық бос. Толтырыңыз.",
        "message_ru": "Ячейка пуста. Заполните.",
        "message_en": "The cell is empty. Fill it in.",
        "file": WORKBOOK,
        "sheet": SHEET,
        "row": 16,
        "column_no": "5",
    }
    return Finding(rule_id, **{**plain, **values})


def lay(office: Office, number: str, findings: list[Finding]) -> list[str]:
    """The findings as the lake keeps them; gives what a verdict says of them."""
    rows = [
        one.as_dict()
        | {"registration_no": number, "examination_no": 1, "pool_id": None, "period": date(2025, 3, 1)}
        | {"found_detail": one.found_detail.as_json() if one.found_detail else None}
        for one in findings
    ]
    columns = {
        column.name: pa.array([row.get(column.name) for row in rows], column.type) for column in FINDING.arrow_schema
    }
    path = lake_files.path_of(FINDING, date(2025, 3, 1), number, 1)
    lake_files.write(office.settings, FINDING, pa.table(columns), path)
    return ["filing/x.parquet", path.as_posix()]


def reported(letter: Letter) -> dict[str, Any]:
    """The letter's status file, held to its schema."""
    value: dict[str, Any] = json.loads(letter.status.read_text(encoding="utf-8"))
    jsonschema.validate(value, SCHEMA)
    return value


def pdf_text(path: Path) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(path.read_bytes())).pages)
    return " ".join(text.split())


def docx_text(path: Path) -> str:
    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join(" ".join([paragraph.text for paragraph in document.paragraphs] + cells).split())
