"""The mailbox, read through Airflow's connection from a server on this machine: each letter once, or said why not."""

from __future__ import annotations

import json
import os
import socket
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="airflow-"))
os.environ.setdefault("AIRFLOW__CORE__LOAD_EXAMPLES", "False")

from end_to_end import filer
from esep import clock, files
from esep.answers.status import letters_for_attention
from esep.config import Settings
from esep.office import archive, hand_in, inbox, mail
from esep.orchestration import mail_intake, tasks
from esep.orchestration.mail_intake import MailError
from esep.orchestration.periodic import ParameterError
from esep.proof.check import check
from mail.imap_server import PASSWORD, USER, Server, serving

NOW = datetime(2025, 4, 11, 9, 0, tzinfo=clock.TIMEZONE)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", inbox_settle_seconds=0)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serving(Server()) as running:
        connect(monkeypatch, running)
        yield running


def connect(monkeypatch: pytest.MonkeyPatch, server: Server, password: str = PASSWORD, **extra: Any) -> None:
    connection = {
        "conn_type": "imap",
        "host": "127.0.0.1",
        "port": server.port,
        "login": USER,
        "password": password,
        "extra": {"use_ssl": False, **extra},
    }
    monkeypatch.setenv("AIRFLOW_CONN_ESEP_IMAP", json.dumps(connection))


def letter(*attachments: tuple[str, bytes], subject: str = "1-ЦМ") -> bytes:
    made = EmailMessage()
    made["From"] = "Пул <pool@example.kz>"
    made["Subject"] = subject
    made["Message-ID"] = "<1@example.kz>"
    made["Date"] = "Wed, 01 Jan 2025 10:15:00 +0500"
    made.set_content("Сәлеметсіз бе")
    for name, content in attachments:
        made.add_attachment(content, "application", "octet-stream", filename=name)
    return made.as_bytes()


def filed(folder: Path) -> bytes:
    package = filer.write(filer.Filing(), folder)
    return letter(*((path.name, path.read_bytes()) for path in sorted(package.iterdir())))


def packages(settings: Settings) -> list[Path]:
    if not settings.inbox.exists():
        return []
    return sorted(path for path in settings.inbox.iterdir() if not inbox.is_hidden(path.name))


def test_a_letter_is_registered_with_its_moment_and_kept_byte_for_byte(settings, server, tmp_path):
    content = filed(tmp_path / "march")
    server.add(content)
    done = mail_intake.take_letters(settings, NOW)
    (package,) = packages(settings)
    assert done == {"letters": 1, "put_in": 1, "packages": [package.name]}
    result = tasks.register(settings, NOW)
    number = result["registered"][0]["number"]
    entry = archive.entry(settings, number)
    assert entry.receipt.received_at.isoformat() == "2025-04-10T10:15:00+05:00"
    assert entry.receipt.stamp["handed_in_by"] == "mail_intake"
    assert entry.receipt.stamp["message_id"] == "<1@example.kz>"
    assert (entry.folder / "office.eml").read_bytes() == content
    assert {file.path for file in entry.receipt.files} == {path.name for path in entry.package.iterdir()}
    assert "office.eml" not in {file.path for file in entry.receipt.files}
    assert {file.path for file in entry.receipt.stamps} == {"office.json", "office.eml"}
    assert tasks.examine(settings, NOW, [number])
    assert entry.verdict["verdict"] == "accepted"
    assert check(settings).damages == ()
    (entry.folder / "office.eml").write_bytes(content + b" ")
    assert [damage.path for damage in check(settings).damages] == [f"archive/2025/{number}/office.eml"]


def test_the_letter_is_no_part_of_the_packages_identity(settings, server, tmp_path):
    server.add(filed(tmp_path / "march"))
    mail_intake.take_letters(settings, NOW)
    number = tasks.register(settings, NOW)["registered"][0]["number"]
    tasks.examine(settings, NOW, [number])
    filer.write(filer.Filing(), settings.inbox / "by-hand")
    for path in (tmp_path / "march").iterdir():
        (settings.inbox / "by-hand" / path.name).write_bytes(path.read_bytes())
    assert tasks.register(settings, NOW)["duplicates"] == [{"number": number, "source": "by-hand"}]


