"""HTTP/2, for a server that offers nothing else: a bridge on which the tee goes on to speak HTTP/1.1.

Owns the translation between the two. Below it stands TLS, above it the tee, to which it looks like any connection: the address
guard, all limits, the recording and the archive are the tee's own. What is recorded is the HTTP/1.1 rendering, for HTTP/2 has no
bytes that a WARC reader could read: field names in lower case as they came, no reason phrase, the body without frames. One request a
connection, so that the end of the stream can stand for the end of a body of unknown length. Trailers are not kept.

Needs the package h2 (``pip install pressmark[http2]``), which owns the protocol itself: RFC 9113, and RFC 7541 with its limits.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from h2 import events
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.exceptions import DenialOfServiceError, H2Error
from h2.settings import SettingCodes, Settings
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.internet.interfaces import IHandshakeListener, IProtocolNegotiationFactory, ISSLTransport
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure
from zope.interface import implementer

from crawler.errors import Reason
from crawler.fetch.outcome import FetchError

_STREAM = 1
_FRAME_HEAD = 9
_LONGEST_FRAME = 16_384
"""Bytes of a frame without its head, at most: what a server may send to who asks for no more (RFC 9113, 4.2)."""
_WINDOW = 65_535
"""Bytes of a request's body that can be sent before the server says anything (RFC 9113, 6.9.2)."""
_DATA = 0
"""Type of a DATA frame."""
_OF_THE_CONNECTION = frozenset(
    {b"connection", b"host", b"keep-alive", b"proxy-connection", b"transfer-encoding", b"te", b"upgrade"}
)
"""Fields that HTTP/2 says in another way or not at all (RFC 9113, 8.2.2)."""


@implementer(ISSLTransport)
class _Above:
    """The connection as the tee sees it."""

    def __init__(self, bridge: Bridge, transport: Any) -> None:
        self._bridge = bridge
        self._transport = transport

    def write(self, data: bytes) -> None:
        self._bridge.take_request(data)

    def writeSequence(self, parts: Iterable[bytes]) -> None:
        self.write(b"".join(parts))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


