"""The search box of every page: a registration or letter number leads to its page, a BIN or IIN to its figures.

Operators find filings by their incoming number and taxpayers by a wallet as well; viewers see neither in full.
"""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse

from esep.answers import filing, masking, taxpayers
from esep.answers.tables import Row
from esep.web.rendering import AskedDep

router = APIRouter()

SHORTEST, SHOWN, LONGEST = 3, 50, 128
SHORTEST_WALLET = 20
"""Signs of the shortest address of any network."""
_FILING = re.compile(r"([0-9]{4})-([0-9]{1,9})(?:/[ARQNMS]-[0-9]{1,4})?", re.ASCII)
_MONTH = re.compile(r"([0-9]{12})-([0-9]{4}-[0-9]{2})(?:/[NM]-[0-9]{1,4})?", re.ASCII)
_TWELVE = re.compile(r"[0-9]{12}", re.ASCII)


@router.get("/find")
def find_page(asked: AskedDep, what: Annotated[str, Query(max_length=LONGEST)] = "") -> Response:
    """The page of what was written, or a list of what it may be, or words on what can be found."""
    words, reader = " ".join(what.split()), asked.reader
    if address := _address(words):
        return RedirectResponse(asked.root + address, 303)
    is_withheld = not reader.is_operator and _TWELVE.fullmatch(words) is not None and masking.is_person(words)
    found: tuple[Row, ...] = ()
    incoming: tuple[Row, ...] = ()
    wallets: tuple[Row, ...] = ()
    if words and reader.is_operator:
        incoming = filing.of_incoming_no(asked.warehouse, words)
    if len(words) >= SHORTEST_WALLET and reader.is_operator:
        wallets = taxpayers.of_wallet(asked.warehouse, words)
    if len(words) >= SHORTEST and not is_withheld:
        found = taxpayers.find(asked.warehouse, words, with_persons=reader.is_operator)
    if len(incoming) == 1 and not (found or wallets):
        return RedirectResponse(f"{asked.root}/filing/{incoming[0].registration_no}", 303)
    if len(found) == 1 and found[0].taxpayer_id == words:
        return RedirectResponse(asked.root + income_address(found[0]), 303)
    return asked.page(
        "find.html",
        status=403 if is_withheld else 200,
        words=words,
        found=found[:SHOWN],
        count=len(found),
        incoming=incoming[:SHOWN],
        wallets=wallets[:SHOWN],
        wallet_count=len(wallets),
        is_withheld=is_withheld,
        income_address=income_address,
        snapshot=asked.snapshot,
    )


def income_address(taxpayer: Row) -> str:
    """The page of the figures of the taxpayer's latest year, below the mount."""
    return f"/income/{taxpayer.years[-1]}/{quote(taxpayer.role)}/{quote(taxpayer.taxpayer_id, safe='')}"


def _address(words: str) -> str | None:
    """The page that a number of a filing, of a letter, or of a pool and month names; serials need no leading zeros."""
    if filing := _FILING.fullmatch(words):
        return f"/filing/{filing[1]}-{int(filing[2]):06d}"
    if month := _MONTH.fullmatch(words):
        return f"/silence/{month[1]}/{month[2]}"
    return None
