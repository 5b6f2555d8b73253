"""The National Bank's rates fetched from the address that the office sets (ESEP_RATES_URL); off without one.

`{day}` in the address stands for the day that is asked for, DD.MM.YYYY. Days since the last one in force are asked for,
so that a day on which nobody ran is made up for. Redirects and proxies are not followed.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import httpx

from esep import clock
from esep.config import Settings
from esep.warehouse import reference, reference_handed
from esep.warehouse.errors import WarehouseError
from esep.warehouse.reference_bank import MAX_BYTES, is_xml
from esep.warehouse.reference_handed import RATES
from esep.warehouse.reference_proposal import Mode, Proposal
from esep.warehouse.reference_versions import rows_in_force

AUTHOR = "rates"
"""Who hands in what was fetched by schedule: the DAG's name."""
DAY = "{day}"
SECONDS = 30.0
"""For one answer, from the first byte to the last."""
MOST_DAYS = 31
"""Asked for in one run; the next run goes on."""


class FetchError(WarehouseError):
    """The address did not give rates; nothing is changed."""


@dataclass(frozen=True, slots=True)
class FetchReport:
    days: tuple[date, ...]
    """That were asked for."""
    state: str
    """`accepted`, or `unchanged` where nothing was new."""
    checked: Proposal


def fetch_rates(
    settings: Settings,
    url: str,
    now: datetime,
    days: Sequence[date] = (),
    author: str = AUTHOR,
    *,
    seconds: float = SECONDS,
) -> FetchReport:
    """Ask for rates and hand them in, all or none. `days` that are asked for, those that are due if none are given.

    Raises FetchError for an answer that is none, or is refused: the text says why and what to do. Rates that differ
    from those in force are left in reference/ as a question.
    """
    asked = tuple(days) or (days_due(settings, clock.local_date(now)) if DAY in url else (clock.local_date(now),))
    answers = [(day, *_get(url, day, seconds)) for day in (asked if DAY in url else asked[-1:])]
    handed = reference_handed.read(
        settings, [(name, content) for _, name, content in answers], name=RATES, mode=Mode.ADD, author=author
    )
    checked, report = reference.add_handed(settings, handed, now)
    if report is None:
        left = reference.leave(settings, handed, now) if all(one.is_question for one in checked.problems) else None
        where = f"; they wait in {left} for an answer (bin/esep reference list says which)" if left else ""
        words = "; ".join(problem.sentence("en") for problem in checked.problems)
        raise FetchError(f"{url}: the rates were not accepted ({words}){where}. Nothing is changed.")
    return FetchReport(asked, report.state, checked)


def days_due(settings: Settings, today: date) -> tuple[date, ...]:
    """The days after the last one in force up to today, MOST_DAYS at most; today where there is none."""
    last = max((row["date"] for row in rows_in_force(settings, RATES)), default=today - timedelta(days=1))
    first = min(last + timedelta(days=1), today)
    return tuple(first + timedelta(days=n) for n in range(min((today - first).days + 1, MOST_DAYS)))


def _get(url: str, day: date, seconds: float) -> tuple[str, bytes]:
    """The name and the bytes of an answer. Raises FetchError."""
    address = url.replace(DAY, f"{day:%d.%m.%Y}")
    end = time.monotonic() + seconds
    content = b""
    try:
        with (
            httpx.Client(timeout=seconds, trust_env=False, follow_redirects=False) as client,
            client.stream("GET", address) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise FetchError(f"{address}: the answer is {response.status_code}, not 200. {_TODO}")
            for piece in response.iter_bytes():
                content += piece
                if len(content) > MAX_BYTES:
                    raise FetchError(f"{address}: the answer is larger than {MAX_BYTES} bytes. {_TODO}")
                if time.monotonic() > end:
                    raise httpx.ReadTimeout("")
    except httpx.TimeoutException:
        raise FetchError(f"{address}: no whole answer within {seconds:g} s. {_TODO}") from None
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
        raise FetchError(f"{address}: it cannot be reached ({error or type(error).__name__}). {_TODO}") from None
    if not is_xml(content):
        raise FetchError(f"{address}: the answer is no XML ({len(content)} bytes). {_TODO}")
    return address.rsplit("/", 1)[-1], content


_TODO = "Nothing is changed; run it again later, or set ESEP_RATES_URL right."
