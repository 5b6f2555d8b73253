"""Taking the snapshot `tables/holiday.csv` of the package `holidays`; run after upgrading the package.

    PYTHONPATH=plugins .venv/bin/python -m esep.law.holiday_snapshot            prints how the snapshot differs
    PYTHONPATH=plugins .venv/bin/python -m esep.law.holiday_snapshot --write    takes it anew; look, then commit it

A row that says the same as before keeps its source, so that the difference of the file shows what moved. The
overrides of calendar_override.csv stay above the snapshot: end those that the package has learnt.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from datetime import date, timedelta
from typing import Any

from esep import clock, files
from esep.law import tables
from esep.law.calendar import FIRST_YEAR, LAST_YEAR

NAME = "holiday"
YEARS = range(FIRST_YEAR - 1, LAST_YEAR + 2)
"""One year more on each side: time limits reach over the ends."""

_SATURDAY = 5
_NAMES = {
    "New Year's Day": ("Новый год", "Жаңа жыл"),
    "Orthodox Christmas": ("Православное Рождество", "Православиелік Рождество"),
    "International Women's Day": ("Международный женский день", "Халықаралық әйелдер күні"),
    "Nowruz Holiday": ("Наурыз мейрамы", "Наурыз мейрамы"),
    "Kazakhstan's People Solidarity Holiday": (
        "Праздник единства народа Казахстана",
        "Қазақстан халқының бірлігі мерекесі",
    ),
    "Defender of the Fatherland Day": ("День защитника Отечества", "Отан қорғаушы күні"),
    "Victory Day": ("День Победы", "Жеңіс күні"),
    "Capital Day": ("День столицы", "Астана күні"),
    "Eid al-Adha": ("Курбан-айт", "Құрбан айт"),
    "Constitution Day": ("День Конституции", "Конституция күні"),
    "Republic Day": ("День Республики", "Республика күні"),
    "First President Day": ("День Первого Президента", "Тұңғыш Президент күні"),
    "Independence Day": ("День Независимости", "Тәуелсіздік күні"),
}
_REMARKS = {
    "": ("", ""),
    " (observed)": (" (перенесённый выходной)", " (ауыстырылған демалыс)"),
    " (estimated)": (" (расчётная дата)", " (болжамды күн)"),
}
_SENTENCES = {
    "moved": (
        "Day off moved from {day}",
        "Выходной, перенесённый с {day:%d.%m.%Y}",
        "{day:%d.%m.%Y} күнінен ауыстырылған демалыс",
    ),
    "worked": ("Worked weekend", "Рабочий выходной", "Жұмыс істейтін демалыс күні"),
    "worked_for": (
        "Worked for the day off on {day}",
        "Рабочий день за выходной {day:%d.%m.%Y}",
        "{day:%d.%m.%Y} демалысы үшін жұмыс күні",
    ),
}
"""Of a moved day off; of a worked weekend, and where the package names the day off given for it."""
_NAMED = re.compile(r"(.+?)( \(observed\)| \(estimated\)|)")
_MOVED = re.compile(r"Day off \(substituted from (\d\d)/(\d\d)/(\d{4})\)")

Row = dict[str, Any]


class SnapshotError(ValueError):
    """The package says something that has no words here yet; the text names what to add."""


def taken(years: range = YEARS) -> list[Row]:
    """Holidays, moved days off and worked weekends as the installed package has them, without source."""
    import holidays  # loads slowly

    public = holidays.country_holidays("KZ", years=years, language="en_US")
    worked_for = {_moved_from(name): day for day, name in public.items()}
    rows = []
    for number in range((date(years[-1], 12, 31) - date(years[0], 1, 1)).days + 1):
        day = date(years[0], 1, 1) + timedelta(days=number)
        if day in public:
            rows.append(_row(day, public.is_working_day(day), _words(public[day])))
        elif day.weekday() >= _SATURDAY and public.is_working_day(day):
            off = worked_for.get(day)
            rows.append(_row(day, True, _sentence("worked_for" if off else "worked", off)))
    return rows


def differences(held: list[Row], package: list[Row]) -> list[str]:
    """Days of the snapshot's years that are worked in one and not in the other; one line each."""
    ours, theirs = ({row["date"]: row["working"] for row in rows} for rows in (held, package))
    lines = []
    for day in sorted(ours.keys() | theirs.keys()):
        usual = day.weekday() < _SATURDAY
        was, now = ("worked" if days.get(day, usual) else "day off" for days in (ours, theirs))
        if was != now:
            lines.append(f"{day}: {was} in the snapshot, {now} now")
    return lines


def text(rows: list[Row], held: list[Row], source: str) -> str:
    """The table as CSV: `rows`, each with the source of the equal row held, or with `source`."""
    columns = list(tables.SPECS[NAME].columns)
    sources = {_key(row): row["source"] for row in held}
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        plain = row | {"date": row["date"].isoformat(), "working": "true" if row["working"] else "false"}
        writer.writerow(plain | {"source": sources.get(_key(row), source)})
    return file.getvalue()


def main(arguments: list[str]) -> int:
    """Exit code 0 if the snapshot and the package agree or it was written, else 1."""
    import holidays

    path = tables.FOLDER / f"{NAME}.csv"
    held = tables.read(NAME) if path.exists() else []
    package = taken()
    lines = differences(held, package)
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    if "--write" in arguments:
        today = clock.local_date(clock.now())
        with files.replacing(path) as temporary:
            temporary.write_text(text(package, held, f"holidays {holidays.__version__} ({today})"), encoding="utf-8")
        return 0
    return 1 if lines else 0


def _row(day: date, working: bool, words: tuple[str, str, str]) -> Row:
    reason, reason_ru, reason_kk = words
    return {"date": day, "working": working, "reason": reason, "reason_ru": reason_ru, "reason_kk": reason_kk}


def _key(row: Row) -> tuple[object, ...]:
    return tuple(row[column] for column in tables.SPECS[NAME].columns if column != "source")


def _words(name: str) -> tuple[str, str, str]:
    """The package's text of a day in English, Russian and Kazakh."""
    moved_from = _moved_from(name)
    if moved_from:
        return _sentence("moved", moved_from)
    words = [_holiday_words(part) for part in name.split("; ")]
    return "; ".join(en for en, _, _ in words), "; ".join(ru for _, ru, _ in words), "; ".join(kk for _, _, kk in words)


def _holiday_words(text: str) -> tuple[str, str, str]:
    match = _NAMED.fullmatch(text)
    if not match or match[1] not in _NAMES:
        raise SnapshotError(f"{text!r}: a holiday without Russian and Kazakh words; add them to {__name__}._NAMES")
    (name_ru, name_kk), (remark_ru, remark_kk) = _NAMES[match[1]], _REMARKS[match[2]]
    return text, name_ru + remark_ru, name_kk + remark_kk


def _sentence(key: str, day: date | None) -> tuple[str, str, str]:
    en, ru, kk = (text.format(day=day) for text in _SENTENCES[key])
    return en, ru, kk


def _moved_from(name: str) -> date | None:
    match = _MOVED.fullmatch(name)
    return date(int(match[3]), int(match[1]), int(match[2])) if match else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
