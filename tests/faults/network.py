"""The faults of FAULTS.md's section 1 that a server can do to a page, by group; a group is a host of its own."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Callable
from typing import Any

import brotli

from tests.faults.fault import ELSEWHERE, ROW, Fault, article, chunked, endless, head, paragraphs, say, whole
from tests.faults.server import Line, Route

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAX_BODY = "1MB"
"""``politeness.max_body`` of these hosts: an answer without end is cut here."""
SLOW = "1 no answer, slow loris, stalled body, endless drip"
CUT = "1 reset / close mid-body, short chunk, no last chunk"
LENGTHS = "1 lying, negative, double, huge Content-Length; chunk size garbage"
ENDLESS = "1 endless body / chunks / trailers / extensions"
HEADS = "1 header flood, endless or 32 MB headers, 1xx flood"
BOMBS = "1 gzip/deflate/br/zstd bomb, nested, endless"
CODINGS = "1 raw deflate, wrong CE, cut gzip, bad CRC, CE utf-8"
CHARSETS = "1 wrong or hostile charset label"
LOOPS = "1 redirect loop, endless chain, cookie wall"
SCHEMES = "1 redirect to file/data/ftp/js, inside address, bad Location"
REFUSALS = "1 429/503 Retry-After (3, 1e9, garbage), 500 for ever"
UNASKED = "1 304 unasked, 206 unasked, lying ETag, churn"
POISON = "1 response splitting, keep-alive poison"

CHUNKS = head(Content_Type="text/html", Transfer_Encoding="chunked")
HTML = article("Fault").encode()


def _cut(row: str, *says: bytes, end: str = "drop") -> Fault:
    kept = bool(b"".join(says))
    return Fault(
        row=row, serve=say(*says, end=end), ends="disconnected", truncated="disconnect" if kept else None, kept=kept
    )


def _bad(row: str, says: bytes) -> Fault:
    return Fault(row=row, serve=say(says, end="hang"), ends="bad-response", truncated="unspecified")


def _flood(row: str, start: bytes, part: bytes) -> Fault:
    return Fault(row=row, serve=endless(start, part), ends="too-large", truncated="length")


def _late(row: str, serve: Route, *, kept: bool = True) -> Fault:
    return Fault(row=row, serve=serve, ends="timeout", truncated="time" if kept else None, kept=kept)


SLOW_ONES = {
    "no-answer": _late(SLOW, say(end="hang"), kept=False),
    "slow-loris-head": _late(SLOW, endless(head("200 OK")[:-2], b"X-Slow: 1\r\n", 0.3)),
    "slow-loris-status": _late(SLOW, endless(b"HTTP/1.1 200 ", b"O", 0.3)),
    "stalled-head": _late(SLOW, say(head()[:-2], end="hang")),
    "stalled-body": _late(SLOW, say(head(Content_Length=999) + HTML[:300], end="hang")),
    "stalled-chunk": _late(SLOW, say(CHUNKS + b"ff\r\nonly this", end="hang")),
    "endless-drip": _late(SLOW, endless(head(Content_Type="text/html"), b"x", 0.3)),
    "endless-drip-of-chunks": _late(SLOW, endless(CHUNKS, b"1\r\nx\r\n", 0.3)),
}

CUT_ONES = {
    "close-before-any-answer": _cut(CUT),
    "close-mid-head": _cut(CUT, b"HTTP/1.1 200 OK\r\nContent-Ty"),
    "close-mid-body": _cut(CUT, head(Content_Length=9_999) + HTML),
    "reset-mid-body": _cut(CUT, head(Content_Length=9_999) + HTML, end="reset"),
    "reset-mid-body-without-length": _cut(CUT, head(Content_Type="text/html") + HTML, end="reset"),
    "reset-before-any-answer": _cut(CUT, end="reset"),
    "short-chunk": _cut(CUT, CHUNKS + b"fff\r\n" + HTML[:200]),
    "no-last-chunk": _cut(CUT, CHUNKS + b"%x\r\n%b\r\n" % (len(HTML), HTML)),
    "no-end-of-trailers": _cut(CUT, CHUNKS + chunked(HTML)[:-2]),
    "length-too-long": _cut(LENGTHS, head(Content_Length=len(HTML) + 1) + HTML),
    "length-huge-then-close": _cut(LENGTHS, head(Content_Length=99_999_999_999_999) + HTML),
    "chunk-size-huge-then-close": _cut(LENGTHS, CHUNKS + b"fffffffffffffff\r\n" + HTML),
}

BAD_ONES = {
    "length-negative": _bad(LENGTHS, head(Content_Length=-3) + HTML),
    "length-with-plus": _bad(LENGTHS, head(Content_Length="+3") + HTML),
    "length-of-words": _bad(LENGTHS, head(Content_Length="many") + HTML),
    "length-of-5000-digits": _bad(LENGTHS, head(Content_Length="9" * 5000) + HTML),
    "two-lengths-that-differ": _bad(
        LENGTHS, b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"
    ),
    "chunk-size-garbage": _bad(LENGTHS, CHUNKS + b"zz\r\n" + HTML),
    "chunk-size-negative": _bad(LENGTHS, CHUNKS + b"-1\r\n" + HTML),
    "chunk-size-empty": _bad(LENGTHS, CHUNKS + b"\r\n" + HTML),
    "chunk-longer-than-its-size": _bad(LENGTHS, CHUNKS + b"3\r\nabcdef\r\n0\r\n\r\n"),
    "unknown-transfer-coding": _bad(LENGTHS, head(Transfer_Encoding="odd") + HTML),
    "no-http-at-all": _bad(LENGTHS, b"\x00\x01\x02 no HTTP here\r\n\r\n"),
    "ssh-banner": _bad(LENGTHS, b"SSH-2.0-OpenSSH_9.2\r\n"),
    "status-of-words": _bad(LENGTHS, b"HTTP/1.1 fine OK\r\n\r\n"),
    "206-unasked": _bad(
        UNASKED,
        head("206 Partial Content", Content_Type="text/html", Content_Range=f"bytes 0-99/{len(HTML)}", Content_Length=100)
        + HTML[:100],
    ),
}  # fmt: skip

ENDLESS_ONES = {
    "endless-body": _flood(ENDLESS, head(Content_Type="text/html"), b"<p>words " * 8000),
    "endless-body-of-claimed-length": _flood(ENDLESS, head(Content_Length=99_999_999_999), b"<p>words " * 8000),
    "endless-chunks": _flood(ENDLESS, CHUNKS, b"4\r\nabcd\r\n" * 8192),
    "endless-tiny-chunks": _flood(ENDLESS, CHUNKS, b"1\r\na\r\n" * 8192),
    "endless-trailers": _flood(ENDLESS, CHUNKS + b"3\r\nabc\r\n0\r\n", b"X-Trailer: 0123456789\r\n" * 100),
    "endless-chunk-extension": _flood(ENDLESS, CHUNKS + b"3;name=", b"x" * 8192),
    "endless-chunk-size": _flood(ENDLESS, CHUNKS, b"0" * 8192),
    "header-flood": _flood(HEADS, b"HTTP/1.1 200 OK\r\n", b"X-Filler: 01234567890123456789\r\n" * 50),
    "endless-header-line": _flood(HEADS, b"HTTP/1.1 200 OK\r\nX-Filler: ", b"0123456789" * 500),
    "endless-status-line": _flood(HEADS, b"HTTP/1.1 200 ", b"OK " * 500),
    "interim-flood": Fault(
        row=HEADS, serve=endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"), ends="too-large", kept=None
    ),
    "interim-header-flood": _flood(HEADS, b"HTTP/1.1 103 Early Hints\r\n", b"A: b\r\n" * 100),
    "endless-gzip": _flood(BOMBS, head(Content_Encoding="gzip"), gzip.compress(b"x" * 100, mtime=0) * 500),
}


def _bomb(size: int, coding: str) -> bytes:
    """Zeros, coded. Made piece by piece."""
    piece = b"\0" * (1 << 20)
    if coding == "br":
        maker: Any = brotli.Compressor(quality=5)
        return b"".join([maker.process(piece) for _ in range(size >> 20)]) + bytes(maker.finish())
    if coding == "zstd":
        maker = zstd.ZstdCompressor()
        return b"".join(maker.compress(piece) for _ in range(size >> 20)) + bytes(maker.flush())
    maker = zlib.compressobj(9, wbits=31 if coding == "gzip" else 15)
    return b"".join(maker.compress(piece) for _ in range(size >> 20)) + bytes(maker.flush())


Coder = Callable[[bytes], bytes]


def _coded(
    row: str, coder: Coder, coding: str, *flags: str, ends: str = ROW, exact: bool = True, detail: str = ""
) -> Fault:
    """An answer that is said to have a coding."""
    return Fault(
        row=row, answer=lambda html: whole(coder(html), Content_Encoding=coding), flags=frozenset(flags), ends=ends,
        exact=exact and ends == ROW, detail=detail,
    )  # fmt: skip


def _as_it_is(row: str, answer: Coder) -> Fault:
    """An odd answer that gives its article all the same."""
    return Fault(row=row, answer=answer, exact=True)


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def _bombs(size: int, *codings: str) -> Coder:
    def code(html: bytes) -> bytes:
        data = _bomb(size, codings[0])
        for _ in codings[1:]:
            data = _gzip(data)
        return data

    return code


def _raw_deflate(data: bytes) -> bytes:
    maker = zlib.compressobj(wbits=-15)
    return maker.compress(data) + maker.flush()


def _longer(html: bytes) -> bytes:
    """The article with so many further paragraphs that a part of it is still one."""
    more = "".join(f"<p>{each}</p>" for name in range(200) for each in paragraphs(f"Place {name * name:x}"))
    return html.replace(b"</article>", more.encode() + b"</article>")


def _broken(html: bytes) -> bytes:
    data = _gzip(_longer(html))
    middle = len(data) // 2
    return data[:middle] + b"\xff" * 40 + data[middle + 40 :]


CODING_ONES = {
    "gzip-bomb": _coded(BOMBS, _bombs(64 << 20, "gzip"), "gzip", ends="empty", detail="damaged-bomb"),
    "deflate-bomb": _coded(BOMBS, _bombs(65 << 20, "deflate"), "deflate", ends="empty", detail="damaged-bomb"),
    "br-bomb": _coded(BOMBS, _bombs(128 << 20, "br"), "br", ends="empty", detail="damaged-bomb"),
    "zstd-bomb": _coded(BOMBS, _bombs(128 << 20, "zstd"), "zstd", ends="empty", detail="damaged-bomb"),
    "nested-gzip-bomb": _coded(BOMBS, _bombs(256 << 20, "gzip", "gzip"), "gzip, gzip", ends="empty", detail="damaged-bomb"),
    "gzip-bomb-behind-an-article": _coded(
        BOMBS, lambda html: _gzip(html + b" " * (64 << 20)), "gzip", "damaged-bomb"
    ),
    "five-codings": _coded(
        BOMBS, lambda html: _gzip(_gzip(_gzip(_gzip(_gzip(html))))), "gzip, gzip, gzip, gzip, gzip", ends="not-html", detail="damaged-too-many-codings"
    ),
    "two-codings": _coded(CODINGS, lambda html: _gzip(_gzip(html)), "gzip, gzip"),
    "raw-deflate": _coded(CODINGS, _raw_deflate, "deflate"),
    "zlib-deflate": _coded(CODINGS, zlib.compress, "deflate"),
    "gzip-that-is-none": _coded(CODINGS, bytes, "gzip", "damaged-not-coded"),
    "br-that-is-none": _coded(CODINGS, bytes, "br", "damaged-not-coded"),
    "deflate-that-is-none": _coded(CODINGS, bytes, "deflate", "damaged-not-coded"),
    "deflate-that-is-gzip": _coded(CODINGS, _gzip, "deflate"),
    "gzip-that-is-br": _coded(CODINGS, brotli.compress, "gzip", ends="not-html", detail="damaged-not-coded"),
    "cut-gzip": _coded(CODINGS, lambda html: _gzip(_longer(html))[:-400], "gzip", "damaged-cut-gzip", exact=False),
    "gzip-of-bad-crc": _coded(CODINGS, lambda html: _gzip(html)[:-8] + b"\0\0\0\0" + _gzip(html)[-4:], "gzip", "damaged-bad-gzip"),
    "gzip-with-a-broken-block": _coded(CODINGS, _broken, "gzip", "damaged-bad-gzip", exact=False),
    "gzip-with-rubbish-behind": _coded(CODINGS, lambda html: _gzip(html) + b"rubbish", "gzip"),
    "cut-br": _coded(CODINGS, lambda html: brotli.compress(_longer(html))[:-400], "br", "damaged-cut-br", exact=False),
    "x-gzip": _coded(CODINGS, _gzip, "x-gzip"),
    "zstd-that-is-none": _coded(CODINGS, bytes, "zstd", "damaged-not-coded"),
    "cut-zstd": _coded(CODINGS, lambda html: zstd.compress(_longer(html))[:-400], "zstd", ends="empty", detail="damaged-cut-zstd"),
    "coding-utf-8": _coded(CODINGS, bytes, "utf-8", "damaged-unknown-coding"),
    "coding-none": _coded(CODINGS, bytes, "none"),
    "coding-of-10-kb": _coded(CODINGS, bytes, "x" * 10_000, "damaged-unknown-coding"),
    "same-length-twice": _as_it_is(
        LENGTHS, lambda html: head(Content_Length=len(html))[:-2] + b"Content-Length: %d\r\n\r\n" % len(html) + html
    ),
    "chunked-and-a-length": _as_it_is(
        LENGTHS, lambda html: CHUNKS[:-2] + b"Content-Length: 7\r\n\r\n" + chunked(html[:99], html[99:])
    ),
    "length-too-short": _as_it_is(LENGTHS, lambda html: head(Content_Length=len(html) - 20) + html),
    "keep-alive-poison": _as_it_is(POISON, lambda html: whole(html) + 2 * whole(article("Poison"))),
    "a-second-answer-in-chunks": _as_it_is(POISON, lambda html: CHUNKS + chunked(html) + CHUNKS + chunked(b"Poison")),
}  # fmt: skip

ACCENTS = "\n\n".join([
    "Die Fähre fährt nach dem Sturm wieder, sagte das Hafenamt am Dienstag; niemand wurde verletzt, und die Brücke hält.",
    "Drei Leute warteten über eine Woche auf die Nachricht vom Kai, ehe das Rathaus für sie ein paar Zimmer räumte.",
    "Der Bürgermeister, der im Frühjahr einen Anleger versprochen hatte, möchte noch nicht sagen, wann man anfängt.",
])  # fmt: skip


LATE_ONES = {
    "late-poison": Fault(
        row=POISON, serve=say(whole(article("late-poison")), whole(article("Poison")), pause=0.05), exact=True
    ),
}
"""Where there is a pause between two requests, so that nothing is under way when it comes."""

GERMAN = "".join(f"<p>{each}</p>" for each in ACCENTS.split("\n\n"))


def _labelled(
    label: str, codec: str, *, meta: str | None = None, text: str | None = ACCENTS, mark: bytes = b""
) -> Fault:
    """A page of umlauts, coded by ``codec``, whose header and ``<meta>`` say something else."""

    def answer(html: bytes) -> bytes:
        named = f'<meta charset="{meta}">' if meta else ""
        page = f'<!doctype html><html lang="de">{named}<title>Hafen</title><!-- {label[:20]} {meta} {codec} -->'
        body = mark + f"{page}<article><h1>Hafen</h1>{GERMAN}</article>".encode(codec)
        return whole(body, "text/html" + (f"; charset={label}" if label else ""))

    return Fault(row=CHARSETS, answer=answer, text=text)


PYTHONS_OWN = (
    "rot13", "zlib", "base64", "idna", "undefined", "unicode_escape", "punycode", "hex", "mbcs", "utf-8-sig", "utf-7",
)  # fmt: skip
CHARSET_ONES = {
    **{f"charset-{label}": _labelled(label, "utf-8") for label in PYTHONS_OWN},
    "charset-of-10-kb": _labelled("x" * 10_000, "utf-8"),
    "charset-of-controls": _labelled("\x01\x7f", "utf-8"),
    "latin-1-that-is-windows-1252": _labelled("latin-1", "cp1252"),
    "mark-beats-header": _labelled("koi8-r", "utf-8", mark=b"\xef\xbb\xbf"),
    "header-beats-meta": _labelled("utf-8", "utf-8", meta="koi8-r"),
    "meta-without-header": _labelled("", "cp1252", meta="windows-1252"),
    "meta-says-utf-16": _labelled("", "utf-8", meta="utf-16"),
    "no-label-at-all": _labelled("", "utf-8"),
    "utf-16-without-mark": _labelled("utf-16le", "utf-16-le"),
    "utf-8-label-on-latin-1": _labelled("utf-8", "latin-1", text=ACCENTS.encode("latin-1").decode("utf-8", "replace")),
}


def _to(location: bytes, status: str = "302 Found", **fields: str) -> Route:
    return say(head(status, Location=location, Content_Length=0, **fields))


def _refused(row: str, location: bytes, ends: str = "bad-redirect", **options: Any) -> Fault:
    return Fault(row=row, serve=_to(location), ends=ends, **options)


def _wall(line: Line) -> None:
    back = head("302 Found", Set_Cookie="seen=yes; Path=/", Location="/wall-of-cookies", Content_Length=0)
    line.send(whole(article("wall-of-cookies")) if b"Cookie: seen=yes" in line.request else back)


def _steps(line: Line) -> None:
    number = int(line.request.split(b" ")[1].partition(b"?")[2] or b"0")
    line.send(head("302 Found", Location=f"/endless-chain?{number + 1}", Content_Length=0))


def redirects(inside: str) -> dict[str, Fault]:
    """Redirects; ``inside`` is host and port of an address that must not be reached."""
    return {
        "redirect-loop-of-one": Fault(row=LOOPS, serve=_to(b"/redirect-loop-of-one"), ends="too-many-redirects", hops=2),
        "redirect-loop-of-two": Fault(
            row=LOOPS, serve=_to(b"/loop-b"), beside={"/loop-b": _to(b"/redirect-loop-of-two")},
            ends="too-many-redirects", hops=4,
        ),
        "endless-chain": Fault(row=LOOPS, serve=_steps, ends="too-many-redirects", hops=21),
        "wall-of-cookies": Fault(row=LOOPS, serve=_wall, hops=2, exact=True),
        "wall-of-cookies-without-end": Fault(
            row=LOOPS, ends="too-many-redirects", hops=2,
            serve=_to(b"/wall-of-cookies-without-end", Set_Cookie="seen=no; Path=/"),
        ),
        "redirect-to-file": _refused(SCHEMES, b"file:///etc/passwd"),
        "redirect-to-data": _refused(SCHEMES, b"data:text/html,<p>abc"),
        "redirect-to-ftp": _refused(SCHEMES, b"ftp://localhost/a"),
        "redirect-to-javascript": _refused(SCHEMES, b"javascript:alert(1)"),
        "redirect-to-s3": _refused(SCHEMES, b"s3://bucket/a"),
        "redirect-with-password": _refused(SCHEMES, b"http://agent:sesame@faults.test/"),
        "redirect-inside": _refused(SCHEMES, f"http://{inside}/".encode(), "private-address"),
        "redirect-inside-as-a-number": _refused(SCHEMES, f"http://2130706434:{inside.partition(':')[2]}/".encode(), "private-address"),
        "redirect-inside-in-ipv6": _refused(
            SCHEMES, f"http://[::ffff:127.0.0.2]:{inside.partition(':')[2]}/".encode(), "private-address"
        ),
        "redirect-to-metadata": _refused(SCHEMES, b"http://169.254.169.254/latest/meta-data/", "private-address"),
        "location-without-host": _refused(SCHEMES, b"http://:80/"),
        "location-of-a-bad-port": _refused(SCHEMES, b"http://faults.test:99999/"),
        "location-of-bad-brackets": _refused(SCHEMES, b"http://[::1/"),
        "location-empty": Fault(row=SCHEMES, serve=_to(b""), ends="too-many-redirects", hops=2),
        "location-of-100-kb": _refused(SCHEMES, b"/" + b"a" * 100_000),
        "no-location": Fault(row=SCHEMES, serve=say(head("302 Found", Content_Length=0)), ends="bad-redirect"),
        "two-locations": Fault(
            row=SCHEMES, ends="bad-redirect",
            serve=say(b"HTTP/1.1 302 Found\r\nLocation: /first\r\nLocation: /second\r\nContent-Length: 0\r\n\r\n"),
        ),
        "split-location": Fault(
            row=POISON, hops=2, exact=True, beside={"/split%0d%0aSet-Cookie:%20evil=1": say(whole(article("split-location")))},
            serve=_to(b"/split%0d%0aSet-Cookie:%20evil=1"),
        ),
    }  # fmt: skip


def _again(first: Route, then: Route) -> Route:
    """Does one thing on a path's first request, another one later."""
    asked: set[int] = set()

    def route(line: Line) -> None:
        (then if asked else first)(line)
        asked.add(1)

    return route


