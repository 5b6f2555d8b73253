"""Write the packages of a plan into the inbox, each in the manner of its pool, with the office's stamps.

Pools write the same values in the manners that an office sees. The CMS signatures of their fictional heads are right in
form and mathematics, worthless otherwise: the key follows from the pool's number, so that one seed gives the same bytes
each time; it is as secret as this page. For the same reason it is one of an elliptic curve, which needs no chance, and
not RSA or GOST as the National Certification Authority issues them.
"""

from __future__ import annotations

import hashlib
import shutil
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from esep.demo import documents
from esep.demo.documents import application_pdf, make_steady, packed
from esep.demo.people import Habits, Pool
from esep.demo.plan import Fault, Package, Row
from esep.files import write_json
from esep.forms import templates
from esep.forms.phrases import KAZAKH
from esep.forms.writing.content import Cell

AUTHORITY = {
    "kk": "Қазақстан Республикасының Цифрлық даму, инновациялар және аэроғарыш өнеркәсібі министрлігі",
    "ru": "Министерство цифрового развития, инноваций и аэрокосмической промышленности Республики Казахстан",
}
_FORM_NAME = "1-ЦМ"
_APPLICATION_NAME = {"kk": "Өтініш", "ru": "Заявление"}
_FROM_SIGNING_TO_ARRIVAL = timedelta(minutes=20)
_TOTAL = {"kk": "Барлығы", "ru": "Итого"}
_NAMES = {
    "kk": {"BTC": "Биткоин", "DASH": "Дэш", "ETC": "Эфириум Классик", "XMR": "Монеро"},
    "ru": {"BTC": "Биткоин", "BCH": "Bitcoin Cash", "ZEC": "Zcash", "TRX": "Трон"},
}
_THOUSANDS = "\N{NO-BREAK SPACE}"
_HEAD_IIN = "061211600012"
_FIRST_HEAD = x509.ObjectIdentifier("1.2.398.3.3.4.1.2.1")
_VALID_FROM, _VALID_TO = datetime(2023, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
_SHA256 = hashes.SHA256()


def write_package(package: Package, inbox: Path) -> None:
    """Write one package under its name, and its stamp in or beside it."""
    path = inbox / package.name
    if package.repeats:
        _copy(inbox / package.repeats, path)
    elif package.hostile:
        path.write_bytes(documents.HOSTILE[package.hostile][1]())
    else:
        assert package.pool is not None
        folder = path.with_name(f".{package.name}.writing")
        folder.mkdir(parents=True)
        _write_files(package, package.pool, folder)
        if package.pool.habits.shape == "zip":
            path.write_bytes(packed({file.name: file.read_bytes() for file in sorted(folder.iterdir())}))
            shutil.rmtree(folder)
        else:
            folder.rename(path)
    _write_stamp(package, path)


def _copy(source: Path, path: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, path)
        (path / "office.json").unlink()
    else:
        shutil.copyfile(source, path)


def _write_stamp(package: Package, path: Path) -> None:
    # The story is of past months, so each package is loaded as history.
    stamp: dict[str, Any] = {
        "incoming_no": package.incoming_no,
        "received_at": package.received_at.isoformat(),
        "history": True,
    }
    if package.change_date:
        stamp["change_date"] = package.change_date.isoformat()
    write_json(path / "office.json" if path.is_dir() else path.with_name(f"{path.name}.office.json"), stamp)


def _write_files(package: Package, pool: Pool, folder: Path) -> None:
    habits = pool.habits
    parts = _parts(package, pool)
    application = _application(package, pool, len(parts))
    for number, rows in enumerate(parts, start=1):
        path = folder / (f"{_FORM_NAME}.xlsx" if len(parts) == 1 else f"{_FORM_NAME} {number}.xlsx")
        form = _form(package, pool, rows)
        if habits.application == "same" and package.fault is not Fault.NO_APPLICATION:
            templates.write_both(path, **{**application, **form})
        else:
            templates.write_form(path, **form)
        make_steady(path)
        if package.fault is Fault.TRUNCATED_FORM:
            path.write_bytes(path.read_bytes()[: path.stat().st_size * 3 // 5])
    # Annex 1 asks for the head's signature; the workbook is signed where it holds Annex 1, or is alone.
    signed = path
    if habits.application != "same" and package.fault is not Fault.NO_APPLICATION:
        signed = _write_application(folder / _APPLICATION_NAME[habits.language], habits.application, application)
    if package.fault is not Fault.NO_SIGNATURE:
        _sign(signed, package, pool)


def _sign(path: Path, package: Package, pool: Pool) -> None:
    signed_at = package.received_at - _FROM_SIGNING_TO_ARRIVAL
    signature = detached_signature(path.read_bytes(), pool.number, pool.name, pool.contact.head, signed_at)
    path.with_name(f"{path.name}.p7s").write_bytes(signature)


def _write_application(stem: Path, kind: str, content: dict[str, Any]) -> Path:
    path = stem.with_suffix(f".{kind}")
    if kind == "pdf":
        path.write_bytes(application_pdf(**content))
    else:
        templates.write_application(path, **content)
        make_steady(path)
    return path


def _parts(package: Package, pool: Pool) -> list[list[list[Cell]]]:
    """The cells of each workbook; the numbers of the rows run on from one to the next."""
    habits = pool.habits
    rows = () if package.fault is Fault.NO_ROWS else package.rows
    cells = [row_cells(number, row, habits) for number, row in enumerate(rows, start=1)]
    if package.fault is Fault.EMPTY_CELL:
        cells[len(cells) // 2][4] = None
    size = -(-len(cells) // habits.parts) or 1
    parts = [cells[start : start + size] for start in range(0, len(cells), size)] or [[]]
    if habits.numbers == "comma":
        parts[-1].append([None, _TOTAL[habits.language], *[None] * 5, "x", None, None])
    return parts


def _form(package: Package, pool: Pool, rows: list[list[Cell]]) -> dict[str, Any]:
    contact = pool.contact
    return {
        "language": pool.habits.language,
        "period": package.period,
        "rows": rows,
        "pool_name": pool.name,
        "address": contact.address,
        "phone": None if package.fault is Fault.NO_PHONE else contact.phone,
        "email": contact.email,
        "executor": f"{contact.executor}, {contact.phone}",
        "head": contact.head,
        "numbering": pool.habits.numbering,
    }


def _application(package: Package, pool: Pool, sheets: int) -> dict[str, Any]:
    language = pool.habits.language
    return {
        "language": language,
        "authority": AUTHORITY[language],
        "pool_name": pool.name,
        "pool_id": pool.number,
        "period": package.period,
        "sheet_count": sheets + 1,
        "head_name": pool.contact.head,
        "completed_on": package.received_at.date(),
    }


def row_cells(number: int, row: Row, habits: Habits) -> list[Cell]:
    """The ten cells of a data row, in the order of the form."""
    written: dict[str, Cell] = {
        "row_no": number,
        "miner_name": row.miner.name,
        "miner_id": row.miner.number,
        "licence": licence(row, habits.language),
        "wallet": row.miner.wallets.get(row.asset) or next(iter(row.miner.wallets.values())),
        "distributed_on": day(row.day, habits.dates),
        "asset": asset_name(row.asset, habits),
        "quantity": quantity(row.quantity, habits.numbers),
        "reward_asset": asset_name(row.reward_asset, habits),
        "reward_quantity": quantity(row.reward, habits.numbers),
    }
    return list({**written, **row.cells}.values())


def licence(row: Row, language: str) -> str | None:
    """Number and date in one cell; a pool that distributes to itself has none."""
    if row.miner.licence_no is None or row.miner.licence_date is None:
        return None
    issued = f"{row.miner.licence_date:%d.%m.%Y}"
    return (
        f"№ {row.miner.licence_no} от {issued}" if language == "ru" else f"№ {row.miner.licence_no}, {issued} берілген"
    )


def asset_name(ticker: str, habits: Habits) -> str:
    return _NAMES.get(habits.asset_names, {}).get(ticker, ticker)


def day(value: date | None, manner: str) -> Cell:
    """A day as an Excel date or as text in the pool's manner."""
    if value is None or manner == "excel":
        return value
    if manner == "words":
        return f"{value.day} {KAZAKH[value.month - 1]} {value.year} ж."
    return value.isoformat() if manner == "iso" else f"{value:%d.%m.%Y}"


def quantity(value: Decimal | None, manner: str) -> Cell:
    """A quantity as a number or as text in the pool's manner; a number cell only where it keeps every digit."""
    if value is None:
        return None
    plain = f"{value:f}"
    if manner == "number" and Decimal(f"{float(value):.16g}") == value:
        return float(value)
    if manner == "comma":
        return plain.replace(".", ",")
    if manner == "spaces":
        whole, _, decimals = plain.partition(".")
        return f"{int(whole):,}".replace(",", _THOUSANDS) + (f",{decimals}" if decimals else "")
    return plain


def detached_signature(content: bytes, pool_id: str, pool_name: str, head: str, signed_at: datetime) -> bytes:
    """The head's CMS SignedData (RFC 5652, DER) over `content`, which it does not hold; to the second."""
    certificate = asn1_x509.Certificate.load(_certificate(pool_id, pool_name, head))
    attributes = cms.CMSAttributes(
        [
            _attribute("content_type", "data"),
            _attribute("signing_time", cms.Time(name="utc_time", value=signed_at.replace(microsecond=0))),
            _attribute("message_digest", hashlib.sha256(content).digest()),
        ]
    )
    algorithm = ec.ECDSA(_SHA256, deterministic_signing=True)
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                name="issuer_and_serial_number",
                value={"issuer": certificate.issuer, "serial_number": certificate.serial_number},
            ),
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": _key(pool_id).sign(attributes.dump(), algorithm),
        }
    )
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "data"},
            "certificates": [cms.CertificateChoices(name="certificate", value=certificate)],
            "signer_infos": [signer],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())


def _attribute(kind: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": [value]})


@cache
def _key(pool_id: str) -> ec.EllipticCurvePrivateKey:
    seed = hashlib.sha256(f"Demo of Esep, no secret: {pool_id}".encode()).digest()
    return ec.derive_private_key(int.from_bytes(seed, "big") >> 1, ec.SECP256R1())


@cache
def _certificate(pool_id: str, pool_name: str, head: str) -> bytes:
    """Subject and uses as the National Certification Authority writes them; self-signed (DER)."""
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, head),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, f"IIN{_HEAD_IIN}"),
            x509.NameAttribute(NameOID.COUNTRY_NAME, "KZ"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, pool_name),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"BIN{pool_id}"),
        ]
    )
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Demo of Esep, no certification authority")])
    key = _key(pool_id)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(int(pool_id))
        .not_valid_before(_VALID_FROM)
        .not_valid_after(_VALID_TO)
        .add_extension(x509.ExtendedKeyUsage([_FIRST_HEAD]), critical=False)
    )
    return builder.sign(key, _SHA256, ecdsa_deterministic=True).public_bytes(Encoding.DER)
