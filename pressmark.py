"""Pressmark's one importable name: the launcher of its command line, and the way in for Python programs.

``from pressmark import open_collection`` reads collections (docs/python.md); ``python -m pressmark`` is the command line. The program's
own folders are imported only when one of the two is used.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.dataset.access import Articles, Collection, open_collection
    from crawler.errors import PressmarkError
    from crawler.record import Article, Block, Failure

__all__ = ["Article", "Articles", "Block", "Collection", "Failure", "PressmarkError", "main", "open_collection"]

_HERE = Path(__file__).resolve().parent
HOME = _HERE / "_pressmark" if (_HERE / "_pressmark").is_dir() else _HERE
_ROOMS = {
    "open_collection": "crawler.dataset.access", "Collection": "crawler.dataset.access", "Articles": "crawler.dataset.access",
    "Article": "crawler.record", "Block": "crawler.record", "Failure": "crawler.record", "PressmarkError": "crawler.errors",
}  # fmt: skip
"""In which module each public name is."""


def main() -> int:
    """Run the command line; returns the exit code."""
    sys.path.insert(0, str(HOME))
    from crawler.cli import main as run

    return run()


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for (PEP 562)."""
    if name not in _ROOMS:
        raise AttributeError(f"module 'pressmark' has no attribute '{name}'")
    value: object = getattr(_import(_ROOMS[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


def _import(module: str) -> object:
    """Import one of the program's own modules, whatever else is called ``crawler`` on this machine; sys.path is left as it was."""
    from importlib import import_module

    found = sys.modules.get("crawler")
    if found is not None and Path(found.__file__ or "").resolve().parent.parent != HOME:
        raise ImportError(
            f"another package called 'crawler' is loaded already, from {found.__file__}: import pressmark before it"
        )
    sys.path.insert(0, str(HOME))
    try:
        return import_module(module)
    finally:
        sys.path.remove(str(HOME))


if __name__ == "__main__":
    raise SystemExit(main())
