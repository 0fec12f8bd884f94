"""Servers that speak HTTP/2 only: fetched over a bridge, recorded as HTTP/1.1, under the limits of every other connection."""

import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from OpenSSL import SSL
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.web._newclient import Request
from twisted.web.http_headers import Headers
from warcio.archiveiterator import ArchiveIterator

from crawler.fetch.addresses import AddressPolicy
from crawler.fetch.attempt import Recording
from crawler.fetch.guard import Guard
from crawler.fetch.tee import Limits, TeeProtocol
from crawler.warc import notes

pytest.importorskip("h2")
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RequestReceived, StreamEnded
from h2.exceptions import ProtocolError

from crawler.fetch.http2 import Bridge

Head = list[tuple[str, str]]
PAGE = b"<html><p>" + b"words and words " * 5000


class Line:
    """A connection as a route sees it: h2's own server side, and the socket for what h2 would not send."""

    def __init__(self, wire: Any, request: dict[bytes, bytes], body: bytes, h2: Any) -> None:
        self.wire, self.request, self.body, self.h2 = wire, request, body, h2

    def flush(self) -> None:
        self.wire.sendall(self.h2.data_to_send())

    def head(self, *fields: tuple[str, str], status: str = "200", end: bool = False) -> None:
        self.h2.send_headers(1, [(":status", status), *fields], end_stream=end)
        self.flush()

    def data(self, data: bytes, end: bool = True) -> None:
        while data:
            room = min(self.h2.local_flow_control_window(1), 16_384)
            if not room:
                self.listen()
                continue
            self.h2.send_data(1, data[:room], end_stream=end and len(data) <= room)
            self.flush()
            data = data[room:]

    def listen(self) -> None:
        received = self.wire.recv(65536)
        if not received:
            raise OSError
        self.h2.receive_data(received)

    def frame(self, kind: int, flags: int, payload: bytes, stream: int = 1) -> None:
        self.wire.sendall(len(payload).to_bytes(3) + bytes([kind, flags]) + stream.to_bytes(4) + payload)


class Strict:
    """TLS that refuses whoever does not offer h2, as RFC 7301 has it; Python's own ends the handshake without a word."""

    def __init__(self, plain: socket.socket, certificate: Path) -> None:
        def choose(connection: Any, offered: list[bytes]) -> Any:
            if b"h2" not in offered:
                raise ValueError("no common protocol")
            return b"h2"

        context = SSL.Context(SSL.TLS_SERVER_METHOD)
        context.use_certificate_chain_file(str(certificate))
        context.use_privatekey_file(str(certificate))
        context.set_alpn_select_callback(choose)
        plain.settimeout(None)
        self._connection = SSL.Connection(context, plain)
        self._connection.set_accept_state()
        try:
            self._connection.do_handshake()
        except (SSL.Error, ValueError) as error:
            raise OSError from error

    def recv(self, size: int) -> bytes:
        try:
            return self._connection.recv(size)
        except SSL.Error:
            return b""

    def sendall(self, data: bytes) -> None:
        try:
            self._connection.sendall(data)
        except SSL.Error as error:
            raise OSError from error

    def close(self) -> None:
        with suppress(SSL.Error):
            self._connection.shutdown()


