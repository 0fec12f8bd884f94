"""The newspaper's server: what it logs is what crossed the wire, in every form, and conditional requests are honoured everywhere."""

from __future__ import annotations

import gzip
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.newspaper.edition import Edition
from tests.newspaper.site import Site
from tests.newspaper.wire import FORMS, Request, answer, form_of, unchanged

FOLDER = Path(__file__).parent / "newspaper"
SITE = Site(Edition(base="http://lantern.example"))
NOW = SITE.edition.when


def request(target: str = "/", method: str = "GET", version: str = "HTTP/1.1", **headers: str) -> Request:
    fields = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Request(raw=b"", method=method, target=target, version=version, headers=fields)


def with_form(name: str) -> str:
    return next(path for path in SITE.paths() if form_of(path, SITE.find(path)).name == name)


def test_log_equals_the_bytes_on_one_kept_connection(newspaper: Any) -> None:
    start = len(newspaper.log())
    seen = []
    client = newspaper.client()
    for row in newspaper.truth:
        target = row["url"].removeprefix(newspaper.url[:-1])
        sent, reply = client.ask(target, Accept_Encoding="gzip", User_Agent="tests")
        seen.append((sent, reply.raw))
        body = gzip.decompress(reply.body) if reply.header("content-encoding") == "gzip" else reply.body
        assert row["title"].replace("&", "&amp;") in body.decode()
        if reply.header("connection") == "close":
            client = newspaper.client()
    assert newspaper.exchanges()[start:] == seen
    forms = {line["form"] for line in newspaper.log()[start:]}
    assert forms == {form.name for form in FORMS}


def test_log_equals_the_bytes_over_tls(serve_newspaper: Callable[..., Any], certificate: tuple[Path, Path]) -> None:
    paper = serve_newspaper(tls=certificate, articles=5)
    assert paper.url.startswith("https://")
    with paper.client() as client:
        seen = [client.ask(target) for target in ("/robots.txt", "/no-such-page/")]
    assert [(sent, reply.raw) for sent, reply in seen] == paper.exchanges()
    assert [reply.status for _, reply in seen] == [200, 404]


def test_pipelined_requests_a_form_and_nonsense_are_logged_too(newspaper: Any) -> None:
    start = len(newspaper.log())
    ask = b"GET /about/ HTTP/1.1\r\nHost: x\r\n\r\nPOST /subscribe/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nemail=a@b"
    for sent in (ask, b"nonsense\r\n\r\n", b"PUT / HTTP/1.1\r\n\r\n"):
        with socket.create_connection(newspaper.address, timeout=20) as raw:
            raw.sendall(sent)
            got = b""
            while piece := raw.recv(65536):
                got += piece
        log = newspaper.exchanges()[start:]
        start += len(log)
        assert b"".join(request for request, _ in log) == sent
        assert b"".join(response for _, response in log) == got
    assert [line["status"] for line in newspaper.log()[-4:]] == [200, 303, 400, 405]


def test_many_connections_at_once(newspaper: Any) -> None:
    def visit(row: dict[str, Any]) -> bool:
        return row["title"].replace("&", "&amp;").encode() in newspaper.get(row["url"]).body

    with ThreadPoolExecutor(40) as pool:
        assert all(pool.map(visit, newspaper.truth * 2))


def test_every_address_answers_304_to_its_own_validators() -> None:
    for path in SITE.paths():
        resource = SITE.find(path)
        full = answer(request(path), resource, NOW)
        head = full.final.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        for asked in ({"if_none_match": f'"x", {fields["etag"]}'}, {"if_modified_since": fields["last-modified"]}):
            short = answer(request(path, **asked), resource, NOW)
            assert short.status == 304, (path, asked)
            assert short.final.endswith(b"\r\n\r\n")
            assert short.final.count(b"\r\n\r\n") == 1
        older = {"if_none_match": '"x"', "if_modified_since": fields["last-modified"]}
        assert answer(request(path, **older), resource, NOW).status == 200, path


