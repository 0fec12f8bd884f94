"""One spider's session: gives it its archive, hands the wire's bytes to the WARC writer, and says at the end how it went.

A Scrapy extension. Opens the site's archive if the caller has not (plain ``scrapy crawl`` in a checkout), and closes in order: stages
first (Scrapy closes item pipelines before this), then the WARC writer and the index of what it wrote, then the ledger and its lock.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import platform
import socket
import uuid
from datetime import timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from scrapy import signals

from crawler import __version__
from crawler.clock import Clock, utc_now
from crawler.collection import SiteArchive, new_run_id
from crawler.disk import check_room, replace_file
from crawler.errors import StorageError
from crawler.fetch.accounting import Accounting
from crawler.fetch.archiver import Archiver
from crawler.fetch.notices import Notices
from crawler.fetch.originals import Originals
from crawler.fetch.outcome import reason_of, reason_of_status
from crawler.fetch.politeness import Politeness
from crawler.fetch.slots import ABANDON, drain
from crawler.layout import CollectionLayout
from crawler.recovery import reconcile
from crawler.report.alarm import Alarm, Judged
from crawler.report.alarms import alarms, names
from crawler.report.discovery import DiscoveryAccount, refused, was_read
from crawler.report.outcome import Outcome, summarise
from crawler.warc.writer import WarcWriter

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

    from crawler.config import SiteConfig


logger = logging.getLogger(__name__)


_LOOK_AT_DISK = 2.0
"""Seconds between two looks at the disk's room."""
_LET_GO_AFTER = 6.0
"""Seconds in which what is in flight may finish when the disk ends a crawl."""


def open_archive(collection: Any, site: SiteConfig, command: str, clock: Clock = utc_now) -> SiteArchive:
    """Open a site's archive for a run and take up what a crash left behind.

    Raises:
        BusyError: another process holds the site. StorageError: it cannot be written, or the disk has less room than the reserve.
    """
    check_room(CollectionLayout(collection).site(site.site).root, site.limits.disk_reserve)
    archive = SiteArchive(collection, site, command=command, now=clock, new_run_id=new_run_id)
    try:
        reconcile(archive)
    except BaseException:
        archive.close()
        raise
    return archive


def open_writer(archive: SiteArchive) -> WarcWriter:
    """The WARC writer of a site's run, its warcinfo filled in (WARC 1.1, 6.2 and annex C)."""
    site = archive.site
    info = {
        "software": _software(),
        "hostname": socket.gethostname(),
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "isPartOf": site.site,
        "runId": archive.run_id,
        "robots": "classic" if site.politeness.robots == "obey" else "ignore",
        "http-header-user-agent": site.politeness.user_agent,
    }
    if not site.fetch.verify_tls:
        info["description"] = "TLS certificates were not verified"
    if operator := ", ".join(part for part in (site.warc.operator, site.politeness.contact) if part):
        info["operator"] = operator  # "a name or name and email address"
    return WarcWriter(
        archive.layout.warc,
        prefix=archive.layout.site,
        info=info,
        max_bytes=site.warc.max_bytes,
        max_age=timedelta(seconds=site.warc.max_age),
        now=archive.now,
        host=socket.gethostname(),
        new_id=lambda: uuid.uuid4().urn,
    )


def _software() -> str:
    """Pressmark, and what stands between it and the wire."""
    below = ", ".join(f"{name}/{version(name)}" for name in ("scrapy", "twisted", "pyopenssl"))
    return f"pressmark/{__version__} ({below}, python/{platform.python_version()})"


