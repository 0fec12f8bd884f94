"""The wire tee against an odd server: what is archived equals, byte for byte, what the server logged."""

import gzip
import socket
import ssl
from typing import Any

import pytest

OK = b"HTTP/1.1 200 OK\r\n"
PAGE = b"<html><title>Odd</title><p>" + b"A page of plain words. " * 40


def length(data: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(data), data)


def chunked(*chunks: bytes, extension: bytes = b"", trailer: bytes = b"") -> bytes:
    framed = b"".join(b"%x%b\r\n%b\r\n" % (len(each), extension, each) for each in chunks)
    return b"Transfer-Encoding: chunked\r\n\r\n" + framed + b"0\r\n" + trailer + b"\r\n"


WHOLE = {
    "/plain": (OK + length(PAGE),),
    "/case": (OK + b"CONTENT-type: text/html\r\nx-Odd-CASE: Yes\r\nContent-LENGTH: 3\r\n\r\nabc",),
    "/twice": (OK + b"Set-Cookie: a=1\r\nServer: odd\r\nSet-Cookie: b=2\r\nX: 1\r\nX: 2\r\n" + length(b"abc"),),
    "/noreason": (b"HTTP/1.1 200\r\n" + length(b"abc"),),
    "/reason": (b"HTTP/1.1 200 Tr\xe8s bien\r\n" + length(b"abc"),),
    "/lf": (b"HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 3\n\nabc",),
    "/latin1": (OK + b"X-Name: caf\xe9\r\n" + length(b"abc"),),
    "/fold": (OK + b"X-Folded: one\r\n  two\r\n\tthree\r\n" + length(b"abc"),),
    "/nocolon": (OK + b"this line has none\r\n" + length(b"abc"),),
    "/spaces": (OK + b"X-Space :  much   \r\n" + length(b"abc"),),
    "/badname": (OK + b"X Bad(Name): 1\r\n: none\r\n" + length(b"abc"),),
    "/long": (OK + b"Content-Security-Policy: " + b"x" * 60_000 + b"\r\n" + length(b"abc"),),
    "/gzip": (OK + b"Content-Encoding: gzip\r\n" + length(gzip.compress(PAGE, mtime=0)),),
    "/chunked": (OK + chunked(b"abc", b"d" * 5000, b"e"),),
    "/extension": (OK + chunked(b"abc", b"def", extension=b";name=value"),),
    "/trailer": (OK + chunked(b"abc", trailer=b"X-Trailer: late\r\n"),),
    "/upper": (OK + b"Transfer-Encoding: chunked\r\n\r\n000A\r\n0123456789\r\n0\r\n\r\n",),
    "/dribble": tuple(bytes([each]) for each in OK + chunked(b"abc", b"defg")),
    "/continue": (b"HTTP/1.1 100 Continue\r\n\r\n" + OK + length(b"abc"),),
    "/early": (b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n", OK + length(b"abc")),
    "/204": (b"HTTP/1.1 204 No Content\r\nX: 1\r\n\r\n",),
    "/304": (b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 99\r\n\r\n',),
    "/empty": (OK + b"Content-Length: 0\r\n\r\n",),
    "/404": (b"HTTP/1.1 404 Nope\r\n" + length(b"gone"),),
    "/503": (b"HTTP/1.1 503 Later\r\n" + length(b"wait"),),
    "/http10": (b"HTTP/1.0 200 OK\r\n" + length(b"abc"),),
    "/samelength": (OK + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",),
    "/both": (OK + b"Content-Length: 999\r\n" + chunked(b"abc"),),
    "/binary": (OK + b"Content-Type: image/png\r\n" + length(bytes(range(256)) * 300),),
    "/large": (OK + length(b"x" * 1_500_000),),
}  # fmt: skip
CLOSED = {
    "/toclose": (OK + b"Connection: close\r\n\r\nuntil the end",),
    "/toclose10": (b"HTTP/1.0 200 OK\r\n\r\nuntil the end",),
    "/closelength": (OK + b"Connection: Close\r\n" + length(b"abc"),),
}
TRAILING = {"/poison": (OK + length(b"abc"), b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison")}
CUT = {
    "/short": (OK + b"Content-Length: 100\r\n\r\nonly this", "drop", "disconnected", "disconnect"),
    "/shortchunk": (OK + b"Transfer-Encoding: chunked\r\n\r\nff\r\nonly", "drop", "disconnected", "disconnect"),
    "/nolast": (OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "drop", "disconnected", "disconnect"),
    "/reset": (OK + b"Content-Length: 100\r\n\r\nonly this", "reset", "disconnected", "disconnect"),
    "/resetend": (OK + b"\r\nuntil the", "reset", "disconnected", "disconnect"),
    "/halfhead": (OK + b"Content-Ty", "drop", "disconnected", "disconnect"),
    "/nothing": (b"", "drop", "disconnected", "disconnect"),
    "/stall": (OK + b"Content-Length: 100\r\n\r\nonly this", "hang", "timeout", "time"),
    "/silent": (b"", "hang", "timeout", "time"),
    "/garbage": (b"\x00\x01 this is no HTTP\r\n\r\n", "hang", "bad-response", "unspecified"),
    "/badchunk": (OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc", "hang", "bad-response", "unspecified"),
    "/badlength": (OK + b"Content-Length: -3\r\n\r\nabc", "hang", "bad-response", "unspecified"),
    "/twolengths": (OK + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", "hang", "bad-response", "unspecified"),
    "/badcoding": (OK + b"Transfer-Encoding: odd\r\n\r\nabc", "hang", "bad-response", "unspecified"),
}  # fmt: skip


def flood(start: bytes, part: bytes) -> Any:
    """A route without end."""

    def serve(line: Any) -> None:
        line.over = True
        line.send(start)
        while True:
            line.send(part)

    return serve


ENDLESS = {
    "/headers": flood(OK, b"X-Filler: 0123456789012345678901234567890123456789\r\n"),
    "/header": flood(OK + b"X-Filler: ", b"0123456789" * 500),
    "/interims": flood(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "/interimlines": flood(b"HTTP/1.1 103 Early Hints\r\n", b"A: b\r\n" * 100),
    "/body": flood(OK + b"\r\n", b"x" * 65536),
    "/chunks": flood(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"4\r\nabcd\r\n" * 8192),
    "/claims": flood(OK + b"Content-Length: 99999999999999\r\n\r\n", b"x" * 65536),
    "/trailers": flood(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-Trailer: 0123456789\r\n" * 100),
}


@pytest.fixture(scope="module")
def server(odd: Any, route: Any) -> Any:
    for path, parts in {**WHOLE, **TRAILING}.items():
        odd.routes[path] = route(*parts, pause=0.002 if len(parts) > 20 else 0)
    odd.routes["/early"] = route(*WHOLE["/early"], pause=0.2)
    odd.routes["/poison"] = route(b"".join(TRAILING["/poison"]))
    for path, parts in CLOSED.items():
        odd.routes[path] = route(*parts, end="close")
    for path, (data, end, *_) in CUT.items():
        odd.routes[path] = route(data, end=end)
    odd.routes.update(ENDLESS)
    odd.routes["/post"] = lambda line: line.send(OK + length(line.request[-9:]))
    odd.routes["/head"] = route(OK + b"Content-Length: 12345\r\nX: 1\r\n\r\n")
    return odd


@pytest.fixture(scope="module", params=["http", "https"])
def crawled(request: Any, server: Any, certificates: Any, crawl: Any) -> Any:
    """(prefix, server, crawl) of one crawl over all answers."""
    port = server.listen(certificates.context() if request.param == "https" else None)
    prefix = f"{request.param}://localhost:{port}"
    server.log.clear()
    result = crawl(
        *(prefix + path for path in [*WHOLE, *CLOSED, *TRAILING, *CUT, *ENDLESS]),
        {"url": prefix + "/post", "method": "POST", "body": "some=body"},
        {"url": prefix + "/head", "method": "HEAD"},
        PRESSMARK_MAX_RAW_BYTES=2_000_000,
    )
    return prefix, server, result


@pytest.mark.parametrize("path", [*WHOLE, *CLOSED, "/post", "/head"])
def test_a_whole_exchange_is_kept_as_it_crossed_the_wire(crawled: Any, path: str) -> None:
    prefix, server, result = crawled
    logged = server.answers(path)
    kept = result.of(prefix + path)
    assert [(each["sent"], each["received"]) for each in kept] == [(each.request, each.response) for each in logged]
    assert kept[0]["truncated"] is None
    assert kept[0]["fidelity"] == "wire"
    assert result.pages[prefix + path].captured
    assert not result.pages[prefix + path].failures


def test_what_is_recorded_beside_the_bytes(crawled: Any) -> None:
    prefix, _, result = crawled
    kept = result.of(prefix + "/plain")[0]
    assert kept["peer_ip"] == "127.0.0.1"
    assert kept["started"].endswith("+00:00")
    assert kept["provenance"]["role"] == "page"
    protocols = kept["protocols"]
    assert protocols[0] == "http/1.1"
    assert result.of(prefix + "/http10")[0]["protocols"][0] == "http/1.0"
    assert protocols[1:] == (["tls/1.3"] if prefix.startswith("https") else [])
    assert bool(kept["cipher_suite"]) == prefix.startswith("https")


def test_the_version_of_tls_is_the_one_that_was_spoken(odd: Any, route: Any, crawl: Any, certificates: Any) -> None:
    odd.routes["/old"] = route(OK + length(b"abc"))
    url = f"https://localhost:{odd.listen(certificates.context(version=ssl.TLSVersion.TLSv1_2))}/old"
    (kept,) = crawl(url).of(url)
    assert kept["protocols"] == ["http/1.1", "tls/1.2"]
    assert kept["cipher_suite"].startswith("TLS_ECDHE_ECDSA_WITH_")


@pytest.mark.parametrize("path", TRAILING)
def test_bytes_after_the_message_belong_to_nobody(crawled: Any, path: str) -> None:
    prefix, _, result = crawled
    assert [each["received"] for each in result.of(prefix + path)] == [TRAILING[path][0]]
    assert not any(b"poison" in each["received"] for each in result.exchanges)


@pytest.mark.parametrize("path", CUT)
def test_an_answer_cut_short_is_kept_and_flagged_and_fails(crawled: Any, path: str) -> None:
    prefix, server, result = crawled
    sent, _, reason, truncated = CUT[path]
    page = result.pages[prefix + path]
    assert page.status is None
    assert page.reason == reason
    assert {(url, why) for url, why, _ in page.failures} == {(prefix + path, reason)}
    kept = page.exchanges[-1]
    assert kept["truncated"] == truncated
    assert kept["received"] == sent
    assert kept["sent"] == server.answers(path)[-1].request
    assert page.captured == bool(sent)


@pytest.mark.parametrize("path", ENDLESS)
def test_an_answer_without_end_is_stopped_kept_and_flagged(crawled: Any, path: str) -> None:
    prefix, server, result = crawled
    page = result.pages[prefix + path]
    assert page.reason == "too-large"
    assert "more than" in page.detail or path == "/trailers"  # Twisted's own limit
    (kept,) = page.exchanges
    assert kept["truncated"] == "length"
    logged = server.answers(path)[0].response
    assert 0 < len(kept["received"]) < 2_100_000
    assert kept["received"] == logged[: len(kept["received"])]
    if path not in ("/body", "/chunks", "/claims"):
        assert len(kept["received"]) < 400_000


def test_every_request_has_one_outcome(crawled: Any) -> None:
    *_, result = crawled
    assert len(result.pages) == len(WHOLE) + len(CLOSED) + len(TRAILING) + len(CUT) + len(ENDLESS) + 2
    failed = sum(value for name, value in result.stats.items() if name.startswith("fetch/failed/"))
    assert failed == len(CUT) + len(ENDLESS)
    assert result.stats["fetch/exchanges"] == len(result.exchanges)


def test_a_kept_connection_that_is_dead_is_recorded_and_the_request_sent_again(
    odd: Any, route: Any, crawl: Any, certificates: Any
) -> None:
    odd.routes["/dies"] = lambda line: line.drop() if line.number else line.send(OK + length(b"abc"))
    for tls in (None, certificates.context()):
        port = odd.listen(tls)
        prefix = f"{'https' if tls else 'http'}://localhost:{port}/dies"
        odd.log.clear()
        result = crawl(f"{prefix}?1", f"{prefix}?2", CONCURRENT_REQUESTS_PER_DOMAIN=1)
        kept = result.of(f"{prefix}?2")
        assert [(each["sent"], each["received"]) for each in kept] == [
            (each.request, each.response) for each in odd.log if b"?2" in each.request
        ]
        assert [each["truncated"] for each in kept] == ["disconnect", None]
        assert [each["received"] for each in kept] == [b"", OK + length(b"abc")]
        assert result.pages[f"{prefix}?2"].status == 200


def test_nothing_is_recorded_as_sent_before_the_handshake_is_done(odd: Any, crawl: Any, certificates: Any) -> None:
    bad = (certificates.context(days=-1), certificates.context(known=False), certificates.context("elsewhere.test"))
    urls = [f"https://localhost:{odd.listen(tls)}/plain" for tls in bad]
    result = crawl(*urls)
    assert result.exchanges == []
    assert {why for _, why, _ in result.failures} == {"tls-failed"}
    assert all("verif" in detail or "match" in detail for *_, detail in result.failures), result.failures
    for url in urls:
        assert result.pages[url].reason == "tls-failed"
        assert not result.pages[url].captured
        assert {failed for failed, *_ in result.failures} >= {url, url.replace("/plain", "/robots.txt")}


def test_urls_that_lead_to_no_connection_or_no_tls(odd: Any, crawl: Any) -> None:
    plain = odd.listen()
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # and nobody listens
        expected = {
            f"https://localhost:{plain}/": "timeout",
            f"http://localhost:{bound.getsockname()[1]}/": "connect-failed",
            "http://nosuchhost.invalid/": "dns-failed",
            "ftp://localhost/": "bad-url",
            f"http://{'a' * 64}.test/": "dns-failed",
            "http://a..test/": "dns-failed",
        }
        result = crawl(*expected, PRESSMARK_IDLE_TIMEOUT=1, PRESSMARK_ROBOTS="ignore")
    assert result.exchanges == []
    assert {url: page.reason for url, page in result.pages.items()} == expected


def test_what_could_not_be_archived_is_not_captured(odd: Any, route: Any, crawl: Any) -> None:
    odd.routes["/unwritable"] = odd.routes["/diskfull"] = odd.routes["/fine"] = route(OK + length(b"abc"))
    prefix = f"http://localhost:{odd.listen()}"
    result = crawl(prefix + "/unwritable", prefix + "/diskfull", prefix + "/fine")
    reasons = {url.removeprefix(prefix): (page.reason, page.captured) for url, page in result.pages.items()}
    assert reasons == {
        "/unwritable": ("unexpected", False), "/diskfull": ("interrupted", False), "/fine": (None, True),
    }  # fmt: skip


def test_a_body_that_ends_with_a_tls_connection_must_end_with_its_farewell(
    odd: Any, route: Any, crawl: Any, certificates: Any
) -> None:
    odd.routes["/torn"] = route(OK + b"\r\nuntil the end", end="drop")
    port = odd.listen(certificates.context())
    url = f"https://localhost:{port}/torn"
    result = crawl(url)
    (kept,) = result.of(url)
    assert kept["truncated"] == "disconnect"
    assert kept["received"] == OK + b"\r\nuntil the end"
    assert result.pages[url].reason == "disconnected"


def test_the_time_of_a_fetch_is_limited_however_it_drips(odd: Any, crawl: Any) -> None:
    def drip(line: Any) -> None:
        line.over = True
        line.send(OK + b"\r\n")
        while True:
            line.send(b"x")
            line.socket.settimeout(0.1)
            try:
                line.socket.recv(1)
            except TimeoutError:
                continue

    odd.routes["/drip"] = drip
    url = f"http://localhost:{odd.listen()}/drip"
    result = crawl(url, DOWNLOAD_TIMEOUT=2)
    (kept,) = result.of(url)
    assert kept["truncated"] == "time"
    assert kept["received"].startswith(OK + b"\r\nxx")
    assert result.pages[url].reason == "timeout"
