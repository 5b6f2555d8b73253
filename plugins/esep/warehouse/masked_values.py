"""What becomes of each text column and its values in the masked snapshot: no database here.

A column's mask is one word of `Treatment` in sql/columns.csv. A filer writes what he likes into his cells, so a column
is kept only if its words are Esep's own, the law's, or of a public register. One without a mask is masked (`OTHER`),
and a test names it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from esep import files
from esep.config import Settings
from esep.lake.schema import meaning
from esep.law import form_versions
from esep.law.identifiers import is_bin
from esep.warehouse.errors import MaskingError

MASK = "***"
"""In the place of what was taken out."""


class Treatment(StrEnum):
    KEPT = "kept"
    """As it is: words of Esep and of the law, numbers of filings, hashes of files, public registers."""
    TAXPAYER = "taxpayer"
    """A BIN whose check digit holds is kept; anything else may be an IIN and becomes `IIN-…`."""
    NAME = "name"
    """Kept if it is the name of an organisation and is given with a BIN (`HOLDERS`); else taken out."""
    LICENCE = "licence"
    """Kept if it looks like a number and is always stated beside a BIN (`HOLDERS`); else `LICENCE-…`."""
    ASSET = "asset"
    """A ticker of the law's table or the price list is kept; another word becomes `ASSET-…`."""
    WALLET = "wallet"
    FILE = "file"
    SHEET = "sheet"
    PACKAGE = "package"
    OTHER = "other"
    """These five become a pseudonym with their own word before it, `WALLET-…`, so that what is shared is still seen."""
    CELL = "cell"
    """Kept if it is a number or a date of columns 6, 8, 9, 9.1, 9.2; else taken out."""
    EXPECTED = "expected"
    """The same; the rule's own constant is kept, too."""
    MESSAGE = "message"
    """The text of the rule, with what was filled in taken out. The column's name ends with the language."""
    AUTHOR = "author"
    """A part of the program is kept, a person is taken out."""
    LETTER = "letter"
    """The number of a letter; the BIN in it is treated as a taxpayer."""
    EVENT_DATA = "event_data"
    """JSON of an event: only keys of masked_events, each value of a fixed form."""
    DROPPED = "dropped"
    """Taken out."""


PSEUDONYMS = (
    Treatment.TAXPAYER,
    Treatment.LICENCE,
    Treatment.ASSET,
    Treatment.WALLET,
    Treatment.FILE,
    Treatment.SHEET,
    Treatment.PACKAGE,
    Treatment.OTHER,
)
PREFIX: Mapping[Treatment, str] = {kind: kind.upper() for kind in PSEUDONYMS} | {Treatment.TAXPAYER: "IIN"}
HOLDERS: Mapping[str, tuple[str, ...]] = {
    "taxpayer_name": ("taxpayer_id",),
    "pool_name": ("pool_id",),
    "licence_no": ("taxpayer_id", "miner_id"),
}
"""Name or licence → the column of the same table that says whose it is (the first that the table has)."""


def treatment(table: str, column: str) -> Treatment:
    """What becomes of a column that can hold a text; a pseudonym where sql/columns.csv has no mask for it."""
    said = meaning(table, column)
    return Treatment(said.mask) if said and said.mask else Treatment.OTHER


KEY_FILE = "pseudonyms.key"
_KEY_BYTES = 32
_SHOWN_DIGITS = 16
"""Hex digits of a pseudonym: 64 bits, so that no two of a nation's wallets get one."""

NUMBER_OR_DATE = r"[-+]?[0-9]{1,10}([.,][0-9]{1,18})?|[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}"
"""What of a cell may be shown. Ten digits before the mark at most: an IIN written as a quantity is no number here."""

