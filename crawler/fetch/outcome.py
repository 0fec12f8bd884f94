"""What became of a request: one reason and one line of detail for every exception and status.

Owns the two exceptions with which a fetch ends early and the mapping from Scrapy's, Twisted's and OpenSSL's exceptions to
``crawler.errors.Reason``. Pure: never logs, never retries, never touches a request.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from OpenSSL import SSL
from scrapy import exceptions as scrapy_errors
from scrapy.exceptions import IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError
from service_identity import VerificationError
from twisted.internet import error as tx_error
from twisted.internet.defer import CancelledError
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed, ResponseNeverReceived
from twisted.web.http import PotentialDataLoss, _DataLoss, _MalformedChunkedDataError

from crawler.errors import Reason, StorageError

BLOCKING = frozenset({401, 403, 407, 429, 451})
"""Statuses with which a server refuses the crawler rather than the page."""

_ENDED = (
    tx_error.ConnectionDone, tx_error.ConnectionLost, tx_error.ConnectionAborted, _DataLoss, PotentialDataLoss,
    CancelledError,
)  # fmt: skip
"""What Twisted reports when the connection went away, whoever closed it; says nothing about the bytes."""

_REASONS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], Reason], ...] = (
    (StorageError, Reason.INTERRUPTED),
    ((SSL.Error, VerificationError), Reason.TLS_FAILED),
    (scrapy_errors.CannotResolveHostError, Reason.DNS_FAILED),
    (tx_error.DNSLookupError, Reason.DNS_FAILED),
    (scrapy_errors.DownloadTimeoutError, Reason.TIMEOUT),
    (scrapy_errors.DownloadConnectionRefusedError, Reason.CONNECT_FAILED),
    (tx_error.ConnectError, Reason.CONNECT_FAILED),
    (scrapy_errors.StopDownload, Reason.TOO_LARGE),
    (scrapy_errors.DownloadCancelledError, Reason.INTERRUPTED),
    ((scrapy_errors.UnsupportedURLSchemeError, scrapy_errors.NotSupported), Reason.BAD_URL),
    (scrapy_errors.ResponseDataLossError, Reason.DISCONNECTED),
    (_ENDED, Reason.DISCONNECTED),
    (IgnoreRequest, Reason.OUT_OF_SCOPE),
)
"""First match wins."""


_ENDLESS = re.compile(r"too long|exceeds maximum")
"""What Twisted says of a chunk's size line or of trailers that do not end."""


class FetchError(Exception):
    """A fetch that failed: what the download handler raises for every failure, and a limit when it is broken."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class Refused(IgnoreRequest):
    """A request that our own rules do not let pass: robots.txt, a redirect that is never followed."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def reason_of_status(status: int) -> Reason | None:
    """Why an answer with this status gives no page; None if it may."""
    if status in BLOCKING:
        return Reason.BLOCKED
    if status in (404, 410):
        return Reason.NOT_FOUND
    if status == 304:
        return Reason.NOT_MODIFIED
    if 300 <= status < 400:
        return Reason.BAD_REDIRECT
    return None if 200 <= status < 300 else Reason.HTTP_ERROR


def reason_of(error: BaseException) -> tuple[Reason, str]:
    """Reason and one line of detail for anything that an errback may be given."""
    nested = list(_nested(error))
    for each in nested:
        if isinstance(each, (FetchError, Refused)):
            return each.reason, each.detail
        if isinstance(each, HttpError):
            status = each.response.status
            return reason_of_status(status) or Reason.UNEXPECTED, f"status {status}"
    if any(isinstance(each, ResponseFailed) for each in nested):
        return _reason_of_broken(nested)
    for types, reason in _REASONS:
        for each in nested:
            if isinstance(each, types):
                return reason, _line(each)
    return Reason.UNEXPECTED, f"{type(error).__name__}: {_line(error)}"


def refuses_http1(error: BaseException) -> bool:
    """Whether a TLS server has answered that it speaks none of the protocols offered, which is HTTP/1.1 (RFC 7301, 3.2)."""
    return any(isinstance(each, SSL.Error) and "no application protocol" in _line(each) for each in _nested(error))


def _reason_of_broken(nested: list[BaseException]) -> tuple[Reason, str]:
    """Reason for an answer that began, or should have begun, on a connection that stood."""
    causes = [each for each in nested if not isinstance(each, ResponseFailed)]
    for each in causes:
        if isinstance(each, (SSL.Error, VerificationError)):
            return Reason.TLS_FAILED, _line(each)
    if any(isinstance(each, scrapy_errors.DownloadTimeoutError) for each in causes):
        return Reason.TIMEOUT, _line(causes[0])
    wrapped = (scrapy_errors.DownloadFailedError, scrapy_errors.ResponseDataLossError)
    for each in causes:
        if isinstance(each, _MalformedChunkedDataError) and _ENDLESS.search(str(each)):
            return Reason.TOO_LARGE, _line(each)
        if not isinstance(each, (*wrapped, *_ENDED)):
            return Reason.BAD_RESPONSE, f"{type(each).__name__}: {_line(each)}"
    nothing = any(isinstance(each, ResponseNeverReceived) for each in nested)
    return Reason.DISCONNECTED, "closed before any answer" if nothing else "closed before the end of the answer"


def _nested(error: BaseException) -> Iterator[BaseException]:
    """The error, its causes, and the failures that Twisted's errors carry as ``reasons``; the outermost first."""
    todo: list[BaseException] = [error]
    seen: set[int] = set()
    while todo:
        each = todo.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        todo.extend(r.value if isinstance(r, Failure) else r for r in getattr(each, "reasons", ()))
        if each.__cause__ is not None:
            todo.append(each.__cause__)


def _line(error: BaseException) -> str:
    """The error's message in one short line without control characters."""
    if isinstance(error, SSL.Error) and error.args and isinstance(error.args[0], list):
        text = "; ".join(str(entry[-1]) for entry in error.args[0])
    else:
        text = str(error)
    return re.sub(r"[\x00-\x20\x7f-\x9f]+", " ", text).strip()[:300] or type(error).__name__
