"""An archive, a lake and reference files as the office and the examination leave them, made row by row for tests."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa

from esep import files
from esep.clock import TIMEZONE
from esep.config import Settings
from esep.forms.document import FORM_1CM
from esep.lake import files as lake_files
from esep.lake.schema import DISTRIBUTION, FILING, FINDING
from esep.office import events
from esep.office.archive import RECIPIENTS, HistoryMark, Receipt, ReceivedFile
from esep.office.registration import LOADED_AS_HISTORY
from esep.records import append as records
from esep.warehouse import published
from esep.warehouse.rebuild import RefreshReport, refresh

POOL = "230640000008"
OTHER_POOL = "230640000018"
MINER = "940140000385"
OTHER_MINER = "990140004654"
NOW = datetime(2026, 3, 1, 9, 0, tzinfo=TIMEZONE)


def value_of(quantity: Decimal | str, price: Decimal | str, rate: Decimal | str) -> Decimal:
    """Tenge of one distribution: the product, rounded once, half away from zero, at the 12th decimal."""
    with localcontext(prec=100):
        return (Decimal(quantity) * Decimal(price) * Decimal(rate)).quantize(Decimal("1e-12"), ROUND_HALF_UP)


def moment(text: str) -> datetime:
    """`2025-02-10` or `2025-02-10 10:30` in local time."""
    return datetime.fromisoformat(text).replace(tzinfo=TIMEZONE)


def day(text: str) -> date:
    return date.fromisoformat(text)


def row(
    day_text: str | None,
    asset: str = "BTC",
    quantity: str | None = "1",
    *,
    taxpayer: str = MINER,
    name: str = "ТОО «Терек»",
    reward: str | None = "0",
    reward_asset: str | None = None,
    state: str = "ok",
    quantity_text: str | None = None,
) -> dict[str, Any]:
    """One distribution; a quantity of None was unreadable, and `quantity_text` says what stood there."""
    return {
        "taxpayer_id": taxpayer,
        "taxpayer_id_state": state,
        "taxpayer_name": name,
        "distributed_on": day(day_text) if day_text else None,
        "asset": asset,
        "quantity": None if quantity is None else Decimal(quantity),
        "quantity_text": quantity_text if quantity is None else quantity,
        "reward_asset": reward_asset or asset,
        "reward_quantity": None if reward is None else Decimal(reward),
        "reward_quantity_text": reward or "?",
    }


def finding(rule: str = "R-01", occurrences: int = 1, lane: str = "reliability") -> dict[str, Any]:
    texts = {f"message_{language}": f"{rule} {language}" for language in ("kk", "ru", "en")}
    return {"rule_id": rule, "lane": lane, "severity": "error", "occurrences": occurrences, **texts}


@dataclass
class Office:
    """Writes what the parts before the warehouse write."""

    settings: Settings
    live: bool = False
    """Whether filings are registered and examined when they arrive; else they are taken in at NOW."""
    as_history: bool = True
    """Whether what is taken in at NOW is loaded as history; else the office registers it late."""
    serials: Counter[int] = field(default_factory=Counter)
    packages: dict[str, bytes] = field(default_factory=dict)
    """Bytes of the workbook by number; those of the others are their number."""

    def register(self, received: str, change_date: str | None = None) -> str:
        """A receipt without a verdict; gives the number."""
        received_at = moment(received)
        self.serials[received_at.year] += 1
        number = f"{received_at.year}-{self.serials[received_at.year]:06d}"
        content = self.packages.get(number, number.encode())
        receipt = Receipt(
            registration_no=number,
            received_at=received_at,
            registered_on=received_at.date(),
            registered_at=received_at if self.live else NOW,
            history=None if self.live or not self.as_history else HistoryMark("stamp", "esep.office"),
            incoming_no=None,
            change_date=day(change_date) if change_date else None,
            stamp=None,
            stamp_error=None,
            source_name=f"{number}.zip",
            package_sha256=number.encode().hex().ljust(64, "0"),
            files=(ReceivedFile("1-ЦМ.xlsx", sha256(content).hexdigest(), len(content)),),
            left_out=(),
            recipients=RECIPIENTS,
            arrival_id=number,
            code_version="test",
        )
        (self.folder(number) / "package").mkdir(parents=True)
        (self.folder(number) / "package" / "1-ЦМ.xlsx").write_bytes(content)
        records.add(self.folder(number) / "receipt.json", receipt.as_dict())
        if receipt.history:
            events.append(self.folder(number), LOADED_AS_HISTORY, NOW, receipt.history.author, {"basis": "stamp"})
        return number

    def _registered_at(self, number: str) -> datetime:
        return datetime.fromisoformat(files.read_json(self.folder(number) / "receipt.json")["registered_at"])

    def folder(self, number: str) -> Path:
        return self.settings.archive / number[:4] / number

    def examine(
        self,
        number: str,
        rows: list[dict[str, Any]],
        *,
        pool: str | None = POOL,
        period: str | None = "2025-01-01",
        verdict: str = "accepted",
        findings: list[dict[str, Any]] | None = None,
        examination_no: int = 1,
        pool_name: str = "ТОО «Пул Алатау»",
        examined_at: datetime | None = None,
    ) -> None:
        """The lake's files and the verdict of one examination."""
        identity = {
            "registration_no": number,
            "examination_no": examination_no,
            "pool_id": pool,
            "period": day(period) if period else None,
        }
        facts = {
            "examined_at": examined_at or self._registered_at(number),
            "verdict": verdict,
            "pool_id_source": "application" if pool else "none",
            "pool_name": pool_name if pool else None,
            "period_source": "application" if period else "none",
            "sheets_stated": 1,
            "row_count": len(rows),
            "excluded_count": sum(row["quantity"] is None for row in rows),
            "form_version": "test",
            "ruleset": "rules",
            "code_version": "test",
        }
        place = {"file": "1-ЦМ.xlsx", "file_sha256": "ab" * 32, "sheet": "1-ЦМ", "source": FORM_1CM}
        placed = [place | {"row": 11 + index, "row_no": index + 1} | row for index, row in enumerate(rows)]
        paths: dict[str, str] = {}
        for table, content in ((FILING, [facts]), (DISTRIBUTION, placed), (FINDING, findings or [])):
            path = lake_files.path_of(table, identity["period"], number, examination_no)
            arrow = pa.Table.from_pylist([identity | line for line in content], table.arrow_schema)
            paths[path.as_posix()] = lake_files.write(self.settings, table, arrow, path)
        name = "verdict.json" if examination_no == 1 else f"verdict-{examination_no}.json"
        plain = {
            key: value.isoformat() if isinstance(value, date) else value for key, value in (identity | facts).items()
        }
        counts = Counter(one["rule_id"] for one in findings or [])
        record = plain | {"findings": dict(counts), "lake": list(paths), "lake_sha256": paths}
        records.add(self.folder(number) / name, record)

    def file(self, received: str, rows: list[dict[str, Any]], *, change_date: str | None = None, **facts: Any) -> str:
        """Register and examine; gives the number."""
        number = self.register(received, change_date)
        self.examine(number, rows, **facts)
        return number

    def reference(self, name: str, *lines: str) -> Path:
        """Write a reference file: the heading, then the rows."""
        path = self.settings.reference / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def prices(self, *lines: str, file: str = "price") -> Path:
        """`date,asset,price,currency` rows; days of the version in force may go where the file is `price.replace`."""
        return self.reference(file, "date,asset,price,currency,source", *(f"{line},test" for line in lines))

    def rates(self, *lines: str, file: str = "exchange_rate") -> Path:
        """`date,currency,kzt_per_unit` rows; `exchange_rate.replace` as with prices."""
        return self.reference(file, "date,currency,kzt_per_unit,source", *(f"{line},test" for line in lines))

    def refresh(self, now: datetime = NOW) -> RefreshReport:
        return refresh(self.settings, now)

    def query(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Rows of the published snapshot."""
        connection = published.connect(self.settings)
        try:
            return connection.execute(sql, list(parameters)).fetchall()
        finally:
            connection.close()
