"""Print what makes a machine crawl the configured sites when they are due: a cron line, a systemd timer, a CronJob, a workflow.

When a site is due stands in its YAML, or for all sites in defaults.yaml, as 'schedule: {every: 30m}'. Besides intervals it takes times of
day ('daily at 06:30', 'mon,thu at 06:00, 18:00'), in the site's time zone or the one that 'timezone' names, and a crontab's five fields.

One job serves all sites: it runs 'pressmark crawl --due', which crawls those that are due, side by side, and makes good what was missed,
once.

  (crontab -l; pressmark schedule) | crontab -
  pressmark schedule --as systemd
  pressmark schedule --as kubernetes kyivindependent > cronjob.yaml
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from crawler.config import SiteConfig, find_config, load_site, load_sites
from crawler.config.contact import kept_contact
from crawler.config.load import VARIABLES
from crawler.config.when import tick, zone_of
from crawler.due import is_due, last_crawl
from crawler.errors import Exit, UsageError
from crawler.layout import CollectionLayout
from crawler.record import utc
from crawler.report.jobs import FORMS, Job


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument(
        "site", nargs="*", metavar="SITE", help="key of a configured site (default: all that have a schedule)"
    )
    parser.add_argument("--as", dest="form", choices=list(FORMS), default="cron", help="what to print (default: cron)")
    parser.add_argument(
        "--config",
        metavar="DIR",
        type=Path,
        help="folder of the configuration (default: $PRESSMARK_CONFIG, ./config, or the one shipped)",
    )


def run(args: argparse.Namespace) -> int:
    """Print; exit 2 if no site has a schedule."""
    every = {key: load_site(key, args.config) for key in args.site} if args.site else load_sites(args.config)
    sites = {key: site for key, site in every.items() if site.schedule.every}
    if missing := [key for key in args.site if key not in sites] if sites else list(every):
        raise UsageError(
            f"no schedule: {', '.join(missing)}",
            hint="Say in the site's YAML, or in defaults.yaml for all, when it is due: 'schedule: {every: 30m}'.",
        )
    now, config = args.clock(), find_config(args.config).absolute()
    job = Job(
        program=_program(),
        folder=Path.cwd(),
        collection=args.collection.absolute(),
        config=config,
        sites=args.site,
        minutes=tick([site.schedule.every for site in sites.values() if site.schedule.every]),
        about=[_line(site, args.collection, now) for site in sites.values()],
        environment=_environment(sites.values()),
        defaults=(config / "defaults.yaml").is_file(),
    )
    sys.stdout.write(FORMS[args.form](job))
    return Exit.DONE


def _environment(sites: Iterable[SiteConfig]) -> dict[str, str]:
    """Variables of ours that are set here, and the contact that was asked for once: a job of another user or machine has neither."""
    found = {name: value for name in VARIABLES if (value := os.environ.get(name))}
    kept = kept_contact()
    if kept and all(site.politeness.contact == kept for site in sites):
        found.setdefault("PRESSMARK_CONTACT", kept)
    return found


def _program() -> list[str]:
    found = shutil.which("pressmark")
    if found and Path(sys.argv[0]).name == "pressmark":
        return [found]
    return [sys.executable, os.path.abspath(sys.argv[0])]


def _line(site: SiteConfig, collection: Path, now: datetime) -> str:
    times, zone = site.schedule.every, site.schedule.timezone or site.timezone
    assert times is not None
    last = last_crawl(CollectionLayout(collection).site(site.site))
    due = "now" if is_due(site, last, now) else utc(times.next(now, zone_of(zone)))
    return f"{site.site}: {times.text}" + (f" {zone or 'UTC'}" if times.interval is None else "") + f", due {due}"
