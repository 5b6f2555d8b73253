"""Addresses of every route, with what the demo holds: a filing of each status and kind, taxpayers, years, months.

They are written down, not asked of the warehouse: the same addresses are asked for whatever becomes of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from fastapi.routing import APIRoute

MINER, PERSON, POOL, SILENT_POOL = "160140000371", "790107300609", "131140000527", "211240000072"
FILINGS = {
    "new": "2024-000002",
    "refused": "2024-000001",
    "refiling": "2024-000006",
    "superseded": "2024-000016",
    "correction": "2024-000017",
    "superseded correction": "2024-000026",
    "refused correction": "2024-000023",
    "duplicate came": "2025-000010",
    "no rows": "2025-000036",
    "many findings": "2024-000014",
}
"""What a filing is an example of → its number."""
SINCE = "?year=2025&since=2025-11-01&until=2025-12-31"

PAGES: Mapping[str, tuple[str, ...]] = {
    "/": ("/", "/?year=2024", "/?year=2025", "/?year=1999"),
    "/due": ("/due", "/due?kind=send_notice", "/due?kind=decide_silence", "/due?kind=none"),
    "/status": ("/status",),
    "/filing/{number}": (*(f"/filing/{number}" for number in FILINGS.values()), "/filing/2024-999999"),
    "/filing/{number}/findings": (
        "/filing/2024-000001/findings",
        "/filing/2024-000014/findings",
        "/filing/2024-000014/findings?rule=R-90",
        "/filing/2024-999999/findings",
    ),
    "/filing/{number}/rows": (
        "/filing/2025-000011/rows",
        "/filing/2025-000011/rows?row=20",
        "/filing/2025-000036/rows",
    ),
    "/filing/{number}/changes": ("/filing/2024-000017/changes", "/filing/2024-000002/changes"),
    "/filing/{number}/effect": ("/filing/2024-000017/effect", "/filing/2024-000002/effect"),
    "/income": (
        "/income",
        "/income?year=2024&asset=BTC",
        "/income?year=2025&role=pool",
        "/income?year=2025&search=Мираж&order=name",
        "/income?page=2",
        "/income?year=1999",
    ),
    "/income/{year}/{role}/{taxpayer_id:path}": (
        f"/income/2025/miner/{MINER}",
        f"/income/2025/miner/{MINER}?known_on=2025-12-01",
        f"/income/2024/miner/{PERSON}",
        f"/income/2025/pool/{POOL}",
        "/income/2025/miner/000000000000",
    ),
    "/income/{year}/{role}/{taxpayer_id:path}/rows": (
        f"/income/2025/miner/{MINER}/rows",
        f"/income/2025/miner/{MINER}/rows?month=2025-03&asset=BTC",
        f"/income/2025/miner/{PERSON}/rows?month=2025-03",
    ),
    "/obligation": ("/obligation", "/obligation?year=2024&asset=BTC", "/obligation?year=2025&role=pool"),
    "/obligation/{year}/{role}/{taxpayer_id:path}": (
        f"/obligation/2025/miner/{MINER}",
        f"/obligation/2025/miner/{MINER}?known_on=2025-12-01",
        f"/obligation/2024/miner/{PERSON}",
        f"/obligation/2025/pool/{POOL}",
    ),
    "/change": ("/change", f"/change{SINCE}", f"/change{SINCE}&taxpayer={MINER}", f"/change{SINCE}&role=pool"),
    "/quality": (
        "/quality",
        "/quality?year=2024",
        "/quality?year=2025&month=10",
        f"/quality?year=2025&pool={SILENT_POOL}",
    ),
    "/quality/findings": (
        "/quality/findings",
        "/quality/findings?year=2025&rule=R-71",
        "/quality/findings?year=2024&lane=completeness&severity=error&refused=true",
    ),
    "/quality/filings": ("/quality/filings", "/quality/filings?which=refused", "/quality/filings?year=2025&rule=R-71"),
    "/quality/duties": (
        "/quality/duties",
        "/quality/duties?kind=send_notice&state=overdue",
        "/quality/duties?month=12",
    ),
    "/quality/excluded": ("/quality/excluded", "/quality/excluded?year=2024"),
    "/rules": ("/rules",),
    "/rules/{rule_id}": ("/rules/C-10", "/rules/R-71", "/rules/R-90?year=2024", "/rules/R-999"),
    "/reconciliation": ("/reconciliation",),
    "/run": tuple(
        f"/run?dag_id={dag}&run_id=manual__1" for dag in ("intake", "warehouse", "supervision", "decision", "dispatch")
    ),
    "/find": tuple(
        f"/find?what={what}"
        for what in ("2025-000045", MINER, PERSON, "R-71", "2024-000001/R-1", "2025-10", "Мираж", "nothing", "")
    ),
    "/silence/{pool_id}/{month}": (
        f"/silence/{SILENT_POOL}/2025-11",
        f"/silence/{POOL}/2025-04",
        f"/silence/{POOL}/2025-05",
    ),
    "/decision": ("/decision?run_id=started", "/decision?run_id=paused"),
}
"""Pages: each route with the addresses under which it is asked for; for the first, by each role in each language."""
FURTHER = ("operator", "ru"), ("viewer", "kk"), ("operator", "en")
"""Who asks for the addresses after the first, in turn."""
TABLES: Mapping[str, tuple[str, ...]] = {
    "/income/download": ("/income/download?year=2025", "/income/download?year=2024&role=pool"),
    "/income/{year}/{role}/{taxpayer_id:path}/download": (f"/income/2025/miner/{MINER}/download",),
    "/income/{year}/{role}/{taxpayer_id:path}/rows/download": (
        f"/income/2025/miner/{MINER}/rows/download?month=2025-03",
    ),
    "/obligation/download": ("/obligation/download?year=2025",),
    "/obligation/{year}/{role}/{taxpayer_id:path}/download": (f"/obligation/2025/miner/{MINER}/download",),
    "/change/download": (f"/change/download{SINCE}&role=miner", f"/change/download{SINCE}&taxpayer={MINER}"),
    "/quality/{of}/download": (
        "/quality/findings/download?year=2025&rule=R-71",
        "/quality/filings/download?year=2025&which=refused",
        "/quality/excluded/download?year=2025",
    ),
}
"""Figures and lists as files, each in every format."""
FORMATS = ("csv", "xlsx", "parquet")
OTHER_FORMATS = ("operator", "ru"), ("operator", "kk"), ("viewer", "en")
"""Who asks for XLSX and Parquet; for CSV it is each role in each language."""
FILES: Mapping[str, tuple[str, ...]] = {
    "/filing/{number}/file/package": (
        "/filing/2024-000001/file/package?path=2024-qantar.xlsx",
        "/filing/2024-000001/file/package?path=../receipt.json",
    ),
    "/filing/{number}/file/outbox/{name}": tuple(
        f"/filing/2024-000001/file/outbox/{name}" for name in ("refusal.pdf", "refusal.docx", "status.json", "nothing")
    ),
    "/silence/{pool_id}/{month}/file/{name}": (
        f"/silence/{SILENT_POOL}/2025-11/file/reminder.pdf",
        f"/silence/{SILENT_POOL}/2025-11/file/status-M-1.json",
    ),
    "/quality/report/{month}/{name}": tuple(
        f"/quality/report/2025-10/{name}" for name in ("report.ru.html", "report.kk.pdf", "report.json")
    ),
    "/static/{name}": ("/static/esep.css", "/static/nothing.css"),
}
"""Files as they are, asked for in one language."""
_REASON = {"reason": "the signature came by letter К-12"}
FORMS: Mapping[str, tuple[tuple[str, Mapping[str, str]], ...]] = {
    "/filing/{number}/overrule": (
        ("/filing/2024-000001/overrule", {}),
        ("/filing/2024-000001/overrule", _REASON),
        ("/filing/2024-000002/overrule", _REASON),
    ),
    "/filing/{number}/waive": (
        ("/filing/2025-000048/waive", {"rule_id": "R-71", "until": "2026-01-01"} | _REASON),
        ("/filing/2024-000014/waive", {"rule_id": "R-90", "until": "2026-12-31"} | _REASON),
        ("/filing/2024-000001/waive", {"rule_id": "C-10", "until": "2026-12-31"} | _REASON),
    ),
    "/filing/{number}/dispatch": (
        ("/filing/2024-000001/dispatch", {"letter_no": "2024-000001/R-1", "channel": "post"}),
        (
            "/filing/2024-000001/dispatch",
            {"letter_no": "2024-000001/R-1", "channel": "post", "proof": "RR 1", "sent_at": "2026-04-01T09:00"},
        ),
    ),
    "/silence/{pool_id}/{month}": (
        (f"/silence/{SILENT_POOL}/2025-11", _REASON),
        (f"/silence/{SILENT_POOL}/2025-11", {"decision": "explain_silence"} | _REASON),
    ),
    "/silence/{pool_id}/{month}/dispatch": (
        (f"/silence/{SILENT_POOL}/2025-11/dispatch", {"letter_no": "x"}),
        (
            f"/silence/{SILENT_POOL}/2025-11/dispatch",
            {"letter_no": f"{SILENT_POOL}-2025-11/M-1", "channel": "post", "proof": "RR 2"},
        ),
    ),
}
"""What decides something: each route with forms that are refused, and one that is taken."""


def routes() -> Iterator[tuple[str, str]]:
    """Method and path of every route of the application."""
    from esep.web.app import create_app

    for route in create_app().routes:
        assert isinstance(route, APIRoute)
        for method in sorted(route.methods):
            yield method, route.path


def name_of(address: str) -> str:
    """An address as the last part of a golden's name."""
    return re.sub(r"[/?&=]+", " ", address).strip() or "calendar"
