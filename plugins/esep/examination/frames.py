"""The small frames: files, package, application, form. One row per file, package, application that counts, sheet.

frame_columns.py says what each column holds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from esep.examination import doubtful, identify, signatures
from esep.examination.file_use import Lacks, fault_columns
from esep.examination.frame_columns import APPLICATION, FILES, FORM, PACKAGE
from esep.examination.identify import Parties, names_a_month, year_in
from esep.examination.model import Identity
from esep.examination.register import Pool, entries_of
from esep.examination.signatures import Reports
from esep.examination.typed import id_kind
from esep.forms.document import ApplicationRead, FileRead, FileRole, FileState, FormRead, PackageRead, Text
from esep.forms.values import dates
from esep.forms.values.text import clean, same_name
from esep.signature import SignatureState

_FORM_ROLES = frozenset({FileRole.FORM, FileRole.FORM_AND_APPLICATION})
_COUNT = re.compile(r"[-\u2212]?[0-9]+(?:[.,][0-9]+)?")
_LARGEST_COUNT = 100_000
_NUMBER_BESIDE_NAME = re.compile(r"[\s,;(]*(?:БСН|БИН|BIN)?[\s:№]*[0-9]{12}[\s)]*", re.IGNORECASE)


def files_frame(package: PackageRead, reports: Reports, identity: Identity) -> pa.Table:
    rows = []
    lacks = Lacks(not _has_form(package), not package.applications, not signatures.any_present(reports))
    for file in package.files:
        report = reports.get(file.path)
        of_signature = signatures.columns(report, identity.pool_id) if report else {}
        rows.append(_file_row(file, lacks, reports) | of_signature)
    return _frame(FILES, rows)


def package_frame(package: PackageRead, parties: Parties, reports: Reports, identity: Identity) -> pa.Table:
    differences = _differences(package.applications)
    row = {
        "form": _presence(_has_form(package)),
        "application": _presence(bool(package.applications)),
        "signature": _presence(signatures.any_present(reports)),
        **_signed(package, reports),
        **_sheets(package, parties),
        "filing_month": _filing_month(parties, identity),
        "applications_agree": "differ" if differences else "agree",
        "applications_differ_in": "; ".join(differences) or None,
    }
    return _frame(PACKAGE, [row])


def _signed(package: PackageRead, reports: Reports) -> dict[str, str | None]:
    """Whether the signatures are over a document of the filing: the order has the head sign Annex 1."""
    covered = sorted({report.file for report in reports.values() if report.file})
    if not covered:
        return {}
    annexes = [file.path for file in package.files if file.forms or file.applications or file.copied_rows]
    holds = any(path == file or path.startswith(f"{file}/") for path in annexes for file in covered)
    return {"signature_over": "annex" if holds else "other", "signed_files": ", ".join(map(identify.storable, covered))}


def _sheets(package: PackageRead, parties: Parties) -> dict[str, str | None]:
    """Sheets of paper cannot be counted in a workbook, but a worksheet takes one of them at least.

    So does a document, whose tables may share a page.
    """
    places = {(form.file, None if form.in_document else form.sheet) for form in package.forms}
    stated, received = sheets_stated(parties.application), len(places)
    if stated is None or not received:
        return {}
    word = "enough" if stated >= received else "too_few"
    return {"sheets": word, "sheets_stated": str(stated), "sheets_received": str(received)}


def application_frame(parties: Parties, identity: Identity) -> pa.Table:
    """Empty where there is no application: the package's rule tells that."""
    application = parties.application
    return _frame(APPLICATION, [_application_row(application, parties.pools, identity)] if application else [])


def form_frame(parties: Parties, identity: Identity) -> pa.Table:
    return _frame(FORM, [_form_row(form, parties, identity) for form in parties.forms])


def sheets_stated(application: ApplicationRead | None) -> int | None:
    """The number of sheets of paper that Annex 1 states; None unless it is one positive whole number."""
    numbers = _COUNT.findall(identify.field(application, "sheet_count") or "")
    if len(numbers) == 1 and numbers[0].isdigit() and 0 < int(numbers[0]) <= _LARGEST_COUNT:
        return int(numbers[0])
    return None


