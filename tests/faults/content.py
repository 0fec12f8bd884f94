"""The faults of FAULTS.md's section 3 that a page can be, and the pages of section 6 that libraries trip over.

Sizes are those at which a library gives way, not the largest there are: tests/bench/bench_faults.py has the large ones.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.faults.fault import ROW, Fault, article, head, say, whole

DEEP = "3 nesting 300-1,000,000; 100 MB; 10 MB text or attribute; 200k attributes; 50k cells"
ODD = "3 NUL, control references, bad UTF-8, surrogates, U+2028, bidi"
FORGED = "3 fake WARC/HTTP in body, CR LF in URL/headers"
CLAIMS = "3 JSON-LD bombs, NaN, wrong types; title 5 MB; canonical to elsewhere"
OTHERS = "3 binary as html, PDF, empty 200, soft 404"
LIBRARIES = "6 what the libraries do"


def _page(row: str, change: Callable[[str], str | bytes], *, exact: bool = True, **options: object) -> Fault:
    """An article with something in it, whose text is the article's all the same."""

    def answer(html: bytes) -> bytes:
        made = change(html.decode())
        return whole(made if isinstance(made, bytes) else made.encode("utf-8", "surrogatepass"))

    return Fault(row=row, answer=answer, exact=exact and options.get("ends", ROW) == ROW, **options)


def _before(text: str, mark: str = "<p>Three") -> Callable[[str], str]:
    return lambda html: html.replace(mark, text + mark, 1)


def _after(text: str, mark: str = "</article>") -> Callable[[str], str]:
    return lambda html: html.replace(mark, text + mark, 1)


def _in_head(text: str) -> Callable[[str], str]:
    return lambda html: html.replace("</head>", text + "</head>", 1)


def _nested(depth: int, tag: str = "div") -> Callable[[str], str]:
    return lambda html: html.replace("<article>", f"<{tag}>" * depth + "<article>").replace(
        "</article>", "</article>" + f"</{tag}>" * depth
    )


def _odd(text: str) -> Callable[[str], str]:
    """Something odd within a paragraph of its own, so that the others' text stays known."""
    return lambda html: html.replace("</h1>", f"</h1><p hidden>{text}</p>", 1)


