"""The archive as evidence, from the command line: its index, packages, repairs, revisits and conversions."""

import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections import Counter
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from crawler.warc import fields
from crawler.warc.conversions import Conversion, read_conversions
from crawler.warc.scan import scan
from crawler.warc.writer import WarcWriter

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ROOT = Path(__file__).parents[1]
SITE = ["demo", "--allow-private", "127.0.0.0/8"]


def pressmark(*args):
    env = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    words = [sys.executable, str(ROOT / "pressmark.py"), *map(str, args)]
    return subprocess.run(words, capture_output=True, text=True, env=env, cwd=ROOT, timeout=300)


def rows(collection, kind="articles"):
    files = sorted((collection / "demo" / kind).glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def small(serve_newspaper):
    return serve_newspaper(articles=14)


@pytest.fixture(scope="module")
def crawl_again(small):
    return lambda collection: pressmark(
        "crawl", *SITE, "-s", f"home={small.url}", "-s", "warc.conversions=true", "-C", collection
    )


@pytest.fixture(scope="module")
def crawled(crawl_again, tmp_path_factory):
    """A newspaper crawled twice."""
    collection = tmp_path_factory.mktemp("evidence") / "c"
    for _ in range(2):
        done = crawl_again(collection)
        assert done.returncode == 0, done.stderr
    return collection


@pytest.fixture
def copy(crawled, tmp_path):
    shutil.copytree(crawled, tmp_path / "c")
    return tmp_path / "c"


def test_a_run_keeps_the_index_current(crawled):
    index = (crawled / "demo" / "index" / "index.cdxj").read_bytes().splitlines()
    assert index == sorted(index)
    lines = [json.loads(line.split(b" ", 2)[2]) for line in index]
    assert {row["url"] for row in rows(crawled)} <= {line["url"] for line in lines}
    done = pressmark("verify", crawled)
    assert done.returncode == 0, done.stdout
    assert "0 warnings" in done.stdout


def test_the_warcinfo_says_who_made_it_with_what_and_when(small, tmp_path):
    told = ["-s", "warc.operator=Archive of the Town", "-s", "politeness.contact=archive@example.org"]
    done = pressmark("archive", small.truth[0]["url"], "--allow-private", "-C", tmp_path, *told)
    assert done.returncode == 0, done.stderr
    [warc] = (tmp_path / "127.0.0.1" / "warc").iterdir()
    with warc.open("rb") as file:
        info = dict(fields.from_block(b"".join(next(iter(scan(file))).pieces())))
    [row] = [
        json.loads(line)
        for path in (tmp_path / "127.0.0.1" / "articles").iterdir()
        for line in path.read_text().splitlines()
    ]
    assert re.fullmatch(r"pressmark/\S+ \(scrapy/2\.\S+, twisted/\S+, pyopenssl/\S+, python/3\.\S+\)", info["software"])
    assert (info["operator"], info["runId"], info["isPartOf"], info["robots"]) == (
        "Archive of the Town, archive@example.org", row["run_id"], "127.0.0.1", "classic",
    )  # fmt: skip
    assert "archive@example.org" in info["http-header-user-agent"]
    assert info["hostname"]


def test_a_zstandard_warc_gives_the_same_rows(crawled, tmp_path):
    [warc] = [path for path in (crawled / "demo" / "warc").iterdir() if "torn" not in path.name]
    with warc.open("rb") as file:
        records = [b"".join((entry.header, *entry.pieces(), b"\r\n\r\n")) for entry in scan(file)]
    words = zstd.train_dict([record[:2000] for record in records], 8000)
    frames = [
        zstd.compress(each, zstd_dict=words, options={zstd.CompressionParameter.checksum_flag: 1}) for each in records
    ]
    head = b"\x5d\x2a\x4d\x18" + len(words.dict_content).to_bytes(4, "little") + words.dict_content
    (tmp_path / "x.warc.zst").write_bytes(head + b"".join(frames))
    assert pressmark("verify", tmp_path / "x.warc.zst").returncode == 0
    told = []
    for path in (warc, tmp_path / "x.warc.zst"):
        done = pressmark("extract", path)
        assert done.returncode == 0, done.stderr
        told.append([json.loads(line) for line in done.stdout.splitlines()])
    places = ("warc_filename", "warc_record_offset", "warc_record_length")
    assert [{k: v for k, v in row.items() if k not in places} for row in told[1]] == [
        {k: v for k, v in row.items() if k not in places} for row in told[0]
    ]
    row = told[1][-1]
    part = (tmp_path / "x.warc.zst").read_bytes()[row["warc_record_offset"] :][: row["warc_record_length"]]
    assert row["id"].encode() in zstd.decompress(part, zstd_dict=words)


def test_a_lost_index_is_made_anew(copy, crawl_again):
    index = copy / "demo" / "index" / "index.cdxj"
    before = index.read_bytes().splitlines()
    shutil.rmtree(index.parent)
    assert "index-behind" in pressmark("verify", copy).stdout
    assert crawl_again(copy).returncode == 0
    assert set(before) < set(index.read_bytes().splitlines())


def test_verify_names_an_index_that_is_wrong(copy):
    index = copy / "demo" / "index" / "index.cdxj"
    index.write_bytes(b"".join(reversed(index.read_bytes().splitlines(keepends=True))))
    done = pressmark("verify", copy)
    assert done.returncode == 9
    assert "index-order" in done.stdout


def test_pack_makes_a_package_that_proves_itself(crawled, tmp_path):
    done = pressmark("pack", tmp_path / "all.wacz", "-C", crawled, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    account = json.loads(done.stdout)
    assert account["sha256"] == sha256((tmp_path / "all.wacz").read_bytes()).hexdigest()
    assert account["pages"] == len(rows(crawled))
    assert pressmark("verify", tmp_path / "all.wacz").returncode == 0
    assert pressmark("extract", tmp_path / "all.wacz").stdout == "".join(
        file.read_text(encoding="utf-8") for file in sorted((crawled / "demo" / "articles").glob("*.jsonl"))
    )


def pages_of(package):
    with zipfile.ZipFile(package) as archive:
        return [json.loads(line) for line in archive.read("pages/pages.jsonl").splitlines()[1:]]


def test_pack_of_one_article_brings_its_text_and_no_other(crawled, tmp_path):
    row = rows(crawled)[2]
    for name in (row["url"], row["id"], row["article_id"]):
        package = tmp_path / f"{row['article_id']}-{len(name)}.wacz"
        done = pressmark("pack", package, "-C", crawled, "--page", name)
        assert done.returncode == 0, done.stderr
        assert "1 captures, 1 of them listed as pages, in 1 WARC files" in done.stdout
        [page] = pages_of(package)
        assert (page["url"], page["title"], page["text"]) == (row["url"], row["title"], row["text"])
        assert pressmark("verify", package).returncode == 0


def test_pack_of_one_article_brings_the_redirects_that_led_to_it(newspaper, tmp_path):
    assert pressmark("archive", newspaper.url + "go/7", "--allow-private", "-C", tmp_path / "c").returncode == 0
    done = pressmark("pack", tmp_path / "x.wacz", "-C", tmp_path / "c", "--page", newspaper.url + "go/7", "--json")
    assert json.loads(done.stdout)["captures"] == 3


def test_pack_says_which_articles_it_could_not_take(copy, tmp_path):
    first, second, *_ = rows(copy)
    [warc] = [path for path in (copy / "demo" / "warc").iterdir() if path.name.startswith(first["warc_filename"])]
    with warc.open("r+b") as file:
        file.seek(first["warc_record_offset"] + first["warc_record_length"] // 2)
        byte = file.read(1)[0]
        file.seek(-1, 1)
        file.write(bytes([byte ^ 1]))
    whole = pressmark("pack", tmp_path / "all.wacz", "-C", copy)
    assert whole.returncode == 8
    assert "1 articles are not in it" in whole.stdout
    asked = ["pack", tmp_path / "two.wacz", "-C", copy, "--page", first["url"], "--page", second["url"], "--json"]
    few = pressmark(*asked)
    assert (few.returncode, json.loads(few.stdout)["pages"], json.loads(few.stdout)["missing_pages"]) == (8, 1, 1)


def test_pack_of_days(crawled, tmp_path):
    day = rows(crawled)[0]["fetched_at"][:10]
    within = pressmark("pack", tmp_path / "in.wacz", "demo", "-C", crawled, "--from", day[:7], "--to", "2999")
    assert within.returncode == 0, within.stderr
    assert len(pages_of(tmp_path / "in.wacz")) == len(rows(crawled))
    assert pressmark("verify", tmp_path / "in.wacz").returncode == 0
    without = pressmark("pack", tmp_path / "out.wacz", "-C", crawled, "--to", "2001-01-01")
    assert without.returncode == 8
    assert "no capture to pack" in without.stderr
    assert not (tmp_path / "out.wacz").exists()


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["x.zip"], 2, "does not end in .wacz"),
        (["there.wacz"], 2, "--force"),
        (["x.wacz", "nowhere.example"], 2, "There are: demo"),
        (["x.wacz", "--from", "yesterday"], 2, "2026-11-20"),
        (["x.wacz", "--to", "2026-13"], 2, "month"),
        (["x.wacz", "--page", "https://nowhere.example/"], 8, "is not in"),
        (["no/folder/for/it.wacz/x.wacz", "-C", "/nowhere/at/all"], 6, "/nowhere/at/all"),
    ],
)
def test_a_mistake_with_pack_is_told(crawled, tmp_path, args, code, said):
    (tmp_path / "there.wacz").write_bytes(b"")
    done = pressmark("pack", tmp_path / args[0], *args[1:], *([] if "-C" in args else ["-C", crawled]))
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_repair_saves_what_is_whole_and_names_the_rest(crawled, tmp_path):
    [warc] = (crawled / "demo" / "warc").iterdir()
    row = rows(crawled)[3]
    data = bytearray(warc.read_bytes())
    data[row["warc_record_offset"] + row["warc_record_length"] // 2] ^= 0x20
    (tmp_path / "bad.warc.gz").write_bytes(data)
    done = pressmark("repair", tmp_path / "bad.warc.gz")
    assert done.returncode == 8
    assert f"at {row['warc_record_offset']}: {row['id']}" in done.stdout
    assert (tmp_path / "bad.warc.gz").read_bytes() == data
    verified = pressmark("verify", tmp_path / "bad-repaired.warc.gz")
    assert verified.returncode == 0, verified.stdout
    account = json.loads(pressmark("repair", warc, "-o", tmp_path / "same.warc.gz", "--json").stdout)
    assert account["lost"] == []
    assert (tmp_path / "same.warc.gz").read_bytes() == warc.read_bytes()


def test_a_mistake_with_repair_is_told(tmp_path):
    (tmp_path / "x.warc.gz").write_bytes(b"nothing")
    (tmp_path / "x.wacz").write_bytes(b"PK\x03\x04")
    for name, code in (("x.warc.gz", 8), ("x.wacz", 2), ("none", 2)):
        done = pressmark("repair", tmp_path / name)
        assert done.returncode == code
        assert "Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.wacz", "x.warc.gz"]


