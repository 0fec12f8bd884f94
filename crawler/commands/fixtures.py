"""Sample pages of a site: each a WACZ package, what extraction is expected to give, and where it came from. No subcommand itself.

They stand beside the user's sites, in ``fixtures/<site>/<article>/``: ``page.wacz``, ``expected.json``, ``meta.json``. Each page is taken
alone, without its site's memory, so that what is expected depends on the page, the site's YAML and the extractor only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler import __version__
from crawler.config import ExtractLimits, SiteConfig
from crawler.dataset.lookup import Row, rows
from crawler.layout import CollectionLayout, SiteLayout
from crawler.warc.cdxj import IndexEntry
from crawler.warc.reader import read_captures
from crawler.warc.wacz import Page, pack
from pipelines.offline import Offline
from pipelines.workers import WorkerPool

FIELDS = ("title", "authors", "published_at", "section", "language", "text")
"""What is expected of a page."""


def make_fixtures(collection: Path, site: SiteConfig, folder: Path) -> list[Path]:
    """Make a fixture of each article that the collection holds of a site; returns their folders."""
    layout = CollectionLayout(collection).site(site.site)
    made = [
        _pack(layout, row, folder / "fixtures" / site.site / row["article_id"])
        for row in {row["article_id"]: row for row in rows(layout, "articles") if not row["withdrawn_at"]}.values()
    ]
    for home, given in extract(made, site):
        _write(home / "expected.json", given)
    return made


def _pack(layout: SiteLayout, row: Row, home: Path) -> Path:
    """Pack the capture of one row; returns its folder."""
    page = Page(url=row["url"], date=datetime.fromisoformat(row["fetched_at"]), title=row["title"], record_id=row["id"])

    def is_wanted(entry: IndexEntry) -> bool:
        return (entry.filename, entry.offset) == (row["warc_filename"], row["warc_record_offset"])

    pack(
        home / "page.wacz",
        layout.warc_files(),
        pages=[page],
        title=row["title"] or row["url"],
        software=f"pressmark/{__version__}",
        created=datetime.now(UTC),
        wanted=is_wanted,
    )
    _write(
        home / "meta.json", {"url": row["url"], "fetched_at": row["fetched_at"], "made_by": f"pressmark/{__version__}"}
    )
    return home


def fixtures(folder: Path, site: SiteConfig) -> list[Path]:
    """Folders of a site's fixtures."""
    return sorted(path.parent for path in (folder / "fixtures" / site.site).glob("*/page.wacz"))


def check_fixtures(folder: Path, site: SiteConfig, *, update: bool = False) -> Iterator[tuple[Path, list[str]]]:
    """Extract a site's sample pages again; yields each folder with what differs from what is expected. ``update`` expects what came."""
    for home, given in extract(fixtures(folder, site), site):
        path = home / "expected.json"
        expected = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        wrong = [
            _difference(name, expected.get(name), given.get(name))
            for name in FIELDS
            if expected.get(name) != given.get(name)
        ]
        if wrong and update:
            _write(path, given)
        yield home, wrong


def extract(homes: list[Path], site: SiteConfig) -> Iterator[tuple[Path, dict[str, Any]]]:
    """What extraction gives of sample pages, each alone."""
    if not homes:
        return
    with WorkerPool(ExtractLimits(workers=1)) as pool:
        offline = Offline(pool, lambda _: site.rules, memory=False)
        for home in homes:
            for _, derived in offline.rows(read_captures(home / "page.wacz")):
                article = derived.article
                yield (
                    home,
                    {name: getattr(article, name) for name in FIELDS}
                    if article
                    else {"text": None, "reason": derived.verdict},
                )


def _difference(name: str, expected: object, given: object) -> str:
    if name == "text":
        return f"text: {len(str(given or ''))} characters came, {len(str(expected or ''))} were expected"
    return f"{name}: {given!r} came, {expected!r} was expected"


def _write(path: Path, value: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2, default=list) + "\n", encoding="utf-8")