class H2Server:
    """Speaks HTTP/2 and nothing else."""

    def __init__(self, certificate: Path, *, strict: bool = True) -> None:
        self._certificate = certificate
        self._strict = strict
        self.routes: dict[str, Callable[[Line], None]] = {}
        self.requests: list[dict[bytes, bytes]] = []
        self.connections = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                plain, _ = self._socket.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(plain,), daemon=True).start()

    def _secure(self, plain: socket.socket) -> Any:
        if self._strict:
            return Strict(plain, self._certificate)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._certificate)
        context.set_alpn_protocols(["h2"])
        return context.wrap_socket(plain, server_side=True)

    def _serve(self, plain: socket.socket) -> None:
        plain.settimeout(20)
        with suppress(OSError), plain:
            wire = self._secure(plain)
            h2 = H2Connection(
                H2Configuration(client_side=False, validate_outbound_headers=False, normalize_outbound_headers=False)
            )
            h2.initiate_connection()
            wire.sendall(h2.data_to_send())
            request: dict[bytes, bytes] = {}
            body = b""
            while data := wire.recv(65536):
                try:
                    happened = h2.receive_data(data)
                except ProtocolError:
                    break
                for event in happened:
                    if isinstance(event, RequestReceived):
                        request = dict(event.headers)
                        self.requests.append(request)
                    elif isinstance(event, DataReceived):
                        body += event.data
                    elif isinstance(event, StreamEnded):
                        path = request[b":path"].decode().partition("?")[0]
                        self.routes.get(path, lambda line: line.head(status="404", end=True))(
                            Line(wire, request, body, h2)
                        )
                with suppress(Exception):
                    wire.sendall(h2.data_to_send())


@pytest.fixture(scope="module")
def server(certificates: Any) -> Iterator[H2Server]:
    certificates.context()
    server = H2Server(certificates.last)
    yield server
    server.close()


def simple(head: Head, body: bytes = b"", status: str = "200") -> Callable[[Line], None]:
    def route(line: Line) -> None:
        line.head(*head, status=status, end=not body)
        if body:
            line.data(body)

    return route


def early(line: Line) -> None:
    line.head(("link", "</a.css>"), status="103")
    line.head(("x", "y"))
    line.data(b"abc")


def trailers(line: Line) -> None:
    line.head()
    line.data(b"abc", end=False)
    line.h2.send_headers(1, [("x-trailer", "late")], end_stream=True)
    line.flush()


def padded(line: Line) -> None:
    line.head()
    line.frame(0, 0x8, bytes([200]) + b"abc" + bytes(200))
    line.frame(0, 0x1, b"")


GZ = gzip.compress(PAGE, mtime=0)
ROUTES = {
    "/page": simple([("content-type", "text/html"), ("content-length", str(len(PAGE)))], PAGE),
    "/nolength": simple([("content-type", "text/html"), ("x", "1"), ("x", "2")], PAGE),
    "/gzip": simple([("content-encoding", "gzip")], GZ),
    "/empty": simple([]),
    "/204": simple([], status="204"),
    "/304": simple([("etag", '"x"')], status="304"),
    "/304length": simple([("etag", '"x"'), ("content-length", "99")], status="304"),
    "/early": early,
    "/trailers": trailers,
    "/padded": padded,
    "/moved": simple([("location", "/page?moved")], status="301"),
}
ANSWERS = {
    "/page": b"HTTP/1.1 200 \r\ncontent-type: text/html\r\ncontent-length: %d\r\n\r\n" % len(PAGE) + PAGE,
    "/nolength": b"HTTP/1.1 200 \r\ncontent-type: text/html\r\nx: 1\r\nx: 2\r\n\r\n" + PAGE,
    "/gzip": b"HTTP/1.1 200 \r\ncontent-encoding: gzip\r\n\r\n" + GZ,
    "/empty": b"HTTP/1.1 200 \r\n\r\n",
    "/204": b"HTTP/1.1 204 \r\n\r\n",
    "/304": b'HTTP/1.1 304 \r\netag: "x"\r\n\r\n',
    "/304length": b'HTTP/1.1 304 \r\netag: "x"\r\ncontent-length: 99\r\n\r\n',
    "/early": b"HTTP/1.1 103 \r\nlink: </a.css>\r\n\r\nHTTP/1.1 200 \r\nx: y\r\n\r\nabc",
    "/trailers": b"HTTP/1.1 200 \r\n\r\nabc",
    "/padded": b"HTTP/1.1 200 \r\n\r\nabc",
    "/moved": b"HTTP/1.1 301 \r\nlocation: /page?moved\r\n\r\n",
}