def test_304_and_head_over_the_wire(newspaper: Any) -> None:
    with newspaper.client() as client:
        _, full = client.ask("/feed.xml")
        assert full.status == 200
        _, again = client.ask("/feed.xml", If_None_Match=full.header("etag") or "")
        assert (again.status, again.body) == (304, b"")
        _, head = client.ask("/feed.xml", "HEAD")
        assert (head.status, head.body) == (200, b"")
        assert head.raw == full.raw[: len(head.raw)]


@pytest.mark.parametrize(
    "asked", [{"if_modified_since": "yesterday"}, {"if_modified_since": "Thu, 01 Jan 1970 00:00:00 GMT"}, {}]
)
def test_what_is_no_valid_condition_is_answered_in_full(asked: dict[str, str]) -> None:
    assert not unchanged(request(**asked), SITE.find("/"))


@pytest.mark.parametrize(
    ("accept", "coded"), [("gzip, br", True), ("*", True), ("gzip;q=0", False), ("br", False), ("", False)]
)
def test_gzip_only_for_those_who_take_it(accept: str, coded: bool) -> None:
    path = with_form("gzip")
    reply = answer(request(path, accept_encoding=accept), SITE.find(path), NOW)
    head, _, body = reply.final.partition(b"\r\n\r\n")
    assert (b"Content-Encoding: gzip" in head) == coded
    assert (gzip.decompress(body) if coded else body) == SITE.find(path).body


def test_what_each_form_puts_on_the_wire() -> None:
    heads = {}
    for form in FORMS:
        reply = answer(request(with_form(form.name)), SITE.find(with_form(form.name)), NOW)
        heads[form.name] = reply.raw
    assert heads["no-reason"].startswith(b"HTTP/1.1 200 \r\n")
    assert heads["reason"].startswith(b"HTTP/1.1 200 Hot Off The Press\r\n")
    assert heads["early-hints"].startswith(b"HTTP/1.1 103 Early Hints\r\n")
    assert b"\r\n\r\nHTTP/1.1 200 OK\r\n" in heads["early-hints"]
    assert b"\r\ncontent-TYPE: " in heads["odd-case"]
    assert b"\r\nX-pOwered-by: " in heads["odd-case"]
    assert b"allum\xe9e" in heads["latin-1"]
    assert heads["doubles"].count(b"\r\nSet-Cookie: ") == heads["doubles"].count(b"\r\nVia: ") == 2
    assert heads["close"].startswith(b"HTTP/1.0 200 OK\r\n")
    assert b"\r\nContent-Length" not in heads["close"]
    assert heads["chunk-extensions"].endswith(b"\r\n0\r\nX-Tide-Mark: 4.61\r\n\r\n")
    assert heads["chunked"].endswith(b"\r\n0\r\n\r\n")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_old_clients_get_no_chunks_and_no_interim_answers(form: Any) -> None:
    path = with_form(form.name)
    reply = answer(request(path, version="HTTP/1.0"), SITE.find(path), NOW)
    assert reply.close
    assert not reply.interim
    assert b"ransfer-" not in reply.final.partition(b"\r\n\r\n")[0].replace(b"TRANSFER", b"ransfer")
    assert reply.final.endswith(SITE.find(path).body)


def test_serves_the_same_bytes_from_a_copy_with_nothing_else_installed(newspaper: Any, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere" / "newspaper"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("__pycache__"))
    host, port = newspaper.address
    options = ["--no-serve", "--dump-truth", str(tmp_path / "truth"), "--base", f"http://{host}:{port}"]
    for flags in ([], ["-I", "-S"]):
        subprocess.run([sys.executable, *flags, str(copy / "serve.py"), *options], check=True, cwd=tmp_path)
        assert (tmp_path / "truth").read_bytes() == (newspaper.log_dir.parent / "truth.jsonl").read_bytes()


def test_base_names_the_pages_but_not_the_socket(serve_newspaper: Callable[..., Any]) -> None:
    paper = serve_newspaper(base="http://lantern.example", articles=3, edition="meaningless")
    assert paper.url == "http://lantern.example/"
    assert len(paper.truth) == 3
    assert all(paper.get(row["url"]).status == 200 for row in paper.truth)
