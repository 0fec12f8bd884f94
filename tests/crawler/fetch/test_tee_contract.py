"""The private names of Scrapy and Twisted that the tee leans on, and what to look at when an upgrade breaks one.

A failure here says that the library has moved the thing, not that the tee is wrong: read the source named in the test, follow the
thing to where it is now, change crawler/fetch/tee.py, and let test_handler.py judge. docs/decisions tells why there is a tee at all.
"""

import inspect

import scrapy
import twisted
from scrapy.core.downloader.handlers import http11
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.downloadermiddlewares.redirect import BaseRedirectMiddleware
from twisted.internet import _sslverify, endpoints
from twisted.internet.interfaces import IHandshakeListener, IProtocolNegotiationFactory
from twisted.protocols import tls
from twisted.protocols.basic import LineReceiver
from twisted.web import _newclient, client, http

from crawler.fetch.tee import TeePool, TeeProtocol, _CappedParser, _TeeFactory


def source(thing: object) -> str:
    return inspect.getsource(thing)


def test_versions() -> None:
    """Raise the pins in pyproject.toml only with the tests of this folder green."""
    assert scrapy.__version__.startswith("2.19.")
    assert (26, 10) <= tuple(map(int, twisted.__version__.split(".")[:2])) < (27, 0)


def test_the_handler_has_a_pool_and_a_size_limit_of_its_own() -> None:
    """scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler, ._base_http.BaseHttpDownloadHandler."""
    assert "self._pool: HTTPConnectionPool" in source(http11.HTTP11DownloadHandler.__init__)
    assert "pool=self._pool" in source(http11.HTTP11DownloadHandler.download_request)
    assert "self._default_maxsize" in source(http11.HTTP11DownloadHandler.download_request)
    assert inspect.iscoroutinefunction(http11.HTTP11DownloadHandler.download_request)


def test_the_pool_builds_connections_with_its_factory_and_gives_them_out_through_get_connection() -> None:
    """twisted.web.client.HTTPConnectionPool: ``_factory(quiescentCallback, repr(endpoint))``, ``getConnection(key, endpoint)``."""
    assert "self._factory(quiescentCallback, repr(endpoint))" in source(client.HTTPConnectionPool._newConnection)
    assert "endpoint.connect(" in source(client.HTTPConnectionPool._newConnection)
    assert list(inspect.signature(client.HTTPConnectionPool.getConnection).parameters) == ["self", "key", "endpoint"]
    assert "self._pool.getConnection(key, endpoint)" in source(client._AgentBase._requestWithEndpoint)
    assert issubclass(TeePool, client.HTTPConnectionPool)


def test_the_pool_sends_again_only_if_nothing_came() -> None:
    """twisted.web.client._RetryingHTTP11ClientProtocol: else an answer that was begun could be taken for a dead connection."""
    decides = source(client._RetryingHTTP11ClientProtocol._shouldRetry)
    assert "(RequestNotSent, RequestTransmissionFailed, ResponseNeverReceived)" in decides
    assert "self._newConnection().addCallback" in source(client._RetryingHTTP11ClientProtocol.request)


def test_a_request_writes_itself_to_the_transport_that_it_is_given() -> None:
    """twisted.web._newclient.HTTP11ClientProtocol.request: ``request.writeTo(self.transport)``."""
    assert "request.writeTo(self.transport)" in source(_newclient.HTTP11ClientProtocol.request)
    assert list(inspect.signature(_newclient.Request.writeTo).parameters) == ["self", "transport"]


def test_the_protocol_is_told_where_an_answer_ends() -> None:
    """twisted.web._newclient.HTTP11ClientProtocol: ``_finishResponse(rest)`` is the parser's finisher, looked up on the object."""
    assert "HTTPClientParser(request, self._finishResponse)" in source(_newclient.HTTP11ClientProtocol.request)
    assert "not self._currentRequest.persistent" in source(_newclient.HTTP11ClientProtocol._finishResponse_WAITING)
    assert "self._parser = None" in source(_newclient.HTTP11ClientProtocol._disconnectParser)
    assert "self._giveUp(Failure())" in source(_newclient.HTTP11ClientProtocol.dataReceived)
    assert issubclass(TeeProtocol, http11._LenientHTTP11ClientProtocol)


def test_the_parser_may_be_given_another_class() -> None:
    """scrapy.core.downloader.handlers.http11._LenientHTTP11ClientProtocol.request swaps it too, and it has no slots."""
    assert "self._parser.__class__ = _LenientHTTPClientParser" in source(http11._LenientHTTP11ClientProtocol.request)
    assert issubclass(_CappedParser, http11._LenientHTTPClientParser)
    assert issubclass(_CappedParser, LineReceiver)
    for name in ("lineReceived", "statusReceived", "headerReceived", "lineLengthExceeded"):
        assert hasattr(http11._LenientHTTPClientParser, name)
    assert "self.MAX_LENGTH" in source(LineReceiver.dataReceived)


def test_the_handshake_is_announced_to_the_protocol() -> None:
    """twisted.protocols.tls.TLSMemoryBIOProtocol: the protocol hears of the connection before TLS's first byte, and of its end."""
    assert IHandshakeListener.implementedBy(TeeProtocol)
    assert "self.wrappedProtocol.handshakeCompleted()" in source(tls.TLSMemoryBIOProtocol._checkHandshakeStatus)
    makes = source(tls.TLSMemoryBIOProtocol.makeConnection)
    assert makes.index("ProtocolWrapper.makeConnection(self, transport)") < makes.rindex("self._checkHandshakeStatus()")


def test_the_protocols_offered_are_those_of_the_factory_and_the_protocol_can_be_wrapped() -> None:
    """twisted.internet._sslverify.protosFromProtocol, twisted.internet.endpoints.wrapClientTLS: what is built is what is handed out."""
    assert "ipnf.acceptableProtocols()" in source(_sslverify.protosFromProtocol)
    assert "IProtocolNegotiationFactory(tlsFactory.wrappedFactory, None)" in source(_sslverify.protosFromProtocol)
    assert "protocol.wrappedProtocol" in source(endpoints._WrapperEndpoint.connect)
    assert isinstance(tls.TLSMemoryBIOProtocol.negotiatedProtocol, property)
    assert IProtocolNegotiationFactory.implementedBy(_TeeFactory)


def test_the_middlewares_that_are_subclassed() -> None:
    """scrapy.downloadermiddlewares: redirect's search for the Referer middleware, cookies' look at the public suffix list."""
    assert callable(BaseRedirectMiddleware._engine_started)
    assert "self._process_cookies(cookies, jar=jar, request=request)" in source(CookiesMiddleware.process_response)
    assert "jar = self.jars[cookiejarkey]" in source(CookiesMiddleware.process_response)


def test_an_endless_size_line_and_endless_trailers_have_their_own_words() -> None:
    """twisted.web.http._ChunkedTransferDecoder: crawler.fetch.outcome tells them from garbage by these."""
    said = source(http._ChunkedTransferDecoder)
    assert "Chunk size line exceeds maximum of" in said
    assert "Trailer headers data is too long." in said
