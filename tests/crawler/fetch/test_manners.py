"""Politeness as the server sees it, in a crawl from the command line: one connection at a time, never sooner than the delay.

Only that requests do not come too soon is asserted, so a slow machine changes nothing; test_clock.py has the gaps to the millisecond.
"""

import json
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parents[3]
SITE = """
version: 1
site: polite
home: {url}
discover: {{feeds: [{{url: /feed.xml}}], home: false}}
politeness: {{delay: {delay}, contact: me@example.org, max_delay: 500ms}}
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


def serve(robots):
    """A site of six articles."""
    seen, lock = Watched(), threading.Lock()

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
            kind, body = "text/html", PAGE.format(self.path)
            if self.path == "/robots.txt":
                kind, body = "text/plain", robots
            elif self.path == "/feed.xml":
                items = "".join(f"<item><link>/news/story-number-{n}/</link></item>" for n in range(6))
                kind, body = "application/rss+xml", f"<rss version='2.0'><channel>{items}</channel></rss>"
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, seen


def crawl(folder, *, delay="200ms", robots=""):
    server, seen = serve(robots)
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


def test_a_crawl_delay_is_heeded_within_reason_and_reported(tmp_path):
    seen, report = crawl(tmp_path, robots="User-agent: *\nCrawl-delay: 100000\n", delay="1ms")
    assert seconds_a_request(seen, first=1) >= 0.5
    [host] = report["manners"]
    assert (host["crawl_delay_asked"], host["delay"]) == (100000, 0.5)
