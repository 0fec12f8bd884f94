"""What belongs to what is taken down: by the records' own words and by address, and nothing else."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from crawler.layout import SiteLayout
from crawler.takedown.plan import reach
from crawler.warc.conversions import Conversion
from crawler.warc.exchange import Exchange, Provenance
from crawler.warc.writer import WarcWriter

AT = datetime(2026, 11, 25, tzinfo=UTC)
PAGE = b"<!doctype html><p>The ferry was late."


def exchange(path: str, body: bytes, minutes: int, role="page") -> Exchange:
    return Exchange(
        url=f"http://e.example{path}", started=AT + timedelta(minutes=minutes), sent=f"GET {path} HTTP/1.1\r\nHost: e.example\r\n\r\n".encode(),
        received=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body),
        provenance=Provenance(site="e", role=role, requested_url=f"http://e.example{path}"),
    )  # fmt: skip


@pytest.fixture
def site(tmp_path):
    """A page, its text, the same bytes under another address (a revisit), the page again with other bytes, a stranger, and a feed."""
    layout = SiteLayout(tmp_path / "e")
    ids = {}
    with WarcWriter(layout.warc, prefix="e", info={}, now=lambda: AT, host="h") as writer:
        first = writer.write(exchange("/story", PAGE, 1))
        ids["first"] = first.record_id
        writer.write_conversion(
            Conversion(refers_to=first.record_id, url="http://e.example/story", text="The ferry was late.")
        )
        ids["revisit"] = writer.write(exchange("/copy", PAGE, 2), revisit_of=first.origin).record_id
        ids["again"] = writer.write(exchange("/story", PAGE + b" Again.", 3)).record_id
        ids["stranger"] = writer.write(exchange("/other", b"<p>Nobody minded.", 4)).record_id
        ids["feed"] = writer.write(
            exchange("/rss", b"<rss><link>http://e.example/story</link></rss>", 5, role="feed")
        ).record_id
    return layout, ids


def rows(ids):
    text = sha256(b"The ferry was late.").hexdigest()

    def row(name: str, url: str, **more):
        return {"id": ids[name], "url": url, "text": "The ferry was late.", "text_sha256": text} | more

    return lambda: [
        row("first", "http://e.example/story"),
        row("again", "http://e.example/story", text_sha256="other"),
        row("stranger", "http://e.example/other"),
    ]


def test_a_capture_goes_with_its_request_metadata_and_text_and_with_what_repeats_its_bytes(site):
    layout, ids = site
    found = reach(layout, rows(ids), (), {ids["first"]})
    assert {each.id for each in found.captures} == {ids["first"], ids["revisit"]}
    assert sorted(each.kind for each in found.members) == [
        "conversion",
        "metadata",
        "metadata",
        "request",
        "request",
        "response",
        "revisit",
    ]
    assert found.urls == ()
    (path,) = layout.warc_files()
    for member in found.members:
        data = path.read_bytes()[member.offset : member.offset + member.length]
        assert sha256(data).hexdigest() == member.sha256


def test_a_revisit_that_goes_leaves_its_original(site):
    layout, ids = site
    found = reach(layout, rows(ids), (), {ids["revisit"]})
    assert {each.id for each in found.captures} == {ids["revisit"]}


def test_of_an_address_every_capture_goes_and_no_other(site):
    layout, ids = site
    found = reach(layout, rows(ids), ["http://e.example/story"], set())
    assert {each.id for each in found.captures} == {ids["first"], ids["again"], ids["revisit"]}
    assert found.rows == 2


def test_what_is_left_is_counted(site):
    layout, ids = site
    (layout.warc / "e.warc.gz.torn").write_bytes(b"x")
    found = reach(layout, rows(ids), ["http://e.example/story"], set())
    assert found.lists == 1
    assert found.copies == ["http://e.example/other"]
    assert found.torn == 1


def test_what_is_not_there_touches_nothing(site):
    layout, ids = site
    found = reach(layout, rows(ids), (), {"urn:uuid:00000000-0000-0000-0000-000000000000"})
    assert (found.captures, found.members, found.rows) == ([], [], 0)
