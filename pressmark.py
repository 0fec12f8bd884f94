"""Launcher: puts the folders it belongs to first on sys.path, then hands over to crawler.cli."""

import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
HOME = _HERE / "_pressmark" if (_HERE / "_pressmark").is_dir() else _HERE


def main() -> int:
    """Run the command line; returns the exit code."""
    sys.path.insert(0, str(HOME))
    from crawler.cli import main as run

    return run()


if __name__ == "__main__":
    raise SystemExit(main())
