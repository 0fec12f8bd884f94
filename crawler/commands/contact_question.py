"""The one question that Pressmark asks: who runs the crawl. On a terminal, once; elsewhere it warns and goes on. No subcommand itself."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from ipaddress import ip_address

from crawler.config import SiteConfig, apply_overrides
from crawler.config.contact import contact_file, keep_contact
from crawler.errors import ConfigError
from crawler.urls import host

_TRIES = 3


def with_contact(sites: Sequence[SiteConfig]) -> list[SiteConfig]:
    """The sites, each with a contact if one can be had.

    A run without one goes on, with a warning: news that nobody fetched is gone, and a courtesy can be mended tomorrow.
    """
    nameless = [site for site in sites if site.politeness.contact is None and not _is_ours(site.home)]
    if not nameless:
        return list(sites)
    contact = _ask(nameless[0]) if sys.stdin.isatty() and sys.stderr.isatty() else None
    if contact is None:
        print(
            "pressmark: no contact is set, so the servers cannot tell who crawls them, and some refuse that.\n"
            "  Set it once: export PRESSMARK_CONTACT=you@example.org, or politeness.contact in config/defaults.yaml;"
            " on a terminal Pressmark asks for it.",
            file=sys.stderr,
        )
        return list(sites)
    return [_named(site, contact) if site in nameless else site for site in sites]


def _ask(site: SiteConfig) -> str | None:
    print(
        "Who runs this crawl? Every request tells the server, so that it can reach you instead of blocking you.\n"
        f"The answer is kept in {contact_file()} and asked for once.",
        file=sys.stderr,
    )
    for _ in range(_TRIES):
        print("E-mail address or page (empty: go on without): ", end="", file=sys.stderr, flush=True)
        answer = sys.stdin.readline().strip()
        if not answer:
            return None
        try:
            _named(site, answer)
        except ConfigError as error:
            print(f"  {error.message.rpartition(': ')[2]}", file=sys.stderr)
            continue
        keep_contact(answer)
        return answer
    return None


def _named(site: SiteConfig, contact: str) -> SiteConfig:
    return apply_overrides(site, [f"politeness.contact={contact}"])


def _is_ours(home: str) -> bool:
    """Whether a site is on this machine or in this house: nobody there needs to be told."""
    name = host(home)
    try:
        return not ip_address(name.strip("[]")).is_global
    except ValueError:
        return name == "localhost" or name.endswith((".localhost", ".test", ".internal"))
