"""A restriction lifted: what was only kept from being shown is shown, exported and packed again, because a person has said so.

Owns which orders a name means, and the way back. Only ``restrict`` has one: a tombstone and an erasure stay, also where a restriction of
the same capture is lifted. The log keeps order and lifting for ever. URLs become what they were when the next run of their site begins
(``SiteArchive.retry``), for it knows the rows and the scope. The caller holds the site's lock.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from crawler.errors import StorageError, UsageError
from crawler.layout import SiteLayout
from crawler.record import utc
from crawler.takedown import log
from crawler.takedown.log import Captured, Lift, Standing, Takedown
from crawler.warc.cdxj import add, update_index


def restrictions(standing: Standing, named: str, addresses: Collection[str]) -> list[Takedown]:
    """The restrictions in force that a person means.

    Args:
        standing: what is in force at the site.
        named: id of an order or of a capture, article id, or URL.
        addresses: the addresses of the article, if ``named`` is one or a URL.

    Raises:
        UsageError: ``named`` is one capture of an address that was restricted as a whole.
    """
    ids = {named, f"urn:uuid:{named}"}
    whole = set(addresses)
    found = []
    for order in standing.orders:
        if order.mode != "restrict":
            continue
        captures = {each.id for each in order.captures}
        at = {each.url for each in order.captures}
        if order.takedown_id in ids or not whole.isdisjoint(order.urls) or (not order.urls and at and at <= whole):
            found.append(order)
        elif ids & captures:
            if order.urls:
                raise UsageError(
                    f"{named} was restricted with all captures of {', '.join(order.urls)}",
                    hint="Name the address: a restriction is lifted as a whole.",
                )
            found.append(order)
    return found


def coming_back(standing: Standing, orders: Collection[Takedown]) -> list[Captured]:
    """The captures that nothing keeps from being shown once these orders are lifted, in order of capture."""
    lifted = {order.takedown_id for order in orders}
    held = {each.id for order in standing.orders if order.takedown_id not in lifted for each in order.captures}
    captures = {each.id: each for order in orders for each in order.captures if each.id not in held}
    return sorted(captures.values(), key=lambda each: (each.fetched_at, each.id))


def carry_out(site: SiteLayout, lift: Lift, *, now: datetime) -> None:
    """Do what a lifting says that stands in the log already: the index leads to the captures again.

    Raises:
        StorageError: something cannot be written. It stays open and can be resumed.
    """
    hidden = log.standing(site).places
    places = {(each.filename, each.offset) for order in lift.orders for each in order.captures} - hidden
    try:
        # first all that the files have grown by: a line far behind the others would make an index look as if it had read up to there
        update_index(site.index, site.warc_files(), hidden)
        add(site.index, places, site.warc_file)
    except OSError as error:
        raise StorageError(f"{site.index}: {error.strerror}", hint="Make room, then run it again.") from error
    log.note_done(site, lift.lift_id, utc(now), {"captures": len(places)})
