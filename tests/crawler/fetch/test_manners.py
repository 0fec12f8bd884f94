"""Politeness as the server sees it: one connection at a time, never sooner than the delay, and slower when it says so.

Times are the server's own; only that a request does not come too soon is asserted, so a slow machine changes nothing.
"""

import json
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SITE = """
version: 1
site: polite
home: {url}
discover: {{feeds: [{{url: /feed.xml}}], home: false}}
politeness: {{delay: {delay}, contact: me@example.org, max_delay: 2s}}
fetch: {{allow_private: [127.0.0.0/8]}}
"""
PAGE = (
    "<!doctype html><title>Page {0}</title><article><h1>Page {0}</h1>"
    + "<p>Some words that are a text. </p>" * 9
    + "</article>"
)


@dataclass
class Watched:
    """What a server saw."""

    requests: list[tuple[float, str, str]] = field(default_factory=list)
    """(when its head had come, target, User-Agent), in order."""
    open_now: int = 0
    most_open: int = 0
    """Connections that were open at once, at most."""


def serve(robots="", busy=()):
    """A site of six articles; the first request of each target in ``busy`` is answered by 503."""
    seen, lock, refused = Watched(), threading.Lock(), set()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self):
            super().setup()
            with lock:
                seen.open_now += 1
                seen.most_open = max(seen.most_open, seen.open_now)

        def finish(self):
            super().finish()
            with lock:
                seen.open_now -= 1

        def do_GET(self):
            with lock:
                seen.requests.append((time.monotonic(), self.path, self.headers["User-Agent"]))
                refuse = self.path in busy and self.path not in refused
                refused.add(self.path)
            kind, body = "text/html", PAGE.format(self.path)
            if self.path == "/robots.txt":
                kind, body = "text/plain", robots
            elif self.path == "/feed.xml":
                items = "".join(f"<item><link>/news/story-number-{n}/</link></item>" for n in range(6))
                kind, body = "application/rss+xml", f"<rss version='2.0'><channel>{items}</channel></rss>"
            self.send_response(503 if refuse else 200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, seen


def crawl(folder, *, delay="200ms", **options):
    server, seen = serve(**options)
    (folder / "config" / "sites").mkdir(parents=True)
    text = SITE.format(url=f"http://127.0.0.1:{server.server_port}/", delay=delay)
    (folder / "config" / "sites" / "polite.yaml").write_text(text)
    words = [ROOT / "pressmark.py", "crawl", "polite", "--json", "--config", folder / "config", "-C", folder / "c"]
    done = subprocess.run([sys.executable, *map(str, words)], capture_output=True, text=True, timeout=120)
    server.shutdown()
    server.server_close()
    assert done.returncode == 0, done.stderr + done.stdout
    return seen, json.loads(done.stdout)


def seconds_a_request(seen, first=0, last=None):
    """Mean time between requests, one of them not counted: it may have been noticed late."""
    times = [at for at, _, _ in seen.requests][first:last]
    return (times[-1] - times[0]) / (len(times) - 2)


def test_one_connection_at_a_time_and_never_sooner_than_the_delay(tmp_path):
    seen, report = crawl(tmp_path)
    assert len(seen.requests) == 8  # robots.txt, the feed, six articles
    assert seen.most_open == 1
    assert seconds_a_request(seen) >= 0.2
    assert {agent.partition("/")[0] + agent[agent.index(" ") :] for _, _, agent in seen.requests} == {
        "pressmark (+me@example.org)"
    }
    [host] = report["manners"]
    assert (host["requests"], host["delay"], host["slowed"]) == (8, 0.2, 0)


@pytest.mark.parametrize(("asked", "given"), [("0.5", 0.5), ("100000", 2.0)])
def test_a_crawl_delay_is_heeded_within_reason_and_reported(tmp_path, asked, given):
    seen, report = crawl(tmp_path, robots=f"User-agent: *\nCrawl-delay: {asked}\n", delay="1ms")
    assert seconds_a_request(seen, first=1) >= given
    [host] = report["manners"]
    assert (host["crawl_delay_asked"], host["delay"]) == (float(asked), given)


def test_a_busy_server_is_asked_less_often_for_a_while(tmp_path):
    seen, report = crawl(tmp_path, busy=["/news/story-number-1/"], delay="100ms")
    at = [target for _, target, _ in seen.requests].index("/news/story-number-1/")
    times = [when for when, _, _ in seen.requests]
    assert times[at + 1] - times[at] > 1.5  # the delay went up to the longest: max_delay is 2 s
    assert seconds_a_request(seen) >= 0.1
    [host] = report["manners"]
    assert (host["busy"], host["slowest"]) == (1, 2.0)
    assert host["slowed"] >= 1
