"""A webhook on 127.0.0.1 that keeps what is posted, and answers with a code that the test chooses."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class WebhookServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.posted: list[dict[str, Any]] = []
        self.code = 200
        self.pieces = 0
        """Of 64 KiB each, which an answer has."""
        self.given = 0
        self.is_answered = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hooks/a-secret"


class Handler(BaseHTTPRequestHandler):
    server: WebhookServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.code == 200:
            self.server.posted.append(json.loads(body))
        self.send_response(self.server.code)
        self.end_headers()
        with suppress(OSError):  # the other end has gone
            for _ in range(self.server.pieces):
                self.wfile.write(bytes(1 << 16))
                self.server.given += 1
        self.server.is_answered.set()

    def log_message(self, *args: object) -> None:
        pass
