import http.server
import json
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest

from crawler.config import Fetch, Notify, SiteConfig
from crawler.errors import Exit
from crawler.fetch.notices import Notices
from crawler.report.alarm import Alarm
from crawler.report.numbers import Numbers
from crawler.report.outcome import Outcome
from crawler.report.requests import Requests
from crawler.report.watched import Watched

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
ALARM = Alarm(
    kind="blocked", message="6 of 8 pages were refused", cause="block-page", url="https://x.example/1", advice="Wait."
)


class Watchdog(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append((self.path, body.decode()))
        if self.path.startswith("/echo"):
            self.wfile.write(self.path.encode() + b"\r\n\r\n")
            return
        self.send_response(500 if self.path.startswith("/broken") else 200)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def watchdog():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Watchdog)
    server.told = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def outcome(code=Exit.DONE, alarms=()):
    return Outcome(
        site="x", run_id="r", started_at="2026-11-20T09:00:00Z", ended_at="2026-11-20T09:01:00Z", exit_code=code, articles=3, failed=1, reasons={"not-found": 1}, waiting=0, problems={}, removed_blocks=2,
        removed_chars=9, numbers=Numbers(articles=3), watched=Watched(looked=2, unchanged=2), alarms=list(alarms), closed="finished",
        requests=Requests(
            finished=True, asked=0, ended={}, stopped=0, lost=0, twice=0, unsettled=0, fetches=0, fetched=0, failed={}, exchanges=0, archived=0
        ),
    )  # fmt: skip


def notices(before=0, private=True, **notify):
    fetch = Fetch(allow_private=("127.0.0.0/8",) if private else False)
    site = SiteConfig(
        version=1, site="x", home="https://x.example/", notify=Notify(**{"timeout": 5.0} | notify), fetch=fetch
    )
    return Notices(site, NOW, before)


def test_a_watchdog_is_told_of_the_start_and_of_the_end(watchdog):
    told = notices(ping=f"http://127.0.0.1:{watchdog.server_port}/uuid?x=1")
    told.begun()
    told.ended(outcome(Exit.DEGRADED, [ALARM]), NOW)
    assert told.untold == []
    assert [path for path, _ in watchdog.told] == ["/uuid/start?x=1", "/uuid/4?x=1"]
    assert "ALARM: 6 of 8 pages were refused [block-page]" in watchdog.told[1][1]


def test_a_watchdog_that_cannot_be_told_is_named_and_costs_nothing_else(watchdog, tmp_path):
    told = notices(ping=f"http://127.0.0.1:{watchdog.server_port}/broken", prometheus=str(tmp_path))
    told.ended(outcome(), NOW)
    assert told.untold == ["notify.ping: status 500"]
    assert (tmp_path / "pressmark-x.prom").exists()


def test_a_ping_goes_where_the_sites_policy_lets_it(watchdog):
    told = notices(ping=f"http://127.0.0.1:{watchdog.server_port}/uuid", private=False)
    told.begun()
    assert watchdog.told == []
    assert told.untold == ["notify.ping: 127.0.0.1 is not public; fetch.allow_private lets it through"]


def test_metrics_of_a_run(tmp_path):
    told = notices(prometheus=str(tmp_path))
    told.ended(outcome(Exit.DEGRADED, [ALARM, ALARM]), NOW + timedelta(seconds=90))
    text = (tmp_path / "pressmark-x.prom").read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["pressmark-x.prom"]
    lines = text.splitlines()
    assert 'pressmark_run_exit_code{site="x"} 4' in lines
    assert 'pressmark_run_duration_seconds{site="x"} 90' in lines
    assert 'pressmark_run_urls{site="x",reason="not-found"} 1' in lines
    assert 'pressmark_run_looks{site="x",found="unchanged"} 2' in lines
    assert 'pressmark_alarms{site="x",kind="blocked"} 2' in lines
    for line in lines:
        assert line.startswith(("# HELP pressmark_", "# TYPE pressmark_", "pressmark_")), line


@pytest.mark.parametrize(
    ("when", "before", "code", "runs"),
    [
        ("always", 0, 0, True), ("alarm", 0, 0, False), ("alarm", 4, 4, True), ("change", 4, 4, False), ("change", 4, 0, True),
        ("change", None, 0, False), ("change", None, 5, True),
    ],
)  # fmt: skip
def test_a_command_gets_the_report(tmp_path, when, before, code, runs):
    script = f"import sys, pathlib; pathlib.Path({str(tmp_path / 'out')!r}).write_text(sys.stdin.read())"
    told = notices(before, command=(sys.executable, "-c", script), command_when=when)
    told.ended(outcome(Exit(code), [ALARM] if code else []), NOW)
    assert told.untold == []
    assert (tmp_path / "out").exists() is runs
    if runs:
        assert json.loads((tmp_path / "out").read_text())["exit_code"] == code


@pytest.mark.parametrize("command", [(sys.executable, "-c", "raise SystemExit(3)"), ("/no/such/program",)])
def test_a_command_that_fails_is_named(command):
    told = notices(command=command, command_when="always")
    told.ended(outcome(), NOW)
    assert len(told.untold) == 1
    assert told.untold[0].startswith("notify.command: ")


@pytest.mark.parametrize(
    ("notify", "said"),
    [
        ({"command": (sys.executable, "-c", "raise SystemExit(3)", "sesame-argument")}, f"notify.command: {sys.executable} ended with exit code 3"),
        ({"command": (sys.executable, "-c", "import time; time.sleep(60)", "sesame-argument"), "timeout": 1.0}, f"notify.command: {sys.executable} did not end within 1 s (notify.timeout)"),
        ({"ping": "http://127.0.0.1:{port}/echo/sesame-path?token=sesame-query"}, "notify.ping: not HTTP: BadStatusLine"),
        ({"ping": "http://127.0.0.1:{port}/broken/sesame-path?token=sesame-query"}, "notify.ping: status 500"),
    ],
)  # fmt: skip
def test_what_could_not_be_told_holds_no_token(watchdog, caplog, notify, said):
    if "ping" in notify:
        notify = {"ping": notify["ping"].format(port=watchdog.server_port)}
    told = notices(command_when="always", **notify)
    told.ended(outcome(), NOW)
    assert told.untold == [said]
    assert caplog.messages == [f"x: {said}"]
    assert all("sesame-path" in path and "sesame-query" in path for path, _ in watchdog.told)