AGAIN_ONES = {
    "cut-once": Fault(
        row=CUT, hops=2, exact=True,
        serve=_again(say(head(Content_Length=9_999) + HTML[:99], end="drop"), say(whole(article("cut-once")))),
    ),
    "cut-twice": Fault(
        row=CUT, hops=2, ends="disconnected", truncated="disconnect", serve=say(head(Content_Length=9_999) + HTML, end="drop")
    ),
    "busy-once": Fault(
        row=REFUSALS, hops=2, exact=True,
        serve=_again(say(head("503 Later", Retry_After=1, Content_Length=0)), say(whole(article("busy-once")))),
    ),
    "500-for-ever": Fault(row=REFUSALS, hops=2, ends="http-error", serve=say(head("500 Oops", Content_Length=0))),
}  # fmt: skip

REFUSED_ONES = {
    "429-with-garbage": Fault(row=REFUSALS, ends="blocked", serve=say(head("429 Slow", Retry_After="1e9", Content_Length=0))),
    "503-with-garbage": Fault(row=REFUSALS, ends="http-error", serve=say(head("503 Later", Retry_After="soon, maybe", Content_Length=0))),
    "503-in-the-past": Fault(
        row=REFUSALS, ends="http-error", serve=say(head("503 Later", Retry_After="Fri, 31 Dec 1999 23:59:59 GMT", Content_Length=0))
    ),
    "500": Fault(row=REFUSALS, ends="http-error", serve=say(whole("<p>oops").replace(b"200 OK", b"500 Oops"))),
    "304-unasked": Fault(row=UNASKED, ends="not-modified", serve=say(head("304 Not Modified", ETag='"x"'))),
    "200-with-a-lying-etag": _as_it_is(UNASKED, lambda html: whole(html, ETag='"always the same"')),
}  # fmt: skip