SENTENCE = "A sentence of plain words, long enough to count as one, is said again and again. "
WITHIN = {
    "nesting-of-300": _page(DEEP, _nested(300)),
    "nesting-of-3000": _page(DEEP, _nested(3_000), flags=frozenset({"deep-nesting"})),
    "nesting-of-100000": _page(DEEP, _nested(100_000), flags=frozenset({"deep-nesting"})),
    "nesting-of-spans": _page(DEEP, _nested(2_000, "span"), flags=frozenset({"deep-nesting"})),
    "nesting-of-lists": _page(DEEP, _nested(600, "ul><li"), exact=False),
    "unclosed-tags": _page(DEEP, _before("<b><i><font>" * 3_000), exact=False),
    "text-of-10-mb": _page(DEEP, _after(f"<p>{SENTENCE * 130_000}</p>"), exact=False),
    "attribute-of-10-mb": _page(DEEP, _before(f'<img alt="{"a" * 10_000_000}">')),
    "200000-attributes": _page(
        DEEP, _before(f"<img {' '.join(f'a{number}=1' for number in range(200_000))}>"), flags=frozenset({"attributes-cut"})
    ),
    "50000-cells": _page(DEEP, _after(f"<table>{'<tr><td>1</td><td>2</td></tr>' * 25_000}</table>"), exact=False),
    "comment-of-5-mb": _page(DEEP, _before(f"<!--{'-' * 5_000_000}-->")),
    "8000-paragraphs": _page(LIBRARIES, _after(f"<p>{SENTENCE}</p>" * 8_000), exact=False),
    "1000-rows-and-1000-paragraphs": _page(
        LIBRARIES, _after(f"<table>{'<tr><td>1</td></tr>' * 1_000}</table>" + "<p>short</p>" * 1_000), exact=False
    ),
    "reference-to-a-control": _page(LIBRARIES, _odd("&#x1;&#11;&#x1f;&#xFFFE;&#0;&#xD800;&#x110000;&#99999999999;")),
    "tag-like-an-urn": _page(LIBRARIES, _after("<pre><urn:uuid:0-0> said</pre>"), exact=False),
    "nul-bytes": _page(ODD, lambda html: html.replace("on Tuesday", "on\0 Tuesday\0").encode()),
    "all-controls": _page(ODD, lambda html: html.replace("</h1>", "".join(map(chr, range(1, 32))) + "</h1>")),
    "bad-utf-8": _page(ODD, lambda html: html.encode().replace(b"</h1>", b"\xff\xfe\xc3\x28\xed\xa0\x80\xf0\x28\x8c</h1>")),
    "lone-surrogates": _page(ODD, lambda html: html.replace("</h1>", " \ud800\udfff\udc00</h1>")),
    "line-separators": _page(ODD, lambda html: html.replace("</h1>", " a\u2028b\u2029c\u0085d</h1>")),
    "bidi-overrides": _page(ODD, lambda html: html.replace("</h1>", " \u202egnp.exe\u202c\u2066x\u2069</h1>")),
    "escape-sequences": _page(ODD, lambda html: html.replace("</h1>", " \x1b[2J\x1b]0;owned\x07</h1>")),
    "noncharacters": _page(ODD, lambda html: html.replace("</h1>", " \ufdd0\ufffe\uffff\U0001ffff</h1>")),
    "a-warc-in-the-body": _page(
        FORGED, _after("<pre>\r\n\r\nWARC/1.1\r\nWARC-Type: response\r\nContent-Length: 9\r\n\r\nHTTP/1.1 \r\n\r\n</pre>"), exact=False
    ),
    "an-answer-in-the-body": _page(FORGED, _after("<pre>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc</pre>"), exact=False),
    "gzip-in-the-body": _page(FORGED, lambda html: html.encode().replace(b"</article>", b"<!--\x1f\x8b\x08\x00\x00\x00--></article>")),
    "ld-nested-20000": _page(CLAIMS, _in_head(f'<script type="application/ld+json">{"[" * 20_000}</script>')),
    "ld-of-nan": _page(CLAIMS, _in_head('<script type="application/ld+json">{"@type":"NewsArticle","headline":NaN,"author":Infinity}</script>')),
    "ld-of-a-million-digits": _page(
        CLAIMS, _in_head(f'<script type="application/ld+json">{{"@type":"NewsArticle","wordCount":{"9" * 1_000_000}}}</script>')
    ),
    "ld-of-wrong-types": _page(
        CLAIMS, _in_head('<script type="application/ld+json">{"@type":["NewsArticle",7,{}],"headline":{"a":[1]},"author":[[[]],null,3],'
                         '"datePublished":[true],"image":9,"@graph":{"@id":{}},"mainEntityOfPage":[0]}</script>'),
    ),
    "ld-of-a-circle": _page(
        CLAIMS, _in_head('<script type="application/ld+json">[{"@type":"NewsArticle","@id":"a","author":{"@id":"b"}},'
                         '{"@id":"b","@type":"Person","worksFor":{"@id":"a"},"author":{"@id":"b"}}]</script>'),
    ),
    "ld-of-20000-nodes": _page(
        CLAIMS, _in_head(f'<script type="application/ld+json">[{",".join(["{" + chr(34) + "@type" + chr(34) + ":" + chr(34) + "Thing" + chr(34) + "}"] * 20_000)}]</script>')
    ),
    "ld-of-200-scripts": _page(CLAIMS, _in_head('<script type="application/ld+json">{"@type":"NewsArticle","headline":"x"}</script>' * 200)),
    "ld-broken": _page(CLAIMS, _in_head('<script type="application/ld+json">{"@type":"NewsArticle","headline":"a\nb",,}</script>')),
    "title-of-5-mb": _page(CLAIMS, lambda html: html.replace("<title>", "<title>" + "T" * 5_000_000)),
    "canonical-elsewhere": _page(CLAIMS, _in_head('<link rel="canonical" href="http://169.254.169.254/latest/meta-data/">')),
    "canonical-of-javascript": _page(CLAIMS, _in_head('<link rel="canonical" href="javascript:alert(1)"><link rel="canonical" href="http://[">')),
    "10000-meta-tags": _page(CLAIMS, _in_head('<meta name="author" content="Somebody Else">' * 10_000)),
    "author-of-1-mb": _page(CLAIMS, _in_head(f'<meta name="author" content="{"A" * 1_000_000}">')),
    "date-of-wild-digits": _page(CLAIMS, _in_head(f'<meta property="article:published_time" content="{"9" * 5_000}-13-45T99:99:99+99:99">')),
}  # fmt: skip

