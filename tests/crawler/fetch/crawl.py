"""A real Scrapy crawl, with Pressmark's own settings, in a process of its own: a job on stdin, what came of it on stdout, both JSON.

Exchanges are kept in memory, so that a test can compare them with what the server logged, or written into a folder of WARCs.
"""

import base64
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess

from crawler import settings
from crawler.errors import StorageError
from crawler.fetch.archiver import Archiver
from crawler.fetch.outcome import reason_of, reason_of_status
from crawler.warc.exchange import Pointer, Provenance
from crawler.warc.writer import WarcWriter

SETTINGS: dict[str, Any] = {
    **{name: value for name, value in vars(settings).items() if name.isupper()},
    # without the archive of a site, its spiders and its stages
    "EXTENSIONS": {**settings.EXTENSIONS, "crawler.fetch.session.SiteSession": None},
    "SPIDER_MODULES": [],
    "ITEM_PIPELINES": {},
    # quick, and one try each, where a test does not say otherwise
    "CONCURRENT_REQUESTS": 64,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 32,
    "DOWNLOAD_DELAY": 0,
    "DOWNLOAD_TIMEOUT": 10,
    "RETRY_TIMES": 0,
    "PRESSMARK_ALLOW_PRIVATE": True,
    "PRESSMARK_BACKOFF": 0.1,
    "PRESSMARK_IDLE_TIMEOUT": 2,
    "PRESSMARK_STOP_AFTER_BLOCKS": 0,
}


SLOTS: dict[str, list[float]] = {}


class Memory:
    """In the place of the archiver."""

    def __init__(self) -> None:
        self.exchanges: list[dict[str, Any]] = []
        self.failures: list[tuple[str, str, str]] = []

    async def store(self, exchanges: list[Any]) -> list[Pointer]:
        pointers = []
        for each in exchanges:
            if "unwritable" in each.url:
                raise ValueError("unwritable")
            if "diskfull" in each.url:
                raise StorageError("disk full")
            plain = asdict(each)
            for key in ("sent", "received"):
                plain[key] = base64.b64encode(plain[key]).decode()
            plain["certificates"] = [each.hex() for each in plain["certificates"]]
            self.exchanges.append(plain)
            pointers.append(
                Pointer(
                    record_id=f"urn:uuid:{len(self.exchanges)}",
                    filename=None,
                    offset=None,
                    length=None,
                    payload_digest="",
                )
            )
        return pointers

    async def store_failure(self, url: str, *, started: Any, provenance: Any, reason: str, detail: str) -> None:
        self.failures.append((url, reason, detail))


class Pages(Spider):
    name = "pages"

    def __init__(self, requests: list[dict[str, Any]], archiver: Any, pages: list[dict[str, Any]]) -> None:
        super().__init__()
        self.archiver = archiver
        self.requests = requests
        self.pages = pages

    async def start(self) -> Any:
        for each in self.requests:
            meta = {
                "asked": each["url"],
                "provenance": Provenance(role="page", requested_url=each["url"]),
                **each.pop("meta", {}),
            }
            body = each.pop("body", "").encode()
            yield Request(**each, body=body, meta=meta, callback=self.page, errback=self.failed, dont_filter=True)

    def page(self, response: Any) -> None:
        status = reason_of_status(response.status)
        self.note(response.request, response.url, response.status, response.body, response.flags, status, "")

    def failed(self, failure: Any) -> None:
        reason, detail = reason_of(failure.value)
        self.note(failure.request, failure.request.url, None, b"", [], reason, detail)

    async def closed(self, reason: str) -> None:
        if isinstance(self.archiver, Archiver):
            await self.archiver.close()
        downloader: Any = self.crawler.engine.downloader if self.crawler.engine else None
        SLOTS.update({key: [slot.delay, slot.jitter] for key, slot in downloader.slots.items()})

    def note(self, request: Any, url: str, status: Any, body: bytes, flags: Any, reason: Any, detail: str) -> None:
        self.pages.append({
            "url": request.meta["asked"], "final_url": url, "hops": request.meta.get("redirect_urls", []), "status": status,
            "body": base64.b64encode(body).decode(), "flags": flags, "reason": reason, "detail": detail,
            "captured": "capture" in request.meta, "robots": request.meta.get("robots_verdict"),
        })  # fmt: skip


def main() -> None:
    job = json.load(sys.stdin)
    process = AsyncCrawlerProcess({**SETTINGS, **job["settings"]})
    memory = Memory()
    pages: list[dict[str, Any]] = []
    crawler = process.create_crawler(Pages)
    archiver = Archiver(WarcWriter(Path(job["warc"]), prefix="odd", info={})) if job["warc"] else memory
    process.crawl(crawler, requests=job["requests"], archiver=archiver, pages=pages)
    process.start()
    json.dump(
        {
            "pages": pages, "exchanges": memory.exchanges, "failures": memory.failures,
            "slots": SLOTS, "stats": crawler.stats.get_stats() if crawler.stats else {},
        },
        sys.stdout, default=str,
    )  # fmt: skip


if __name__ == "__main__":
    main()
