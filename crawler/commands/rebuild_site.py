"""One site's derived files in the making: rows, index and ledger, from its WARC files and from what only the old ledger knew.

Owns in which order they are made, and what becomes of each capture's URL. They are made beside the old ones; ``crawler.swap`` puts them in
place. Never fetches, and never writes a WARC file but for the repair of its end.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from crawler.config import SiteConfig
from crawler.dataset.lookup import rows as old_rows
from crawler.disk import make_folder, replace_file, sync_file
from crawler.errors import Reason, StorageError
from crawler.fetch.outcome import reason_of_status
from crawler.layout import OPEN, SiteLayout
from crawler.ledger import Entry, Ledger
from crawler.ledger.carry import carry_over
from crawler.record import Article, Block, Failure, to_json, utc
from crawler.report.progress import Talk
from crawler.report.terminal import plain
from crawler.rows import RowFiles
from crawler.swap import begin_rebuilt, mark_rebuilt, put_in_place
from crawler.takedown.log import Takedown, standing
from crawler.takedown.tombstone import tombstone
from crawler.upgrade import load
from crawler.urls import canonical
from crawler.warc import filename
from crawler.warc.cdxj import update_index
from crawler.warc.exchange import Capture
from crawler.warc.originals import read_originals
from crawler.warc.reader import read_captures
from crawler.warc.tail import repair
from pipelines.derive import Derived, site_of
from pipelines.offline import Offline
from pipelines.workers import WorkerPool

_BATCH = 50
"""Captures whose rows are committed together."""
_CUT = {
    "truncated-length": Reason.TOO_LARGE,
    "truncated-time": Reason.TIMEOUT,
    "truncated-disconnect": Reason.DISCONNECTED,
}
"""Why a fetch failed of whose answer a part is kept (WARC 1.1, 5.13)."""


class Rebuilding:
    """One site's derived files in the making. Call it with the site's lock."""

    def __init__(self, layout: SiteLayout, site: SiteConfig, pool: WorkerPool, talk: Talk, damage: list[str]) -> None:
        self._layout = layout
        self._site = site
        self._pool = pool
        self._talk = talk
        self._damage = damage
        self._articles = self._urls = 0
        self._taken_down = standing(layout)

    def run(self) -> str:
        """Make them and put them in place; says what there is now."""
        for left in self._layout.warc.glob(f"*{OPEN}"):
            repair(left)
        new = begin_rebuilt(self._layout)
        with closing(Ledger(new.ledger)) as ledger:
            ledger.defer_syncs()
            rows = RowFiles(new, ledger)
            self._extract(ledger, rows)
            carried = self._carry_over(ledger, rows, new.root)
            for kind in ("articles", "removed", "failures"):
                make_folder(new.rows(kind, "0000-00").parent)
            for warc in self._layout.warc_files():
                ledger.add_payloads(read_originals(warc))
            for warc in sorted(self._layout.warc_files(), key=filename.order)[-1:]:
                ledger.set_watermark(warc.name.removesuffix(OPEN), warc.stat().st_size)
            ledger.forget_payloads(self._taken_down.by_id)
            for order in self._taken_down.orders:
                for url in order.urls:
                    ledger.withdraw(self._key(url), Reason.WITHDRAWN, wipe=order.mode == "erase")
        sync_file(new.ledger)
        update_index(new.index, self._layout.warc_files(), self._taken_down.places)
        mark_rebuilt(self._layout)
        put_in_place(self._layout)
        return f"{self._articles} rows of {self._urls} URLs made from the WARC files{carried}"

    def _captures(self, damage: list[str]) -> Iterator[Capture]:
        for warc in self._layout.warc_files():
            yield from read_captures(warc, on_damage=lambda found: damage.append(str(found)))

    # --- what the WARC files say

    def _extract(self, ledger: Ledger, rows: RowFiles) -> None:
        """Rows of all captures, and what became of their URLs."""
        offline = Offline(
            self._pool, lambda _: self._site.rules, memory=self._site.extract.memory, store=lambda: ledger
        )
        with self._talk.step(f"{self._layout.site}: learning the site's chrome"):
            offline.learn(self._captures(self._damage))
        batch: list[tuple[Capture, Derived]] = []
        rowed: set[str] = set()
        with self._talk.step(f"{self._layout.site}: extracting") as count:
            for capture, derived in offline.rows(self._captures([])):
                basis = offline.basis(site_of(capture))
                if not self._layout.profile(basis.sha256).exists():
                    replace_file(self._layout.profile(basis.sha256), [basis.json])
                rowed.add(capture.pointer.record_id)
                batch.append((capture, derived))
                if len(batch) >= _BATCH:
                    self._commit(ledger, rows, batch)
                    batch = []
                count()
        self._commit(ledger, rows, batch)
        self._keep_tombstones(rows, ledger, rowed)
        for capture in self._captures([]):
            cut = _CUT.get(capture.damaged or "")
            reason = cut or reason_of_status(capture.status)
            if reason is None or capture.provenance.role != "page" or capture.pointer.record_id in rowed:
                continue
            if not 300 <= capture.status < 400:  # a hop on the way to an answer that is judged itself
                self._refused(
                    ledger, rows, capture, reason, "no whole answer came" if cut else f"status {capture.status}"
                )

    def _commit(self, ledger: Ledger, rows: RowFiles, batch: list[tuple[Capture, Derived]]) -> None:
        with ledger.transaction():
            lines: list[tuple[str, Article | Block | Failure]] = []
            for capture, derived in batch:
                if order := self._taken_down.order_for(capture.pointer.record_id):
                    derived = _buried(derived, order)
                made: list[Article | Block | Failure] = [
                    *derived.blocks,
                    *([derived.article] if derived.article else []),
                ]
                self._articles += derived.article is not None
                is_look = self._captured(ledger, capture, derived)
                if derived.verdict and not is_look:
                    made.append(self._failure(capture, derived.verdict, derived.detail))
                lines += [(derived.month, row) for row in made]
            if lines:
                rows.append(lines)

    def _keep_tombstones(self, rows: RowFiles, ledger: Ledger, rowed: set[str]) -> None:
        """Rows of captures whose records were erased: no WARC file gives them any more."""
        with ledger.transaction():
            for row in old_rows(self._layout, "articles", restricted=True):
                if row["withdrawn_at"] and row["id"] not in rowed:
                    rows.append([(row["fetched_at"][:7], load(Article, row))])
                    self._articles += 1

    def _captured(self, ledger: Ledger, capture: Capture, derived: Derived) -> bool:
        """What became of the capture's URL. Returns whether it had its article before, so that this one was only looked at again."""
        asked, known = capture.provenance.requested_url or capture.url, capture.provenance
        key, final = self._key(asked), self._key(capture.url)
        before = ledger.get(final) or ledger.get(key)
        if before and before.state == "done" and before.reason is None:
            return True
        self._discover(ledger, key, asked, capture)
        if final != key:
            self._discover(ledger, final, capture.url, capture)
            ledger.mark_skipped(key, Reason.DUPLICATE, run_id=known.run_id, detail=f"redirects to {capture.url}")
        ledger.mark_captured(final, capture.pointer, status=capture.status, at=capture.date, run_id=known.run_id)
        ledger.mark_done(capture.pointer.record_id, reason=derived.verdict, detail=derived.detail)
        return False

    def _refused(self, ledger: Ledger, rows: RowFiles, capture: Capture, reason: Reason, detail: str) -> None:
        """An answer that gives no page; of a URL that has its article, it says nothing."""
        asked, known = capture.provenance.requested_url or capture.url, capture.provenance
        key = self._key(asked)
        before = ledger.get(key)
        if before and before.state in ("done", "skipped"):
            return
        with ledger.transaction():
            self._discover(ledger, key, asked, capture)
            ledger.mark_failed(
                key,
                reason,
                at=capture.date,
                run_id=known.run_id,
                status=capture.status,
                detail=detail,
                pointer=capture.pointer,
            )
            rows.append([(f"{capture.date:%Y-%m}", self._failure(capture, reason, detail))])

    def _discover(self, ledger: Ledger, key: str, url: str, capture: Capture) -> None:
        known = capture.provenance
        self._urls += ledger.discover(
            key,
            url,
            via=known.discovered_via or "import",
            via_url=known.discovered_url,
            at=known.discovered_at or capture.date,
            title=known.title,
            published_raw=known.published_raw,
        )

    def _key(self, url: str) -> str:
        return canonical(url, self._site.scope.strip_params)

    def _failure(self, capture: Capture, reason: Reason, detail: str | None) -> Failure:
        at, known = utc(capture.date), capture.provenance
        return Failure(
            site=self._layout.site,
            run_id=known.run_id,
            url=known.requested_url or capture.url,
            record_id=capture.pointer.record_id,
            reason=reason,
            http_status=capture.status,
            first_try_at=at,
            last_try_at=at,
            discovered_via=known.discovered_via or "import",
            detail=detail,
        )

    # --- what only the ledger knew

    def _carry_over(self, ledger: Ledger, rows: RowFiles, scratch: Path) -> str:
        """Take over from the old ledger what can be read of it, and the runs that left a report."""
        said = ""
        if self._layout.ledger.exists():
            try:
                left = carry_over(ledger, self._layout.ledger, scratch)
            except StorageError as error:
                print(plain(f"pressmark: {error.message}; it is made from the WARC files alone"), file=sys.stderr)
            else:
                self._tell_again(rows, ledger, left)
                said = f", {len(left)} more URLs taken over from the old ledger"
        known = {run.run_id for run in ledger.runs()}
        for report in sorted(self._layout.runs.glob("*/report.json")):
            try:
                run_id, summary = report.parent.name, json.loads(report.read_text(encoding="utf-8"))
                started = datetime.strptime(run_id[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
                if run_id not in known:
                    ended = datetime.fromtimestamp(report.stat().st_mtime, UTC)
                    ledger.start_run(run_id, "crawl", started)
                    ledger.end_run(run_id, at=ended, exit_code=int(summary["exit_code"]), summary=summary)
            except (ValueError, KeyError, TypeError):
                continue  # no report of ours
        return said

    def _tell_again(self, rows: RowFiles, ledger: Ledger, left: list[Entry]) -> None:
        """Rows of failures.jsonl for URLs that no WARC file speaks of."""
        lines: list[tuple[str, Article | Block | Failure]] = []
        for entry in left:
            if entry.reason and entry.state in ("failed", "skipped", "done"):
                lines.append(((entry.last_try_at or entry.discovered_at)[:7], _failure_of(entry, self._layout.site)))
        if lines:
            with ledger.transaction():
                rows.append(lines)


def _buried(derived: Derived, order: Takedown) -> Derived:
    """What is left of a capture that was taken down."""
    if derived.article is None:
        return derived
    row = tombstone(json.loads(to_json(derived.article)), order.at, order.reason)
    return replace(derived, article=load(Article, row), blocks=())


def _failure_of(entry: Entry, site: str) -> Failure:
    return Failure(
        site=site,
        run_id=entry.run_id,
        url=entry.url,
        record_id=entry.record_id,
        reason=Reason(entry.reason or ""),
        http_status=entry.http_status,
        first_try_at=entry.first_try_at,
        last_try_at=entry.last_try_at,
        discovered_via=entry.via,
        detail=entry.detail,
    )