def test_answers_are_recorded_as_http11_and_marked(server: H2Server, crawl: Any) -> None:
    server.routes.update(ROUTES)
    server.routes["/post"] = lambda line: simple([], line.body)(line)
    prefix = f"https://localhost:{server.port}"
    result = crawl(
        *(prefix + path for path in ANSWERS),
        {"url": prefix + "/post", "method": "POST", "body": "a" * 40_000},
        {"url": prefix + "/page?head", "method": "HEAD"},
    )
    assert not result.failures
    for path, answer in ANSWERS.items():
        (kept,) = result.of(prefix + path)
        assert kept["received"] == answer, path
        assert kept["sent"].startswith(b"GET " + path.encode() + b" HTTP/1.1\r\n")
        assert f"\r\nHost: localhost:{server.port}\r\n".encode() in kept["sent"]
        assert kept["protocols"] == ["h2", "tls/1.3"]
        assert kept["fidelity"] == "reconstructed"
        assert kept["truncated"] is None
        assert kept["peer_ip"] == "127.0.0.1"
        assert len(kept["certificates"]) == 1
        assert result.pages[prefix + path].captured
    assert result.pages[prefix + "/gzip"].body == PAGE
    assert result.pages[prefix + "/moved"].final_url == prefix + "/page?moved"
    (kept,) = result.of(prefix + "/post")
    assert kept["received"] == b"HTTP/1.1 200 \r\n\r\n" + b"a" * 40_000
    agents = {each[b"user-agent"] for each in server.requests}
    assert len(agents) == 1
    assert {each[b":authority"] for each in server.requests} == {f"localhost:{server.port}".encode()}


def flood(kind: int, flags: int, payload: bytes, stream: int) -> Callable[[Line], None]:
    def route(line: Line) -> None:
        while True:
            line.frame(kind, flags, payload, stream)

    return route


def after_head(route: Callable[[Line], None]) -> Callable[[Line], None]:
    def both(line: Line) -> None:
        line.head()
        route(line)

    return both


def endless(line: Line) -> None:
    line.head()
    while True:
        line.data(bytes(60_000), end=False)


def interims(line: Line) -> None:
    while True:
        line.head(status="103")


def short(line: Line) -> None:
    line.head(("content-length", "100"))
    line.data(b"only this", end=False)
    line.frame(0, 0x1, b"")


def hang(line: Line) -> None:
    line.head(("content-length", "100"))
    line.data(b"only this", end=False)
    while True:
        line.listen()


def reset(line: Line) -> None:
    line.head(("content-length", "100"))
    line.data(b"only this", end=False)
    line.h2.reset_stream(1, 2)
    line.flush()


def closes(line: Line) -> None:
    line.head()
    line.data(b"only this", end=False)
    line.wire.close()


def pings(line: Line) -> None:
    line.head()
    while True:
        line.frame(6, 0, bytes(8), 0)


def breaks_out(line: Line) -> None:
    line.head(("x", "y\r\nset-cookie: a=b"))
    line.data(b"abc")


BROKEN: dict[str, tuple[Callable[[Line], None], str, str]] = {
    "/endless": (endless, "too-large", "length"),
    "/padding": (after_head(flood(0, 0x8, bytes([255]) + bytes(255), 1)), "too-large", "length"),
    "/emptydata": (after_head(flood(0, 0, b"", 1)), "too-large", "length"),
    "/pings": (pings, "too-large", "length"),
    "/settings": (flood(4, 0, b"", 0), "too-large", "length"),
    "/continuations": (flood(9, 0, bytes(100), 1), "bad-response", "unspecified"),
    "/bomb": (lambda line: line.head(*[("a" * 4000, "b" * 4000)] * 100), "too-large", "length"),
    "/interims": (interims, "too-large", "length"),
    "/short": (short, "bad-response", "unspecified"),
    "/hang": (hang, "timeout", "time"),
    "/reset": (reset, "disconnected", "disconnect"),
    "/closes": (closes, "disconnected", "disconnect"),
    "/noframe": (lambda line: line.wire.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "bad-response", "unspecified"),
    "/push": (flood(5, 4, bytes(4), 1), "bad-response", "unspecified"),
    "/breaksout": (breaks_out, "bad-response", "unspecified"),
    "/coding": (simple([("transfer-encoding", "chunked")], b"abc"), "bad-response", "unspecified"),
    "/goaway": (lambda line: line.frame(7, 0, bytes(8), 0), "disconnected", "disconnect"),
}  # fmt: skip


