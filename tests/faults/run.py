"""One run of the real program over many faulty hosts at once, and all that it left behind."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from warcio.archiveiterator import ArchiveIterator

from crawler.warc.verify import verify_file
from tests.faults.certificates import Certificates
from tests.faults.fault import ELSEWHERE, Fault, article, say, text_of, whole
from tests.faults.server import Logged, OddServer, Route

ROOT = Path(__file__).parents[2]
INSIDE = "127.0.0.2"
"""An address of this machine that the runs are not allowed to reach."""
MANNERS: dict[str, Any] = {"delay": "0s", "concurrency": 4, "tries": 1, "stop_after_blocks": 1000}


@dataclass(frozen=True)
class Host:
    """A host of faults: its name, what it serves, and what its site's YAML says on top."""

    name: str
    faults: Mapping[str, Fault]
    tls: bool = False
    certificate: Mapping[str, Any] = field(default_factory=dict)
    """What is wrong with its certificate: arguments of Certificates.context."""
    politeness: Mapping[str, Any] = field(default_factory=dict)
    fetch: Mapping[str, Any] = field(default_factory=dict)
    robots: Route = field(default_factory=lambda: say(whole(b"User-agent: *\nDisallow: /never\n", "text/plain")))
    neighbours: bool = True
    """Whether a good page is asked for beside each fault."""


@dataclass(frozen=True)
class Record:
    """A WARC record."""

    kind: str
    url: str
    truncated: str | None
    block: bytes
    header: Any


@dataclass
class Site:
    """A site's folder, read by other means than ours."""

    root: Path
    prefix: str

    def rows(self, kind: str) -> list[dict[str, Any]]:
        files = sorted((self.root / kind).glob("*.jsonl"))
        return [json.loads(line) for file in files for line in file.read_bytes().decode("utf-8", "strict").splitlines()]

    @cached_property
    def articles(self) -> dict[str, dict[str, Any]]:
        return {row["requested_url"]: row for row in self.rows("articles")}

    @cached_property
    def failures(self) -> dict[str, dict[str, Any]]:
        return {row["url"]: row for row in self.rows("failures")}

    @cached_property
    def records(self) -> dict[str, list[Record]]:
        found = defaultdict(list)
        for path in self.warcs:
            with path.open("rb") as file:
                for record in ArchiveIterator(file, no_record_parse=True):
                    get = record.rec_headers.get_header
                    url = get("WARC-Target-URI") or ""
                    found[url].append(
                        Record(
                            record.rec_type, url, get("WARC-Truncated"), record.raw_stream.read(), record.rec_headers
                        )
                    )
        return found

    @property
    def warcs(self) -> list[Path]:
        return sorted((self.root / "warc").glob("*.warc.gz*"))

    @cached_property
    def ledger(self) -> dict[str, tuple[str, str | None]]:
        """State and reason of each address."""
        with sqlite3.connect(f"file:{self.root / 'ledger.sqlite'}?mode=ro", uri=True) as db:
            return {url: (state, reason) for url, state, reason in db.execute("SELECT url, state, reason FROM urls")}

    @cached_property
    def report(self) -> dict[str, Any]:
        (path,) = (self.root / "runs").glob("*/report.json")
        report: dict[str, Any] = json.loads(path.read_bytes())
        return report

    def wrong(self) -> list[str]:
        """What is not valid in its files."""
        found = [
            f"{path.name}: {each}" for path in self.warcs for each in verify_file(path) if each.severity == "error"
        ]
        for path in self.root.rglob("*.jsonl"):
            for number, line in enumerate(path.read_bytes().split(b"\n")[:-1], start=1):
                try:
                    json.loads(line.decode("utf-8", "strict"), parse_constant=_refuse)
                except ValueError as error:
                    found.append(f"{path.name}:{number}: {error}")
            if not path.read_bytes().endswith(b"\n"):
                found.append(f"{path.name}: its last line is torn")
        with sqlite3.connect(f"file:{self.root / 'ledger.sqlite'}?mode=ro", uri=True) as db:
            found += [each for (each,) in db.execute("PRAGMA integrity_check") if each != "ok"]
        return found


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


