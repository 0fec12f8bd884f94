"""A person's pages: what ``archive``, ``show`` and ``pack`` make of addresses that redirect, are gone, or hold no article."""

import http.server
import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from crawler.cli import main

ROOT = Path(__file__).parents[1]
PARAGRAPH = (
    "The harbour board voted on Tuesday to close the eastern slipway until the timbers under it have been looked at. "
)


class Desk(http.server.BaseHTTPRequestHandler):
    """One story that changes, an address that leads to it, and what is no article."""

    protocol_version = "HTTP/1.1"
    price = "1.4"
    gone = False

    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.path == "/robots.txt":
            self.say(404, b"")
        elif self.path == "/short":
            self.say(302, b"", Location="/story")
        elif self.path == "/loop":
            self.say(302, b"", Location="/loop")
        elif self.path == "/cut":
            page = f"<html lang=en><title>Slipway shut</title><h1>Slipway shut</h1><p>{PARAGRAPH * 2}</p>"
            self.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{page}".encode())
            self.close_connection = True
        elif self.path == "/paper.pdf":
            self.say(200, b"%PDF-1.7\n" + b"1 0 obj " * 40, Content_Type="application/pdf")
        elif self.path in ("/story", "/%C3%BCber") and not self.gone:
            page = f"<html lang=en><title>Slipway shut</title><h1>Slipway shut</h1><p>{PARAGRAPH * 2}</p>"
            page += f"<p>Repairs cost £{self.price} million, the engineer said.</p><p>{PARAGRAPH}</p>"
            self.say(200, page.encode(), Content_Type="text/html; charset=utf-8")
        else:
            self.say(404, b"<h1>Not here</h1>", Content_Type="text/html")

    def say(self, status, body, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def desk():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("OneDesk", (Desk,), {}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    server.url = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def archive(folder, *urls):
    """Archive; the exit code, and the account of each address."""
    words = ["archive", *urls, "--json", "-C", "c", "--allow-private", "-s", "politeness.delay=0s"]
    run = [sys.executable, str(ROOT / "pressmark.py"), *words]
    done = subprocess.run(run, cwd=folder, capture_output=True, text=True, timeout=240)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def rows(folder, kind):
    files = sorted((folder / "c" / "127.0.0.1" / kind).glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def test_an_address_that_leads_to_a_known_page_is_archived_as_it_is_now(desk, tmp_path):
    archive(tmp_path, f"{desk.url}/story")
    desk.RequestHandlerClass.price = "2.1"
    code, [account] = archive(tmp_path, f"{desk.url}/short")
    assert (code, account["url"], account.get("reason")) == (0, f"{desk.url}/story", None)
    [first, second] = rows(tmp_path, "articles")
    assert (second["requested_url"], second["change"], second["previous_id"]) == (
        f"{desk.url}/short",
        "edited",
        first["id"],
    )
    assert "£2.1 million" in second["text"]


def test_a_number_of_siblings_below_none_is_refused(capsys):
    assert main(["archive", "https://x.example/", "--siblings", "-1"]) == 2
    assert "from 0" in capsys.readouterr().err


def test_what_gave_no_article_is_kept_and_said_to_be(desk, tmp_path):
    archive(tmp_path, f"{desk.url}/story")
    desk.RequestHandlerClass.gone = True
    code, [account] = archive(tmp_path, f"{desk.url}/story")
    assert (code, account["reason"]) == (7, "not-found")
    assert account["offset"] > 0, "the answer is in the archive"
    [article], [failure] = rows(tmp_path, "articles"), rows(tmp_path, "failures")
    assert failure["record_id"] == account["id"] != article["id"], "not the record of the article that was there before"
    assert main(["verify", str(tmp_path / "c")]) == 0
    assert main(["rebuild", "-C", str(tmp_path / "c"), "--workers", "1"]) == 0
    assert [row["id"] for row in rows(tmp_path, "articles")] == [article["id"]]


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """A collection of what is no article: (folder, address of the site)."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("OddDesk", (Desk,), {}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    folder, url = tmp_path_factory.mktemp("odd"), f"http://127.0.0.1:{server.server_port}"
    archive(folder, *(f"{url}/{name}" for name in ("paper.pdf", "nowhere", "loop", "über")))
    server.shutdown()
    thread.join()
    server.server_close()
    return folder, url


@pytest.mark.parametrize(
    ("name", "begin", "said"),
    [
        ("paper.pdf", b"HTTP/1.1 200", "not-html: declared as application/pdf"),
        ("nowhere", b"HTTP/1.1 404", "not-found: status 404"),
        ("loop", b"HTTP/1.1 302", "too-many-redirects"),
    ],
)
def test_what_gave_no_article_is_shown_and_packed(odd, tmp_path, capsysbinary, name, begin, said):
    folder, url = odd
    of = ["-C", str(folder / "c")]
    assert main(["show", f"{url}/{name}", *of]) == 0
    out = capsysbinary.readouterr().out.decode()
    assert said in out
    assert f"{url}/{name}\n" in out
    assert ("\nleads to /loop\n" in out) is (name == "loop")
    assert main(["show", f"{url}/{name}", "--raw", *of]) == 0
    record = capsysbinary.readouterr().out
    assert begin[8:] in record
    assert f"WARC-Target-URI: {url}/{name}\r\n".encode() in record
    package = tmp_path / "x.wacz"
    assert main(["pack", str(package), "--page", f"{url}/{name}", *of]) == 0
    assert main(["verify", str(package)]) == 0
    assert main(["diff", f"{url}/{name}", *of]) == 8
    assert said in capsysbinary.readouterr().err.decode()


def test_what_gave_no_article_is_found_by_its_record(odd, capsys):
    folder, url = odd
    [failure] = [row for row in rows(folder, "failures") if row["url"].endswith("/nowhere")]
    assert main(["show", failure["record_id"], "-C", str(folder / "c")]) == 0
    assert f"{url}/nowhere\n" in capsys.readouterr().out


def test_an_address_is_found_as_anybody_writes_it(odd, tmp_path, capsys):
    folder, url = odd
    for name in ("über", "%C3%BCber", "%c3%bcber", "über#comments"):
        assert main(["show", f"{url}/{name}", "-C", str(folder / "c")]) == 0
        assert capsys.readouterr().out.startswith("Slipway shut\n")
        package = tmp_path / f"{len(name)}{name[1]}.wacz"
        assert main(["pack", str(package), "--page", f"{url}/{name}", "-C", str(folder / "c")]) == 0
        capsys.readouterr()


def test_what_was_taken_down_is_not_found_by_its_address(odd, tmp_path, capsys):
    folder, url = odd
    shutil.copytree(folder / "c", tmp_path / "c")
    order = ["--mode", "restrict", "--reason", "an order", "--yes"]
    assert main(["takedown", f"{url}/paper.pdf", *order, "-C", str(tmp_path / "c")]) == 0
    capsys.readouterr()
    assert main(["show", f"{url}/paper.pdf", "-C", str(tmp_path / "c")]) == 8
    assert "is not in" in capsys.readouterr().err
    main(["explain", f"{url}/paper.pdf", "-C", str(tmp_path / "c")])
    told = capsys.readouterr().out
    assert "withdrawn" in told
    assert "pressmark archive URL" not in told, "it would be refused"


def test_half_an_answer_is_kept_and_never_becomes_a_row(desk, tmp_path, capsys):
    code, [account] = archive(tmp_path, f"{desk.url}/cut")
    assert (code, account["reason"]) == (7, "disconnected")
    assert account["offset"] > 0, "what came is in the archive"
    of = ["-C", str(tmp_path / "c")]
    assert main(["show", account["url"], "--raw", *of]) == 0
    assert "Slipway shut" in capsys.readouterr().out
    assert main(["rebuild", "--workers", "1", *of]) == 0
    assert rows(tmp_path, "articles") == []
    assert {row["reason"] for row in rows(tmp_path, "failures")} == {"disconnected"}
    assert main(["verify", str(tmp_path / "c")]) == 0
    out = tmp_path / "rows.jsonl"
    assert main(["extract", str(tmp_path / "c" / "127.0.0.1"), "--workers", "1", "-o", str(out)]) == 0
    assert out.read_bytes() == b""
