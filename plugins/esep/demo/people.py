"""The fictional pools and miners of the demo: names, numbers with right check digits, licences, wallets."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from esep.demo import wallets
from esep.law import identifiers

ASSETS = ("BTC", "LTC", "DOGE", "DASH", "BCH", "ZEC", "ETC", "TRX", "XMR", "ZEN", "SC", "ETH")
"""The eleven assets of the official price list, and ETH, which is not on it."""


@dataclass(frozen=True, slots=True)
class Miner:
    """Who receives assets. A pool that distributes to itself is one too, without a licence."""

    name: str
    number: str
    """BIN or IIN."""
    licence_no: str | None
    licence_date: date | None
    wallets: dict[str, str]
    """Address by ticker."""


@dataclass(frozen=True, slots=True)
class Habits:
    """In what a pool's packages differ from those of the others."""

    language: str
    """Language of its forms, `kk` or `ru`."""
    numbering: str
    """Number row of its 1-ЦМ: `9.1/9.2`, `10/11` or `9/10/11`."""
    shape: str
    """How it hands in: `folder` or `zip`."""
    application: str
    """How it sends Annex 1: `docx`, `pdf`, `xlsx`, or `same` for a sheet of the 1-ЦМ workbook."""
    numbers: str
    """How it writes quantities: `comma`, `point`, `spaces` (all text) or `number`."""
    dates: str
    """How it writes days: `excel`, `dotted`, `iso` or `words`."""
    asset_names: str
    """How it names assets: `ticker`, or the language whose names it uses."""
    parts: int = 1
    """Number of 1-ЦМ workbooks of one filing."""


@dataclass(frozen=True, slots=True)
class Contact:
    """What is in the footer of 1-ЦМ and on Annex 1."""

    address: str
    phone: str
    email: str
    executor: str
    head: str


@dataclass(frozen=True, slots=True)
class Pool:
    """An accredited pool and those to whom it distributes."""

    name: str
    number: str
    first_period: date
    """Month from which it is accredited and files."""
    contact: Contact
    habits: Habits
    assets: tuple[str, ...]
    miners: tuple[Miner, ...]
    own: Miner
    """The pool as a receiver of assets."""


_MINER_NAMES = (
    "«Боран Хэш» ЖШС", "ТОО «Сарыарка Блок»", "ЖК Сәрсенбаев Алтай Нұрланұлы", "«Тасқын Майнинг» ЖШС",
    "ТОО «Ветряк Демо»", "ИП Громов Тимур Аркадьевич", "«Құралай Дерек» ЖШС", "ТОО «Ковыль Компьютинг»",
    "«Алтын Қияқ» ЖШС", "ТОО «Пикет Сорок Два»", "ЖК Жаңабергенова Шолпан Ерікқызы", "«Аққайың Есеп» ЖШС",
    "ТОО «Тюльпан Терминал»", "«Үйеңкі Қуат» ЖШС", "ИП Лесная Вера Петровна", "ТОО «Северный Такт»",
    "«Жидебай Желі» ЖШС", "ТОО «Полынь и Ко»", "«Көкмайса Чип» ЖШС", "ТОО «Курган Сервер»",
    "ЖК Өтегенов Бекарыс Қанатұлы", "«Шағала Түйін» ЖШС", "ТОО «Байтерек Байт»", "«Дегелең Диск» ЖШС",
    "ИП Ясенев Рустам Ильич", "ТОО «Степной Контур»", "«Ертіс Есептеу» ЖШС", "ТОО «Мираж Модуль»",
    "«Тобылғы Ток» ЖШС", "ТОО «Журавль Хостинг»", "ЖК Қалиева Айсұлу Темірқызы", "«Ұлытау Үдеріс» ЖШС",
    "ТОО «Дрофа Дата»", "«Бүркіт Буфер» ЖШС", "ТОО «Саксаул Систем»", "ИП Зимин Олег Вадимович",
)  # fmt: skip
_COMPANY = ("ЖШС", "ТОО")


def _bin(rng: random.Random, used: set[str], *, old: bool = False) -> str:
    """A fictional BIN; an old one was registered before 2010, so that its first digit is a zero."""

    def stem() -> str:
        year = rng.randint(2, 9) if old else rng.randint(10, 22)
        return f"{year:02}{rng.randint(1, 12):02}40{rng.randint(0, 99):05}"

    return _issued(stem, used)


