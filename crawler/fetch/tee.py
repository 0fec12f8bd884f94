"""The tee: records what crosses the wire, above TLS and below HTTP, and cuts off what has no end.

Owns the connection's side of a fetch: a protocol, a parser and a pool in the place of those that Scrapy's handler uses, each of
which does what the original does and records beside it. Above TLS and CONNECT, so one hook sees the plain bytes of every kind of
connection. Never changes a byte, never decides what becomes of a request.

It leans on private names of Scrapy 2.19 and Twisted 26.10; ``tests/crawler/fetch/test_tee_contract.py`` lists them.
"""

from __future__ import annotations

from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any

from scrapy.core.downloader.handlers.http11 import _LenientHTTP11ClientProtocol, _LenientHTTPClientParser
from scrapy.settings import BaseSettings
from twisted.internet.defer import Deferred, fail
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IHandshakeListener, IProtocolNegotiationFactory, ISSLTransport
from twisted.internet.protocol import Factory, connectionDone
from twisted.protocols.policies import TimeoutMixin
from twisted.python.failure import Failure
from twisted.web._newclient import RequestNotSent
from twisted.web.client import HTTPConnectionPool
from twisted.web.http_headers import InvalidHeaderName
from zope.interface import implementer

from crawler.errors import Reason
from crawler.fetch.attempt import Attempt, Recording, TlsSession
from crawler.fetch.guard import Guard, GuardedEndpoint, refusal
from crawler.fetch.outcome import FetchError
from crawler.fetch.peer import Verifier, session

recording: ContextVar[Recording] = ContextVar("recording")
"""The recording of the request that is being sent: the pool is asked for a connection while the handler begins to run."""

_TAG = "pressmark_recording"
"""Attribute of Twisted's request that names its recording, because the pool may send the request again much later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one answer may cost."""

    head_bytes: int = 256 * 1024
    """All heads of an answer together, interim answers included: PRESSMARK_MAX_HEAD_BYTES."""
    head_lines: int = 500
    """Lines of one head: PRESSMARK_MAX_HEAD_LINES."""
    interim: int = 50
    """Interim (1xx) answers: PRESSMARK_MAX_INTERIM."""
    raw_bytes: int = 32 * 1024 * 1024
    """The whole answer as it comes, head and codings included: PRESSMARK_MAX_RAW_BYTES."""
    idle: float = 30.0
    """Seconds to connect in, and seconds without a byte: PRESSMARK_IDLE_TIMEOUT. The time of a whole fetch is DOWNLOAD_TIMEOUT."""

    @classmethod
    def of(cls, settings: BaseSettings) -> Limits:
        """Limits from the settings, the defaults where there are none."""
        default = cls()
        return cls(
            head_bytes=settings.getint("PRESSMARK_MAX_HEAD_BYTES", default.head_bytes),
            head_lines=settings.getint("PRESSMARK_MAX_HEAD_LINES", default.head_lines),
            interim=settings.getint("PRESSMARK_MAX_INTERIM", default.interim),
            raw_bytes=settings.getint("PRESSMARK_MAX_RAW_BYTES", default.raw_bytes),
            idle=settings.getfloat("PRESSMARK_IDLE_TIMEOUT", default.idle),
        )


