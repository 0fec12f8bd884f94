"""Take a capture, or all captures of an address, down: by a court's order, at somebody's request, or as one that ought not to be kept.

Three modes. restrict: kept as it is, but shown, exported and packed no more. tombstone: the rows' text and facts are taken away too, and
a row that says when and why is left; the WARC files keep the page. erase: the page's records in the WARC files are overwritten as well,
in place, so that every other record stays where it was and 'verify' still passes, and names the erasure. Of a URL or an article all
captures go, and it is never fetched again; of an id that capture alone.

Before anything is changed, all that will be is shown, with the datasets and packages that hold it: what was given away, and copies of the
disk, are for you to see to. It is asked for once more, or take --yes. Each order is kept in the site's takedowns.jsonl with who, when, why
and the digests of what went. One that was interrupted is carried out to its end by --resume, or by the next one.

--lift takes a restriction back, and no other mode: what was restricted is shown, exported and packed again, and may be fetched again. Who
lifted it, when and why is kept in the log, beside the order.

  pressmark takedown https://example.org/story --mode restrict --reason 'injunction 7 O 12/26'
  pressmark takedown https://example.org/story --lift --reason 'injunction set aside, 7 U 3/27'
  pressmark takedown https://example.org/story --mode erase --reason 'names a child' --by 'A. Editor' --yes
  pressmark takedown urn:uuid:… --mode tombstone --reason 'withdrawn by the paper' --dry-run
"""

from __future__ import annotations

import argparse
import dataclasses
import getpass
import json
import shutil
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, get_args

from crawler.config import load_site
from crawler.dataset.lookup import is_called, rows, sites_at
from crawler.dataset.register import Handed, holders
from crawler.errors import ConfigError, EvidenceError, Exit, StorageError, UsageError
from crawler.layout import SiteLayout
from crawler.ledger import Ledger
from crawler.lock import lock_site
from crawler.record import utc
from crawler.report.terminal import plain
from crawler.swap import put_in_place
from crawler.takedown.act import Done, carry_out
from crawler.takedown.lift import carry_out as carry_out_lift
from crawler.takedown.lift import coming_back, restrictions
from crawler.takedown.log import Lift, Mode, Standing, Takedown, note_lift, note_order, standing
from crawler.takedown.plan import Reach, reach
from crawler.upgrade import Row
from crawler.warc.cdxj import lookup

