"""Sockets: reads requests, sends answers, on any number of connections at once. asyncio, HTTP/1.1 with keep-alive, no limits on clients."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from urllib.parse import urlsplit

from .journal import Journal
from .site import Site
from .wire import Answer, Request, answer, refusal

HEAD_LIMIT = 65536
"""Bytes of a request's head."""
BODY_LIMIT = 1 << 20
"""Bytes of a request's body."""


def parse(head: bytes) -> Request:
    """Read a request's head.

    Raises:
        ValueError: it is not one (RFC 9112, 3 and 5).
    """
    first, *rest = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    method, target, version = first.split(" ")
    headers = []
    for line in rest:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise ValueError(f"bad header field: {line!r}")
        headers.append((name.lower(), value.strip()))
    if version not in {"HTTP/1.0", "HTTP/1.1"}:
        raise ValueError(f"bad version: {version!r}")
    if not target.startswith("/"):
        parts = urlsplit(target)
        if parts.scheme not in {"http", "https"}:
            raise ValueError(f"bad target: {target!r}")
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Request(raw=head, method=method, target=target, version=version, headers=tuple(headers))


class Server:
    """Serves one site on one listening socket."""

    def __init__(self, site: Site, journal: Journal) -> None:
        self.site = site
        self.journal = journal
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, listener: socket.socket, context: ssl.SSLContext | None = None) -> None:
        """Accept connections on a listening socket."""
        self._server = await asyncio.start_server(
            self._serve, sock=listener, ssl=context, limit=HEAD_LIMIT, backlog=512
        )

    async def stop(self) -> None:
        """Stop listening and drop all connections."""
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def respond(self, request: Request) -> Answer:
        """The answer to a request."""
        now = self.site.edition.when
        if request.method in {"GET", "HEAD"}:
            return answer(request, self.site.find(request.target), now)
        if request.method == "POST" and request.target == "/subscribe/":
            return refusal(303, now, ("Location", self.site.edition.base + "/about/"))
        return refusal(405, now, ("Allow", "GET, HEAD"))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side ends it."""
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            while await self._exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass  # the client left: nothing to answer
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                await writer.wait_closed()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; returns whether another may follow."""
        now = self.site.edition.when
        raw, method, target = b"", "", ""
        try:
            raw = await reader.readuntil(b"\r\n\r\n")
            request = parse(raw)
            method, target = request.method, request.target
            length = int(request.header("content-length") or 0)
            if request.header("transfer-encoding") or not 0 <= length <= BODY_LIMIT:
                reply = refusal(411 if request.header("transfer-encoding") else 413, now)
            else:
                raw += await reader.readexactly(length)
                reply = self.respond(request)
        except asyncio.LimitOverrunError:
            reply = refusal(431, now)
        except ValueError:
            reply = refusal(400, now)
        self.journal.write(
            raw,
            reply.raw,
            method=method,
            target=target,
            status=reply.status,
            form=reply.form,
            interim=len(reply.interim),
        )
        if reply.interim:
            writer.write(reply.interim)
            await writer.drain()
        writer.write(reply.final)
        await writer.drain()
        return not reply.close
