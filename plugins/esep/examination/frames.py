"""The small frames: package, application, form. One row per package, application that counts, sheet.

frame_columns.py says what each column holds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from esep.examination import identify
from esep.examination.across_rows import has_data
from esep.examination.file_frame import any_present, frame_of, has_form, signed
from esep.examination.frame_columns import FIELDS
from esep.examination.identify import Sources, names_a_month, year_in
from esep.examination.model import Identity
from esep.examination.register import Pool, entries_of
from esep.examination.typed import id_kind
from esep.forms.document import ApplicationRead, FormRead, Text
from esep.forms.values import dates
from esep.forms.values.text import clean, same_name

_COUNT = re.compile(r"[-\u2212]?[0-9]+(?:[.,][0-9]+)?")
_LARGEST_COUNT = 100_000
_NUMBER_BESIDE_NAME = re.compile(r"[\s,;(]*(?:БСН|БИН|BIN)?[\s:№]*[0-9]{12}[\s)]*", re.IGNORECASE)


def package_frame(sources: Sources, identity: Identity) -> pa.Table:
    package, reports = sources.package, sources.reports
    differences = _differences(package.applications)
    row = {
        "form": _presence(has_form(package)),
        "application": _presence(bool(package.applications)),
        "signature": _presence(any_present(reports)),
        **signed(package, reports),
        **_sheets(sources),
        "filing_month": _filing_month(sources, identity),
        "applications_agree": "differ" if differences else "agree",
        "applications_differ_in": "; ".join(differences) or None,
    }
    return frame_of("package", [row])


def _sheets(sources: Sources) -> dict[str, str | None]:
    """Sheets of paper cannot be counted in a workbook, but a worksheet takes one of them at least.

    So does a document, whose tables may share a page.
    """
    places = {(form.file, None if form.in_document else form.sheet) for form in sources.forms}
    stated, received = sheets_stated(sources.application), len(places)
    if stated is None or not received:
        return {}
    word = "enough" if stated >= received else "too_few"
    return {"sheets": word, "sheets_stated": str(stated), "sheets_received": str(received)}


def application_frame(sources: Sources, identity: Identity) -> pa.Table:
    """Empty where there is no application: a rule of the package reports that."""
    application = sources.application
    return frame_of("application", [_application_row(application, sources.pools, identity)] if application else [])


def form_frame(sources: Sources, identity: Identity) -> pa.Table:
    return frame_of("form", [_form_row(form, sources, identity) for form in sources.forms])


def sheets_stated(application: ApplicationRead | None) -> int | None:
    """The number of sheets of paper that Annex 1 states; None unless it is one positive whole number."""
    numbers = _COUNT.findall(identify.field(application, "sheet_count") or "")
    if len(numbers) == 1 and numbers[0].isdigit() and 0 < int(numbers[0]) <= _LARGEST_COUNT:
        return int(numbers[0])
    return None


def _presence(there: bool) -> str:
    return "present" if there else "absent"


def _agreement(agrees: bool) -> str:
    return "agrees" if agrees else "differs"


def _filing_month(sources: Sources, identity: Identity) -> str | None:
    """Reported only where month and year are filled in: blanks have rules of their own."""
    phrase = identify.field(sources.application, "period")
    filled = year_in(phrase) is not None and names_a_month(phrase)
    return ("known" if identity.period else "unknown") if filled and sources.forms else None


def _differences(applications: Sequence[ApplicationRead]) -> list[str]:
    """Differences between copies of Annex 1, each as `one / other`."""
    readings: tuple[list[str | None], ...] = (
        [identify.read_pool_id(identify.field(one, "pool_id"))[0] for one in applications],
        [_month_text(identify.field(one, "period")) for one in applications],
        [str(stated) if (stated := sheets_stated(one)) else None for one in applications],
    )
    distinct = [list(dict.fromkeys(value for value in values if value)) for values in readings]
    return [" / ".join(values) for values in distinct if len(values) > 1]


def _month_text(phrase: str | None) -> str | None:
    month = identify.month_of(phrase)
    return f"{month:%Y-%m}" if month else None


def _application_row(application: ApplicationRead, pools: Sequence[Pool], identity: Identity) -> dict[str, Any]:
    row: dict[str, Any] = {"file": application.file, "sheet": application.sheet}
    for name in FIELDS["application"]:
        row[name] = identify.field(application, name)
        row[f"{name}_row"] = _row_of(application.fields, name)
    month = identify.month_of(row["period"])
    # A text that is no month is reported by a rule of its own; only a blank leaves `month` null.
    row["year"] = f"{month:%Y}" if month else year_in(row["period"])
    row["month"] = f"{month:%m}" if month else (row["period"] if names_a_month(row["period"]) else None)
    if row["month"] and row["year"]:
        row["month_state"] = "ok" if month else "unreadable"
    number, row["pool_id_state"], row["pool_id_padded"] = identify.read_pool_id(row["pool_id"])
    row["pool_id_kind"] = id_kind(number) if number else None
    if row["sheet_count"]:
        row["sheet_count_state"] = "ok" if sheets_stated(application) else "unreadable"
    if row["completed_on"]:
        row["completed_on_state"] = dates.parse(row["completed_on"]).state.value
    row["truth"] = "declared" if application.declares_truth else "missing"
    row["consent"] = "declared" if application.declares_consent else "missing"
    if pools and number:
        row["register_state"] = _register_state(entries_of(pools, number), identity)
        row.update(_register_name(entries_of(pools, number), row["pool_name"]))
    return row


def _register_state(entries: Sequence[Pool], identity: Identity) -> str:
    if not entries:
        return "unknown"
    if identity.period and not any(pool.accredited_in(identity.period) for pool in entries):
        return "not_accredited_then"
    return "accredited"


def _register_name(entries: Sequence[Pool], name: str | None) -> dict[str, str | None]:
    names = [pool.pool_name for pool in entries if pool.pool_name]
    if not names or not name:
        return {"register_name": None, "register_name_state": None}
    return {"register_name": names[-1], "register_name_state": _agreement(any(same_name(name, one) for one in names))}


def _form_row(form: FormRead, sources: Sources, identity: Identity) -> dict[str, Any]:
    row: dict[str, Any] = {"file": form.file, "sheet": form.sheet}
    for name in FIELDS["form"]:
        # The parts of a filing share heading and footer: a further sheet need not repeat them.
        row[name] = next((text for part in (form, *sources.forms) if (text := _written(part, name))), None)
        row[f"{name}_row"] = _row_of(form.header if name == "period" else form.footer, name)
    row["data_rows"] = _presence(any(has_data(other) for other in sources.forms))
    row["visibility"] = "hidden" if form.hidden else "visible"
    _add_period(row, sources)
    _add_names(row, sources, identity)
    return row


def _written(form: FormRead, name: str) -> str | None:
    """A text of footer or heading; None for a period where there are only the year and the printed words."""
    if name != "period":
        return identify.footer(form, name)
    text = identify.header(form, "period")
    return text if identify.read_period(text) or names_a_month(text) else None


def _add_period(row: dict[str, Any], sources: Sources) -> None:
    if not row["period"]:
        return
    period = identify.read_period(row["period"])
    row["period_state"] = "unreadable" if period is None else ("month" if period.month else "quarter")
    month = identify.month_of(identify.field(sources.application, "period"))
    row["application_period"] = f"{month:%Y-%m}" if month else None
    if period and month:
        row["period_agreement"] = _agreement(period.contains(month))


def _add_names(row: dict[str, Any], sources: Sources, identity: Identity) -> None:
    text = row["pool_name"]
    if not text:
        return
    name = clean(_NUMBER_BESIDE_NAME.sub(" ", text))
    number = identify.twelve_digits(text)
    of_application = identify.field(sources.application, "pool_name")
    if of_application and name:
        row["application_pool_name"] = of_application
        row["pool_name_agreement"] = _agreement(same_name(name, of_application))
    application_id = identify.read_pool_id(identify.field(sources.application, "pool_id"))[0]
    if number and application_id:
        row["pool_id"], row["application_pool_id"] = number, application_id
        row["pool_id_agreement"] = _agreement(number == application_id)
    row.update(_register_name(entries_of(sources.pools, identity.pool_id), name))


def _row_of(texts: Mapping[str, Text], name: str) -> int | None:
    found = texts.get(name)
    return found.row if found else None
