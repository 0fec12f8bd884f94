"""A CSV file that a spreadsheet may open: nothing in it is run, and every cell comes back."""

import csv
import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dataset.fields import fields_of
from crawler.dataset.sheet import LONGEST, Sheet, tame
from crawler.record import Article
from tests.crawler.dataset.made import article

CSV = "5 CSV formula (= + - @ TAB CR), quotes, newlines"
BEGINNINGS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]
"""What makes a cell a formula (OWASP, CSV Injection), in full width too."""


def through(path, rows, *, raw):
    """The rows as a reader of CSV finds them."""
    sheet = Sheet(path, fields_of(Article), raw=raw)
    for row in rows:
        sheet.write(dataclasses.asdict(row), b"")
    sheet.close()
    with path.open(encoding="utf-8" if raw else "utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, strict=True)), sheet.cut


@pytest.mark.fault(CSV, "formulas, in text and in lists")
@pytest.mark.parametrize("begin", BEGINNINGS)
def test_what_begins_like_a_formula_is_text(tmp_path, begin):
    evil = f'{begin}cmd|"/c calc"!A1'
    [row], _ = through(tmp_path / "a.csv", [article(1, title=evil, tags=[evil, "b"])], raw=False)
    assert (row["title"], row["tags"]) == (f"'{evil}", f"'{evil} | b")
    [row], _ = through(tmp_path / "raw.csv", [article(1, title=evil, tags=[evil, "b"])], raw=True)
    assert (row["title"], row["tags"]) == (evil, f"{evil} | b")


@pytest.mark.fault(CSV, "quotes, commas, line ends, a cell too long")
def test_quotes_and_line_ends_stay_in_their_cell(tmp_path):
    text = 'He said "no",\r\nand\nleft;\ttwice\u2028so'
    rows = [article(1, text=text), article(2, text="x" * (LONGEST + 1))]
    found, cut = through(tmp_path / "a.csv", rows, raw=False)
    assert [row["id"] for row in found] == [row.id for row in rows]
    assert found[0]["text"] == text
    assert (len(found[1]["text"]), cut) == (LONGEST, 1)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_is_run(text):
    assert not tame(text).startswith(tuple(BEGINNINGS))
    assert tame(text).removeprefix("'") == text.removeprefix("'")