LEAKS = "1 cookie / credential / Referer / proxy leak"


def _told_elsewhere(name: str, cookie: str) -> Fault:
    """A redirect to another host, which shows its article to those only who tell it nothing of where they were."""
    there = f"/told-nothing/{name}"

    def lead(line: Line) -> None:
        port = line.request.partition(b"\r\nHost: ")[2].partition(b"\r\n")[0].rpartition(b":")[2].decode()
        line.send(head("302 Found", Set_Cookie=cookie, Location=f"http://{ELSEWHERE}:{port}{there}", Content_Length=0))

    def ask(line: Line) -> None:
        told = any(
            field in line.request.lower()
            for field in (b"\r\ncookie:", b"\r\nreferer:", b"\r\nauthorization:", b"\r\nproxy")
        )
        line.send(head("500 Told", Content_Length=0) if told else whole(article(name)))

    return Fault(row=LEAKS, serve=lead, beside={there: ask}, exact=True)


LEAKING_ONES = {
    "cookie-and-referer-of-another-host": _told_elsewhere("cookie-and-referer-of-another-host", "a=1"),
    "cookie-for-another-host": _told_elsewhere("cookie-for-another-host", f"a=1; Domain={ELSEWHERE}"),
    "cookie-of-a-whole-suffix": _told_elsewhere("cookie-of-a-whole-suffix", "a=1; Domain=.test"),
    "basic-credentials-asked-for": Fault(
        row=LEAKS, ends="blocked", serve=say(head("401 Who", WWW_Authenticate='Basic realm="x"', Content_Length=0))
    ),
    "proxy-credentials-asked-for": Fault(
        row=LEAKS, ends="blocked", serve=say(head("407 Who", Proxy_Authenticate='Basic realm="x"', Content_Length=0))
    ),
}

