"""One run: locks taken, Scrapy started with one crawler a site, signals heeded, outcomes gathered, the exit code decided.

Scrapy's own exit status is 0 when every request failed; ours is not. Sites run side by side in one reactor; a site that cannot start
(another process holds it, its disk is full) never keeps the others from running.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Literal

from crawler.clock import Clock, utc_now
from crawler.collection import SiteArchive
from crawler.config import SiteConfig
from crawler.errors import Exit, PressmarkError
from crawler.report.outcome import Outcome
from crawler.report.progress import Talk

if TYPE_CHECKING:
    from scrapy.crawler import AsyncCrawlerProcess, Crawler

_STOP_WITHIN = 10.0
"""Seconds after a signal in which what is in flight may finish."""
_WORST = (
    Exit.UNEXPECTED, Exit.STORAGE, Exit.TERMINATED, Exit.INTERRUPTED, Exit.VERIFICATION, Exit.EVIDENCE, Exit.BLOCKED, Exit.POLICY,
    Exit.PARTIAL, Exit.DEGRADED, Exit.TEMPORARY, Exit.DONE,
)  # fmt: skip
"""When sites end differently, the first of these that occurs is the run's exit code, but see ``exit_code``."""


@dataclass(frozen=True, slots=True)
class Job:
    """One site to serve."""

    spider: Literal["site", "url", "probe"]
    """Name of the spider."""
    site: SiteConfig
    """Its configuration."""
    arguments: dict[str, Any] = field(default_factory=dict)
    """Further arguments of the spider."""
    command: Literal["crawl", "archive", "check", "probe"] = "crawl"
    """What the run is called in the ledger. Only a crawl is measured against what its site usually gives."""


@dataclass(slots=True)
class Result:
    """What became of a run."""

    outcomes: list[Outcome] = field(default_factory=list)
    """Sites that ran."""
    errors: dict[str, PressmarkError] = field(default_factory=dict)
    """Sites that could not start, and why."""
    signal: int | None = None
    """The signal that ended the run, if one did."""

    @property
    def exit_code(self) -> int:
        """The run's exit code: of one site its own; of several that differ the gravest, where a single site's refusal counts as 7."""
        if self.signal is not None:
            return 128 + self.signal
        codes = [outcome.exit_code for outcome in self.outcomes] + [
            int(error.exit_code) for error in self.errors.values()
        ]
        if len(set(codes)) <= 1:
            return codes[0] if codes else Exit.DONE
        worst = next(code for code in _WORST if code in codes)
        return Exit.PARTIAL if worst in (Exit.BLOCKED, Exit.POLICY, Exit.TEMPORARY) else worst


def run(jobs: Sequence[Job], collection: Path, talk: Talk, *, verbose: bool = False, clock: Clock = utc_now) -> Result:
    """Serve the jobs' sites side by side; returns when all have ended."""
    # Scrapy's import costs half a second: commands that do not crawl never pay for it
    os.environ["SCRAPY_SETTINGS_MODULE"] = "crawler.settings"
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.utils.project import get_project_settings

    from crawler.fetch.session import open_archive

    result = Result()
    started: list[tuple[Job, SiteArchive]] = []
    for job in jobs:
        try:
            started.append((job, open_archive(collection, job.site, job.command, clock)))
        except PressmarkError as error:
            result.errors[job.site.site] = error
    if not started:
        return result
    archives = [archive for _, archive in started]
    settings = get_project_settings()
    settings.set("LOG_ENABLED", False, priority="cmdline")
    settings.set("PRESSMARK_CLOCK", clock, priority="cmdline")
    settings.set("PRESSMARK_ALLOW_PRIVATE", _allowed(jobs), priority="cmdline")
    settings.set(
        "PRESSMARK_RESOLVE", sorted({entry for job in jobs for entry in job.site.fetch.resolve}), priority="cmdline"
    )
    with ExitStack() as stack:
        stack.enter_context(_logs(archives, verbose=verbose))
        process = AsyncCrawlerProcess(settings)
        crawlers = []
        for job, archive in started:
            crawler = process.create_crawler(job.spider)
            process.crawl(crawler, site=job.site, collection=collection, archive=archive, **job.arguments)
            crawlers.append(crawler)
        _heed_signals(process, archives, result)
        _show_progress(talk, archives, stack)
        process.start(install_signal_handlers=False)
        _gather(crawlers, archives, result)
    return result