def test_nothing_is_taken_twice_nor_changed_on_the_server(settings, server):
    server.add(letter(("a.xlsx", b"1")))
    server.add(letter(("b.xlsx", b"2")))
    assert mail_intake.take_letters(settings, NOW)["put_in"] == 2
    assert mail_intake.take_letters(settings, NOW) == {"letters": 0, "packages": []}
    server.add(letter(("c.xlsx", b"3")))
    assert mail_intake.take_letters(settings, NOW)["put_in"] == 1
    server.validity = 2  # the server counts anew
    assert mail_intake.take_letters(settings, NOW) == {"letters": 3, "known": 3, "packages": []}
    (settings.home / "mail" / "state.json").write_text("{")
    assert mail_intake.take_letters(settings, NOW) == {"letters": 3, "known": 3, "packages": []}
    assert len(packages(settings)) == 3
    assert {command.split()[0].upper() for command in server.asked} <= {
        "CAPABILITY", "LOGIN", "EXAMINE", "UID", "LOGOUT",
    }  # fmt: skip


@pytest.mark.parametrize("step", ["lay_out", "put_in", "record", "state"])
def test_killed_anywhere_the_next_run_goes_on_and_takes_it_once(settings, server, monkeypatch, step):
    server.add(letter(("a.xlsx", b"1")))
    with monkeypatch.context() as patch:
        kill_after(patch, step)
        with pytest.raises(KeyboardInterrupt):
            mail_intake.take_letters(settings, NOW)
    taken_between = tasks.register(settings, NOW)["registered"]  # what is in the inbox may be gone by the next run
    mail_intake.take_letters(settings, NOW)
    taken = taken_between + tasks.register(settings, NOW)["registered"]
    assert len(taken) == 1
    assert [entry.number for entry in archive.registered(settings)] == [taken[0]["number"]]
    assert packages(settings) == []


def kill_after(patch: pytest.MonkeyPatch, step: str) -> None:
    def killed(done: Any) -> Any:
        def run(*arguments: Any, **named: Any) -> Any:
            done(*arguments, **named)
            raise KeyboardInterrupt

        return run

    if step in ("lay_out", "put_in"):
        patch.setattr(hand_in, step, killed(getattr(hand_in, step)))
    elif step == "record":
        write = files.write_json

        def written(path: Path, value: Any) -> None:
            write(path, value)
            if path.parent.name == "letters":
                raise KeyboardInterrupt

        patch.setattr(files, "write_json", written)
    else:
        patch.setattr(mail._State, "advance", killed(mail._State.advance))


def test_a_letter_without_attachments_is_for_an_officer(settings, server, caplog):
    content = letter(subject="сұрақ")
    server.add(content)
    with caplog.at_level("WARNING"):
        assert mail_intake.take_letters(settings, NOW) == {"letters": 1, "no_attachment": 1, "packages": []}
    assert "a letter without attachments: nothing to register, an officer should look" in caplog.text
    assert packages(settings) == []
    (one,) = letters_for_attention(settings)
    assert (settings.home / one.path).read_bytes() == content
    assert (one.subject, one.outcome) == ("сұрақ", "no_attachment")
    assert mail_intake.take_letters(settings, NOW)["letters"] == 0
    (settings.home / one.path).unlink()  # the officer has seen to it
    assert letters_for_attention(settings) == ()


def test_one_that_is_too_large_stays_on_the_server_and_is_named(settings, server, monkeypatch):
    monkeypatch.setattr(mail, "LARGEST", 2000)
    server.add(letter(("a.xlsx", bytes(3000))))
    server.add(letter(("b.xlsx", b"2")))
    done = mail_intake.take_letters(settings, NOW)
    assert (done["too_large"], done["put_in"]) == (1, 1)
    (one,) = letters_for_attention(settings)
    assert (one.outcome, one.subject) == ("too_large", "1-ЦМ")


def test_a_letter_that_no_parser_can_read_holds_up_no_other(settings, server):
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(3000))
    server.add(b"Subject: =?utf-7?Q?+2AA-?=\n" + nested)
    server.add(b"Subject: =?utf-7?Q?+2AA-?=\nMessage-ID: \xff\n\nx")
    server.add(letter(("a.xlsx", b"1")))
    done = mail_intake.take_letters(settings, NOW)
    assert done["put_in"] == 1
    assert done["letters"] == 3
    assert {one.outcome for one in letters_for_attention(settings)} == {"unreadable", "no_attachment"}


def test_thirty_megabytes(settings, server):
    content = os.urandom(22 * 1024**2)
    server.add(letter(("a.xlsx", content), ("a.xlsx", b"other")))
    mail_intake.take_letters(settings, NOW)
    (package,) = packages(settings)
    assert (package / "a.xlsx").read_bytes() == content
    assert (package / "a (2).xlsx").read_bytes() == b"other"


