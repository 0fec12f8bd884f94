"""Every fault that robots.txt, sitemaps, feeds and links can have, as a site of its own, all crawled side by side in one run."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from crawler.errors import Exit
from tests.faults.certificates import Certificates
from tests.faults.conftest import COUNTER, FAULT
from tests.faults.fault import head, say, text_of
from tests.faults.run import INSIDE, MANNERS, Site, pressmark
from tests.faults.server import OddServer
from tests.faults.sources import Bad, bad_sites, pages, path

NAMES = list(bad_sites("http://x", INSIDE))
Crawled = tuple[OddServer, dict[str, Bad], dict[str, Site], Any]


@pytest.fixture(scope="session")
def crawled(authority: Certificates, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """(server, sites as they were served, what they left behind, the run)."""
    folder, server = tmp_path_factory.mktemp("sources"), OddServer()
    (folder / "config" / "sites").mkdir(parents=True)
    inside = f"{INSIDE}:{server.listen(host=INSIDE)}"
    bad, sites = {}, {}
    for name in NAMES:
        port = server.listen()
        prefix = f"http://127.0.0.1:{port}"
        each = bad[name] = bad_sites(prefix, inside)[name]
        for where, route in {"/robots.txt": say(head("404 None", Content_Length=0)), **pages(), **each.routes}.items():
            server.routes[f"{port}{where}"] = route
        site = {
            "version": 1, "site": name, "home": f"{prefix}/", "discover": {"home": False, **each.discover}, "scope": dict(each.scope),
            "politeness": {**MANNERS, **each.politeness}, "fetch": {"allow_private": ["127.0.0.1/32"]},
            "extract": {"memory": False, "limits": {"workers": 1}},
        }  # fmt: skip
        (folder / "config" / "sites" / f"{name}.yaml").write_text(yaml.safe_dump(site))
        sites[name] = Site(folder / "c" / name, prefix)
    done = pressmark("crawl", *NAMES, "--json", "--config", folder / "config", "-C", folder / "c")
    yield server, bad, sites, done
    server.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_site_with_a_bad_source_is_read_as_far_as_it_goes(
    crawled: Crawled, name: str, record_property: Callable[[str, object], None]
) -> None:
    server, bad, sites, _ = crawled
    fault, site = bad[name], sites[name]
    record_property(FAULT, (fault.row, name))
    texts = {
        row["requested_url"].removeprefix(site.prefix).partition("?")[0]: row["text"] for row in site.rows("articles")
    }
    assert {path(each): text_of(each) for each in fault.articles} == texts
    assert fault.problem in json.dumps([site.report["problems"], site.report["reasons"], site.report["manners"]])
    ends = {fault.code, Exit.DEGRADED} if fault.code and not fault.articles else {fault.code}
    assert site.report["exit_code"] in ends, site.report["problems"]
    account = site.report["requests"]
    assert account["asked"] == sum(account["ended"].values())
    port = int(site.prefix.rpartition(":")[2])
    assert sum(each.port == port for each in server.log) <= fault.most
    assert site.wrong() == []


def test_nothing_inside_was_reached_and_no_site_hindered_another(
    crawled: Crawled, record_property: Callable[[str, object], None]
) -> None:
    server, bad, _, done = crawled
    reached = server.reached.count(INSIDE)
    record_property(COUNTER, f"private address reached over {len(bad)} sites of bad sources: {reached}")
    assert reached == 0
    assert done.returncode in (Exit.PARTIAL, Exit.DEGRADED), done.stderr
    assert "unexpected" not in done.stderr
    assert not any(b"passwd" in each.request for each in server.log)
