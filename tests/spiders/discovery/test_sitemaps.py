"""spiders/discovery/sitemaps.py: urlset, index, news, text, gzip, and what comes in their place."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.urls import check
from spiders.discovery.link import Found, Link
from spiders.discovery.sitemaps import MAX_ROBOTS_SITEMAPS, MAX_URLS, parse_sitemap, robots_sitemaps

URL = "https://paper.example/sitemap.xml"
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

PLAIN = f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset {NS} xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
 <url><loc>https://paper.example/a/1</loc><lastmod>2026-11-03</lastmod><changefreq>daily</changefreq>
  <image:image><image:loc>https://paper.example/picture.jpg</image:loc><image:title>Picture</image:title></image:image></url>
 <url><lastmod>2026-11-02</lastmod><loc>
   https://paper.example/a/2?x=1&amp;y=2
 </loc></url>
</urlset>"""

NEWS = f"""<urlset {NS} xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
 <url><loc>https://paper.example/a/1</loc><news:news><news:publication><news:name>The Paper</news:name>
  <news:language>en</news:language></news:publication><news:publication_date>2026-11-03T10:00:00+02:00</news:publication_date>
  <news:title><![CDATA[Bridge <i>opens</i>]]></news:title></news:news></url>
 <url><loc>https://paper.example/about</loc></url>
</urlset>"""

INDEX = f"""<sitemapindex {NS}><sitemap><loc>https://paper.example/news.xml</loc><lastmod>2026-11-03</lastmod></sitemap>
<sitemap><loc>/old.xml.gz</loc></sitemap></sitemapindex>"""


def sitemap(body: str | bytes) -> Found:
    return parse_sitemap(body.encode() if isinstance(body, str) else body, URL)


def slugs(found: Found) -> set[str]:
    return {problem.partition(":")[0] for problem in found.problems}


def urls(found: Found) -> list[str]:
    return [link.url.removeprefix("https://paper.example") for link in found.links]


def test_urlset_without_its_pictures() -> None:
    assert sitemap(PLAIN) == Found(
        links=(
            Link(url="https://paper.example/a/1", via="sitemap", modified_raw="2026-11-03"),
            Link(url="https://paper.example/a/2?x=1&y=2", via="sitemap", modified_raw="2026-11-02"),
        )
    )


def test_news_sitemap() -> None:
    assert sitemap(NEWS) == Found(
        links=(
            Link(
                url="https://paper.example/a/1",
                via="news_sitemap",
                title="Bridge opens",
                published_raw="2026-11-03T10:00:00+02:00",
            ),
            Link(url="https://paper.example/about", via="sitemap"),
        )
    )


def test_index() -> None:
    assert sitemap(INDEX) == Found(
        sources=("https://paper.example/news.xml", "https://paper.example/old.xml.gz"),
        source_dates=(("https://paper.example/news.xml", "2026-11-03"),),
    )


def test_an_index_that_names_itself() -> None:
    found = sitemap(
        f"<sitemapindex {NS}><sitemap><loc>{URL}</loc></sitemap><sitemap><loc>/b.xml</loc></sitemap></sitemapindex>"
    )
    assert found.sources == ("https://paper.example/b.xml",)
    assert slugs(found) == {"names-itself"}


@pytest.mark.parametrize(
    "change",
    [
        (NS, ""),
        (NS, 'xmlns="http://www.google.com/schemas/sitemap/0.84"'),
        ("urlset", "URLSET"),
        ("loc>", "LOC>"),
        ("<url>", "<url x=y>"),
        ("&amp;", "&"),
        ('<?xml version="1.0" encoding="UTF-8"?>', "\n\n  "),
        ('<?xml version="1.0" encoding="UTF-8"?>', "Notice: undefined index<br>"),
        ("https://paper.example/a/", "/a/"),
        ("<url>", "<s:url>"),
    ],
)
def test_sloppy_sitemaps(change: tuple[str, str]) -> None:
    body = PLAIN.replace(*change)
    if change[1] == "<s:url>":
        body = body.replace("</url>", "</s:url>")
    assert urls(sitemap(body)) == ["/a/1", "/a/2?x=1&y=2"]


def test_news_elements_whose_prefix_nobody_declared() -> None:
    found = sitemap(NEWS.replace('xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"', ""))
    assert found.links == sitemap(NEWS).links


@pytest.mark.parametrize("coding", ["utf-16", "utf-8-sig", "utf-16-le"])
def test_encodings(coding: str) -> None:
    assert sitemap(PLAIN.replace("UTF-8", "utf-16").encode(coding)).links == sitemap(PLAIN).links