BESIDE = {
    "pdf-as-html": Fault(row=OTHERS, serve=say(whole(b"%PDF-1.7\n" + bytes(range(256)) * 40)), ends="not-html"),
    "png-as-html": Fault(row=OTHERS, serve=say(whole(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)), ends="not-html"),
    "noise-as-html": Fault(row=OTHERS, serve=say(whole(bytes((n * 7919) % 251 for n in range(20_000)))), ends="not-html"),
    "zeros-as-html": Fault(row=OTHERS, serve=say(whole(b"\0" * 20_000)), ends="empty"),
    "pdf": Fault(row=OTHERS, serve=say(whole(b"%PDF-1.7\n" + b"1 0 obj" * 99, "application/pdf")), ends="not-html"),
    "json": Fault(row=OTHERS, serve=say(whole(json.dumps({"html": article("json")}), "application/json")), ends="not-html"),
    "html-as-binary": Fault(row=OTHERS, answer=lambda html: whole(html, "application/octet-stream"), exact=True),
    "html-as-text": Fault(row=OTHERS, answer=lambda html: whole(html, "text/plain"), exact=True),
    "html-of-no-type": Fault(row=OTHERS, answer=lambda html: head(Content_Length=len(html)) + html, exact=True),
    "empty-200": Fault(row=OTHERS, serve=say(head(Content_Type="text/html", Content_Length=0)), ends="empty"),
    "white-space-200": Fault(row=OTHERS, serve=say(whole(" \r\n\t " * 99)), ends="empty"),
    "no-content-204": Fault(row=OTHERS, serve=say(head("204 No Content")), ends="empty"),
    "page-that-says-it-is-not-there": Fault(
        row=OTHERS, ends="not-article",
        serve=say(whole("<!doctype html><title>404 Page not found</title><h1>Page not found</h1><p>The page you look for is gone.</p>")),
    ),
    "half-a-tag": Fault(row=OTHERS, answer=lambda html: whole(html + b'<p class="'), exact=True),
    "referrer-policy-of-a-callable": Fault(
        row="1 cookie / credential / Referer / proxy leak", answer=lambda html: whole(html, Referrer_Policy="sys.exit"), exact=True
    ),
    "header-of-cr-and-lf": Fault(
        row=FORGED, answer=lambda html: head(X_Odd=b"a\rWARC-Type: response\rb\x00\x0b", Content_Length=len(html)) + html, exact=True
    ),
    "header-of-all-bytes": Fault(
        row=FORGED, exact=True,
        answer=lambda html: head(X_Odd=bytes(n for n in range(256) if n not in (10, 13)), Content_Length=len(html)) + html,
    ),
    "content-type-of-a-forger": Fault(
        row=FORGED, answer=lambda html: whole(html, "text/html; a=\x1b[2J\x00; charset=utf-8\x0bWARC-Type: x"), exact=True
    ),
}  # fmt: skip
