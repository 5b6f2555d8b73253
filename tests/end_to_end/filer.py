"""Packages as pools hand them in: written cell by cell with openpyxl and python-docx, not with Esep's own templates.

Each layout stands for one way of filling in the order's annexes. What is written here is all that the reader gets.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import docx
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from signature import cms_maker

POOL = "230640000008"
MINER_A = "230640000018"
MINER_B = "061211600012"
BTC_WALLET_A = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
BTC_WALLET_B = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
ETC_WALLET = "0x52908400098527886E0F7030069857D2E4169EE7"

MONTHS_KK = [
    "қаңтар",
    "ақпан",
    "наурыз",
    "сәуір",
    "мамыр",
    "маусым",
    "шілде",
    "тамыз",
    "қыркүйек",
    "қазан",
    "қараша",
    "желтоқсан",
]
MONTHS_RU = [
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
]
PRINTED = (1, 2, 3, 4, 5, 6, 7, 8, "9.1", "9.2")


def row(number: int, **changes: Any) -> list[Any]:
    """The ten cells of a faultless data row; `changes` replace single cells by name."""
    cells: dict[str, Any] = {
        "row_no": number,
        "miner_name": "«Алтын Блок» ЖШС",
        "miner_id": MINER_A,
        "licence": "№ KZ11DM00000101, 15.01.2024 берілген",
        "wallet": BTC_WALLET_A,
        "distributed_on": "05.03.2025",
        "asset": "BTC",
        "quantity": "0,5",
        "reward_asset": "BTC",
        "reward_quantity": "0,01",
    }
    unknown = set(changes) - set(cells)
    assert not unknown, unknown
    return list((cells | changes).values())


@dataclass(frozen=True)
class Filing:
    """What one package says. `year`/`month` of the distribution; `layout` names a way of filling in the form."""

    year: int = 2025
    month: int = 3
    rows: list[list[Any]] = field(default_factory=lambda: [row(1)])
    pool_name: str = "«Сарыарқа Пул» ЖШС"
    pool_id: str = POOL
    layout: str = "kk"
    application: str = "docx"
    signed: bool = True
    omit: frozenset[str] = frozenset()
    """Names of application fields or footer labels that are left blank."""

    def but(self, **changes: Any) -> Filing:
        return replace(self, **changes)


def write(filing: Filing, folder: Path, received_at: str | None = None, **stamp: str) -> Path:
    """Write the package into `folder` and return it; `received_at` adds the office's stamp."""
    folder.mkdir(parents=True)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    {"kk": _form_kk, "ru_offset": _form_ru_offset, "explained": _form_explained}[filing.layout](filing, sheet)
    if filing.application == "sheet":
        _application_sheet(filing, book.create_sheet("Өтініш"))
    elif filing.application == "docx":
        _application_docx(filing, folder / "otinish.docx")
    book.save(folder / "1-CM.xlsx")
    if filing.signed:
        signed = folder / ("otinish.docx" if filing.application == "docx" else "1-CM.xlsx")
        moment = datetime.fromisoformat(received_at) if received_at else None
        (folder / f"{signed.name}.p7s").write_bytes(_signature(signed.read_bytes(), filing.pool_id, moment))
    if received_at:
        (folder / "office.json").write_text(json.dumps({"received_at": received_at, **stamp}), encoding="utf-8")
    return folder


def _signature(content: bytes, pool_id: str, signed_at: datetime | None) -> bytes:
    """The head's detached CMS signature, made with a key of the tests; without a time it is judged by its arrival."""
    holder = cms_maker.Holder(
        bin=pool_id, valid_from=datetime(2023, 1, 1, tzinfo=UTC), valid_to=datetime(2035, 1, 1, tzinfo=UTC)
    )
    return cms_maker.sign(cms_maker.Rsa(cms_maker.rsa_key()), content, holder, signed_at=signed_at)


def _value(filing: Filing, name: str, value: str) -> str:
    return "____________" if name in filing.omit else value


def _form_kk(filing: Filing, sheet: Worksheet) -> None:
    """The Kazakh form as printed: labels with values in the same cell, several pairs in a line of the footer."""
    sheet.append(["Нысан"])
    sheet.append([])
    sheet.append(["Әкімшілік деректер нысанының индексі: 1-ЦМ"])
    sheet.append(["Кезеңділігі: ай сайын"])
    sheet.append([f"Есепті кезең: {filing.year} жылғы {MONTHS_KK[filing.month - 1]}"])
    sheet.append(["Ақпаратты ұсынатын тұлғалар тобы: цифрлық майнингтік пулдар"])
    sheet.append(["Р/с №", "Атауы", "БСН/ЖСН", "Лицензия", "Әмиян", "Күні", "Актив", "Саны", "Пул сыйақысы"])
    sheet.append([str(number) for number in PRINTED])
    for cells in filing.rows:
        sheet.append(cells)
    sheet.append([])
    name = _value(filing, "pool_name", filing.pool_name)
    address = _value(filing, "address", "Астана қ., Дала көшесі, 1")
    sheet.append([f"Атауы {name} Мекенжайы {address}"])
    sheet.append([f"Телефон {_value(filing, 'phone', '+7 7172 000001')}"])
    sheet.append([f"Электрондық пошта мекенжайы {_value(filing, 'email', 'pool@example.kz')}"])
    sheet.append([f"Орындаушы {_value(filing, 'executor', 'Серікова Ә. Б.')}"])
    sheet.append(["Тегі, аты, әкесінің аты (бар болса) қолы, телефоны"])
    sheet.append(["Басшы немесе оның міндетін атқарушы тұлға"])
    sheet.append([_value(filing, "head", "Оспанов Д. Қ.")])
    sheet.append(["тегі, аты, әкесінің аты (бар болса) қолы"])