class SiteSession:
    """The extension: one a crawler."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        spider: Any = crawler.spider
        self.outcome: Outcome | None = None
        self.storage_error: StorageError | None = None
        """What the disk said that ended the crawl; None if it said nothing."""
        self._erred = False
        """Code of ours raised what nobody foresaw."""
        self._watch: asyncio.Future[None] | None = None
        self._notices: Notices | None = None
        self._told: asyncio.Future[None] | None = None
        self.archive: SiteArchive = getattr(spider, "archive", None) or open_archive(
            spider.collection, spider.site, spider.command
        )
        try:
            spider.archive = self.archive
            spider.reason_of = reason_of
            spider.reason_of_status = reason_of_status
            originals = Originals(self.archive.ledger, self.archive.layout, self.archive.key)
            spider.archiver = self._archiver = Archiver(open_writer(self.archive), self._stop, originals)
        except BaseException:
            self.archive.close()
            raise
        for signal in (signals.spider_error, signals.item_error):
            crawler.signals.connect(self._heed, signal)
        crawler.signals.connect(self._opened, signals.spider_opened)
        crawler.signals.connect(self._closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SiteSession:
        """Open the session of a crawler."""
        return cls(crawler)

    def _opened(self) -> None:
        """Watch the disk, and tell that the run begins, without waiting for whoever is told."""
        self._watch = asyncio.ensure_future(self._watch_disk())
        archive = self.archive
        if archive.command == "crawl":
            self._notices = Notices(archive.site, archive.now(), archive.before)
            self._told = asyncio.ensure_future(asyncio.to_thread(self._notices.begun))

    async def _watch_disk(self) -> None:
        root, reserve = self.archive.layout.root, self.archive.site.limits.disk_reserve
        while True:
            await asyncio.sleep(_LOOK_AT_DISK)
            try:
                check_room(root, reserve)
            except StorageError as error:
                self._stop(error)
                return

    async def _tell(self) -> None:
        """Tell how the run ended; one that was told to stop has no time for that."""
        if self._notices is None or self._told is None or self.outcome is None or self.archive.stopping:
            return
        await self._told
        await asyncio.to_thread(self._notices.ended, self.outcome, self.archive.now())
        if self._notices.untold:
            self.outcome.untold.extend(self._notices.untold)
            with contextlib.suppress(OSError):  # it has been written without this
                self._write_report()

    def _heed(self, failure: Failure) -> None:
        if isinstance(failure.value, StorageError):
            self._stop(failure.value)
        else:
            self._erred = True

    def _stop(self, error: StorageError) -> None:
        """The disk is full or failing: end the crawl; nothing that is not on disk is counted."""
        if self.storage_error is None:
            self.storage_error = error
            drain(self._crawler)
            asyncio.get_running_loop().call_later(_LET_GO_AFTER, self._crawler.signals.send_catch_log, ABANDON)
            self._closing = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason="storage"))

    async def _closed(self, reason: str) -> None:
        if self._watch is not None:
            self._watch.cancel()
        try:
            await self._archiver.close()
            await asyncio.to_thread(self.archive.update_index)
        except StorageError as error:
            self.storage_error = error
        try:
            self.outcome = self._sum_up(reason)
            self._write_report()
            self.archive.end(exit_code=self.outcome.exit_code, summary=self.outcome.to_dict())
        except (OSError, StorageError) as error:
            self.storage_error = self.storage_error or StorageError(f"the run's report cannot be written: {error}")
            self.outcome = self._sum_up(reason)
        finally:
            self.archive.close()
        await self._tell()

    def _write_report(self) -> None:
        """Write report.json.

        Raises:
            OSError: it cannot be written.
        """
        assert self.outcome is not None
        report = json.dumps(self.outcome.to_dict(), ensure_ascii=False, indent=2) + "\n"
        replace_file(self.archive.layout.run(self.archive.run_id) / "report.json", [report.encode("utf-8")])

    def _alarms(self, discovery: DiscoveryAccount | None, reason: str) -> list[Alarm]:
        """What is not as it should be, in a crawl that came to its end, or to where the server let it."""
        archive = self.archive
        if archive.command != "crawl" or archive.ledger.broken or reason not in ("finished", "blocked"):
            return []
        found = alarms(
            Judged(
                site=archive.site.site, now=archive.now(), counter=archive.counter, watched=archive.watch.found, past=archive.past(),
                expect=archive.site.expect, events=discovery.events if discovery else (), refused=reason == "blocked",
                shut=refused(discovery.sources) if discovery else (),
                left_out=self._left_out() if discovery and was_read(discovery.sources) else None,
            )
        )  # fmt: skip
        archive.counter.numbers.alarms = names(found)
        return found

    def _left_out(self) -> int | None:
        """How many addresses the site's ledger knows, if it has never taken one; else None."""
        counts = self.archive.ledger.counts()
        return sum(counts.values()) if all(state == "skipped" for state, _ in counts) else None

    def _sum_up(self, reason: str) -> Outcome:
        politeness = self._crawler.get_extension(Politeness)
        account = getattr(self._crawler.spider, "account", None)
        broken = self.storage_error or self.archive.ledger.broken
        left = self.archive.ledger.counts().get(("captured", None), 0)
        discovery = account() if account is not None and broken is None else None
        accounting = self._crawler.get_spider_middleware(Accounting)
        assert accounting is not None
        requests = accounting.close(finished=reason == "finished" and broken is None)
        if requests.problem:
            logger.error(
                "the account of requests does not balance: %s", requests.problem, extra={"spider": self._crawler.spider}
            )
        return summarise(
            self.archive.ledger,
            site=self.archive.layout.site,
            run_id=self.archive.run_id,
            started=self.archive.started,
            ended=self.archive.now(),
            closed=reason,
            removed=self.archive.removed,
            numbers=self.archive.counter.numbers,
            watched=self.archive.watch.found,
            requests=requests,
            alarms=self._alarms(discovery, reason),
            asked=self.archive.command == "archive",
            bug=self._erred or (reason == "finished" and left > 0) or requests.problem is not None,
            storage=broken is not None,
            signal=self.archive.stopping,
            discovery=discovery,
            manners=politeness.account() if politeness is not None else (),
        )