def _frame(columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    kinds = {name: pa.int32() if name.endswith("_row") else pa.string() for name in columns}
    return pa.table({name: pa.array([row.get(name) for row in rows], kind) for name, kind in kinds.items()})


def _presence(there: bool) -> str:
    return "present" if there else "absent"


def _agreement(agrees: bool) -> str:
    return "agrees" if agrees else "differs"


def _file_row(file: FileRead, lacks: Lacks, reports: Reports) -> dict[str, Any]:
    report = reports.get(file.path)
    blank = report is not None and report.state is SignatureState.ABSENT  # nothing but white space
    state = FileState.EMPTY if blank else file.state
    form_sheets = {form.sheet for form in file.forms}
    return {
        "file": file.path,
        "state": file.state.value,
        "role": file.role.value,
        "detail": identify.stored(report.detail if report and blank else file.detail),
        "detail_code": file.detail_code or None,
        **fault_columns(file, state, lacks),
        "hidden_sheets": ", ".join(name for name in file.hidden_sheets if name not in form_sheets) or None,
        "repeated_sheets": ", ".join(file.repeated_sheets) or None,
        "copied_rows": "; ".join(map(identify.storable, file.copied_rows)) or None,
        "shared_rows": ", ".join(str(rows) for _, rows in file.shared_rows) or None,
        "shared_with": ", ".join(identify.storable(other) for other, _ in file.shared_rows) or None,
        "column_numbers": "missing" if file.lacks_number_row else "found",
    }


def _has_form(package: PackageRead) -> bool:
    """A 1-ЦМ without its number row counts as there: its own rule says what it lacks."""
    return any(file.role in _FORM_ROLES for file in package.files)


def _filing_month(parties: Parties, identity: Identity) -> str | None:
    """Told only where month and year are filled in: blanks have rules of their own."""
    phrase = identify.field(parties.application, "period")
    filled = year_in(phrase) is not None and names_a_month(phrase)
    return ("known" if identity.period else "unknown") if filled and parties.forms else None


def _differences(applications: Sequence[ApplicationRead]) -> list[str]:
    """What copies of Annex 1 state differently: each as `one / other`."""
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
    for name in ("authority", "pool_name", "pool_id", "period", "sheet_count", "head_name", "completed_on"):
        row[name] = identify.field(application, name)
        row[f"{name}_row"] = _row_of(application.fields, name)
    month = identify.month_of(row["period"])
    # What stands there but is no month is told by a rule of its own; only a blank leaves `month` null.
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


def _form_row(form: FormRead, parties: Parties, identity: Identity) -> dict[str, Any]:
    row: dict[str, Any] = {"file": form.file, "sheet": form.sheet}
    for name in ("pool_name", "address", "phone", "email", "executor", "head"):
        row[name] = identify.footer(form, name) or _of_another_part(parties.forms, identify.footer, name)
        row[f"{name}_row"] = _row_of(form.footer, name)
    row["period"] = _period_written(form) or _of_another_part(
        parties.forms, lambda other, _: _period_written(other), "period"
    )
    row["period_row"] = _row_of(form.header, "period")
    row["data_rows"] = _presence(any(doubtful.has_data(other) for other in parties.forms))
    row["visibility"] = "hidden" if form.hidden else "visible"
    _add_period(row, parties)
    _add_names(row, parties, identity)
    return row


def _of_another_part(forms: Sequence[FormRead], read: Any, name: str) -> str | None:
    """The parts of a filing share heading and footer: a further sheet need not repeat them."""
    return next((text for form in forms if (text := read(form, name))), None)


def _period_written(form: FormRead) -> str | None:
    """The heading's period; None where only the year and the printed words stand there."""
    text = identify.header(form, "period")
    return text if identify.read_period(text) or names_a_month(text) else None


def _add_period(row: dict[str, Any], parties: Parties) -> None:
    if not row["period"]:
        return
    period = identify.read_period(row["period"])
    row["period_state"] = "unreadable" if period is None else ("month" if period.month else "quarter")
    month = identify.month_of(identify.field(parties.application, "period"))
    row["application_period"] = f"{month:%Y-%m}" if month else None
    if period and month:
        row["period_agreement"] = _agreement(period.contains(month))


def _add_names(row: dict[str, Any], parties: Parties, identity: Identity) -> None:
    text = row["pool_name"]
    if not text:
        return
    name = clean(_NUMBER_BESIDE_NAME.sub(" ", text))
    number = identify.twelve_digits(text)
    of_application = identify.field(parties.application, "pool_name")
    if of_application and name:
        row["application_pool_name"] = of_application
        row["pool_name_agreement"] = _agreement(same_name(name, of_application))
    application_id = identify.read_pool_id(identify.field(parties.application, "pool_id"))[0]
    if number and application_id:
        row["pool_id"], row["application_pool_id"] = number, application_id
        row["pool_id_agreement"] = _agreement(number == application_id)
    row.update(_register_name(entries_of(parties.pools, identity.pool_id), name))


def _row_of(texts: Mapping[str, Text], name: str) -> int | None:
    found = texts.get(name)
    return found.row if found else None