@pytest.fixture(scope="module")
def archived_twice(newspaper, tmp_path_factory):
    """A page of which the server gave the same bytes twice, in two runs and, as the file was closed between, in two files."""
    collection = tmp_path_factory.mktemp("twice") / "c"
    truth = {row["url"]: row for row in newspaper.truth}
    plain = next(
        url for url in truth if {"content-length", "etag"} <= {name.lower() for name, _ in newspaper.get(url).headers}
    )
    for run in range(3):
        done = pressmark("archive", plain, "--allow-private", "-C", collection)
        assert done.returncode == 0, done.stderr
        if run == 0:
            [path] = (collection / "127.0.0.1" / "warc").iterdir()
            path.rename(path.with_suffix(""))
    return collection


def types(collection, site):
    found = []
    for path in sorted((collection / site / "warc").iterdir()):
        with path.open("rb") as file:
            for entry in scan(file):
                found.append((entry.get("WARC-Type"), (entry.get("WARC-Profile") or "").rpartition("/")[2]))
                entry.finish()
    return Counter(found)


def test_a_page_that_came_again_unchanged_is_a_revisit_with_the_same_row(archived_twice):
    assert types(archived_twice, "127.0.0.1")["revisit", "identical-payload-digest"] >= 2
    files = sorted((archived_twice / "127.0.0.1" / "articles").glob("*.jsonl"))
    first, *again = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(again) == 2
    same = ("text", "title", "payload_digest", "http_status", "content_type", "flags", "removed_chars")
    for row in again:
        assert [row[name] for name in same] == [first[name] for name in same]
    assert {row["id"] for row in again}.isdisjoint({first["id"]})
    done = pressmark("verify", archived_twice)
    assert done.returncode == 0, done.stdout
    out = pressmark("extract", archived_twice)
    assert out.stdout == "".join(file.read_text(encoding="utf-8") for file in files)


