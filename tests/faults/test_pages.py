"""Every fault that a page can have, through the real program: what is kept, flagged and said of it, and that its neighbours are whole."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from crawler.warc import notes
from tests.faults.conftest import CASES, COUNTER, FAULT
from tests.faults.fault import ROW, text_of
from tests.faults.run import Record, Run


def answers(run: Run, host: str, url: str) -> list[Record]:
    return [each for each in run.sites[host].records.get(url, []) if each.kind in ("response", "revisit")]


@pytest.mark.parametrize(("host", "name"), CASES, ids=[f"{host.removesuffix('.test')}-{name}" for host, name in CASES])
def test_a_fault_ends_as_it_must(
    pages: Run, host: str, name: str, record_property: Callable[[str, object], None]
) -> None:
    fault = pages.hosts[host].faults[name]
    site, url = pages.sites[host], pages.url(host, f"/{name}")
    record_property(FAULT, (fault.row, f"{name} (TLS)" if pages.hosts[host].tls else name))
    row, failure = site.articles.get(url), site.failures.get(url)
    assert (row is None) != (failure is None), "one outcome"
    assert (failure["reason"] if failure else ROW) == fault.ends
    assert fault.detail in ((failure or {}).get("detail") or "")
    if row:
        assert fault.flags <= set(row["flags"])
        wanted = text_of(name) if fault.exact else fault.text
        assert wanted is None or row["text"] == wanted
        json.dumps(row).encode("ascii")
    logged = pages.logged(host, f"/{name}")
    kept = answers(pages, host, url)
    assert fault.kept in (None, bool(kept))
    if kept and fault.kept:
        assert kept[-1].truncated == fault.truncated
        assert kept[-1].kind == "response"
        assert logged[len(kept) - 1].response.startswith(
            _without_interim(logged[len(kept) - 1].response, kept[-1].block)
        )
    if fault.hops:
        requests = [each for records in site.records.values() for each in records if each.kind == "request"]
        assert {each.request for each in logged} <= {each.block for each in requests}
    if fault.truncated or fault.ends == "timeout":
        assert site.report["exit_code"] == 7


def _without_interim(said: bytes, block: bytes) -> bytes:
    """The part of what was said that ends with the record's block: interim answers stand elsewhere."""
    at = said.find(block[:64])
    assert at >= 0
    assert said[at : at + len(block)] == block
    return said[: at + len(block)]


def test_each_failure_is_in_the_archive_too(pages: Run) -> None:
    for host, site in pages.sites.items():
        for url, failure in site.failures.items():
            if failure["reason"] in ("timeout", "disconnected", "bad-response", "too-large", "tls-failed"):
                said = [notes.from_block(each.block) for each in site.records.get(url, []) if each.kind == "metadata"]
                assert any(failure["reason"] in str(each) for each in said), f"{host}: {url}"


def test_a_host_of_failures_ends_with_7_and_one_of_odd_pages_with_0(pages: Run) -> None:
    codes = {host: site.report["exit_code"] for host, site in pages.sites.items()}
    assert {host for host, code in codes.items() if code == 0} == {
        "content.test", "coding.test", "charset.test", "late.test", "insecure.test",
    }  # fmt: skip
    assert set(codes.values()) == {0, 7}
    assert pages.done.returncode == 7
    assert "unexpected" not in pages.done.stderr


def test_a_redirect_is_followed_as_far_as_it_may_and_each_hop_is_kept(pages: Run) -> None:
    for host in ("hops.test", "again.test"):
        for name, fault in pages.hosts[host].faults.items():
            site = pages.sites[host]
            sent = {each.request for path in (f"/{name}", *fault.beside) for each in pages.logged(host, path)}
            asked = [each for path in (f"/{name}", *fault.beside) for each in pages.logged(host, path)]
            assert len(asked) == fault.hops, name
            requests = [each.block for records in site.records.values() for each in records if each.kind == "request"]
            assert sent <= set(requests)


def test_an_exception_from_the_rule_of_certificates_is_recorded(pages: Run) -> None:
    site = pages.sites["insecure.test"]
    (url,) = pages.asked["insecure.test"]
    said = [each.block for each in site.records[url] if each.kind == "metadata"]
    assert any(b"expired" in each for each in said)


def test_what_is_said_on_a_terminal_cannot_steer_it(pages: Run) -> None:
    assert "\x1b" not in pages.done.stdout + pages.done.stderr
    for line in pages.done.stdout.splitlines():
        json.loads(line)


@pytest.mark.parametrize("counter", ["silent_loss", "neighbours_lost", "invalid_files", "private_reached"])
def test_four_counters_stay_at_zero(pages: Run, counter: str, record_property: Callable[[str, Any], None]) -> None:
    found: list[str] = getattr(pages, counter)()
    asked = sum(map(len, pages.asked.values()))
    record_property(COUNTER, f"{counter.replace('_', ' ')} over {asked} pages: {len(found)}")
    assert found == []


NODE = """
const lines = require("fs").readFileSync(0, "utf8").split("\\n");
if (lines.pop() !== "") process.exit(2);
console.log(lines.map((line) => JSON.parse(line).url || JSON.parse(line).id).length);
"""


@pytest.mark.fault(
    "5 JSONL with U+2028/2029/0085, NUL, lone surrogates, NaN, 5,000-digit ints", "every row through jq and Node"
)
@pytest.mark.parametrize(
    "reader", [["jq", "-n", "reduce inputs as $row (0; . + 1)"], ["node", "-e", NODE]], ids=["jq", "node"]
)
def test_other_readers_find_as_many_rows(pages: Run, reader: list[str]) -> None:
    if not shutil.which(reader[0]):
        pytest.skip(f"needs {reader[0]}")
    for site in pages.sites.values():
        for path in site.root.glob("*/*.jsonl"):
            done = subprocess.run(reader, input=path.read_bytes(), capture_output=True, check=True, timeout=60)
            assert int(done.stdout) == path.read_bytes().count(b"\n"), path
