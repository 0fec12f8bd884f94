"""Collections made of rows alone: what an export reads, without crawling."""

import dataclasses
import gzip
import hashlib
import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.layout import SiteLayout
from crawler.ledger import Ledger
from crawler.record import SCHEMA_VERSION, Article, Extraction, FieldSources, Rights, article_id, to_json, utc

START = datetime(2026, 11, 1, 6, tzinfo=UTC)
_WORDS = [
    "harbour",
    "council",
    "ferry",
    "bread",
    "ledger",
    "storm",
    "lantern",
    "quarry",
    "tide",
    "school",
    "museum",
    "bridge",
]


def article(number: int = 0, *, site: str = "one", **changes: object) -> Article:
    """The ``number``-th article of a made-up paper: plain, whole, and with little that is not needed."""
    dice = random.Random(f"{site} {number}")
    text = "\n\n".join(" ".join(dice.choices(_WORDS, k=40)).capitalize() + "." for _ in range(3))
    url = f"https://{site}.example/{number:06d}"
    fetched = utc(START + timedelta(hours=number))
    made = Article(
        schema_version=SCHEMA_VERSION, id=f"urn:uuid:{dice.getrandbits(128):032x}", article_id=article_id(url), revision=1, previous_id=None,
        change="new", run_id="run-1", site=site, url=url, requested_url=url, canonical_url=None, domain=f"{site}.example", discovered_via="feed",
        discovered_url=None, discovered_at=fetched, title=f"Story {number} of {site}", description=None, authors=[], section=None, tags=[],
        language="en", published_at=fetched, published_raw=None, modified_at=None, text=text, word_count=120, images=[], page_type="article",
        access="free", quality=0.9, flags=[], removed_chars=0, removed_kinds=[], text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        duplicate_of=None, duplicate_kind=None, duplicate_similarity=None, withdrawn_at=None, withdrawn_reason=None, extraction=Extraction(tool="pressmark", version="0.1.0", method="anchor", profile_sha256=None),
        field_sources=FieldSources(title="html"), fetched_at=fetched, http_status=200, content_type="text/html", warc_filename=f"{site}.warc.gz",
        warc_record_offset=number * 1000, warc_record_length=1000, payload_digest="sha256:" + "0" * 64, capture_fidelity="wire",
        rights=Rights(robots="allowed", meta_robots=None, tdm_reservation=None, tdm_policy=None, license_url=None),
    )  # fmt: skip
    return dataclasses.replace(made, **changes)


def fill(site: SiteLayout, articles=(), removed=(), failures=(), *, commit: bool = True) -> None:
    """Write rows into a site's folder, and commit them to its ledger."""
    site.warc.mkdir(parents=True, exist_ok=True)
    month = f"{START:%Y-%m}"
    sizes = {}
    for kind, rows in (("articles", articles), ("removed", removed), ("failures", failures)):
        path = site.rows(kind, month)
        path.parent.mkdir(exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.writelines(to_json(row) + "\n" for row in rows)
        sizes[f"{kind}/{path.name}"] = path.stat().st_size
    if commit:
        ledger = Ledger(site.ledger)
        ledger.set_file_sizes(sizes)
        ledger.close()


def read(path: Path) -> list[dict]:
    """The rows of a ``.jsonl.gz``."""
    return [json.loads(line) for line in gzip.open(path, "rt", encoding="utf-8")]