def test_gzip_once_and_twice() -> None:
    assert sitemap(gzip.compress(PLAIN.encode())) == sitemap(PLAIN)
    assert sitemap(gzip.compress(gzip.compress(PLAIN.encode()))) == sitemap(PLAIN)
    half = PLAIN.encode()[:300], PLAIN.encode()[300:]
    assert sitemap(gzip.compress(half[0]) + gzip.compress(half[1])) == sitemap(PLAIN), "two members"


def test_a_torn_gzip_keeps_what_came() -> None:
    body = "<urlset>" + "".join(f"<url><loc>/{zlib.crc32(b'%d' % n)}</loc></url>" for n in range(2000))
    found = sitemap(gzip.compress(body.encode())[:5000])
    assert 100 < len(found.links) < 2000
    assert set(found.links) <= set(sitemap(body + "</urlset>").links), "no half address"
    assert slugs(found) >= {"bad-gzip", "broken-xml"}


def test_a_gzip_bomb_is_cut() -> None:
    packer = zlib.compressobj(9, wbits=31)
    megabyte = b" " * 1_000_000
    bomb = (
        packer.compress(b"<urlset><url><loc>/1</loc></url>")
        + b"".join(packer.compress(megabyte) for _ in range(60))
        + packer.flush()
    )
    found = sitemap(bomb)
    assert urls(found) == ["/1"]
    assert "too-large" in slugs(found)
    assert urls(sitemap(gzip.compress(bomb))) == ["/1"]


def test_a_text_sitemap() -> None:
    found = sitemap(
        "\ufeffhttps://paper.example/a/1\r\nhttps://paper.example/a/2\n\n# a note\nhttps://paper.example/a/1"
    )
    assert urls(found) == ["/a/1", "/a/2"]
    assert slugs(found) == {"not-a-sitemap"}


def test_a_text_sitemap_cut_off_loses_its_last_half_address() -> None:
    lines = "".join(f"https://paper.example/{zlib.crc32(b'%d' % n)}\n" for n in range(2000))
    assert set(sitemap(gzip.compress(lines.encode())[:5000]).links) <= set(sitemap(lines).links)


def test_a_feed_in_its_place() -> None:
    found = sitemap("<rss version='2.0'><channel><item><title>T</title><link>/a/1</link></item></channel></rss>")
    assert found.links == (Link(url="https://paper.example/a/1", via="feed", title="T"),)
    assert slugs(found) == {"is-a-feed"}


@pytest.mark.parametrize(
    ("body", "slug"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"<!doctype html><title>404</title>", "not-a-sitemap"),
        (b"<urlset></urlset>", "empty"),
        (b"<urlset", "broken-xml"),
        (b"PK\x03\x04\x00\x00", "not-a-sitemap"),
        (b"\x1f\x8b\x08", "bad-gzip"),
        (b"nothing of the kind", "not-a-sitemap"),
        (b"<urlset><url><loc></loc></url></urlset>", "bad-url"),
        (b"<urlset><url><loc>javascript:x</loc></url></urlset>", "bad-url"),
        (b"<urlset><url><loc>https://u:p@paper.example/</loc></url></urlset>", "bad-url"),
    ],
)
def test_what_is_no_sitemap_is_named(body: bytes, slug: str) -> None:
    found = sitemap(body)
    assert found.links == ()
    assert slug in slugs(found)


def test_a_torn_sitemap_keeps_the_good_part_and_no_half_address() -> None:
    for cut in ("/a/2?x", "</loc></url>\n</urlset>", "</url>\n</urlset>", "</urlset>"):
        found = sitemap(PLAIN[: PLAIN.rindex(cut) + 2])
        assert urls(found) in (["/a/1"], ["/a/1", "/a/2?x=1&y=2"]), cut
        assert "broken-xml" in slugs(found)


def test_a_broken_entry_does_not_cost_its_neighbours() -> None:
    found = sitemap(
        "<urlset><url><loc>/1</loc><url><loc>/2</loc></url><url><loc>/3</url><url><loc>/4</loc></x></url>"
        "<url><loc>/5</loc>&#1;&nope;</url><br><url><loc>/6</loc></url><url><loc>/7</loc></url></urlset>"
    )
    assert sorted(urls(found)) == ["/1", "/2", "/3", "/4", "/5", "/6", "/7"]


