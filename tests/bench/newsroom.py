"""A made-up collection of any size: articles.jsonl, removed.jsonl, failures.jsonl and a ledger, without crawling. Fiction, from a seed.

Its columns are sparse on purpose: what only some papers give (pictures, tags, licences, policies …) is null in the first three quarters of the rows.
"""

from __future__ import annotations

import dataclasses
import hashlib
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.layout import CollectionLayout
from crawler.ledger import Ledger
from crawler.record import (
    SCHEMA_VERSION,
    Article,
    Block,
    Extraction,
    Failure,
    FieldSources,
    Image,
    Rights,
    article_id,
    to_json,
    utc,
)

_START = datetime(2026, 1, 1, 5, tzinfo=UTC)
_WORDS = [
    a + b
    for a in ["ba", "de", "ki", "lo", "mu", "ne", "pa", "ri", "so", "tu", "va"]
    for b in ["ckle", "ding", "mple", "nster", "rrow", "sset", "tide", "vern"]
]


def build(root: Path, rows: int, *, words: int = 700, sites: int = 4) -> None:
    """Make a collection of ``rows`` articles of about ``words`` words in the folder ``root``."""
    for number in range(sites):
        site = CollectionLayout(root).site(f"paper-{number}")
        site.warc.mkdir(parents=True)
        sizes: dict[str, int] = {}
        files: dict[str, list[str]] = {}
        for at in range(number, rows, sites):
            for kind, month, line in _lines(site.site, at, rows, words):
                files.setdefault(f"{kind}/{kind}-{month}.jsonl", []).append(line)
            if at % 4000 < sites:
                _append(site.root, files, sizes)
        _append(site.root, files, sizes)
        ledger = Ledger(site.ledger)
        ledger.start_run("run-1", "crawl", _START)
        ledger.set_file_sizes(sizes)
        ledger.end_run("run-1", at=_START + timedelta(hours=1), exit_code=0, summary={"articles": rows // sites})
        ledger.close()


def _append(root: Path, files: dict[str, list[str]], sizes: dict[str, int]) -> None:
    for name, lines in files.items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.writelines(lines)
        sizes[name] = path.stat().st_size
    files.clear()


def _lines(site: str, at: int, rows: int, words: int) -> Iterator[tuple[str, str, str]]:
    row = article(site, at, rich=at >= rows * 3 // 4 and at % 5 == 0, words=words)
    month = row.fetched_at[:7]
    yield "articles", month, to_json(row) + "\n"
    yield (
        "removed",
        month,
        to_json(
            Block(
                id=row.id, kind="nav", reason="landmark", path="body > nav", text="Home", pages_sharing=at % 9 or None
            )
        )
        + "\n",
    )
    if at % 50 == 0:
        yield "failures", month, to_json(_failure(row)) + "\n"


def article(site: str, at: int, *, rich: bool, words: int) -> Article:
    """An article that gives only what every paper gives, or (``rich``) everything there is."""
    dice = random.Random(f"{site} {at}")
    # a few of the rich ones print what an agency sends to all
    wire = random.Random(f"agency {at // 400}") if rich and at % 20 == 0 else dice
    text = "\n\n".join(" ".join(wire.choices(_WORDS, k=70)).capitalize() + "." for _ in range(max(1, words // 70)))
    when = _START + timedelta(minutes=11 * at, microseconds=dice.choice((0, 250_000)))
    url = f"https://{site}.example/{at:07d}"
    plain = Article(
        schema_version=SCHEMA_VERSION, id=f"urn:uuid:{dice.getrandbits(128):032x}", article_id=article_id(url), revision=1, previous_id=None,
        change="new", run_id="run-1", site=site, url=url, requested_url=url, canonical_url=None, domain=f"{site}.example", discovered_via="feed",
        discovered_url=None, discovered_at=None, title=f"{at} {dice.choice(_WORDS)}s in the {dice.choice(_WORDS)}", description=None, authors=[],
        section=None, tags=[], language="en", published_at=None, published_raw=None, modified_at=None, text=text,
        word_count=len(text.split()), images=[], page_type="article", access="free", quality=dice.randrange(50, 101) / 100, flags=[],
        removed_chars=4, removed_kinds=["nav"], text_sha256=hashlib.sha256(text.encode()).hexdigest(), duplicate_of=None, duplicate_kind=None,
        duplicate_similarity=None, extraction=Extraction(tool="pressmark", version="0.1.0", method="anchor", profile_sha256=None),
        field_sources=FieldSources(title="html"), fetched_at=utc(when), http_status=200, content_type=None, warc_filename=None,
        warc_record_offset=None, warc_record_length=None, payload_digest="sha256:" + "0" * 64, capture_fidelity="wire",
        rights=Rights(robots="allowed", meta_robots=None, tdm_reservation=None, tdm_policy=None, license_url=None), withdrawn_at=None,
        withdrawn_reason=None,
    )  # fmt: skip
    if not rich:
        return plain
    said = {field.name: "html" for field in dataclasses.fields(FieldSources)}
    return dataclasses.replace(
        plain, previous_id="urn:uuid:before", canonical_url=url, discovered_url=f"https://{site}.example/feed", discovered_at=utc(when),
        description="What it is about.", authors=["Ada Quill", "Bo Finch"], section="Harbour", tags=["2026", "tide"], published_at=utc(when),
        published_raw="today", modified_at=utc(when + timedelta(hours=1)), flags=["short"],
        images=[Image(url=f"{url}.jpg", caption=None, alt=None), Image(url=f"{url}-2.jpg", caption="The quay", alt="A quay")],
        duplicate_of="urn:uuid:first", duplicate_kind="near", duplicate_similarity=0.5, field_sources=FieldSources(**said),
        extraction=dataclasses.replace(plain.extraction, profile_sha256="0" * 64), content_type="text/html", warc_filename=f"{site}.warc.gz",
        warc_record_offset=at * 1000, warc_record_length=1000, withdrawn_at=None,
        rights=Rights(robots="allowed", meta_robots="noarchive", tdm_reservation=True, tdm_policy=f"https://{site}.example/tdm",
                      license_url="https://creativecommons.org/licenses/by/4.0/"),
    )  # fmt: skip


def _failure(row: Article) -> Failure:
    return Failure(
        site=row.site, run_id=row.run_id, url=row.url + "-gone", record_id=None, reason="not-found", http_status=404, first_try_at=row.fetched_at,
        last_try_at=row.fetched_at, discovered_via="feed", detail=None,
    )  # fmt: skip
