"""Crashes in full: ``python -m tests.bench.bench_crash [--points 100] [--faults 40] [--articles 30] [--concurrency 1]``.

One crawl of the demo newspaper is stopped at so many of its writing calls. What a kill leaves there, what a crash leaves that tears the unsynced ends,
and what a power loss leaves that takes all that was not synced, is each gone on with and judged (tests/crash/harness.py says by what). Then so many
crawls more, in which a call fails with ENOSPC, and all later ones too; and so many with EIO, half of them at one call only. Ends with 1 if one is not
as it should be. Takes some 3 CPU seconds a state.
"""

from __future__ import annotations

import argparse
import errno
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.crash.harness import State


def main() -> int:
    """Run the bench; returns 1 if the promise was broken anywhere."""
    # here and not above: each worker process of a crawl imports this module anew, and what the harness needs would fill the memory it may have
    from tests.crash.harness import Harness, State, spread
    from tests.crash.press import Press

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=100, help="calls at which a crawl is killed (default: 100)")
    parser.add_argument(
        "--faults", type=int, default=40, help="calls that fail, for each of ENOSPC and EIO (default: 40)"
    )
    parser.add_argument("--articles", type=int, default=30, help="articles of the newspaper (default: 30)")
    parser.add_argument("--concurrency", type=int, default=1, help="requests side by side, without delay (default: 1)")
    parser.add_argument("--losses", default="none,torn,lost", help="what crashes take (default: none,torn,lost)")
    parser.add_argument("--seed", type=int, default=20261125)
    options = parser.parse_args()
    kept: Counter[str] = Counter()
    broken: list[str] = []
    with tempfile.TemporaryDirectory(prefix="crash-") as folder:
        press = Press(Path(folder) / "press", options.articles)
        try:
            pace = f"politeness.concurrency={options.concurrency}"
            harness = Harness(Path(folder), press, "-s", pace, "-s", "politeness.delay=0s")
            calls = harness.calls()
            print(f"{len(calls)} writing calls, seed {options.seed}", flush=True)
            losses = options.losses.split(",")

            def judge(sort: str, make: Callable[[], State]) -> None:
                try:
                    harness.resume(make(), seed=sum(kept.values()))
                    kept[sort] += 1
                except AssertionError as error:
                    broken.append(f"{sort}: {error}")
                    print(f"BROKEN {broken[-1]}", flush=True)

            chance = random.Random(options.seed)
            for state in harness.states(
                dict.fromkeys(spread(calls, options.points, chance), losses), seed=options.seed
            ):
                judge(state.loss, partial(State, state.call, state.loss, state.folder, state.promised))
            for number, error in enumerate((errno.ENOSPC, errno.EIO) * options.faults):
                at = chance.choice(calls[: len(calls) * 9 // 10]).number  # no two crawls make quite as many calls
                lasting = error == errno.ENOSPC or number % 4 == 1
                judge(errno.errorcode[error], partial(harness.failing, at, error, lasting=lasting))
        finally:
            press.stop()
    for sort, number in kept.items():
        print(f"{sort}: {number} of {number + sum(each.startswith(sort + ':') for each in broken)}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
