"""Acceptance of an application and data (para 7): a package is shown as it would be examined, then put into the inbox.

What is put in is what was shown: the second form names the package by its hash and its stamp, signed. Registration is
the intake's, as of everything in the inbox.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import RedirectResponse

from esep import clock
from esep.answers import UnknownError
from esep.documents.model import Block
from esep.documents.paper import resolved_blocks
from esep.examination.check_report import message_report, report
from esep.office import hand_in
from esep.office.package import Package, arrival_of
from esep.office.stamp import EARLIEST, STAMP, stamp_of, written_stamp
from esep.web import access, uploads
from esep.web.form_files import Upload
from esep.web.rendering import Asked, DecidedDep
from esep.web.routes.decide import Sent

router = APIRouter()

_FORM = "hand_in"
"""The form of a preview."""

LARGEST = 128 * 1024**2
"""Bytes of a form with its files."""
MOST_FILES = 200
_FIELDS = ("incoming_no", "received_at", "change_date", "history")
HandInPath = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


@router.get("/hand-in")
def form(asked: DecidedDep) -> Response:
    """The form for a package and its stamp."""
    return _page(asked)


async def _upload(asked: DecidedDep, request: Request) -> AsyncIterator[Upload]:
    """The form; 403 for one that was not shown to this operator."""
    async with uploads.received(asked, request, "files", _FIELDS, largest=LARGEST, most=MOST_FILES) as sent:
        yield sent


@router.post("/hand-in/preview")
def preview(asked: DecidedDep, sent: Annotated[Upload, Depends(_upload)]) -> Response:
    """What the examination would say of the package, before it is put into the inbox."""
    now = clock.now()
    if sent.fault:
        return _page(asked, status=sent.fault.status, fault=sent.fault.words(asked.language, LARGEST, MOST_FILES))
    if not sent.files:
        return _page(asked, status=422, fault=asked.text("common.upload_no_file"), fields=sent.fields)
    stamp = _stamp(asked, sent.fields, now)
    if faults := stamp_of(stamp, now).faults:
        words = " ".join(asked.text(f"hand_in.fault_{fault}", year=EARLIEST.year) for fault in faults)
        return _page(asked, status=422, fault=words, fields=sent.fields)
    names = hand_in.kept_names(one.name for one in sent.files)
    contents = [one.content for one in sent.files]
    key = hand_in.lay_out(asked.settings, list(zip(names, contents, strict=True)), [(STAMP, stamp)], now)
    renamed = [(one.name, name) for one, name in zip(sent.files, names, strict=True) if one.name != name]
    return _shown(asked, key, now, renamed)


@router.post("/hand-in/accept")
def accept(asked: DecidedDep, package: Sent = "") -> Response:
    """Put what was shown into the inbox, once."""
    shown = access.opened(asked.reader.name, _FORM, package)
    now, key = clock.now(), str(shown.get("key"))
    if hand_in.found(asked.settings, key) is None:
        laid_out = hand_in.laid_out(asked.settings, key, now)
        if laid_out is None or _digests(laid_out) != shown["digests"]:
            return _page(asked, status=410, fault=asked.text("hand_in.gone"))
    hand_in.put_in(asked.settings, key, shown["digests"][0], asked.reader.name, now)
    return RedirectResponse(f"{asked.root}/hand-in/{key}", 303)


@router.get("/hand-in/{key}")
def put_in(asked: DecidedDep, key: HandInPath) -> Response:
    """Where the package is, and its registration number as soon as it has one."""
    one = hand_in.found(asked.settings, key)
    if one is None:
        raise UnknownError("hand_in", key)
    return asked.page("hand_in_accepted.html", key=key, one=one, inbox=asked.settings.inbox)


def _stamp(asked: Asked, fields: Mapping[str, str], now: datetime) -> bytes:
    """The stamp as the office writes it; without a moment of arrival it is now, but for what is history."""
    default = "" if fields["history"] else now.isoformat(timespec="seconds")
    return written_stamp(
        {
            "incoming_no": fields["incoming_no"].strip(),
            "received_at": fields["received_at"].strip() or default,
            "change_date": fields["change_date"].strip(),
            "history": bool(fields["history"]),
            "handed_in_by": asked.reader.name,
        }
    )


def _shown(asked: Asked, key: str, now: datetime, renamed: list[tuple[str, str]]) -> Response:
    """The page of a preview with the form to put it in."""
    from esep.examination import arrival_preview  # heavy, and each process of Airflow imports the pages

    package = hand_in.laid_out(asked.settings, key, now)
    if package is None:
        return _page(asked, status=410, fault=asked.text("hand_in.gone"))
    found = arrival_preview.preview(package, asked.settings, now)
    blocks: Iterable[Block] = ()
    if found.checked and found.checked.messages:
        blocks = message_report(found.checked.messages, asked.language, now)
    elif found.checked:
        blocks = report(found.checked.examination, asked.language, show_all=False, more="hand_in.more")
    stamp = package.stamp
    return asked.page(
        "hand_in_preview.html",
        found=found,
        blocks=resolved_blocks(blocks, asked.language),
        is_message=bool(found.checked and found.checked.messages),
        is_accepted=bool(found.checked and found.checked.examination.verdict == "accepted"),
        stamp=stamp,
        renamed=renamed,
        change_without_correction=bool(stamp and stamp.change_date and found.kind in ("new", "refiling")),
        package=access.signed(asked.reader.name, _FORM, {"key": key, "digests": _digests(package)}),
    )


def _digests(package: Package) -> list[str]:
    """Hashes of the package and of its stamp."""
    return [arrival_of(package).package_sha256, package.stamp.sha256 if package.stamp else ""]


def _page(
    asked: Asked, *, status: int = 200, fault: str | None = None, fields: Mapping[str, str] | None = None
) -> Response:
    values: dict[str, Any] = {"limit": LARGEST // 1024**2, "most": MOST_FILES}
    return asked.page("hand_in.html", status=status, fault=fault, fields=fields or {}, **values)
