"""The voluntary message that nothing was distributed in a month: written, filled in, read; what is none."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from esep.forms import annex1
from esep.forms.document import FileRead
from esep.forms.message import TITLE
from esep.forms.reading.document_text import read_document
from esep.forms.reading.kinds import Kind
from esep.forms.reading.message import read_message
from esep.forms.templates import write_application, write_form, write_message
from forms.form_workbooks import data_row, read, unread

CONTENT: dict[str, Any] = {
    "pool_name": '"Алтын Пул" ЖШС',
    "pool_id": "230640000018",
    "period": date(2025, 12, 1),
    "head": "Болатов Б.Б.",
    "completed_on": date(2026, 1, 5),
}


def file_of(path: Path) -> FileRead:
    return read(path) if path.suffix == ".xlsx" else read_document(path, unread(path.name), Kind.DOCUMENT)


@pytest.mark.parametrize("suffix", ["xlsx", "docx"])
@pytest.mark.parametrize("language", annex1.LANGUAGES)
def test_a_filled_message_reads_back(tmp_path: Path, suffix: str, language: str) -> None:
    (found,) = file_of(write_message(tmp_path / f"m.{suffix}", language=language, **CONTENT)).messages
    assert found.language == language
    expected = {name: CONTENT[name] for name in ("pool_name", "pool_id", "head")}
    month = {"kk": "желтоқсан 2025", "ru": "декабрь 2025"}[language]
    day = {"kk": '2026 жылғы "5" қаңтар', "ru": '"5" января 2026 года'}[language]
    assert found.fields == expected | {"period": month, "completed_on": day}


@pytest.mark.parametrize("suffix", ["xlsx", "docx"])
@pytest.mark.parametrize("language", annex1.LANGUAGES)
def test_a_blank_message_says_nothing(tmp_path: Path, suffix: str, language: str) -> None:
    (found,) = file_of(write_message(tmp_path / f"m.{suffix}", language=language)).messages
    assert set(found.fields.values()) == {None}


MESSAGES: dict[str, list[str]] = {
    "free words": [
        "СООБЩЕНИЕ ОБ ОТСУТСТВИИ РАСПРЕДЕЛЕНИЙ ЦИФРОВЫХ АКТИВОВ ЗА МЕСЯЦ",
        'ТОО "Алтын Пул", БИН 230640000018, сообщает, что за март 2025 года распределений не было.',
        "Руководитель\tБолатов Б.Б.",
    ],
    "one line for month and year": [
        TITLE["kk"],
        "Пулдың атауы: Алтын Пул",
        "БСН: 230640000018",
        "Есепті ай: 2025 жылғы наурыз",
        "Басшы: Болатов Б.Б.",
    ],
    "values below": [
        "ТОО «Пул»",
        TITLE["ru"],
        "Наименование пула",
        "Алтын Пул",
        "БИН",
        "230640000018",
        "Месяц",
        "март",
        "Год",
        "2025",
        "Руководитель",
        "Болатов Б.Б.",
    ],
}


@pytest.mark.parametrize("layout", MESSAGES)
def test_layouts(layout: str) -> None:
    found = read_message("m.docx", MESSAGES[layout])
    assert found is not None
    assert (found.fields["pool_id"], found.fields["head"]) == ("230640000018", "Болатов Б.Б.")
    assert "март" in (found.fields["period"] or "") or "наурыз" in (found.fields["period"] or "")


@pytest.mark.parametrize(
    "lines",
    [
        ["Прилагаем сообщение об отсутствии распределений цифровых активов за март 2025 года и форму 1-ЦМ."],
        ["Сопроводительное письмо", "БИН 230640000018"],
        [],
    ],
)
def test_what_is_no_message(lines: list[str]) -> None:
    assert read_message("m.docx", lines) is None


def test_neither_annex_is_a_message(tmp_path: Path) -> None:
    for path in (write_form(tmp_path / "f.xlsx", rows=[data_row(1)]), write_application(tmp_path / "a.docx")):
        assert file_of(path).messages == ()
