"""``sites check``: the YAML files, the sample pages, and with ``--live`` all sources. No subcommand itself."""

from __future__ import annotations

import argparse
import json
import sys

from crawler.commands.contact_question import with_contact
from crawler.commands.fetch_options import tell_errors, with_options
from crawler.commands.fixtures import check_fixtures, fixtures
from crawler.config import SiteConfig, find_config
from crawler.errors import Exit
from crawler.report.progress import progress
from crawler.report.terminal import plain
from crawler.run import Job
from crawler.run import run as run_jobs

_WELL = ("read", "unchanged", "not-due", "new")


def check(sites: dict[str, SiteConfig], args: argparse.Namespace) -> int:
    """Check sites whose YAML has been read; exit 9 if a sample page gives something else, 7 if a source fails."""
    folder = find_config(args.config)
    pages, wrong = 0, 0
    for site in sites.values():
        for home, differences in check_fixtures(folder, site, update=args.update) if fixtures(folder, site) else ():
            pages += 1
            wrong += bool(differences)
            if differences or args.json:
                _say(
                    args,
                    {"site": site.site, "page": str(home), "differs": differences},
                    f"{site.site}: {home}: {'; '.join(differences)}",
                )
    if not args.json:
        samples = f", {pages} sample pages" if pages else ""
        verdict = (
            "all well"
            if not wrong
            else f"{wrong} sample pages are not as expected" + ("; updated" if args.update else "")
        )
        print(f"{len(sites)} sites{samples}: {verdict}")
    if wrong and not args.update:
        return Exit.VERIFICATION
    return _live(sites, args) if args.live else Exit.DONE


def _live(sites: dict[str, SiteConfig], args: argparse.Namespace) -> int:
    """Ask all sources of the sites; what they name is not offered, and no page is fetched."""
    chosen = with_contact([with_options(site, args) for key, site in sites.items() if key != "demo" or args.name])
    with progress() as talk:
        jobs = [Job("site", site, {"look": True}, "check") for site in chosen]
        result = run_jobs(jobs, args.collection, talk, verbose=args.verbose, clock=args.clock)
    tell_errors(result)
    ill = 0
    for outcome in result.outcomes:
        for source in outcome.discovery.sources if outcome.discovery else ():
            well = source.standing in _WELL and source.problem is None
            ill += not well
            _say(
                args,
                {"site": outcome.site, "url": source.url, "source": source.source, "standing": source.standing,
                 "links": source.links, "problem": source.problem},
                f"{outcome.site}: {'ok  ' if well else 'FAIL'} {source.source:12} {source.url} "
                f"({source.links or 0} pages{'; ' + source.problem if source.problem else ''})",
            )  # fmt: skip
        for event in outcome.discovery.events if outcome.discovery else ():
            if event.suggestion:
                print(plain(f"  {event.url}: {event.detail}\n    {event.suggestion}"), file=sys.stderr)
    if result.errors or ill:
        return Exit.PARTIAL if ill else result.exit_code
    return result.exit_code


def _say(args: argparse.Namespace, value: dict[str, object], line: str) -> None:
    print(json.dumps(value, ensure_ascii=False) if args.json else plain(line))
