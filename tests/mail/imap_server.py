"""A mail server of a few letters on this machine: as much of IMAP4rev1 as a client that only reads asks for."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

USER, PASSWORD = "office", "the password"


@dataclass
class Kept:
    """A letter on the server."""

    uid: int
    content: bytes
    arrived_at: str = "10-Apr-2025 10:15:00 +0500"


@dataclass
class Server:
    """What the server has, and what it was asked."""

    letters: list[Kept] = field(default_factory=list)
    validity: int = 1
    folder: str = "INBOX"
    asked: list[str] = field(default_factory=list)
    break_off_at: str = ""
    """A command that has this text ends the connection."""
    port: int = 0

    def add(self, content: bytes, arrived_at: str = "10-Apr-2025 10:15:00 +0500") -> int:
        uid = max((one.uid for one in self.letters), default=0) + 1
        self.letters.append(Kept(uid, content, arrived_at))
        return uid


class _Session(socketserver.StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        kept: Server = self.server.kept
        self._say("* OK ready")
        for raw in self.rfile:
            tag, _, command = raw.decode().strip().partition(" ")
            kept.asked.append(command)
            if kept.break_off_at and kept.break_off_at in command:
                return
            name = command.upper()
            if name.startswith("CAPABILITY"):
                self._say("* CAPABILITY IMAP4rev1")
            elif name.startswith("LOGIN"):
                if command != f'LOGIN {USER} "{PASSWORD}"':
                    self._say(f"{tag} NO [AUTHENTICATIONFAILED] wrong name or password")
                    continue
            elif name.startswith(("SELECT", "STORE", "COPY", "EXPUNGE", "UID STORE")):
                self._say(f"{tag} BAD this mailbox is only read")
                continue
            elif name.startswith("EXAMINE"):
                if command != f'EXAMINE "{kept.folder}"':
                    self._say(f"{tag} NO there is no such folder")
                    continue
                self._say(f"* {len(kept.letters)} EXISTS")
                self._say(f"* OK [UIDVALIDITY {kept.validity}] valid")
            elif name.startswith("UID SEARCH"):
                self._say(f"* SEARCH {' '.join(map(str, self._found(name)))}")
            elif name.startswith("UID FETCH"):
                self._fetch(name)
            elif name.startswith("LOGOUT"):
                self._say("* BYE")
                self._say(f"{tag} OK done")
                return
            self._say(f"{tag} OK done")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def _found(self, command: str) -> list[int]:
        letters = self.server.kept.letters
        first = int(re.search(r"UID (\d+):\*", command)[1])
        found = [one.uid for one in letters if one.uid >= first]
        return found or [one.uid for one in letters[-1:]]

    def _fetch(self, command: str) -> None:
        number = int(re.search(r"UID FETCH (\d+)", command)[1])
        for place, one in enumerate(self.server.kept.letters, start=1):
            if one.uid != number:
                continue
            if "RFC822.SIZE" in command:
                about = f'UID {one.uid} INTERNALDATE "{one.arrived_at}" RFC822.SIZE {len(one.content)}'
                self._say(f"* {place} FETCH ({about})")
                continue
            assert "BODY.PEEK[" in command, "anything else marks the letter as seen"
            part = "BODY[HEADER]" if "HEADER" in command else "BODY[]"
            content = one.content.partition(b"\n\n")[0] if "HEADER" in command else one.content
            self._say(f"* {place} FETCH (UID {one.uid} {part} {{{len(content)}}}")
            self.wfile.write(content)
            self._say(")")


class _Threads(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def serving(kept: Server) -> Iterator[Server]:
    """The server on a free port of this machine, in a thread."""
    with _Threads(("127.0.0.1", kept.port), _Session) as server:
        server.kept = kept  # type: ignore[attr-defined]
        kept.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield kept
        finally:
            server.shutdown()
            thread.join()
