"""The account of requests, on the real program: it balances over all faults, and notices what is dropped in silence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import Exit
from tests.faults.fault import article, say, whole
from tests.faults.run import ROOT, Run, pressmark
from tests.faults.server import OddServer
from tests.faults.test_stopping import program

BROKEN = """
import sys
sys.path.insert(0, {root!r})
from crawler import settings

class Middleware:
    def __init__(self):
        self.seen = set()
    async def process_request(self, request):
        {request}
    async def process_response(self, request, response):
        {response}
    async def process_spider_output_async(self, response, result):
        async for each in result:
            yield each
    def process_spider_output(self, response, result):
        yield from result
    async def process_start(self, start):
        async for each in start:
            if {start}:
                yield each

if __name__ == "__main__":
    sys.modules["broken"] = sys.modules[__name__]
    settings.DOWNLOADER_MIDDLEWARES["broken.Middleware"] = 990
    settings.SPIDER_MIDDLEWARES["broken.Middleware"] = 500
    from crawler.cli import main
    sys.exit(main(sys.argv[1:]))
"""


def test_it_balances_over_all_faults(pages: Run) -> None:
    for host, site in pages.sites.items():
        account = site.report["requests"]
        assert account["asked"] == len(pages.asked[host]) == sum(account["ended"].values()), host
        assert account["lost"] == account["twice"] == account["unsettled"] == account["stopped"] == 0
        assert account["fetches"] == account["fetched"] + sum(account["failed"].values())
        records = [each for records in site.records.values() for each in records if each.kind == "request"]
        assert account["exchanges"] == account["archived"] == len(records)


def broken(server: OddServer, folder: Path, **how: str) -> Any:
    """Archive two pages with a middleware that does something to the request of one of them."""
    port = server.listen()
    for name in ("one", "two"):
        server.routes[f"{port}/{name}"] = say(whole(article(name)))
    code = BROKEN.format(
        root=str(ROOT), **{"request": "return None", "response": "return response", "start": "True", **how}
    )
    (folder / "broken.py").write_text(code)
    words = [f"http://localhost:{port}/{name}" for name in ("one", "two")]
    return pressmark(
        "archive", *words, "-C", folder / "c", "-s", "politeness.delay=0s", "-s", "extract.memory=false",
        "-s", "extract.limits.workers=1", "--allow-private", "127.0.0.0/8", program=folder / "broken.py",
    )  # fmt: skip


def report(folder: Path) -> dict[str, Any]:
    (path,) = folder.glob("c/*/runs/*/report.json")
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


def test_the_middleware_of_these_tests_does_no_harm_by_itself(faulty: OddServer, tmp_path: Path) -> None:
    done = broken(faulty, tmp_path)
    assert done.returncode == 0, done.stderr
    assert report(tmp_path)["requests"]["ended"] == {"answered": 2}


def test_a_request_that_is_dropped_in_silence_ends_the_run_with_1_and_is_named(
    faulty: OddServer, tmp_path: Path
) -> None:
    done = broken(faulty, tmp_path, start='not each.url.endswith("two")')
    assert done.returncode == 1, done.stdout
    assert "does not balance: 1 lost" in done.stderr
    assert "/two" in done.stderr
    assert report(tmp_path)["requests"]["lost"] == 1


def test_an_answer_that_never_came_from_the_wire_is_no_page(faulty: OddServer, tmp_path: Path) -> None:
    made = 'from scrapy.http import HtmlResponse; return HtmlResponse(request.url, body=b"made up") if request.url.endswith("two") else None'
    done = broken(faulty, tmp_path, request=made)
    assert done.returncode == 1, done.stdout
    assert not any("made up" in path.read_text("latin-1") for path in tmp_path.glob("c/*/articles/*"))


def test_an_error_of_ours_that_ends_a_run_with_1_is_told_and_where_to_read_of_it(
    faulty: OddServer, tmp_path: Path
) -> None:
    port = faulty.listen()
    faulty.routes[f"{port}/one"] = say(whole(article("one")))
    changed = program(
        tmp_path,
        "from pipelines import adapter\nasync def fail(self, item):\n    raise MemoryError\nadapter.ExtractionPipeline.process_item = fail",
    )
    done = pressmark(
        "archive", f"http://localhost:{port}/one", "-C", tmp_path / "c", "--allow-private", "127.0.0.0/8", program=changed
    )  # fmt: skip
    assert done.returncode == Exit.UNEXPECTED, done.stderr
    assert "something went wrong that nobody foresaw" in done.stderr
    (log,) = tmp_path.glob("c/*/runs/*/crawl.log")
    assert str(log.relative_to(tmp_path / "c")) in done.stderr
    assert "MemoryError" in log.read_text()


@pytest.mark.parametrize("length", [2_500, 8_000])
def test_a_long_address_is_asked_for_like_any_other(faulty: OddServer, tmp_path: Path, length: int) -> None:
    port = faulty.listen()
    path = f"/{'a' * length}"
    faulty.routes[f"{port}{path}"] = say(whole(article("long")))
    done = pressmark(
        "archive", f"http://localhost:{port}{path}", "-C", tmp_path, "-s", "extract.memory=false",
        "--allow-private", "127.0.0.0/8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert faulty.answers(path)
