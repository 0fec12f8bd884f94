"""Discovery that checks itself, from the command line: sources that move, go and come back are named in the run in which they do."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SITE = """
version: 1
site: paper
home: {url}
discover:
  feeds: [{{url: /feed/}}]
  sitemaps: [{{url: /sitemap.xml}}]
scope: {{allow: ['^/[^/?]+-story/$']}}
politeness: {{delay: 0s}}
fetch: {{allow_private: [127.0.0.0/8]}}
"""


class Paper:
    """A site whose feed can be moved, replaced by a page, or taken away; its sitemap index names one old and one new sitemap."""

    def __init__(self):
        self.feed = "here"
        self.stories = ["first-story", "second-story"]
        self.log = []
        paper = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                paper.log.append((self.path, self.headers["If-None-Match"]))
                status, kind, body, *location = paper.answer(self.path)
                tag = f'"{hash(body) & 0xFFFFFF:x}"'
                if status == 200 and self.headers["If-None-Match"] == tag:
                    status, body = 304, ""
                self.send_response(status)
                for name, value in [("Location", each) for each in location] + [("ETag", tag)] * (status in (200, 304)):
                    self.send_header(name, value)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path):
        path = path.partition("?")[0]
        story = path.strip("/")
        if path == "/robots.txt":
            return 200, "text/plain", "User-agent: *\nDisallow: /secret-story/\n"
        if path in ("/feed/", "/rss/"):
            if path == "/feed/" and self.feed != "here":
                return {
                    "moved": (301, "text/html", "", "/rss/"),
                    "page": (200, "text/html", "<!doctype html><title>Sorry</title><p>Not here"),
                    "gone": (404, "text/html", "none"),
                }[self.feed]
            items = "".join(
                f"<item><link>/{each}/?utm_source=rss</link><title>{each}</title></item>" for each in self.stories
            )
            return 200, "application/rss+xml", f"<rss version='2.0'><channel>{items}</channel></rss>"
        if path == "/sitemap.xml":
            children = [("old", "2020-01-01T00:00:00Z"), ("new", f"2026-11-0{len(self.stories)}T00:00:00Z")]
            body = "".join(
                f"<sitemap><loc>{self.url}{n}.xml</loc><lastmod>{at}</lastmod></sitemap>" for n, at in children
            )
            return 200, "application/xml", f"<sitemapindex>{body}</sitemapindex>"
        if path in ("/old.xml", "/new.xml"):
            names = ["secret-story", "ancient-story"] if path == "/old.xml" else self.stories
            body = "".join(f"<url><loc>{self.url}{each}/</loc></url>" for each in names)
            return 200, "application/xml", f"<urlset>{body}</urlset>"
        if path == "/":
            links = "".join(f"<a href='/{each}/'>{each}</a>" for each in [*self.stories, "lone-story"])
            head = "<link rel=alternate type=application/rss+xml href=/rss/>"
            return 200, "text/html", f"<!doctype html><title>Paper</title>{head}<a href=/about/>us</a>{links}"
        if story.endswith("-story"):
            text = "".join(
                f"<p>In {story} something happened that is worth {n} lines of text and a name.</p>" for n in range(9)
            )
            return 200, "text/html", f"<!doctype html><title>{story}</title><article><h1>{story}</h1>{text}</article>"
        return 404, "text/html", "none"


def pressmark(folder, *args):
    words = [ROOT / "pressmark.py", *args, "--config", folder / "config", "-C", folder / "c"]
    return subprocess.run([sys.executable, *map(str, words)], capture_output=True, text=True, timeout=240)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Six crawls; what each asked for, and its report."""
    folder, paper, found = tmp_path_factory.mktemp("discovery"), Paper(), []
    (folder / "config" / "sites").mkdir(parents=True)
    (folder / "config" / "sites" / "paper.yaml").write_text(SITE.format(url=paper.url))
    for feed in ("here", "here", "moved", "page", "gone", "here"):
        if feed == "moved":
            paper.stories.append("third-story")
        paper.feed, before = feed, len(paper.log)
        done = pressmark(folder, "crawl", "paper", "--json")
        assert "Traceback" not in done.stderr
        found.append((paper.log[before:], json.loads(done.stdout), done.returncode))
    paper.server.shutdown()
    paper.server.server_close()
    return folder, paper, found


def event(report):
    [one] = report["discovery"]["events"]
    return one


def test_the_report_reconciles_what_the_sources_saw(runs):
    _, report, code = runs[2][0]
    new = report["discovery"]["new"]
    assert code == 0
    assert new["pages"] == 4  # first, second, ancient, lone; secret is left to robots.txt
    assert new["by"]["feed"] == {"named": 2, "alone": 0, "missed": 2}
    assert new["by"]["sitemap"] == {"named": 3, "alone": 1, "missed": 1}
    assert new["by"]["section"] == {"named": 3, "alone": 1, "missed": 1}
    assert (new["links_only"], new["unlinked"]) == (1, 1)
    assert report["discovery"]["left_out"] == {"out-of-scope": 1}


def test_a_second_run_asks_only_conditional_requests_and_fetches_no_article(runs):
    log, report, _ = runs[2][1]
    account = report["discovery"]
    assert [path for path, tag in log if tag is None] == ["/robots.txt"]
    assert sorted(path for path, tag in log if tag) == ["/", "/feed/", "/sitemap.xml"]
    assert (account["asked"], account["conditional"], account["unchanged"], account["skipped"]) == (3, 3, 3, 2)
    assert report["articles"] == 0


