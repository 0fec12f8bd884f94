"""The main flows from the command line, on the demo newspaper: crawl, archive, extract, verify, show, resume."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.cli import main
from pipelines import offline
from pipelines.proof import Prover

ROOT = Path(__file__).parents[1]
LAUNCHER = ROOT / "pressmark.py"
SITE = ["demo", "--allow-private", "127.0.0.0/8"]


def command(*args, **options):
    env = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"} | options.pop("env", {})
    words = [sys.executable, str(LAUNCHER), *map(str, args)]
    return words, {"env": env, "cwd": options.pop("cwd", ROOT), "text": True, **options}


def pressmark(*args, **options):
    words, options = command(*args, **options)
    return subprocess.run(words, capture_output=True, timeout=300, **options)


def rows(collection, kind="articles", site="demo"):
    files = sorted((Path(collection) / site / kind).glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def records(collection, site="demo"):
    """(WARC type, target, block) of every record, the bytes as they are in the file."""
    for path in sorted((Path(collection) / site / "warc").glob("*.warc.gz*")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, no_record_parse=True):
                yield record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), record.raw_stream.read()


def final(response):
    """A response as a WARC keeps it: from the final status line on (WARC 1.1, 6.3)."""
    while re.match(rb"HTTP/1\.1 1(?!01)\d\d", response):
        response = response[response.index(b"\r\n\r\n") + 4 :]
    return response


@dataclass(frozen=True)
class Crawl:
    """A crawled newspaper; the tests that change something work on a copy."""

    newspaper: object
    collection: Path
    done: subprocess.CompletedProcess

    def home(self):
        return ["-s", f"home={self.newspaper.url}"]

    def again(self, collection=None):
        return pressmark("crawl", *SITE, *self.home(), "-C", collection or self.collection)


@pytest.fixture(scope="module")
def crawl(serve_newspaper, tmp_path_factory):
    newspaper = serve_newspaper(edition="both")
    collection = tmp_path_factory.mktemp("crawl") / "c"
    return Crawl(newspaper, collection, pressmark("crawl", *SITE, "-s", f"home={newspaper.url}", "-C", collection))


@pytest.fixture
def copy(crawl, tmp_path):
    shutil.copytree(crawl.collection, tmp_path / "c")
    return tmp_path / "c"


def expected(newspaper):
    """The articles that a crawl may reach: all but those that robots.txt forbids."""
    return {row["url"]: row for row in newspaper.truth if row["reach"] != "private"}


def test_a_crawl_archives_each_article_and_says_so(crawl):
    assert crawl.done.returncode == 0, crawl.done.stderr
    assert crawl.done.stderr == ""
    assert {row["canonical_url"] for row in rows(crawl.collection)} == expected(crawl.newspaper).keys()
    assert re.match(rf"demo: {len(rows(crawl.collection))} articles archived", crawl.done.stdout)


def test_each_article_comes_back_paragraph_for_paragraph(crawl):
    truth = expected(crawl.newspaper)
    wrong = [row["url"] for row in rows(crawl.collection) if row["text"] != truth[row["canonical_url"]]["text"]]
    assert not wrong


@pytest.mark.parametrize(
    ("field", "known"),
    [("title", "title"), ("authors", "authors"), ("published_at", "published"), ("section", "section"),
     ("tags", "tags"), ("language", "language"), ("page_type", "page_type")],
)  # fmt: skip
def test_each_fact_of_each_article_is_right(crawl, field, known):
    truth = expected(crawl.newspaper)
    wrong = {
        row["url"]: row[field] for row in rows(crawl.collection) if row[field] != truth[row["canonical_url"]][known]
    }
    assert not wrong


def test_captions_are_facts_and_never_text(crawl):
    truth = expected(crawl.newspaper)
    for row in rows(crawl.collection):
        captions = [image["caption"] for image in row["images"] if image["caption"]]
        assert captions == truth[row["canonical_url"]]["captions"], row["url"]
        assert not [caption for caption in captions if caption in row["text"]]


def test_a_teaser_is_told_from_an_article(crawl):
    truth = expected(crawl.newspaper)
    paid = {row["canonical_url"] for row in rows(crawl.collection) if row["access"] == "paywalled"}
    assert paid == {url for url, row in truth.items() if row["access"] == "paywalled"}


def test_a_change_is_dated_as_the_page_dates_it(crawl):
    truth = expected(crawl.newspaper)
    for row in rows(crawl.collection):
        changed = truth[row["canonical_url"]]["modified"]
        # of an article that was never changed, some pages say nothing, others the day of publication
        assert row["modified_at"] in ({changed} if changed else {None, row["published_at"]}), row["url"]


def test_every_url_has_one_outcome(crawl):
    failures = rows(crawl.collection, "failures")
    assert len({row["url"] for row in failures}) == len(failures)
    assert not {row["url"] for row in failures} & {row["url"] for row in rows(crawl.collection)}
    private = [row["reason"] for row in failures if "/private/" in row["url"]]
    assert private == ["robots-disallowed"]


def test_the_warc_holds_the_bytes_of_the_wire(crawl):
    log = crawl.newspaper.exchanges()
    requests = Counter(block for kind, _, block in records(crawl.collection) if kind == "request")
    responses = Counter(block for kind, _, block in records(crawl.collection) if kind == "response")
    assert len(log) > 60
    assert not requests - Counter(request for request, _ in log)
    assert not responses - Counter(final(response) for _, response in log)
    forms = {line["form"] for line in crawl.newspaper.log()}
    assert len(forms) >= 12, forms


def test_extract_gives_the_same_rows_byte_for_byte(crawl, tmp_path):
    out = {kind: tmp_path / kind for kind in ("articles", "removed")}
    done = pressmark("extract", crawl.collection, "-o", out["articles"], "--removed", out["removed"])
    assert done.returncode == 0, done.stderr
    for kind, path in out.items():
        live = b"".join(file.read_bytes() for file in sorted((crawl.collection / "demo" / kind).glob("*.jsonl")))
        assert path.read_bytes() == live


def test_a_rule_is_tried_over_the_archived_pages(crawl):
    [row] = [row for row in rows(crawl.collection) if row["url"].endswith("/ferry-line-returns/")] or rows(
        crawl.collection
    )[:1]
    block = max(row["text"].split("\n\n"), key=len)
    rule = f"{{id: on-trial, kind: promo, text: {json.dumps('^' + re.escape(block[:40]))}}}"
    done = pressmark("extract", crawl.collection, "--try", rule)
    assert done.returncode == 0, done.stderr
    assert f"{row['url']}\n- {' '.join(block.split())}\n" in done.stdout
    assert re.search(
        r"^1 of 4\d pages change: 1 blocks \([\d,]+ characters\) leave the text, 0 come into it", done.stdout, re.M
    )
    assert not any("on-trial" in str(row) for row in rows(crawl.collection, "removed")), "nothing is kept"


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{kind: promo, css: .x}", "id"),
        ("{id: x, kind: advert, css: .x}", "kind"),
        ("{exclud: [.x]}", "exclude"),
        ("{exclude: ['a[']}", "exclude"),
    ],
    ids=["no id", "unknown kind", "misspelt", "no selector"],
)
def test_a_rule_that_is_none_says_so(crawl, rule, said):
    done = pressmark("extract", crawl.collection, "--try", rule)
    assert (done.returncode, done.stdout) == (3, "")
    assert "--try" in done.stderr
    assert said in done.stderr


def test_extract_reads_a_pipe(crawl):
    [warc] = (crawl.collection / "demo" / "warc").glob("*.warc.gz*")
    done = pressmark("extract", "-", stdin=warc.open("rb"))
    assert done.returncode == 0, done.stderr
    piped = [json.loads(line) for line in done.stdout.splitlines()]
    pointers = ("warc_filename", "warc_record_offset", "warc_record_length")
    assert all(row[name] is None for row in piped for name in pointers)
    assert [row | dict.fromkeys(pointers) for row in rows(crawl.collection)] == piped


def test_a_second_crawl_asks_only_whether_the_sources_have_changed(crawl, copy):
    before = len(crawl.newspaper.log())
    done = crawl.again(copy)
    assert done.returncode == 0, done.stderr
    asked = crawl.newspaper.log()[before:]
    assert {line["target"] for line in asked if line["status"] != 304} <= {"/robots.txt"}
    assert not {line["target"] for line in asked} & {
        row["url"].removeprefix(crawl.newspaper.url[:-1]) for row in rows(copy)
    }
    assert rows(copy) == rows(crawl.collection)


def test_verify_proves_the_collection(crawl):
    done = pressmark("verify", crawl.collection)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


@pytest.mark.parametrize("bit", [0x01, 0x20, 0xFF])
def test_verify_names_the_record_of_a_changed_byte(crawl, copy, bit):
    row = rows(copy)[3]
    path = next((copy / "demo" / "warc").glob("*.warc.gz*"))
    data = bytearray(path.read_bytes())
    data[row["warc_record_offset"] + row["warc_record_length"] // 2] ^= bit
    path.write_bytes(data)
    done = pressmark("verify", copy, "--json")
    assert done.returncode == 9, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert any(finding["offset"] == row["warc_record_offset"] and finding["severity"] == "error" for finding in found)


@pytest.mark.parametrize("kind", ["articles", "removed"])
def test_verify_names_the_record_of_a_changed_word(crawl, copy, kind):
    [path, *_] = sorted((copy / "demo" / kind).glob("*.jsonl"))
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    row = json.loads(lines[2])
    word = max(re.findall(r"[a-z]+", row["text"]), key=len)
    lines[2] = lines[2].replace(word, word[::-1] + "x")
    path.write_text("".join(lines), encoding="utf-8")
    done = pressmark("verify", copy, "--json")
    assert done.returncode == 9
    assert {json.loads(line)["record_id"] for line in done.stdout.splitlines()} == {row["id"]}


def test_verify_names_an_article_whose_row_is_gone(crawl, copy):
    [path, *_] = sorted((copy / "demo" / "articles").glob("*.jsonl"))
    first, rest = path.read_bytes().split(b"\n", 1)
    path.write_bytes(rest)
    done = pressmark("verify", copy, "--json")
    assert done.returncode == 9
    assert json.loads(first)["id"] in {json.loads(line)["record_id"] for line in done.stdout.splitlines()}


def test_verify_reads_a_record_when_its_turn_comes_and_not_all_at_once(crawl, monkeypatch):
    read, most = 0, 0
    record, settled = Prover.record, Prover.settled

    def count_read(self, row):
        nonlocal read
        read += 1
        return record(self, row)

    def count_settled(self, future, capture):
        nonlocal read, most
        most = max(most, read)
        read -= 1
        return settled(self, future, capture)

    monkeypatch.setattr(Prover, "record", count_read)
    monkeypatch.setattr(Prover, "settled", count_settled)
    monkeypatch.setattr(offline, "_AHEAD", 4)
    assert main(["verify", str(crawl.collection)]) == 0
    assert 0 < most <= 6 < len(rows(crawl.collection))


def test_all_that_is_derived_is_made_anew_from_the_warc_files(crawl, copy):
    site = copy / "demo"
    kinds = ("articles", "removed")
    before = {kind: rows(copy, kind) for kind in kinds}
    for folder in ("articles", "removed", "failures", "index"):
        shutil.rmtree(site / folder)
    for path in site.glob("ledger.sqlite*"):
        path.unlink()
    refused = crawl.again(copy)
    assert refused.returncode == 6
    assert "pressmark rebuild demo" in refused.stderr
    done = pressmark("rebuild", "demo", "-C", copy)
    assert (done.returncode, done.stderr) == (0, "")
    assert {kind: rows(copy, kind) for kind in kinds} == before
    assert not (site / "rebuilt").exists()
    proof = pressmark("verify", copy)
    assert (proof.returncode, proof.stderr) == (0, ""), proof.stdout
    asked = len(crawl.newspaper.log())
    again = crawl.again(copy)
    assert again.returncode == 0, again.stderr
    targets = {line["target"] for line in crawl.newspaper.log()[asked:]}
    assert "/feed.xml" in targets
    assert not targets & {row["url"].removeprefix(crawl.newspaper.url[:-1]) for row in before["articles"]}
    assert rows(copy) == before["articles"]
    assert pressmark("verify", copy).returncode == 0


def test_what_only_the_ledger_knew_is_taken_over(crawl, copy):
    failures = {(row["url"], row["reason"]) for row in rows(copy, "failures")}
    [before] = map(json.loads, pressmark("status", "--json", "-C", copy).stdout.splitlines())
    done = pressmark("rebuild", "-C", copy)
    assert done.returncode == 0, done.stderr
    assert {(row["url"], row["reason"]) for row in rows(copy, "failures")} == failures
    [after] = map(json.loads, pressmark("status", "--json", "-C", copy).stdout.splitlines())
    assert (after["urls"], after["runs"]) == (before["urls"], before["runs"])


def test_show_prints_text_removed_blocks_and_the_raw_record(crawl):
    row = rows(crawl.collection)[0]
    for name in (row["id"], row["article_id"], row["url"]):
        shown = pressmark("show", name, "-C", crawl.collection)
        assert shown.returncode == 0
        assert row["text"] in shown.stdout
    removed = pressmark("show", row["id"], "--removed", "-C", crawl.collection).stdout.splitlines()
    assert len(removed) >= sum(block["id"] == row["id"] for block in rows(crawl.collection, "removed"))
    why = pressmark("show", row["id"], "--why", "-C", crawl.collection).stdout
    assert why.count("\n+ text") + why.startswith("+ text") == len(row["text"].split("\n\n"))
    words, options = command("show", row["id"], "--raw", "-C", crawl.collection)
    raw = subprocess.run(words, capture_output=True, **options | {"text": False}).stdout
    assert raw.startswith(b"WARC/1.1\r\n")
    assert row["id"].encode() in raw


def test_show_says_what_is_not_there(crawl):
    done = pressmark("show", "https://nowhere.example/", "-C", crawl.collection)
    assert done.returncode == 8
    assert "https://nowhere.example/ is not in" in done.stderr


def test_status_lists_sites_and_runs(crawl):
    [state] = map(json.loads, pressmark("status", "--json", "-C", crawl.collection).stdout.splitlines())
    assert state["urls"]["done"] == len(rows(crawl.collection))
    assert [run["exit_code"] for run in state["runs"]] == [0]
    assert "demo" in pressmark("status", "-C", crawl.collection, "demo").stdout


def start_slow_crawl(newspaper, collection, *, delay="50ms", pages=8):
    words, options = command(
        "crawl",
        *SITE,
        "-s",
        f"home={newspaper.url}",
        "-s",
        f"politeness.delay={delay}",
        "-C",
        collection,
        start_new_session=True,
    )
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    deadline = time.monotonic() + 60
    before = len(newspaper.log())
    while sum("/2026/" in line["target"] for line in newspaper.log()[before:]) < pages:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return process


def assert_whole(newspaper, collection):
    found = rows(collection)
    assert {row["canonical_url"] for row in found} == expected(newspaper).keys()
    assert len(found) == len(expected(newspaper))
    done = pressmark("verify", collection)
    assert done.returncode == 0, done.stdout


def test_a_killed_crawl_goes_on_where_it_stopped(newspaper, tmp_path):
    process = start_slow_crawl(newspaper, tmp_path)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for path in (tmp_path / "demo" / "warc").glob("*"):
        with path.open("ab") as file:
            file.write(b"\x1f\x8b\x08torn")
    kept = {target for kind, target, _ in _whole(tmp_path) if kind == "response" and "/2026/" in target}
    before = len(newspaper.log())
    done = pressmark("crawl", *SITE, "-s", f"home={newspaper.url}", "-C", tmp_path)
    assert done.returncode == 0, done.stderr
    asked = {newspaper.url[:-1] + line["target"] for line in newspaper.log()[before:]}
    assert kept
    assert not kept & asked
    assert_whole(newspaper, tmp_path)


def _whole(collection):
    found = records(collection)
    while True:
        try:
            yield next(found)
        except StopIteration:
            return
        except Exception:  # the torn tail
            return


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_crawl_says_so_and_goes_on(newspaper, tmp_path, number, code):
    process = start_slow_crawl(newspaper, tmp_path)
    process.send_signal(number)
    _, talk = process.communicate(timeout=30)
    assert process.returncode == code
    assert "goes on from here" in talk
    assert "Traceback" not in talk
    done = pressmark("crawl", *SITE, "-s", f"home={newspaper.url}", "-C", tmp_path)
    assert done.returncode == 0, done.stderr
    assert_whole(newspaper, tmp_path)


def every_byte(folder):
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_site_is_never_crawled_by_two_processes(newspaper, tmp_path):
    process = start_slow_crawl(newspaper, tmp_path, delay="3s", pages=1)
    os.killpg(process.pid, signal.SIGSTOP)
    before = every_byte(tmp_path)
    second = pressmark("crawl", *SITE, "-s", f"home={newspaper.url}", "-C", tmp_path)
    after = every_byte(tmp_path)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=30)
    assert second.returncode == 75
    assert "another process is at work" in second.stderr
    assert before == after


def test_archive_keeps_every_hop_and_tells_what_it_kept(newspaper, tmp_path):
    done = pressmark("archive", newspaper.url + "go/7", "--allow-private", "--json", "-C", tmp_path)
    assert done.returncode == 0, done.stderr
    [account] = map(json.loads, done.stdout.splitlines())
    [row] = rows(tmp_path, site="127.0.0.1")
    assert (row["id"], row["requested_url"]) == (account["id"], newspaper.url + "go/7")
    truth = next(t for t in newspaper.truth if t["url"] == row["url"])
    assert (row["text"], account["title"]) == (truth["text"], truth["title"])
    hops = [block.split(b" ")[1] for kind, _, block in records(tmp_path, "127.0.0.1") if kind == "response"]
    assert hops == [b"200", b"301", b"302", b"200"]  # robots.txt, then each hop


def test_archive_learns_from_siblings_that_give_no_rows(newspaper, tmp_path):
    url = next(row["url"] for row in newspaper.truth if row["reach"] == "everywhere")
    done = pressmark("archive", url, "--siblings", "3", "--allow-private", "-s", "politeness.delay=0s", "-C", tmp_path)
    assert done.returncode == 0, done.stderr
    assert [row["url"] for row in rows(tmp_path, site="127.0.0.1")] == [url]
    assert (
        sum(kind == "response" for kind, _, _ in records(tmp_path, "127.0.0.1")) == 5
    )  # robots.txt, the page, three siblings
    assert {block["pages_sharing"] for block in rows(tmp_path, "removed", "127.0.0.1")} >= {3}
    assert pressmark("verify", tmp_path).returncode == 0
    lone = pressmark("extract", tmp_path, "-o", tmp_path / "again.jsonl")
    assert lone.returncode == 0
    assert (tmp_path / "again.jsonl").read_text() == "".join(
        path.read_text() for path in (tmp_path / "127.0.0.1" / "articles").glob("*.jsonl")
    )


def test_archive_obeys_robots_unless_a_person_says_otherwise(newspaper, tmp_path):
    url = next(row["url"] for row in newspaper.truth if row["reach"] == "private")
    refused = pressmark("archive", url, "--allow-private", "-C", tmp_path)
    assert refused.returncode == 10
    assert "robots-disallowed" in refused.stdout
    assert not rows(tmp_path, site="127.0.0.1")
    done = pressmark("archive", url, "--allow-private", "--ignore-robots", "-C", tmp_path)
    assert done.returncode == 0, done.stderr
    assert [row["rights"]["robots"] for row in rows(tmp_path, site="127.0.0.1")] == ["ignored"]


def test_archive_refuses_private_addresses(newspaper, tmp_path):
    before = len(newspaper.log())
    done = pressmark("archive", newspaper.url, "-C", tmp_path)
    assert done.returncode == 10
    assert "private-address" in done.stdout
    assert "try       --allow-private" in done.stdout
    assert len(newspaper.log()) == before


def test_archive_takes_addresses_from_a_file_and_from_standard_input(newspaper, tmp_path):
    one, two = (row["url"] for row in newspaper.truth[:2])
    (tmp_path / "urls.txt").write_text(f"# mine\n{one}\n\n")
    done = pressmark("archive", "-i", tmp_path / "urls.txt", "-", "--allow-private", "-C", tmp_path / "c", input=two)
    assert done.returncode == 0, done.stderr
    assert {row["url"] for row in rows(tmp_path / "c", site="127.0.0.1")} == {one, two}


@pytest.mark.parametrize(
    ("yaml", "where"),
    [
        ("version: 1\nsite: x\nhome: https://x.example/\npolitenes:\n  delay: 3s\n", "x.yaml:4"),
        ("version: 1\nsite: x\n\thome: https://x.example/\n", "x.yaml:3"),
        ("version: 1\nsite: x\nhome: https://x.example/\npoliteness:\n  tries: many\n", "x.yaml:5"),
        ("version: 1\nsite: x\nhome: !!python/object/apply:os.system ['touch pwned']\n", "x.yaml:3"),
    ],
)
def test_a_wrong_yaml_names_file_and_line_and_touches_nothing(tmp_path, yaml, where):
    (tmp_path / "config" / "sites").mkdir(parents=True)
    (tmp_path / "config" / "sites" / "x.yaml").write_text(yaml)
    done = pressmark("crawl", "x", "-C", tmp_path / "c", "--config", tmp_path / "config", cwd=tmp_path)
    assert done.returncode == 3
    assert where in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["config"]


def scrapy(*args, **env):
    words = [sys.executable, "-m", "scrapy", *map(str, args)]
    return subprocess.run(words, capture_output=True, text=True, cwd=ROOT, env=os.environ | env, timeout=120)


def test_plain_scrapy_works_in_the_checkout(newspaper, tmp_path):
    assert scrapy("list").stdout.split() == ["probe", "site", "url"]
    shutil.copytree(ROOT / "config", tmp_path / "config")
    yaml = tmp_path / "config" / "sites" / "demo.yaml"
    text = yaml.read_text(encoding="utf-8").replace("http://127.0.0.1:8765/", newspaper.url)
    yaml.write_text(text + "fetch:\n  allow_private: [127.0.0.0/8]\n", encoding="utf-8")
    done = scrapy(
        "crawl", "site", "-a", "site=demo", "-a", f"collection={tmp_path / 'c'}", "-s", "PRESSMARK_ALLOW_PRIVATE=1",
        PRESSMARK_CONFIG=str(tmp_path / "config"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert {row["canonical_url"] for row in rows(tmp_path / "c")} == expected(newspaper).keys()


@pytest.mark.parametrize(
    "args", [[], ["nonsense"], ["archive"], ["crawl", "unknown-site"], ["verify", "/nowhere/at/all"]]
)
def test_a_mistake_on_the_command_line_is_no_traceback(args, tmp_path):
    done = pressmark(*args, cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_nobody_reading_is_no_traceback(crawl):
    words, options = command("extract", crawl.collection)
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    assert process.stdout.readline()
    process.stdout.close()
    assert "Traceback" not in process.stderr.read()
    process.wait()


def test_what_a_command_needs_is_named_and_nothing_else(capsys):
    for command, needed in (("pack", "DEST"), ("export", "DEST")):
        with pytest.raises(SystemExit):
            main([command])
        assert capsys.readouterr().err.endswith(f"the following arguments are required: {needed}\n")
