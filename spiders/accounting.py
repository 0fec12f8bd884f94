"""Keeps a run's account of its sources: what was asked, what came, what befell them, and in the end who saw what.

Owns the way from single answers to the DiscoveryAccount of the run's report; what an answer means is for spiders.discovery.health to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from crawler.config import SiteConfig
from crawler.ledger import SourceHealth
from crawler.report.discovery import DiscoveryAccount, Reconciliation, Seen, SourceAccount, SourceEvent, Standing
from spiders.discovery.health import Answer, after, is_given_up, judged_quiet, touched
from spiders.discovery.traps import EVERYTHING, form_of
from spiders.sources import Source, fingerprint, kind_of_links, still_named

if TYPE_CHECKING:
    from scrapy.http import Response

    from crawler.collection import SiteArchive
    from crawler.errors import Reason
    from crawler.record import Via
    from spiders.discovery.link import Found

RECENT = timedelta(days=7)
"""What is compared in the run's report beside the run itself."""
_LEFT_OUT_KEPT = 200_000
"""Addresses remembered so that each counts once as left out."""
_PERMANENT = frozenset({301, 308})


class Accounting:
    """The account of one run of one site."""

    def __init__(self, site: SiteConfig, archive: SiteArchive) -> None:
        self._site = site
        self._archive = archive
        self._started = archive.now()
        self._before: dict[str, SourceHealth] = {}
        self._asked = self._conditional = self._unchanged = self._skipped = 0
        self._reasons: Counter[str] = Counter()
        self._seen: set[str] = set()
        self._advertised: list[str] = []

    # --- while the run goes on

    def asked(self, source: Source, *, conditional: bool) -> None:
        """A source is asked for."""
        self._asked += 1
        self._conditional += conditional
        self._begin(source)

    def left_alone(self, source: Source, standing: Standing) -> None:
        """A source is not asked for in this run."""
        self._skipped += standing == "unchanged"
        health = self._begin(source)
        self._archive.ledger.mark_health(replace(health, standing=standing, run_id=self._archive.run_id))

    def answered(self, source: Source, response: Response | None, *, problem: str | None, found: Found | None) -> None:
        """A source has answered, or cannot be had."""
        ledger, at = self._archive.ledger, self._archive.now()
        self._unchanged += response is not None and response.status == 304
        if found is not None and source.kind == "section":
            self.advertised(found.sources)
        health = self._begin(source)
        answer = Answer(
            at=at,
            kind=kind_of_links(found, source) if found and not problem else None,
            problem=problem if found is None or not (found.links or found.sources) else None,
            fingerprint=fingerprint(found) if found else None,
            listed=source.listed,
            moved_to=_moved_to(response),
        )
        now = replace(after(health, answer, self._site.discover.polling), run_id=self._archive.run_id)
        ledger.mark_health(now)
        if source.root != source.url and now.changed_at != health.changed_at:
            root = ledger.health(source.root)
            if root and (root.changed_at is None or datetime.fromisoformat(root.changed_at) < self._started):
                ledger.mark_health(touched(root, at))

    def advertised(self, feeds: Iterable[str]) -> None:
        """Feeds that a page of the site advertises: one of them may be the new address of a feed that is gone."""
        self._advertised += [url for url in feeds if url not in self._advertised]

    def left_out(self, key: str, reason: Reason) -> None:
        """An address that a source named is not taken."""
        if key not in self._seen:
            self._reasons[reason] += 1
            if len(self._seen) < _LEFT_OUT_KEPT:
                self._seen.add(key)

    def _begin(self, source: Source) -> SourceHealth:
        """The source's health, noted as it was before this run."""
        health = self._archive.ledger.health(source.url)
        if health is None:
            health = source.new_health()
            self._archive.ledger.mark_health(health)
        health = replace(health, root=source.root, configured=source.configured)
        self._before.setdefault(source.url, health)
        return health

    # --- at its end

    def account(self) -> DiscoveryAccount:
        """How the run found what it found. Judges which sources went quiet, and remembers it."""
        ledger, now = self._archive.ledger, self._archive.now()
        self._learn_forms()
        alone = ledger.seen_alone(now - RECENT)
        states = {state.url: state for state in ledger.sources()}
        healths = [self._judged(health, now) for health in still_named(ledger.healths(), self._site)]
        sources = []
        for health in healths:
            state = states.get(health.url)
            of_run = health.run_id == self._archive.run_id
            sources.append(
                SourceAccount(
                    url=health.url,
                    source=health.kind,
                    standing=health.standing if of_run else "new" if state is None else "not-due",  # type: ignore[arg-type]
                    links=state.links if state else None,
                    new=(state.new_links or 0) if state and state.run_id == self._archive.run_id else 0,
                    alone=alone.get(health.url, 0),
                    problem=health.trouble_detail or (state.problem if state else None),
                    weight=health.weight,
                    ok_at=health.ok_at,
                    new_at=health.changed_at,
                    every=round(health.gap, 1) if health.gap is not None else None,
                    due_at=health.due_at,
                )
            )
        kinds = {health.kind for health in healths if health.ok_at}
        return DiscoveryAccount(
            new=_reconciled(ledger.seen_by(self._started), kinds),
            recent=_reconciled(ledger.seen_by(now - RECENT), kinds),
            sources=sources,
            events=[event for health in healths if (event := self._event(health, now))],
            left_out=dict(self._reasons.most_common()),
            asked=self._asked,
            conditional=self._conditional,
            unchanged=self._unchanged,
            skipped=self._skipped,
        )

    def _learn_forms(self) -> None:
        """Remember which forms of address gave articles where links alone had named them."""
        forms: dict[str, tuple[int, int]] = {}
        for url, is_article in self._archive.ledger.linked_outcomes(self._archive.run_id):
            for form in (form_of(url), EVERYTHING):
                fruitful, fruitless = forms.get(form, (0, 0))
                forms[form] = (fruitful + is_article, fruitless + (not is_article))
        if forms:
            self._archive.ledger.add_patterns(forms, at=self._archive.now())

    def _judged(self, health: SourceHealth, now: datetime) -> SourceHealth:
        if health.run_id != self._archive.run_id or health.url != health.root or health.changed_at is None:
            return health
        if health.gap is None or datetime.fromisoformat(health.changed_at) >= self._started:
            return health  # its rhythm is not known, or it is not silent: no need to count
        named, every = self._archive.ledger.named_by(health.root, now - 4 * RECENT)
        if every == 0:
            return health
        since = datetime.fromisoformat(health.changed_at) + timedelta(seconds=1)
        of_these, found = self._archive.ledger.named_by(health.root, since)
        missed = found - of_these
        share = named / max(every - missed, 1)
        judged = judged_quiet(health, share=share, missed=missed, at=now)
        if judged != health:
            self._archive.ledger.mark_health(judged)
        return judged

    def _event(self, health: SourceHealth, now: datetime) -> SourceEvent | None:
        """What befell a source in this run, if anything did."""
        if health.run_id != self._archive.run_id:
            return None
        before = self._before.get(health.url) or health
        given_up = is_given_up(health, now)
        if health.trouble is None and before.trouble not in (None, "moved"):
            kind: Any = "recovered"
            detail = f"well again; before: {before.trouble_detail}"
        elif health.trouble is None:
            return None
        else:
            kind = "given-up" if given_up else health.trouble
            detail = health.trouble_detail or health.trouble
            if given_up:
                detail += f"; left alone until {health.given_up_until}"
        return SourceEvent(
            kind=kind,
            url=health.url,
            source=health.kind,
            detail=detail,
            first=kind == "recovered" or before.trouble != health.trouble or is_given_up(before, now) != given_up,
            configured=health.configured and health.url == health.root,
            since=health.trouble_since,
            suggestion=self._suggestion(kind, health),
        )

    def _suggestion(self, kind: str, health: SourceHealth) -> str | None:
        key = {"feed": "feeds", "section": "sections"}.get(health.kind, "sitemaps")
        file = f"config/sites/{self._site.site}.yaml"
        if kind == "moved" and health.trouble_detail:
            target = health.trouble_detail.removeprefix("it has moved to ").removesuffix(" for good")
            return f"In {file}, under discover.{key}, write: url: {target}" if health.configured else None
        if kind in ("recovered", "quiet") or not health.configured:
            return None
        known = {each.url for each in self._archive.ledger.sources()}
        other = next((url for url in self._advertised if url not in known), None)
        if health.kind == "feed" and other:
            return f"The site's pages advertise another feed. In {file}, under discover.feeds, write: url: {other}"
        return f"'pressmark sites check {self._site.site} --live' asks all sources again; mend or take out the line in {file}."


def _moved_to(response: Response | None) -> str | None:
    """Where permanent redirects alone led a request; None if nowhere."""
    if response is None or response.request is None:
        return None
    reasons = response.request.meta.get("redirect_reasons", [])
    return response.url if reasons and _PERMANENT.issuperset(reasons) else None


def _reconciled(seen: Counter[frozenset[Via]], kinds: set[str]) -> Reconciliation:
    """Compare what the kinds of source saw of some pages."""
    pages = sum(seen.values())
    sources = {"feed", "news_sitemap", "sitemap"}
    named = {kind for group in seen for kind in group} | kinds
    return Reconciliation(
        pages=pages,
        by={
            kind: Seen(
                named=(number := sum(n for group, n in seen.items() if kind in group)),
                alone=sum(n for group, n in seen.items() if group == {kind}),
                missed=pages - number,
            )
            for kind in ("feed", "news_sitemap", "sitemap", "section", "link")
            if kind in named
        },
        links_only=sum(n for group, n in seen.items() if not group & sources),
        unlinked=sum(n for group, n in seen.items() if not group - sources),
    )