def test_no_entity_is_expanded_or_fetched() -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    found = sitemap(
        f'<!DOCTYPE urlset [<!ENTITY l0 "/lol">{levels}<!ENTITY file SYSTEM "file:///etc/passwd">'
        '<!ENTITY % remote SYSTEM "http://127.0.0.1:9/x.dtd"> %remote;]>'
        "<urlset><url><loc>/a?&l11;</loc></url><url><loc>/b?&file;</loc></url></urlset>"
    )
    assert urls(found) == ["/a?&l11;", "/b?&file;"]


def test_foreign_addresses_are_left_for_the_scope_to_judge() -> None:
    found = sitemap("<urlset><url><loc>https://other.example/1</loc></url></urlset>")
    assert [link.url for link in found.links] == ["https://other.example/1"]


def test_the_number_of_addresses_is_bounded_and_the_rest_named() -> None:
    def of(count: int) -> Found:
        return sitemap("<urlset>" + "".join(f"<url><loc>/{n}</loc></url>" for n in range(count)) + "</urlset>")

    whole = of(MAX_URLS)
    assert len(whole.links) == MAX_URLS
    assert whole.problems == ()
    found = of(MAX_URLS + 1000)
    assert len(found.links) == MAX_URLS
    assert slugs(found) == {"too-many-links"}


def test_the_number_of_mentions_is_bounded_too() -> None:
    again = "<url><loc>/1</loc></url>" * (2 * MAX_URLS + 1) + "<url><loc>/late</loc></url>"
    found = sitemap(f"<urlset>{again}</urlset>")
    assert urls(found) == ["/1"]
    assert slugs(found) == {"too-many-links"}
    found = sitemap("https://paper.example/1\n" * (2 * MAX_URLS) + "https://paper.example/late")
    assert urls(found) == ["/1"]
    assert slugs(found) == {"too-large"}


HOSTILE = {
    "open urls": b"<urlset>" + b"<url><loc>/1" * 100_000,
    "ampersands": b"<urlset>" + b"&" * 300_000,
    "less-than": b"<urlset>" + b"<" * 1_000_000,
    "attributes": b"<urlset " + b" ".join(b"a%d=''" % n for n in range(60_000)) + b"/>",
    "one loc": b"<urlset><url><loc>/" + b"x" * 3_000_000 + b"</loc></url></urlset>",
    "doctypes": b"<!DOCTYPE [" * 300_000,
    "no addresses": b"x\n" * 300_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_sitemaps_end(name: str) -> None:
    assert len(sitemap(HOSTILE[name]).links) <= 1


SAMPLES = [s.encode() for s in (PLAIN, NEWS, INDEX, "https://paper.example/1\nhttps://paper.example/2\n")]
SAMPLES += [gzip.compress(SAMPLES[0], mtime=0)]
MUTATION = st.tuples(
    st.integers(0, 1000), st.integers(0, 40), st.one_of(st.binary(max_size=6), st.sampled_from(SAMPLES))
)


@given(st.sampled_from(SAMPLES), st.lists(MUTATION, max_size=6))
def test_a_mutated_sitemap_never_raises(body: bytes, mutations: list[tuple[int, int, bytes]]) -> None:
    for at, cut, new in mutations:
        body = body[:at] + new + body[at + cut :]
    found = sitemap(body)
    for url in (*(link.url for link in found.links), *found.sources):
        assert check(url) == url
    assert {url for url, _ in found.source_dates} <= set(found.sources)


@given(st.binary(max_size=300), st.text(max_size=30))
def test_bytes_never_raise(body: bytes, url: str) -> None:
    parse_sitemap(body, url)
    parse_sitemap(b"<urlset><url>" + body, url)
    robots_sitemaps(body, url)


def test_robots_sitemaps() -> None:
    body = (
        b"\xef\xbb\xbfSitemap: https://paper.example/a.xml\rUser-agent: *\r\nDisallow: /x\n"
        b"  sitemap :https://paper.example/b.xml # the second\nSITEMAP: /c.xml\nSitemap: https://paper.example/a.xml\n"
        b"Sitemap: javascript:x\nSite-map: https://paper.example/d.xml\n#Sitemap: https://paper.example/no.xml\nSitemap:"
    )
    wanted = [f"https://paper.example/{n}.xml" for n in "abcd"]
    assert robots_sitemaps(body, "https://paper.example/robots.txt") == wanted
    assert robots_sitemaps(body) == [w for w in wanted if "c.xml" not in w]


def test_robots_sitemaps_are_bounded() -> None:
    body = b"".join(b"Sitemap: https://paper.example/%d.xml\n" % n for n in range(3 * MAX_ROBOTS_SITEMAPS))
    assert len(robots_sitemaps(body)) == MAX_ROBOTS_SITEMAPS
