"""One run: sites served side by side in one reactor, signals heeded, outcomes gathered, the exit code decided.

Scrapy's own exit status is 0 when every request failed; ours is not. So many sites at once as the caller allows; a site that cannot start
(another process holds it, its disk is full) never keeps the others from running.
"""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import signal
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, suppress
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

    from crawler.fetch.runlog import SiteLogs

AT_ONCE = 100
"""Sites that are served side by side, unless the caller says otherwise: each costs some memory, threads and open files."""
_ASKED_TO_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_LET_GO_AFTER = 6.0
"""Seconds after a signal in which what is in flight may finish; then it is cut."""
_STOP_WITHIN = 10.0
"""Seconds after a signal in which the run ends, whatever is the matter."""
_WORST = (
    Exit.UNEXPECTED, Exit.STORAGE, Exit.VERIFICATION, Exit.EVIDENCE, Exit.BLOCKED, Exit.POLICY,
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
    """Sites that could not start or not go on, and why."""
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


def run(
    jobs: Sequence[Job],
    collection: Path,
    talk: Talk,
    *,
    verbose: bool = False,
    clock: Clock = utc_now,
    at_once: int = AT_ONCE,
) -> Result:
    """Serve the jobs' sites side by side, at most ``at_once`` of them at a time; returns when all have ended."""
    # Scrapy's import costs half a second: commands that do not crawl never pay for it
    os.environ["SCRAPY_SETTINGS_MODULE"] = "crawler.settings"
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.utils.project import get_project_settings
    from twisted.internet import error

    from crawler.fetch.runlog import SiteLogs

    settings = get_project_settings()
    settings.set("LOG_ENABLED", False, priority="cmdline")
    settings.set("PRESSMARK_CLOCK", clock, priority="cmdline")
    settings.set("PRESSMARK_ALLOW_PRIVATE", _allowed(jobs), priority="cmdline")
    settings.set(
        "PRESSMARK_RESOLVE", sorted({entry for job in jobs for entry in job.site.fetch.resolve}), priority="cmdline"
    )
    _allow_open_files()
    with ExitStack() as stack:
        logs = stack.enter_context(SiteLogs(verbose=verbose))
        process = AsyncCrawlerProcess(settings)
        from twisted.internet import reactor as installed

        reactor: Any = installed

        def end(task: asyncio.Task[None]) -> None:
            with suppress(error.ReactorNotRunning):
                reactor.stop()

        running = _Run(process, collection, talk, logs, clock)
        running.heed_signals()
        running.show_progress(stack, len(jobs))
        all_served = asyncio.get_event_loop().create_task(running.serve(jobs, at_once))
        all_served.add_done_callback(end)
        process.start(stop_after_crawl=False, install_signal_handlers=False)
        all_served.result()
    return running.result


class _Run:
    """The sites that are at work, and what ends them."""

    def __init__(
        self, process: AsyncCrawlerProcess, collection: Path, talk: Talk, logs: SiteLogs, clock: Clock
    ) -> None:
        self.result = Result()
        self._process = process
        self._collection = collection
        self._talk = talk
        self._logs = logs
        self._clock = clock
        self._archives: dict[SiteArchive, None] = {}
        self._ending: list[asyncio.Future[None]] = []

    async def serve(self, jobs: Sequence[Job], at_once: int) -> None:
        """Serve all jobs; the order of outcomes is theirs."""
        gate = asyncio.Semaphore(at_once)
        ended = await asyncio.gather(*(self._serve(job, gate) for job in jobs))
        self.result.outcomes = [outcome for outcome in ended if outcome is not None]

    async def _serve(self, job: Job, gate: asyncio.Semaphore) -> Outcome | None:
        from crawler.fetch.session import open_archive

        async with gate:
            if self.result.signal is not None:
                return None
            try:
                archive = await asyncio.to_thread(open_archive, self._collection, job.site, job.command, self._clock)
            except PressmarkError as error:
                self.result.errors[job.site.site] = error
                return None
            archive.stopping = self.result.signal
            self._archives[archive] = None
            try:
                with self._logs.of(archive):
                    return None if archive.stopping else await self._crawl(job, archive)
            except PressmarkError as error:
                self.result.errors[job.site.site] = error
                return None
            finally:
                archive.close()
                del self._archives[archive]

    async def _crawl(self, job: Job, archive: SiteArchive) -> Outcome:
        """Crawl one site.

        Raises:
            PressmarkError: it could not be crawled, or there is no account of it.
        """
        from crawler.fetch.session import SiteSession

        crawler: Crawler = self._process.create_crawler(job.spider)
        try:
            await self._process.crawl(
                crawler, site=job.site, collection=self._collection, archive=archive, **job.arguments
            )
        except PressmarkError:
            raise
        except Exception:
            logging.getLogger(__name__).exception("the crawl of %s ended", job.site.site)
        session = crawler.get_extension(SiteSession) if crawler.spider is not None else None
        if session is None or session.outcome is None:
            log = archive.layout.run(archive.run_id) / "crawl.log"
            raise PressmarkError(f"the crawl of {job.site.site} ended without an account", hint=f"See {log}.")
        if session.storage_error is not None:
            self.result.errors[job.site.site] = session.storage_error
        return session.outcome

    # --- signals

    def heed_signals(self) -> None:
        """The first signal ends the run in order, within ten seconds; the next one kills, and that is safe."""
        for number in _ASKED_TO_STOP:
            if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup leaves SIGHUP
                signal.signal(number, self._heed)

    def _heed(self, number: int, frame: FrameType | None) -> None:
        from twisted.internet import reactor

        for each in _ASKED_TO_STOP:
            if signal.getsignal(each) is not signal.SIG_IGN:
                signal.signal(each, signal.SIG_DFL)
        self.result.signal = number
        for archive in list(self._archives):
            archive.stopping = number
        reactor.callFromThread(self._stop)

    def _stop(self) -> None:
        from crawler.fetch.slots import ABANDON, drain

        def abandon() -> None:
            for crawler in list(self._process.crawlers):
                crawler.signals.send_catch_log(ABANDON)

        loop = asyncio.get_event_loop()
        loop.call_later(_LET_GO_AFTER, abandon)
        loop.call_later(_STOP_WITHIN, os._exit, 128 + (self.result.signal or signal.SIGTERM))
        for crawler in self._process.crawlers:
            drain(crawler)
        self._ending.append(asyncio.ensure_future(self._process.stop()))

    # --- progress

    def show_progress(self, stack: ExitStack, sites: int) -> None:
        """One bar on a terminal, fed from the ledgers twice a second."""
        if not self._talk.visible:
            return
        from twisted.internet.task import LoopingCall

        bar = stack.enter_context(self._talk.step("pages"))

        def draw() -> None:
            done = waiting = 0
            for archive in self._archives:
                if not archive.closed:
                    counts = archive.ledger.counts(run_id=archive.run_id)
                    done += sum(number for (state, _), number in counts.items() if state != "skipped")
                    waiting += archive.ledger.counts().get(("pending", None), 0)
            at_work = ", ".join(archive.layout.site for archive in list(self._archives)[:3])
            more = f" and {len(self._archives) - 3} more" if len(self._archives) > 3 else ""
            bar(completed=done, total=done + waiting, text=f"{at_work}{more}: pages")

        LoopingCall(draw).start(0.5)


def _allowed(jobs: Iterable[Job]) -> bool | list[str]:
    """What the one resolver of the process lets through; each connection is judged again by its own site's policy."""
    wishes = [job.site.fetch.allow_private for job in jobs]
    if any(wish is True for wish in wishes):
        return True
    return sorted({network for wish in wishes if isinstance(wish, tuple) for network in wish})


def _allow_open_files() -> None:
    """A site needs some ten open files: take what the system allows instead of what a shell starts with."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = 65536 if hard == resource.RLIM_INFINITY else min(hard, 65536)
    if soft != resource.RLIM_INFINITY and soft < most:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
