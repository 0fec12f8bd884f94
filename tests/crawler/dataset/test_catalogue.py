import dataclasses
import json
from itertools import pairwise

import pytest

from crawler.dataset.catalogue import Catalogue
from crawler.dataset.dense import filled_by, lists_of_records
from crawler.dataset.snapshot import Line
from crawler.dataset.tables import TABLES
from crawler.record import Image, to_json
from tests.crawler.dataset.made import article

FIELDS = TABLES["articles"].fields
NESTED = lists_of_records(FIELDS)
WHOLE = filled_by(FIELDS)


def line(number, **changes):
    row = article(number, **changes)
    data = (to_json(row) + "\n").encode()
    return Line(0, number, len(data) * 100, data, json.loads(data))  # as if each were a hundred times as long


@pytest.mark.parametrize("pictures", [3, 40])
def test_rows_with_entries_in_lists_of_records_are_spread_over_the_bare_ones(tmp_path, pictures):
    rows = [line(n, images=[Image(url="u", caption=None, alt=None)] if n >= 200 - pictures else []) for n in range(200)]
    with Catalogue(tmp_path / "c.sqlite") as catalogue:
        for each in rows:
            catalogue.add(each, WHOLE(each.row))
        assert catalogue.arrange(NESTED) == 200
        order = [place.offset for place in catalogue.places()]
    assert sorted(order) == list(range(200))
    rich = [n for n, number in enumerate(order) if rows[number].row["images"]]
    limit = (1 << 19) // rows[0].length + 3
    stretches = [b - a for a, b in pairwise(rich)]
    if pictures == 40:
        assert max(stretches) <= limit
    else:
        assert len(rich) == 3
    bare = [number for number in order[1:] if not rows[number].row["images"]]
    assert bare == sorted(bare, key=lambda n: rows[n].row["fetched_at"])


def test_rows_are_left_in_order_where_nothing_is_to_be_spread(tmp_path):
    with Catalogue(tmp_path / "c.sqlite") as catalogue:
        for n in (2, 1, 0):
            catalogue.add(line(n), WHOLE(dataclasses.asdict(article(n))))
        catalogue.arrange(NESTED)
        assert [place.offset for place in catalogue.places()] == [0, 1, 2]
