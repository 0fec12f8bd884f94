"""``sites add``: from a probe's findings to a commented YAML and sample pages. No subcommand itself."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from crawler.commands.contact_question import with_contact
from crawler.commands.fetch_options import tell_errors, with_options
from crawler.commands.fixtures import make_fixtures
from crawler.config import BUNDLED, SiteConfig, SiteDraft, find_config, load_site, site_for_url
from crawler.config.draft import Line
from crawler.dataset.lookup import rows
from crawler.disk import replace_file
from crawler.errors import EvidenceError, Exit, StorageError, UsageError
from crawler.layout import CollectionLayout, is_safe, safe_name
from crawler.report.progress import progress
from crawler.report.terminal import plain
from crawler.run import Job
from crawler.run import run as run_jobs
from crawler.urls import domain, host, same_site
from spiders.discovery.shapes import covered, local
from spiders.discovery.zones import zone_of
from spiders.findings import Findings, Listing

_LISTS = 3
"""Articles that a page of the navigation lists, at least, if it is a section."""


def add(args: argparse.Namespace) -> int:
    """Probe a site and write its YAML; exit 8 if nothing could be found, 5 or 10 if the site or a rule refuses us."""
    site = site_for_url(args.url, args.config)
    key = args.key or _key(domain(args.url))
    if not is_safe(key):
        raise UsageError(f"'{key}' cannot be a site's key", hint="Use lower-case letters, digits, '.', '_' and '-'.")
    folder = _folder(args.config)
    path = folder / "sites" / f"{key}.yaml"
    if path.exists() and not args.force:
        raise UsageError(f"{path} is there already", hint="Name another with --key, or write it anew with --force.")
    [site] = with_contact([with_options(replace(site, site=key, home=_home(args.url)), args)])
    findings = Findings()
    with progress() as talk:
        job = Job("probe", site, {"findings": findings, "samples": args.samples}, "probe")
        result = run_jobs([job], args.collection, talk, verbose=args.verbose, clock=args.clock)
    tell_errors(result)
    if not findings.home:
        why = "; ".join(f"{url}: {problem}" for url, problem in findings.failed.items()) or "it did not answer"
        for error in result.errors.values():
            raise error
        if result.exit_code not in (Exit.DONE, Exit.DEGRADED, Exit.PARTIAL):
            print(f"pressmark: nothing is known of {args.url}: {plain(why)}", file=sys.stderr)
            return result.exit_code
        raise EvidenceError(f"nothing is known of {args.url}: {plain(why)}", hint="Is that the home page's address?")
    text = draft(site, findings, _samples(args.collection, key)).to_yaml()
    _write(path, text)
    made = make_fixtures(args.collection, load_site(key, folder), folder) if args.samples else []
    _tell(path, findings, made, args)
    return Exit.DONE


def draft(site: SiteConfig, findings: Findings, samples: list[dict[str, object]]) -> SiteDraft:
    """The draft of a site's YAML: what was found, each thing with its reason."""
    front = findings.front
    now = datetime.now(UTC)
    made = SiteDraft(
        site=site.site, home=findings.home, probed_at=f"{now:%Y-%m-%d}", name=front.name if front else None
    )
    own = replace(site, home=findings.home, scope=replace(site.scope, hosts=()))
    _language(made, findings, samples)
    guess = zone_of(findings.home, [link.published_raw for each in findings.feeds for link in each.links], samples)
    if guess:
        made.timezone, made.timezone_note, made.timezone_sure = guess
    made.feeds = [Line(value=_short(each.url, own), note=_read(each)) for each in _feeds(findings, made)]
    if findings.unread_feeds:
        rest = ", ".join(_short(url, own) for url in findings.unread_feeds[:10])
        made.notes.append(f"The home page advertises further feeds, which were not looked at: {rest}")
    made.robots_sitemaps = len(findings.robots_sitemaps)
    for listing in findings.sitemaps:
        if listing.parent is None and listing.asked not in findings.robots_sitemaps:
            made.sitemaps.append(Line(value=_short(listing.url, own), note=_read(listing)))
    if findings.robots_sitemaps:
        made.notes.append(
            f"robots.txt names {len(findings.robots_sitemaps)} sitemaps; they are read without being listed here."
        )
    made.sections = [
        Line(
            name=name, value=_short(url, own), note=f"lists {number} articles" + (", has further pages" if more else "")
        )
        for name, url, number, more in findings.sections
        if number >= _LISTS
    ]
    _scope(made, findings, own)
    return made


