"""A pool's voluntary message that it distributed nothing in a month, from the inbox to the calendar."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import typst
from click.testing import CliRunner
from docx import Document

from end_to_end import filer
from end_to_end.filer import POOL
from esep import files, letters
from esep.backup import restoring, saving
from esep.cli.main import main
from esep.clock import TIMEZONE
from esep.config import Settings
from esep.examination import message
from esep.forms.message import TITLE
from esep.forms.templates import write_message
from esep.office import archive, events
from esep.office.messages import ARRIVED_AGAIN, REPORTED
from esep.orchestration import tasks
from esep.proof.check import check
from esep.supervision import daily
from esep.supervision.knowledge import SILENCE
from signature import cms_maker
from warehouse.warehouse_office import Office

OTHER = "230640000028"
MARCH = date(2025, 3, 1)
CONTENT: dict[str, Any] = {
    "language": "ru",
    "pool_name": "«Сарыарқа Пул» ЖШС",
    "pool_id": POOL,
    "period": MARCH,
    "head": "Оспанов Д. Қ.",
    "completed_on": date(2025, 4, 10),
}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TIMEZONE)


@dataclass
class Desk:
    """An office with its inbox."""

    settings: Settings
    arrivals: list[dict[str, Any]] = field(default_factory=list)

    @property
    def journal(self) -> list[events.Event]:
        return events.read_journal(self.settings, REPORTED)

    def take(self, when: str) -> dict[str, Any]:
        return tasks.register(self.settings, at(when))

    def day(self, as_of: str) -> None:
        """Examination, warehouse, and supervision of the morning of a day."""
        moment = at(f"{as_of} 06:00")
        for _ in range(2):
            tasks.examine(self.settings, moment, tasks.unexamined(self.settings))
            tasks.accept_reference(self.settings, moment)
            tasks.load(self.settings, moment)
            tasks.build_marts(self.settings, moment)
            tasks.check(self.settings, moment)
            tasks.publish(self.settings)
            daily.supervise(self.settings, date.fromisoformat(as_of))

    def month(self, as_of: str, pool_id: str = POOL) -> tuple[Any, ...] | None:
        rows = Office(self.settings).query(
            "select state, silence, no_distributions from filing_calendar_as_of(?::date, 'infinity')"
            " where pool_id = ? and period = date '2025-03-01'",
            as_of,
            pool_id,
        )
        return rows[0] if rows else None


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    settings = Settings(home=tmp_path / "home", inbox_settle_seconds=0)
    (settings.home / "reference").mkdir(parents=True)
    (settings.home / "reference" / "pool.csv").write_text(
        f"pool_id,pool_name,accredited_from,accredited_to,email\n{POOL},«Сарыарқа Пул» ЖШС,2025-03-01,,p@example.kz\n",
        encoding="utf-8",
    )
    return Desk(settings)


def sign(path: Path, pool_id: str = POOL, *, attached: bool = False) -> Path:
    """The signature beside the file; an attached one, which holds the file, in its place."""
    holder = cms_maker.Holder(
        bin=pool_id, valid_from=datetime(2023, 1, 1, tzinfo=UTC), valid_to=datetime(2035, 1, 1, tzinfo=UTC)
    )
    content = cms_maker.sign(cms_maker.Rsa(cms_maker.rsa_key()), path.read_bytes(), holder, attached)
    target = path.with_name(f"{path.name}.p7m" if attached else f"{path.name}.p7s")
    target.write_bytes(content)
    if attached:
        path.unlink()
    return target


def put(desk: Desk, name: str = "nothing", *, signer: str | None = POOL, suffix: str = "docx", **changes: Any) -> Path:
    """A package with a message in the inbox; the file's own name says nothing."""
    folder = desk.settings.inbox / name
    folder.mkdir(parents=True)
    path = write_message(folder / f"letter.{suffix}", **(CONTENT | changes))
    if signer:
        sign(path, signer)
    return folder


@pytest.mark.parametrize("suffix", ["docx", "xlsx"])
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_signed_message_closes_the_question_of_silence(desk: Desk, suffix: str, language: str) -> None:
    put(desk, suffix=suffix, language=language)
    done = desk.take("2025-04-10 10:00")
    assert (done["registered"], len(done["messages"])) == ([], 1)
    assert list(archive.registered(desk.settings)) == []
    assert list(desk.settings.inbox.iterdir()) == []
    (event,) = desk.journal
    assert (event.data["pool_id"], event.data["period"], event.data["doubt"]) == (POOL, "2025-03-01", None)
    assert event.data["head"] == "Оспанов Д. Қ."
    desk.day("2025-05-05")
    assert desk.month("2025-05-05") == ("not_due", "reported_none", "reported")
    assert events.read_journal(desk.settings, SILENCE) == []


