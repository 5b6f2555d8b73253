"""What a letter's attachments are, by whatever program it was written."""

from __future__ import annotations

import base64
import io
import zipfile
from email.message import EmailMessage
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esep.office.letter import MOST_PARTS, read_letter

WORKBOOK = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def letter(**headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"] = "Пул <pool@example.kz>"
    made["Subject"] = "1-ЦМ, наурыз"
    made["Message-ID"] = "<1@example.kz>"
    made["Date"] = "Thu, 10 Apr 2025 10:15:00 +0500"
    for name, value in headers.items():
        made[name] = value
    made.set_content("Сәлеметсіз бе")
    return made


def attached(made: EmailMessage) -> list[tuple[str, bytes]]:
    return [(one.name, one.content) for one in read_letter(made.as_bytes()).attachments]


def raw(*headers: bytes, content: bytes = b"x") -> list[tuple[str, bytes]]:
    """Attachments of a letter with one part that has these headers."""
    head = b"From: a@example.kz\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
    found = read_letter(head + b"\n".join(headers) + b"\n\n" + content + b"\n--b--\n")
    return [(one.name, one.content) for one in found.attachments]


def test_its_own_words() -> None:
    found = read_letter(letter().as_bytes())
    assert (found.sender, found.subject) == ("Пул <pool@example.kz>", "1-ЦМ, наурыз")
    assert found.message_id == "<1@example.kz>"
    assert found.written_at
    assert found.written_at.isoformat() == "2025-04-10T10:15:00+05:00"
    assert found.attachments == ()


def test_files_in_their_order_names_twice_and_empty_ones() -> None:
    made = letter()
    for content in (b"PK one", b"PK two", b""):
        made.add_attachment(content, *WORKBOOK, filename="1-ЦМ.xlsx")
    made.add_attachment("жоқ", subtype="plain", filename="readme.txt")
    made.add_attachment("<p>form</p>", subtype="html", disposition="attachment")
    assert attached(made) == [
        ("1-ЦМ.xlsx", b"PK one"),
        ("1-ЦМ.xlsx", b"PK two"),
        ("1-ЦМ.xlsx", b""),
        ("readme.txt", "жоқ\n".encode()),
        ("attachment.html", b"<p>form</p>\n"),
    ]


def test_a_hundred_files_and_a_zip() -> None:
    made = letter()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("1-ЦМ.xlsx", b"PK")
    for number in range(99):
        made.add_attachment(bytes([number]), "application", "octet-stream", filename=f"{number}.pdf")
    made.add_attachment(packed.getvalue(), "application", "zip", filename="march.zip")
    found = attached(made)
    assert len(found) == 100
    assert found[-1] == ("march.zip", packed.getvalue())


NAMES = [
    (b"attachment; filename*=UTF-8''%D1%84%D0%BE%D1%80%D0%BC%D0%B0.xlsx", "форма.xlsx"),
    (b"attachment; filename*=windows-1251''%F4%EE%F0%EC%E0.xlsx", "форма.xlsx"),
    (b"attachment; filename*0*=UTF-8''%D1%84%D0%BE%D1%80; filename*1*=%D0%BC%D0%B0.xlsx", "форма.xlsx"),
    (b'attachment; filename*0="long "; filename*1="name.xlsx"', "long name.xlsx"),
    (b'attachment; filename="=?UTF-8?B?0YTQvtGA0LzQsC54bHN4?="', "форма.xlsx"),
    (b'attachment; filename="=?windows-1251?Q?=F4=EE=F0=EC=E0=2Exlsx?="', "форма.xlsx"),
    (b'attachment; filename="=?koi8-r?B?xs/SzcEueGxzeA==?="', "форма.xlsx"),
    ('attachment; filename="форма.xlsx"'.encode("cp1251"), "форма.xlsx"),
    ('attachment; filename="форма.xlsx"'.encode(), "форма.xlsx"),
    (b'attachment; filename="=?nonsense?B?xs/SzcE=?="', "ЖПТНБ"),
    (b"attachment; filename*=nonsense''%F4.xlsx", None),
    (b'attachment; filename="../../etc/passwd"', "../../etc/passwd"),
    (b"attachment", "attachment.xlsx"),
]


@pytest.mark.parametrize(("disposition", "name"), NAMES, ids=range(len(NAMES)))
def test_names_however_they_are_written(disposition: bytes, name: str | None) -> None:
    kind = f"Content-Type: {'/'.join(WORKBOOK)}".encode()
    [(found, content)] = raw(kind, b"Content-Disposition: " + disposition)
    assert content == b"x"
    if name is None:
        assert found.endswith(".xlsx")
    else:
        assert found == name


def test_a_name_in_the_type_alone() -> None:
    assert raw(b'Content-Type: application/pdf; name="=?UTF-8?B?0YTQvtGA0LzQsC5wZGY=?="') == [("форма.pdf", b"x")]
    assert raw('Content-Type: text/plain; name="қол.txt"'.encode()) == [("қол.txt", b"x")]


def test_pictures_in_the_text_are_not_of_the_package_a_scan_is() -> None:
    logo = (b"Content-Type: image/png; name=logo.png", b"Content-ID: <1>")
    assert raw(*logo, b"Content-Disposition: inline; filename=logo.png") == []
    assert raw(*logo) == []
    assert raw(*logo, b"Content-Disposition: attachment; filename=scan.png") == [("scan.png", b"x")]
    assert raw(b"Content-Type: image/jpeg", b"Content-Disposition: inline; filename=scan.jpg") == [("scan.jpg", b"x")]


def test_a_signature_over_the_letter_is_not_one_of_the_package() -> None:
    made = MIMEMultipart("signed", protocol="application/pkcs7-signature")
    inner = MIMEMultipart()
    inner.attach(MIMEText("text"))
    for name in ("1-CM.xlsx", "1-CM.xlsx.p7s"):
        part = MIMEBase("application", "pkcs7-signature" if name.endswith("p7s") else "octet-stream")
        part.set_payload(b"of the package")
        part.add_header("Content-Disposition", "attachment", filename=name)
        inner.attach(part)
    made.attach(inner)
    over = MIMEBase("application", "pkcs7-signature", name="smime.p7s")
    over.set_payload("of the letter")
    made.attach(over)
    assert [one.name for one in read_letter(made.as_bytes()).attachments] == ["1-CM.xlsx", "1-CM.xlsx.p7s"]


def test_a_letter_inside_gives_its_files() -> None:
    inner, middle, outer = letter(), letter(), letter()
    inner.add_attachment(b"PK", *WORKBOOK, filename="1-CM.xlsx")
    middle.add_attachment(inner)
    outer.add_attachment(middle)
    outer.add_attachment(b"more", "application", "pdf", filename="more.pdf")
    assert attached(outer) == [("1-CM.xlsx", b"PK"), ("more.pdf", b"more")]
    encoded = base64.encodebytes(inner.as_bytes())
    assert raw(b"Content-Type: message/rfc822", b"Content-Transfer-Encoding: base64", content=encoded) == [
        ("1-CM.xlsx", b"PK")
    ]


def test_letters_inside_of_letters_end() -> None:
    made = letter()
    made.add_attachment(b"PK", *WORKBOOK, filename="1-CM.xlsx")
    for _ in range(30):
        outer = letter()
        outer.add_attachment(made)
        made = outer
    [(name, content)] = attached(made)
    assert name.endswith(".eml") or name == "attachment"
    assert b"1-CM.xlsx" in content


def test_outlooks_own_container_is_kept_as_it_is() -> None:
    kind = b"Content-Type: application/ms-tnef; name=winmail.dat"
    assert raw(kind, b"Content-Disposition: attachment; filename=winmail.dat", content=b"\x78\x9f\x3e\x22") == [
        ("winmail.dat", b"\x78\x9f\x3e\x22")
    ]


def test_a_report_of_a_mail_server_brings_nothing() -> None:
    assert raw(b"Content-Type: message/delivery-status", content=b"Reporting-MTA: dns; mail\n\nAction: failed\n") == []


@given(content=st.binary(max_size=400))
def test_no_bytes_make_it_raise(content: bytes) -> None:
    read_letter(content)
    read_letter(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" + content + b"\n--b\n" + content)


@given(value=st.binary(max_size=80))
def test_no_header_makes_it_raise(value: bytes) -> None:
    line = value.replace(b"\n", b" ").replace(b"\r", b" ")
    for header in (b"Content-Disposition", b"Content-Type", b"Date", b"Subject", b"Content-Transfer-Encoding"):
        read_letter(header + b": " + line + b"\n\nx")
        read_letter(header + b": attachment; filename=" + line + b"\n\nx")
        read_letter(header + b": message/rfc822; name*=" + line + b"\n\nx")


def test_a_letter_of_more_parts_than_the_memory_holds_is_not_taken_apart() -> None:
    part = b"--b\nContent-Disposition: attachment; filename=x.xlsx\n\nx\n"
    head = b"From: a@example.kz\nContent-Type: multipart/mixed; boundary=b\n\n"
    assert len(read_letter(head + part * (MOST_PARTS - 1) + b"--b--").attachments) == MOST_PARTS - 1
    with pytest.raises(ValueError, match="more than"):
        read_letter(head + part * MOST_PARTS + b"--b--")
