"""Fixtures for all tests: the demo newspaper as a server of its own, and a plain client that sees the bytes."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, settings

# no test asserts how long something takes, and a busy machine is no fault of the code
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("bench", settings.get_profile("busy"), max_examples=5000)
settings.load_profile("busy")  # pytest --hypothesis-profile=bench: a night's worth


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test's marks of faults go into the list that tests/faults/conftest.py prints."""
    item.user_properties += [("fault", mark.args) for mark in item.iter_markers("fault")]


SERVE = Path(__file__).parent / "newspaper" / "serve.py"


@dataclass(frozen=True)
class Reply:
    """An answer as it came: all its bytes, and what they say."""

    raw: bytes
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    """Without transfer coding; content coding kept."""

    def header(self, name: str) -> str | None:
        """First value of a header, whatever its case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class Client:
    """One connection to an HTTP/1.1 server, and the exact bytes on it."""

    def __init__(self, url: str, address: tuple[str, int], cafile: Path | None = None) -> None:
        parts = urlsplit(url)
        self.host = parts.netloc
        self._socket: socket.socket = socket.create_connection(address, timeout=20)
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=str(cafile))
            self._socket = context.wrap_socket(self._socket, server_hostname=parts.hostname)
        self._file = self._socket.makefile("rb")

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._socket.close()

    def ask(self, target: str, method: str = "GET", **headers: str) -> tuple[bytes, Reply]:
        """Send a request, read its answer. Header names are given with ``_`` for ``-``."""
        fields = {"Host": self.host} | {name.replace("_", "-"): value for name, value in headers.items()}
        request = f"{method} {target} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in fields.items()) + "\r\n"
        self._socket.sendall(request.encode("latin-1"))
        return request.encode("latin-1"), self.read(method)

    def _head(self) -> tuple[bytes, int, list[tuple[str, str]]]:
        raw = b""
        while not raw.endswith(b"\r\n\r\n"):
            line = self._file.readline()
            assert line, f"the connection ended within a head: {raw!r}"
            raw += line
        first, *rest = raw.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
        fields = [(name, value.strip()) for name, _, value in (line.partition(":") for line in rest)]
        return raw, int(first.split(" ")[1]), fields

    def read(self, method: str = "GET") -> Reply:
        """Read one answer, interim ones before it included in ``raw``."""
        raw = b""
        status = 100
        while status < 200:
            head, status, headers = self._head()
            raw += head
        fields = {name.lower(): value for name, value in headers}
        body = b""
        if method == "HEAD" or status in {204, 304}:
            pass
        elif fields.get("transfer-encoding") == "chunked":
            size = -1
            while size:
                line = self._file.readline()
                size = int(line.split(b";")[0], 16)
                chunk = self._file.read(size + 2) if size else b""
                body += chunk[:-2]
                raw += line + chunk
            line = b""
            while line != b"\r\n":
                line = self._file.readline()
                raw += line
        else:
            length = fields.get("content-length")
            body = self._file.read(int(length) if length is not None else -1)
            raw += body
        return Reply(raw, status, headers, body)


@dataclass(frozen=True)
class Newspaper:
    """A newspaper that is being served."""

    url: str
    """Address of its front page, with the final slash: where it listens, or ``base``."""
    address: tuple[str, int]
    """Host and port where it listens."""
    log_dir: Path
    """Folder of the server's log: ``NNNN.request``, ``NNNN.response``, ``log.jsonl``."""
    truth: list[dict[str, Any]]
    """What is true of each article: tests/newspaper/README.md says what the keys mean."""
    cafile: Path | None = None
    """Certificate to trust, if it is served over TLS."""

    def client(self) -> Client:
        """A connection to it."""
        return Client(self.url, self.address, self.cafile)

    def get(self, target: str) -> Reply:
        """Ask for one path, or one of its addresses, on a connection of its own, without content coding."""
        with self.client() as client:
            return client.ask("/" + target.removeprefix(self.url).lstrip("/"), Connection="close")[1]

    def log(self) -> list[dict[str, Any]]:
        """The log's lines: number, method, target, status, form, interim (bytes of interim answers)."""
        path = self.log_dir / "log.jsonl"
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []

    def exchanges(self) -> list[tuple[bytes, bytes]]:
        """The bytes received and sent, one pair for each exchange in the order in which it was answered."""
        names = [f"{line['number']:04d}" for line in self.log()]
        return [
            ((self.log_dir / f"{name}.request").read_bytes(), (self.log_dir / f"{name}.response").read_bytes())
            for name in names
        ]


Serve = Callable[..., Newspaper]


@pytest.fixture(scope="session")
def serve_newspaper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Start newspapers: ``serve_newspaper(edition="meaningless", articles=30, date=…, base=…, port=…, tls=(cert, key))``.

    Each is a process of its own on a free port of 127.0.0.1 and ends with the session.
    """
    running: list[subprocess.Popen[str]] = []

    def start(*, tls: tuple[Path, Path] | None = None, **options: object) -> Newspaper:
        folder = tmp_path_factory.mktemp("newspaper")
        command = [
            sys.executable,
            str(SERVE),
            "--log",
            str(folder / "log"),
            "--dump-truth",
            str(folder / "truth.jsonl"),
        ]
        command += [part for name, value in options.items() for part in (f"--{name}", str(value))]
        command += ["--tls", *map(str, tls)] if tls else []
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stdout
        line = process.stdout.readline()
        assert line, f"the newspaper did not start: {command}"
        ready = json.loads(line)
        rows = [json.loads(line) for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
        address = (ready["host"], ready["port"])
        return Newspaper(ready["url"], address, folder / "log", rows, tls[0] if tls else None)

    yield start
    for process in running:
        process.terminate()
    for process in running:
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """PEM files of a certificate for 127.0.0.1 and localhost, signed by itself, and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names: list[x509.GeneralName] = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), serial_number=1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("certificate")
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture(scope="session")
def newspaper(serve_newspaper: Serve) -> Newspaper:
    """The newspaper as it comes: the clean edition, all articles, on 20 November 2026."""
    return serve_newspaper()
