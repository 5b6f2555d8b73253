"""An S3 on localhost (moto) in a process of its own, which answers badly where a test asks it to.

It serves one request after another, so that a conditional write is one step. `PUT /-/faults` takes JSON: a list of
`{"method", "part", "kind", "count"}`; a request of that method whose path has that part is then answered so often as
`error` (500, nothing done), `lost` (done, and 500), `late` (done after the writer has given up: at the next request),
or `closed` (no answer at all).
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref import simple_server

BUCKET = "esep"
ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}


class Faulty:
    """moto's application behind the faults."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._faults: list[dict[str, Any]] = []
        self._late: list[dict[str, Any]] = []

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if path == "/-/faults":
            self._faults = json.loads(body)
            start("200 OK", [])
            return [b""]
        environ["wsgi.input"] = io.BytesIO(body)
        kind = self._kind(method, path)
        if kind == "late":
            self._late.append({**environ, "wsgi.input": io.BytesIO(body)})
        elif kind == "lost":
            self._done(environ)
        elif kind is None:
            for one in self._late:
                self._done(one)
            self._late.clear()
            answer: Iterable[bytes] = self._inner(environ, start)
            return answer
        if kind == "closed":
            raise ConnectionAbortedError
        start("500 Internal Server Error", [("Content-Type", "text/plain")])
        return [b"no"]

    def _done(self, environ: dict[str, Any]) -> None:
        list(self._inner(environ, lambda *given: None))

    def _kind(self, method: str, path: str) -> str | None:
        for fault in self._faults:
            if fault["count"] and fault["method"] == method and fault["part"] in path:
                fault["count"] -= 1
                return str(fault["kind"])
        return None


class Silent(simple_server.WSGIRequestHandler):
    def log_message(self, *given: Any) -> None:
        pass


class S3:
    """The server as its tests see it."""

    def __init__(self, port: int) -> None:
        self.endpoint = f"http://127.0.0.1:{port}"
        self._put(f"/{BUCKET}", b"")

    def faults(self, *faults: dict[str, Any]) -> None:
        self._put("/-/faults", json.dumps(faults).encode())

    def _put(self, path: str, body: bytes) -> None:
        urllib.request.urlopen(urllib.request.Request(self.endpoint + path, body, method="PUT"), timeout=60).close()


@contextmanager
def running() -> Iterator[S3]:
    """The server, with the variables of the environment that reach it."""
    process = subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, text=True)
    before = {name: os.environ.get(name) for name in (*ENVIRONMENT, "AWS_ENDPOINT_URL")}
    try:
        assert process.stdout is not None
        s3 = S3(int(process.stdout.readline()))
        os.environ.update(ENVIRONMENT, AWS_ENDPOINT_URL=s3.endpoint)
        yield s3
    finally:
        process.kill()
        process.wait()
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def fresh_address() -> str:
    """A prefix of the bucket that nobody uses."""
    return f"s3://{BUCKET}/{uuid.uuid4().hex}"


def main() -> None:
    from moto.server import DomainDispatcherApplication, create_backend_app

    app = Faulty(DomainDispatcherApplication(create_backend_app))
    server = simple_server.make_server("127.0.0.1", 0, app, handler_class=Silent)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
