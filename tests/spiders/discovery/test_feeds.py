"""spiders/discovery/feeds.py: every dialect, every fault."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.urls import check
from spiders.discovery.feeds import MAX_ENTRIES, parse_feed
from spiders.discovery.link import Found, Link

URL = "https://paper.example/feeds/all.xml"

RSS2 = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">
 <channel><title>The Paper</title><link>https://paper.example/</link><description>All of it</description>
  <image><url>https://paper.example/logo.png</url><title>Logo</title><link>https://paper.example/logo</link></image>
  <item>
   <title>Bridge opens</title><link>https://paper.example/a/1</link><guid isPermaLink="false">x1</guid>
   <pubDate>Tue, 03 Nov 2026 10:00:00 +0200</pubDate><media:title>A picture's title</media:title>
   <description>&lt;a href="https://paper.example/not-an-entry"&gt;x&lt;/a&gt;</description>
  </item>
  <item><title>Second</title><link>/a/2</link><dc:date>2026-11-02</dc:date></item>
 </channel></rss>"""

RSS1 = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/">
 <channel rdf:about="https://paper.example/"><title>The Paper</title><link>https://paper.example/</link></channel>
 <item rdf:about="https://paper.example/a/1"><title>Bridge opens</title><link>https://paper.example/a/1</link>
 <dc:date>2026-11-03T10:00:00+02:00</dc:date></item></rdf:RDF>"""

RSS09 = """<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><title>The Paper</title><item><title>Bridge opens</title>
<link>https://paper.example/a/1</link></item></channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://paper.example/news/">
 <title>The Paper</title><link rel="self" href="https://paper.example/feed"/><link rel="next" href="/feed?page=2"/>
 <entry xml:base="2026/"><title type="html">Bridge &lt;em&gt;opens&lt;/em&gt;</title><id>tag:paper.example,2026:1</id>
  <link rel="enclosure" href="sound.mp3"/><link href="bridge"/><link rel="replies" href="bridge/comments"/>
  <published>2026-11-03T10:00:00Z</published><updated>2026-11-03T12:00:00Z</updated>
  <source><title>Other</title><link href="https://other.example/"/></source></entry>
 <entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Second <b>story</b></div></title>
  <link rel="alternate" type="text/html" href="/a/2"/><updated>2026-11-02T12:00:00Z</updated></entry>
