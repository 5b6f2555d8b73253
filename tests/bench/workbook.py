"""Large 1-ЦМ workbooks, written as XML line by line: openpyxl would need minutes for a million rows."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from xml.sax.saxutils import escape

from esep.clock import TIMEZONE
from esep.demo import wallets
from esep.demo.packages import AUTHORITY, detached_signature
from esep.forms import annex2, templates
from esep.law import form_versions, identifiers

POOL_ID, POOL_NAME = "230640000008", "«Өлшеу Пулы» ЖШС"
PERIOD = date(2025, 3, 1)
HEAD, SIGNED_AT = "Караев Данияр Маратович", datetime(2025, 4, 10, 10, 0, tzinfo=TIMEZONE)
ASSETS = ("BTC", "LTC", "DOGE", "DASH", "ZEC")
MINERS = 500
_EXCEL_EPOCH = date(1899, 12, 30)
_COLUMNS = "ABCDEFGHIJ"
_PRINTED = annex2.numberings_of(form_versions.columns(date(2025, 3, 1)))[annex2.Way.PRINTED]

_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    + "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        f'spreadsheetml.{kind}+xml"/>'
        for part, kind in (
            ("workbook", "sheet.main"),
            ("worksheets/sheet1", "worksheet"),
            ("styles", "styles"),
            ("sharedStrings", "sharedStrings"),
        )
    )
    + "</Types>",
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="1-ЦМ" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    + "".join(
        f'<Relationship Id="rId{n}" Target="{target}.xml" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/>'
        for n, (kind, target) in enumerate(
            (("worksheet", "worksheets/sheet1"), ("styles", "styles"), ("sharedStrings", "sharedStrings")), start=1
        )
    )
    + "</Relationships>",
    "xl/styles.xml": '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<fonts count="1"><font><sz val="10"/><name val="Arial"/></font></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
}


@dataclass(frozen=True, slots=True)
class _Miner:
    name: str
    number: str
    licence: str
    wallets: dict[str, str]


def _miners(rng: random.Random, faulty: bool) -> list[_Miner]:
    miners = []
    while len(miners) < MINERS:
        stem = f"{rng.randint(10, 22)}{rng.randint(1, 12):02}40{rng.randint(0, 99999):05}"
        digit = identifiers.check_digit(stem)
        if digit is None:
            continue
        if faulty:
            digit = (digit + 1) % 10
        addresses = {asset: wallets.make(asset, rng) for asset in ASSETS}
        if faulty:
            addresses = {asset: text[:-1] + ("q" if text[-1] != "q" else "p") for asset, text in addresses.items()}
        number = len(miners)
        miners.append(_Miner(f"ТОО «Майнер {number}»", f"{stem}{digit}", f"№ KZ-{number:06} от 12.03.2024", addresses))
    return miners


class _Strings:
    """The table of shared strings, in which Excel keeps each text once."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    def place(self, text: str) -> int:
        return self._places.setdefault(text, len(self._places))

    def xml(self) -> Iterator[str]:
        yield '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        for text in self._places:
            yield f"<si><t>{escape(text)}</t></si>"
        yield "</sst>"


def _line(row: int, texts: list[str], strings: _Strings) -> str:
    cells = "".join(
        f'<c r="{column}{row}" t="s"><v>{strings.place(text)}</v></c>'
        for column, text in zip(_COLUMNS, texts, strict=False)
        if text
    )
    return f'<row r="{row}">{cells}</row>'


