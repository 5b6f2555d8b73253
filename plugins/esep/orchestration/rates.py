"""What the task of the DAG `rates` does: fetch the National Bank's rates and hand them in at the reference desk."""

from __future__ import annotations

import logging
from datetime import date, datetime
from typing import Any

from esep.config import Settings
from esep.orchestration.common import reported
from esep.orchestration.periodic import ParameterError

log = logging.getLogger(__name__)


def fetch_rates(settings: Settings, day: str | None, user: str | None, now: datetime) -> dict[str, Any]:
    """Fetch the days that are due, or one; `days`, `state`, `added`, `changed`, `warnings`.

    Raises ParameterError where no address is set, FetchError where the answer is none or is refused.
    """
    if not settings.rates_url:
        raise ParameterError("ESEP_RATES_URL is not set: there is no address to fetch rates from.")
    with reported("rates", settings):
        from esep.warehouse import reference_fetch

        days = [date.fromisoformat(day)] if day else []
        author = user or reference_fetch.AUTHOR
        report = reference_fetch.fetch_rates(settings, settings.rates_url, now, days, author)
        warnings = [warning.sentence("en") for warning in report.checked.warnings]
        for warning in warnings:
            log.warning("%s", warning)
        return {
            "days": [one.isoformat() for one in report.days],
            "state": report.state,
            "added": report.checked.count("added"),
            "changed": report.checked.count("changed"),
            "warnings": warnings,
        }