def test_a_sitemap_that_its_index_calls_unchanged_is_not_asked_for(runs):
    log, report, _ = runs[2][2]
    paths = [path for path, _ in log]
    assert "/new.xml" in paths
    assert "/old.xml" not in paths
    assert report["articles"] == 1


def test_a_feed_that_moved_is_followed_and_its_new_line_suggested(runs):
    moved = event(runs[2][2][1])
    assert (moved["kind"], moved["first"], moved["configured"]) == ("moved", True, True)
    assert moved["suggestion"].endswith(f"write: url: {runs[1].url}rss/")


def test_a_page_in_the_place_of_a_feed_is_named_and_the_advertised_feed_with_it(runs):
    _, report, code = runs[2][3]
    wrong = event(report)
    assert (wrong["kind"], wrong["first"]) == ("wrong-kind", True)
    assert "advertise another feed" in wrong["suggestion"]
    assert code in (4, 7)


def test_a_feed_that_is_gone_is_named_with_when_it_was_last_well(runs):
    gone = event(runs[2][4][1])
    assert (gone["kind"], gone["first"]) == ("gone", True)
    feed = next(each for each in runs[2][3][1]["discovery"]["sources"] if each["source"] == "feed")
    assert gone["since"] == feed["ok_at"]


def test_a_feed_that_comes_back_is_told_too(runs):
    back = event(runs[2][5][1])
    assert (back["kind"], back["first"]) == ("recovered", True)
    feed = next(each for each in runs[2][5][1]["discovery"]["sources"] if each["source"] == "feed")
    assert (feed["standing"], feed["weight"]) in (("read", 0), ("unchanged", 0))


def test_status_shows_how_the_sources_are(runs):
    folder = runs[0]
    done = subprocess.run(
        [sys.executable, str(ROOT / "pressmark.py"), "status", "paper", "-C", str(folder / "c"), "--json"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    [state] = map(json.loads, done.stdout.splitlines())
    assert {source["url"].removeprefix(runs[1].url) for source in state["sources"]} == {
        "",
        "feed/",
        "sitemap.xml",
        "old.xml",
        "new.xml",
    }


EXPLAINED = ["first-story/?utm_source=mail", "secret-story/", "about/", "never-named-story/", "imprint/"]


@pytest.fixture(scope="module")
def explained(runs):
    """What is told of each address, by its path."""
    done = pressmark(runs[0], "explain", *(runs[1].url + path for path in EXPLAINED), "--json")
    assert done.returncode == 0, done.stderr
    return dict(zip(EXPLAINED, map(json.loads, done.stdout.splitlines()), strict=True))


def test_explain_tells_what_became_of_an_address_and_why(runs, explained):
    told = explained["first-story/?utm_source=mail"]
    assert (told["state"], told["reason"], told["tries"]) == ("done", None, 1)
    assert told["canonical"] == runs[1].url + "first-story/"
    assert {named["kind"] for named in told["named_by"]} == {"feed", "sitemap", "section"}
    assert all(named["source"] and named["at"] for named in told["named_by"])
    assert told["scope"] == {"verdict": "taken", "decided_by": "scope.allow has ^/[^/?]+-story/$"}


def test_explain_names_the_line_of_robots_txt_that_decides(explained):
    told = explained["secret-story/"]
    assert (told["state"], told["reason"]) == ("skipped", "robots-disallowed")
    assert (told["robots"]["verdict"], told["robots"]["line"]) == ("disallowed", 2)
    assert told["robots"]["rule"] == "Disallow: /secret-story/"
    assert told["robots"]["fetched_at"].endswith("Z")


@pytest.mark.parametrize(
    ("path", "state", "verdict", "next_"),
    [
        ("about/", "skipped", "out-of-scope", "until the scope takes it"),
        ("never-named-story/", "unknown", "taken", "fetched when a source names it"),
        ("imprint/", "unknown", "out-of-scope", "the scope does not take it"),
    ],
)
def test_explain_says_what_comes_next(explained, path, state, verdict, next_):
    told = explained[path]
    assert (told["state"], told["scope"]["verdict"]) == (state, verdict)
    assert next_ in told["next"]


def test_explain_of_a_site_that_nobody_knows_exits_8(runs):
    done = pressmark(runs[0], "explain", "https://nobody.example/x")
    assert done.returncode == 8
    assert "no source has named it" in done.stdout
    assert "no configured site has its host" in done.stdout


def test_a_site_whose_addresses_are_all_left_out_says_so_and_why(tmp_path):
    paper = Paper()
    paper.answer = lambda path: (200, "text/html", "<a href=/about/>us</a>") if path == "/" else (404, "text/html", "")
    (tmp_path / "config" / "sites").mkdir(parents=True)
    yaml = (
        SITE.format(url=paper.url).replace("feeds: [{url: /feed/}]", "feeds: []").replace("[{url: /sitemap.xml}]", "[]")
    )
    (tmp_path / "config" / "sites" / "paper.yaml").write_text(
        yaml.replace("scope: {allow: ['^/[^/?]+-story/$']}\n", "")
    )
    crawled = pressmark(tmp_path, "crawl", "paper")
    told = pressmark(tmp_path, "explain", paper.url + "about/")
    paper.server.shutdown()
    paper.server.server_close()
    assert crawled.returncode == 4
    assert "the site has never given an article" in crawled.stdout
    assert "no address of an article by its looks" in told.stdout
