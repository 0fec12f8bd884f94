"""Has other tools archive the demo newspaper, then reads their files: what verify says, and whether the rows are those of our own archive.

Each tool is in an environment of its own under TOOLS (those that are missing are said and passed over):
  uv venv TOOLS/warcio; uv pip install --python TOOLS/warcio 'warcio[all]' requests        (warcio and capture_http)
  uv venv TOOLS/warcprox; uv pip install --python TOOLS/warcprox warcprox 'setuptools<80'
  uv venv TOOLS/pywb; uv pip install --python TOOLS/pywb pywb 'setuptools<80'              (its recorder)
  uv venv TOOLS/wacz; uv pip install --python TOOLS/wacz wacz                              (wacz create)
  uv venv TOOLS/scrapy-webarchive; uv pip install --python TOOLS/scrapy-webarchive scrapy-webarchive 'w3lib<2.3' 'twisted<24.10'
  npm install --prefix TOOLS/npm warcio@2.4.11                                             (what Browsertrix writes with)
  wget is Debian's.

python tests/bench/bench_foreign.py TOOLS [--keep DIR]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PRESSMARK = [sys.executable, str(ROOT / "pressmark.py")]
FIELDS = (
    "title",
    "text",
    "authors",
    "published_at",
    "language",
    "page_type",
    "http_status",
    "content_type",
    "payload_digest",
)
"""What must be the same as in our own archive; all that is not provenance."""

Tool = Callable[[Path, list[str], Path], Path | None]
"""Given TOOLS, addresses and an empty folder: the file it wrote; None if the tool is not there."""


def _run(*words: object, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=False, timeout=300, **options
    )


def _list(urls: list[str], folder: Path) -> Path:
    path = folder / "urls.txt"
    path.write_text("\n".join(urls) + "\n")
    return path


def _wget(*options: str) -> Tool:
    def archive(tools: Path, urls: list[str], folder: Path) -> Path | None:
        if not shutil.which("wget"):
            return None
        _run("wget", "-q", "-i", _list(urls, folder), "-O", "/dev/null", "--warc-file", folder / "x", *options)
        return next(folder.glob("x.warc*"))

    return archive


def _wget_twice(tools: Path, urls: list[str], folder: Path) -> Path | None:
    """The second run stores what it knows as revisits; both files are read as one."""
    if not shutil.which("wget"):
        return None
    for name, more in (("a", ["--warc-cdx"]), ("b", ["--warc-dedup", "a.cdx"])):
        _run("wget", "-q", "-i", _list(urls, folder), "-O", "/dev/null", "--warc-file", name, *more, cwd=folder)
    both = folder / "both.warc.gz"
    both.write_bytes((folder / "a.warc.gz").read_bytes() + (folder / "b.warc.gz").read_bytes())
    return both


def _capture_http(tools: Path, urls: list[str], folder: Path) -> Path | None:
    python = tools / "warcio/bin/python"
    program = (
        "from warcio.capture_http import capture_http\nimport requests, sys\nwith capture_http(sys.argv[1]):\n"
        "    for url in sys.argv[2:]: requests.get(url)"
    )
    path = folder / "x.warc.gz"
    return path if python.exists() and _run(python, "-c", program, path, *urls).returncode == 0 else None


def _recompressed(tools: Path, urls: list[str], folder: Path) -> Path | None:
    plain = _wget("--no-warc-compression")(tools, urls, folder)
    path = folder / "y.warc.gz"
    warcio = tools / "warcio/bin/warcio"
    return path if plain and warcio.exists() and _run(warcio, "recompress", plain, path).returncode == 0 else None


def _wacz_create(tools: Path, urls: list[str], folder: Path) -> Path | None:
    warc = _wget()(tools, urls, folder)
    wacz, path = tools / "wacz/bin/wacz", folder / "x.wacz"
    if not warc or not wacz.exists():
        return None
    _run(wacz, "create", "-o", path, "--detect-pages", warc)
    return path


def _port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextlib.contextmanager
def _serving(words: list[object], port: int, folder: Path) -> Iterator[None]:
    server = subprocess.Popen([str(w) for w in words], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            time.sleep(0.2)
        yield
    finally:
        server.terminate()
        server.wait(30)


_WARCPROX = (
    "import warcprox.warcproxy as w; w.WarcProxyHandler.allow_localhost = True; from warcprox.main import main; main()"
)


def _warcprox(*options: str) -> Tool:
    def archive(tools: Path, urls: list[str], folder: Path) -> Path | None:
        python, port = tools / "warcprox/bin/python", _port()
        if not python.exists():
            return None
        with _serving(
            [python, "-c", _WARCPROX, "-b", "127.0.0.1", "-p", port, "-d", folder / "w", *options], port, folder
        ):
            for url in urls:
                _run("curl", "-s", "--compressed", "-x", f"http://127.0.0.1:{port}", url)
        return next((folder / "w").glob("*.warc*"))

    return archive


def _pywb_record(tools: Path, urls: list[str], folder: Path) -> Path | None:
    wayback, port = tools / "pywb/bin/wayback", _port()
    if not wayback.exists():
        return None
    _run(tools / "pywb/bin/wb-manager", "init", "c", cwd=folder)
    with _serving([wayback, "-p", port, "--record", "--live"], port, folder):
        for url in urls:
            _run("curl", "-s", f"http://127.0.0.1:{port}/c/record/id_/{url}")
        time.sleep(2)
    return next((folder / "collections").rglob("*.warc.gz"), None)


_SPIDER = """
import scrapy
class S(scrapy.Spider):
    name = "s"
    def start_requests(self):
        for url in open("urls.txt").read().split():
            yield scrapy.Request(url)
    def parse(self, response):
        pass