BUSY_FOR_EVER = Fault(
    row=REFUSALS, ends="http-error", serve=say(head("503 Later", Retry_After="1000000000", Content_Length=0))
)
"""Alone on its host: it is left alone until the next run."""


FAREWELLS = "1 TLS expired, self-signed, wrong host, no close_notify"


def _untrusted() -> Fault:
    return Fault(row=FAREWELLS, answer=whole, ends="tls-failed", kept=False, hops=0)


EXPIRED_ONES = {"expired-certificate": _untrusted()}
SELF_SIGNED_ONES = {"self-signed-certificate": _untrusted()}
WRONG_HOST_ONES = {"certificate-of-another-host": _untrusted()}
NO_TLS_ONES = {
    "https-where-http-is-spoken": Fault(row=FAREWELLS, answer=whole, ends="robots-unavailable", kept=False, hops=0)
}
INSECURE_ONES = {"expired-certificate-that-a-person-allows": Fault(row=FAREWELLS, answer=whole, exact=True)}
FAREWELL_ONES = {
    "no-close-notify": _cut(FAREWELLS, head(Content_Type="text/html") + HTML),
    "close-notify": Fault(row=FAREWELLS, exact=True, serve=say(head(Content_Type="text/html") + article("close-notify").encode(), end="close")),
}  # fmt: skip