def _feeds(findings: Findings, made: SiteDraft) -> list[Listing]:
    """The feeds that name something which those before them do not; of the others the notes speak."""
    known: set[str] = set()
    kept = []
    for listing in findings.feeds:
        urls = {link.url for link in listing.links}
        if urls <= known:
            made.notes.append(f"{local(listing.url)} is a feed too, and names nothing that the feeds below do not.")
        else:
            kept.append(listing)
        known |= urls
    return kept


def _scope(made: SiteDraft, findings: Findings, site: SiteConfig) -> None:
    urls = findings.article_urls
    strangers = sorted({host(url) for url in urls if not same_site(url, site.hosts)})
    for name in strangers:
        if domain(f"https://{name}/").endswith(domain(findings.home)):
            made.hosts = sorted({*site.hosts, *made.hosts, name})
    if findings.shapes and covered(urls, findings.shapes) >= 0.9:
        made.allow = [
            Line(
                value=shape.pattern,
                note=f"{shape.share:.0%} of {len(urls)} articles, such as {local(shape.example)[:80]}",
            )
            for shape in findings.shapes
        ]
    wrong = [url for _, url, _, _ in findings.sections if made.allow and covered([url], findings.shapes) == 1]
    made.deny = [Line(value=f"^{local(url)}$".replace(".", r"\."), note="a list, no article") for url in wrong[:20]]


def _language(made: SiteDraft, findings: Findings, samples: list[dict[str, object]]) -> None:
    said = findings.front.language if findings.front else None
    told = sorted({str(row["language"]) for row in samples if row.get("language")})
    made.language = said or (told[0] if len(told) == 1 else None)
    if made.language:
        made.language_note = "the home page says so" if said else "its articles are in it"


def _read(listing: Listing) -> str:
    what = f"{listing.number} articles" if listing.number else f"an index of {len(listing.children)} sitemaps"
    return f"{what}; {listing.why}"


def _short(url: str, site: SiteConfig) -> str:
    """An address relative to the home page where it is on the same host and scheme."""
    home, parts = urlsplit(site.home), urlsplit(url)
    return local(url) if (home.scheme, home.netloc) == (parts.scheme, parts.netloc) else url


def _home(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path or '/'}"


def _key(name: str) -> str:
    """A key for a host: its name without the last part, if that leaves a word: example.org is ``example``."""
    first = name.split(":")[0].split(".")
    words = [part for part in first[:-1] if part not in ("co", "com", "org", "net", "ac", "gov")]
    return safe_name(words[-1] if words and not words[-1].isdigit() else name)


def _folder(option: Path | None) -> Path:
    """Where the YAML goes: the configuration in use, but never into the one that ships with an installed Pressmark."""
    folder = find_config(option)
    if folder == BUNDLED and not os.access(BUNDLED.parent / "pyproject.toml", os.R_OK):
        folder = Path("config")
    return folder


def _samples(collection: Path, key: str) -> list[dict[str, object]]:
    return list(rows(CollectionLayout(collection).site(key), "articles"))


def _write(path: Path, text: str) -> None:
    try:
        replace_file(path, [text.encode()])
    except OSError as error:
        raise StorageError(
            f"{path}: {error.strerror}", hint="Name a folder that you may write to with --config."
        ) from error


def _tell(path: Path, findings: Findings, made: list[Path], args: argparse.Namespace) -> None:
    print(path)
    names = sum(each.number for each in findings.sitemaps)
    found = [
        f"{len(findings.feeds)} feeds",
        f"{len(findings.sitemaps)} sitemaps ({names} pages)",
        f"{len(findings.shapes)} forms of address",
    ]
    print(
        plain(f"  {', '.join(found)}; {len(made)} sample pages in {made[0].parent if made else 'no fixture'}"),
        file=sys.stderr,
    )
    for url, problem in findings.failed.items():
        if "not-found" not in problem:
            print(plain(f"  {url}: {problem}"), file=sys.stderr)
    key = path.stem
    print(
        f"  Look at it, then: pressmark sites check {key} --live; pressmark crawl {key} -s limits.max_articles=5",
        file=sys.stderr,
    )