def _allowed(jobs: Iterable[Job]) -> bool | list[str]:
    """What the one resolver of the process lets through; each connection is judged again by its own site's policy."""
    wishes = [job.site.fetch.allow_private for job in jobs]
    if any(wish is True for wish in wishes):
        return True
    return sorted({network for wish in wishes if isinstance(wish, tuple) for network in wish})


class _OneSite(logging.Filter):
    """Lets through what one spider says, and what is said of the whole process."""

    def __init__(self, archive: SiteArchive) -> None:
        super().__init__()
        self._archive = archive

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record belongs to the site."""
        spider = getattr(record, "spider", None)
        return spider is None or getattr(spider, "archive", None) is self._archive


@contextmanager
def _logs(archives: Sequence[SiteArchive], *, verbose: bool) -> Iterator[None]:
    """A log file a run, beside its report; with ``verbose``, standard error too."""
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)] if verbose else []
    for archive in archives:
        file = logging.FileHandler(archive.layout.run(archive.run_id) / "crawl.log", encoding="utf-8")
        file.addFilter(_OneSite(archive))
        handlers.append(file)
    root = logging.getLogger()
    for handler in handlers:
        handler.setLevel(logging.INFO)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        root.addHandler(handler)
    try:
        yield
    finally:
        for handler in handlers:
            root.removeHandler(handler)
            handler.close()


def _heed_signals(process: AsyncCrawlerProcess, archives: Sequence[SiteArchive], result: Result) -> None:
    """The first SIGINT or SIGTERM ends the run in order, within ten seconds; a second one at once, as safely as a kill."""
    from twisted.internet import reactor

    from crawler.fetch.slots import drain

    tasks: list[asyncio.Future[None]] = []

    def stop() -> None:
        asyncio.get_event_loop().call_later(_STOP_WITHIN, os._exit, 128 + (result.signal or signal.SIGTERM))
        for crawler in process.crawlers:
            drain(crawler)
        tasks.append(asyncio.ensure_future(process.stop()))

    def heed(number: int, frame: FrameType | None) -> None:
        if result.signal is not None:
            os._exit(128 + number)
        result.signal = number
        for archive in archives:
            archive.stopping = True
        reactor.callFromThread(stop)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, heed)


def _show_progress(talk: Talk, archives: Sequence[SiteArchive], stack: ExitStack) -> None:
    """A bar a site on a terminal, fed from its ledger twice a second."""
    if not talk.visible:
        return
    from twisted.internet.task import LoopingCall

    bars = [(archive, stack.enter_context(talk.step(archive.layout.site))) for archive in archives]

    def draw() -> None:
        for archive, bar in bars:
            if archive.closed:
                continue
            ended = archive.ledger.counts(run_id=archive.run_id)
            done = sum(number for (state, _), number in ended.items() if state != "skipped")
            waiting = archive.ledger.counts().get(("pending", None), 0)
            bar(completed=done, total=done + waiting, text=f"{archive.layout.site}: pages")

    LoopingCall(draw).start(0.5)


def _gather(crawlers: Sequence[Crawler], archives: Sequence[SiteArchive], result: Result) -> None:
    from crawler.fetch.session import SiteSession

    for crawler, archive in zip(crawlers, archives, strict=True):
        session = crawler.get_extension(SiteSession) if crawler.spider is not None else None
        if session is not None and session.outcome is not None:
            result.outcomes.append(session.outcome)
        else:
            log = archive.layout.run(archive.run_id) / "crawl.log"
            result.errors[archive.layout.site] = PressmarkError(
                f"the crawl of {archive.layout.site} ended without an account", hint=f"See {log}."
            )
        archive.close()
