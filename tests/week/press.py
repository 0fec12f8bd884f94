"""Papers on loopback, a port each, in a thread of this process. Their clock stands where it is set. ETags change with the page."""

from __future__ import annotations

import threading
from datetime import datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from .paper import Paper


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, paper: Paper, press: Press) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.paper = paper
        self.press = press
        self.asked: list[tuple[str, int]] = []
        """Path and status of each request."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        base = f"http://127.0.0.1:{self.server.server_port}"
        status, media_type, content = self.server.paper.answer(self.path, base, self.server.press.now)
        body = content.encode() if status not in (301, 302) else b""
        etag = f'"{sha256(body).hexdigest()[:16]}"'
        if status == 200 and self.headers.get("If-None-Match") == etag:
            status, body = 304, b""
        self.server.asked.append((self.path, status))
        self.send_response(status)
        if status in (301, 302):
            self.send_header("Location", content)
        if status in (200, 304):
            self.send_header("ETag", etag)
        if status != 304:
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class Press:
    """Several papers."""

    def __init__(self, papers: list[Paper], now: datetime) -> None:
        self.now = now
        self._servers = {paper.name: _Server(paper, self) for paper in papers}

    def __enter__(self) -> Press:
        for server in self._servers.values():
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers.values():
            server.shutdown()
            server.server_close()

    def home(self, name: str) -> str:
        """Address of a paper's front page."""
        return f"http://127.0.0.1:{self._servers[name].server_port}/"

    def asked(self, name: str) -> list[tuple[str, int]]:
        """Path and status of each request to a paper so far."""
        return self._servers[name].asked