</feed>"""

JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "The Paper",
    "next_url": "/feed.json?page=2",
    "items": [
        {
            "id": "1",
            "url": "/a/1",
            "title": "Bridge opens",
            "date_published": "2026-11-03",
            "date_modified": "2026-11-04",
        },
        {"id": "https://paper.example/a/2", "content_text": "no address but the id"},
        {"id": "3", "external_url": "https://other.example/3"},
    ],
}


def feed(body: str | bytes, content_type: str | None = "application/xml") -> Found:
    return parse_feed(body.encode() if isinstance(body, str) else body, content_type, URL)


def items(inner: str) -> str:
    return f'<rss version="2.0"><channel>{inner}</channel></rss>'


def slugs(found: Found) -> set[str]:
    return {problem.partition(":")[0] for problem in found.problems}


def test_rss_2() -> None:
    found = feed(RSS2)
    assert found == Found(
        links=(
            Link(
                url="https://paper.example/a/1",
                via="feed",
                title="Bridge opens",
                published_raw="Tue, 03 Nov 2026 10:00:00 +0200",
            ),
            Link(url="https://paper.example/a/2", via="feed", title="Second", published_raw="2026-11-02"),
        )
    )


def test_rss_1() -> None:
    assert feed(RSS1).links == (
        Link(
            url="https://paper.example/a/1", via="feed", title="Bridge opens", published_raw="2026-11-03T10:00:00+02:00"
        ),
    )


def test_rss_0_91_with_its_doctype() -> None:
    assert feed(RSS09) == Found(links=(Link(url="https://paper.example/a/1", via="feed", title="Bridge opens"),))


def test_atom_resolves_by_xml_base_and_takes_the_alternate_link() -> None:
    found = feed(ATOM)
    assert found == Found(
        links=(
            Link(
                url="https://paper.example/news/2026/bridge",
                via="feed",
                title="Bridge opens",
                published_raw="2026-11-03T10:00:00Z",
                modified_raw="2026-11-03T12:00:00Z",
            ),
            Link(
                url="https://paper.example/a/2", via="feed", title="Second story", modified_raw="2026-11-02T12:00:00Z"
            ),
        ),
        next_page="https://paper.example/feed?page=2",
    )


def test_json_feed() -> None:
    found = feed(json.dumps(JSON), "application/feed+json")
    assert [link.url for link in found.links] == [
        "https://paper.example/a/1",
        "https://paper.example/a/2",
        "https://other.example/3",
    ]
    assert (found.links[0].title, found.links[0].published_raw, found.links[0].modified_raw) == (
        "Bridge opens",
        "2026-11-03",
        "2026-11-04",
    )
    assert found.next_page == "https://paper.example/feed.json?page=2"
    assert found.problems == ()


def test_a_json_feed_that_breaks_off_keeps_its_whole_items() -> None:
    text = json.dumps(JSON)
    found = feed(text[: text.index("external_url")], "application/feed+json")
    assert [link.url for link in found.links] == ["https://paper.example/a/1", "https://paper.example/a/2"]
    assert slugs(found) == {"broken-json"}


@pytest.mark.parametrize(
    "value",
    [
        "{",
        "{}",
        '{"items": 5}',
        '{"items": [null, 5, {"url": 7}, {"url": ["x"]}]}',
        '{"items": [' + "[" * 100_000,
        '{"items":[' + "9" * 5000,
    ],
)
def test_json_of_wrong_types_is_named(value: str) -> None:
    found = feed(value, "application/feed+json")
    assert found.links == ()
    assert found.problems


def test_an_id_that_is_an_address_stands_in_for_a_missing_link() -> None:
    found = feed(
        items("<item><guid>https://paper.example/a/1</guid></item><item><guid isPermaLink='false'>5</guid></item>")
    )
    assert [link.url for link in found.links] == ["https://paper.example/a/1"]
    assert slugs(found) == {"bad-url"}


def test_feedburners_original_link_comes_first() -> None:
    item = "<item><link>https://burner.example/~r/1</link><feedburner:origLink>https://paper.example/a/1</feedburner:origLink></item>"
    declared = items(item).replace("<rss", '<rss xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"')
    assert [link.url for link in feed(declared).links] == ["https://paper.example/a/1"]
    assert [link.url for link in feed(items(item)).links] == ["https://paper.example/a/1"], "prefix not declared"


@pytest.mark.parametrize("date", ["yesterday", "0000-00-00", "Mon, 99 Foo 2026"])
def test_a_date_stays_as_it_stands_and_none_is_made_up(date: str) -> None:
    one, other = feed(
        items(f"<item><link>/1</link><pubDate>{date}</pubDate></item><item><link>/2</link><pubDate/></item>")
    ).links
    assert one.published_raw == date
    assert other.published_raw is None
    assert other.modified_raw is None


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("<![CDATA[<p>Bridge <b>op</b>ens</p>]]>", "Bridge opens"),
        ("<![CDATA[R&D &amp; more]]>", "R&D & more"),
        ("R&D &amp; more&hellip;", "R&D & more…"),
        ("1 &amp;lt; 2", "1 < 2"),
        ("One<![CDATA[\n  and ]]>two", "One and two"),
        ("\u202eevil\u202c \u007fx\u2066y\u2069", "evil xy"),
        ("a&#7;b&#0;c&#xFFFE;&#55296;d", "abcd"),
        ("שלום\u200f (עולם)", "שלום\u200f (עולם)"),
        ("x" * 5000, "x" * 1000),
        ("<!-- only a comment -->", None),
        ("<title>inside</title>", "inside"),
    ],
)
def test_titles_are_plain_text(markup: str, title: str | None) -> None:
    (link,) = feed(items(f"<item><title>{markup}</title><link>/1</link></item>")).links
    assert link.title == title


KYIV = items("<item><title>Київ</title><link>/1</link></item>")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ('<?xml version="1.0" encoding="utf-16"?>' + KYIV, None),
        ('<?xml version="1.0" encoding="windows-1251"?>' + KYIV, None),
        (KYIV, "text/xml; charset=windows-1251"),
        (KYIV, "text/xml; charset=utf-8"),
        (KYIV, "text/xml"),
        ('<?xml version="1.0" encoding="iso-8859-1"?>' + KYIV, "text/xml; charset=us-ascii"),
        ('<?xml version="1.0" encoding="rot13"?>' + KYIV, "x; charset=idna"),
    ],
)  # fmt: skip
def test_encodings(body: str, content_type: str | None) -> None:
    coding = "utf-16" if "utf-16" in body else "cp1251" if "1251" in body + (content_type or "") else "utf-8"
    found = feed(body.encode(coding), content_type)
    assert [(link.title, link.url) for link in found.links] == [("Київ", "https://paper.example/1")]
    assert found.problems == ()


def test_utf_16_without_a_byte_order_mark() -> None:
    for coding in ("utf-16-le", "utf-16-be"):
        assert feed(RSS2.encode(coding)).links == feed(RSS2).links


def test_bytes_of_no_encoding_cost_their_character_only() -> None:
    found = feed(items("<item><title>Ky@v</title><link>/1</link></item>").encode().replace(b"@", b"\xc3"))
    assert found.links[0].url == "https://paper.example/1"
    assert slugs(found) == {"bad-encoding"}


def test_a_compressed_feed_is_read() -> None:
    assert feed(gzip.compress(RSS2.encode())).links == feed(RSS2).links


def test_addresses_with_a_bare_ampersand_stay_whole() -> None:
    (link,) = feed(items("<item><link>/a?x=1&y=2&copy=3&reg;=4</link></item>")).links
    assert link.url == check("https://paper.example/a?x=1&y=2&copy=3®=4")


def test_a_torn_feed_keeps_the_good_part_and_no_half_address() -> None:
    for cut, count in (("<title>Second", 1), ("/a/2", 1), ("/a/2</lin", 1), ("</link><dc:date>2026", 2)):
        found = feed(RSS2[: RSS2.index(cut) + len(cut) - 1])
        assert [link.url for link in found.links] == [f"https://paper.example/a/{n}" for n in range(1, count + 1)], cut
        assert "broken-xml" in slugs(found)


def test_a_broken_entry_does_not_cost_its_neighbours() -> None:
    found = feed(
        items(
            "<item><title>A<br>B</b></title><link>/1</link></item><item><title>3 < 5</title><link>/2</link></item>"
            "<item x=y><link>/3</link></item><item><nope:title>x</nope:title><link>/4</link></item>"
        )
    )
    assert [link.url for link in found.links] == [f"https://paper.example/{n}" for n in (1, 2, 3, 4)]
    assert [link.title for link in found.links] == ["AB", "3 < 5", None, None]
    assert "broken-xml" in slugs(found)


@pytest.mark.parametrize(
    "junk", ["\n\n", "\ufeff", "Warning: mysql_connect() failed<br />\n", "<!-- cached -->", "\x00 \x01"]
)
def test_what_stands_before_a_feed_is_overlooked(junk: str) -> None:
    assert [link.url for link in feed(junk + RSS2).links] == [link.url for link in feed(RSS2).links]


def test_links_that_cannot_be_requested_are_named_and_counted() -> None:
    found = feed(
        items(
            "".join(
                f"<item><link>{u}</link></item>"
                for u in (
                    "javascript:alert(1)",
                    "mailto:x@y.example",
                    "https://user:pw@paper.example/",
                    "http://[",
                    "/ok",
                )
            )
        )
    )
    assert [link.url for link in found.links] == ["https://paper.example/ok"]
    assert [p for p in found.problems if p.startswith("bad-url") and "4 times" in p]


def test_doubles_are_one_link() -> None:
    found = feed(items("<item><link>/1</link></item><item><link>/1#x</link><title>T</title></item>"))
    assert found.links == (Link(url="https://paper.example/1", via="feed", title="T"),)


def test_no_entity_is_expanded_or_fetched() -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    body = (
        f'<!DOCTYPE rss [<!ENTITY l0 "lol">{levels}<!ENTITY file SYSTEM "file:///etc/passwd">'
        '<!ENTITY % remote SYSTEM "http://127.0.0.1:9/x.dtd"> %remote;]>'
        + items("<item><title>&l11;|&file;</title><link>/1</link></item>")
    )
    assert feed(body).links[0].title == "&l11;|&file;"


def test_the_number_of_entries_is_bounded_and_the_rest_named() -> None:
    found = feed(items("".join(f"<item><link>/{n}</link></item>" for n in range(MAX_ENTRIES + 5))))
    assert len(found.links) == MAX_ENTRIES
    assert slugs(found) == {"too-many-links"}
    whole = feed(items("".join(f"<item><link>/{n}</link></item>" for n in range(MAX_ENTRIES))))
    assert len(whole.links) == MAX_ENTRIES
    assert whole.problems == ()


@pytest.mark.parametrize(
    ("body", "slug"),
    [
        (b"", "empty"),
        (b"   ", "empty"),
        (b"<html><body>No such page</body></html>", "not-a-feed"),
        (b"<urlset/>", "not-a-feed"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not-a-feed"),
        (b"<rss><channel/></rss>", "empty"),
        (b"<rss", "broken-xml"),
        (b"file:///etc/passwd", "not-a-feed"),
        (b"https://paper.example/other-feed", "not-a-feed"),
        (b"\x1f\x8b\x08garbage", "bad-gzip"),
    ],
)
def test_what_is_no_feed_is_named(body: bytes, slug: str) -> None:
    found = feed(body)
    assert found.links == ()
    assert slug in slugs(found)


HOSTILE = {
    "open items": b"<rss>" + b"<item>" * 100_000,
    "ampersands": b"<rss>" + b"&" * 300_000 + b"</rss>",
    "less-than": b"<rss>" + b"<" * 1_000_000,
    "comments": b"<rss>" + b"<!--" * 300_000,
    "cdata": b"<rss>" + b"<![CDATA[" * 300_000,
    "doctypes": b"<!DOCTYPE [" * 300_000 + b"<rss/>",
    "newlines": b"\n" * 3_000_000 + b"<rss/>",
    "attributes": b"<rss " + b" ".join(b"a%d=''" % n for n in range(60_000)) + b"><channel/></rss>",
    "namespaces": b"<rss " + b" ".join(b"xmlns:p%d='u%d'" % (n, n) for n in range(20_000)) + b"><p7:item/></rss>",
    "links": b"<feed xmlns='http://www.w3.org/2005/Atom'><entry>" + b"<link href='a'/>" * 60_000 + b"</entry></feed>",
    "unnameable": b"<rss><a:1b><item><link>/</link></item></a:1b><:x/><item::y/></rss>",
    "title": b"<rss><item><title>" + b"&lt;!--" * 300_000 + b"</title><link>/1</link></item></rss>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_feeds_end(name: str) -> None:
    assert len(feed(HOSTILE[name]).links) <= 1


SAMPLES = [s.encode() for s in (RSS2, RSS1, RSS09, ATOM, json.dumps(JSON))]
MUTATION = st.tuples(
    st.integers(0, 2000), st.integers(0, 40), st.one_of(st.binary(max_size=6), st.sampled_from(SAMPLES))
)


@given(
    st.sampled_from(SAMPLES),
    st.lists(MUTATION, max_size=6),
    st.sampled_from([None, "text/xml; charset=utf-16", "x; charset=zlib"]),
)
def test_a_mutated_feed_never_raises(
    body: bytes, mutations: list[tuple[int, int, bytes]], content_type: str | None
) -> None:
    for at, cut, new in mutations:
        body = body[:at] + new + body[at + cut :]
    for link in parse_feed(body, content_type, URL).links:
        assert check(link.url) == link.url
        assert link.via == "feed"


@given(st.binary(max_size=300), st.text(max_size=30))
def test_bytes_never_raise(body: bytes, url: str) -> None:
    parse_feed(body, None, url)
    parse_feed(b"<rss><channel><item>" + body, "text/xml", url)
    parse_feed(b'{"items": [' + body, None, url)