class _WriteTee:
    """The transport that a request writes itself to: records each write."""

    def __init__(self, transport: Any, sent: list[bytes]) -> None:
        self._transport = transport
        self._sent = sent

    def write(self, data: bytes) -> None:
        self._sent.append(data)
        self._transport.write(data)

    def writeSequence(self, parts: Any) -> None:
        self.write(b"".join(parts))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class _CappedParser(_LenientHTTPClientParser):
    """Scrapy's parser with an end to every head. Has no constructor: an object of the parent's class is turned into one."""

    limits: Limits = Limits()
    MAX_LENGTH = limits.head_bytes  # of one line: Twisted's 16 KiB is less than some Content-Security-Policy
    _bytes = _lines = _heads = 0

    def statusReceived(self, status: bytes) -> None:
        self._heads += 1
        self._lines = 0
        if self._heads > self.limits.interim + 1:
            raise FetchError(Reason.TOO_LARGE, f"more than {self.limits.interim} interim answers")
        super().statusReceived(status)

    def lineReceived(self, line: bytes) -> None:
        self._bytes += len(line) + 1
        self._lines += 1
        if self._bytes > self.limits.head_bytes:
            self.lineLengthExceeded(line)
        if self._lines > self.limits.head_lines + 2:  # the status line and the empty one
            raise FetchError(Reason.TOO_LARGE, f"more than {self.limits.head_lines} header lines")
        super().lineReceived(line)

    def headerReceived(self, name: bytes, value: bytes) -> None:
        """Skip a header whose name is none, as browsers do: Twisted would give up the whole answer."""
        with suppress(InvalidHeaderName):
            super().headerReceived(name.rstrip(b" \t"), value)

    def lineLengthExceeded(self, line: bytes) -> None:
        raise FetchError(Reason.TOO_LARGE, f"more than {self.limits.head_bytes} bytes of headers")