_LONG_FORMS = (
    r"ТОО|ЖШС|ООО|ТДО|РГП|РМК|КГП|КМК|LLP|LLC|LTD|PLC|INC|CORP|GMBH|JSC|"
    r"товарищество|серіктестігі|общество|қоғамы?|предприятие|кәсіпорны?|компания(?:сы)?|limited|company"
)
_SHORT_FORMS = "АО|АҚ|ЧК|ПК"
"""Could be initials; they count only beside a name in quotes."""
_ORGANISATION = re.compile(
    rf"(?<!\w)(?:{_LONG_FORMS})(?!\w)|(?<!\w)(?:{_SHORT_FORMS})\s*[«\"“„]|[»\"”]\s*(?:{_SHORT_FORMS})(?!\w)",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"(?<!\w)(?:ИП|ЖК|IE|индивидуальный предприниматель|жеке кәсіпкері?|individual entrepreneur)(?!\w)", re.IGNORECASE
)
_LONG_TOKEN = re.compile(r"[0-9]{6,}|[0-9A-Za-z]{18,}|@")
"""What a name does not have, but an IIN, a telephone, a wallet or an address has."""
_LICENCE = re.compile(r"[№\w/. -]{3,40}")
_TWELVE_DIGITS = re.compile(r"(?<![0-9])[0-9]{10,12}(?![0-9])")
_PROGRAM = re.compile(r"esep(?:\.[a-z_]+)*")
_FILING_LETTER = re.compile(r"[0-9]{4}-[0-9]{6,}/[A-Z]-[0-9]+")
_POOL_LETTER = re.compile(r"(?P<pool>[^/]+)(?P<rest>-[0-9]{4}-[0-9]{2}/[A-Z]-[0-9]+)")


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """The same word for the same value as long as the secret is kept. Without the secret nobody can try values."""

    key: bytes

    @classmethod
    def of(cls, settings: Settings) -> Pseudonyms:
        """With the secret of this home, made on first use; raises MaskingError for one that cannot be read."""
        path = settings.secrets / KEY_FILE
        if not path.exists():
            with suppress(FileExistsError):  # another process made it meanwhile
                files.write_owner_only(path, secrets.token_hex(_KEY_BYTES))
        try:
            key = bytes.fromhex(path.read_text(encoding="ascii").strip())
            if len(key) != _KEY_BYTES:
                raise ValueError(f"{len(key)} bytes instead of {_KEY_BYTES}")
        except (OSError, ValueError) as error:
            raise MaskingError(
                f"{path}: the secret of the masked snapshot cannot be read ({error}). Restore it from a backup. If "
                "there is none, remove the file: all pseudonyms will then be new ones."
            ) from error
        return cls(key)

    def of_value(self, kind: Treatment, value: str) -> str:
        """`WALLET-…` of a value; kinds do not share their words."""
        digest = hmac.new(self.key, f"{kind}\0{value}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
        return f"{PREFIX[kind]}-{digest[:_SHOWN_DIGITS]}"

    def taxpayer(self, value: str) -> str:
        return value if is_bin(value) else self.of_value(Treatment.TAXPAYER, value)

    def letter(self, letter_no: str) -> str:
        """A letter's number: the filing's as it is, a pool's with the pool treated as a taxpayer."""
        if _FILING_LETTER.fullmatch(letter_no):
            return letter_no
        match = _POOL_LETTER.fullmatch(letter_no)
        return self.taxpayer(match["pool"]) + match["rest"] if match else self.of_value(Treatment.OTHER, letter_no)


def open_columns() -> tuple[str, ...]:
    """Columns of the form whose cells say nothing about a person as long as they hold a number or a date."""
    return tuple(column.column_no for column in form_versions.by_name().values() if column.is_open)


def is_organisation(name: str) -> bool:
    """Whether a name has the words of an organisation, none of a person, and no number or address in it."""
    return bool(_ORGANISATION.search(name)) and not (_PERSON.search(name) or _LONG_TOKEN.search(name))


def is_licence_number(text: str) -> bool:
    """Whether a text has the form of a licence's number and cannot be an IIN."""
    return bool(_LICENCE.fullmatch(text)) and any(sign.isdigit() for sign in text) and not _TWELVE_DIGITS.search(text)


def author(name: str) -> str:
    return name if _PROGRAM.fullmatch(name) else MASK


_DAY, _WORD = r"[0-9]{4}-[0-9]{2}-[0-9]{2}", r"[a-z_]+"
_RULE = r"[CR]-[0-9]{2,3}"
_KEPT_DATA: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "registration_no": r"[0-9]{4}-[0-9]{6,}",
        "rule_id": _RULE,
        **dict.fromkeys(("until", "detected_on", "decide_by", "dated", "withdrawn_on", "confirmed_on", "period"), _DAY),
        **dict.fromkeys(("day", "since", "received_on"), _DAY),
        "bundle": rf"{_DAY}(-[0-9]+)?",
        **dict.fromkeys(("sent_at", "received_at"), r"[-+0-9T:.]{10,32}"),
        **dict.fromkeys(
            ("letter_kind", "channel", "basis", "ground", "lane", "severity", "reason_code", "table"), _WORD
        ),
        **dict.fromkeys(("signature", "doubt"), _WORD),
        "message_id": r"[0-9a-f]{16}",
        "column_no": r"[0-9.]{1,4}",
        **dict.fromkeys(("question", "answer"), r"[a-z_]{1,40}"),
        **dict.fromkeys(("package_sha256", "arrival_id", "manifest_sha256"), r"[0-9a-f]{64}"),
    }.items()
}
_NUMBERS = ("serial", "row", "occurrences")
_TAKEN_OUT = ("found", "expected", "reason", "proof", "document", "target", "receipt_no")
_FACT = re.compile(
    rf"(?P<head>(?:[0-9]{{4}}-[0-9]{{6,}} )?(?:{_RULE}|not_refiled)|not_filed)(?: (?P<subject>.+))?", re.DOTALL
)