"""


def _scrapy_webarchive(tools: Path, urls: list[str], folder: Path) -> Path | None:
    program = tools / "scrapy-webarchive/bin/scrapy"
    if not program.exists():
        return None
    _list(urls, folder)
    (folder / "s.py").write_text(_SPIDER)
    settings = {
        "EXTENSIONS": json.dumps({"scrapy_webarchive.extensions.WaczExporter": 543}),
        "SW_EXPORT_URI": str(folder / "x.wacz"),
    }
    words = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    _run(program, "runspider", "s.py", *words, cwd=folder)
    return next(folder.glob("*.wacz"), None)


_NODE = """
import { WARCRecord, WARCSerializer } from 'warcio';
import { createWriteStream, readFileSync } from 'fs';
const out = createWriteStream(process.argv[2]);
const version = 'WARC/1.1';
const put = async (record) => out.write(await WARCSerializer.serialize(record, {gzip: true}));
await put(WARCRecord.createWARCInfo({filename: 'x.warc.gz', warcVersion: version}, {software: 'warcio.js', format: version}));
for (const url of readFileSync('urls.txt', 'utf8').trim().split('\\n')) {
  let got, body;
  try {
    got = await fetch(url);
    body = new Uint8Array(await got.arrayBuffer());
  } catch (error) { console.error(url, error.message); continue; }  // Node refuses some of the newspaper's odder messages
  const httpHeaders = {};
  for (const [name, value] of got.headers) {  // as Browsertrix does: the browser has decoded the body
    httpHeaders[['content-encoding', 'transfer-encoding'].includes(name) ? 'x-orig-' + name : name] = value;
  }
  const date = new Date().toISOString();
  const statusline = 'HTTP/1.1 ' + got.status + ' ' + got.statusText;
  const warcHeaders = {'WARC-Page-ID': 'p', 'WARC-Resource-Type': 'document', 'WARC-JSON-Metadata': '{"ipType":"Public","cert":{}}'};
  const response = await WARCRecord.create(
    {url, date, type: 'response', warcVersion: version, warcHeaders, httpHeaders, statusline}, (async function* () { yield body; })());
  await put(response);
  const id = {'WARC-Concurrent-To': response.warcHeader('WARC-Record-ID'), ...warcHeaders};
  await put(await WARCRecord.create({url, date, type: 'request', warcVersion: version, warcHeaders: id,
    httpHeaders: {'User-Agent': 'x'}, statusline: 'GET / HTTP/1.1'}, (async function* () {})()));
  await put(await WARCRecord.create({url: 'urn:pageinfo:' + url, date, type: 'resource', warcVersion: version,
    warcHeaders: {'Content-Type': 'application/json'}}, (async function* () { yield new TextEncoder().encode('{}'); })()));
}
out.end();
"""


def _warcio_js(tools: Path, urls: list[str], folder: Path) -> Path | None:
    modules = tools / "npm/node_modules"
    if not modules.exists():
        return None
    _list(urls, folder)
    (folder / "node_modules").symlink_to(modules)
    (folder / "x.mjs").write_text(_NODE)
    done = _run("node", "x.mjs", "x.warc.gz", cwd=folder)
    if done.returncode:
        print(done.stderr[-500:])
    return folder / "x.warc.gz" if (folder / "x.warc.gz").exists() else None


TOOLS: dict[str, Tool] = {
    "wget": _wget(),
    "wget, plain file": _wget("--no-warc-compression"),
    "wget, without digests": _wget("--no-warc-digests"),
    "wget, deduplicating": _wget_twice,
    "warcio capture_http": _capture_http,
    "warcio recompress": _recompressed,
    "warcprox": _warcprox("--gzip"),
    "warcprox, plain file, base32": _warcprox("--base32"),
    "pywb record": _pywb_record,
    "scrapy-webarchive (WACZ)": _scrapy_webarchive,
    "warcio.js as Browsertrix": _warcio_js,
    "wacz create (WACZ)": _wacz_create,
}


def _rows(source: Path) -> dict[str, dict[str, Any]]:
    done = _run(*PRESSMARK, "extract", source)
    if done.returncode not in (0, 7):
        print(done.stderr)
    return {row["url"]: row for row in map(json.loads, done.stdout.splitlines())}


def _verified(source: Path) -> str:
    done = _run(*PRESSMARK, "verify", source, "--json")
    found = Counter(f"{f['severity']} {f['rule']}" for f in map(json.loads, done.stdout.splitlines()))
    return ", ".join(f"{n} {what}" for what, n in sorted(found.items())) or "nothing"


def main() -> None:
    """Print a Markdown table, a row a tool."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tools", type=Path)
    parser.add_argument("--keep", type=Path, help="keep the files here")
    parser.add_argument(
        "--only", action="append", choices=list(TOOLS), metavar="TOOL", help=f"one of: {', '.join(TOOLS)}"
    )
    args = parser.parse_args()
    keep = args.keep or Path(tempfile.mkdtemp())
    keep.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(keep / "ours", ignore_errors=True)
    serve = [sys.executable, str(ROOT / "tests/newspaper/serve.py"), "--dump-truth", str(keep / "truth.jsonl")]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as paper:
        try:
            assert paper.stdout
            home = json.loads(paper.stdout.readline())["url"]
            urls = [json.loads(line)["url"] for line in (keep / "truth.jsonl").read_text().splitlines()]
            _run(*PRESSMARK, "archive", *urls, "--allow-private", "-C", keep / "ours")
            ours = _rows(keep / "ours")
            print(f"{home}: {len(urls)} articles, {len(ours)} rows of our own archive\n")
            print(
                "| file of | captures read | rows the same as ours | verify says |\n| --- | --- | --- | --- |",
                flush=True,
            )
            for name, tool in TOOLS.items():
                if args.only and name not in args.only:
                    continue
                folder = keep / "".join(c if c.isalnum() else "-" for c in name)
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                try:
                    path = tool(args.tools.resolve(), urls, folder)
                except Exception as error:
                    print(f"| {name} | failed: {error!r} | | |", flush=True)
                    continue
                if not path:
                    print(f"| {name} | not there | | |", flush=True)
                    continue
                _tell(name, _rows(path), ours, path)
        finally:
            paper.terminate()
    if not args.keep:
        shutil.rmtree(keep)


def _tell(name: str, theirs: dict[str, dict[str, Any]], ours: dict[str, dict[str, Any]], path: Path) -> None:
    off: Counter[str] = Counter()
    same = 0
    for url, row in ours.items():
        other = theirs.get(url)
        wrong = [field for field in FIELDS if other is None or other[field] != row[field]]
        same += not set(wrong) - {"payload_digest"}
        off.update(wrong if other else ["no row"])
    imported = sum(row["capture_fidelity"] == "imported" for row in theirs.values())
    why = ", ".join(f"{field} differs in {n}" for field, n in off.items())
    print(
        f"| {name} | {len(theirs)} ({imported} imported) | {same} of {len(ours)}{'; ' + why if why else ''} | {_verified(path)} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