@implementer(IHandshakeListener)
class Bridge(Protocol):
    """One connection: ``upper`` speaks HTTP/1.1 above, HTTP/2 is spoken below."""

    transport: Any

    def __init__(self, upper: Any, head_bytes: int, raw_bytes: int) -> None:
        self.upper = upper
        self._head_bytes = head_bytes
        self._raw_bytes = raw_bytes
        self._h2 = H2Connection(H2Configuration(client_side=True, header_encoding=None))
        self._h2.decoder.max_header_list_size = head_bytes
        asked = {SettingCodes.ENABLE_PUSH: 0, SettingCodes.MAX_HEADER_LIST_SIZE: head_bytes}
        self._h2.local_settings = Settings(client=True, initial_values=asked)
        self._request = b""
        self._secured = self._asked = self._over = False
        self._waiting = bytearray()
        self._size = self._beside = 0

    def connectionMade(self) -> None:
        """Let the tee judge the address before the first byte."""
        self.upper.makeConnection(_Above(self, self.transport))

    def handshakeCompleted(self) -> None:
        """TLS stands: the request can go, if HTTP/2 it is."""
        if self.transport.negotiatedProtocol != b"h2":
            self._stop(Reason.TLS_FAILED, "the server agrees neither to http/1.1 nor to h2")
            return
        self._secured = True
        self.upper.handshakeCompleted()
        self._h2.initiate_connection()
        self._ask()

    def take_request(self, data: bytes) -> None:
        """A part of the request, from above."""
        self._request += data
        self._ask()

    def _ask(self) -> None:
        """Send the request when TLS stands and the request is whole."""
        head, end, body = self._request.partition(b"\r\n\r\n")
        if self._asked or not (self._secured and end):
            return
        line, *lines = head.split(b"\r\n")
        method, path, _ = line.split(b" ")
        pairs = [(name.strip().lower(), value.strip()) for name, _, value in (each.partition(b":") for each in lines)]
        known = dict(pairs)
        if len(body) < int(known.get(b"content-length", 0)):
            return
        if len(body) > _WINDOW:
            self._stop(Reason.UNEXPECTED, f"a request of more than {_WINDOW} bytes cannot be sent over HTTP/2")
            return
        self._asked = True
        fields = [(b":method", method), (b":scheme", b"https"), (b":authority", known[b"host"]), (b":path", path)]
        fields += [pair for pair in pairs if pair[0] not in _OF_THE_CONNECTION]
        self._h2.send_headers(_STREAM, fields, end_stream=not body)
        for begin in range(0, len(body), _LONGEST_FRAME):
            part = body[begin : begin + _LONGEST_FRAME]
            self._h2.send_data(_STREAM, part, end_stream=begin + len(part) == len(body))
        self._flush()

    def dataReceived(self, data: bytes) -> None:
        """Read frame by frame, so that a bad one costs nothing of those before it."""
        self._waiting += data
        self._size += len(data)
        while not self._over and len(self._waiting) >= _FRAME_HEAD:
            size = int.from_bytes(self._waiting[:3])
            if size > _LONGEST_FRAME:
                self._stop(Reason.BAD_RESPONSE, f"an HTTP/2 frame of {size} bytes")
            elif len(self._waiting) < _FRAME_HEAD + size:
                break
            else:
                frame = bytes(self._waiting[: _FRAME_HEAD + size])
                del self._waiting[: _FRAME_HEAD + size]
                self._read(frame)
        if not self._over and self._size > self._raw_bytes:
            self._stop(Reason.TOO_LARGE, f"more than {self._raw_bytes} bytes")
        if not self._over:
            self._flush()

    def _read(self, frame: bytes) -> None:
        if frame[3] != _DATA or len(frame) == _FRAME_HEAD:
            self._beside += len(frame)
            if self._beside > self._head_bytes:
                self._stop(Reason.TOO_LARGE, f"more than {self._head_bytes} bytes of HTTP/2 frames beside the body")
                return
        try:
            happened = self._h2.receive_data(frame)
        except DenialOfServiceError:
            self._stop(Reason.TOO_LARGE, f"more than {self._head_bytes} bytes of headers")
            return
        except H2Error as error:
            self._stop(Reason.BAD_RESPONSE, f"HTTP/2: {error}"[:300])
            return
        for event in happened:
            if not self._over:
                self._pass_on(event)

    def _pass_on(self, event: events.Event) -> None:
        if isinstance(event, (events.InformationalResponseReceived, events.ResponseReceived)):
            self.upper.dataReceived(_render(event.headers))
        elif isinstance(event, events.DataReceived):
            if event.data:
                self.upper.dataReceived(event.data)
            if event.flow_controlled_length and event.stream_ended is None:
                self._h2.acknowledge_received_data(event.flow_controlled_length, _STREAM)
        elif isinstance(event, events.StreamEnded):
            self._end(Failure(ConnectionDone()))
            self.transport.loseConnection()
        elif isinstance(event, events.StreamReset):
            self._stop(Reason.DISCONNECTED, f"the server reset the stream: {_code(event.error_code)}")
        elif isinstance(event, events.ConnectionTerminated) and (event.last_stream_id or 0) < _STREAM:
            self._stop(Reason.DISCONNECTED, f"the server went away: {_code(event.error_code)}")

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The connection is gone. Before the end of the stream it has broken, however politely."""
        self._end(Failure(ConnectionLost()) if self._asked and not self._over else reason)

    def _stop(self, reason: Reason, detail: str) -> None:
        self._over = True
        self.upper.give_up(FetchError(reason, detail))
        self.transport.abortConnection()

    def _end(self, reason: Failure) -> None:
        if self.upper is not None:
            self._over, upper, self.upper = True, self.upper, None
            upper.connectionLost(reason)

    def _flush(self) -> None:
        if data := self._h2.data_to_send():
            self.transport.write(data)


@implementer(IProtocolNegotiationFactory)
class _BridgeFactory(Factory):
    noisy = False

    def __init__(self, above: Any, head_bytes: int, raw_bytes: int) -> None:
        self._above = above
        self._limits = head_bytes, raw_bytes

    def acceptableProtocols(self) -> list[bytes]:
        return [b"h2"]

    def buildProtocol(self, addr: Any) -> Bridge:
        upper = self._above.buildProtocol(addr)
        upper.http2 = True
        return Bridge(upper, *self._limits)


class BridgedEndpoint:
    """An endpoint that gives out the tee's protocol with a bridge below it."""

    def __init__(self, endpoint: Any, head_bytes: int, raw_bytes: int) -> None:
        self._endpoint = endpoint
        self._limits = head_bytes, raw_bytes

    def __repr__(self) -> str:
        return repr(self._endpoint)

    def connect(self, protocolFactory: Any) -> Deferred[Any]:
        """Connect as the endpoint does, offering h2 only."""
        connected: Deferred[Any] = self._endpoint.connect(_BridgeFactory(protocolFactory, *self._limits))
        return connected.addCallback(lambda bridge: bridge.upper)


def _render(headers: Iterable[Any]) -> bytes:
    """The head as HTTP/1.1 would have it. h2 has refused any character that could end a line."""
    pairs = list(headers)
    status = next(bytes(value) for name, value in pairs if name == b":status")
    lines = [b"HTTP/1.1 " + status + b" "]
    lines += [bytes(name) + b": " + bytes(value) for name, value in pairs if not name.startswith(b":")]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _code(code: Any) -> str:
    return code.name if isinstance(code, ErrorCodes) else str(code)