@pytest.mark.parametrize("suffix", ["docx", "xlsx"])
def test_a_message_inside_of_its_signature_is_known(desk: Desk, suffix: str) -> None:
    folder = put(desk, signer=None, suffix=suffix)
    sign(folder / f"letter.{suffix}", attached=True)
    assert len(desk.take("2025-04-10 10:00")["messages"]) == 1
    (event,) = desk.journal
    assert (event.data["period"], event.data["doubt"]) == ("2025-03-01", None)


@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize("suffix", ["docx", "xlsx"])
def test_an_unsigned_message_is_known_by_its_words(desk: Desk, suffix: str, language: str) -> None:
    """No signature asks for a closer look, and openpyxl writes Kazakh and Russian letters as character references."""
    put(desk, signer=None, suffix=suffix, language=language)
    assert (len(desk.take("2025-04-10 10:00")["messages"]), len(desk.journal)) == (1, 1)


def test_a_message_on_a_pdf_page_is_known(desk: Desk) -> None:
    folder = desk.settings.inbox / "nothing"
    folder.mkdir(parents=True)
    lines = [TITLE["ru"], f"БИН: {POOL}", "Месяц: март", "Год: 2025"]
    (folder / "letter.pdf").write_bytes(typst.compile("\n\n".join(lines).encode()))
    assert len(desk.take("2025-04-10 10:00")["messages"]) == 1