_DONE: dict[Mode, str] = {
    "restrict": "kept, and shown, exported and packed no more",
    "tombstone": "text and facts taken out of the rows; the WARC files keep the page",
    "erase": "text and facts taken out of the rows, and the records in the WARC files overwritten",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("id", nargs="?", metavar="ID|URL", help="capture, article or address")
    parser.add_argument("--mode", choices=get_args(Mode), help="what is done with it")
    parser.add_argument("--lift", action="store_true", help="take back a restriction")
    parser.add_argument("--reason", help="why: stands in the log, in tombstones and in erased records")
    parser.add_argument("--by", metavar="NAME", help="who orders or lifts it (default: this account's name)")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--dry-run", action="store_true", help="show what would go, or come back, and change nothing")
    parser.add_argument("--resume", action="store_true", help="carry out what was interrupted")
    parser.add_argument("--config", type=Path, metavar="DIR", help="folder of the configuration")
    parser.add_argument("--json", action="store_true", help="print the account as JSON")


def run(args: argparse.Namespace) -> int:
    """Take down; exit 8 if it is not in the collection, 2 if nobody confirms it."""
    if args.resume:
        return _resume(args)
    if not (args.id and bool(args.mode) != args.lift and (args.reason or "").strip()):
        raise UsageError(
            "name what, how and why: ID or URL, --mode or --lift, and --reason", hint="pressmark takedown --help"
        )
    if args.lift:
        return _lift(args)
    reaches = list(_reaches(args.collection, args.id))
    if not reaches:
        raise EvidenceError(
            f"{args.id} is not in {args.collection}",
            hint="'pressmark show' finds what is there by id, address or sentence.",
        )
    held = {each.site.root: list(holders(each.site, [c.id for c in each.captures])) for each in reaches}
    for each in reaches:
        print(plain("\n".join(_shown(each, held[each.site.root], args.mode))), file=sys.stderr)
    if args.dry_run:
        return Exit.DONE
    _confirm(args, args.mode)
    for each in reaches:
        _take_down(args, each, held[each.site.root])
    return Exit.DONE


def _reaches(collection: Path, named: str) -> Iterator[Reach]:
    """What is touched, at each site that holds it."""
    whole = "://" in named or named.startswith("a_")
    ids = set() if whole else {named if named.startswith("urn:") else f"urn:uuid:{named}"}
    sites = sites_at(collection)
    known = {site.root: _addresses(site, named) if whole else set() for site in sites}
    rowed = {site.root for site in sites if ids and any(row["id"] in ids for row in _rows(site))}
    for site in sites:
        if known[site.root] or site.root in rowed or (ids and not rowed):  # one without a row may be in any of them
            found = reach(site, partial(_rows, site), known[site.root], ids)
            if found.captures:
                yield found


def _addresses(site: SiteLayout, named: str) -> set[str]:
    """All addresses of the article that a URL or an article id names."""
    articles = {row["article_id"] for row in _rows(site) if is_called(row, named)}
    found = {row[name] for row in _rows(site) if row["article_id"] in articles for name in ("url", "requested_url")}
    archived = "://" in named and site.index.exists() and lookup(site.index, named)
    return found | ({named} if "://" in named and (found or archived) else set())


def _rows(site: SiteLayout) -> Iterator[Row]:
    return rows(site, "articles", restricted=True)


def _take_down(args: argparse.Namespace, what: Reach, held: list[tuple[Handed, int]]) -> None:
    site = what.site
    with lock_site(site), closing(_ledger(site)) as ledger:
        _pending(site, ledger, args)
        # what a crawl has added since it was shown is of the same address: it goes too
        fresh = reach(site, partial(_rows, site), what.urls, {capture.id for capture in what.captures})
        order = Takedown(
            takedown_id=uuid.uuid4().urn,
            at=utc(args.clock().replace(microsecond=0)),
            mode=args.mode,
            by=args.by or getpass.getuser(),
            reason=args.reason.strip(),
            asked=args.id,
            urls=fresh.urls,
            captures=tuple(fresh.captures),
            members=tuple(fresh.members),
            held_by=tuple(entry.path for entry, _ in held),
        )
        note_order(site, order)
        done = _carry_out(site, order, ledger, args)
    _account(site, order, done, fresh, held, as_json=args.json)


def _lift(args: argparse.Namespace) -> int:
    """Take restrictions back; exit 8 if none is in force."""
    meant = []
    for site in sites_at(args.collection):
        in_force = standing(site)
        if orders := _restrictions(site, in_force, args.id):
            meant.append((site, orders, coming_back(in_force, orders)))
    if not any(back for _, _, back in meant):
        raise EvidenceError(
            f"nothing that is restricted as {args.id} can come back",
            hint="takedowns.jsonl in the site's folder says what is in force. A tombstone and an erasure stay.",
        )
    for site, orders, back in meant:
        print(plain(f"{site.site}: lift {len(orders)} restrictions, {len(back)} captures"), file=sys.stderr)
        for order in orders:
            print(plain(f"  restricted {order.at} by {order.by}: {order.reason}"), file=sys.stderr)
        for each in back:
            print(plain(f"  {each.fetched_at}  {each.id}  {each.url}"), file=sys.stderr)
    if args.dry_run:
        return Exit.DONE
    _confirm(args, "lift")
    for site, _, _ in meant:
        _lift_at(args, site)
    return Exit.DONE


def _restrictions(site: SiteLayout, in_force: Standing, named: str) -> list[Takedown]:
    whole = "://" in named or named.startswith("a_")
    return restrictions(in_force, named, (_addresses(site, named) | {named}) if whole else ())


def _lift_at(args: argparse.Namespace, site: SiteLayout) -> None:
    with lock_site(site), closing(_ledger(site)) as ledger:
        _pending(site, ledger, args)
        in_force = standing(site)
        orders = _restrictions(site, in_force, args.id)
        lift = Lift(
            lift_id=uuid.uuid4().urn,
            at=utc(args.clock().replace(microsecond=0)),
            by=args.by or getpass.getuser(),
            reason=args.reason.strip(),
            asked=args.id,
            orders=tuple(orders),
        )
        back = coming_back(in_force, orders)
        note_lift(site, lift)
        carry_out_lift(site, lift, now=args.clock())
    urls = sorted({url for order in orders for url in order.urls} - standing(site).urls)
    if args.json:
        told = {
            "site": site.site, "lift_id": lift.lift_id, "takedown_ids": [order.takedown_id for order in orders],
            "captures": [each.id for each in back], "urls": urls, "log": str(site.takedowns),
        }  # fmt: skip
        print(json.dumps(told, ensure_ascii=False))
        return
    lines = [f"{site.site}: {len(back)} captures shown, exported and packed again"]
    lines += [f"  may be fetched again, from the next crawl on: {', '.join(urls)}"] if urls else []
    print(plain("\n".join([*lines, f"  log: {site.takedowns}"])))


def _resume(args: argparse.Namespace) -> int:
    number = 0
    for site in sites_at(args.collection):
        if standing(site).pending:
            with lock_site(site), closing(_ledger(site)) as ledger:
                number += _pending(site, ledger, args)
    print(f"{number} interrupted takedowns carried out" if number else "no takedown was interrupted")
    return Exit.DONE


def _pending(site: SiteLayout, ledger: Ledger, args: argparse.Namespace) -> int:
    pending = standing(site).pending
    for each in pending:
        if isinstance(each, Lift):
            carry_out_lift(site, each, now=args.clock())
        else:
            _carry_out(site, each, ledger, args)
    return len(pending)


def _ledger(site: SiteLayout) -> Ledger:
    """The site's ledger, after what an interrupted rebuilding left has taken its place: else its rows would come after the tombstones."""
    try:
        put_in_place(site)
        shutil.rmtree(site.rebuilt.root, ignore_errors=True)  # one that died before it was whole
    except OSError as error:
        raise StorageError(f"{site.root}: {error.strerror}", hint="Make room, then run it again.") from error
    return Ledger(site.ledger)


def _carry_out(site: SiteLayout, order: Takedown, ledger: Ledger, args: argparse.Namespace) -> Done:
    try:
        params = load_site(site.site, args.config).scope.strip_params
    except (ConfigError, UsageError):
        params = ()  # a site that was archived by hand has no configuration
    return carry_out(site, order, ledger, now=args.clock(), new_id=lambda: uuid.uuid4().urn, params=tuple(params))


def _confirm(args: argparse.Namespace, word: str) -> None:
    if args.yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("nobody is there to confirm it", hint="Look at what --dry-run shows, then say --yes.")
    print(f"Type {word} to go on: ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip() != word:
        raise UsageError("not confirmed: nothing was changed")


def _shown(what: Reach, held: list[tuple[Handed, int]], mode: Mode) -> Iterator[str]:
    yield f"{what.site.site}: {mode} {len(what.captures)} captures, {what.rows} rows, {len(what.members)} records in WARC files"
    for each in what.captures:
        yield f"  {each.fetched_at}  {each.id}  {each.url}"
    yield from (f"  {line}" for line in _left(what, held, mode))


def _left(what: Reach, held: list[tuple[Handed, int]], mode: Mode) -> Iterator[str]:
    """What the takedown does not reach."""
    for entry, number in held:
        there = "" if Path(entry.path).exists() else ", no longer there"
        yield f"held by the {entry.kind} of {entry.at}: {entry.path}{there} ({number} captures; sha256 {entry.sha256[:16]}…)"
    for url in what.copies:
        yield f"left: the same text stands at {url}: take it down too if it must go"
    if what.lists:
        yield f"left: {what.lists} archived feeds, sitemaps and section pages name it; its title and summary may stand there"
    if mode == "erase":
        yield "left: the run's logs name its address; site memory keeps fingerprints of blocks, no words; this log keeps the address"
        if what.torn:
            yield f"left: {what.torn} .torn files of cut-off bytes, which nobody reads: delete them by hand if need be"
        yield "left: whatever the disk, its snapshots and backups keep of the old bytes"


def _account(
    site: SiteLayout, order: Takedown, done: Done, what: Reach, held: list[tuple[Handed, int]], *, as_json: bool
) -> None:
    if as_json:
        told: dict[str, Any] = {
            "site": site.site, "takedown_id": order.takedown_id, "mode": order.mode, "captures": [each.id for each in order.captures],
            "records": len(order.members), **dataclasses.asdict(done), "log": str(site.takedowns),
            "held_by": [dataclasses.asdict(entry) | {"held": number} for entry, number in held],
            "left": list(_left(what, held, order.mode)),
        }  # fmt: skip
        print(json.dumps(told, ensure_ascii=False))
        return
    lines = [
        f"{site.site}: {len(order.captures)} captures {_DONE[order.mode]}",
        f"  {done.erased} records overwritten, {done.tombstones} tombstones, {done.blocks} removed blocks taken away",
        f"  never fetched again: {', '.join(order.urls)}"
        if order.urls
        else "  its address may be fetched again: one capture was named",
        f"  log: {site.takedowns}",
    ]
    print(plain("\n".join(lines)))
