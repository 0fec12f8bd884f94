"""Takedown from the command line: what must go goes everywhere, all else stays where it was, and nothing brings it back."""

import gzip
import json
import os
import shutil
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from crawler.cli import main
from crawler.collection import SiteArchive, new_run_id
from crawler.config import SiteConfig
from crawler.config.site import Scope
from crawler.errors import StorageError
from crawler.layout import SiteLayout
from crawler.ledger import Ledger
from crawler.rows import RowFiles
from crawler.takedown import act
from crawler.takedown import lift as lifting
from crawler.takedown.log import standing
from crawler.warc.reader import read_raw
from crawler.warc.verify import verify_files
from tests.crash import tracer
from tests.test_end_to_end import SITE, pressmark

Row = dict[str, Any]
REASON = "order 7 O 12/26"


@pytest.fixture(scope="module")
def paper(serve_newspaper):
    return serve_newspaper(articles=8)


@pytest.fixture(scope="module")
def made(paper, tmp_path_factory):
    """A collection with texts in its WARC, a dataset and a package of it."""
    folder = tmp_path_factory.mktemp("takedown")
    words = ["crawl", *SITE, "-s", f"home={paper.url}", "-s", "warc.conversions=true", "-C", folder / "c"]
    done = pressmark(*words)
    assert done.returncode == 0, done.stderr
    assert pressmark("export", folder / "ds", "-C", folder / "c", "--format", "jsonl").returncode == 0
    assert pressmark("pack", folder / "p.wacz", "-C", folder / "c").returncode == 0
    return folder


@pytest.fixture
def site(made, tmp_path) -> SiteLayout:
    shutil.copytree(made / "c", tmp_path / "c")
    return SiteLayout(tmp_path / "c/demo")


def rows(site: SiteLayout, kind: str = "articles") -> list[Row]:
    return [json.loads(line) for path in site.row_files(kind) for line in path.read_text(encoding="utf-8").splitlines()]


def warc_of(site: SiteLayout) -> Path:
    (path,) = site.warc_files()
    return path


def bytes_of(site: SiteLayout) -> bytes:
    """All that the WARC file says, without compression."""
    return gzip.decompress(warc_of(site).read_bytes())


def victim(site: SiteLayout) -> Row:
    """An article, and a phrase that only its page holds."""
    return next(row for row in rows(site) if "four minutes early was about right" in row["text"])


PHRASE = b"minutes early was about"


def take_down(site: SiteLayout, named: str, mode: str, *more: str) -> int:
    words = [
        "takedown",
        named,
        "--mode",
        mode,
        "--reason",
        REASON,
        "--by",
        "A. Editor",
        "--yes",
        "-C",
        str(site.root.parent),
        *more,
    ]
    return main(words)


def verify(site: SiteLayout, capsys) -> tuple[int, list[dict[str, Any]]]:
    capsys.readouterr()
    code = main(["verify", str(site.root.parent), "--json", "--workers", "1"])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def show(site: SiteLayout, named: str) -> int:
    return main(["show", named, "-C", str(site.root.parent)])


def test_erased_bytes_are_gone_and_everything_else_is_where_it_was(site, capsys):
    row, before = victim(site), rows(site)
    warc, old = warc_of(site), warc_of(site).read_bytes()
    raw = {each["id"]: read_raw(warc, each["warc_record_offset"], each["warc_record_length"]) for each in before}
    assert PHRASE in bytes_of(site).replace(b"\n", b" ")
    assert take_down(site, row["url"], "erase") == 0
    text = bytes_of(site).replace(b"\n", b" ")
    assert PHRASE not in text
    assert row["text"][:40].encode() not in text
    assert text.count(b"erased: urn:uuid:") == 4  # request, response, metadata, and the text
    assert REASON.encode() in text
    assert len(warc.read_bytes()) == len(old)
    for each in before:
        if each["id"] != row["id"]:
            assert read_raw(warc, each["warc_record_offset"], each["warc_record_length"]) == raw[each["id"]]
    after = {each["id"]: each for each in rows(site)}
    assert {id: each for id, each in after.items() if id != row["id"]} == {
        each["id"]: each for each in before if each["id"] != row["id"]
    }
    stone = after[row["id"]]
    assert (stone["text"], stone["title"], stone["authors"], stone["withdrawn_reason"]) == ("", None, [], REASON)
    assert (stone["url"], stone["text_sha256"], stone["warc_record_offset"]) == (
        row["url"],
        row["text_sha256"],
        row["warc_record_offset"],
    )
    assert not [block for block in rows(site, "removed") if block["id"] == row["id"]]
    assert row["url"] not in site.index.read_text()
    code, findings = verify(site, capsys)
    assert code == 0, findings
    assert [(f["rule"], f["record_id"]) for f in findings if f["rule"] == "erased"] == [("erased", row["id"])]
    assert {f["severity"] for f in findings} == {"warning"}
    assert REASON in findings[0]["message"]


