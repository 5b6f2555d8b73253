"""A filing in an archive of its own, as registration and examination leave it, and findings to write letters about."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from esep import files
from esep.clock import TIMEZONE
from esep.config import Settings
from esep.examination.model import Finding, Lane, Severity
from esep.forms import templates
from esep.office import archive
from esep.office.archive import Entry
from esep.office.receipt import RECIPIENTS, Receipt, ReceivedFile

NUMBER = "2025-000017"
POOL_NAME = "ЖШС «Самал Пул»"
WORKBOOK = "1-ЦМ.xlsx"
SHEET = "1-ЦМ"


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

    def register(self, **verdict: Any) -> Entry:
        received = tuple(
            ReceivedFile(path.relative_to(self.package).as_posix(), files.sha256_of(path), path.stat().st_size)
            for path in sorted(self.package.rglob("*"))
            if path.is_file()
        )
        receipt = Receipt(
            registration_no=NUMBER,
            received_at=datetime(2025, 4, 28, 18, 30, tzinfo=TIMEZONE),
            registered_on=date(2025, 4, 28),
            registered_at=datetime(2025, 4, 28, 18, 30, 5, tzinfo=TIMEZONE),
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
        files.write_json(self.package.parent / "receipt.json", receipt.as_dict())
        value = {
            "registration_no": NUMBER,
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
        files.write_json(self.package.parent / "verdict.json", value)
        return archive.entry(self.settings, NUMBER)


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
