"""A dataset and its WARC files, with nothing else: a sentence is proved, and whatever was changed is named."""

import gzip
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.cli import main
from crawler.dataset import bag
from crawler.dataset.provenance import Index
from tests.test_end_to_end import SITE, pressmark

Row = dict[str, Any]
SENTENCE = "The islanders, asked whether they would like it corrected, said that four minutes early was about right"


@pytest.fixture(scope="module")
def made(serve_newspaper, tmp_path_factory):
    """A dataset, and the WARC file of its collection in another place."""
    folder = tmp_path_factory.mktemp("proof")
    paper = serve_newspaper(articles=8)
    done = pressmark("crawl", *SITE, "-s", f"home={paper.url}", "-C", folder / "c")
    assert done.returncode == 0, done.stderr
    done = pressmark("export", folder / "ds", "-C", folder / "c", "--format", "jsonl")
    assert done.returncode == 0, done.stderr
    (folder / "warcs").mkdir()
    for warc in (folder / "c/demo/warc").iterdir():
        shutil.move(warc, folder / "warcs" / warc.name)
    shutil.rmtree(folder / "c")
    return folder


@pytest.fixture
def copy(made, tmp_path):
    shutil.copytree(made / "ds", tmp_path / "ds")
    shutil.copytree(made / "warcs", tmp_path / "warcs")
    return tmp_path


@pytest.fixture
def verify(copy, capsys):
    def run() -> tuple[int, list[dict[str, Any]]]:
        code = main(["verify", str(copy / "ds"), "--warc", str(copy / "warcs"), "--workers", "1", "--json"])
        return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


