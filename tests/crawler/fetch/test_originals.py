"""Which exchanges become revisits: only those whose original is whole, on disk, and may stand for them."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.fetch.archiver import Archiver
from crawler.fetch.originals import Originals
from crawler.layout import SiteLayout
from crawler.ledger import Ledger, SourceState
from crawler.warc.exchange import Exchange, Provenance
from crawler.warc.reader import read_capture_at
from crawler.warc.writer import WarcWriter

BODY = b"<!doctype html>" + b"x" * 300
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 315\r\n\r\n" + BODY
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n13b\r\n" + BODY + b"\r\n0\r\n\r\n"
SMALL = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
UNCHANGED = b"HTTP/1.1 304 Not Modified\r\n\r\n"
FEED = Provenance(role="feed", requested_url="https://e.com/feed")


def exchange(received=PLAIN, method="GET", url="https://e.com/a", **more):
    sent = f"{method} /a HTTP/1.1\r\nHost: e.com\r\n\r\n".encode()
    return Exchange(url=url, started=datetime(2026, 11, 23, tzinfo=UTC), sent=sent, received=received, **more)


@pytest.fixture
def site(tmp_path):
    """Stores exchanges in runs of their own; returns the run's pointers."""
    layout = SiteLayout(tmp_path / "e.com")
    layout.root.mkdir()

    class Site:
        root = layout

        def run(self, *exchanges, after=lambda ledger, pointers: None):
            async def store():
                ledger = Ledger(layout.ledger)
                archiver = Archiver(
                    WarcWriter(layout.warc, prefix="e", info={}), originals=Originals(ledger, layout, str)
                )
                pointers = [(await archiver.store([each]))[0] for each in exchanges]
                after(ledger, pointers)
                await archiver.close()
                ledger.close()
                return pointers

            return asyncio.run(store())

        def read(self, pointer):
            return read_capture_at(layout.warc_file(pointer.filename), pointer.offset)

        def is_revisit(self, pointer):
            return pointer.origin is not None and pointer.origin.record_id != pointer.record_id

    return Site()


def note_feed(ledger, pointers):
    ledger.mark_source(
        SourceState(
            url="https://e.com/feed", kind="feed", etag='"1"', last_modified=None, fetched_at=None, http_status=200, links=1, new_links=1,
            problem=None, children=None, origin=pointers[0].origin, run_id=None,
        )
    )  # fmt: skip


@pytest.mark.parametrize("second", [PLAIN, CHUNKED])
def test_the_same_payload_is_kept_once_in_a_run_and_across_runs(site, second):
    first, again = site.run(exchange(), exchange(second, url="https://e.com/b"))
    [later] = site.run(exchange(second, url="https://e.com/c"))
    assert not site.is_revisit(first)
    for pointer in (again, later):
        assert site.is_revisit(pointer)
        assert pointer.origin.record_id == first.record_id  # never a revisit of a revisit
        assert (site.read(pointer).body, site.read(pointer).damaged) == (BODY, None)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (exchange(), exchange(PLAIN[:-1] + b"y")),
        (exchange(), exchange(method="POST")),
        (exchange(method="POST"), exchange()),
        (exchange(), exchange(truncated="disconnect")),
        (exchange(truncated="length"), exchange()),
        (exchange(PLAIN[:-1]), exchange(PLAIN[:-1])),
        (exchange(SMALL), exchange(SMALL)),
        (exchange(CHUNKED), exchange(CHUNKED)),
        (exchange(PLAIN.replace(b"200 OK", b"404 No")), exchange(PLAIN.replace(b"200 OK", b"404 No"))),
        (exchange(), exchange(UNCHANGED)),
    ],
    ids=["other", "post", "of-post", "cut", "of-cut", "short", "small", "of-chunked", "no-success", "304-of-no-source"],
)
def test_what_is_stored_in_full(site, first, second):
    site.run(first)
    [pointer] = site.run(second)
    assert not site.is_revisit(pointer)


@pytest.mark.parametrize("received", [PLAIN, CHUNKED, SMALL])
def test_a_304_stands_for_the_sources_last_answer(site, received):
    site.run(exchange(received, provenance=FEED), after=note_feed)
    [pointer] = site.run(exchange(UNCHANGED, provenance=FEED))
    assert site.is_revisit(pointer)
    found = site.read(pointer)
    assert (found.status, found.body, found.damaged) == (304, b"", None)


def test_a_304_of_another_source_stands_for_nothing(site):
    site.run(exchange(provenance=FEED), after=note_feed)
    [pointer] = site.run(exchange(UNCHANGED, provenance=replace(FEED, requested_url="https://e.com/other")))
    assert not site.is_revisit(pointer)


def lose(path):
    path.unlink()


def damage(path):
    data = bytearray(path.read_bytes())
    data[-150] ^= 0xFF
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def replace_with_another(path):
    path.write_bytes(b"")


@pytest.mark.parametrize("harm", [lose, damage, replace_with_another])
def test_an_original_that_is_no_longer_whole_stands_for_nothing(site, harm):
    site.run(exchange())
    [path] = site.root.warc_files()
    closed = path.with_suffix("")
    path.rename(closed)  # so that no repair looks at it
    harm(closed)
    [pointer] = site.run(exchange())
    assert not site.is_revisit(pointer)
    [again] = site.run(exchange())
    assert site.is_revisit(again)


def test_the_attempts_of_one_fetch_keep_their_order(site):
    async def store():
        ledger = Ledger(site.root.ledger)
        archiver = Archiver(
            WarcWriter(site.root.warc, prefix="e", info={}), originals=Originals(ledger, site.root, str)
        )
        found = await archiver.store([exchange(PLAIN + b"z" * n, url=f"https://e.com/{n}") for n in range(20)])
        await archiver.close()
        return [pointer.offset for pointer in found]

    offsets = asyncio.run(store())
    assert offsets == sorted(offsets)
