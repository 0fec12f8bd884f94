"""One reason for every exception and status that an errback may be given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from OpenSSL import SSL
from scrapy import exceptions as scrapy_errors
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet import error as tx_error
from twisted.internet.defer import CancelledError
from twisted.python.failure import Failure
from twisted.web._newclient import ParseError
from twisted.web.client import ResponseFailed, ResponseNeverReceived
from twisted.web.http import _DataLoss

from crawler.errors import PressmarkError, Reason, StorageError
from crawler.fetch.outcome import FetchError, Refused, reason_of, reason_of_status


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def broken(*causes: Exception, kind: type[ResponseFailed] = ResponseFailed) -> Exception:
    failed = kind([Failure(each) for each in causes])
    return caused(scrapy_errors.DownloadFailedError(str(failed)), failed)


HANDSHAKE = SSL.Error([("SSL routines", "", "certificate verify failed")])
REASONS: list[tuple[Exception, Reason, str]] = [
    (FetchError(Reason.TOO_LARGE, "more than 3 bytes"), Reason.TOO_LARGE, "more than 3 bytes"),
    (Refused(Reason.ROBOTS_DISALLOWED, "by robots.txt"), Reason.ROBOTS_DISALLOWED, "by robots.txt"),
    (broken(FetchError(Reason.TOO_LARGE, "too many lines")), Reason.TOO_LARGE, "too many lines"),
    (scrapy_errors.CannotResolveHostError("no results"), Reason.DNS_FAILED, "no results"),
    (tx_error.DNSLookupError("no results"), Reason.DNS_FAILED, "no results"),
    (scrapy_errors.DownloadConnectionRefusedError("refused"), Reason.CONNECT_FAILED, "refused"),
    (tx_error.NoRouteError(), Reason.CONNECT_FAILED, "No route"),
    (tx_error.TCPTimedOutError(), Reason.CONNECT_FAILED, "timed out"),
    (scrapy_errors.DownloadTimeoutError("took longer"), Reason.TIMEOUT, "took longer"),
    (broken(HANDSHAKE, kind=ResponseNeverReceived), Reason.TLS_FAILED, "certificate verify failed"),
    (broken(tx_error.ConnectionDone(), kind=ResponseNeverReceived), Reason.DISCONNECTED, "before any answer"),
    (broken(tx_error.ConnectionLost()), Reason.DISCONNECTED, "before the end"),
    (broken(tx_error.ConnectionAborted()), Reason.DISCONNECTED, "before the end"),
    (broken(ParseError("wrong number of parts", b"x")), Reason.BAD_RESPONSE, "wrong number of parts"),
    (broken(ValueError("conflicting")), Reason.BAD_RESPONSE, "conflicting"),
    (broken(KeyError(b"odd")), Reason.BAD_RESPONSE, "odd"),
    (
        caused(scrapy_errors.ResponseDataLossError(), ResponseFailed([Failure(tx_error.ConnectionDone()), Failure(_DataLoss())])),
        Reason.DISCONNECTED, "before the end",
    ),
    (scrapy_errors.UnsupportedURLSchemeError("ftp"), Reason.BAD_URL, "ftp"),
    (scrapy_errors.NotSupported("no handler"), Reason.BAD_URL, "no handler"),
    (ValueError("odd"), Reason.UNEXPECTED, "ValueError: odd"),
    (scrapy_errors.IgnoreRequest("offsite"), Reason.OUT_OF_SCOPE, "offsite"),
    (scrapy_errors.StopDownload(), Reason.TOO_LARGE, ""),
    (CancelledError(), Reason.DISCONNECTED, ""),
    (HttpError(Response("http://a.test/", status=404)), Reason.NOT_FOUND, "404"),
    (StorageError("disk full"), Reason.INTERRUPTED, "disk full"),
    (PressmarkError("odd"), Reason.UNEXPECTED, "PressmarkError: odd"),
    (ZeroDivisionError("division"), Reason.UNEXPECTED, "ZeroDivisionError: division"),
]  # fmt: skip


@pytest.mark.parametrize(("error", "reason", "detail"), REASONS, ids=lambda each: type(each).__name__)
def test_exceptions(error: Exception, reason: Reason, detail: str) -> None:
    found, line = reason_of(error)
    assert found == reason
    assert detail in line


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (200, None), (204, None), (206, None), (301, Reason.BAD_REDIRECT), (304, Reason.NOT_MODIFIED), (401, Reason.BLOCKED),
        (403, Reason.BLOCKED), (404, Reason.NOT_FOUND), (407, Reason.BLOCKED), (410, Reason.NOT_FOUND), (418, Reason.HTTP_ERROR),
        (429, Reason.BLOCKED), (451, Reason.BLOCKED), (500, Reason.HTTP_ERROR), (503, Reason.HTTP_ERROR), (999, Reason.HTTP_ERROR),
    ],
)  # fmt: skip
def test_statuses(status: int, reason: Reason | None) -> None:
    assert reason_of_status(status) == reason


@given(st.text())
def test_the_detail_is_one_short_line(text: str) -> None:
    _, detail = reason_of(RuntimeError(text))
    assert len(detail) < 400
    assert not any(ord(each) < 32 or 127 <= ord(each) < 160 for each in detail)


def test_errors_that_cause_each_other_end() -> None:
    first, second = RuntimeError("a"), RuntimeError("b")
    first.__cause__, second.__cause__ = second, first
    assert reason_of(first) == (Reason.UNEXPECTED, "RuntimeError: a")
