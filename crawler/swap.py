"""The swap: derived files of a site that were made anew beside the old ones take their place, whatever happens in between.

What is made anew stands in the site's ``rebuilt`` folder. Once it bears its mark it is whole, and whoever opens the site next puts it in
place; without the mark it is what a rebuilding left that died, and counts for nothing. Call these functions with the site's lock only.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from crawler.disk import make_folder, replace_file, sync_folder
from crawler.layout import SiteLayout

_MARK = "ready"


def begin_rebuilt(layout: SiteLayout) -> SiteLayout:
    """An empty folder for the new files; its layout is the site's own.

    Raises:
        OSError: it cannot be made.
    """
    new = layout.rebuilt
    if new.root.exists():
        shutil.rmtree(new.root)
    make_folder(new.root)
    return new


def mark_rebuilt(layout: SiteLayout) -> None:
    """The new files are whole and on disk: from now on they are the site's.

    Raises:
        OSError: the mark cannot be written.
    """
    replace_file(layout.rebuilt.root / _MARK, [b""])


def put_in_place(layout: SiteLayout) -> bool:
    """Let the new files take the place of the old ones, if they are whole; what a crash interrupted is finished. Returns whether they did.

    Raises:
        OSError: a file cannot be moved; the next call goes on.
    """
    new = layout.rebuilt
    if not (new.root / _MARK).exists():
        return False
    for old, made in zip(_derived(layout), _derived(new), strict=True):
        if not made.exists():
            continue  # it has been moved already
        for path in (old, old.with_name(old.name + "-wal"), old.with_name(old.name + "-shm")):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        made.rename(old)
    sync_folder(layout.root)
    (new.root / _MARK).unlink()
    sync_folder(new.root)
    shutil.rmtree(new.root)
    return True


def _derived(layout: SiteLayout) -> list[Path]:
    return [
        *(layout.rows(kind, "0000-00").parent for kind in ("articles", "removed", "failures")),
        layout.index.parent,
        layout.ledger,
    ]
