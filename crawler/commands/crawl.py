"""Crawl configured sites for what is new: find, fetch, archive, extract.

A site is a YAML file in config/sites/. Only what the archive does not hold yet is fetched; an interrupted crawl goes on where it stopped.
Sites run side by side, each politely.

  pressmark crawl kyivindependent
  pressmark crawl --json > report.jsonl
  pressmark crawl --due          those whose 'schedule' says so now; what cron should start ('pressmark schedule')
"""

from __future__ import annotations

import argparse

from crawler.commands.contact_question import with_contact
from crawler.commands.fetch_options import add_fetch_arguments, tell_errors, tell_outcomes, tell_untold, with_options
from crawler.config import load_site, load_sites
from crawler.due import is_due, last_crawl
from crawler.errors import BusyError, Exit
from crawler.layout import CollectionLayout
from crawler.report.progress import progress
from crawler.run import AT_ONCE, Job
from crawler.run import run as run_jobs


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("site", nargs="*", metavar="SITE", help="key of a configured site (default: all of them)")
    parser.add_argument(
        "--due", action="store_true", help="only sites that are due by their schedule; nothing due is no error"
    )
    parser.add_argument(
        "-q", "--quiet", action="store_true", help="say nothing of sites with which all is well (exit code 0)"
    )
    parser.add_argument(
        "--at-once",
        type=_number,
        metavar="N",
        default=AT_ONCE,
        help=f"most sites served side by side (default: {AT_ONCE})",
    )
    add_fetch_arguments(parser)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of sites")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Crawl; the exit code says how it went: 0, 4 degraded, 5 blocked, 7 partial, 75 busy, …"""
    keys = args.site or [key for key in load_sites(args.config) if key != "demo"]
    sites = [with_options(load_site(key, args.config), args) for key in dict.fromkeys(keys)]
    if args.due:
        layout = CollectionLayout(args.collection)
        sites = [site for site in sites if is_due(site, last_crawl(layout.site(site.site)), args.clock())]
        if not sites:
            return Exit.DONE
    with progress() as talk:
        jobs = [Job("site", site, {"due": args.due}) for site in with_contact(sites)]
        result = run_jobs(jobs, args.collection, talk, verbose=args.verbose, clock=args.clock, at_once=args.at_once)
    if args.due:  # a site that is still being crawled is as it should be
        result.errors = {site: error for site, error in result.errors.items() if not isinstance(error, BusyError)}
    tell_outcomes(result, as_json=args.json, quiet=args.quiet)
    tell_errors(result)
    tell_untold(result)
    return result.exit_code
