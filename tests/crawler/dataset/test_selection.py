import dataclasses

import pytest

from crawler.dataset.selection import Selection
from crawler.record import Rights
from tests.crawler.dataset.made import article


def rights(**changes):
    plain = Rights(robots="allowed", meta_robots=None, tdm_reservation=None, tdm_policy=None, license_url=None)
    return dataclasses.replace(plain, **changes)


@pytest.mark.parametrize(
    ("selection", "changes", "reason"),
    [
        (Selection(), {}, None),
        (Selection(sites=frozenset({"two"})), {}, "site"),
        (Selection(start="20261102"), {"fetched_at": "2026-11-01T23:59:59.9Z"}, "time"),
        (Selection(start="20261101", end="20261101"), {"fetched_at": "2026-11-01T23:59:59.9Z"}, None),
        (Selection(end="202610"), {}, "time"),
        (Selection(languages=("pt",)), {"language": "pt-BR"}, None),
        (Selection(languages=("pt-BR",)), {"language": "pt"}, "language"),
        (Selection(languages=("p",)), {"language": "pt"}, "language"),
        (Selection(languages=("en",)), {"language": None}, "language"),
        (Selection(min_quality=0.9), {"quality": 0.9}, None),
        (Selection(min_quality=0.9), {"quality": 0.89}, "quality"),
        (Selection(respect=frozenset({"tdm"})), {"rights": rights(tdm_reservation=True)}, "respect tdm"),
        (Selection(respect=frozenset({"tdm"})), {"rights": rights(tdm_reservation=False)}, None),
        (
            Selection(respect=frozenset({"tdm"})),
            {"rights": rights(meta_robots="max-image-preview:large, NoAI")},
            "respect tdm",
        ),
        (Selection(respect=frozenset({"tdm"})), {"rights": rights(robots="ignored")}, None),
        (Selection(respect=frozenset({"robots"})), {"rights": rights(robots="ignored")}, "respect robots"),
        (Selection(respect=frozenset({"robots"})), {"rights": rights(meta_robots="index,noarchive")}, "respect robots"),
        (Selection(respect=frozenset({"robots"})), {"rights": rights(meta_robots="max-snippet:-1")}, None),
    ],
)
def test_a_row_is_left_out_for_a_reason(selection, changes, reason):
    assert selection.why_not(dataclasses.asdict(article(**changes))) == reason