def _form_ru_offset(filing: Filing, sheet: Worksheet) -> None:
    """A Russian form that starts at C5: labels and values in neighbouring cells, numbers as numbers, a total row."""
    line = 5

    def put(*values: Any) -> None:
        nonlocal line
        for offset, value in enumerate(values):
            sheet.cell(line, 3 + offset, value)
        line += 1

    put("Индекс формы административных данных: 1-ЦМ")
    put("Отчётный период:", f"{MONTHS_RU[filing.month - 1]} {filing.year} года")
    put()
    put("№", "Наименование", "БИН/ИИН", "Лицензия", "Кошелёк", "Дата", "Актив", "Количество", "Вознаграждение пула")
    put(1, 2, 3, 4, 5, 6, 7, 8, 9.1, 9.2)
    for cells in filing.rows:
        put(*cells)
        put()
    put("Итого", None, None, None, None, None, None, 999999)
    put()
    put("Наименование", _value(filing, "pool_name", filing.pool_name))
    put("Адрес", _value(filing, "address", "г. Астана, ул. Степная, 1"))
    put("Телефон", _value(filing, "phone", "+7 7172 000001"))
    put("Адрес электронной почты", _value(filing, "email", "pool@example.kz"))
    put("Исполнитель", _value(filing, "executor", "Серикова А. Б."))
    put("Руководитель", _value(filing, "head", "Оспанов Д. К."))


def _form_explained(filing: Filing, sheet: Worksheet) -> None:
    """The numbering of the explanation, with a column 9 of its own; the number row as text."""
    sheet["A1"] = "1-ЦМ"
    sheet["A2"] = f"Есепті кезең: 20 {filing.year % 100} жылғы {MONTHS_KK[filing.month - 1]} тоқсан."
    sheet.append([])
    sheet.append(["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"])
    for cells in filing.rows:
        sheet.append([*cells[:8], f"{cells[8]} {cells[9]}", *cells[8:]])
    for label, name, value in (
        ("Атауы", "pool_name", filing.pool_name),
        ("Мекенжайы", "address", "Астана қ., Дала көшесі, 1"),
        ("Телефон", "phone", "+7 7172 000001"),
        ("Электрондық пошта мекенжайы", "email", "pool@example.kz"),
        ("Орындаушы", "executor", "Серікова Ә. Б."),
        ("Басшы", "head", "Оспанов Д. Қ."),
    ):
        sheet.append([f"{label}: {_value(filing, name, value)}"])


def _application_lines(filing: Filing) -> list[str]:
    month = _value(filing, "month", MONTHS_KK[filing.month - 1])
    year = _value(filing, "year", str(filing.year))
    return [
        "Салық салу мақсаттары үшін цифрлық майнерлер мен цифрлық майнингтік пулдардың кірістері туралы мәліметтерді "
        "ұсыну туралы өтініш",
        _value(filing, "authority", "Қазақстан Республикасының Цифрлық даму министрлігі"),
        "(уәкілетті органның толық атауы)",
        f"{_value(filing, 'application_pool_name', filing.pool_name)}, БСН {_value(filing, 'pool_id', filing.pool_id)}",
        "(цифрлық майнингтік пул атауы, бизнес сәйкестендіруші нөмірі)",
        "Салық салу мақсаттары үшін цифрлық майнерлер мен цифрлық майнингтік пулдардың "
        f"{year} жылғы {month} кірістері туралы мәліметтерді қабылдауды сұраймын",
        "(ай)",
        f"Қоса беріледі {_value(filing, 'sheet_count', '3')} парақ.",
        "Осымен расталады:",
        "барлық қоса берілген құжаттар шындыққа сәйкес келеді және сенімді болып табылады;",
        "өтініш беруші заңмен қорғалатын құпияны құрайтын, ақпараттық жүйелердегі қолжетімділігі шектеулі дербес "
        "деректерді пайдалануға келіседі.",
        f"Басшы {_value(filing, 'application_head', 'Оспанов Д. Қ.')}",
        "(электрондық-цифрлық қолтаңба) (тегі, аты, әкесінің аты (бар болған жағдайда))",
        "Толтыру күні: " + _value(filing, "completed_on", '2025 жылғы "10" сәуір'),
    ]


def _application_docx(filing: Filing, path: Path) -> None:
    document = docx.Document()
    for text in _application_lines(filing):
        document.add_paragraph(text)
    document.save(str(path))


def _application_sheet(filing: Filing, sheet: Worksheet) -> None:
    for number, text in enumerate(_application_lines(filing), start=1):
        sheet.cell(number, 2, text)


def write_reference(folder: Path, prices: dict[tuple[date, str], str], rates: dict[date, str]) -> None:
    """price.csv (USD) and exchange_rate.csv with the given days."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["date,asset,price,currency,source"]
    lines += [f"{day},{asset},{price},USD,made up" for (day, asset), price in prices.items()]
    (folder / "price.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    lines = ["date,currency,kzt_per_unit,source"]
    lines += [f"{day},USD,{rate},made up" for day, rate in rates.items()]
    (folder / "exchange_rate.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def moment(text: str) -> datetime:
    """An aware moment in local time, from `2025-04-10 10:00`."""
    from esep.clock import TIMEZONE

    return datetime.fromisoformat(text).replace(tzinfo=TIMEZONE)