def test_all_limits_hold(server: H2Server, crawl: Any) -> None:
    server.routes.update({path: route for path, (route, *_) in BROKEN.items()})
    prefix = f"https://localhost:{server.port}"
    quiet = {"/hang"}
    result = crawl(
        *(prefix + path for path in BROKEN if path not in quiet),
        PRESSMARK_MAX_RAW_BYTES=2_000_000,
        PRESSMARK_IDLE_TIMEOUT=9,
    )
    result.pages.update((again := crawl(*(prefix + path for path in quiet))).pages)
    result.exchanges.extend(again.exchanges)
    found = {path: (result.pages[prefix + path].reason, result.of(prefix + path)) for path in BROKEN}
    assert {path: reason for path, (reason, _) in found.items()} == {p: why for p, (_, why, _) in BROKEN.items()}
    for path, (_, kept) in found.items():
        assert [each["truncated"] for each in kept] == [BROKEN[path][2]], path
        assert len(kept[0]["received"]) < 2_100_000
        assert kept[0]["fidelity"] == "reconstructed"
    for path in ("/short", "/hang", "/reset"):
        assert found[path][1][0]["received"] == b"HTTP/1.1 200 \r\ncontent-length: 100\r\n\r\nonly this"
    assert not any(b"set-cookie" in each["received"] for each in result.exchanges)


def test_the_address_is_guarded_and_the_certificate_verified(server: H2Server, crawl: Any, certificates: Any) -> None:
    server.routes.update(ROUTES)
    certificates.context(known=False)
    strange = H2Server(certificates.last)
    strange.routes.update(ROUTES)
    server.connections = 0
    server.requests.clear()
    result = crawl(
        f"https://localhost:{server.port}/page", f"https://127.0.0.1:{server.port}/page", PRESSMARK_ALLOW_PRIVATE=False
    )
    assert server.connections == 0
    assert {each.reason for each in result.pages.values()} == {"private-address"}
    url = f"https://localhost:{strange.port}/page"
    result = crawl(url)
    assert result.pages[url].reason == "tls-failed"
    assert strange.requests == []
    strange.close()