def test_the_log_says_who_when_why_and_the_digests_of_what_went(site, made, capsys):
    row = victim(site)
    member = warc_of(site).read_bytes()[row["warc_record_offset"] :][: row["warc_record_length"]]
    assert take_down(site, row["url"], "erase", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    order, done = (json.loads(line) for line in site.takedowns.read_text(encoding="utf-8").splitlines())
    assert (order["by"], order["reason"], order["mode"], order["asked"]) == ("A. Editor", REASON, "erase", row["url"])
    assert sha256(member).hexdigest() in {each["sha256"] for each in order["members"]}
    assert (done["event"], done["records_erased"], done["tombstones"]) == ("done", 4, 1)
    assert {(each["kind"], each["path"]) for each in told["held_by"]} == {
        ("dataset", str(made / "ds")),
        ("package", str(made / "p.wacz")),
    }
    assert order["held_by"] == [str(made / "ds"), str(made / "p.wacz")]
    assert any("feeds, sitemaps and section pages" in line for line in told["left"])
    assert standing(site).pending == []


def test_a_dataset_made_before_says_which_row_can_no_longer_be_proved(site, made, capsys):
    take_down(site, victim(site)["url"], "erase")
    capsys.readouterr()
    assert main(["verify", str(made / "ds"), "--warc", str(site.warc), "--json", "--workers", "1"]) == 9
    findings = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {f["rule"] for f in findings} == {"warc-changed", "erased"}


def test_nothing_brings_back_what_was_erased(site, paper, capsys, tmp_path):
    row = victim(site)
    take_down(site, row["url"], "erase")
    before = warc_of(site).read_bytes()
    collection = site.root.parent
    done = pressmark("crawl", *SITE, "-s", f"home={paper.url}", "-C", collection)
    assert done.returncode == 0, done.stderr
    done = pressmark("archive", row["url"], "--allow-private", "-C", collection, "--json")
    assert json.loads(done.stdout)["reason"] == "withdrawn", done.stdout + done.stderr
    assert not list((collection / "127.0.0.1/warc").glob("*.warc*"))  # nor under its host
    done = pressmark(
        "archive", row["url"].rstrip("/"), "--allow-private", "-C", collection, "--json"
    )  # which leads there
    assert json.loads(done.stdout)["reason"] == "withdrawn", done.stdout + done.stderr
    for other in (collection / "127.0.0.1/warc").glob("*.warc*"):
        assert PHRASE not in gzip.decompress(other.read_bytes()).replace(b"\n", b" ")
    assert PHRASE not in bytes_of(site).replace(b"\n", b" ")
    assert warc_of(site).read_bytes().startswith(before)
    assert row["url"] not in site.index.read_text()
    assert pressmark("extract", collection, "-o", tmp_path / "again.jsonl").returncode == 0
    assert row["text"][:40] not in (tmp_path / "again.jsonl").read_text()
    (site.root / "ledger.sqlite").unlink()
    assert main(["rebuild", "demo", "-C", str(collection), "--workers", "1"]) == 0
    stone = next(each for each in rows(site) if each["id"] == row["id"])
    assert (stone["text"], stone["withdrawn_reason"]) == ("", REASON)
    assert row["url"] not in site.index.read_text()
    done = pressmark("crawl", *SITE, "-s", f"home={paper.url}", "-C", collection)
    assert done.returncode == 0, done.stderr
    assert PHRASE not in bytes_of(site).replace(b"\n", b" ")
    assert verify(site, capsys)[0] == 0


def test_a_tombstone_keeps_the_page_and_shows_nothing_of_it(site, capsys, tmp_path):
    row = victim(site)
    assert take_down(site, row["id"], "tombstone") == 0
    assert PHRASE in bytes_of(site).replace(b"\n", b" ")
    assert next(each for each in rows(site) if each["id"] == row["id"])["text"] == ""
    capsys.readouterr()
    assert show(site, row["id"]) == 0
    assert f": {REASON}" in capsys.readouterr().out
    code, findings = verify(site, capsys)
    assert (code, findings) == (0, [])
    assert main(["extract", str(site.root.parent), "-o", str(tmp_path / "again.jsonl"), "--workers", "1"]) == 0
    again = {each["id"]: each for each in map(json.loads, (tmp_path / "again.jsonl").read_text().splitlines())}
    assert (again[row["id"]]["text"], again[row["id"]]["withdrawn_reason"]) == ("", REASON)
    assert main(["pack", str(tmp_path / "p.wacz"), "-C", str(site.root.parent)]) == 0
    with zipfile.ZipFile(tmp_path / "p.wacz") as package:
        text = b"".join(gzip.decompress(package.read(name)) for name in package.namelist() if name.endswith(".warc.gz"))
    assert PHRASE not in text.replace(b"\n", b" ")
    assert main(["rebuild", "demo", "-C", str(site.root.parent), "--workers", "1"]) == 0
    assert verify(site, capsys) == (0, [])
    assert next(each for each in rows(site) if each["id"] == row["id"])["withdrawn_reason"] == REASON
    assert standing(site).urls == set()  # one capture was named: the address may be archived again


def test_what_is_restricted_is_kept_and_shown_to_nobody(site, capsys, tmp_path):
    row, before = victim(site), rows(site)
    assert take_down(site, row["article_id"], "restrict") == 0
    assert rows(site) == before
    assert show(site, row["url"]) == 8
    assert main(["export", str(tmp_path / "ds"), "-C", str(site.root.parent), "--format", "jsonl"]) == 0
    with gzip.open(tmp_path / "ds/data/articles.jsonl.gz", "rt") as file:
        assert row["id"] not in {json.loads(line)["id"] for line in file}
    assert row["url"] not in site.index.read_text()
    code, findings = verify(site, capsys)
    assert (code, findings) == (0, [])
    assert take_down(site, row["url"], "erase") == 0  # and may be erased later
    assert verify(site, capsys)[0] == 0


def lift(site: SiteLayout, named: str, *more: str) -> int:
    words = ["takedown", named, "--lift", "--reason", "set aside", "--by", "A. Judge", "--yes"]
    return main([*words, "-C", str(site.root.parent), *more])


def state_after_the_next_start(site: SiteLayout, url: str) -> tuple[str, str | None]:
    """What the ledger says of a URL when a crawl has begun."""
    config = SiteConfig(
        version=1, site="demo", home=f"{url.partition('/news/')[0]}/", scope=Scope(hosts=("127.0.0.1:*",))
    )
    archive = SiteArchive(
        site.root.parent,
        config,
        command="crawl",
        now=lambda: datetime(2027, 1, 1, tzinfo=UTC),
        new_run_id=new_run_id,
    )
    try:
        archive.retry()
        entry = archive.ledger.get(archive.key(url))
        assert entry is not None
        return entry.state, entry.reason
    finally:
        archive.close()


@pytest.mark.parametrize("rebuilt", [False, True])
def test_a_restriction_that_is_lifted_leaves_everything_as_it_was(site, capsys, tmp_path, rebuilt):
    row, before, index = victim(site), rows(site), site.index.read_bytes()
    assert take_down(site, row["url"], "restrict") == 0
    if rebuilt:
        assert main(["rebuild", "-C", str(site.root.parent), "--workers", "1"]) == 0
        before = rows(site)
    log = site.takedowns.read_bytes()
    assert state_after_the_next_start(site, row["url"]) == ("skipped", "withdrawn")
    assert lift(site, row["article_id"]) == 0
    assert site.takedowns.read_bytes().startswith(log)
    event, done = map(json.loads, site.takedowns.read_bytes()[len(log) :].splitlines())
    assert (event["event"], event["by"], event["reason"]) == ("lifted", "A. Judge", "set aside")
    assert (done["event"], done["takedown_id"]) == ("done", event["lift_id"])
    assert (rows(site), site.index.read_bytes()) == (before, index)
    assert show(site, row["url"]) == 0
    assert verify(site, capsys) == (0, [])
    assert main(["pack", str(tmp_path / "p.wacz"), "--page", row["url"], "-C", str(site.root.parent)]) == 0
    assert state_after_the_next_start(site, row["url"]) == ("done", None)
    assert lift(site, row["url"]) == 8, "nothing is restricted any more"


def test_a_row_that_was_still_to_come_comes_after_the_lifting(site):
    row = victim(site)
    with closing(Ledger(site.ledger)) as ledger:
        (path,) = site.row_files("articles")
        kept = b"".join(line for line in path.read_bytes().splitlines(keepends=True) if row["id"].encode() not in line)
        path.write_bytes(kept)
        ledger.set_file_sizes({path.relative_to(site.root).as_posix(): len(kept)})
        ledger._db.execute("UPDATE urls SET state = 'captured' WHERE record_id = ?", (row["id"],))
    assert take_down(site, row["id"], "restrict") == 0
    assert state_after_the_next_start(site, row["url"]) == ("done", "withdrawn")
    assert lift(site, row["id"]) == 0
    assert state_after_the_next_start(site, row["url"]) == ("captured", None)


def test_a_capture_cannot_be_lifted_out_of_its_address_and_nothing_stronger_at_all(site, capsys):
    row, other = victim(site), rows(site)[0]
    take_down(site, row["url"], "restrict")
    take_down(site, other["url"], "restrict")
    take_down(site, other["url"], "tombstone")
    capsys.readouterr()
    assert lift(site, row["id"]) == 2
    assert "Name the address" in capsys.readouterr().err
    assert lift(site, other["url"]) == 8
    assert "A tombstone and an erasure stay" in capsys.readouterr().err
    assert lift(site, row["url"], "--dry-run") == 0
    assert REASON in capsys.readouterr().err
    assert len(standing(site).orders) == 3
    assert lift(site, row["url"], "--mode", "erase") == 2
    event = {"event": "lifted", "lift_id": "x", "at": "", "by": "", "reason": "", "asked": "", "takedown_ids": []}
    event["takedown_ids"] = [order.takedown_id for order in standing(site).orders]
    with site.takedowns.open("a") as file:
        file.write(json.dumps(event) + "\n")
    assert [order.mode for order in standing(site).orders] == ["tombstone"], "not even the log brings one back"


def test_an_interrupted_lifting_counts_at_once_and_is_carried_out(site, monkeypatch, capsys):
    row, index = victim(site), site.index.read_bytes()
    take_down(site, row["url"], "restrict")

    def dies(*args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(lifting, "add", dies)
        assert lift(site, row["url"]) == 6
    assert show(site, row["url"]) == 0
    assert len(standing(site).pending) == 1
    assert main(["takedown", "--resume", "-C", str(site.root.parent)]) == 0
    assert (standing(site).pending, site.index.read_bytes()) == ([], index)


@pytest.mark.parametrize("step", ["_erase", "_rewrite", "drop"])
def test_an_interrupted_takedown_counts_at_once_and_is_carried_out(site, monkeypatch, capsys, step):
    row = victim(site)
    real, calls = getattr(act, step), []

    def dies(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2 or step == "drop":
            raise StorageError("the machine stopped")
        return real(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(act, step, dies)
        assert take_down(site, row["url"], "erase") == 6
    (order,) = standing(site).pending
    assert order.urls == (row["url"],)
    assert main(["takedown", "--resume", "-C", str(site.root.parent)]) == 0
    assert "1 interrupted takedowns" in capsys.readouterr().out
    assert PHRASE not in bytes_of(site).replace(b"\n", b" ")
    assert standing(site).pending == []
    assert verify(site, capsys)[0] == 0
    assert main(["takedown", "--resume", "-C", str(site.root.parent)]) == 0


def test_nothing_happens_unless_it_is_confirmed(site, capsys):
    row, collection = victim(site), str(site.root.parent)
    before = {path: path.read_bytes() for path in site.root.rglob("*") if path.is_file() and path.name != "lock"}
    words = ["takedown", row["url"], "--mode", "erase", "--reason", REASON, "-C", collection]
    assert main(words) == 2
    assert "nobody is there to confirm it" in capsys.readouterr().err
    assert main([*words, "--dry-run"]) == 0
    assert row["id"] in capsys.readouterr().err
    assert main(words[:4] + words[6:]) == 2
    assert (
        main(["takedown", "https://elsewhere.example/", "--mode", "erase", "--reason", "x", "--yes", "-C", collection])
        == 8
    )
    assert {
        path: path.read_bytes() for path in site.root.rglob("*") if path.is_file() and path.name != "lock"
    } == before


def test_half_a_line_of_the_log_is_no_order_and_a_damaged_one_stops_everything(site, capsys):
    row = victim(site)
    take_down(site, row["url"], "restrict")
    whole = site.takedowns.read_bytes()
    site.takedowns.write_bytes(whole + b'{"event": "ordered", "takedown')
    assert standing(site).by_id.keys() == {row["id"]}
    take_down(site, rows(site)[0]["url"], "restrict")
    assert site.takedowns.read_bytes().startswith(whole)
    assert len(standing(site).by_id) == 2
    site.takedowns.write_bytes(b"garbage\n" + whole)
    assert show(site, row["url"]) == 6
    assert "what must not be shown" in capsys.readouterr().err


@pytest.mark.skipif(tracer.why_not() is not None, reason=str(tracer.why_not()))
def test_wherever_it_is_killed_the_order_is_not_given_or_is_carried_out(site, tmp_path, capsys):
    row, before = victim(site), rows(site)
    whole = warc_of(site).read_bytes()
    states: list[Path] = []

    def judge(call: tracer.Call) -> tracer.Verdict:
        if call.number % 3 == 1:  # what a kill before this call would leave
            states.append(tmp_path / f"{call.number}-{call.name}")
            shutil.copytree(site.root.parent, states[-1])
        return "go"

    ended = tracer.run(lambda: os._exit(take_down(site, row["url"], "erase")), site.root.parent, judge)
    assert ended.code == 0
    assert len(states) > 10
    given = 0
    for state in states:
        left = SiteLayout(state / "demo")
        order = standing(left).by_id.get(row["id"])
        assert main(["takedown", "--resume", "-C", str(state)]) == 0
        if order is None:
            assert (warc_of(left).read_bytes(), rows(left)) == (whole, before)
            continue
        given += 1
        assert standing(left).pending == []
        assert PHRASE not in bytes_of(left).replace(b"\n", b" "), state
        assert len(warc_of(left).read_bytes()) == len(whole)
        assert [
            f for f in verify_files(left.warc_files(), left.index, standing(left).places) if f.severity == "error"
        ] == []
        with closing(Ledger(left.ledger)) as ledger:
            RowFiles(left, ledger)  # what a run does first: it cuts off what is not committed
        after = rows(left)
        assert [each for each in after if each["id"] != row["id"]] == [
            each for each in before if each["id"] != row["id"]
        ]
        assert [each["text"] for each in after if each["id"] == row["id"]] == [""]
        assert not [block for block in rows(left, "removed") if block["id"] == row["id"]]
    assert given > len(states) / 2