def test_pack_brings_the_original_of_a_revisit(archived_twice, tmp_path):
    files = sorted((archived_twice / "127.0.0.1" / "articles").glob("*.jsonl"))
    last = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()][-1]
    done = pressmark("pack", tmp_path / "x.wacz", "-C", archived_twice, "--page", last["id"], "--json")
    assert json.loads(done.stdout)["captures"] == 2
    assert pressmark("verify", tmp_path / "x.wacz").returncode == 0
    found = [json.loads(line) for line in pressmark("extract", tmp_path / "x.wacz").stdout.splitlines()]
    assert [row["text"] for row in found if row["id"] == last["id"]] == [last["text"]]


def test_a_304_is_a_revisit_of_the_source_it_answers_for(crawled):
    kinds = types(crawled, "demo")
    assert kinds["revisit", "server-not-modified"] >= 5


def test_a_304_to_nothing_known_is_an_answer_like_any_other(small, crawl_again, tmp_path):
    """Once the original's file is gone, nothing can stand for it."""
    assert crawl_again(tmp_path).returncode == 0
    shutil.rmtree(tmp_path / "demo" / "warc")
    assert crawl_again(tmp_path).returncode == 0
    assert not [kind for kind in types(tmp_path, "demo") if kind[0] == "revisit"]