def rows(folder: Path, kind: str = "articles") -> list[Row]:
    with gzip.open(folder / f"ds/data/{kind}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def rewrite(folder: Path, change: Callable[[list[Row]], object], kind: str = "articles", *, seal: bool = True) -> None:
    """Change the rows of a dataset; ``seal`` makes its manifests fit again, as who wants to deceive would."""
    changed = rows(folder, kind)
    change(changed)
    with gzip.open(folder / f"ds/data/{kind}.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in changed)
    if seal:
        bag.seal(folder / "ds", bag.payload_digests(folder / "ds"), [])


def named(findings: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """Rule and row of each finding."""
    return {(f["rule"], (re.match(r"row \d+", f["message"]) or [""])[0]) for f in findings}


def test_every_row_is_proved(copy, verify):
    assert verify() == (0, [])
    assert len(rows(copy)) == 8


def test_a_dataset_without_text_is_proved_too(copy, capsys):
    rewrite(copy, lambda all_rows: [row.update(text="") for row in all_rows], seal=False)
    rewrite(copy, lambda all_rows: [row.update(text="") for row in all_rows], "removed", seal=False)
    facts = json.loads((copy / "ds/provenance/export.json").read_text()) | {"text": "none"}
    (copy / "ds/provenance/export.json").write_text(json.dumps(facts))
    reindex(copy)
    assert main(["verify", str(copy / "ds"), "--warc", str(copy / "warcs"), "--workers", "1"]) == 0, capsys.readouterr()
    assert "8 rows, 8 proved from their records, 0 wrong" in capsys.readouterr().out


def reindex(folder: Path) -> None:
    """Make index and manifests fit the rows, as who wants to deceive would."""
    index = Index(folder / "ds/provenance/index.csv.gz")
    with gzip.open(folder / "ds/data/articles.jsonl.gz") as file:
        for line in file:
            index.write(json.loads(line), line)
    index.close()
    bag.seal(folder / "ds", bag.payload_digests(folder / "ds"), [])


def test_a_changed_row_is_named_by_manifest_index_and_record(copy, verify):
    rewrite(copy, lambda all_rows: all_rows[4].update(title="Harbour closed"), seal=False)
    code, findings = verify()
    assert code == 9
    assert named(findings) == {("manifest", ""), ("index-differs", "row 5"), ("row-differs", "row 5")}
    assert any("field 'title' is not what the record gives" in f["message"] for f in findings)


def test_a_changed_row_is_named_although_all_digests_were_made_to_fit(copy, verify):
    rewrite(copy, lambda all_rows: all_rows[4].update(text=all_rows[4]["text"].replace("the", "no", 1)))
    reindex(copy)
    code, findings = verify()
    assert code == 9
    assert named(findings) == {("row-differs", "row 5")}
    assert {f["record_id"] for f in findings} == {rows(copy)[4]["id"]}


def test_a_changed_byte_of_a_warc_is_named_with_its_record_and_the_row(copy, verify):
    row = rows(copy)[2]
    (warc,) = (copy / "warcs").iterdir()
    data = bytearray(warc.read_bytes())
    data[row["warc_record_offset"] + row["warc_record_length"] // 2] ^= 0x10
    warc.write_bytes(data)
    code, findings = verify()
    assert code == 9
    assert ("warc-changed", "") in named(findings)
    assert ("record-unreadable", "row 3") in named(findings)
    assert any(f["file"] == str(warc) and f["offset"] == row["warc_record_offset"] for f in findings)
    assert {number for _, number in named(findings)} == {"", "row 3"}


def test_swapped_rows_are_named(copy, verify):
    def swap(all_rows: list[Row]) -> None:
        all_rows[4], all_rows[5] = all_rows[5], all_rows[4]

    rewrite(copy, swap)
    code, findings = verify()
    assert code == 9
    assert named(findings) == {("index-differs", "row 5"), ("index-differs", "row 6")}
    assert all("rows were swapped, added or taken away" in f["message"] for f in findings)


def test_rows_that_swapped_their_content_are_named(copy, verify):
    def swap(all_rows: list[Row]) -> None:
        one, other = all_rows[4], all_rows[5]
        for name in ("warc_record_offset", "warc_record_length", "payload_digest"):
            one[name], other[name] = other[name], one[name]

    rewrite(copy, swap)
    reindex(copy)
    code, findings = verify()
    assert code == 9
    assert named(findings) == {("record-differs", "row 5"), ("record-differs", "row 6")}


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        (lambda all_rows: all_rows.pop(3), {"rows-missing", "index-differs", "removed-without-row"}),
        (lambda all_rows: all_rows.append(dict(all_rows[0])), {"row-doubled", "rows-missing", "index-differs"}),
        (lambda all_rows: all_rows[1].update(duplicate_of=all_rows[0]["id"]), {"row-differs", "index-differs"}),
    ],
)
def test_what_was_taken_away_added_or_marked_is_named(copy, verify, change, rules):
    rewrite(copy, change)
    code, findings = verify()
    assert code == 9
    assert {f["rule"] for f in findings} >= rules


def test_a_changed_removed_block_is_named_with_its_row(copy, verify):
    capture = rows(copy)[5]["id"]
    change = next(i for i, block in enumerate(rows(copy, "removed")) if block["id"] == capture)
    rewrite(copy, lambda blocks: blocks[change].update(kind="ad", text="Buy"), "removed")
    assert named(verify()[1]) == {("removed-differs", "row 6")}


def test_files_that_were_changed_added_or_lost_are_named(copy, verify):
    (copy / "ds/data/extra.txt").write_text("x")
    (copy / "ds/provenance/runs.jsonl").write_text("{}\n")
    (copy / "ds/schema/failures.schema.json").unlink()
    code, findings = verify()
    assert code == 9
    told = {(Path(f["file"]).name, f["message"].split(":")[0]) for f in findings}
    assert told == {
        ("extra.txt", "no manifest lists it"),
        ("runs.jsonl", "it was changed"),
        ("failures.schema.json", "it is gone"),
    }


def test_what_cannot_be_proved_is_said_with_the_reason(copy, verify, capsys):
    rewrite(copy, lambda all_rows: all_rows[0]["extraction"].update(version="0.0.1+trafilatura.1.0"))
    reindex(copy)
    code, findings = verify()
    assert code == 8
    assert named(findings) == {("other-version", "row 1")}
    assert {f["severity"] for f in findings} == {"warning"}
    assert main(["verify", str(copy / "ds")]) == 8
    facts = json.loads((copy / "ds/provenance/export.json").read_text()) | {"formats": ["parquet"]}
    (copy / "ds/provenance/export.json").write_text(json.dumps(facts))
    bag.seal(copy / "ds", bag.payload_digests(copy / "ds"), [])
    assert main(["verify", str(copy / "ds"), "--warc", str(copy / "warcs")]) == 8
    told = capsys.readouterr().out
    assert "8 not proved (there are no JSON lines)" in told
    assert "8 not proved (their WARC files are not at hand)" in told


def test_a_sentence_is_proved_from_the_dataset_and_the_warc_alone(copy, capsys):
    command = ["show", "--sentence", SENTENCE, "-C", str(copy / "ds"), "--warc", str(copy / "warcs")]
    assert main(command) == 0
    told = capsys.readouterr().out
    assert f"»{SENTENCE}«" in told
    assert "extracted again from the record: the same, to the letter" in told
    assert main([*command, "--json"]) == 0
    proof = json.loads(capsys.readouterr().out)
    row = next(row for row in rows(copy) if SENTENCE in row["text"])
    assert [proof[name] for name in ("id", "payload_digest", "fetched_at")] == [
        row[name] for name in ("id", "payload_digest", "fetched_at")
    ]
    (place,) = proof["places"]
    assert 0 < place["start"] < place["end"] < proof["body_bytes"]
    assert re.sub(r"\s+", " ", proof["html"][0]) == SENTENCE
    assert main(["show", row["id"], "--json", "-C", str(copy / "ds")]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == row["id"]


def test_a_sentence_that_the_record_does_not_hold_is_no_proof(copy, capsys):
    wrong = "The harbour was closed by order of the king."
    rewrite(copy, lambda all_rows: all_rows[3].update(text=f"{all_rows[3]['text']}\n\n{wrong}"))
    assert main(["show", "--sentence", wrong, "-C", str(copy / "ds"), "--warc", str(copy / "warcs")]) == 9
    assert "not in the page of its record" in capsys.readouterr().err
    assert main(["show", "--sentence", "Nobody ever wrote this.", "-C", str(copy / "ds")]) == 8
    assert main(["show", "--sentence", SENTENCE, "-C", str(copy / "ds")]) == 8
    assert "--warc" in capsys.readouterr().err
    assert main(["show", "--sentence", "…", "-C", str(copy / "ds")]) == 2