@dataclass
class Run:
    """What a run did."""

    server: OddServer
    hosts: dict[str, Host]
    sites: dict[str, Site]
    done: subprocess.CompletedProcess[str]
    asked: dict[str, list[str]]
    """Addresses asked for, by host."""

    def url(self, host: str, path: str) -> str:
        return self.sites[host].prefix + path

    def logged(self, host: str, path: str) -> list[Logged]:
        port = int(self.sites[host].prefix.rpartition(":")[2])
        return [
            each for each in self.server.answers(path) if each.port == port and f"Host: {host}".encode() in each.request
        ]

    # --- the four counters that must stay at zero

    def silent_loss(self) -> list[str]:
        """Addresses without exactly one outcome, and exchanges that the archive does not hold."""
        found = []
        for host, urls in self.asked.items():
            site = self.sites[host]
            for url in urls:
                ends = (url in site.articles) + (url in site.failures)
                if ends != 1 or site.ledger.get(url, ("pending", None))[0] not in ("done", "failed", "skipped"):
                    found.append(f"{url}: {ends} outcomes, {site.ledger.get(url)}")
        requests: dict[bytes, int] = defaultdict(int)
        for site in self.sites.values():
            for record in (each for records in site.records.values() for each in records if each.kind == "request"):
                requests[record.block] += 1
        ports = {int(site.prefix.rpartition(":")[2]) for site in self.sites.values()}
        for logged in self.server.log:
            requests[logged.request] -= logged.port in ports
        return found + [f"not archived: {request[:80]!r}" for request, number in requests.items() if number < 0]

    def neighbours_lost(self) -> list[str]:
        """Good pages that were asked for beside the faults and did not give exactly their text."""
        return [
            url
            for host, site in self.sites.items()
            for url in self.asked[host]
            if "/good/" in url
            and site.articles.get(url, {}).get("text") != text_of(f"Neighbour of {url.rpartition('/')[2]}")
        ]

    def invalid_files(self) -> list[str]:
        """What is wrong in any file of the collection."""
        return [f"{host}: {each}" for host, site in self.sites.items() for each in site.wrong()]

    def private_reached(self) -> list[str]:
        """Connections to an address that was not allowed."""
        return [address for address in self.server.reached if address == INSIDE]


def make(server: OddServer, certificates: Certificates, hosts: list[Host], folder: Path) -> tuple[dict[str, int], Path]:
    """Serve the hosts' faults and their neighbours; write the sites' configuration; return the hosts' ports and the folder."""
    config = folder / "config"
    (config / "sites").mkdir(parents=True)
    plain = server.listen()
    ports = {host.name: _port(server, certificates, host, plain) for host in hosts}
    pins = [f"{host}:{port}:127.0.0.1" for host, port in {ELSEWHERE: plain, **ports}.items()]
    for host in hosts:
        port = ports[host.name]
        for name, fault in host.faults.items():
            server.routes[f"{port}/{name}"] = fault.route(name)
            server.routes[f"{port}/good/{name}"] = say(whole(article(f"Neighbour of {name}")))
            server.routes.update({f"{port}{path}": route for path, route in fault.beside.items()})
        server.routes[f"{port}/robots.txt"] = host.robots
        site = {
            "version": 1,
            "site": host.name,
            "home": f"http{'s' if host.tls else ''}://{host.name}:{port}/",
            "politeness": {**MANNERS, **host.politeness},
            "fetch": {"allow_private": ["127.0.0.1/32"], "resolve": pins, **host.fetch},
            "extract": {"memory": False, "limits": {"workers": 1}},
        }
        (config / "sites" / f"{host.name}.yaml").write_text(yaml.safe_dump(site))
    return ports, config


def _port(server: OddServer, certificates: Certificates, host: Host, plain: int) -> int:
    if not host.tls or host.certificate.get("none"):
        return plain
    return server.listen(certificates.context(**{"host": host.name, **host.certificate}))


def archive(server: OddServer, certificates: Certificates, hosts: list[Host], folder: Path) -> Run:
    """``pressmark archive`` over all faults of all hosts, each followed by a good page of the same host."""
    ports, config = make(server, certificates, hosts, folder)
    prefixes = {host.name: f"http{'s' if host.tls else ''}://{host.name}:{ports[host.name]}" for host in hosts}
    asked = {
        host.name: [
            f"{prefixes[host.name]}{path}"
            for name in host.faults
            for path in (f"/{name}", *([f"/good/{name}"] if host.neighbours else []))
        ]
        for host in hosts
    }
    (folder / "urls.txt").write_text("\n".join(url for urls in asked.values() for url in urls) + "\n")
    done = pressmark(
        "archive", "-i", folder / "urls.txt", "--json", "-C", folder / "c", "--config", config,
        env={"SSL_CERT_FILE": str(certificates.authority)},
    )  # fmt: skip
    assert (folder / "c").is_dir(), done.stderr
    sites = {host.name: Site(site_folder(folder / "c", prefixes[host.name]), prefixes[host.name]) for host in hosts}
    return Run(server, {host.name: host for host in hosts}, sites, done, asked)


def site_folder(collection: Path, prefix: str) -> Path:
    """Folder of the site that ``archive`` files a host under."""
    host = prefix.partition("://")[2].partition(":")[0]
    found = [path for path in collection.iterdir() if path.name == host or path.name.startswith(f"{host}-")]
    return found[0] if found else collection / host


def pressmark(
    *words: object,
    env: Mapping[str, str] | None = None,
    timeout: float = 300,
    program: Path = ROOT / "pressmark.py",
    **options: Any,
) -> Any:
    """Run the program to its end."""
    return subprocess.run(
        [sys.executable, str(program), *map(str, words)],
        env={**os.environ, **(env or {})},
        capture_output=True, text=True, timeout=timeout, check=False, cwd=ROOT, **options,
    )  # fmt: skip
