"""The stages inside a crawl: the only part of this folder that knows Scrapy.

An item is a page whose record is in the archive. It is surveyed at once, in a worker process, and held back until the run ends (or many are
held): then the site's memory is made from all surveys, and the rows of everything captured are derived, placed in history and committed.
What is derived is read back from the WARC, so that a crawl and ``pressmark extract`` cannot differ.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from crawler.collection import CapturedPage, Sibling
from crawler.warc.conversions import Conversion
from pipelines.basis import Basis
from pipelines.history import place
from pipelines.offline import learn, order_key, settle
from pipelines.workers import At, WorkerPool

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.collection import Row, SiteArchive
    from crawler.ledger import Entry
    from crawler.record import Article

HOLD = 500
"""Pages held back for the site's memory before rows are made in the midst of a run."""
_BATCH = 50
"""Captures whose rows are committed together."""


class ExtractionPipeline:
    """Scrapy item pipeline: derives rows from what was captured."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._held: dict[str, Future[str | None]] = {}
        self._pool: WorkerPool | None = None
        self._lock = asyncio.Lock()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ExtractionPipeline:
        """Make the pipeline of a crawler."""
        return cls(crawler)

    @property
    def _archive(self) -> SiteArchive:
        archive: SiteArchive = self._crawler.spider.archive  # type: ignore[union-attr]
        return archive

    def _workers(self) -> WorkerPool:
        if self._pool is None:
            self._pool = WorkerPool(self._archive.site.extract.limits)
        return self._pool

    async def process_item(self, item: Any) -> Any:
        """Survey a captured page; make rows if enough are held."""
        if isinstance(item, Sibling):
            self._survey(item.pointer.record_id, item.pointer.filename, item.pointer.offset)
        elif isinstance(item, CapturedPage):
            entry = self._archive.ledger.by_record(item.record_id)
            if entry:
                self._survey(entry.record_id, entry.warc_filename, entry.warc_offset)
            if len(self._held) >= HOLD:
                await self.flush()
        return item

    async def close_spider(self) -> None:
        """Make the rows of all that was captured, also of what an earlier run left behind; a run told to stop leaves them to the next."""
        stopping = self._archive.stopping
        try:
            if not stopping:
                await self.flush()
        finally:
            if self._pool:
                await asyncio.to_thread(self._pool.close, at_once=stopping)

    def _at(self, filename: str | None, offset: int | None) -> At:
        assert filename is not None
        assert offset is not None
        return At(self._archive.layout.root, filename, offset)

    def _survey(self, record_id: str | None, filename: str | None, offset: int | None) -> None:
        site = self._archive.site
        if site.extract.memory and record_id and record_id not in self._held:
            self._held[record_id] = self._workers().survey(self._at(filename, offset), Basis(site.rules, None))

    async def flush(self) -> None:
        """Make the rows of everything captured."""
        async with self._lock:
            entries = self._archive.ledger.captured()
            if not entries:
                return
            for entry in entries:
                self._survey(entry.record_id, entry.warc_filename, entry.warc_offset)
            basis = await self._learn()
            self._archive.save_profile(basis.sha256, basis.json)
            for start in range(0, len(entries), _BATCH):
                await self._commit(entries[start : start + _BATCH], basis)

    async def _learn(self) -> Basis:
        archive, site = self._archive, self._archive.site
        if not site.extract.memory:
            return Basis(site.rules, None)
        found: dict[str, str] = {}
        for record_id, future in self._held.items():
            try:
                survey = await asyncio.wrap_future(future)
            except Exception:  # noqa: S112 - its page teaches nothing; its own derivation will say why
                continue
            if survey is not None:
                found[order_key(record_id)] = survey
        self._held.clear()
        archive.ledger.add_surveys(found)
        return await asyncio.to_thread(learn, archive.ledger.surveys(), site.rules)

    async def _commit(self, entries: list[Entry], basis: Basis) -> None:
        archive, pool = self._archive, self._workers()
        futures = [pool.derive(self._at(entry.warc_filename, entry.warc_offset), basis) for entry in entries]
        await asyncio.wait([asyncio.wrap_future(future) for future in futures])
        settled = [
            (
                entry.record_id or "",
                settle(future, entry.record_id or "", month=(entry.last_try_at or "")[:7], timeout=pool.timeout),
            )
            for entry, future in zip(entries, futures, strict=True)
        ]
        await self._keep_text([derived.article for _, derived in settled if derived.article])
        with archive.ledger.transaction():
            for record_id, derived in settled:
                article = place(derived.article, archive.ledger) if derived.article else None
                rows: list[Row] = [*derived.blocks, *([article] if article else [])]
                archive.done(record_id, derived.month, rows, reason=derived.verdict, detail=derived.detail)

    async def _keep_text(self, articles: list[Article]) -> None:
        """Write the articles' text into the WARC, synced before the ledger says done; never again what a killed run wrote."""
        archive: SiteArchive = self._archive
        archiver = getattr(self._crawler.spider, "archiver", None)
        if archiver is None or not archive.site.warc.conversions:
            return
        known = await asyncio.to_thread(archive.converted)
        new = [article for article in articles if (article.id, article.text_sha256) not in known]
        await archiver.store_conversions(
            [Conversion(refers_to=article.id, url=article.url, text=article.text) for article in new]
        )
