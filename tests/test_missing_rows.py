"""A row that was taken out of its file is named, whatever it said: that an article is new, edited, the same in other type, or gone."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from crawler.cli import main
from crawler.layout import CollectionLayout
from crawler.record import article_id
from crawler.warc.exchange import Exchange, Provenance
from crawler.warc.writer import WarcWriter

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
URL = "https://e.example/2026/ferry"
LINES = [f"Sentence {n} of the report about the ferry, and it goes on for a while longer." for n in range(12)]
CHANGES = ["new", "edited", "cosmetic", "edited", "gone"]


def page(lines):
    text = "".join(f"<p>{line}</p>" for line in lines)
    return f"<html><title>Ferry returns</title><body><article><h1>Ferry returns</h1>{text}</article></body></html>"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An article that was looked at six times, its rows, index and ledger made from the WARC file; the third look found it unchanged."""
    collection = tmp_path_factory.mktemp("missing")
    layout = CollectionLayout(collection).site("e")
    edited = ["The ferry sank on Tuesday, and nobody was hurt.", *LINES[1:]]
    typeset = [line.replace(",", " \u2014") for line in edited]
    looks = [LINES, edited, edited, typeset, [*typeset, "It was raised on Friday, and is dry again."], None]
    writer = WarcWriter(layout.warc, prefix="e", info={}, now=lambda: NOW, host="h")
    for number, lines in enumerate(looks):
        known = article_id(URL) if number else None
        provenance = Provenance(
            site="e", run_id=f"run-{number}", role="page", requested_url=URL, article_id=known, discovered_via="feed"
        )
        head = "HTTP/1.1 %s\r\nContent-Type: text/html\r\n\r\n" % ("410 Gone" if lines is None else "200 OK")
        writer.write(
            Exchange(
                url=URL, started=NOW + timedelta(hours=number), sent=b"GET / HTTP/1.1\r\nHost: e.example\r\n\r\n",
                received=(head + page(lines or [])).encode(), provenance=provenance,
            )
        )  # fmt: skip
    writer.close()
    assert main(["rebuild", "-C", str(collection), "--workers", "1"]) == 0
    [file] = layout.row_files("articles")
    return layout, file, [json.loads(line) for line in file.read_text("utf-8").splitlines()]


@pytest.fixture
def rows(made, capsys):
    """The rows, and what leaves only some of them, and says what 'verify' makes of it."""
    layout, file, known = made
    whole = file.read_bytes()

    def keep(indices):
        lines = whole.splitlines(keepends=True)
        file.write_bytes(b"".join(lines[i] for i in indices))
        capsys.readouterr()
        code = main(["verify", str(layout.root), "--json", "--workers", "1"])
        return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    yield known, keep
    file.write_bytes(whole)


def test_nothing_is_missing_and_the_folder_is_as_it_was(made, rows):
    known, keep = rows
    before = sorted(path.name for path in made[0].root.iterdir())
    assert [row["change"] for row in known] == CHANGES
    assert keep(range(5)) == (0, [])
    assert sorted(path.name for path in made[0].root.iterdir()) == before


@pytest.mark.parametrize("out", range(5), ids=CHANGES)
def test_a_row_that_was_taken_out_is_named(rows, out):
    known, keep = rows
    code, found = keep([i for i in range(5) if i != out])
    assert code == 9
    [missing] = [each for each in found if each["rule"] == "row-missing"]
    assert (missing["record_id"], missing["offset"]) == (known[out]["id"], known[out]["warc_record_offset"])


@pytest.mark.parametrize("left", [range(3), [0, 4], []], ids=["the last two", "all between", "all"])
def test_several_are_all_named(rows, left):
    known, keep = rows
    code, found = keep(left)
    named = [each["record_id"] for each in found if each["rule"] == "row-missing"]
    assert (code, named) == (9, [row["id"] for i, row in enumerate(known) if i not in left])


def test_a_ledger_of_an_earlier_version_names_the_last_and_its_rows_those_before(made, rows):
    layout, (known, keep) = made[0], rows
    whole = layout.ledger.read_bytes()
    with closing(sqlite3.connect(layout.ledger)) as ledger, ledger:
        ledger.execute("DELETE FROM earlier")
    try:
        for out in range(5):
            code, found = keep([i for i in range(5) if i != out])
            assert (code, [each["record_id"] for each in found if each["rule"] == "row-missing"]) == (
                9,
                [known[out]["id"]],
            )
    finally:
        layout.ledger.write_bytes(whole)


def test_without_a_ledger_it_is_said_that_a_row_may_be_missing(made, rows):
    layout, (_, keep) = made[0], rows
    aside = layout.ledger.rename(layout.ledger.with_suffix(".aside"))
    try:
        code, found = keep(range(5))
        assert (code, [each["rule"] for each in found]) == (9, ["ledger-missing"])
        layout.ledger.write_bytes(b"no ledger at all" * 500)
        code, found = keep(range(5))
        assert (code, [each["rule"] for each in found]) == (9, ["ledger-unreadable"])
    finally:
        aside.rename(layout.ledger)


def test_a_row_whose_record_is_gone_too_is_named(made, rows):
    layout, (_, keep) = made[0], rows
    whole = layout.ledger.read_bytes()
    with closing(sqlite3.connect(layout.ledger)) as ledger, ledger:
        ledger.execute("INSERT INTO articles(article_id, id, revision, text_sha256) VALUES('a_1', 'urn:uuid:1', 1, '')")
    try:
        code, found = keep(range(5))
        assert (code, [(each["rule"], each["record_id"]) for each in found]) == (9, [("row-missing", "urn:uuid:1")])
    finally:
        layout.ledger.write_bytes(whole)
