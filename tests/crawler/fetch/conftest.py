"""An odd server on loopback that logs every byte in and out, and a way to crawl it with the real Scrapy in a process of its own."""

import base64
import datetime
import ipaddress
import json
import os
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ROOT = Path(__file__).parents[3]


@dataclass
class Line:
    """A connection as the odd server's routes see it; what they send is logged."""

    socket: socket.socket
    request: bytes
    number: int
    """Of the request on its connection, from 0."""
    sent: bytearray = field(default_factory=bytearray)
    over: bool = False

    def send(self, data: bytes) -> None:
        self.sent += data
        self.socket.sendall(data)

    def close(self) -> None:
        """End the connection properly: over TLS with close_notify."""
        self.over = True
        if isinstance(self.socket, ssl.SSLSocket):
            self.socket.settimeout(5)
            with suppress(OSError):
                self.socket = self.socket.unwrap()

    def drop(self) -> None:
        """End the connection with FIN alone."""
        self.over = True

    def reset(self) -> None:
        """End the connection with RST."""
        self.over = True
        time.sleep(
            0.2
        )  # else the reset may overtake the bytes in the client's buffer, which the kernel then throws away
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def hang(self) -> None:
        """Say nothing more until the client goes."""
        self.over = True
        try:
            while self.socket.recv(65536):
                pass
        except OSError:
            pass


Route = Callable[[Line], None]


@dataclass
class Logged:
    """One exchange as the server saw it."""

    request: bytes
    response: bytes
    port: int


class OddServer:
    """Serves routes on any number of ports, each plain or with its own TLS context.

    A route's name is a path, or a port and a path for a route of that port alone.
    """

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.log: list[Logged] = []
        self.connections: list[int] = []
        """Port of each connection that was made."""
        self.reached: list[str] = []
        """Address of our side of each connection: the one that the client asked for."""
        self.first_bytes: list[int] = []
        """Port of each connection on which anything came, TLS's own bytes included."""
        self._sockets: list[socket.socket] = []

    def listen(self, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1", port: int = 0) -> int:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        server = socket.create_server((host, port), family=family)
        self._sockets.append(server)
        port = server.getsockname()[1]
        threading.Thread(target=self._accept, args=(server, port, tls), daemon=True).start()
        return port

    def close(self) -> None:
        for server in self._sockets:
            server.close()

    def answers(self, path: str) -> list[Logged]:
        """All exchanges on a path."""
        return [each for each in self.log if each.request.split(b" ")[1].partition(b"?")[0] == path.encode()]

    def _accept(self, server: socket.socket, port: int, tls: ssl.SSLContext | None) -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            self.connections.append(port)
            self.reached.append(connection.getsockname()[0])
            threading.Thread(target=self._serve, args=(connection, port, tls), daemon=True).start()

    def _serve(self, connection: socket.socket, port: int, tls: ssl.SSLContext | None) -> None:
        number = 0
        try:
            connection.settimeout(20)
            if connection.recv(1, socket.MSG_PEEK):
                self.first_bytes.append(port)
            if tls is not None:
                connection = tls.wrap_socket(connection, server_side=True)
            while request := self._read(connection):
                line = Line(connection, request, number)
                number += 1
                path = request.split(b" ")[1].decode().partition("?")[0]
                entry = Logged(request, b"", port)
                self.log.append(entry)
                try:
                    self.routes.get(f"{port}{path}", self.routes.get(path, not_found))(line)
                finally:
                    connection = line.socket
                    entry.response = bytes(line.sent)
                if line.over:
                    return
        except (OSError, ValueError):
            return
        finally:
            connection.close()

    @staticmethod
    def _read(connection: socket.socket) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65536)
            if not piece:
                return b""
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        for name, _, value in (each.partition(b":") for each in head.split(b"\r\n")):
            if name.lower() == b"content-length":
                while len(body) < int(value):
                    body += connection.recv(65536)
        return head + b"\r\n\r\n" + body


def not_found(line: Line) -> None:
    line.send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")


