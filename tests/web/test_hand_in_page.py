"""Acceptance by a page: shown as it would be examined, put into the inbox by a second form, once, by operators only."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest

from end_to_end import filer
from esep import clock
from esep.config import Settings
from esep.forms.templates import write_message
from esep.office import archive, hand_in, inbox, intake
from esep.orchestration import tasks
from web.page_text import text_of

INCOMPLETE = ("1-CM.xlsx", b"PK no workbook")
MARCH = {"kk": "наурыз 2025", "ru": "март 2025", "en": "March 2025"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", inbox_settle_seconds=0)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return unescape(found[1]) if found else ""


def show(client, *files: tuple[str, bytes], **fields: str):
    token = hidden(client.get("/hand-in").text, "form_token")
    uploads = [("files", (name, content)) for name, content in files]
    return client.post("/hand-in/preview", data={"form_token": token, **fields}, files=uploads)


def accept(client, page: str):
    return client.post("/hand-in/accept", data={"package": hidden(page, "package")})


def put_in(client, *files: tuple[str, bytes], **fields: str):
    answer = accept(client, show(client, *files, **fields).text)
    assert answer.status_code == 303
    return answer.headers["location"]


def packages(settings: Settings) -> list[Path]:
    return sorted(path for path in settings.inbox.iterdir() if not inbox.is_hidden(path.name))


def whole(folder: Path, **changes) -> list[tuple[str, bytes]]:
    package = filer.write(filer.Filing(**changes), folder)
    return [(path.name, path.read_bytes()) for path in sorted(package.iterdir()) if path.name != "office.json"]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_package_is_shown_put_in_and_gets_its_number(pages, settings, tmp_path, language):
    client = pages(settings, language=language)
    files = whole(tmp_path / "march")
    shown = show(client, *files, incoming_no="ВХ-128", received_at="2025-04-10T10:15")
    assert shown.status_code == 200
    assert shown.headers["content-security-policy"].startswith("default-src 'none'")
    for words in ("ВХ-128", filer.POOL, MARCH[language], hashlib.sha256(files[0][1]).hexdigest()[:8]):
        assert words in shown.text
    assert 'class="good"' in shown.text
    assert packages(settings) == []
    where = accept(client, shown.text).headers["location"]
    (package,) = packages(settings)
    assert {path.name for path in package.iterdir()} == {name for name, _ in files} | {"office.json"}
    assert all((package / name).read_bytes() == content for name, content in files)
    waiting = client.get(where).text
    assert package.name in waiting
    assert f'href="{where}"' in waiting  # to be looked at again without knowing how a browser does it
    result = tasks.register(settings, clock.now)
    number = result["registered"][0]["number"]
    assert number == "2025-000001"
    registered = client.get(where).text
    assert f'href="/filing/{number}"' in registered
    assert f'href="{where}"' not in registered
    receipt = archive.entry(settings, number).receipt
    assert (receipt.incoming_no, receipt.received_at.isoformat()) == ("ВХ-128", "2025-04-10T10:15:00+05:00")
    assert receipt.stamp["handed_in_by"] == "А. Бекова"
    assert (receipt.stamp_error, receipt.history) == (None, None)
    assert "А. Бекова" in client.get(f"/filing/{number}").text


@pytest.mark.parametrize(
    ("received_at", "words"),
    [("2025-04-25T23:59", None), ("2025-04-26T00:00", "1 day late"), ("2025-05-05T09:00", "10 days late")],
)
def test_it_says_until_when_the_filing_was_due(pages, settings, tmp_path, received_at, words):
    shown = show(pages(settings), *whole(tmp_path / "march"), received_at=received_at).text
    assert "2025-04-25, Fri (para 5)" in shown
    assert words in shown if words else "late" not in shown


def test_without_a_moment_it_arrives_now(pages, settings):
    before = clock.now().replace(microsecond=0)
    put_in(pages(settings), INCOMPLETE)
    (package,) = packages(settings)
    stamp = json.loads((package / "office.json").read_text("utf-8"))
    assert before <= datetime.fromisoformat(stamp["received_at"]) <= clock.now()
    assert "history" not in stamp


def test_an_incomplete_package_is_registered_too(pages, settings):
    shown = show(pages(settings), INCOMPLETE)
    assert "would be refused" in shown.text
    assert "C-" in shown.text
    assert "incomplete package can be handed over as well" in shown.text
    accept(pages(settings), shown.text)
    assert len(tasks.register(settings, clock.now)["registered"]) == 1


def test_the_second_form_sent_twice_puts_it_in_once(pages, settings):
    client = pages(settings)
    shown = show(client, INCOMPLETE)
    first = accept(client, shown.text)
    assert accept(client, shown.text).headers["location"] == first.headers["location"]
    assert len(packages(settings)) == 1
    tasks.register(settings, clock.now)
    assert packages(settings) == []
    again = accept(client, shown.text)  # and when it is registered already
    assert again.headers["location"] == first.headers["location"]
    assert packages(settings) == []
    (entry,) = archive.registered(settings)
    assert entry.number in client.get(first.headers["location"]).text


def test_killed_before_the_rename_it_is_put_in_by_the_next_form(pages, settings, monkeypatch):
    client = pages(settings)
    shown = show(client, INCOMPLETE)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            hand_in.put_in(settings, next(iter(_keys(settings))), "x", "А. Бекова", clock.now())
    assert packages(settings) == []
    assert accept(client, shown.text).status_code == 303
    assert len(packages(settings)) == 1


def test_two_that_put_it_in_at_the_same_moment_agree_on_its_name(pages, settings, monkeypatch):
    show(pages(settings), INCOMPLETE)
    (key,) = _keys(settings)
    now, since = clock.now(), hand_in.journal.since

    def interrupted(*given):
        monkeypatch.setattr(hand_in.journal, "since", since)
        hand_in.put_in(settings, key, "x", "А. Бекова", now + timedelta(seconds=1))
        return since(*given)

    monkeypatch.setattr(hand_in.journal, "since", interrupted)
    name = hand_in.put_in(settings, key, "x", "А. Бекова", now)
    assert [path.name for path in packages(settings)] == [name]
    assert hand_in.found(settings, key).fate is hand_in.Fate.WAITING


def test_ten_thousand_files_of_one_name_take_no_square_of_them(monkeypatch):
    looked = 0

    class Counting(set):
        def __contains__(self, name):
            nonlocal looked
            looked += 1
            return super().__contains__(name)

    monkeypatch.setattr(hand_in, "set", Counting, raising=False)
    names = ["same.xlsx", "Same.xlsx"] * 5000
    assert len({name.casefold() for name in hand_in.kept_names(names)}) == len(names)
    assert 0 < looked <= 3 * len(names)


def _keys(settings: Settings) -> set[str]:
    return {path.name for path in (settings.inbox / hand_in.FOLDER).iterdir() if path.is_dir()}


def test_the_same_bytes_again_are_named_with_their_number(pages, settings, tmp_path):
    client = pages(settings)
    files = whole(tmp_path / "march")
    put_in(client, *files)
    assert "wait to be registered" in show(client, *files).text
    number = tasks.register(settings, clock.now)["registered"][0]["number"]
    tasks.examine(settings, clock.now(), [number])
    shown = show(client, *files)
    assert "they are noted as having arrived again under:" in shown.text
    assert shown.text.count(f">{number}<") == 1
    assert text_of(shown.text).count(number) == 1
    where = accept(client, shown.text).headers["location"]
    assert tasks.register(settings, clock.now)["duplicates"][0]["number"] == number
    page = client.get(where).text
    assert "registered before" in page
    assert number in page


def test_a_correction_is_told_from_a_day_of_change_without_one(pages, settings, tmp_path):
    client = pages(settings)
    first = whole(tmp_path / "march")
    shown = show(client, *first, received_at="2025-04-10T10:15", change_date="2025-04-01")
    assert "the day counts for corrections only" in shown.text
    put_in(client, *first, received_at="2025-04-10T10:15")
    number = tasks.register(settings, clock.now)["registered"][0]["number"]
    tasks.examine(settings, clock.now(), [number])
    other = whole(tmp_path / "again", rows=[filer.row(1, quantity="0.7")])
    shown = show(client, *other, received_at="2025-05-10T10:15", change_date="2025-05-01")
    assert "the day counts for corrections only" not in shown.text
    assert ">correction<" in shown.text
    earlier = show(client, *other, received_at="2025-04-09T10:15")
    assert ">new<" in earlier.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"received_at": "2999-01-01T10:00"}, "yet to come"),
        ({"received_at": "2020-01-01T10:00"}, "before the order"),
        ({"received_at": "yesterday"}, "cannot be read"),
        ({"change_date": "2999-01-01"}, "nor after the day of receipt"),
        ({"change_date": "11.02.2025"}, "day of change cannot be read"),
        ({"history": "yes"}, "former receipt"),
    ],
)
def test_a_stamp_that_cannot_be_is_said_so_and_its_fields_stay(pages, settings, fields, words):
    shown = show(pages(settings), INCOMPLETE, incoming_no="ВХ-9", **fields)
    assert (shown.status_code, hidden(shown.text, "package")) == (422, "")
    assert words in shown.text
    assert 'value="ВХ-9"' in shown.text
    assert not settings.inbox.exists()


def test_history_is_in_the_stamp(pages, settings):
    put_in(pages(settings), INCOMPLETE, history="yes", received_at="2025-04-10T10:15")
    tasks.register(settings, clock.now)
    (entry,) = archive.registered(settings)
    assert entry.receipt.history.basis == "stamp"


def test_one_zip_and_a_lone_file_are_known_however_they_came(pages, settings, tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for name, content in whole(tmp_path / "march"):
            made.writestr(name, content)
    settings.inbox.mkdir(parents=True)
    (settings.inbox / "march.zip").write_bytes(packed.getvalue())
    number = tasks.register(settings, clock.now)["registered"][0]["number"]
    tasks.examine(settings, clock.now(), [number])
    shown = show(pages(settings), ("march.zip", packed.getvalue()))
    assert 'class="good"' in shown.text
    assert f"arrived again under: {number}" in text_of(shown.text)


HOSTILE = [
    "../../etc/passwd",
    "..\\..\\win.ini",
    "a\u202etxt.exe\nb",
    "х" * 300 + ".xlsx.p7s",
    "same.xlsx",
    "same.xlsx",
    "SAME.XLSX",
    "office.json",
    "x.office.json",
    ".hidden",
    "~$form.xlsx",
    "form.xlsx.part",
    "..",
    " ",
]


def test_hostile_names_stay_in_the_package_and_nothing_is_lost(settings):
    kept = hand_in.kept_names(HOSTILE)
    assert kept[:2] == ["passwd", "win.ini"]
    assert kept[2] == "a_txt.exe_b"
    assert kept[3].endswith("х.xlsx.p7s")
    assert len(kept[3].encode()) <= 200
    assert kept[4:7] == ["same.xlsx", "same (2).xlsx", "SAME (3).XLSX"]
    assert kept[7:] == [
        "_office.json", "_x.office.json", "_.hidden", "_~$form.xlsx", "form.xlsx.part_", "file", "file (2)",
    ]  # fmt: skip
    files = [(name, io.BytesIO(str(number).encode())) for number, name in enumerate(kept)]
    key = hand_in.lay_out(settings, files, [("office.json", b"{}")], clock.now())
    hand_in.put_in(settings, key, "", "А. Бекова", clock.now())
    (taken,) = intake.register_waiting(settings, clock.now, lambda _: None)
    received = {file.path: file for file in taken.receipt.files}
    assert set(received) == set(kept)
    package = archive.entry(settings, taken.number).package
    assert [(package / name).read_bytes() for name in kept] == [str(n).encode() for n in range(len(kept))]


def test_names_of_an_upload_are_made_plain(pages, settings):
    shown = show(pages(settings), ("../a.xlsx", b"1"), ("a.xlsx", b"2"), ("empty.xlsx", b""))
    text = unescape(shown.text)
    assert "a (2).xlsx" in text
    assert "empty file" in text
    put = accept(pages(settings), shown.text)
    assert put.status_code == 303
    (package,) = packages(settings)
    assert {path.name for path in package.iterdir()} == {"a.xlsx", "a (2).xlsx", "empty.xlsx", "office.json"}


def test_a_bomb_is_shown_as_unsafe(pages, settings):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("1-CM.xlsx", bytes(64 * 1024**2))
    shown = show(pages(settings), ("bomb.zip", packed.getvalue()))
    assert shown.status_code == 200
    assert "would be refused" in shown.text
    assert "did not pass the safety check" in shown.text


def test_where_nothing_can_be_examined_it_is_put_in_all_the_same(pages, settings, tmp_path):
    broken = replace(settings, expectations=tmp_path / "no rules")
    client = pages(broken)
    shown = show(client, INCOMPLETE)
    assert shown.status_code == 200
    assert "a fault of the system, not of the package" in shown.text
    assert accept(client, shown.text).status_code == 303
    assert len(packages(settings)) == 1


def test_over_the_limits_nothing_is_taken(pages, settings, monkeypatch):
    from esep.web.routes import hand_in as routes

    client = pages(settings)
    answer = client.post("/hand-in/preview", content=b"x", headers={"content-length": str(routes.LARGEST + 1)})
    assert (answer.status_code, "at most" in answer.text or "up to 128 MB" in answer.text) == (413, True)
    monkeypatch.setattr(routes, "MOST_FILES", 2)
    many = show(client, *((f"{n}.txt", b"x") for n in range(3)))
    assert many.status_code == 413
    assert "at most 2" in many.text
    assert not (settings.inbox / hand_in.FOLDER).exists()


def test_no_file(pages, settings):
    client = pages(settings)
    answer = show(client, incoming_no="5")
    assert answer.status_code == 422
    assert "No file was chosen" in answer.text


def test_what_was_cut_off_is_not_taken(pages, settings):
    client = pages(settings)
    token = hidden(client.get("/hand-in").text, "form_token")
    whole_form = (
        f'--b\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n{token}\r\n'
        '--b\r\nContent-Disposition: form-data; name="files"; filename="a.xlsx"\r\n\r\nall of it\r\n'
        '--b\r\nContent-Disposition: form-data; name="files"; filename="b.xlsx"\r\n\r\nand more\r\n--b--\r\n'
    ).encode()
    headers = {"content-type": "multipart/form-data; boundary=b", "content-length": str(len(whole_form))}
    assert client.post("/hand-in/preview", content=whole_form, headers=headers).status_code == 200
    laid_out = _keys(settings)
    for end in (len(whole_form) - 40, len(whole_form) - 10, len(whole_form) - 200):
        cut = client.post("/hand-in/preview", content=whole_form[:end], headers=headers)
        assert (cut.status_code, "did not arrive whole" in cut.text) == (400, True)
    broken = client.post("/hand-in/preview", content=b"nothing of a form", headers=headers)
    assert broken.status_code == 400
    assert _keys(settings) == laid_out


def test_only_operators_and_only_with_the_forms_they_were_shown(pages, settings):
    client, other, viewer = pages(settings), pages(settings, name="Б. Сейіт"), pages(settings, operator=False)
    shown = show(client, INCOMPLETE)
    key = next(iter(_keys(settings)))
    assert viewer.get("/hand-in").status_code == 403
    assert "/hand-in" not in viewer.get("/reference").text
    assert "/hand-in" in client.get("/reference").text
    assert viewer.get(f"/hand-in/{key}").status_code == 403
    assert viewer.post("/hand-in/preview").status_code == 403
    assert accept(viewer, shown.text).status_code == 403
    assert accept(other, shown.text).status_code == 403
    assert client.post("/hand-in/accept", data={"package": "forged"}).status_code == 403
    assert client.post("/hand-in/accept").status_code == 403
    files = [("files", INCOMPLETE)]
    assert client.post("/hand-in/preview", data={"form_token": "forged"}, files=files).status_code == 403
    assert packages(settings) == []
    assert client.get(f"/hand-in/{key}").status_code == 404  # shown, and not put in
    assert client.get("/hand-in/" + "0" * 32).status_code == 404
    assert client.get("/hand-in/nonsense").status_code == 422


def test_what_was_changed_or_is_too_old_is_not_put_in(pages, settings):
    client = pages(settings)
    shown = show(client, INCOMPLETE)
    (key,) = _keys(settings)
    (settings.inbox / hand_in.FOLDER / key / "more.xlsx").write_bytes(b"more")
    assert accept(client, shown.text).status_code == 410
    later = clock.now() + hand_in.LAID_OUT_FOR + timedelta(minutes=1)
    hand_in.lay_out(settings, [("a", io.BytesIO(b"1"))], [], later)
    assert key not in _keys(settings)
    gone = accept(client, shown.text)
    assert gone.status_code == 410
    assert "Nothing was handed over" in gone.text
    assert packages(settings) == []


def test_what_somebody_took_out_of_the_inbox_is_said_to_be_gone(pages, settings):
    client = pages(settings)
    where = put_in(client, INCOMPLETE)
    (package,) = packages(settings)
    package.rename(settings.home / "elsewhere")
    assert "somebody took it away" in client.get(where).text


def test_a_message_that_nothing_was_distributed(pages, settings, tmp_path):
    said = {"pool_name": "«Сарыарқа Пул» ЖШС", "pool_id": filer.POOL, "period": date(2025, 3, 1), "head": "Оспанов Д."}
    letter = write_message(tmp_path / "letter.docx", language="ru", completed_on=date(2025, 4, 10), **said)
    client = pages(settings)
    shown = show(client, ("letter.docx", letter.read_bytes()))
    assert "voluntary message that nothing was distributed" in shown.text
    assert "would be refused" not in shown.text
    where = accept(client, shown.text).headers["location"]
    message = tasks.register(settings, clock.now)["messages"][0]["message"]
    assert message in client.get(where).text