def _iin(rng: random.Random, used: set[str]) -> str:
    """A fictional IIN of somebody born in 1970-1999."""

    def stem() -> str:
        born = date(1970, 1, 1) + timedelta(days=rng.randrange(10950))
        return f"{born:%y%m%d}{rng.choice('34')}{rng.randint(0, 99):04}"

    return _issued(stem, used)


def _issued(make_stem: Callable[[], str], used: set[str]) -> str:
    """A number that was not used yet, with its check digit, where its first eleven digits have one."""
    while True:
        stem = make_stem()
        digit = identifiers.check_digit(stem)
        if digit is not None and f"{stem}{digit}" not in used:
            used.add(f"{stem}{digit}")
            return f"{stem}{digit}"


def _miner(rng: random.Random, name: str, used: set[str], *, old: bool) -> Miner:
    company = any(form in name for form in _COMPANY)
    number = _bin(rng, used, old=old) if company else _iin(rng, used)
    issued = date(2023, 5, 1) + timedelta(days=rng.randrange(200))
    licence = f"KZ{rng.randint(10, 99)}ДЕМО{rng.randint(0, 99999999):08}"
    return Miner(name, number, licence, issued, {asset: wallets.make(asset, rng) for asset in ASSETS})


_POOLS = (
    (
        "«Жұмбақ Пул» ЖШС",
        date(2024, 1, 1),
        Contact(
            "Астана қ., Ойдан Шығарылған көшесі, 1",
            "+7 7172 00 00 01",
            "esep@zhumbaq.example",
            "Оразова Меруерт Саятқызы",
            "Тілеубаев Арман Ғалымұлы",
        ),
        Habits("kk", "9.1/9.2", "folder", "docx", "comma", "dotted", "ticker"),
        ("BTC", "LTC", "DOGE", "ETH"),
        (0, 12),
    ),
    (
        "ТОО «Пул Мнимая Единица»",
        date(2024, 1, 1),
        Contact(
            "г. Алматы, ул. Придуманная, 2",
            "+7 727 000 00 02",
            "otchet@mnimaya.example",
            "Дворцова Инна Львовна",
            "Караев Данияр Маратович",
        ),
        Habits("ru", "10/11", "zip", "xlsx", "number", "excel", "ru"),
        ("BTC", "BCH", "ZEC", "TRX"),
        (10, 11),
    ),
    (
        "«Сағым Хэшрейт» ЖШС",
        date(2024, 11, 1),
        Contact(
            "Қарағанды қ., Ертегі көшесі, 3",
            "+7 7212 00 00 03",
            "hat@sagym.example",
            "Нұрпейіс Динара Болатқызы",
            "Әлімжанов Ержан Серікұлы",
        ),
        Habits("kk", "9/10/11", "folder", "same", "point", "words", "kk"),
        ("DASH", "ETC", "XMR", "BTC"),
        (19, 9),
    ),
    (
        "ТОО «Пул Нигде»",
        date(2025, 6, 1),
        Contact(
            "г. Павлодар, пр. Несуществующий, 4",
            "+7 7182 00 00 04",
            "pool@nigde.example",
            "Соколовский Пётр Иванович",
            "Абенова Жанна Муратовна",
        ),
        Habits("ru", "9.1/9.2", "folder", "pdf", "spaces", "iso", "ticker", parts=2),
        ("ZEN", "SC", "LTC", "BTC"),
        (26, 12),
    ),
)
"""Name, first month, contact, habits, assets, and which miners: the first one's place in the list and how many."""


def make_pools(rng: random.Random) -> tuple[Pool, ...]:
    """Four pools that share some of their 36 miners; everything follows from the generator's state."""
    used: set[str] = set()
    miners = [_miner(rng, name, used, old=index % 3 == 0) for index, name in enumerate(_MINER_NAMES)]
    pools = []
    for name, first_period, contact, habits, assets, (start, count) in _POOLS:
        number = _bin(rng, used)
        own = Miner(name, number, None, None, {asset: wallets.make(asset, rng) for asset in assets})
        members = tuple(miners[(start + i) % len(miners)] for i in range(count))
        pools.append(Pool(name, number, first_period, contact, habits, assets, members, own))
    return tuple(pools)