def rule_key(rule_id: str, column_no: str | None) -> str:
    """A rule and the column of the form, by which the texts of the rules are found."""
    return f"{rule_id} {column_no}" if column_no else rule_id


@dataclass(frozen=True, slots=True)
class EventMask:
    """Masks the data of events. `texts`: rule_key → language → the text of the rule with its fillings taken out."""

    pseudonyms: Pseudonyms
    texts: Mapping[str, Mapping[str, str]]

    def data(self, text: str) -> str:
        """The JSON of an event with its known keys alone, each value of the form that it must have."""
        given = json.loads(text)
        shown: dict[str, Any] = {}
        for name, value in given.items() if isinstance(given, dict) else ():
            masked = self._value(name, value, given)
            if masked is not None:
                shown[name] = masked
        return json.dumps(shown, ensure_ascii=False, sort_keys=True)

    def _value(self, name: str, value: Any, given: Mapping[str, Any]) -> Any:
        if name in _NUMBERS:
            return value if isinstance(value, int) else None
        if name == "facts":
            return [self._fact(str(fact)) for fact in value] if isinstance(value, list) else None
        if name == "reasons":
            return [word for word in value if re.fullmatch(_WORD, str(word))] if isinstance(value, list) else None
        if name == "numbers":
            number = _KEPT_DATA["registration_no"]
            return [one for one in value if number.fullmatch(str(one))] if isinstance(value, list) else None
        if not isinstance(value, str):
            return None
        if name in _TAKEN_OUT:
            return MASK
        if name in ("pool_id", "signer_bin"):
            return self.pseudonyms.taxpayer(value)
        if name == "letter_no":
            return self.pseudonyms.letter(value)
        if name == "key":
            return self._fact(value)
        if name in ("file", "sheet"):
            return self.pseudonyms.of_value(Treatment(name), value)
        if name.startswith("message_"):
            key = rule_key(str(given.get("rule_id")), given.get("column_no"))
            return self.texts.get(key, {}).get(name.removeprefix("message_"), MASK)
        pattern = _KEPT_DATA.get(name)
        return value if pattern and pattern.fullmatch(value) else None

    def _fact(self, fact: str) -> str:
        """A stable key: filing and rule as they are, the subject (a wallet, a licence, a name) as a pseudonym."""
        match = _FACT.fullmatch(fact)
        if not match:
            return self.pseudonyms.of_value(Treatment.OTHER, fact)
        subject = match["subject"]
        return f"{match['head']} {self.pseudonyms.of_value(Treatment.OTHER, subject)}" if subject else match["head"]