def test_a_server_that_speaks_both_is_asked_over_http11(odd: Any, route: Any, crawl: Any, certificates: Any) -> None:
    context = certificates.context()
    context.set_alpn_protocols(["h2", "http/1.1"])
    odd.routes["/both"] = route(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc")
    url = f"https://localhost:{odd.listen(context)}/both"
    (kept,) = crawl(url).of(url)
    assert (kept["protocols"], kept["fidelity"]) == (["http/1.1", "tls/1.3"], "wire")


def test_a_server_that_answers_in_http2_unasked_is_understood(server: H2Server, crawl: Any, certificates: Any) -> None:
    certificates.context()
    lenient = H2Server(certificates.last, strict=False)
    lenient.routes.update(ROUTES)
    urls = [f"https://localhost:{lenient.port}/page?{each}" for each in (1, 2)]
    result = crawl(*urls, CONCURRENT_REQUESTS_PER_DOMAIN=1)
    lenient.close()
    for url in urls:
        assert result.of(url)[-1]["received"] == ANSWERS["/page"]
    first = result.exchanges[0]  # for robots.txt; from then on it is known
    assert first["received"][3:4] == b"\x04"
    assert (first["truncated"], first["fidelity"], first["protocols"][0]) == ("unspecified", "wire", "http/1.1")
    assert {each["fidelity"] for each in result.exchanges[1:]} == {"reconstructed"}


def test_it_stands_so_in_the_archive(server: H2Server, crawl: Any, tmp_path: Path) -> None:
    server.routes.update(ROUTES)
    url = f"https://localhost:{server.port}/nolength"
    crawl(url, warc=tmp_path)
    (path,) = tmp_path.iterdir()
    with path.open("rb") as file:
        found = [
            (each.rec_type, each.rec_headers, each.raw_stream.read())
            for each in ArchiveIterator(file, no_record_parse=True)
            if each.rec_headers.get_header("WARC-Target-URI") == url
        ]
    response = next(each for each in found if each[0] == "response")
    assert response[2] == ANSWERS["/nolength"]
    assert [value for name, value in response[1].headers if name == "WARC-Protocol"] == ["h2", "tls/1.3"]
    said = next(notes.from_block(each[2]) for each in found if each[0] == "metadata")
    assert said is not None
    assert said.fidelity == "reconstructed"


class Wire(StringTransport):
    """A TLS connection in memory."""

    negotiatedProtocol = b"h2"

    def setTcpNoDelay(self, enabled: bool) -> None:
        pass

    def getHandle(self) -> Any:
        return Handle()


class Handle:
    """What OpenSSL would say of it."""

    def get_protocol_version_name(self) -> str:
        return "TLSv1.3"

    def get_cipher_name(self) -> None:
        return None

    def get_peer_cert_chain(self) -> None:
        return None


def bridge(guard: Guard, wire: StringTransport) -> tuple[Bridge, Recording, list[Any]]:
    """A connection on which one request has been made."""
    upper: Any = TeeProtocol(lambda protocol: None, Limits(head_bytes=500, raw_bytes=5000), guard)
    upper.callLater = Clock().callLater
    upper.http2 = True
    made = Bridge(upper, 500, 5000)
    made.makeConnection(wire)
    made.handshakeCompleted()
    record = Recording(http2=True)
    results: list[Any] = []
    request: Any = Request(b"GET", b"/x", Headers({b"Host": [b"a.test"]}), None, persistent=True)
    request.pressmark_recording = record
    upper.request(request).addBoth(results.append)
    return made, record, results


def test_a_forbidden_address_gets_no_byte_of_the_request() -> None:
    wire = Wire()
    _, record, (failure,) = bridge(Guard(), wire)
    assert wire.disconnected
    assert failure.value.reason == "private-address"
    assert record.attempts == []
    assert b"a.test" not in wire.value()


FRAMES = st.builds(
    lambda kind, flags, stream, payload: len(payload).to_bytes(3) + bytes([kind, flags]) + stream.to_bytes(4) + payload,
    st.integers(0, 10), st.integers(0, 255), st.sampled_from([0, 1, 2, 3, 2**31]),
    st.binary(max_size=30) | st.just(b"\x88") | st.just(b"\x88\x5c\x03abc"),
)  # fmt: skip


@given(st.lists(FRAMES | st.binary(max_size=20), max_size=20), st.integers(1, 40), st.booleans())
def test_nothing_that_comes_breaks_it(frames: list[bytes], step: int, polite: bool) -> None:
    wire = Wire()
    made, record, results = bridge(Guard(AddressPolicy.of(True)), wire)
    data = (b"" if not polite else bytes(3) + b"\x04\x00" + bytes(4)) + b"".join(frames)
    for begin in range(0, len(data), step):
        if not wire.disconnected:
            made.dataReceived(data[begin : begin + step])
    made.connectionLost(Failure(ConnectionDone()))
    (attempt,) = record.attempts
    assert len(results) == 1
    assert attempt.size <= 600
    assert attempt.closed or attempt.problem is None