def _sheet(rows: int, faulty: bool, strings: _Strings) -> Iterator[str]:
    rng = random.Random(rows)
    miners = _miners(rng, faulty)
    first_day = (PERIOD - _EXCEL_EPOCH).days - (40 if faulty else 0)
    days = [str(first_day + n) for n in range(31)]
    at = strings.place
    yield (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews>'
        '<sheetView workbookViewId="0"/></sheetViews><sheetData>'
    )
    yield _line(1, [annex2.HEADER["ru"][2]], strings)
    yield _line(2, [annex2.HEADER["ru"][3]], strings)
    yield _line(3, [annex2.PERIOD_LABEL["ru"], "", "", "март 2025 года"], strings)
    yield _line(5, [column.heading["ru"] for column in _PRINTED.columns], strings)
    yield _line(6, list(_PRINTED.numbers), strings)
    start = 7
    for n in range(rows):
        row = start + n
        miner = miners[rng.randrange(MINERS)]
        asset = ASSETS[n % len(ASSETS)]
        whole, part = n % 90, rng.randrange(10**8)
        quantity = f"{whole},{part:08}"
        if faulty:
            quantity += "00000000001"  # a 19th decimal
        reward_asset = "ZEN" if faulty else asset
        yield (
            f'<row r="{row}"><c r="A{row}"><v>{n + 1}</v></c><c r="B{row}" t="s"><v>{at(miner.name)}</v></c>'
            f'<c r="C{row}" t="s"><v>{at(miner.number)}</v></c><c r="D{row}" t="s"><v>{at(miner.licence)}</v></c>'
            f'<c r="E{row}" t="s"><v>{at(miner.wallets[asset])}</v></c><c r="F{row}" s="1"><v>{days[n % 31]}</v></c>'
            f'<c r="G{row}" t="s"><v>{at(asset)}</v></c><c r="H{row}" t="s"><v>{at(quantity)}</v></c>'
            f'<c r="I{row}" t="s"><v>{at(reward_asset)}</v></c><c r="J{row}"><v>{part / 10**8!r}</v></c></row>'
        )
    row = start + rows + 1
    yield _line(row, ["Наименование", "", POOL_NAME, "", "", "Адрес", "г. Алматы, ул. Придуманная, 2"], strings)
    for label, value in (
        ("Телефон", "+7 727 000 00 02"),
        ("Адрес электронной почты", "otchet@olsheu.example"),
        ("Исполнитель", "Дворцова Инна Львовна"),
        ("Руководитель или лицо, исполняющее его обязанности", "Караев Данияр Маратович"),
    ):
        row += 1
        yield _line(row, [label, "", "", value], strings)
    yield "</sheetData></worksheet>"


def write_workbook(path: Path, rows: int, *, faulty: bool = False) -> None:
    """A 1-ЦМ workbook with shared strings, as Excel saves it. Faulty: five faults of reliability in each row."""
    strings = _Strings()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in _PARTS.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}')
        for name, lines in (
            ("xl/worksheets/sheet1.xml", _sheet(rows, faulty, strings)),
            ("xl/sharedStrings.xml", strings.xml()),
        ):
            with archive.open(name, "w", force_zip64=True) as file:
                file.write(b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n')
                batch: list[str] = []
                for line in lines:
                    batch.append(line)
                    if len(batch) == 5000:
                        file.write("".join(batch).encode())
                        batch.clear()
                file.write("".join(batch).encode())


def write_package(folder: Path, rows: int, *, faulty: bool = False) -> Path:
    """A complete package around such a workbook; returns the workbook. Made once and kept, as it takes its time."""
    workbook = folder / "1-ЦМ.xlsx"
    if workbook.exists():
        return workbook
    folder.mkdir(parents=True, exist_ok=True)
    application = folder / "Заявление.docx"
    templates.write_application(
        application,
        language="ru",
        authority=AUTHORITY["ru"],
        pool_name=POOL_NAME,
        pool_id=POOL_ID,
        period=PERIOD,
        sheet_count=3,
        head_name=HEAD,
        completed_on=SIGNED_AT.date(),
    )
    signature = detached_signature(application.read_bytes(), POOL_ID, POOL_NAME, HEAD, SIGNED_AT)
    (folder / f"{application.name}.p7s").write_bytes(signature)
    temporary = folder.with_name(f"{folder.name}.tmp")
    write_workbook(temporary, rows, faulty=faulty)
    temporary.rename(workbook)
    return workbook
