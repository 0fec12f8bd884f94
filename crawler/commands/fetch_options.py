"""What 'archive' and 'crawl' share on the command line: how connections are made, how the run is told. No subcommand itself."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

from crawler.config import SiteConfig, apply_overrides
from crawler.errors import Exit
from crawler.report.summary import summary
from crawler.report.terminal import plain
from crawler.run import Result


def add_fetch_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of fetching."""
    parser.add_argument("--json", action="store_true", help="print a line of JSON for each result")
    parser.add_argument("-v", "--verbose", action="store_true", help="say on standard error what is being done")
    parser.add_argument(
        "--config",
        metavar="DIR",
        type=Path,
        help="folder of the configuration (default: $PRESSMARK_CONFIG, ./config, or the one shipped)",
    )
    parser.add_argument(
        "-s",
        "--set",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="override a setting, such as politeness.delay=1s",
    )
    parser.add_argument(
        "--ignore-robots",
        action="store_true",
        help="archive as a person would, whatever robots.txt says; every record then says so",
    )
    parser.add_argument(
        "--resolve",
        metavar="HOST:PORT:ADDRESS",
        action="append",
        default=[],
        help="connect to ADDRESS for HOST:PORT, as in curl",
    )
    parser.add_argument(
        "--allow-private", metavar="NETWORK", nargs="?", action="append", const="", default=[], type=_network,
        help="let it reach loopback and private addresses, all of them or one network (refused by default)",
    )  # fmt: skip


def _network(text: str) -> str:
    if text and ("://" in text or (not text[0].isalnum() and text[0] not in ":[")):
        raise argparse.ArgumentTypeError(f"{text!r} is not a network; write addresses before --allow-private")
    return text


def with_options(site: SiteConfig, args: argparse.Namespace) -> SiteConfig:
    """The site's configuration with the command line's options over it.

    Raises:
        ConfigError: an override is wrong.
    """
    site = apply_overrides(site, args.set)
    if args.ignore_robots:
        site = replace(site, politeness=replace(site.politeness, robots="ignore"))
    networks = tuple(network for network in args.allow_private if network)
    if networks:
        site = apply_overrides(site, [f"fetch.allow_private=[{', '.join(networks)}]"])
    elif args.allow_private:
        site = replace(site, fetch=replace(site.fetch, allow_private=True))
    if args.resolve:
        site = apply_overrides(site, [f"fetch.resolve=[{', '.join(repr(entry) for entry in args.resolve)}]"])
    return site


def tell_errors(result: Result) -> None:
    """Say on standard error which sites could not start, whose account is wrong, or that the run was interrupted."""
    for outcome in result.outcomes:
        if outcome.requests.problem:
            print(
                plain(
                    f"pressmark: {outcome.site}: the account of requests does not balance: {outcome.requests.problem}\n"
                    "  This is a bug: what the run says of this site cannot be trusted. Report it with runs/…/crawl.log."
                ),
                file=sys.stderr,
            )
        elif outcome.exit_code == Exit.UNEXPECTED:
            print(
                plain(
                    f"pressmark: {outcome.site}: something went wrong that nobody foresaw. What was archived is kept.\n"
                    "  Run the same command again. If it stays so it is a bug: report it with "
                    f"{outcome.site}/runs/{outcome.run_id}/crawl.log."
                ),
                file=sys.stderr,
            )
    for site, error in result.errors.items():
        print(plain(f"pressmark: {site}: {error}"), file=sys.stderr)
    if result.signal is not None:
        print(
            "pressmark: interrupted; all that was archived is kept, and the same command goes on from here",
            file=sys.stderr,
        )


def tell_outcomes(result: Result, *, as_json: bool, quiet: bool = False) -> None:
    """Print how each site's run ended, on standard output; with ``quiet`` only of sites with which not all is well."""
    for outcome in result.outcomes:
        if quiet and outcome.exit_code == Exit.DONE:
            continue
        if as_json:
            print(json.dumps(outcome.to_dict(), ensure_ascii=False))
            continue
        print(plain(summary(outcome)))


def tell_untold(result: Result) -> None:
    """Say on standard error who could not be told how the run went."""
    for outcome in result.outcomes:
        for line in outcome.untold:
            print(plain(f"pressmark: {outcome.site}: {line}"), file=sys.stderr)
