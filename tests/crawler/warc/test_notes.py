from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.warc.exchange import Provenance
from crawler.warc.notes import Notes, from_block, to_block

TEXT = st.none() | st.text(st.characters(codec=None), max_size=20)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45)), timezone(-timedelta(hours=3))])
PROVENANCE = st.builds(
    Provenance,
    site=TEXT,
    run_id=TEXT,
    role=st.sampled_from(["page", "robots", "feed", "sitemap", "section", "other"]),
    requested_url=TEXT,
    discovered_via=st.none()
    | st.sampled_from(["feed", "news_sitemap", "sitemap", "section", "link", "user", "import"]),
    discovered_url=TEXT,
    discovered_at=st.none() | st.datetimes(timezones=ZONES),
    title=TEXT,
    published_raw=TEXT,
    robots=st.sampled_from(["allowed", "disallowed", "ignored", "unknown"]),
)
NOTES = st.builds(
    Notes,
    provenance=PROVENANCE,
    fidelity=st.sampled_from(["wire", "reconstructed"]),
    interim=st.lists(st.binary(max_size=20), max_size=3).map(tuple),
    tls_certificate=TEXT,
    tls_chain=TEXT,
    tls_problem=TEXT,
    failure=TEXT,
    detail=TEXT,
)


@given(NOTES)
def test_round_trip_is_lossless(notes: Notes) -> None:
    assert from_block(to_block(notes)) == notes


@given(NOTES)
def test_block_holds_no_control_character(notes: Notes) -> None:
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in to_block(notes).decode().replace("\r\n", ""))


def test_block_is_readable() -> None:
    at = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    notes = Notes(
        provenance=Provenance(
            site="demo", role="page", discovered_via="feed", discovered_url="https://e.com/rss", discovered_at=at
        )
    )
    assert to_block(notes).decode().splitlines() == [
        "pressmark: 1",
        "captureFidelity: wire",
        "site: demo",
        "role: page",
        "discoveredVia: feed",
        "via: https://e.com/rss",
        "discoveredAt: 2026-11-23T10:00:00+00:00",
        "robots: unknown",
    ]


@pytest.mark.parametrize(
    "block", [b"", b"via: http://e.com/\r\nfetchTimeMs: 5\r\n", b"\x00\xff", b"{}", b"pressmark: 2\r\n"]
)
def test_other_tools_blocks_are_no_notes(block: bytes) -> None:
    assert from_block(block) is None


def test_unknown_words_count_as_absent() -> None:
    block = b"pressmark: 1\r\nrole: king\r\ndiscoveredVia: magic\r\ndiscoveredAt: soon\r\nrobots: maybe\r\ncaptureFidelity: x\r\nnew: y\r\n"
    assert from_block(block) == Notes()
