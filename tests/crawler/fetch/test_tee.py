"""The tee's protocol on a transport in memory: whatever comes, and however it is cut into pieces, is what is recorded."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.internet.protocol import Protocol
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.web._newclient import Request
from twisted.web.http_headers import Headers

from crawler.errors import Reason
from crawler.fetch.addresses import AddressPolicy
from crawler.fetch.attempt import Attempt, Recording
from crawler.fetch.guard import Guard
from crawler.fetch.outcome import FetchError
from crawler.fetch.tee import Limits, TeeProtocol

LIMITS = Limits(head_bytes=2000, head_lines=20, interim=3, raw_bytes=5000, idle=10)


class Connection:
    """A connection in memory, and the one request that is made on it."""

    def __init__(self, guard: Guard | None = None) -> None:
        self.clock = Clock()
        self.recording = Recording()
        self.quiescent: list[Any] = []
        self.results: list[Any] = []
        protocol: Any = TeeProtocol(self.quiescent.append, LIMITS, guard or Guard(AddressPolicy.of(True)))
        protocol.callLater = self.clock.callLater
        self.protocol = protocol
        self.transport: Any = StringTransport()
        self.protocol.makeConnection(self.transport)

    def ask(self, method: bytes = b"GET") -> Attempt:
        request: Any = Request(method, b"/x?y", Headers({b"Host": [b"a.test"]}), None, persistent=True)
        request.pressmark_recording = self.recording
        self.protocol.request(request).addBoth(self._answered)
        return self.recording.attempts[-1]

    def _answered(self, result: Any) -> None:
        self.results.append(result)
        if not isinstance(result, Failure) and result.length:
            result.deliverBody(Protocol())

    def receive(self, data: bytes, cuts: list[int]) -> None:
        borders = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
        for begin, end in pairwise(borders):
            if begin < end and not self.transport.disconnected:
                self.protocol.dataReceived(data[begin:end])

    @property
    def received(self) -> bytes:
        return b"".join(b"".join(each.received) for each in self.recording.attempts)


ANSWERS = [
    b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
    b"HTTP/1.1 200\nContent-Length: 3\n\nabc",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n2\r\nde\r\n0\r\nX: y\r\n\r\n",
    b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
]
CUTS = st.lists(st.integers(0, 10_000), max_size=8)


@given(st.sampled_from(ANSWERS), st.binary(max_size=40), CUTS)
def test_an_answer_is_recorded_to_its_last_byte_and_no_further(answer: bytes, more: bytes, cuts: list[int]) -> None:
    connection = Connection()
    attempt = connection.ask()
    connection.receive(answer + more, cuts)
    assert connection.received == answer
    assert attempt.complete
    assert attempt.size == len(answer)
    assert attempt.problem is None
    assert b"".join(attempt.sent) == connection.transport.value() == b"GET /x?y HTTP/1.1\r\nHost: a.test\r\n\r\n"
    if more:
        assert connection.transport.disconnecting or connection.transport.disconnected
    else:
        assert connection.quiescent == [connection.protocol]


@given(st.sampled_from(ANSWERS), st.integers(0, 10_000), CUTS, st.booleans())
def test_an_answer_that_is_cut_is_recorded_as_far_as_it_came(
    answer: bytes, length: int, cuts: list[int], clean: bool
) -> None:
    part = answer[: length % len(answer)]
    connection = Connection()
    attempt = connection.ask()
    connection.receive(part, cuts)
    connection.protocol.connectionLost(Failure(ConnectionDone() if clean else ConnectionLost()))
    assert connection.received == part
    assert not attempt.complete


@given(st.binary(max_size=60), CUTS, st.booleans())
def test_a_body_that_the_connection_ends_is_whole_only_if_the_connection_ended_well(
    body: bytes, cuts: list[int], clean: bool
) -> None:
    answer = b"HTTP/1.1 200 OK\r\n\r\n" + body
    connection = Connection()
    attempt = connection.ask()
    connection.receive(answer, cuts)
    connection.protocol.connectionLost(Failure(ConnectionDone() if clean else ConnectionLost()))
    assert connection.received == answer
    assert attempt.complete
    assert (attempt.problem is None) == clean


@given(st.binary(max_size=200) | st.text("HTP/1.02 \r\n:;abc0").map(str.encode), CUTS)
def test_nothing_that_comes_breaks_it(data: bytes, cuts: list[int]) -> None:
    connection = Connection()
    connection.ask()
    connection.receive(data, cuts)
    connection.protocol.connectionLost(Failure(ConnectionDone()))
    assert data.startswith(connection.received)
    assert len(connection.results) == 1
    connection.clock.advance(1000)


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 25, "20 header lines"),
        (b"HTTP/1.1 200 OK\r\nA: " + b"b" * 3000, "2000 bytes of headers"),
        (b"HTTP/1.1 200 OK\r\n" + (b"A: " + b"b" * 300 + b"\r\n") * 10, "2000 bytes of headers"),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n" * 5, "3 interim answers"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"b" * 6000, "5000 bytes"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nb\r\n" * 1500, "5000 bytes"),
    ],
)
@pytest.mark.parametrize("step", [1, 7, 1000])
def test_limits_stop_the_connection(answer: bytes, detail: str, step: int) -> None:
    connection = Connection()
    attempt = connection.ask()
    connection.receive(answer, list(range(0, len(answer), step)))
    assert connection.transport.disconnected
    connection.protocol.connectionLost(Failure(ConnectionLost()))
    assert answer.startswith(connection.received)
    assert len(connection.received) <= len(answer)
    problem = attempt.problem
    if problem is None:  # raised inside the parser
        (failure,) = connection.results
        (problem,) = (each.value for each in failure.value.reasons if each.check(FetchError))
    assert isinstance(problem, FetchError)
    assert problem.reason == Reason.TOO_LARGE
    assert detail in problem.detail


def test_silence_ends_the_connection_and_each_byte_begins_it_anew() -> None:
    connection = Connection()
    attempt = connection.ask()
    for byte in b"HTTP/1.1":
        connection.clock.advance(9.9)
        connection.protocol.dataReceived(bytes([byte]))
    assert not connection.transport.disconnected
    connection.clock.advance(10.1)
    assert connection.transport.disconnected
    assert isinstance(attempt.problem, FetchError)
    assert attempt.problem.reason == Reason.TIMEOUT
    connection.protocol.dataReceived(b" 200 OK")
    assert connection.received == b"HTTP/1.1"


def test_a_kept_connection_is_not_used_once_it_has_spoken_unasked() -> None:
    connection = Connection()
    connection.ask()
    connection.receive(ANSWERS[0], [])
    connection.clock.advance(1000)
    connection.protocol.dataReceived(ANSWERS[0])
    assert connection.transport.disconnected
    connection.transport.clear()
    with pytest.raises(IndexError):
        connection.recording.attempts[1]
    request: Any = Request(b"GET", b"/y", Headers({b"Host": [b"a.test"]}), None, persistent=True)
    failures: list[Any] = []
    connection.protocol.request(request).addErrback(failures.append)
    assert len(failures) == 1
    assert connection.transport.value() == b""


def test_a_forbidden_address_gets_no_byte() -> None:
    connection = Connection(Guard())  # StringTransport's peer is 192.168.1.1
    assert connection.transport.disconnected
    failures: list[Any] = []
    request: Any = Request(b"GET", b"/y", Headers({b"Host": [b"a.test"]}), None)
    connection.protocol.request(request).addErrback(failures.append)
    assert failures[0].value.reason == Reason.PRIVATE_ADDRESS
    assert connection.transport.value() == b""
