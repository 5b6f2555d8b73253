"""The reference desk: what is in force, what a file would change, and its acceptance by an operator.

A file is shown first: rows and figures that it would change. What is accepted is what was shown: the second form names
the file by its hash and the version in force that it was held against, both signed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from esep import clock
from esep.answers.status import refused_files
from esep.warehouse import reference as desk
from esep.warehouse import reference_handed, reference_preview, reference_tray, work
from esep.warehouse.errors import WarehouseError
from esep.warehouse.reference_errors import HandedError
from esep.warehouse.reference_handed import Handed
from esep.warehouse.reference_mapping import ColumnMapping
from esep.warehouse.reference_proposal import Mode
from esep.warehouse.reference_spec import NAMES, QUESTIONS, SPECS, Fault, hints
from esep.warehouse.reference_versions import in_force
from esep.web import access, runs, uploads
from esep.web.form_files import Upload
from esep.web.queries import day_of
from esep.web.rendering import Asked, AskedDep, DecidedDep
from esep.web.routes.decide import Sent

router = APIRouter()

_FORM = "reference"
"""The form of a preview."""

LARGEST = 32 * 1024**2
"""Bytes of a form with its files."""
MOST_FILES = 400
_NAMED = ("adds", "replaces", "columns", "wide", "date_format")
"""Fields and marks that a text may name."""
SHOWN = 200
"""Rows that change which a page lists."""
_FIELDS = ("name", "adds", "replaces", "day", "columns", "currency", "wide", "date_format", "note")


@router.get("/reference")
def held(asked: AskedDep, accepted: str = "") -> Response:
    """What is in force of each file, and the form to hand one in."""
    return _page(asked, accepted=accepted if accepted in NAMES else "")


async def _upload(asked: DecidedDep, request: Request) -> AsyncIterator[Upload]:
    """The form; 403 for one that was not shown to this operator."""
    async with uploads.received(asked, request, "files", _FIELDS, largest=LARGEST, most=MOST_FILES) as sent:
        yield sent


@router.post("/reference/preview")
def preview(asked: DecidedDep, sent: Annotated[Upload, Depends(_upload)]) -> Response:
    """What the files would change, before anybody accepts them."""
    if sent.fault:
        return _page(asked, status=sent.fault.status, fault=sent.fault.words(asked.language, LARGEST, MOST_FILES))
    if not sent.files:
        return _page(asked, status=422, fault=asked.text("common.upload_no_file"), fields=sent.fields)
    return _shown(asked, [(one.name, one.content.read()) for one in sent.files], sent.fields)


@router.post("/reference/accept")
def accept(asked: DecidedDep, proposal: Sent = "") -> Response:
    """Accept what was shown; shown again where something else is in force by now."""
    shown = access.opened(asked.reader.name, _FORM, proposal)
    files = reference_tray.take(asked.settings, shown["files"])
    if files is None:
        return _page(asked, status=410, fault=asked.text("reference.page_gone"), fields=shown["fields"])
    try:
        handed = _handed(asked, files, shown["fields"])
        with work.locked(asked.settings):
            is_as_shown = _in_force(asked, handed.name) == shown["against"]
            report = desk.add_handed(asked.settings, handed, clock.now())[1] if is_as_shown else None
    except WarehouseError as error:
        return _page(asked, status=422, fault=_words(asked, error), fields=shown["fields"])
    if report is None:
        return _shown(asked, files, shown["fields"], fault=asked.text("reference.page_changed"))
    runs.announce_reference()
    return RedirectResponse(f"{asked.root}/reference?accepted={handed.name}", 303)


def _shown(
    asked: Asked, files: list[tuple[str, bytes]], fields: Mapping[str, str], *, fault: str | None = None
) -> Response:
    """The page of a preview with the form to accept it, where it has neither fault nor open question."""
    now = clock.now()
    try:
        handed = _handed(asked, files, fields)
        checked = desk.check_handed(asked.settings, handed, now)
        figures = reference_preview.preview(asked.settings, checked, now)
    except WarehouseError as error:
        return _page(asked, status=422, fault=_words(asked, error), fields=fields)
    proposal = ""
    if not checked.problems and not checked.is_same and not checked.adds_nothing:
        kept = reference_tray.keep(asked.settings, files)
        against = _in_force(asked, handed.name)
        proposal = access.signed(asked.reader.name, _FORM, {"files": kept, "fields": dict(fields), "against": against})
    faults = [problem.fault for problem in checked.problems]
    return asked.page(
        "reference_preview.html",
        status=422 if checked.problems else 409 if fault else 200,
        fault=fault,
        files=[name for name, _ in files],
        checked=checked,
        figures=figures,
        changes=checked.changes[:SHOWN],
        todo=_todo(asked, faults, checked.mode),
        columns_open=_asked_for(handed.name) if Fault.NO_MAPPING in faults else "",
        proposal=proposal,
        fields={**fields, "name": handed.name},
        names=NAMES,
        limit=LARGEST // 1024**2,
    )


def _todo(asked: Asked, faults: Sequence[Fault], mode: Mode) -> list[str]:
    """What to do about a refused file, by the fields and marks of the form, not by options of a command."""
    if not faults:
        return []
    field = {name: asked.text(f"reference.page_{name}") for name in _NAMED}
    if set(faults) - QUESTIONS:
        said, is_corrected = hints(faults)
        lines = [asked.text(f"reference.page_todo_{hint}", **field) for hint in said]
        return [*lines, asked.text("reference.page_todo_correct")] if is_corrected else lines
    return [asked.text("reference.page_todo_meant" if mode.adds else "reference.page_todo_question", **field)]


def _asked_for(name: str) -> str:
    """A line for each column that a list must have, for its heading to be written behind."""
    return "".join(f"{column}=\n" for column in SPECS[name].required if column != "currency")


def _words(asked: Asked, error: WarehouseError) -> str:
    return error.words(asked.language) if isinstance(error, HandedError) else str(error)


def _handed(asked: Asked, files: list[tuple[str, bytes]], fields: Mapping[str, str]) -> Handed:
    return reference_handed.read(
        asked.settings,
        files,
        name=fields["name"] or None,
        mode=Mode.of(bool(fields["adds"]), bool(fields["replaces"])),
        author=asked.reader.name,
        asked=day_of(fields["day"]),
        mapping=_mapping(fields),
        note=fields["note"].strip(),
    )


def _mapping(fields: Mapping[str, str]) -> ColumnMapping | None:
    """The mapping of the form, a line a column; None where the lines are empty."""
    lines = [line.partition("=") for line in fields["columns"].splitlines() if line.strip()]
    if not lines:
        return None
    headings = {column.strip(): heading.strip() for column, _, heading in lines if heading.strip()}
    fixed = {"currency": fields["currency"].strip()} if fields["currency"].strip() else {}
    written = fields["date_format"].strip() or "YYYY-MM-DD"
    return ColumnMapping(
        headings, fixed, is_wide=bool(fields["wide"]), date_format=written, note=fields["note"].strip()
    )


def _in_force(asked: Asked, name: str) -> str:
    version = in_force(asked.settings, name)
    return f"{version.accepted_at.isoformat()} {version.sha256}" if version else ""


def _page(
    asked: Asked,
    *,
    status: int = 200,
    fault: str | None = None,
    fields: Mapping[str, str] | None = None,
    accepted: str = "",
) -> Response:
    values: dict[str, Any] = {
        "held": desk.held(asked.settings),
        "refused": refused_files(asked.settings),
        "columns_open": "",
        "names": NAMES,
        "limit": LARGEST // 1024**2,
    }
    return asked.page("reference.html", status=status, fault=fault, fields=fields or {}, accepted=accepted, **values)
