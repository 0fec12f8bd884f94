"""Redirects: followed hop by hop, each hop an exchange of its own, and none dropped in silence.

A downloader middleware over Scrapy's. Owns when a redirect is not followed, and says so with a reason: a target that is never
fetched, one that was taken down, more hops than REDIRECT_MAX_TIMES, a loop. What a target may be is judged anew for each hop, by the
address guard and by robots.txt, because each hop is a new request.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares import redirect
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from crawler.errors import PolicyError, Reason
from crawler.fetch.handler import forget_fetch
from crawler.fetch.outcome import Refused
from crawler.urls import check

_FOLLOWED = frozenset({301, 302, 303, 307, 308})


class RedirectMiddleware(redirect.RedirectMiddleware):
    """In the place of Scrapy's own."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """The next hop, or the response if it is no redirect or ``dont_redirect`` is set.

        Raises:
            Refused: it is one that is not followed; the answer is archived all the same.
        """
        location = response.headers.get("Location")
        if response.status not in _FOLLOWED or location is None or request.meta.get("dont_redirect"):
            return response
        target = location.decode("latin-1")[:300]
        if (
            len(set(response.headers.getlist("Location"))) > 1
        ):  # one of them may be somebody else's (response splitting)
            raise Refused(Reason.BAD_REDIRECT, "to several addresses at once")
        try:
            hop = super().process_response(request, response)
        except IgnoreRequest as error:
            raise Refused(Reason.TOO_MANY_REDIRECTS, f"too many hops, the last to {target}") from error
        except ValueError as error:
            raise Refused(Reason.BAD_REDIRECT, f"{target} is no address: {error}") from error
        if not isinstance(hop, Request):
            raise Refused(Reason.BAD_REDIRECT, f"{target} is neither http nor https")
        if "@" in urlparse_cached(hop).netloc:  # nobody logs in here, and no password goes into our records
            raise Refused(Reason.BAD_REDIRECT, "to an address with a user name or password")
        try:
            check(hop.url)
        except PolicyError as error:
            raise Refused(Reason.BAD_REDIRECT, error.message) from error
        archive = getattr(self.crawler.spider, "archive", None)
        if archive and archive.withdrawn(hop.url):
            raise Refused(Reason.WITHDRAWN, f"leads to {target}, which was taken down")
        # Once back to an address is how a cookie wall lets a reader through; twice is a loop.
        if hop.meta["redirect_urls"].count(hop.url) > 1:
            raise Refused(Reason.TOO_MANY_REDIRECTS, f"a loop, again to {target}")
        forget_fetch(hop.meta)
        hop.meta.pop("download_slot", None)  # the slot of the host that was asked before
        hop.dont_filter = True  # the duplicate filter drops without a word
        return hop

    def handle_referer(self, request: Request, response: Response) -> None:
        """Send none."""
        request.headers.pop("Referer", None)

    def _engine_started(self) -> None:
        """Scrapy's own looks for the middleware that sets the Referer header, and warns if there is none."""