def conversions(collection, site="demo"):
    return [each for path in sorted((collection / site / "warc").iterdir()) for each in read_conversions(path)]


def test_each_articles_text_stands_in_the_warc_once(crawled):
    assert sorted((each.refers_to, each.sha256) for each in conversions(crawled)) == sorted(
        (row["id"], row["text_sha256"]) for row in rows(crawled)
    )


def test_conversions_are_not_made_unasked(small, tmp_path):
    done = pressmark("crawl", *SITE, "-s", f"home={small.url}", "-C", tmp_path)
    assert done.returncode == 0, done.stderr
    assert rows(tmp_path)
    assert conversions(tmp_path) == []


def test_what_a_killed_run_had_converted_is_not_converted_again(copy, crawl_again):
    """As if it had been killed between the conversions and the ledger's last word."""
    before = conversions(copy)
    with closing(sqlite3.connect(copy / "demo" / "ledger.sqlite")) as ledger:
        ledger.execute("UPDATE urls SET state = 'captured' WHERE state = 'done' AND reason IS NULL")
        for table in ("articles", "texts", "files"):
            ledger.execute(f"DELETE FROM {table}")
        ledger.commit()
    for folder in ("articles", "removed"):
        shutil.rmtree(copy / "demo" / folder)
    done = crawl_again(copy)
    assert done.returncode == 0, done.stderr
    assert len(rows(copy)) == len(before)
    assert conversions(copy) == before
    assert pressmark("verify", copy).returncode == 0


def test_verify_names_a_conversion_that_is_not_the_rows_text(copy):
    row = rows(copy)[0]
    with WarcWriter(copy / "demo" / "warc", prefix="demo", info={}) as writer:
        writer.write_conversion(Conversion(refers_to=row["id"], url=row["url"], text=row["text"]))
    done = pressmark("verify", copy)
    assert (done.returncode, "conversion-doubled" in done.stdout) == (0, True), done.stdout
    off = rows(copy)[1]
    path = next((copy / "demo" / "articles").glob("*.jsonl"))
    path.write_text(path.read_text(encoding="utf-8").replace(off["text_sha256"], "0" * 64), encoding="utf-8")
    done = pressmark("verify", copy)
    assert done.returncode == 9
    assert "conversion-differs" in done.stdout


def test_over_tls_index_and_package_hold_the_certificates(serve_newspaper, certificate, tmp_path):
    paper = serve_newspaper(articles=4, tls=certificate)
    url = paper.truth[0]["url"]
    done = pressmark("archive", url, "--allow-private", "-s", "fetch.verify_tls=false", "-C", tmp_path / "c")
    assert done.returncode == 0, done.stderr + done.stdout
    done = pressmark("verify", tmp_path / "c")
    assert (done.returncode, "0 warnings" in done.stdout) == (0, True), done.stdout
    done = pressmark("pack", tmp_path / "x.wacz", "-C", tmp_path / "c", "--page", url)
    assert done.returncode == 0, done.stderr
    done = pressmark("verify", tmp_path / "x.wacz")
    assert (done.returncode, "0 warnings" in done.stdout) == (0, True), done.stdout
    with zipfile.ZipFile(tmp_path / "x.wacz") as archive:
        [name] = [name for name in archive.namelist() if name.startswith("archive/")]
        data = archive.read(name)
    assert "application/pem-certificate-chain" in [entry.get("Content-Type") for entry in scan(io.BytesIO(data))]
