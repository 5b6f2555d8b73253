"""For each rule a package that breaks it and nothing else of its kind, and one that comes close and keeps it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from esep.detail import Detail
from esep.forms.document import ROW_FIELDS, FileRole, FileState, PackageRead
from esep.forms.values.cell import CellKind
from examination.package_builder import (
    HEAD,
    MINERS,
    NOW,
    POOL,
    POOL_NAME,
    WALLETS,
    application,
    content_of,
    file,
    form,
    package,
    row,
)
from signature import cms_maker

Pools = Sequence[Mapping[str, Any]]
POOLS: Pools = (
    {"pool_id": POOL, "pool_name": "Самал пул", "accredited_from": "2024-01-01", "accredited_to": "", "email": ""},
)
PRINTED = ("1", "2", "3", "4", "5", "6", "7", "8", "9.1", "9.2")


@dataclass(frozen=True, eq=False)
class Case:
    rule: str
    fails: Callable[[], PackageRead]
    passes: Callable[[], PackageRead]
    column_no: str | None = None
    found: str | None = None
    pools: Pools = ()
    passing_pools: Pools = ()
    count: int = 1


def rows(*cells: Mapping[str, Any]) -> PackageRead:
    return package([form(list(cells))])


def cell(rule: str, name: str, bad: Any, good: Any, n: str, found: str | None = None, **more: Any) -> Case:
    """One cell of the second of three rows."""
    return Case(
        rule,
        lambda: rows(row(1), row(2, **{name: bad}), row(3)),
        lambda: rows(row(1), row(2, **{name: good}), row(3)),
        column_no=n,
        found=found,
        **more,
    )


def broken(state: FileState, name: str = "1-ЦМ.xlsx") -> PackageRead:
    return package(forms=(), more=[file(name, state, detail=Detail("file_damaged"))])


def spare(state: FileState, name: str = "сурет.pdf") -> PackageRead:
    return package(more=[file(name, state, detail=Detail("file_damaged"))])


def signed(
    holder: cms_maker.Holder = HEAD, content: str = "өтініш.docx", key: cms_maker.Key | None = None, **options: Any
) -> PackageRead:
    """A package with a signature made as reported: over a file of the package or any other content."""
    return package(cms=cms_maker.sign(key or _RSA, content_of(content), holder, **options))


def over_an_attachment(name: str) -> PackageRead:
    return package(more=[file(name)], cms=cms_maker.sign(_RSA, content_of(name), HEAD))


_RSA = cms_maker.Rsa(cms_maker.rsa_key())
_WEAK = cms_maker.Rsa(cms_maker.rsa_key(), digest_oid="1.3.14.3.2.26", signature_oid="1.2.840.113549.1.1.5")
_LAST_DAY = NOW - timedelta(days=30)


def with_application(**changes: Any) -> PackageRead:
    return package(applications=[application(**changes)])


def with_footer(**changes: str | None) -> PackageRead:
    return package([form(footer=changes)])


_FAULTS = (
    ("C-01", FileState.UNREADABLE),
    ("C-02", FileState.EMPTY),
    ("C-03", FileState.ENCRYPTED),
    ("C-04", FileState.UNSAFE),
    ("C-05", FileState.TOO_LARGE),
)
_FIELDS = (
    ("C-20", "authority"),
    ("C-21", "pool_name"),
    ("C-22", "pool_id"),
    ("C-25", "sheet_count"),
    ("C-26", "head_name"),
    ("C-27", "completed_on"),
)
_FOOTER = (
    ("C-31", "pool_name"),
    ("C-32", "address"),
    ("C-33", "phone"),
    ("C-34", "email"),
    ("C-35", "executor"),
    ("C-36", "head"),
)
_TWO_ROWS_ONE_REWARD = ("BTC", ("2025-03-05", CellKind.DATE))


def same_day(n: int, reward: str, quantity: str | None = None) -> dict[str, Any]:
    asset, day = _TWO_ROWS_ONE_REWARD
    return row(n, asset=asset, distributed_on=day, reward_quantity=reward, quantity=quantity or f"0.{n}")


def looks_like_total(quantity: str, expected: str) -> dict[str, Any]:
    """A row that the reader doubts: nothing but a quantity."""
    nothing = dict.fromkeys(ROW_FIELDS)
    return {**nothing, "quantity": quantity, "total_expected": expected}


CASES: tuple[Case, ...] = (
    # Files. A workbook may be a part of the 1-ЦМ, so it is always needed; a spare document is not.
    *(
        Case(rule, lambda s=state: broken(s), lambda s=state: spare(s), found="The file is damaged.")
        for rule, state in _FAULTS
    ),
    Case("C-06", lambda: broken(FileState.NESTED_ARCHIVE, "a.zip"), lambda: spare(FileState.NESTED_ARCHIVE, "a.zip")),
    Case(
        "C-07",
        lambda: package(
            (), more=[file("1-ЦМ.xlsx", role=FileRole.FORM, detail=Detail("no_number_row", {"sheets": "«1»"}))]
        ),
        package,
    ),
    Case(
        "C-08",
        lambda: package((), more=[file("1-ЦМ.rar", FileState.UNSUPPORTED, detail=Detail("archive_kind"))]),
        lambda: spare(FileState.UNSUPPORTED, "1-ЦМ.rar"),
        found="Archives are taken as .zip only.",
    ),
    Case(
        "C-14",
        lambda: package(
            (), more=[file("1-ЦМ.csv", FileState.NOT_READ, FileRole.ATTACHMENT, detail=Detail("attachment"))]
        ),
        lambda: package(more=[file("1-ЦМ.csv", FileState.NOT_READ, FileRole.ATTACHMENT, detail=Detail("attachment"))]),
        found="An attachment of a kind that carries no form.",
    ),
    Case("R-01", lambda: spare(FileState.UNREADABLE), lambda: spare(FileState.NOT_READ)),
    Case("R-02", lambda: spare(FileState.UNSUPPORTED, "run.exe"), lambda: spare(FileState.NOT_READ, "photo.png")),
    Case(
        "R-85",
        lambda: package(more=[file("b.xlsx", repeated_sheets=("Көшірме",))]),
        lambda: package(more=[file("b.xlsx")]),
        found="Көшірме",
    ),
    Case(
        "R-92",
        lambda: package([form(), form(file="2.docx")]),
        lambda: package([form(), form([row(11), row(12), row(13)], file="2.docx")]),
        found="1-ЦМ.xlsx",
    ),
    Case(
        "R-93",
        lambda: package([form(), form([row(1), row(2), row(13)], file="2.docx")]),
        lambda: package([form(), form([row(1), row(12), row(13)], file="2.docx")]),
        found="2",
    ),
    Case(
        "R-93",
        lambda: package([form(), form([row(n, quantity=f"0.9{n}") for n in (1, 2, 3)], sheet="II")]),
        lambda: package([form(), form([row(n, licence="№ 7 2024-02-01 берілген") for n in (1, 2, 3)], sheet="II")]),
        found="3",
    ),
    Case(
        "R-03",
        lambda: package(more=[file("b.xlsx", hidden_sheets=("Жасырын", "II"))]),
        lambda: package(more=[file("b.xlsx", hidden_sheets=("1-ЦМ",), forms=(form(file="b.xlsx"),))]),
        found="Жасырын, II",
    ),
    # Signature
    Case("R-05", lambda: signed(content="another filing's workbook"), lambda: signed(attached=True)),
    Case("R-05", lambda: package(cms=b"no signature"), lambda: signed(key=cms_maker.Gost())),
    Case("R-06", lambda: signed(key=_WEAK), lambda: package(cms=b"no signature")),
    Case(
        "R-07",
        lambda: signed(replace(HEAD, bin="230640000008")),
        lambda: signed(replace(HEAD, bin_in_serial=True)),
        found="230640000008",
    ),
    Case("R-07", lambda: signed(replace(HEAD, bin=None)), signed, found="ҮЛГІЛІ АСАН ҮСЕНҰЛЫ"),
    Case(
        "R-08",
        lambda: signed(replace(HEAD, valid_to=_LAST_DAY), signed_at=_LAST_DAY + timedelta(seconds=1)),
        lambda: signed(replace(HEAD, valid_to=_LAST_DAY), signed_at=_LAST_DAY),
        found="2025-03-11 09:00",
    ),
    Case("R-08", lambda: signed(replace(HEAD, valid_from=NOW - timedelta(days=1))), signed, found="2025-02-20 10:00"),
    Case(
        "R-08",
        lambda: signed(signed_at=NOW + timedelta(minutes=11)),
        lambda: signed(signed_at=NOW + timedelta(minutes=9)),
        found="2025-04-10 09:11",
    ),
    Case("R-08", lambda: signed(replace(HEAD, valid_to=_LAST_DAY), signed_at=None), lambda: signed(signed_at=None)),
    Case(
        "R-68",
        lambda: signed(replace(HEAD, valid_to=_LAST_DAY), signed_at=_LAST_DAY),
        lambda: signed(replace(HEAD, valid_to=NOW), signed_at=_LAST_DAY),
        found="2025-03-11 09:00",
    ),
    Case(
        "R-09",
        lambda: signed(replace(HEAD, purposes=("1.2.398.3.3.4.1.2.5",))),
        lambda: signed(replace(HEAD, purposes=(cms_maker.RIGHT_TO_SIGN,))),
        found="ҮЛГІЛІ АСАН ҮСЕНҰЛЫ",
    ),
    Case(
        "R-27",
        lambda: signed(content="another filing's workbook", attached=True),
        lambda: signed(content="another filing's workbook"),
    ),
    # Package
    Case("C-10", lambda: package(forms=()), package),
    Case("C-11", lambda: package(applications=()), package),
    Case("C-12", lambda: package(signature=None), package),
    Case("C-12", lambda: package(cms=b" \r\n"), lambda: package(cms=b"no signature, but something")),
    Case(
        "C-13",
        lambda: package([form(period="2025 жылғы нурыз")], [application(period="2025 жылғы нурыз кірістері")]),
        lambda: package([form(period="2025 жылғы наурыз")], [application(period="2025 жылғы нурыз кірістері")]),
    ),
    Case(
        "R-04",
        lambda: package(applications=[application(), application(file="b.docx", sheet_count="4")]),
        lambda: package(applications=[application(), application(file="b.docx", pool_name="ТОО «Самал Пул»")]),
        found="3 / 4",
    ),
    Case(
        "R-28",
        lambda: package([form([row(n)], sheet=f"1-ЦМ {n}") for n in range(1, 5)]),
        lambda: package([form([row(n)], sheet=f"1-ЦМ {n}") for n in range(1, 4)]),
        found="3",
    ),
    Case("R-29", lambda: over_an_attachment("сурет.pdf"), lambda: signed(content="1-ЦМ.xlsx"), found="сурет.pdf"),
    # Annex 1
    *(
        Case(rule, lambda f=name: with_application(**{f: None}), lambda f=name: package(applications=[application()]))
        for rule, name in _FIELDS
    ),
    Case("C-23", lambda: with_application(period="2025 жылғы кірістері"), lambda: with_application(period="03.2025")),
    Case("C-24", lambda: with_application(period="наурыз кірістері"), lambda: with_application(period="март 2025 г.")),
    Case("R-10", lambda: with_application(pool_id="23064000001"), package, found="23064000001"),
    Case("R-11", lambda: with_application(pool_id="230640000019"), lambda: with_application(pool_id="БСН " + POOL)),
    Case("R-12", lambda: with_application(pool_id="061211600012"), package, found="061211600012"),
    Case("R-13", lambda: with_application(pool_id="61211600012"), package, found="61211600012"),
    Case("R-14", lambda: with_application(sheet_count="көп"), lambda: with_application(sheet_count="3 (үш)")),
    Case("R-15", lambda: with_application(completed_on="кеше"), lambda: with_application(completed_on="10.04.2025")),
    Case("R-16", lambda: with_application(declares_truth=False), package),
    Case("R-17", lambda: with_application(declares_consent=False), package),
    Case(
        "R-18",
        lambda: with_application(period="2025 жылғы 1 тоқсан"),
        lambda: with_application(period="2025 жылғы наурыз"),
        found="2025 жылғы 1 тоқсан",
    ),
    Case("R-19", package, package, found=POOL, pools=[{**POOLS[0], "pool_id": "230640000008"}], passing_pools=POOLS),
    Case("R-19", package, package, pools=[{**POOLS[0], "accredited_to": "2025-02-28"}], passing_pools=POOLS),
    Case(
        "R-20",
        lambda: with_application(pool_name="Дала Пул"),
        lambda: with_application(pool_name="ТОО САМАЛ ПУЛ"),
        found="Дала Пул",
        pools=POOLS,
        passing_pools=POOLS,
    ),
    # Annex 2
    Case("C-30", lambda: package([form(period=None)]), lambda: package([form(period="2025 жылғы 1 тоқсан")])),
    Case("C-30", lambda: package([form(period="2025 жылғы тоқсан")]), package),
    *(Case(rule, lambda f=name: with_footer(**{f: None}), package) for rule, name in _FOOTER),
    Case("C-37", lambda: package([form([])]), lambda: package([form(), form([], sheet="2")])),
    Case("R-21", lambda: package([form(period="2025 жылғы нурыз")]), package, found="2025 жылғы нурыз"),
    Case(
        "R-22",
        lambda: package([form(period="2025 жылғы желтоқсан")]),
        lambda: package([form(period="2025 жылғы I тоқсан")]),
        found="2025 жылғы желтоқсан",
    ),
    Case("R-22", lambda: package([form(period="2 квартал 2025 года")]), package),
    Case("R-23", lambda: with_footer(pool_name="Дала"), lambda: with_footer(pool_name=f"ТОО Самал пул, БИН {POOL}")),
    Case("R-24", lambda: with_footer(pool_name=f"{POOL_NAME} 230640000008"), lambda: with_footer(pool_name=POOL)),
    Case("R-25", lambda: with_footer(pool_name="Дала"), package, found="Дала", pools=POOLS, passing_pools=POOLS),
    Case("R-26", lambda: package([form(hidden=True)]), package, found="1-ЦМ"),
    # Rows: the ten cells
    *(
        cell(f"C-{41 + n}", name, None, (row(2)[name]), printed)
        for n, (name, printed) in enumerate(zip(ROW_FIELDS, PRINTED, strict=True))
    ),
    Case(
        "C-44",
        lambda: rows(row(1, licence=None)),
        lambda: rows(row(1, licence=None, miner_id=POOL, miner_name=POOL_NAME)),
        column_no="4",
    ),
    *(
        cell("R-30", name, ("#N/A", CellKind.ERROR), row(2)[name], printed, "#N/A")
        for name, printed in zip(ROW_FIELDS, PRINTED, strict=True)
    ),
    *(
        cell("R-31", name, ("=A1", CellKind.FORMULA), row(2)[name], printed, "=A1")
        for name, printed in zip(ROW_FIELDS, PRINTED, strict=True)
    ),
    # Rows: values
    cell("R-32", "row_no", "екі", "2.", "1", "екі"),
    cell("R-32", "row_no", ("0", CellKind.NUMBER), ("2", CellKind.NUMBER), "1", "0"),
    Case("R-33", lambda: rows(row(1), row(3)), lambda: rows(row(1), row(2)), "1", "3"),
    Case("R-33", lambda: rows(row(2)), lambda: package([form([row(1)]), form([row(2)], sheet="2")]), "1", "2"),
    Case(
        "R-34",
        lambda: rows(row(1), row(2), row(3, row_no="2")),
        lambda: package([form([row(1), row(2)]), form([row(1, quantity="9"), row(2, quantity="9")], sheet="2")]),
        "1",
        "2",
    ),
    cell("R-35", "miner_id", "9901400046", "БСН 990140004654", "3", "9901400046"),
    cell("R-35", "miner_id", "99014000465Ч", "990140004654", "3", "99014000465Ч"),
    Case(
        "R-36",
        lambda: rows(row(3, row_no="1", miner_id=("61211600012", CellKind.NUMBER))),
        lambda: rows(row(3, row_no="1")),
        "3",
        "61211600012",
    ),
    cell("R-37", "miner_id", "990140004655", f"990140004654; {POOL}", "3", "990140004655"),
    cell("R-37", "miner_id", "230640000990", MINERS[1], "3"),
    cell("R-38", "miner_id", "990190004654", MINERS[1], "3"),
    cell("R-39", "licence", "01.02.2024", "01.02.2024 № 10002", "4"),
    cell("R-40", "licence", "№ 10002", "№ 10002 от 01.02.2024", "4"),
    cell("R-41", "licence", "бар", "№ 10002, 1 ақпан 2024 ж.", "4", "бар"),
    cell("R-42", "licence", "№ 10002 от 03.03.2025", "№ 10002 от 02.03.2025", "4"),
    cell("R-43", "licence", "№ 10002 от 01.03.2022", "№ 10002 от 02.03.2022", "4"),
    cell("R-44", "wallet", "0x52908400098527886E0F7030069857D2E4169EE7", WALLETS[1], "5"),
    cell("R-44", "wallet", WALLETS[1].replace("c", "с"), WALLETS[1], "5"),
    cell("R-44", "wallet", WALLETS[1].replace("x", "χ"), WALLETS[1].upper(), "5"),
    cell("R-90", "licence", "№ КZ10002 от 01.02.2024", "№ KZ-АБ10002 от 01.02.2024", "4"),
    cell("R-45", "wallet", WALLETS[0][:-1] + "b", WALLETS[1], "5"),
    cell("R-46", "distributed_on", "31.02.2025", "28.02.2025", "6", "31.02.2025"),
    cell("R-47", "distributed_on", ("45718", CellKind.NUMBER), "02.03.2025", "6", "45718"),
    cell("R-48", "distributed_on", "01.04.2025", "31.03.2025", "6", "01.04.2025"),
    cell("R-48", "distributed_on", "28.02.2025", "01.03.2025", "6"),
    cell("R-49", "asset", "Шелл", "биткоин", "7", "Шелл"),
    Case(
        "R-50",
        lambda: rows(row(1, distributed_on="01.03.1999")),
        lambda: rows(row(1, distributed_on="01.03.2025")),
        "7",
        "BTC",
    ),
    cell("R-89", "asset", "ВТС", "биткоин", "7", "ВТС"),
    cell("R-89", "reward_asset", "биткoин", "BTC", "9.1", "биткoин"),
    cell("R-51", "reward_asset", "Шелл", "Bitcoin (BTC)", "9.1", "Шелл"),
    *(
        case
        for base, name, printed in ((52, "quantity", "8"), (57, "reward_quantity", "9.2"))
        for case in (
            cell(f"R-{base}", name, "көп", "1 234,5", printed, "көп"),
            cell(f"R-{base}", name, ("true", CellKind.BOOLEAN), ("1", CellKind.NUMBER), printed),
            cell(f"R-{base + 1}", name, "0." + "1" * 19, "0." + "1" * 18, printed),
            Case(
                f"R-{base + 2}",
                lambda n=name: rows(row(1, **{n: "1,234"}), row(2, **{n: "1,234,567.5"})),
                lambda n=name: rows(row(1, **{n: "1,234"}), row(2, **{n: "1.234.567,5"})),
                printed,
                "1,234",
            ),
            cell(f"R-{base + 3}", name, "9" * 21, "9" * 15, printed),
            cell(f"R-{base + 3}", name, "1" + "0" * 15, "9" * 15 + ",5", printed, "1" + "0" * 15),
            cell(f"R-{base + 3}", name, ("-1e+15", CellKind.NUMBER), ("99999999999999", CellKind.NUMBER), printed),
        )
    ),
    cell("R-56", "quantity", "0", "0.000000000000000001", "8", "0"),
    cell("R-56", "quantity", "-1", "1", "8", "-1"),
    cell("R-83", "quantity", "0,123456789", "0,12345678", "8", "0,123456789"),
    cell("R-84", "reward_quantity", "0.000000001", "0", "9.2", "0.000000001"),
    cell("R-61", "reward_quantity", "\u22120,5", "0", "9.2", "\u22120,5"),
    cell("R-62", "reward_asset", "ETH", "btc", "9.1", "ETH"),
    Case(
        "R-88",
        lambda: rows(row(1), row(2), looks_like_total("0.7", expected="0.3")),
        lambda: rows(row(1), row(2), row(3)),
        found="0.7",
    ),
    Case(
        "R-63",
        lambda: rows(row(1), {**row(1), "row_no": "2"}),
        lambda: rows(row(1), {**row(1), "row_no": "2", "reward_quantity": "0.7"}),
    ),
    Case(
        "R-64",
        lambda: rows(same_day(1, "0.5"), same_day(2, "0.5"), same_day(3, "0.5")),
        lambda: rows(same_day(1, "0.5"), same_day(2, "0.5"), same_day(3, "0.4")),
        "9.2",
        "0.5",
    ),
    Case(
        "R-64",
        lambda: rows(same_day(1, "0.5"), same_day(2, "0.50")),
        lambda: rows(same_day(1, "0"), same_day(2, "0")),
        "9.2",
    ),
    cell("R-65", "wallet", WALLETS[0], f"{WALLETS[1]}", "5", WALLETS[0]),
    Case(
        "R-66",
        lambda: rows(row(1), row(5, row_no="2", miner_name="Басқа")),
        lambda: rows(row(1), row(5, row_no="2", miner_name="ТОО Майнер 1")),
        "2",
        "Басқа",
    ),
    Case(
        "R-67",
        lambda: rows(row(1), row(5, row_no="2", licence="№ 777777 от 01.02.2024")),
        lambda: rows(row(1), row(5, row_no="2", licence="01.02.2024 № 10001")),
        "4",
    ),
)

REQUIRED = {
    # facts.md section 1, completeness list
    "Annex 1 present": "C-11",
    "name of the authorised body": "C-20",
    "pool name": "C-21",
    "pool BIN": "C-22",
    "month": "C-23",
    "year": "C-24",
    "number of sheets attached": "C-25",
    "head's name": "C-26",
    "completion date": "C-27",
    "electronic signature of the head present": "C-12",
    "Annex 2 present": "C-10",
    "Annex 2 readable": "C-01",
    "header: period": "C-30",
    "footer: pool name": "C-31",
    "footer: address": "C-32",
    "footer: phone": "C-33",
    "footer: e-mail": "C-34",
    "footer: executor": "C-35",
    "footer: head": "C-36",
    "at least one data row": "C-37",
    **{f"cell {printed} non-empty": f"C-{41 + n}" for n, printed in enumerate(PRINTED)},
    # reliability list, as far as it needs no other filing
    "BIN/IIN malformed": "R-35",
    "wrong check digit": "R-37",
    "distribution date outside the period": "R-48",
    "quantity not a positive number": "R-56",
    "quantity not a number": "R-52",
    "reward not a non-negative number": "R-61",
    "reward not a number": "R-57",
    "licence number unparsable": "R-39",
    "licence date unparsable": "R-40",
    "licence issued after the distribution": "R-42",
    "licence older than 3 years": "R-43",
    "wallet checksum wrong": "R-45",
    "asset not on the list in force": "R-49",
    "reward asset differs": "R-62",
    "row numbers with gaps": "R-33",
    "row numbers with repeats": "R-34",
    "exact duplicate rows": "R-63",
    "the same reward repeated": "R-64",
    "one wallet used by several taxpayers": "R-65",
    "one taxpayer under several names": "R-66",
    "one taxpayer under several licences": "R-67",
    "pool name differing, Annex 1 and Annex 2": "R-23",
    "pool BIN differing, Annex 1 and Annex 2": "R-24",
    "pool name differing from the register": "R-20",
    "month of Annex 1 differing from Annex 2": "R-22",
    "number of sheets stated": "R-14",
    "number of sheets stated differing from the number received": "R-28",
    "declaration of truth missing": "R-16",
    "consent missing": "R-17",
    "pool not in the register": "R-19",
    # issue: signature
    "signature: integrity": "R-05",
    "signature: could not be verified": "R-06",
    "signature: BIN against the pool": "R-07",
    "signature: time": "R-08",
    "signature: an expired certificate": "R-68",
    "signature: signer": "R-09",
    "signature: of another content": "R-27",
    "signature: of another document": "R-29",
    # issue: cells
    "error cells": "R-30",
    "formulas without a cached value": "R-31",
    "a 19th decimal": "R-53",
    "ambiguous comma": "R-54",
    "a remainder below the smallest unit": "R-83",
    "sheets of one part": "R-85",
    "a form in two files": "R-92",
    "two versions of a form": "R-93",
    "lost zeros": "R-36",
    "hidden sheets": "R-03",
}
"""What facts.md and the issue ask for, and the rule that answers it."""
