"""`bin/esep serve-check`, `esep-check serve`: the page on which pools check a package."""

from __future__ import annotations

import socket

import click

from esep.cli.common import Answer, UnusableError, answering, say


@click.command("serve-check")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one."
)
@click.option("--trust-proxy", metavar="ADDRESS", help="Reverse proxy whose X-Forwarded-For names the visitor.")
@answering
def serve_check(host: str, port: int, trust_proxy: str | None) -> Answer:
    """Serve a page on which pools check a package before they file; stop with Ctrl-C.

    It reads no data of an office, needs no login, sets no cookie and keeps nothing. The rules are also there as data:
    /rules.json, /rules.csv, /form.json, /form.csv and their schemas.

    \b
    Exit code: 0 stopped, 2 it cannot start (address taken, packages missing, rules or settings that cannot be read).
    Example:   bin/esep serve-check --port 8000
    """
    try:
        from esep.filer_page.serving import serve
    except ModuleNotFoundError as error:
        raise UnusableError(f"{error.name} is not installed. Install it: pip install 'esep-check[page]'") from None
    try:
        listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise UnusableError(f"{host}:{port}: {error.strerror or error}. Give another --host or --port.") from None
    with listening:
        address = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}/"
        say(address)
        serve(listening, trust_proxy)
    return Answer({"address": address, "stopped": True}, list)


serve = serve_check
"""The name under which `esep-check` has it."""