def test_no_attachment_can_pass_for_the_offices_own(settings, server):
    forged = json.dumps({"received_at": "2024-01-01T00:00:00+05:00", "history": True}).encode()
    server.add(letter(("office.json", forged), ("office.eml", b"x"), ("OFFICE.EML", b"y"), ("a.xlsx", b"1")))
    mail_intake.take_letters(settings, NOW)
    number = tasks.register(settings, NOW)["registered"][0]["number"]
    receipt = archive.entry(settings, number).receipt
    assert receipt.received_at.isoformat() == "2025-04-10T10:15:00+05:00"
    assert receipt.history is None
    assert {file.path for file in receipt.files} == {"_office.json", "_office.eml", "_OFFICE (2).EML", "a.xlsx"}


@pytest.mark.parametrize(
    ("arrived_at", "received_at"),
    [
        ("10-Apr-2025 05:15:00 +0000", "2025-04-10T10:15:00+05:00"),
        (" 1-Apr-2025 05:15:00 +0000", "2025-04-01T10:15:00+05:00"),
        ("10-Apr-2031 05:15:00 +0000", NOW.isoformat()),
        ("nonsense", "2025-01-01T10:15:00+05:00"),  # then the letter's own Date
        ("10-Apr-1999 05:15:00 +0000", NOW.isoformat()),
    ],
)
def test_the_moment_is_the_servers_and_never_in_the_future(settings, server, arrived_at, received_at):
    server.add(letter(("a.xlsx", b"1")), arrived_at)
    mail_intake.take_letters(settings, NOW)
    number = tasks.register(settings, NOW)["registered"][0]["number"]
    receipt = archive.entry(settings, number).receipt
    assert (receipt.received_at.isoformat(), receipt.stamp_error) == (received_at, None)


def test_folder_and_first_day_are_the_connections(settings, server, monkeypatch):
    server.folder = "&BBIERQ-/1-&BCYEHA-"  # Вх/1-ЦМ in modified UTF-7
    server.add(letter(("a.xlsx", b"1")))
    connect(monkeypatch, server, folder="Вх/1-ЦМ", since="2025-04-01")
    assert mail_intake.take_letters(settings, NOW)["put_in"] == 1
    assert "SEARCH UID 1:* SINCE 1-Apr-2025" in " ".join(server.asked)
    connect(monkeypatch, server, folder="other")
    with pytest.raises(MailError, match="no such folder"):
        mail_intake.take_letters(settings, NOW)
    connect(monkeypatch, server, since="soon")
    with pytest.raises(MailError, match="since='soon' is no day"):
        mail_intake.take_letters(settings, NOW)


def test_without_the_connection_there_is_nothing_to_read(settings, monkeypatch):
    monkeypatch.setenv("AIRFLOW_CONN_ESEP_IMAP", "")
    with pytest.raises(ParameterError, match="no connection esep_imap"):
        mail_intake.take_letters(settings, NOW)


def test_a_wrong_password_is_said_so_and_the_next_run_goes_on(settings, server, monkeypatch):
    server.add(letter(("a.xlsx", b"1")))
    connect(monkeypatch, server, password="another")
    with pytest.raises(MailError, match=r"AUTHENTICATIONFAILED.*Correct login, password") as refused:
        mail_intake.take_letters(settings, NOW)
    assert "another" not in str(refused.value)
    connect(monkeypatch, server)
    assert mail_intake.take_letters(settings, NOW)["put_in"] == 1


def test_a_server_that_is_down_is_said_so(settings, monkeypatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    connect(monkeypatch, Server(port=port))
    with pytest.raises(MailError, match="cannot be reached"):
        mail_intake.take_letters(settings, NOW)
    assert socket.getdefaulttimeout() is None


def test_a_server_that_breaks_off_leaves_what_was_taken(settings, server):
    for number in range(3):
        server.add(letter((f"{number}.xlsx", b"1")))
    server.break_off_at = "FETCH 2 (BODY"
    with pytest.raises(MailError, match="broke off"):
        mail_intake.take_letters(settings, NOW)
    assert len(packages(settings)) == 1
    server.break_off_at = ""
    assert mail_intake.take_letters(settings, NOW)["put_in"] == 2
    assert len(packages(settings)) == 3


def test_what_was_killed_on_its_way_is_not_swept_away(settings, server, monkeypatch):
    server.add(letter(("a.xlsx", b"1")))
    rename = Path.rename

    def killed(path: Path, target: Path) -> Path:
        if Path(target).name.startswith("mail-"):
            raise KeyboardInterrupt
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            mail_intake.take_letters(settings, NOW)
    hand_in.lay_out(settings, [], [], clock.now() + timedelta(days=2))
    mail_intake.take_letters(settings, NOW)
    assert len(packages(settings)) == 1
