"""The receipt of a filing (para 7): what was registered, when, under which number. Written once as receipt.json."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Recipient:
    """One of the two bodies to which the order sends the data (para 5), named in Kazakh, Russian and English."""

    role: str
    """`authorised_body` or `tax_authority`."""
    kk: str
    ru: str
    en: str


RECIPIENTS = (
    Recipient(
        "authorised_body",
        "Цифрлық активтер саласындағы уәкілетті орган",
        "Уполномоченный орган в сфере цифровых активов",
        "Authorised body for digital assets",
    ),
    Recipient(
        "tax_authority",
        "Салықтардың және бюджетке төленетін басқа да міндетті төлемдердің түсуін қамтамасыз ету саласындағы "
        "басшылықты жүзеге асыратын уәкілетті орган",
        "Уполномоченный орган, осуществляющий руководство в сфере обеспечения поступлений налогов и других "
        "обязательных платежей в бюджет",
        "Authorised body that directs the collection of taxes and other obligatory payments to the budget",
    ),
)
"""One registration stands for both (para 5); each is named on the receipt."""


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """One file of the package: `path` relative to package/ (see file_names.to_text), hex SHA-256, size in bytes."""

    path: str
    sha256: str
    size: int
    original: str | None = None
    """The filer's own path where it is too long for the archive, so that `path` is a shorter one."""

    def as_dict(self) -> dict[str, Any]:
        return {name: item for name, item in asdict(self).items() if name != "original" or item is not None}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something in a folder that is no file (a symbolic link, a socket) and was therefore not taken."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the office certifies to the pool. Moments carry their offset; JSON keys are the field names."""

    registration_no: str
    """`YYYY-NNNNNN`: local year of arrival and serial number in that year."""
    received_at: datetime
    """Moment of arrival: the stamp's, else the moment of registration."""
    registered_on: date
    """Local date of arrival, from which the terms of paras 8 and 10 are counted."""
    registered_at: datetime
    """Moment at which this machine registered it."""
    incoming_no: str | None
    change_date: date | None
    """Day on which the data changed (para 6), if the office stamped one."""
    stamp: Any
    """The office's stamp as given, or None where there was none that could be read."""
    stamp_error: str | None
    source_name: str
    """Name in the inbox (see file_names.to_text)."""
    package_sha256: str
    files: tuple[ReceivedFile, ...]
    left_out: tuple[LeftOut, ...]
    recipients: tuple[Recipient, ...]
    arrival_id: str
    """Hex digest that tells one physical arrival from another (see package.Arrival)."""
    code_version: str
    stamps: tuple[ReceivedFile, ...] = ()
    """The office's stamps as they are kept beside package/; empty in receipts from before records had hashes."""

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON: moments and days as ISO text."""
        value = asdict(self)
        for name in ("received_at", "registered_on", "registered_at", "change_date"):
            value[name] = None if value[name] is None else value[name].isoformat()
        for name in ("left_out", "recipients"):
            value[name] = list(value[name])
        for name, received in (("files", self.files), ("stamps", self.stamps)):
            value[name] = [file.as_dict() for file in received]
        return value

    @classmethod
    def from_dict(cls, value: dict[str, Any]) -> Receipt:
        """The receipt that `as_dict` described; raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            registration_no=value["registration_no"],
            received_at=datetime.fromisoformat(value["received_at"]),
            registered_on=date.fromisoformat(value["registered_on"]),
            registered_at=datetime.fromisoformat(value["registered_at"]),
            incoming_no=value["incoming_no"],
            change_date=None if value["change_date"] is None else date.fromisoformat(value["change_date"]),
            stamp=value["stamp"],
            stamp_error=value["stamp_error"],
            source_name=value["source_name"],
            package_sha256=value["package_sha256"],
            files=tuple(ReceivedFile(**file) for file in value["files"]),
            left_out=tuple(LeftOut(**item) for item in value.get("left_out", ())),
            recipients=tuple(Recipient(**item) for item in value["recipients"]),
            arrival_id=value["arrival_id"],
            code_version=value["code_version"],
            stamps=tuple(ReceivedFile(**file) for file in value.get("stamps", ())),
        )