@pytest.mark.parametrize("attached", [False, True])
def test_a_filing_is_not_read_to_be_registered(desk: Desk, attached: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its signatures, too, are only opened for a look at the words inside."""
    folder = filer.write(filer.Filing(), desk.settings.inbox / "march")
    if attached:
        sign(folder / "1-CM.xlsx", attached=True)
    read: list[Path] = []
    monkeypatch.setattr(message, "read_package", lambda path, *_: read.append(path))
    assert (len(desk.take("2025-04-10 10:00")["registered"]), read) == (1, [])


@pytest.mark.parametrize(
    ("signer", "changes", "doubt"),
    [
        (None, {}, "not_signed"),
        (OTHER, {}, "signed_by_another"),
        (POOL, {"period": date(2025, 4, 1)}, "month_not_over"),
        (POOL, {"period": None}, "month_unreadable"),
        (POOL, {"pool_id": None}, "pool_unreadable"),
        (POOL, {"pool_id": "230640000019"}, "pool_unreadable"),
    ],
)
def test_a_message_in_doubt_is_kept_and_closes_nothing(
    desk: Desk, signer: str | None, changes: dict[str, Any], doubt: str
) -> None:
    put(desk, signer=signer, **changes)
    desk.take("2025-04-10 10:00")
    (event,) = desk.journal
    assert event.data["doubt"] == doubt
    desk.day("2025-04-28")
    state = desk.month("2025-04-28")
    assert state is not None
    assert state[:2] == ("silent", None)
    assert state[2] == ("doubted" if doubt in ("not_signed", "signed_by_another") else None)
    assert len(events.read_journal(desk.settings, SILENCE)) == 1


def test_the_same_bytes_again_are_the_first_message(desk: Desk) -> None:
    content = {file.name: file.read_bytes() for file in put(desk).iterdir()}
    first = desk.take("2025-04-10 10:00")["messages"]
    again = desk.settings.inbox / "again"
    again.mkdir()
    for name, data in content.items():
        (again / name).write_bytes(data)
    assert [item["message"] for item in desk.take("2025-04-11 10:00")["messages"]] == [first[0]["message"]]
    assert (len(desk.journal), len(events.read_journal(desk.settings, ARRIVED_AGAIN))) == (1, 1)


def test_a_message_beside_a_form_is_an_attachment_of_the_filing(desk: Desk) -> None:
    folder = filer.write(filer.Filing(), desk.settings.inbox / "march")
    write_message(folder / "letter.docx", **CONTENT)
    done = desk.take("2025-04-10 10:00")
    assert (len(done["registered"]), done["messages"], desk.journal) == (1, [], [])


def test_a_file_that_nobody_can_read_makes_it_a_filing(desk: Desk) -> None:
    folder = put(desk)
    (folder / "form.xlsx").write_bytes(b"PK\x03\x04 damaged")
    done = desk.take("2025-04-10 10:00")
    assert (len(done["registered"]), done["messages"]) == (1, [])


def test_a_filing_with_rows_contradicts_the_message(desk: Desk) -> None:
    put(desk)
    desk.take("2025-04-10 10:00")
    filer.write(filer.Filing(), desk.settings.inbox / "march")
    desk.take("2025-04-12 10:00")
    desk.day("2025-05-05")
    assert desk.month("2025-05-05") == ("on_time", None, "contradicted")


def test_two_messages_of_one_package(desk: Desk) -> None:
    """For two months: an event for each, the bytes once."""
    folder = put(desk, signer=None)
    sign(write_message(folder / "second.docx", **(CONTENT | {"period": date(2025, 2, 1)})))
    desk.take("2025-04-10 10:00")
    assert sorted((event.data["period"], event.data["doubt"]) for event in desk.journal) == [
        ("2025-02-01", None),
        ("2025-03-01", "signature_invalid"),
    ]
    assert len({event.data["message_id"] for event in desk.journal}) == 1


def test_a_message_of_a_pool_that_nobody_knows(desk: Desk) -> None:
    put(desk, pool_id=OTHER, signer=OTHER)
    desk.take("2025-04-10 10:00")
    desk.day("2025-04-28")
    assert desk.month("2025-04-28", OTHER) is None
    assert desk.month("2025-04-28") == ("silent", None, None)


def test_the_bytes_are_proved_and_saved(desk: Desk, tmp_path: Path) -> None:
    put(desk)
    (desk.settings.inbox / "nothing" / "office.json").write_text(
        json.dumps({"incoming_no": "ВХ-1", "received_at": "2025-04-09T09:00:00+05:00"}), encoding="utf-8"
    )
    desk.take("2025-04-10 10:00")
    report = check(desk.settings, full=True)
    assert (report.damages, report.strays) == ((), ())
    (kept,) = (desk.settings.journal / "message").glob("*/package/letter.docx")
    assert (kept.parent.parent / "office.json").is_file()
    saved = saving.save(desk.settings, tmp_path / "backup.tar", at("2025-04-11 10:00"))
    assert saved.damages == ()
    home = Settings(home=tmp_path / "restored")
    restoring.restore(tmp_path / "backup.tar", home, home.home, at("2025-04-12 10:00"))
    assert (home.journal / kept.relative_to(desk.settings.journal)).read_bytes() == kept.read_bytes()
    kept.chmod(0o600)
    kept.write_bytes(kept.read_bytes() + b"x")
    (damage,) = check(desk.settings, full=True).damages
    assert damage.path.endswith("package/letter.docx")
    assert not damage.stops


def test_a_kill_before_the_event_is_made_good(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from esep.office import messages

    put(desk)

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(messages.events, "append_to_journal", killed)
        with pytest.raises(KeyboardInterrupt):
            desk.take("2025-04-10 10:00")
    assert desk.journal == []
    assert len(desk.take("2025-04-11 10:00")["messages"]) == 1
    assert len(desk.journal) == 1
    assert check(desk.settings, full=True).strays == ()


@pytest.mark.parametrize(("signer", "period"), [(POOL, MARCH), (None, MARCH), (None, None)])
def test_the_receipt_of_a_message(desk: Desk, signer: str | None, period: date | None) -> None:
    """It certifies the message, says that it is voluntary and what is in doubt, and gives no registration number."""
    put(desk, signer=signer, period=period)
    desk.take("2025-04-10 10:00")
    (letter_no,) = tasks.letters(desk.settings)
    assert tasks.letters(desk.settings) == []
    (event,) = desk.journal
    folder = f"{POOL}-2025-03" if period else f"message-{event.data['message_id']}"
    assert letter_no == f"{folder}/S-1"
    status = files.read_json(desk.settings.outbox / folder / "status-S-1.json")
    schema = files.read_json(Path(letters.__file__).with_name("status.schema.json"))
    jsonschema.validate(status, schema)
    assert (status["kind"], status["registration_no"], status["recipients"]) == ("message_receipt", None, [])
    doubt = None if signer else "not_signed" if period else "month_unreadable"
    assert status["message"] == {"message_id": event.data["message_id"], "doubt": doubt}
    letter = Document(str(desk.settings.outbox / folder / "message_receipt.docx"))
    words = "\n".join(paragraph.text for paragraph in letter.paragraphs)
    assert "приказ его не требует" in words
    assert ("само по себе вопроса" in words) == (doubt is not None)


def test_a_second_message_has_a_receipt_of_its_own(desk: Desk) -> None:
    put(desk, signer=None)
    desk.take("2025-04-10 10:00")
    put(desk, "signed")
    desk.take("2025-04-11 10:00")
    assert tasks.letters(desk.settings) == [f"{POOL}-2025-03/S-1", f"{POOL}-2025-03/S-2"]
    desk.day("2025-04-28")
    assert desk.month("2025-04-28") == ("not_due", "reported_none", "reported")


def test_check_says_what_a_message_is(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESEP_HOME", str(desk.settings.home))
    folder = put(desk)
    done = CliRunner().invoke(main, ["check", str(folder), "--json"])
    assert done.exit_code == 0, done.output
    said = {"pool_id": POOL, "pool_name": "«Сарыарқа Пул» ЖШС", "period": "2025-03-01", "doubt": None}
    assert json.loads(done.output)["messages"] == [said]
    shown = CliRunner().invoke(main, ["check", str(folder), "--language", "en"]).output
    assert "without a number" in " ".join(shown.split())
