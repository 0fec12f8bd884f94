"""The runs over all faults, made once a session, and what the test run says of them at its end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.faults import content, network
from tests.faults.certificates import Certificates
from tests.faults.run import INSIDE, Host, Run, archive
from tests.faults.server import OddServer

FAULT, COUNTER = "fault", "counter"
"""Names of the properties with which a test says which fault it is about, and what a counter counted."""
CAP = {"max_body": network.MAX_BODY}


def hosts(inside: str) -> list[Host]:
    """All hosts whose pages are archived; ``inside`` is an address with a port that must not be reached."""
    plain = [
        Host("content.test", {**content.WITHIN, **content.BESIDE}),
        Host("slow.test", network.SLOW_ONES, politeness={"idle_timeout": "2s", "timeout": "4s"}),
        Host("cut.test", network.CUT_ONES),
        Host("bad.test", network.BAD_ONES),
        Host("endless.test", network.ENDLESS_ONES, politeness=CAP),
        Host("coding.test", network.CODING_ONES),
        Host("charset.test", network.CHARSET_ONES),
        Host("hops.test", network.redirects(inside)),
        Host("again.test", network.AGAIN_ONES, politeness={"tries": 2}),
        Host("refused.test", network.REFUSED_ONES),
        Host("leaks.test", network.LEAKING_ONES),
        Host("busy.test", {"busy-for-ever": network.BUSY_FOR_EVER}, neighbours=False),
        Host("late.test", network.LATE_ONES, politeness={"concurrency": 1, "delay": "500ms"}),
    ]
    tls = [
        Host("cut-tls.test", {**network.CUT_ONES, **network.FAREWELL_ONES}, tls=True),
        Host("bad-tls.test", {**network.BAD_ONES, **network.ENDLESS_ONES}, tls=True, politeness=CAP),
        Host("expired.test", network.EXPIRED_ONES, tls=True, certificate={"days": -1}, neighbours=False),
        Host("self-signed.test", network.SELF_SIGNED_ONES, tls=True, certificate={"known": False}, neighbours=False),
        Host(
            "another.test", network.WRONG_HOST_ONES, tls=True, certificate={"host": "elsewhere.test"}, neighbours=False
        ),
        Host(
            "no-tls.test", network.NO_TLS_ONES, tls=True, certificate={"none": True}, neighbours=False,
            politeness={"idle_timeout": "2s"},
        ),
        Host(
            "insecure.test", network.INSECURE_ONES, tls=True, certificate={"days": -1}, fetch={"verify_tls": False},
            neighbours=False,
        ),
    ]  # fmt: skip
    return plain + tls


CASES = [(host.name, name) for host in hosts("127.0.0.2:1") for name in host.faults]


@pytest.fixture(scope="session")
def faulty() -> Iterator[OddServer]:
    """The fault server."""
    server = OddServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Who signs its certificates."""
    return Certificates(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def pages(faulty: OddServer, authority: Certificates, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """All faulty pages, archived in one run beside good ones."""
    inside = faulty.listen(host=INSIDE)
    return archive(faulty, authority, hosts(f"{INSIDE}:{inside}"), tmp_path_factory.mktemp("pages"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Every fault by name and result, and the counters."""
    rows: dict[str, dict[str, str]] = defaultdict(dict)
    counters: list[str] = []
    for outcome in ("passed", "skipped", "failed", "error"):  # of a name's results the last is told
        for report in terminalreporter.getreports(outcome):
            for key, value in getattr(report, "user_properties", ()):
                if key == FAULT:
                    row, name = value
                    rows[row][name] = name if outcome == "passed" else f"{name} {outcome.upper()}"
                elif key == COUNTER:
                    counters.append(value)
    if rows:
        number = sum(map(len, rows.values()))
        terminalreporter.section(
            f"{number} faults of FAULTS.md, by row; each is as it must be unless it says otherwise"
        )
        for row in sorted(rows):
            terminalreporter.write_line(f"{row}: {', '.join(sorted(rows[row].values()))}")
        for counter in counters:
            terminalreporter.write_line(counter)
