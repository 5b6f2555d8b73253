"""How the reference desk tells its results: as plain values for JSON, as tables for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from esep.clock import TIMEZONE
from esep.warehouse.reference_desk import Check, Coverage, Held, RowChange
from esep.warehouse.reference_rules import Problem
from esep.warehouse.reference_texts import ENGLISH, KAZAKH, RUSSIAN

SHOWN = 10
"""Rows of a kind of change that are listed without --all."""
_FAULT_TEXTS = {"kk": KAZAKH, "ru": RUSSIAN, "en": ENGLISH}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "faults": {
        "en": "Faults: the file is refused as a whole",
        "ru": "Ошибки: файл отклоняется целиком",
        "kk": "Қателер: файл тұтасымен қабылданбайды",
    },
    "not_added": {
        "en": "Nothing is changed. Mend these lines and try again.",
        "ru": "Ничего не изменено. Исправьте эти строки и повторите.",
        "kk": "Ештеңе өзгерген жоқ. Осы жолдарды түзетіп, қайталаңыз.",
    },
    "warnings": {"en": "Warnings (do not refuse)", "ru": "Предупреждения (не отклоняют)", "kk": "Ескертпелер"},
    "line": {"en": "Line", "ru": "Строка", "kk": "Жол"},
    "what": {"en": "What is wrong", "ru": "Что не так", "kk": "Не дұрыс емес"},
    "good": {"en": "No faults.", "ru": "Ошибок нет.", "kk": "Қате жоқ."},
    "accepted": {
        "en": "Accepted as the version in force. The figures follow with the next run of the warehouse.",
        "ru": "Принят как действующая версия. Показатели изменятся при следующем запуске хранилища.",
        "kk": "Күшіндегі нұсқа ретінде қабылданды. Көрсеткіштер қойманың келесі іске қосылуынан кейін өзгереді.",
    },
    "unchanged": {
        "en": "These very bytes are in force already.",
        "ru": "Этот же файл уже действует.",
        "kk": "Дәл осы файл күшінде тұр.",
    },
    "none_in_force": {
        "en": "No version is in force yet.",
        "ru": "Действующей версии ещё нет.",
        "kk": "Күшінде нұсқа әлі жоқ.",
    },
    "against": {
        "en": "Against the version in force since {since}",
        "ru": "По сравнению с версией, действующей с {since}",
        "kk": "{since} бастап күшіндегі нұсқамен салыстырғанда",
    },
    "counts": {
        "en": "Rows: {rows}; added {added}, changed {changed}, removed {removed}",
        "ru": "Строк: {rows}; добавлено {added}, изменено {changed}, удалено {removed}",
        "kk": "Жолдар: {rows}; қосылғаны {added}, өзгергені {changed}, жойылғаны {removed}",
    },
    "replaces": {
        "en": "A file replaces the version in force as a whole: rows that it leaves out go.",
        "ru": "Файл заменяет действующую версию целиком: строки, которых в нём нет, удаляются.",
        "kk": "Файл күшіндегі нұсқаны тұтас алмастырады: онда жоқ жолдар жойылады.",
    },
    "change": {"en": "Change", "ru": "Изменение", "kk": "Өзгеріс"},
    "added": {"en": "added", "ru": "добавлена", "kk": "қосылды"},
    "changed": {"en": "changed", "ru": "изменена", "kk": "өзгерді"},
    "removed": {"en": "removed", "ru": "удалена", "kk": "жойылды"},
    "row": {"en": "Row", "ru": "Запись", "kk": "Жазба"},
    "values": {"en": "Before → after", "ru": "Было → стало", "kk": "Бұрын → енді"},
    "more": {
        "en": "and {n} more: list them with --all",
        "ru": "и ещё {n}: список по ключу --all",
        "kk": "және тағы {n}: тізімі --all кілтімен",
    },
    "coverage": {"en": "Days covered", "ru": "Охваченные дни", "kk": "Қамтылған күндер"},
    "of": {"en": "Of", "ru": "Чего", "kk": "Ненің"},
    "first": {"en": "First", "ru": "Первый", "kk": "Бірінші"},
    "last": {"en": "Last", "ru": "Последний", "kk": "Соңғы"},
    "days": {"en": "Days", "ru": "Дней", "kk": "Күн"},
    "before": {"en": "Before", "ru": "Было", "kk": "Бұрын"},
    "held": {"en": "Reference files in force", "ru": "Действующие справочники", "kk": "Күшіндегі анықтамалықтар"},
    "file": {"en": "File", "ru": "Файл", "kk": "Файл"},
    "since": {"en": "Accepted", "ru": "Принят", "kk": "Қабылданды"},
    "rows": {"en": "Rows", "ru": "Строк", "kk": "Жолдар"},
    "versions": {"en": "Versions", "ru": "Версий", "kk": "Нұсқалар"},
    "waiting": {"en": "In reference/", "ru": "В reference/", "kk": "reference/ ішінде"},
    "same": {"en": "the same", "ru": "тот же", "kk": "сол файл"},
    "new": {"en": "another, not yet looked at", "ru": "другой, ещё не проверен", "kk": "басқа, әлі қаралмаған"},
    "refused": {"en": "refused", "ru": "отклонён", "kk": "қабылданбаған"},
    "missing": {"en": "none", "ru": "нет", "kk": "жоқ"},
}


def check_as_plain(checked: Check, state: str | None) -> dict[str, object]:
    """The check as JSON values; keys are stable. `state` is what `add` did, None for `check`."""
    return {
        "name": checked.name,
        "state": state,
        "row_count": checked.row_count,
        "faults": [problem.as_dict() for problem in checked.problems],
        "warnings": [problem.as_dict() for problem in checked.warnings],
        "in_force_since": checked.in_force.accepted_at.isoformat() if checked.in_force else None,
        "is_same": checked.is_same,
        **{change: checked.count(change) for change in ("added", "changed", "removed")},
        "changes": [change.as_dict() for change in checked.changes],
        "coverage": [coverage.as_dict() for coverage in checked.coverage],
    }


def held_as_plain(held: Sequence[Held]) -> list[dict[str, object]]:
    """The versions in force as JSON values; keys are stable."""
    return [
        {
            "name": file.name,
            "accepted_at": file.version.accepted_at.isoformat() if file.version else None,
            "sha256": file.version.sha256 if file.version else None,
            "row_count": file.row_count,
            "versions": file.versions,
            "in_folder": file.waiting,
            "coverage": [
                {key: value for key, value in coverage.as_dict().items() if key != "days_before"}
                for coverage in file.coverage
            ],
        }
        for file in held
    ]


def print_check(checked: Check, state: str | None, path: Path, language: str, show_all: bool) -> None:
    """Faults and warnings by line, then what the file changes. `state` is what `add` did, None for `check`."""
    word = {name: texts[language] for name, texts in _WORDS.items()}
    console = Console(soft_wrap=False)
    console.print(f"[bold]{escape(str(path))}[/bold] ({checked.name})")
    for title, problems in (("faults", checked.problems), ("warnings", checked.warnings)):
        if problems:
            console.print(_problem_table(problems, word[title], word, language))
    if checked.problems:
        console.print(word["not_added"], style="red")
        return
    if checked.in_force:
        since = checked.in_force.accepted_at.astimezone(TIMEZONE)
        console.print(word["against"].format(since=f"{since:%Y-%m-%d %H:%M}"))
    else:
        console.print(word["none_in_force"])
    counts = {change: checked.count(change) for change in ("added", "changed", "removed")}
    console.print(word["counts"].format(rows=checked.row_count, **counts))
    if counts["removed"]:
        console.print(word["replaces"], style="yellow")
    if checked.changes:
        console.print(_change_table(checked, word, show_all))
    if checked.coverage:
        console.print(_coverage_table(checked.coverage, word))
    console.print(word["unchanged" if checked.is_same else state or "good"], style="green")


def print_held(held: Sequence[Held], language: str) -> None:
    """One line a file, and the days that prices and rates cover."""
    word = {name: texts[language] for name, texts in _WORDS.items()}
    console = Console(soft_wrap=False)
    table = _table(word["held"])
    table.add_column(word["file"], no_wrap=True)
    table.add_column(word["since"], min_width=10)
    for name in ("rows", "versions"):
        table.add_column(word[name], justify="right", no_wrap=True)
    table.add_column(word["coverage"], min_width=11)
    table.add_column(word["waiting"], overflow="fold")
    for file in held:
        since = f"{file.version.accepted_at.astimezone(TIMEZONE):%Y-%m-%d %H:%M}" if file.version else ""
        table.add_row(
            file.name, since, f"{file.row_count:,}", str(file.versions), _span(file.coverage), word[file.waiting]
        )
    console.print(table)


def _span(coverage: Sequence[Coverage]) -> str:
    if not coverage:
        return ""
    return f"{min(of.first_day for of in coverage)} … {max(of.last_day for of in coverage)}"


def _problem_table(problems: Sequence[Problem], title: str, word: Mapping[str, str], language: str) -> Table:
    table = _table(title)
    table.add_column(word["line"], justify="right")
    table.add_column(word["what"], overflow="fold")
    for problem in problems:
        table.add_row(str(problem.line), escape(problem.text(_FAULT_TEXTS[language])))
    return table


def _change_table(checked: Check, word: Mapping[str, str], show_all: bool) -> Table:
    table = _table("")
    table.add_column(word["change"], no_wrap=True)
    table.add_column(word["line"], justify="right")
    table.add_column(word["row"], overflow="fold")
    table.add_column(word["values"], overflow="fold")
    for kind in ("changed", "removed", "added"):
        rows = [change for change in checked.changes if change.change == kind]
        shown = rows if show_all else rows[:SHOWN]
        for change in shown:
            line = "" if change.line is None else str(change.line)
            table.add_row(word[kind], line, escape(" ".join(change.key)), escape(_values(change)))
        if len(rows) > len(shown):
            table.add_row(word[kind], "…", word["more"].format(n=len(rows) - len(shown)), "")
    return table


def _values(change: RowChange) -> str:
    """What differs, else the values that are not part of the key."""
    before, after = change.before or {}, change.after or {}
    if change.columns:
        return "; ".join(f"{name} {_shown(before[name])} → {_shown(after[name])}" for name in change.columns)
    row = after or before
    return ", ".join(str(value) for value in row.values() if value is not None and str(value) not in change.key)


def _shown(value: object) -> str:
    return "—" if value is None else str(value)


def _coverage_table(coverage: Sequence[Coverage], word: Mapping[str, str]) -> Table:
    table = _table(word["coverage"])
    table.add_column(word["of"], overflow="fold")
    table.add_column(word["first"], no_wrap=True)
    table.add_column(word["last"], no_wrap=True)
    table.add_column(word["days"], justify="right")
    table.add_column(word["before"], justify="right")
    for of in coverage:
        table.add_row(
            escape(of.of), of.first_day.isoformat(), of.last_day.isoformat(), f"{of.days:,}", f"{of.days_before:,}"
        )
    return table


def _table(title: str) -> Table:
    return Table(title=title or None, title_justify="left", title_style="bold")