def raw(*parts: bytes, end: str = "", pause: float = 0.0) -> Route:
    """A route that sends bytes, part by part, and may then end the connection: close, drop, reset or hang."""

    def route(line: Line) -> None:
        for part in parts:
            line.send(part)
            time.sleep(pause)
        if end:
            getattr(line, end)()

    return route


class Certificates:
    """An authority that the crawls trust, and server certificates good and bad."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Odd Authority")])
        self.authority = self.last = folder / "authority.pem"
        certificate = self._build(self._name, self._key, authority=True)
        self.authority.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def context(
        self, host: str = "localhost", *, days: int = 30, known: bool = True, version: ssl.TLSVersion | None = None
    ) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        certificate = self._build(name, key, host=host, days=days, known=known)
        path = self._folder / f"{len(list(self._folder.iterdir()))}.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        self.last = path
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        if version is not None:
            context.minimum_version = context.maximum_version = version
        return context

    def _build(
        self, name: x509.Name, key: Any, *, host: str = "", days: int = 30, known: bool = True, authority: bool = False
    ) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name if known else name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=60))
            .not_valid_after(now + datetime.timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )
        if host:
            names: list[x509.GeneralName] = [x509.DNSName(host)]
            if host == "localhost":
                names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self._key if known else key, hashes.SHA256())


@dataclass
class Fetched:
    """What a crawl's callback or errback got for one URL."""

    url: str
    """Asked for."""
    final_url: str
    status: int | None
    body: bytes
    flags: list[str]
    reason: str | None
    detail: str
    captured: bool
    robots: str | None
    exchanges: list[Any]
    """All exchanges of the URL asked for and of its redirects, in the order in which they were stored."""
    failures: list[tuple[str, str, str]]
    """(url, reason, detail) of each failure record."""


@dataclass
class Crawled:
    """What a crawl did."""

    pages: dict[str, Fetched]
    exchanges: list[Any]
    failures: list[tuple[str, str, str]]
    stats: dict[str, Any]
    slots: dict[str, list[float]]
    """Delay and jitter of each downloader slot at the end."""
    log: str

    def of(self, url: str) -> list[Any]:
        return [each for each in self.exchanges if each["url"] == url]


@pytest.fixture(scope="session")
def crawl(certificates: Certificates) -> Callable[..., Crawled]:
    """``crawl(*requests, **settings)``: a request is a URL or a dict of scrapy.Request's arguments with ``meta``.

    With ``warc`` the exchanges are written into that folder and not given back.
    """

    def run(*requests: str | dict[str, Any], warc: Path | None = None, **settings: Any) -> Crawled:
        job = {
            "warc": warc and str(warc),
            "settings": settings,
            "requests": [{"url": r} if isinstance(r, str) else r for r in requests],
        }
        done = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("crawl.py"))],
            input=json.dumps(job).encode(),
            capture_output=True,
            timeout=120,
            check=False,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "SSL_CERT_FILE": str(certificates.authority)},
        )
        log = done.stderr.decode(errors="replace")
        assert done.returncode == 0, log
        result = json.loads(done.stdout)
        for each in result["exchanges"]:
            for key in ("sent", "received"):
                each[key] = base64.b64decode(each[key])
        pages = {}
        for page in result["pages"]:
            page["body"] = base64.b64decode(page["body"])
            hops = {page["url"], page["final_url"], *page.pop("hops")}
            page["exchanges"] = [each for each in result["exchanges"] if each["url"] in hops]
            page["failures"] = [tuple(each) for each in result["failures"] if each[0] in hops]
            pages[page["url"]] = Fetched(**page)
        failures = [tuple(each) for each in result["failures"]]
        return Crawled(pages, result["exchanges"], failures, result["stats"], result["slots"], log)

    return run


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def odd() -> Iterator[OddServer]:
    """A server without routes or ports; each test module adds its own."""
    server = OddServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def route() -> Callable[..., Route]:
    """Makes a route that sends bytes as they are."""
    return raw
