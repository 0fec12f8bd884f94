import dataclasses
from functools import reduce
from operator import or_

from hypothesis import given
from hypothesis import strategies as st

from crawler.dataset.dense import filled_by, head
from crawler.dataset.fields import dotted, leaves
from crawler.dataset.tables import TABLES
from crawler.record import Image
from tests.crawler.dataset.made import article

FIELDS = TABLES["articles"].fields
NAMES = [dotted(path) for path, _ in leaves(FIELDS)]


def filled(row):
    mask = filled_by(FIELDS)(dataclasses.asdict(row))
    return {name for bit, name in enumerate(NAMES) if mask >> bit & 1}


def test_a_leaf_is_filled_if_any_entry_of_its_list_has_a_value():
    empty = filled(article())
    assert "title" in empty
    assert "rights.robots" in empty
    assert not {name for name in empty if name.startswith(("images", "tags", "rights.tdm"))}
    images = [Image(url="u", caption=None, alt=None), Image(url="v", caption="c", alt=None)]
    assert filled(article(images=images, tags=["t"])) - empty == {"images[].url", "images[].caption", "tags[]"}


@given(st.lists(st.integers(min_value=0, max_value=2**12 - 1), max_size=40))
def test_the_head_fills_what_any_row_fills_and_no_row_of_it_is_needless(masks):
    chosen = head(enumerate(masks))
    assert reduce(or_, (masks[n] for n in chosen), 0) == reduce(or_, masks, 0)
    for row in chosen:
        assert reduce(or_, (masks[n] for n in chosen if n != row), 0) != reduce(or_, masks, 0)
