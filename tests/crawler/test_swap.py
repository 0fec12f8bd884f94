import contextlib
import os
from pathlib import Path

import pytest

from crawler.layout import SiteLayout
from crawler.swap import begin_rebuilt, mark_rebuilt, put_in_place

PARTS = (
    "articles/articles-2026-11.jsonl",
    "removed/removed-2026-11.jsonl",
    "failures/failures-2026-11.jsonl",
    "index/index.cdxj",
    "ledger.sqlite",
)


def write(root, text):
    for part in PARTS:
        (root / part).parent.mkdir(parents=True, exist_ok=True)
        (root / part).write_text(text)


def contents(root):
    return {(root / part).read_text() for part in PARTS}


@pytest.fixture
def layout(tmp_path):
    layout = SiteLayout(tmp_path / "site")
    write(layout.root, "old")
    (layout.root / "ledger.sqlite-wal").write_text("of the old ledger")
    write(begin_rebuilt(layout).root, "new")
    return layout


def test_what_is_not_marked_counts_for_nothing(layout):
    assert not put_in_place(layout)
    assert contents(layout.root) == {"old"}
    begin_rebuilt(layout)
    assert not list(layout.rebuilt.root.iterdir())


def test_new_files_take_the_place_of_the_old(layout):
    mark_rebuilt(layout)
    assert put_in_place(layout)
    assert contents(layout.root) == {"new"}
    assert sorted(path.name for path in layout.root.iterdir()) == [
        "articles",
        "failures",
        "index",
        "ledger.sqlite",
        "removed",
    ]
    assert not put_in_place(layout)


@pytest.mark.parametrize("step", range(12))
def test_a_swap_that_is_cut_short_is_finished_by_the_next(layout, monkeypatch, step):
    mark_rebuilt(layout)
    left = [step]

    def dies(real):
        def call(*args, **options):
            left[0] -= 1
            if left[0] < 0:
                raise OSError(5, "the machine's fault")
            return real(*args, **options)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", dies(Path.rename))
        patch.setattr(Path, "unlink", dies(Path.unlink))
        patch.setattr(os, "rmdir", dies(os.rmdir))
        with contextlib.suppress(OSError):
            put_in_place(layout)
    put_in_place(layout)
    assert contents(layout.root) == {"new"}
    assert not (layout.root / "ledger.sqlite-wal").exists()