@implementer(IHandshakeListener)
class TeeProtocol(TimeoutMixin, _LenientHTTP11ClientProtocol):
    """One connection: records each exchange on it, and is not used again once it has said something unasked."""

    transport: Any
    http2 = False
    """Whether it speaks to a bridge (http2.py), on which there is one exchange a connection."""

    def __init__(self, quiescent: Any, limits: Limits, guard: Guard, verifier: Verifier | None = None) -> None:
        super().__init__(quiescent)
        self._verifier = verifier
        self._limits = limits
        self._guard = guard
        self._attempt: Attempt | None = None
        self._unusable: Exception | None = None
        self._ending: Failure | None = None
        self._secured = False
        self._tls: TlsSession | None = None

    def connectionMade(self) -> None:
        """The second line of defence: the address that is really connected to, before the first byte, TLS's included."""
        super().connectionMade()
        host = self.transport.getPeer().host
        if not self._guard.policy.allows(host):
            self._unusable = refusal([host])
            self.transport.abortConnection()

    def handshakeCompleted(self) -> None:
        """TLS stands: only now does what was sent leave."""
        self._secured = True
        if self._attempt is not None:
            self._describe_tls(self._attempt, getattr(self._currentRequest, _TAG).host)

    def _describe_tls(self, attempt: Attempt, host: str) -> None:
        if self._tls is None:
            self._tls = session(self.transport.getHandle(), host, self._verifier)
        attempt.tls = self._tls

    def request(self, request: Any) -> Deferred[Any]:
        """Send a request and record it; fails without sending on a connection that is not to be used."""
        if self._unusable is not None:
            return fail(self._unusable)
        tag: Recording = getattr(request, _TAG)
        attempt = tag.begin(self.transport.getPeer().host)
        attempt.http2 = self.http2
        attempt.secure = bool(ISSLTransport.providedBy(self.transport))
        if self._secured:
            self._describe_tls(attempt, tag.host)
        self._attempt = attempt
        request.writeTo = lambda transport: type(request).writeTo(request, _WriteTee(transport, attempt.sent))
        answer = super().request(request)
        parser: Any = self._parser
        parser.__class__ = _CappedParser  # as Scrapy does: Twisted names the parser's class in the middle of a method
        parser.limits, parser.MAX_LENGTH = self._limits, self._limits.head_bytes
        self.setTimeout(self._limits.idle)
        return answer

    def dataReceived(self, data: bytes) -> None:
        """Record what came, pass it to the parser, and cut off what is too long."""
        attempt = self._attempt
        if attempt is None:
            # Bytes that nobody asked for could only be taken for the answer to somebody else's question.
            self._unusable = RequestNotSent()
            self.transport.abortConnection()
        elif not attempt.closed:
            attempt.take(data)
            self.resetTimeout()
            super().dataReceived(data)
            if not attempt.closed and attempt.size > self._limits.raw_bytes:
                self._stop(attempt, FetchError(Reason.TOO_LARGE, f"more than {self._limits.raw_bytes} bytes"))
            elif self._attempt is attempt and self._parser is None:
                # The parser gave up. A polite goodbye over TLS would wait for the other side, who may never stop talking.
                self.transport.abortConnection()

    def timeoutConnection(self) -> None:
        """No byte for too long."""
        self.give_up(FetchError(Reason.TIMEOUT, f"no byte for {self._limits.idle:g} s"))

    def give_up(self, problem: FetchError) -> None:
        """End the exchange that is under way, if there is one, and the connection."""
        if self._attempt is not None and not self._attempt.closed:
            self._stop(self._attempt, problem)

    def _stop(self, attempt: Attempt, problem: FetchError) -> None:
        attempt.problem = problem
        attempt.closed = True
        self.transport.abortConnection()

    def _finishResponse(self, rest: bytes) -> None:
        """The parser says that the answer is over, and that ``rest`` is not part of it."""
        attempt, self._attempt = self._attempt, None
        self.setTimeout(None)
        if attempt is not None and not attempt.closed:
            attempt.finish(len(rest))
            if self._ending is not None and not self._ending.check(ConnectionDone):
                # A body that ends with the connection has ended well only if the connection did: over TLS, by close_notify.
                attempt.problem = FetchError(Reason.DISCONNECTED, "the connection broke before it was closed")
        if (rest or self.http2) and self._currentRequest is not None:
            self._unusable = RequestNotSent()
            self._currentRequest.persistent = False
        super()._finishResponse(rest)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The connection is gone; a body that it delimits ends here."""
        self._ending = reason
        self.setTimeout(None)
        super().connectionLost(reason)
        self._attempt = None


@implementer(IProtocolNegotiationFactory)
class _TeeFactory(Factory):
    """Builds the protocol of one connection; called by the pool with its callback and a name for logs.

    Offers http/1.1 by name (RFC 7301): a server that speaks only HTTP/2 then says so in the handshake.
    """

    noisy = False

    def __init__(self, limits: Limits, guard: Guard, verifier: Verifier | None, quiescent: Any, name: str) -> None:
        self._build = partial(TeeProtocol, quiescent, limits, guard, verifier)

    def acceptableProtocols(self) -> list[bytes]:
        return [b"http/1.1"]

    def buildProtocol(self, addr: object) -> TeeProtocol:
        return self._build()


class _Tagged:
    """What the pool hands out: tags the request, so that the recording survives the pool's own sending again."""

    def __init__(self, connection: Any, tag: Recording) -> None:
        self._connection = connection
        self._tag = tag

    def request(self, request: Any) -> Deferred[Any]:
        setattr(request, _TAG, self._tag)
        answer: Deferred[Any] = self._connection.request(request)
        return answer


class TeePool(HTTPConnectionPool):
    """Twisted's pool, of connections that record and are guarded.

    ``verifier`` is given where certificates are not verified: it says so in the record.
    """

    def __init__(
        self, reactor: Any, limits: Limits, guard: Guard, per_host: int, verifier: Verifier | None = None
    ) -> None:
        super().__init__(reactor, persistent=True)
        self.maxPersistentPerHost = per_host
        self._limits = limits
        self._factory: Any = partial(_TeeFactory, limits, guard, verifier)
        self._guarded = partial(GuardedEndpoint, guard=guard, reactor=reactor, timeout=limits.idle)

    def getConnection(self, key: Any, endpoint: Any) -> Deferred[Any]:
        """A connection for one request, which it will be recorded on."""
        tag = recording.get()
        guarded: Any = self._guarded(endpoint)
        if tag.http2:
            from crawler.fetch.http2 import BridgedEndpoint

            guarded, key = BridgedEndpoint(guarded, self._limits.head_bytes, self._limits.raw_bytes), ("h2", key)
        connected: Deferred[Any] = super().getConnection(key, guarded)
        return connected.addCallback(_Tagged, tag)
