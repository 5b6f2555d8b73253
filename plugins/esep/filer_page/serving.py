"""The page as a process: uvicorn, quiet, on one address."""

from __future__ import annotations

import contextlib
import socket

import uvicorn

from esep.examination import engine
from esep.filer_page.app import create_app


def serve(listening: socket.socket, trusted_proxy: str | None) -> None:
    """Serve until the process is asked to end. `trusted_proxy`: whose word is taken for a visitor's address.

    Addresses of visitors are counted in memory and written nowhere.
    """
    engine.prepare()  # seconds that the first visitor would wait for
    config = uvicorn.Config(
        create_app(),
        access_log=False,
        server_header=False,
        proxy_headers=trusted_proxy is not None,
        forwarded_allow_ips=trusted_proxy or "",
        limit_concurrency=64,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=10,
        log_level="warning",
    )
    with contextlib.suppress(KeyboardInterrupt):  # raised again once all is closed
        uvicorn.Server(config).run(sockets=[listening])
