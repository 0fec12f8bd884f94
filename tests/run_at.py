"""Run the command line at another time: ``python tests/run_at.py 2026-11-20T09:00:00Z crawl demo …``. The clock goes on from there."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path


def clock_from(start: datetime) -> Callable[[], datetime]:
    """A clock that shows ``start`` now and goes on from there."""
    began = time.monotonic()
    return lambda: start + timedelta(seconds=time.monotonic() - began)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from crawler.cli import main

    sys.exit(main(sys.argv[2:], clock=clock_from(datetime.fromisoformat(sys.argv[1]))))
