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
from crawler.ledger import Entry, Looked
from crawler.record import utc
from crawler.warc.conversions import Conversion
from pipelines.basis import Basis
from pipelines.crew import Member, join_crew
from pipelines.derive import Derived
from pipelines.history import Bodies, Overlay, before, place
from pipelines.offline import learn, order_key, settle
from pipelines.profile import SiteProfile, Survey
from pipelines.workers import At

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.collection import Row, SiteArchive
    from crawler.record import Article

HOLD = 500
"""Pages held back for the site's memory before rows are made in the midst of a run."""
_MOST_HELD = 4 * HOLD
"""Pages held back while the rows of those before them are made; with more, the crawl waits."""
KNOWN_PAGES = 10
"""Pages that earlier runs must have surveyed before the layout of new ones is compared with theirs."""
_BATCH = 50
"""Captures whose rows are committed together."""


class ExtractionPipeline:
    """Scrapy item pipeline: derives rows from what was captured."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._held: dict[str, Future[str | None]] = {}
        self._pool: Member | None = None
        self._lock = asyncio.Lock()
        self._known_layouts: SiteProfile | None = None  # what runs before this one taught, once it has been read

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ExtractionPipeline:
        """Make the pipeline of a crawler."""
        return cls(crawler)

    @property
    def _archive(self) -> SiteArchive:
        archive: SiteArchive = self._crawler.spider.archive  # type: ignore[union-attr]
        return archive

    def _workers(self) -> Member:
        if self._pool is None:
            self._pool = join_crew(self._archive.site.extract.limits)
        return self._pool

    async def process_item(self, item: Any) -> Any:
        """Survey a captured page; make rows if enough are held."""
        if isinstance(item, Sibling):
            self._survey(item.pointer.record_id, item.pointer.filename, item.pointer.offset)
        elif isinstance(item, CapturedPage):
            entry = self._archive.ledger.by_record(item.record_id)
            if entry:
                self._survey(entry.record_id, entry.warc_filename, entry.warc_offset)
            # while rows are being made, pages may go on coming up to a number: who waits here keeps its whole answer in memory
            if len(self._held) >= (_MOST_HELD if self._lock.locked() else HOLD):
                async with self._lock:
                    if len(self._held) >= HOLD:  # else who held the lock has made their rows too
                        await self._make_rows()
        return item

    async def close_spider(self) -> None:
        """Make the rows of all that was captured, also of what an earlier run left behind; a run told to stop leaves them to the next."""
        stopping = self._archive.stopping is not None
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
            await self._make_rows()

    async def _make_rows(self) -> None:
        ledger = self._archive.ledger
        waiting: list[Entry | Looked] = [*ledger.captured(), *ledger.looked()]
        if not waiting:
            return
        # in order of capture, as offline: history is made in that order
        waiting.sort(key=lambda each: (each.warc_filename or "", each.warc_offset or 0))
        for each in waiting:
            if isinstance(each, Entry):  # a look teaches nothing: its article's page was surveyed when it was new
                self._survey(each.record_id, each.warc_filename, each.warc_offset)
        basis = await self._learn()
        if self._archive.stopping:
            return
        self._archive.save_profile(basis.sha256, basis.json)
        for start in range(0, len(waiting), _BATCH):
            await self._commit(waiting[start : start + _BATCH], basis)
            if self._archive.stopping:  # all else waits for the next run
                return

    async def _learn(self) -> Basis:
        archive, site = self._archive, self._archive.site
        if not site.extract.memory:
            return Basis(site.rules, None)
        found: dict[str, str] = {}
        held, self._held = self._held, {}  # pages go on coming while these are waited for
        for record_id, future in held.items():
            if archive.stopping:
                break
            try:
                survey = await asyncio.wrap_future(future)
            except Exception:  # noqa: S112 - its page teaches nothing; its own derivation will say why
                continue
            if survey is not None:
                found[record_id] = survey
        if self._known_layouts is None:
            surveys = archive.ledger.surveys()
            self._known_layouts = (await asyncio.to_thread(learn, surveys, site.rules)).memory or SiteProfile(pages=0)
        if self._known_layouts.pages >= KNOWN_PAGES:
            for record_id, survey in found.items():
                entry = archive.ledger.by_record(record_id)
                if entry:
                    archive.counter.layout(entry.url, fits=self._known_layouts.fits(Survey.from_json(survey)))
        archive.ledger.add_surveys({order_key(record_id): survey for record_id, survey in found.items()})
        return await asyncio.to_thread(learn, archive.ledger.surveys(), site.rules)

    async def _commit(self, waiting: list[Entry | Looked], basis: Basis) -> None:
        archive, pool = self._archive, self._workers()
        futures = [pool.derive(self._at(each.warc_filename, each.warc_offset), basis) for each in waiting]
        await asyncio.wait([asyncio.wrap_future(future) for future in futures])
        if archive.stopping:
            return  # who stopped us may have stopped the workers too: what they say of their pages counts no longer
        settled = [
            settle(future, each.record_id or "", month=self._month(each), timeout=pool.timeout)
            for each, future in zip(waiting, futures, strict=True)
        ]
        store, bodies = Overlay(archive.ledger), await self._earlier(settled, basis)
        placed = []
        for derived in settled:
            known = before(derived, store)
            found = place(derived, store, bodies.get(known.text_id) if known else None)
            bodies.put(found)
            placed.append(found)
        await self._keep_text([found.article for found in placed if found.article and found.article.text])
        with archive.ledger.transaction():
            store.settle()
            for each, found in zip(waiting, placed, strict=True):
                rows: list[Row] = [*found.blocks, *([found.article] if found.article else [])]
                told = archive.judged if isinstance(each, Looked) else archive.done
                told(found.capture_id, found.month, rows, reason=found.verdict, detail=found.detail)

    def _month(self, each: Entry | Looked) -> str:
        """Where it is told that a page's worker failed: by the month of capture."""
        tried = each.last_try_at if isinstance(each, Entry) else None
        return (tried or utc(self._archive.now()))[:7]

    async def _earlier(self, settled: list[Derived], basis: Basis) -> Bodies:
        """What each capture's article said before, as the basis of today has it, where its text is not the same to the letter."""
        archive, pool, bodies = self._archive, self._workers(), Bodies()
        futures: dict[str, Future[Derived]] = {}
        for derived in settled:
            known = before(derived, archive.ledger)
            if known and known.warc_filename and known.text_id not in futures:
                at = self._at(known.warc_filename, known.warc_offset)
                futures[known.text_id] = pool.derive(at, basis)
        if futures:
            await asyncio.wait([asyncio.wrap_future(future) for future in futures.values()])
        for future in futures.values():
            if not future.exception():
                bodies.put(future.result())
        return bodies

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
