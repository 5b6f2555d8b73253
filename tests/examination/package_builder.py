"""PackageRead objects as the reader would give them: a complete, faultless package to change one thing of."""

from __future__ import annotations

import atexit
import hashlib
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from esep import clock
from esep.config import Settings
from esep.examination import suites
from esep.examination.examine import examine_read
from esep.examination.model import Examination, Finding
from esep.examination.register import as_pools
from esep.examination.suites import Suites
from esep.forms.document import (
    RAW_ROWS,
    ROW_FIELDS,
    ApplicationRead,
    FileRead,
    FileRole,
    FileState,
    FormRead,
    PackageRead,
    Text,
)
from esep.forms.values.cell import CellKind
from signature import cms_maker

NOW = datetime(2025, 4, 10, 9, 0, tzinfo=clock.TIMEZONE)
POOL = "230640000018"
POOL_NAME = "ЖШС «Самал Пул»"
MINERS = ("940140000385", "990140004654", "061211600012", "230640000903")
WALLETS = (
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
    "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
)
APPLICATION: dict[str, str | None] = {
    "authority": "Цифрлық даму министрлігі",
    "pool_name": POOL_NAME,
    "pool_id": POOL,
    "period": "2025 жылғы наурыз кірістері",
    "sheet_count": "3",
    "head_name": "Бекова Айман",
    "completed_on": "2025 жылғы 10 сәуір",
}
FOOTER: dict[str, str | None] = {
    "pool_name": POOL_NAME,
    "address": "Қарағанды, Жаңа көшесі 1",
    "phone": "+7 700 000 00 00",
    "email": "filer@samal.example",
    "executor": "Серіков Дос",
    "head": "Бекова Айман",
}


def texts(values: Mapping[str, str | None], first_row: int) -> dict[str, Text]:
    return {name: Text(text, "Парақ", first_row + n, None) for n, (name, text) in enumerate(values.items())}


def row(n: int = 1, **changes: Any) -> dict[str, Any]:
    """The n-th faultless row; a change is a text, None, or (text, CellKind)."""
    place = (n - 1) % len(MINERS)
    cells: dict[str, Any] = {
        "row_no": (str(n), CellKind.NUMBER),
        "miner_name": f"ЖШС «Майнер {place + 1}»",
        "miner_id": MINERS[place],
        "licence": f"№ 1000{place + 1} 2024-02-01 берілген",
        "wallet": WALLETS[place],
        "distributed_on": (f"2025-03-{(n - 1) % 28 + 1:02d}", CellKind.DATE),
        "asset": "BTC",
        "quantity": f"0.{n:08d}",
        "reward_asset": "BTC",
        "reward_quantity": f"0.0{n:07d}",
    }
    return cells | changes


def raw_rows(rows: Sequence[Mapping[str, Any]], first: int = 12) -> pa.Table:
    """RAW_ROWS from cells; a bare text is a text cell, None an empty one."""
    columns: dict[str, list[Any]] = {field.name: [] for field in RAW_ROWS}
    for n, cells in enumerate(rows):
        columns["row"].append(first + n)
        columns["spanning"].append(cells.get("spanning"))
        columns["total_expected"].append(cells.get("total_expected"))
        for name in ROW_FIELDS:
            value = cells[name]
            text, kind = value if isinstance(value, tuple) else (value, CellKind.TEXT)
            columns[name].append(text)
            columns[f"{name}_kind"].append(int(CellKind.EMPTY if text is None else kind))
    return pa.table(columns, schema=RAW_ROWS)


def form(rows: Sequence[Mapping[str, Any]] | pa.Table | None = None, **changes: Any) -> FormRead:
    table = rows if isinstance(rows, pa.Table) else raw_rows([row(1), row(2), row(3)] if rows is None else rows)
    footer = FOOTER | changes.pop("footer", {})
    period = changes.pop("period", "2025 жылғы наурыз")
    made = FormRead(
        file="1-ЦМ.xlsx",
        file_sha256="0" * 64,
        sheet="1-ЦМ",
        hidden=False,
        language="kk",
        numbering="9.1/9.2",
        number_row=11,
        number_row_repeats=(),
        total_rows=(),
        header=texts({"period": period}, 5),
        footer=texts(footer, 40),
        rows=table,
    )
    return replace(made, **changes)


def application(**changes: Any) -> ApplicationRead:
    declared = {name: changes.pop(name, True) for name in ("declares_truth", "declares_consent")}
    file = changes.pop("file", "өтініш.docx")
    return ApplicationRead(file=file, sheet=None, language="kk", fields=texts(APPLICATION | changes, 1), **declared)


def file(path: str, state: FileState = FileState.READ, role: FileRole = FileRole.UNKNOWN, **changes: Any) -> FileRead:
    return FileRead(path=path, sha256="1" * 64, size=10, state=state, role=role, **changes)


SIGNATURE = file("өтініш.p7s", FileState.NOT_READ, FileRole.SIGNATURE)
HEAD = cms_maker.Holder(bin=POOL)


def content_of(path: str) -> bytes:
    """The bytes of a made-up file of the package."""
    return f"Content of {path}".encode("utf-8", "surrogatepass")


@cache
def faultless_signature(path: str) -> bytes:
    """The head's detached signature over that file."""
    return cms_maker.sign(cms_maker.Rsa(cms_maker.rsa_key()), content_of(path), HEAD)


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="esep-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def on_disk(content: bytes) -> Path:
    """Where these bytes lie."""
    path = _folder() / hashlib.sha256(content).hexdigest()
    if not path.exists():
        path.write_bytes(content)
    return path


def package(
    forms: Sequence[FormRead] | None = None,
    applications: Sequence[ApplicationRead] | None = None,
    more: Sequence[FileRead] = (),
    signature: FileRead | None = SIGNATURE,
    cms: bytes | None = None,
) -> PackageRead:
    """`cms` replaces the bytes of the signature, which else is the head's over the application, else the form."""
    files = list(more)
    by_file: dict[str, list[FormRead]] = {}
    for one in (form(),) if forms is None else forms:
        by_file.setdefault(one.file, []).append(one)
    files += [file(path, role=FileRole.FORM, forms=tuple(parts)) for path, parts in by_file.items()]
    files += [
        file(one.file, role=FileRole.APPLICATION, applications=(one,))
        for one in ((application(),) if applications is None else applications)
    ]
    contents = {one.path: on_disk(content_of(one.path)) for one in files}
    if signature:
        signed = next((one.path for one in reversed(files) if one.role in (FileRole.APPLICATION, FileRole.FORM)), "")
        files.append(signature)
        contents[signature.path] = on_disk(faultless_signature(signed) if cms is None else cms)
    return PackageRead(Path("package"), tuple(files), contents)


def settings(home: Path = Path("/nonexistent"), **changes: Any) -> Settings:
    return replace(Settings(home=home), **changes)


def examined(
    made: PackageRead,
    pools: Sequence[Mapping[str, Any]] = (),
    rules: Suites | None = None,
    with_settings: Settings | None = None,
) -> Examination:
    chosen = with_settings or settings()
    return examine_read(made, rules or suites.load(chosen), chosen, as_pools(pools), NOW)


def found(examination: Examination, rule_id: str) -> list[Finding]:
    return [finding for finding in examination.findings if finding.rule_id == rule_id]
